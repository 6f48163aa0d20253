"""Under `/projects/<number>/deliverables/`: plan one, record what was attained, confirm or refuse it, withdraw one."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from jiebang.adapters import files
from jiebang.operations.deliverables import recorder
from jiebang.operations.kernel import Refused
from jiebang.operations.things import interested
from jiebang.records.deliverables import queries
from jiebang.records.people.queries import organisations
from jiebang.records.people.roles import OFFICERS
from jiebang.web import components as c
from jiebang.web.desk.gate import only
from jiebang.web.forms import reading, uploads
from jiebang.web.office import cells
from jiebang.web.office.one_form import OneForm, radios, select, typed
from jiebang.web.projects.deliverables import (
    HERE,
    days,
    found_or_404,
    may_plan,
    may_record,
    may_withdraw,
    to_answer,
    value_cells,
    value_heads,
)
from jiebang.web.projects.room import Room, form, head, room_or_404, table
from jiebang.web.public import deliverables as shown
from jiebang.web.site import language_tag, words


@only(*OFFICERS, "lead")
def plan(request: HttpRequest, number: str, of: str) -> HttpResponse:
    """`plan/<kind>/`: one of a kind, with the values that its measures are to reach."""
    room = room_or_404(request, number)
    rule = room.book.deliverables
    if not may_plan(room) or rule is None or of not in rule.kinds:
        raise Http404
    wanted = typed("name", "place", "country", "since")
    return form(request, room, HERE, OneForm(
        operation="plan_deliverable", fields=_plan_fields(room, of), to=f"{room.url}{HERE}/",
        params=lambda post: {
            "project": number, "kind": of, "host": post.get("other", "").strip() or post.get("host", ""),
            "planned": _numbers(post, "planned"), "lang": language_tag(), **wanted(post),
        },
        intro=head(room, _("Plan: %(kind)s") % {"kind": words(rule.kinds[of].label)}, words(rule.kinds[of].help)),
        label=_("Plan it"), said=_("It is planned; what is attained of it can be recorded from its first day on."),
    ))  # fmt: skip


@only("lead", "partner")
def record(request: HttpRequest, number: str, deliverable: int) -> HttpResponse:
    """`record/`: the values of one period, with a file that shows them."""
    room = room_or_404(request, number)
    row = found_or_404(room, deliverable, standing=True)
    if not may_record(room):
        raise Http404
    shows, refused = _kept(request, room) if request.method == "POST" else ("", None)
    wanted = typed("first", "last")
    next_ = _(
        "Each day is told once for a measure. Somebody of the owner or the office confirms it; then it counts."
    )
    return form(request, room, HERE, OneForm(
        operation="record_attainment", fields=_value_fields(room, row), to=f"{room.url}{HERE}/{row.pk}/",
        params=lambda post: {
            "project": number, "deliverable": row.pk, "values": _numbers(post, "values"), "sha256": shows, **wanted(post),
        },
        names={"sha256": "file"}, refused=refused,
        intro=head(room, _("Record what was attained: %(name)s") % {"name": shown.name_of(row)}, next_),
        label=_("Record it"), said=_("Recorded. It counts once it is confirmed."),
    ))  # fmt: skip


@only("owner", *OFFICERS)
def confirm(request: HttpRequest, number: str, deliverable: int) -> HttpResponse:
    """`confirm/`: the values that wait; `?value=` is a confirmed one that the office sets aside."""
    room = room_or_404(request, number)
    row = found_or_404(room, deliverable, standing=True)
    if "value" in request.GET:
        return _set_aside(request, room, row)
    rows = to_answer(room, row)
    if not rows:
        raise Http404
    fields = [_which(room, rows), _yes_or_no(), _why(optional=True)]
    return form(request, room, HERE, OneForm(
        operation="confirm_attainment", fields=fields, to=f"{room.url}{HERE}/{row.pk}/",
        params=lambda post: {
            "project": number, "deliverable": row.pk, "attainments": post.getlist("attainments"),
            "agree": post.get("agree", ""), "why": post.get("why", "").strip(),
        },
        above=[("", _table(room, row, rows))], label=_("Answer"), said=_("Your answer is recorded."),
        intro=head(room, _("Confirm what was attained: %(name)s") % {"name": shown.name_of(row)},
                   _("Only what you confirm counts. What you refuse can be recorded anew.")),
    ))  # fmt: skip


@only(*OFFICERS, "lead")
def withdraw(request: HttpRequest, number: str, deliverable: int) -> HttpResponse:
    """`withdraw/`: take it back, with why."""
    room = room_or_404(request, number)
    row = found_or_404(room, deliverable, standing=True)
    if not may_withdraw(room, row):
        raise Http404
    told = _("It was planned wrongly, or is given up. It stays in the record; nothing of it counts.")
    return form(request, room, HERE, OneForm(
        operation="withdraw_deliverable", fields=[_why()], to=f"{room.url}{HERE}/", label=_("Withdraw it"),
        params=lambda post: {"project": number, "deliverable": row.pk, "why": post.get("why", "").strip()},
        intro=head(room, _("Withdraw: %(name)s") % {"name": shown.name_of(row)}, told),
        said=_("It is withdrawn and stays in the record."),
    ))  # fmt: skip


def _set_aside(request: HttpRequest, room: Room, row: Any) -> HttpResponse:
    asked = request.GET["value"]
    rows = [item for item in to_answer(room, row, state=queries.CONFIRMED) if str(item.pk) == asked]
    if not rows:
        raise Http404
    return form(request, room, HERE, OneForm(
        operation="confirm_attainment", fields=[_why()], to=f"{room.url}{HERE}/{row.pk}/", label=_("Set it aside"),
        params=lambda post: {
            "project": room.number, "deliverable": row.pk, "attainments": [rows[0].pk], "agree": False,
            "why": post.get("why", "").strip(),
        },
        above=[("", _table(room, row, rows))], said=_("The value no longer counts; it stays in the record."),
        names={"attainments": "why"},
        intro=head(room, _("Set a confirmed value aside"), _("It was confirmed and turned out to be wrong.")),
    ))  # fmt: skip


def _plan_fields(room: Room, of: str) -> list[c.Field]:
    book, rule = room.book, room.book.deliverables
    known = list(organisations().filter(party__in=interested(room.row)).select_related("party"))
    countries = {code for place in book.places.values() for code in place.countries}
    countries |= {item.country for item in known if item.country}
    other = c.Field(name="other", label=_("Another organisation (its short name)"), optional=True,
                    help=_("The office may plan it at one that is no party of the project."))  # fmt: skip
    return [
        c.Field(name="name", label=_("Name"), maxlength=200),
        select("host", _("Host"), {item.party.slug: cells.organisation(item) for item in known}),
        *([other] if room.reader.roles & OFFICERS else []),
        c.Field(name="place", label=_("City or place"), maxlength=200),
        select("country", _("Country"), {"": _("The host's own"), **cells.countries(countries)}),
        c.Field(name="since", label=_("First day"), kind="date", optional=True, short=True, help=_("Today if blank.")),
        *(_number(room, name, "planned", _("Planned: %(measure)s")) for name in (rule.kinds[of].measures if rule else [])),
    ]  # fmt: skip


def _value_fields(room: Room, row: Any) -> list[c.Field]:
    rule = room.book.deliverables
    measures = rule.kinds[row.kind].measures if rule and row.kind in rule.kinds else []
    proof = [
        shown.measure_name(room.book, name) for name in measures if rule and rule.measures[name].evidence
    ]
    needed = _("Needed for: %(measures)s.") % {"measures": ", ".join(proof)} if proof else ""
    return [
        c.Field(name="first", label=_("From"), kind="date", short=True),
        c.Field(name="last", label=_("To"), kind="date", short=True, help=_("Both days count; the period is over.")),
        *(_number(room, name, "values", "%(measure)s") for name in measures),
        c.Field(name="file", label=_("What shows it"), kind="file", optional=True, accept=files.ACCEPTED,
                help=f"{needed} {uploads.accepted()}".strip()),
    ]  # fmt: skip


def _number(room: Room, name: str, at: str, label: str) -> c.Field:
    """The question for one measure with its unit; left blank it is not told."""
    found = shown.measure(room.book, name)
    asked = label % {"measure": shown.asked(room.book, name)}
    return c.Field(
        name=f"{at}.{name}", label=asked, help=words(found.help) if found and found.help else "", optional=True, short=True,
        inputmode="decimal",
    )  # fmt: skip


def _numbers(post: QueryDict, at: str) -> Mapping[str, str]:
    """What was typed for each measure, in plain digits."""
    given = {
        key.removeprefix(f"{at}."): post.get(key, "").strip() for key in post if key.startswith(f"{at}.")
    }
    return {name: reading.digits(text) for name, text in given.items() if text}


def _kept(request: HttpRequest, room: Room) -> tuple[str, Refused | None]:
    """The hash of the file that came along, stored for the recording organisation."""
    upload, party = request.FILES.get("file"), recorder(room.reader, room.row)
    if upload is None or party is None:
        return "", None
    kept = uploads.keep(request, upload, organisation=party.slug)
    return ("", Refused(kept)) if isinstance(kept, tuple) else (str(kept["sha256"]), None)


def _which(room: Room, rows: list[Any]) -> c.Field:
    options = [
        c.Option(
            value=str(item.pk), chosen=True, help=days(item),
            label=f"{shown.measure_name(room.book, item.measure)}: {shown.figure(room.book, item.measure, item.value)}",
        )
        for item in rows
    ]  # fmt: skip
    return c.Field(name="attainments", label=_("Which values"), kind="checkboxes", options=options)


def _yes_or_no() -> c.Field:
    return radios("agree", _("Your answer"), {"true": _("Confirm them"), "false": _("Refuse them")})


def _why(*, optional: bool = False) -> c.Field:
    told = _("Needed when you refuse.") if optional else ""
    return c.Field(name="why", label=_("Why"), kind="textarea", maxlength=500, optional=optional, help=told)


def _table(room: Room, row: Any, rows: list[Any]) -> c.DataTable | None:
    return table(value_heads(), [value_cells(room, row, item) for item in rows])

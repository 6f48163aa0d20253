"""`/projects/<number>/changes/`: changes of an agreement in force: asked for, read, agreed to, decided, and what they said."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jiebang.adapters.papers.pdf import missing_fonts
from jiebang.operations.changes import changes_of, comes_or_goes, may_agree, missing
from jiebang.operations.kernel import Act
from jiebang.operations.signatories import parties_of
from jiebang.records.agreements import queries
from jiebang.records.people.queries import organisations
from jiebang.records.people.roles import OFFICERS
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.desk.gate import only
from jiebang.web.forms.standing import roles
from jiebang.web.office.one_form import OneForm, radios, select, typed
from jiebang.web.parts import Tone
from jiebang.web.projects.paper import sections as text_of
from jiebang.web.projects.printing import handed_out, password_field, printed
from jiebang.web.projects.room import Room, Section, form, head, page, room_or_404, table
from jiebang.web.public.frame import moment, party
from jiebang.web.public.saying import plainly
from jiebang.web.site import language_tag, reader_of, words

HERE = "agreement"
STATES: dict[str, tuple[Tone, str]] = {
    "open": ("deciding", gettext_noop("Open")), "in_force": ("done", gettext_noop("In force")),
    "refused": ("stopped", gettext_noop("Refused")), "withdrawn": ("paused", gettext_noop("Taken back")),
}  # fmt: skip


def section(room: Room) -> Iterator[Section]:
    """On the agreement's page: every change with how it stands; nothing where the rulebook knows none."""
    rows = list(queries.changes(room.row))
    if not rows and not _may_propose(room):
        return
    cells = [
        [
            c.Cell(_("Change %(n)s") % {"n": row.order}, _url(room, row)),
            c.Cell(moment(row.proposed_at, book=room.book)),
            c.Cell(part=_stamp(row)),
        ]
        for row in rows
    ]
    found = table((_("Change"), _("Asked for"), _("State")), cells)
    links = [c.Link(_("Ask for a change"), f"{room.url}changes/new/")] if _may_propose(room) else []
    texts = [] if rows else [_("Nothing was changed since it was signed.")]
    yield Section(
        heading=_("Changes of the agreement"), id="changes", texts=texts, parts=[found], links=links
    )


@only("owner", "lead", *OFFICERS)
def propose(request: HttpRequest, number: str) -> HttpResponse:
    """`new/`: other days, another partner, other words."""
    room = room_or_404(request, number)
    if not _may_propose(room):
        raise Http404
    given = typed("why", "leaving", "joining", "part", "terms")
    told = _(
        "What you leave empty stays as it is. Every party that is asked agrees; then the office decides."
    )
    return form(request, room, HERE, OneForm(
        operation="propose_change", fields=_fields(room), intro=head(room, _("Ask for a change"), told),
        params=lambda post: {"project": number, **given(post), "dates": _dates(room, post), "lang": language_tag()},
        label=_("Ask for it"), said=_("Asked; the parties were told."), to=f"{room.matter(HERE)}#changes",
    ))  # fmt: skip


@only()
def change(request: HttpRequest, number: str, order: int) -> HttpResponse:
    """`<n>/`: what was and what shall be, who agreed, and what each may do about it."""
    room, row = change_or_404(request, number, order)
    title = _("Change %(n)s") % {"n": order}
    return page(
        request, room, HERE, next_=_next(row), links=list(_links(room, row)), under=title,
        sections=[*text_of(row.document)[1:], _consents(room, row)],
    )  # fmt: skip


@only()
def as_pdf(request: HttpRequest, number: str, order: int) -> HttpResponse:
    """`<n>/pdf/`: the paper of the change."""
    room, row = change_or_404(request, number, order)
    made = partial(
        printed, room, row.document, sha256=row.sha256, drawn=row.proposed_at, signed=row.consents.all()
    )
    return handed_out(request, row.document, made, name=f"{number}-change-{order}", back=_url(room, row))


@only()
def agree(request: HttpRequest, number: str, order: int) -> HttpResponse:
    """`<n>/agree/`: a party agrees, word for word."""
    room, row = change_or_404(request, number, order)
    if row.status != "open" or not may_agree(Act(room.reader), row):
        raise Http404
    given = typed("password")
    told = _("You agree for your organisation, with your name and this moment.")
    params = {"project": number, "change": order, "sha256": row.sha256}
    return form(request, room, HERE, OneForm(
        operation="agree_to_change", params=lambda post: {**params, **given(post)}, fields=password_field(room),
        intro=head(room, _("Agree to change %(n)s") % {"n": order}, told), label=_("Agree"), said=_("Agreed."),
        to=_url(room, row), above=[(part.heading, item) for part in text_of(row.document)[1:] for item in part.parts if item],
    ))  # fmt: skip


@only(*OFFICERS)
def decide(request: HttpRequest, number: str, order: int) -> HttpResponse:
    """`<n>/decide/`: the office agrees or refuses; a second officer decides where the rulebook says so."""
    room, row = change_or_404(request, number, order)
    if row.status != "open":
        raise Http404
    rule = changes_of(room.row)
    another_follows = bool(rule and rule.four_eyes) and row.looked_by is None
    choices = {"true": _("Agree"), "false": _("Refuse")}
    fields = [radios("agree", _("Your answer"), choices),
              c.Field(name="why", label=_("Why"), kind="textarea", optional=True, maxlength=500)]  # fmt: skip
    told = (
        _("Another officer decides after you.")
        if another_follows
        else _("With your agreement it is in force at once.")
    )
    return form(request, room, HERE, OneForm(
        operation="decide_change", fields=fields, intro=head(room, _("Decide on change %(n)s") % {"n": order}, told),
        params=lambda post: {
            "project": number, "change": order, "agree": post.get("agree", ""), "why": post.get("why", ""),
        },
        label=_("Send the answer"), said=_("Recorded."), to=_url(room, row),
    ))  # fmt: skip


@only()
def withdraw(request: HttpRequest, number: str, order: int) -> HttpResponse:
    """`<n>/withdraw/`: take it back before it is decided."""
    room, row = change_or_404(request, number, order)
    if not _may_withdraw(room, row):
        raise Http404
    given = typed("why")
    return form(request, room, HERE, OneForm(
        operation="withdraw_change", params=lambda post: {"project": number, "change": order, **given(post)},
        fields=[c.Field(name="why", label=_("Why"), kind="textarea", optional=True, maxlength=500)],
        intro=head(room, _("Take change %(n)s back") % {"n": order}, _("Nothing changes then.")),
        label=_("Take it back"), said=_("Taken back."), to=_url(room, row),
    ))  # fmt: skip


def change_or_404(request: HttpRequest, number: str, order: int) -> tuple[Room, Any]:
    """The change for the project's readers, and for who would join or leaves by it: to them nothing else is open."""
    reader = reader_of(request)
    row = queries.change_of(number, order)
    if row is None:
        raise Http404
    try:
        return room_or_404(request, number), row
    except Http404:
        if not comes_or_goes(Act(reader), row):
            raise
    only_here = f"/projects/{number}/changes/{order}/"
    return Room(row=row.project, reader=reader, held=roles(row.project, reader=reader), only=only_here), row


def _url(room: Room, row: Any) -> str:
    return f"{room.url}changes/{row.order}/"


def _may_propose(room: Room) -> bool:
    row = room.row
    may = room.holds("lead", "owner") or bool(room.reader.roles & OFFICERS)
    in_force = row.signed_at is not None and not room.ended and changes_of(row) is not None
    return may and in_force and not any(item.status == "open" for item in queries.changes(row))


def _going(room: Room, row: Any) -> bool:
    """Whether anything may still be done about it."""
    return row.status == "open" and not room.ended


def _may_withdraw(room: Room, row: Any) -> bool:
    person = room.reader.person
    mine = person is not None and row.proposed_by_id == person.pk
    return _going(room, row) and (mine or bool(room.reader.roles & OFFICERS))


def _links(room: Room, row: Any) -> Iterator[c.Link]:
    url = _url(room, row)
    if _going(room, row) and may_agree(Act(room.reader), row):
        yield c.Link(_("Agree"), f"{url}agree/", current=True)
    if _going(room, row) and room.reader.roles & OFFICERS:
        yield c.Link(_("Decide"), f"{url}decide/", current=not missing(row))
    if _may_withdraw(room, row):
        yield c.Link(_("Take it back"), f"{url}withdraw/")
    if not missing_fonts(row.document["languages"], row.document):
        yield c.Link(_("As PDF"), f"{url}pdf/")


def _next(row: Any) -> str:
    if row.status != "open":
        said = _(STATES[row.status][1])
        return f"{said}: {row.remark}" if row.remark else said
    if names := missing(row):
        shown = {one.party.slug: party(one).name for one in organisations().filter(party__slug__in=names)}
        return _("Still to agree: %(who)s.") % {"who": ", ".join(shown.get(name, name) for name in names)}
    if row.looked_by:
        return _("%(who)s of the office agreed; another officer decides.") % {"who": row.looked_by.name}
    return _("All have agreed. The office decides.")


def _stamp(row: Any) -> c.Stamp:
    look, text = STATES[row.status]
    return c.Stamp(_(text), look)


def _consents(room: Room, row: Any) -> Section:
    cells = [
        [
            c.Cell(part=party(item.party.organisation)),
            c.Cell(item.by.name),
            c.Cell(moment(item.at, book=room.book)),
        ]
        for item in row.consents.all()
    ]
    texts = [] if cells else [_("Nobody has agreed yet.")]
    return Section(
        heading=_("Who agreed"), texts=texts, parts=[table((_("For"), _("Agreed by"), _("When")), cells)]
    )


def _fields(room: Room) -> list[c.Field]:
    kinds = set(rule.kinds) if (rule := changes_of(room.row)) else set()
    fields = [c.Field(name="why", label=_("Why"), kind="textarea", maxlength=20_000)]
    fields += [_day_field(row) for row in _steps(room)] if "dates" in kinds else []
    fields += _team_fields(room) if "partners" in kinds else []
    if "terms" in kinds:
        label = _("What shall hold from now on")
        fields.append(c.Field(name="terms", label=label, kind="textarea", optional=True, maxlength=20_000))
    return fields


def _day_field(row: Any) -> c.Field:
    label = _("New day of milestone %(n)s: %(title)s") % {"n": row.order, "title": plainly(row.title)}
    now = formats.date(row.due_on, lang=language_tag()) if row.due_on else "–"
    return c.Field(
        name=f"due_{row.order}",
        label=label,
        kind="date",
        short=True,
        optional=True,
        help=_("Now %(day)s.") % {"day": now},
    )


def _team_fields(room: Room) -> list[c.Field]:
    there = parties_of(room.row)
    partners = {one.slug: party(one.organisation).name for one, role in there.items() if role == "partner"}
    taken = {one.slug for one, role in there.items() if role != "owner"}
    rows = organisations().select_related("party").order_by("name")
    others = {one.party.slug: words(one.names) or one.name for one in rows if one.party.slug not in taken}
    return [
        select("leaving", _("Partner that leaves"), {"": _("nobody"), **partners}),
        select("joining", _("Organisation that joins"), {"": _("nobody"), **others}),
        c.Field(name="part", label=_("What it takes on"), optional=True, maxlength=500),
    ]


def _steps(room: Room) -> list[Any]:
    rows = sorted(room.row.milestones.all(), key=lambda row: row.order)
    return [row for row in rows if row.accepted_at is None]


def _dates(room: Room, post: Any) -> dict[str, str]:
    given = {str(row.order): post.get(f"due_{row.order}", "").strip() for row in _steps(room)}
    return {order: day for order, day in given.items() if day}

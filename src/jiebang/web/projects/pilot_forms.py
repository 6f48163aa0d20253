"""The acts of a pilot, a form each: protocol, run, incident, key, handover, cost."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from jiebang.operations.facts import indicators
from jiebang.operations.kernel import Done
from jiebang.operations.pilot_facts import InForce, in_force
from jiebang.operations.pilots import units
from jiebang.operations.things import owners
from jiebang.records.people.roles import OFFICERS
from jiebang.records.pilots.queries import find_incident, find_protocol, site_keys, with_pilot
from jiebang.rules.schema import Rulebook
from jiebang.trust.signing import fingerprint
from jiebang.web import components as c
from jiebang.web.acting import act, done
from jiebang.web.desk.gate import only
from jiebang.web.forms import answers, reading, steps
from jiebang.web.office.one_form import OneForm, radios, typed
from jiebang.web.projects.pilot import HERE, going, may_agree, open_version
from jiebang.web.projects.pilot_tables import side
from jiebang.web.projects.room import Room, form, head, room_or_404
from jiebang.web.public import saying
from jiebang.web.public.frame import moment
from jiebang.web.site import language_tag, words

PEOPLE = ("owner", "lead", *OFFICERS)


@only("owner", "lead")
def propose(request: HttpRequest, number: str) -> HttpResponse:
    """`protocol/`: a protocol, or the last version of it to be changed."""
    room = acting(request, number, "owner", "lead")
    if room.book.pilot is None or "protocol" not in room.book.forms:
        raise Http404
    last = list(with_pilot(room.row).protocols.all())[-1:]
    sheet = _paper(room, last[0].content if last else _suggested(room))
    outcome = None
    if request.method == "POST":
        sheet = steps.posted(request, sheet)
    if steps.is_sent(request, sheet):
        outcome = act(request, "propose_protocol", {"project": number, "content": sheet.content})
    if isinstance(outcome, Done):
        return done(request, outcome, text=_("Proposed; the other side was told."), to=_here(room))
    next_ = _("The other side reads it and agrees, or proposes another version. Both are kept.")
    return steps.one_page(request, sheet, next_=next_, button=_("Propose it"), outcome=outcome)


@only()
def version(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """`protocol/<version>/`: the text; the side that is asked agrees beneath it."""
    room = room_or_404(request, number)
    row = find_protocol(room.row, version)
    if row is None or "protocol" not in room.book.forms:
        raise Http404
    with_pilot(room.row)
    asked = open_version(room)
    may = asked is not None and asked.pk == row.pk and may_agree(room, row)
    told = [(heading, [part]) for heading, part in answers.by_step(
        room.book.forms["protocol"], row.content, book=room.book, indicators=indicators(room.row.challenge))]  # fmt: skip
    facts = c.Facts(items=[
        (_("Proposed by"), side(row.side)), (_("Proposed"), moment(row.proposed_at, book=room.book)),
        (_("Agreed"), moment(row.agreed_at, book=room.book) if row.agreed_at else _("not yet")), (_("Hash"), row.sha256),
        (_("For the site"), c.EvidenceItem(title="protocol.json", url=f"{_here(room)}protocol/{version}/protocol.json")),
    ])  # fmt: skip
    title = _("Protocol of the pilot, version %(n)s") % {"n": version}
    return form(request, room, HERE, OneForm(
        operation="agree_protocol", params=lambda _post: {"project": number, "version": version, "sha256": row.sha256},
        fields=[], intro=head(room, title, _("You agree for your organisation to this very text.") if may else ""),
        label=_("Agree to this version"), said=_("Agreed; the pilot can begin."), to=_here(room), above=told, facts=facts,
        closed=not may,
    ))  # fmt: skip


@only(*PEOPLE)
def run(request: HttpRequest, number: str) -> HttpResponse:
    """`run/`: when, where, who measured, and each value with its unit."""
    room = acting(request, number, *PEOPLE)
    held = _agreed(room)
    may = {"owner": ("owner",), "lead": ("lead",)}.get(held.terms.measured_by, ("owner", *OFFICERS))
    if not room.holds(*may):
        raise Http404
    fields = [
        _at("began", _("It began"), room.book), _at("ended", _("It ended"), room.book),
        c.Field(name="place", label=_("Place"), maxlength=500),
        c.Field(name="measurer", label=_("Who measured"), maxlength=500, help=_("A name, as it should stand in the record.")),
        *_values(room),
    ]  # fmt: skip
    told = _("The protocol says who measures: %(who)s.") % {"who": side(held.terms.measured_by)}
    return form(request, room, HERE, OneForm(
        operation="record_run", fields=fields, label=_("Record the run"), said=_("The run is recorded."), to=_here(room),
        intro=head(room, _("Record a run"), told),
        params=lambda post: _run(post, room, held), names={f"values.{key}": f"value_{key}" for key in units(room.row)},
    ))  # fmt: skip


@only(*PEOPLE)
def incident(request: HttpRequest, number: str) -> HttpResponse:
    """`incident/`: what went wrong."""
    room = acting(request, number, *PEOPLE)
    held = _agreed(room)
    grades = {key: words(grade.label) for key, grade in held.rule.severities.items()}
    from_here = held.rule.severities.get(held.terms.failure_from)
    told = _("By the protocol it counts as a failure from: %(grade)s.") % {
        "grade": words(from_here.label) if from_here else ""
    }
    fields = [
        c.Field(name="what", label=_("What went wrong"), kind="textarea"), _at("happened", _("When"), room.book),
        radios("severity", _("How grave"), grades),
    ]  # fmt: skip
    return form(request, room, HERE, OneForm(
        operation="report_incident", fields=fields, label=_("Report it"), said=_("The incident is recorded."), to=_here(room),
        intro=head(room, _("Report an incident"), told),
        params=lambda post: {"project": number, "lang": language_tag(), **typed("what", "severity")(post),
                             **_moment(post, "happened", room.book)},
    ))  # fmt: skip


@only("owner", "lead")
def one_incident(request: HttpRequest, number: str, order: int) -> HttpResponse:
    """`incident/<order>/`: say what was done; the owner closes it."""
    room = acting(request, number, "owner", "lead")
    row = find_incident(room.row, order)
    if row is None or row.closed_at:
        raise Http404
    fields = [
        c.Field(name="done", label=_("What was done"), kind="textarea", value=saying.plainly(row.treatment))
    ]
    if room.holds("owner") and row.treatment:
        choices = {"treat": _("Change what was done"), "close": _("Close it: this settles it")}
        fields = [radios("act", _("Your answer"), choices, chosen="close"), *fields]
    given = {"project": number, "incident": order}

    def params(post: QueryDict) -> Mapping[str, Any]:
        return given if _closes(post) else {**given, "lang": language_tag(), **typed("done")(post)}

    return form(request, room, HERE, OneForm(
        operation=lambda post: "close_incident" if _closes(post) else "treat_incident", params=params, fields=fields,
        label=_("Send the answer"), said=_("Recorded."), to=_here(room), above=[("", [c.Facts(items=[
            (_("What went wrong"), saying.plainly(row.what)), (_("When"), moment(row.happened_at, book=room.book))])])],
        intro=head(room, _("Incident %(n)s") % {"n": order}, _("Owner or lead say what was done; the owner closes it.")),
    ))  # fmt: skip


@only("owner")
def key(request: HttpRequest, number: str) -> HttpResponse:
    """`key/`: the public key of the owner's site."""
    room = acting(request, number, "owner")
    fields = [
        c.Field(name="label", label=_("Whose machine"), maxlength=200, help=_("Where the private key lies: it never leaves it.")),
        c.Field(name="site_key", label=_("Public key"), help=_("64 digits, as “jiebang package key” prints them.")),
    ]  # fmt: skip
    return form(request, room, HERE, OneForm(
        operation="register_site_key", fields=fields, label=_("Register the key"), said=_("The key is registered."),
        to=_here(room), params=lambda post: {"project": number, **typed("label", "site_key")(post)},
        intro=head(room, _("Register the site's key"), _("Packages signed with it are taken in from now on.")),
    ))  # fmt: skip


@only("owner")
def revoke(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """`key/<key>/`: take nothing more that is signed with it."""
    room = room_or_404(request, number)
    row = next((item for item in site_keys(owners(room.row.challenge.need)) if item.key == key), None)
    if row is None or row.revoked_at or not room.holds("owner"):
        raise Http404
    told = _("No package signed with it is taken in any more; those taken stay. This cannot be undone.")
    return form(request, room, HERE, OneForm(
        operation="revoke_site_key", fields=[], label=_("Revoke the key"), said=_("The key is revoked."), to=_here(room),
        params=lambda _post: {"project": number, "site_key": key},
        intro=head(room, _("Revoke a key"), told),
        above=[("", [c.Facts(items=[(_("Key of the site"), row.label), (_("Fingerprint"), fingerprint(row.key))])])],
    ))  # fmt: skip


@only("owner")
def begin(request: HttpRequest, number: str) -> HttpResponse:
    """`handover/`: from this day without the lead."""
    room = acting(request, number, "owner")
    held = _agreed(room)
    fields = [
        c.Field(name="began_on", label=_("First day"), kind="date", short=True),
        c.Field(name="staff", label=_("Who runs it"), maxlength=500, help=_("The owner's own people, by name or post.")),
    ]  # fmt: skip
    told = _("The protocol asks for %(n)s days without the lead.") % {"n": held.terms.handover_days}
    return form(request, room, HERE, OneForm(
        operation="begin_handover", fields=fields, label=_("Begin"), said=_("The handover has begun."), to=_here(room),
        params=lambda post: {"project": number, **typed("began_on", "staff")(post)},
        intro=head(room, _("Begin the handover"), told),
    ))  # fmt: skip


@only("owner")
def end(request: HttpRequest, number: str) -> HttpResponse:
    """`handover/end/`: how it went."""
    room = acting(request, number, "owner")
    if not any(row.ended_on is None for row in with_pilot(room.row).handovers.all()):
        raise Http404
    held = _agreed(room)
    answer = {"yes": _("Yes"), "no": _("No")}
    fields = [
        c.Field(name="ended_on", label=_("Last day"), kind="date", short=True),
        radios("lead_helped", _("Did the lead help?"), answer), radios("passed", _("Did it run as it should?"), answer),
        c.Field(name="result", label=_("How it went"), kind="textarea"),
    ]  # fmt: skip
    told = _("It is passed when it lasted %(n)s days, the lead did not help and no failure in it is open.")
    return form(request, room, HERE, OneForm(
        operation="end_handover", fields=fields, label=_("Send the answer"), said=_("Recorded."), to=_here(room),
        params=lambda post: {"project": number, "lang": language_tag(), **typed("ended_on", "result")(post),
                             **{name: post[name] == "yes" for name in ("lead_helped", "passed") if post.get(name)}},
        intro=head(room, _("End the handover"), told % {"n": held.terms.handover_days}),
    ))  # fmt: skip


@only("owner", "lead")
def cost(request: HttpRequest, number: str) -> HttpResponse:
    """`cost/`: what one's side spent to bring it into use."""
    room = acting(request, number, "owner", "lead")
    fields = [
        c.Field(name="what", label=_("What for"), maxlength=200),
        c.Field(name="amount", label=_("Amount"), kind="number", short=True),
        c.Field(name="currency", label=_("Currency"), short=True, maxlength=3, value=room.row.currency,
                help=_("Three letters, such as CNY or VND.")),
        c.Field(name="spent_on", label=_("Spent on"), kind="date", short=True),
    ]  # fmt: skip
    return form(request, room, HERE, OneForm(
        operation="record_use_cost", fields=fields, label=_("Record the cost"), said=_("Recorded."), to=_here(room),
        params=lambda post: {"project": number, **typed("what", "spent_on")(post),
                             "amount": str(reading.number(post.get("amount", ""))), "currency": post.get("currency", "").upper()},
        intro=head(room, _("Record a cost"), _("What your side spent beside the award: devices, power, training, time.")),
    ))  # fmt: skip


def acting(request: HttpRequest, number: str, *roles: str) -> Room:
    """The project for those who may act on its pilot now; the same 404 for all others."""
    room = room_or_404(request, number)
    if not room.holds(*roles) or not going(room):
        raise Http404
    return room


def _here(room: Room) -> str:
    return f"{room.url}{HERE}/"


def _agreed(room: Room) -> InForce:
    held = in_force(with_pilot(room.row))
    if held is None:
        raise Http404
    return held


def _paper(room: Room, content: Mapping[str, Any]) -> steps.Paper:
    owner = room.row.challenge.need.owner.slug
    crumbs = [c.Link(room.number, room.overview), c.Link(_("Pilot and validation"), _here(room))]
    return steps.Paper(
        form=room.book.forms["protocol"], content=content, book=room.book, address=_here(room), crumbs=crumbs,
        title=_("Propose a protocol"), kicker=f"{room.number} · {room.title}", organisation=owner,
        indicators=indicators(room.row.challenge),
    )  # fmt: skip


def _suggested(room: Room) -> dict[str, Any]:
    """Where nothing was proposed yet: the thresholds of the notice as targets, the least that the programme asks for."""
    rule = room.book.pilot
    targets = {str(item["id"]): item["threshold"] for item in indicators(room.row.challenge)}
    least = (
        {"runs": rule.least_runs, "days": rule.least_days, "handover_days": rule.least_handover_days}
        if rule
        else {}
    )
    return {
        "targets": targets,
        **{key: value for key, value in least.items() if key in room.book.forms["protocol"].fields},
    }


def _values(room: Room) -> list[c.Field]:
    found = []
    for item in indicators(room.row.challenge):
        name, unit = saying.plainly(item.get("name")) or str(item["id"]), units(room.row)[str(item["id"])]
        label = f"{name} ({unit})" if unit else name
        wanted = _("Wanted: %(wanted)s") % {"wanted": saying.threshold(item)}
        found.append(
            c.Field(
                name=f"value_{item['id']}", label=label, kind="number", short=True, optional=True, help=wanted
            )
        )
    return found


def _run(post: QueryDict, room: Room, held: InForce) -> dict[str, Any]:
    values = [
        {"indicator": key, "value": str(reading.number(post.get(f"value_{key}", ""))), "unit": unit}
        for key, unit in units(room.row).items()
        if post.get(f"value_{key}", "").strip()
    ]
    given = {
        "project": room.number,
        "side": held.terms.measured_by,
        "values": values,
        **typed("place", "measurer")(post),
    }
    return {**given, **_moment(post, "began", room.book), **_moment(post, "ended", room.book)}


def _at(name: str, label: str, book: Rulebook) -> c.Field:
    told = _("Day and time in %(zone)s.") % {"zone": book.timezone}
    return c.Field(name=name, label=label, kind="datetime-local", short=True, help=told)


def _moment(post: QueryDict, name: str, book: Rulebook) -> dict[str, str]:
    """The typed day and time on the programme's clock; what is no time goes to the operation as it is."""
    text = post.get(name, "").strip()
    try:
        return {name: datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(book.timezone)).isoformat()}
    except ValueError:
        return {name: text} if text else {}


def _closes(post: QueryDict) -> bool:
    return post.get("act") == "close"

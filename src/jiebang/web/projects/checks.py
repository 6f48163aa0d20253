"""The checks before an agreement: what each found, and `agreement/checks/<gate>/` for whoever answers for one."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.operations.gates import may_close
from jiebang.operations.things import day_of
from jiebang.records.people.roles import OFFICERS
from jiebang.rules.schema import Gate
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.desk.gate import only
from jiebang.web.office.one_form import OneForm, radios, typed
from jiebang.web.projects.room import Room, Section, form, head, room_or_404, table
from jiebang.web.site import language_tag, words


def section(room: Room) -> Section:
    """Every check of the project with its finding, and what the system does not judge."""
    rows = [_row(room, item) for item in sorted(room.row.gates.all(), key=lambda item: item.pk)]
    heads = (_("Check"), _("State"), _("Finding"), _("Reference"), _("List"), _("By"))
    told = _disclaimer(room) if rows else _("The rulebook asks for no check of this project.")
    return Section(heading=_("Checks"), id="checks", texts=[told] if told else [], parts=[table(heads, rows)])


@only(*OFFICERS, "department")
def check(request: HttpRequest, number: str, gate: str) -> HttpResponse:
    """Record one of the rulebook's findings, in words, with number and list where they are asked for."""
    room = room_or_404(request, number)
    rule = room.book.gates.get(gate)
    row = next((item for item in room.row.gates.all() if item.gate == gate), None)
    if rule is None or row is None or not may_close(room.reader, rule):
        raise Http404
    given = typed("found", "finding", "reference", "list_version", "valid_until")
    return form(request, room, "agreement", OneForm(
        operation="close_gate", fields=list(_fields(rule)), to=room.matter("agreement"),
        params=lambda post: {"project": number, "gate": gate, "finding": "", **given(post)},
        intro=head(room, words(rule.label), f"{words(rule.why or {})} {_disclaimer(room)}".strip()),
        label=_("Record the check"), said=_("The check is recorded."),
    ))  # fmt: skip


def _row(room: Room, item: Any) -> list[c.Cell]:
    rule = room.book.gates.get(item.gate)
    found = words(rule.findings[item.found].label) if rule and item.found in rule.findings else ""
    open_ = item.open_on(day_of(room.reader.at, room.row)) and room.row.ended_at is None
    url = f"{room.matter('agreement')}checks/{item.gate}/" if open_ and may_close(room.reader, rule) else ""
    until = f" ({formats.date(item.valid_until, lang=language_tag())})" if item.valid_until else ""
    return [
        c.Cell(words(rule.label) if rule else item.gate, url), c.Cell(part=_stamp(room, item)),
        c.Cell(" – ".join(text for text in (found, item.finding) if text)), c.Cell(item.reference),
        c.Cell(f"{item.list_version}{until}"), c.Cell(item.closed_by.name if item.closed_by else ""),
    ]  # fmt: skip


def _stamp(room: Room, item: Any) -> c.Stamp:
    if item.closed_at is None:
        return c.Stamp(_("Open"), "waiting")
    if item.stops:
        return c.Stamp(_("Stops"), "stopped")
    over = item.open_on(day_of(room.reader.at, room.row))
    return c.Stamp(_("Run out"), "waiting") if over else c.Stamp(_("Settled"), "done")


def _disclaimer(room: Room) -> str:
    return words(room.book.agreement.disclaimer) if room.book.agreement else ""


def _fields(rule: Gate) -> Iterator[c.Field]:
    if rule.findings:
        yield radios("found", _("Finding"), {key: words(item.label) for key, item in rule.findings.items()})
    yield c.Field(name="finding", label=_("In words"), kind="textarea", maxlength=1000)
    yield c.Field(name="reference", label=_reference(rule), optional=True, maxlength=100)
    if rule.list_needed:
        yield c.Field(name="list_version", label=_("Version of the list that was looked at"), maxlength=200)
    yield c.Field(name="valid_until", label=_("Valid until"), kind="date", optional=True, short=True)


def _reference(rule: Gate) -> str:
    names = [words(item.reference) for item in rule.findings.values() if item.reference]
    return " / ".join(dict.fromkeys(names)) or _("Number of the permit or file")

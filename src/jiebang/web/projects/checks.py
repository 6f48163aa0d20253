"""`/projects/<number>/agreement/checks/<gate>/`: what a compliance check found, by whoever answers for it."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.records.people.roles import OFFICERS
from jiebang.rules.schema import Gate
from jiebang.web import components as c
from jiebang.web.desk.gate import only
from jiebang.web.office.one_form import OneForm, radios, typed
from jiebang.web.projects.agreement import HERE
from jiebang.web.projects.room import form, head, room_or_404
from jiebang.web.site import words


@only()
def check(request: HttpRequest, number: str, gate: str) -> HttpResponse:
    """Record one of the rulebook's findings, in words, with number and list where they are asked for."""
    room = room_or_404(request, number)
    rule = room.book.gates.get(gate)
    row = next((item for item in room.row.gates.all() if item.gate == gate), None)
    if rule is None or row is None or not room.reader.roles & (OFFICERS | {"department"}):
        raise Http404
    given = typed("found", "finding", "reference", "list_version", "valid_until")
    told = words(room.book.agreement.disclaimer) if room.book.agreement else ""
    return form(request, room, HERE, OneForm(
        operation="close_gate", fields=list(_fields(rule)), to=f"{room.url}agreement/",
        params=lambda post: {"project": number, "gate": gate, "finding": "", **given(post)},
        intro=head(room, words(rule.label), f"{words(rule.why or {})} {told}".strip()),
        label=_("Record the check"), said=_("The check is recorded."),
    ))  # fmt: skip


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

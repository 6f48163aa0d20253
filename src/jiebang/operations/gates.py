"""Compliance checks: what the department concerned found, in which version of which list, under which number.

The system records checks and blocks what waits for them; it judges no law.
"""

from datetime import date

from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed, not_ended
from jiebang.operations.names import Event, Permission
from jiebang.operations.statements import Said
from jiebang.operations.things import book_of, find, no_interest, today
from jiebang.records.access import Reader
from jiebang.records.people.roles import OFFICERS
from jiebang.records.projects.models import GateCheck, Project
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Gate


@operation(permission=Permission.GATE_CLOSE, event=Event.GATE_CLOSED)
def close_gate(
    act: Act, *, project: str, gate: str, finding: Said, found: str = "", reference: str = "", list_version: str = "",
    valid_until: date | None = None,
) -> Outcome:  # fmt: skip
    """Record what a compliance check found (export class, data route, ethics): one of the rulebook's findings, in words,
    with the number and the version of the list that the rulebook asks for. A finding that stops may be recorded anew."""
    on = find(Project, number=project)
    no_interest(act, on)
    not_ended(on)
    check = find(GateCheck, project=on, gate=gate)
    rule = book_of(on).gates.get(gate)
    if not may_close(act.reader, rule):
        raise Stop(reason("gate.not_yours"))
    if not check.open_on(today(act, on)):
        raise Stop(reason("project.gate_closed"))
    if rule is not None and (faults := _faults(rule, found, reference, list_version)):
        raise Stop(*faults)
    if valid_until is not None and valid_until < today(act, on):
        raise Stop(reason("gate.over", field="valid_until"))
    check.closed_at, check.closed_by, check.finding, check.reference = act.now, act.person, finding, reference
    check.found, check.list_version, check.valid_until = found, list_version, valid_until
    check.stops = bool(rule and found and rule.findings[found].stops)
    check.save()
    body = {
        "gate": gate,
        "found": found,
        "finding": finding,
        "reference": reference,
        "list": list_version,
        "stops": check.stops,
    }
    changed(act, Event.GATE_CLOSED, on, body={**body, "valid_until": valid_until and valid_until.isoformat()})
    return Done({"project": project, "gate": gate, "stops": check.stops})


def may_close(reader: Reader, rule: Gate | None) -> bool:
    """Whether the person answers for this check: the office, unless the rulebook leaves it to others."""
    if rule is None or not rule.by:
        return bool(reader.roles & OFFICERS)
    if "department" in rule.by and reader.holds("department", scope=rule.department):
        return True
    return bool(reader.roles & (set(rule.by) - {"department"}))


def _faults(rule: Gate, found: str, reference: str, list_version: str) -> list[Reason]:
    wrong = []
    if rule.findings and found not in rule.findings:
        wrong.append(reason("gate.finding_unknown", known=", ".join(rule.findings), field="found"))
    elif found and not rule.findings:
        wrong.append(reason("gate.no_findings", field="found"))
    if found in rule.findings and rule.findings[found].reference and not reference:
        wrong.append(reason("gate.reference_needed", field="reference"))
    if rule.list_needed and not list_version:
        wrong.append(reason("gate.list_needed", field="list_version"))
    return wrong

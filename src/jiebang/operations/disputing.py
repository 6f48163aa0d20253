"""A value in dispute: raised by the owner or the lead, measured anew by the tester, decided by somebody who is no party to it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import StringConstraints

from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed, not_ended
from jiebang.operations.names import Event, Permission
from jiebang.operations.things import book_of, find, no_interest, roles_on
from jiebang.records.indicators.models import Dispute
from jiebang.records.indicators.queries import open_count, role_of, set_aside, tester_of
from jiebang.records.people.queries import people_for, people_with
from jiebang.records.projects.models import Measurement, Project
from jiebang.rules.reasons import reason
from jiebang.rules.schema import Measuring

Argued = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


@operation(permission=Permission.VALUE_DISPUTE, event=Event.VALUE_DISPUTED)
def dispute_value(act: Act, *, project: str, measurement: int, why: Argued) -> Outcome:
    """Say that a measured value is wrong, and why. It stays on record; acceptance and payment wait until it is decided."""
    found = find(Project, number=project)
    rule = book_of(found).measuring or Measuring(status="local")
    sides = [side for side in ("owner", "lead") if side in roles_on(act, found)]
    if not sides:
        raise Stop(reason("access.not_found", kind="project", number=project))
    not_ended(found)
    value = find(Measurement, pk=measurement, project=found)
    _may_be_disputed(act, value, rule, sides)
    made = Dispute.objects.create(
        project=found, order=found.disputes.count() + 1, measurement=value, side=sides[0], why=why, raised_at=act.now,
        raised_by=act.person,
    )  # fmt: skip
    _tell(act, found, made)
    body = {
        "dispute": made.order,
        "measurement": measurement,
        "indicator": value.indicator,
        "side": made.side,
        "why": why,
    }
    changed(act, Event.VALUE_DISPUTED, found, body=body)
    return Done({"project": project, "dispute": made.order})


@operation(permission=Permission.VALUE_DECIDE, event=Event.VALUE_DECIDED)
def decide_dispute(
    act: Act, *, project: str, dispute: int, stands: Literal["rerun", "old"], text: Argued
) -> Outcome:
    """Decide, after the tester's re-run, which value stands; the other is kept and marked. Not for who measured either."""
    found = find(Project, number=project)
    no_interest(act, found)
    asked = find(Dispute, project=found, order=dispute)
    if asked.status == Dispute.Status.DECIDED:
        raise Stop(reason("dispute.decided"))
    if asked.rerun is None:
        raise Stop(reason("dispute.no_rerun"))
    if act.person.pk in {asked.measurement.by_id, asked.rerun.by_id, asked.raised_by_id}:
        raise Stop(reason("dispute.party"))
    asked.status, asked.outcome, asked.decision = Dispute.Status.DECIDED, stands, text
    asked.decided_at, asked.decided_by = act.now, act.person
    asked.save()
    for side in (found.challenge.need.owner_id, found.bid.consortium.lead_id):
        for person in people_for(side, at=act.now, roles=("owner", "lead")):
            act.mail(person, "mail.dispute_decided", number=project, indicator=asked.measurement.indicator)
    body = {"dispute": dispute, "stands": stands, "text": text, "measurement": asked.measurement_id}
    changed(act, Event.VALUE_DECIDED, found, body={**body, "rerun": asked.rerun_id})
    return Done({"project": project, "dispute": dispute, "stands": stands})


def open_disputes(project: Project) -> int:
    """How many values are in dispute; while there is one, acceptance and payment wait."""
    return open_count(project)


def undisputed(project: Project) -> None:
    """Stop where a value is in dispute."""
    if count := open_count(project):
        raise Stop(reason("dispute.open", count=count))


def _may_be_disputed(act: Act, value: Measurement, rule: Measuring, sides: Sequence[str]) -> None:
    if not set(sides) & set(rule.dispute_by):
        raise Stop(reason("dispute.not_yours"))
    if role_of(value) in sides:
        raise Stop(reason("dispute.own"))
    if value.pk in set_aside(value.project):
        raise Stop(reason("dispute.set_aside"))
    if act.now > value.at + timedelta(days=rule.dispute_days):
        raise Stop(reason("dispute.late", days=rule.dispute_days))
    if Dispute.objects.filter(measurement=value).exclude(status=Dispute.Status.DECIDED).exists():
        raise Stop(reason("dispute.already"))


def _tell(act: Act, project: Project, made: Dispute) -> None:
    """The office, which names a tester where there is none, and the tester."""
    said = {"number": project.number, "indicator": made.measurement.indicator}
    for person in people_with("officer", at=act.now):
        act.mail(person, "mail.value_disputed", **said)
    if tester := tester_of(project):
        for person in people_for(tester.party_id, at=act.now):
            act.mail(person, "mail.rerun_asked", **said)

"""Carrying out an award: its milestones."""

from typing import Any

from jiebang.decisions.lifecycle import flags
from jiebang.operations.answers import require
from jiebang.operations.disputing import undisputed
from jiebang.operations.grading import shown_by
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.ledger import fall_due
from jiebang.operations.measuring import changed, record_reported
from jiebang.operations.names import Event, Permission
from jiebang.operations.statements import Said
from jiebang.operations.things import (
    book_of,
    find,
    no_interest,
    roles_on,
)
from jiebang.records.people.queries import people_for
from jiebang.records.projects.models import (
    Milestone,
    Project,
)
from jiebang.rules.reasons import reason
from jiebang.rules.texts import quoted


@operation(permission=Permission.PROJECT_REPORT, event=Event.MILESTONE_REPORTED)
def report_milestone(act: Act, *, project: str, order: int, report: dict[str, Any]) -> Outcome:
    """Report on a milestone; the report follows the rulebook's `milestone` form.

    Values in its public questions are recorded as the lead's own: shown, and counted once somebody else agrees.
    """
    found = _live(act, project, {"lead"})
    milestone = find(Milestone, project=found, order=order)
    require("milestone", report, on=found)
    milestone.report, milestone.reported_at, milestone.accepted_at = report, act.now, None
    milestone.save()
    body = {"milestone": order, "measured": record_reported(act, found, report)}
    changed(act, Event.MILESTONE_REPORTED, found, body=body, private={"report": report})
    return Done({"project": project, "milestone": order})


@operation(permission=Permission.PROJECT_ACCEPT, event=Event.MILESTONE_ACCEPTED)
def accept_milestone(act: Act, *, project: str, order: int, remark: str = "") -> Outcome:
    """Accept a reported milestone for the office or the owner, with what its indicators show by then.

    An indicator that the milestone is to show needs a value; while one is in dispute, acceptance waits.
    """
    found = _running(act, project, {"officer", "second_officer", "owner"})
    no_interest(act, found)
    milestone = find(Milestone, project=found, order=order)
    if milestone.reported_at is None:
        raise Stop(reason("project.milestone_order"))
    undisputed(found)
    milestone.accepted_at, milestone.accepted_by, milestone.remark = act.now, act.person, remark
    milestone.shown = shown_by(found, milestone)
    milestone.save()
    fall_due(act, found, found.instalments.filter(due_milestone=order, due_since=None))
    body = {"milestone": order, "remark": remark, "shown": milestone.shown}
    changed(act, Event.MILESTONE_ACCEPTED, found, body=body)
    return Done({"project": project, "milestone": order})


@operation(permission=Permission.PROJECT_ACCEPT, event=Event.MILESTONE_RETURNED)
def return_milestone(act: Act, *, project: str, order: int, remark: Said) -> Outcome:
    """Ask the lead to report on a milestone anew; what is missing stands beside it."""
    found = _running(act, project, {"officer", "second_officer", "owner"})
    no_interest(act, found)
    milestone = find(Milestone, project=found, order=order)
    if milestone.reported_at is None or milestone.accepted_at:
        raise Stop(reason("project.milestone_order"))
    milestone.reported_at, milestone.remark = None, remark
    milestone.save()
    for person in people_for(found.bid.consortium.lead_id, at=act.now, roles=("lead",)):
        act.mail(person, "mail.milestone_returned", number=project, order=order, remark=quoted(remark))
    changed(act, Event.MILESTONE_RETURNED, found, body={"milestone": order, "remark": remark})
    return Done({"project": project, "milestone": order})


def _live(act: Act, number: str, roles: set[str]) -> Project:
    found = find(Project, number=number)
    if not roles_on(act, found) & roles:
        raise Stop(reason("access.not_found", kind="project", number=number))
    if "live" not in flags(book_of(found), kind="project", stage=found.stage):
        raise Stop(reason("project.not_running"))
    return found


def _running(act: Act, number: str, roles: set[str]) -> Project:
    """A project that has not ended: the last milestone is accepted while acceptance as a whole is under way."""
    found = find(Project, number=number)
    if not roles_on(act, found) & roles:
        raise Stop(reason("access.not_found", kind="project", number=number))
    if {"final", "paused"} & set(flags(book_of(found), kind="project", stage=found.stage)):
        raise Stop(reason("project.not_running"))
    return found

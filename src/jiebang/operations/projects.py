"""Carrying out an award: gates, signatures, milestones, measured values, money, replication."""

from datetime import date
from typing import Any

from jiebang.decisions.lifecycle import flags
from jiebang.operations.answers import require
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed, not_ended, record_reported
from jiebang.operations.names import Event, Permission
from jiebang.operations.statements import Said, statement
from jiebang.operations.things import (
    book_of,
    find,
    members,
    no_interest,
    owners,
    roles_on,
)
from jiebang.records.people.models import Party
from jiebang.records.people.queries import people_for
from jiebang.records.projects.models import (
    GateCheck,
    Instalment,
    Milestone,
    Project,
    Replication,
    Signature,
)
from jiebang.rules.reasons import reason
from jiebang.rules.texts import quoted


@operation(permission=Permission.GATE_CLOSE, event=Event.GATE_CLOSED)
def close_gate(act: Act, *, project: str, gate: str, finding: Said, reference: str = "") -> Outcome:
    """Record what a compliance check found (export class, data route, ethics) and under which number."""
    found = find(Project, number=project)
    no_interest(act, found)
    not_ended(found)
    check = find(GateCheck, project=found, gate=gate)
    if check.closed_at:
        raise Stop(reason("project.gate_closed"))
    check.closed_at, check.closed_by, check.finding, check.reference = act.now, act.person, finding, reference
    check.save()
    body = {"gate": gate, "finding": finding, "reference": reference}
    changed(act, Event.GATE_CLOSED, found, body=body)
    return Done({"project": project, "gate": gate})


@operation(permission=Permission.PROJECT_SIGN, event=Event.SIGNED)
def sign(act: Act, *, project: str) -> Outcome:
    """Sign agreement and pledge for a party of the project: the lead, a partner or an owner."""
    found = find(Project, number=project)
    acts_for = act.reader.acting_for("owner", "lead", "partner")
    concerned = (owners(found.challenge.need) | members(found.bid)) & acts_for
    if not concerned:
        raise Stop(reason("access.not_found", kind="project", number=project))
    not_ended(found)
    signed = set(found.signatures.values_list("party", flat=True))
    if not concerned - signed:
        raise Stop(reason("project.signed"))
    party = min(concerned - signed)
    Signature.objects.create(project=found, party_id=party, by=act.person, at=act.now)
    body = {"party": Party.objects.get(pk=party).slug}
    changed(act, Event.SIGNED, found, body=body)
    return Done({"project": project, **body})


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
    """Accept a reported milestone for the office or the owner."""
    found = _running(act, project, {"officer", "second_officer", "owner"})
    no_interest(act, found)
    milestone = find(Milestone, project=found, order=order)
    if milestone.reported_at is None:
        raise Stop(reason("project.milestone_order"))
    milestone.accepted_at, milestone.accepted_by, milestone.remark = act.now, act.person, remark
    milestone.save()
    body = {"milestone": order, "remark": remark}
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


@operation(permission=Permission.PROJECT_PAY, event=Event.INSTALMENT_PAID)
def pay_instalment(act: Act, *, project: str, order: int, paid_on: date, reference: str = "") -> Outcome:
    """Record that an instalment that was due has been paid."""
    found = find(Project, number=project)
    no_interest(act, found)
    part = find(Instalment, project=found, order=order)
    if part.due_since is None or part.paid_on:
        raise Stop(reason("project.paid" if part.paid_on else "project.not_due"))
    part.paid_on, part.reference = paid_on, reference
    part.save()
    body = {
        "instalment": order,
        "amount": str(part.amount),
        "currency": found.currency,
        "paid_on": paid_on.isoformat(),
    }
    changed(act, Event.INSTALMENT_PAID, found, body=body)
    return Done({"project": project, "instalment": order})


@operation(permission=Permission.PROJECT_REPLICATE, event=Event.REPLICATED)
def replicate(act: Act, *, project: str, owner: str, adaptation: Said, lang: str = "") -> Outcome:
    """Carry a validated result to another owner: what had to be adapted, and for whom.

    It stands on the project's public page, so its lead, its owners or the office write it, not whoever takes it over.
    """
    found, party = find(Project, number=project), find(Party, slug=owner, kind=Party.Kind.ORGANISATION)
    if not roles_on(act, found) & {"lead", "owner", "officer"}:
        raise Stop(reason("access.not_found", kind="project", number=project))
    if not hasattr(found, "validation"):
        raise Stop(reason("project.not_validated"))
    said = statement(adaptation, lang=lang or act.language)
    Replication.objects.create(
        project=found, owner=party, country=party.organisation.country, adaptation=said,
        agreed_at=act.now, by=act.person,
    )  # fmt: skip
    body = {"owner": owner, "country": party.organisation.country}
    changed(act, Event.REPLICATED, found, body=body)
    return Done({"project": project, "owner": owner})


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

"""Incidents of a pilot: reported by anybody concerned, treated by the sides, closed by the owner alone."""

from pydantic import AwareDatetime

from jiebang.decisions.pilot import is_failure
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed
from jiebang.operations.names import Event, Permission
from jiebang.operations.pilots import OFFICERS, people_of_side, pilot_in_force, underway
from jiebang.operations.statements import Said, statement
from jiebang.operations.things import find, no_interest
from jiebang.records.pilots.models import Incident
from jiebang.records.projects.models import Project
from jiebang.rules.reasons import reason
from jiebang.rules.texts import quoted


@operation(permission=Permission.PILOT_INCIDENT, event=Event.INCIDENT_REPORTED)
def report_incident(
    act: Act, *, project: str, severity: str, happened: AwareDatetime, what: Said, lang: str = ""
) -> Outcome:
    """Report what went wrong at the demand side; whether it counts as a failure follows from the protocol."""
    found = underway(act, project, {"owner", "lead", *OFFICERS})
    no_interest(act, found)
    held = pilot_in_force(found)
    if severity not in held.rule.severities:
        known = ", ".join(held.rule.severities)
        raise Stop(reason("pilot.unknown_severity", field="severity", severity=severity, known=known))
    if happened > act.now:
        raise Stop(reason("pilot.in_future", field="happened"))
    order = Incident.objects.filter(project=found).count() + 1
    Incident.objects.create(
        project=found, order=order, severity=severity, happened_at=happened, by=act.person, at=act.now,
        what=statement(what, lang=lang or act.language),
    )  # fmt: skip
    failure = is_failure(held.rule, held.terms, severity)
    if failure:
        _tell(act, found, order, what)
    body = {"incident": order, "severity": severity, "failure": failure, "what": what}
    changed(act, Event.INCIDENT_REPORTED, found, body=body)
    return Done({"project": project, "incident": order, "failure": failure})


@operation(permission=Permission.PILOT_INCIDENT, event=Event.INCIDENT_TREATED)
def treat_incident(act: Act, *, project: str, incident: int, done: Said, lang: str = "") -> Outcome:
    """Say what was done about an open incident; a later word replaces an earlier one, which stays in the journal."""
    found, row = _open(act, project, incident, {"owner", "lead"})
    row.treatment = statement(done, lang=lang or act.language)
    row.treated_by, row.treated_at = act.person, act.now
    row.save()
    changed(act, Event.INCIDENT_TREATED, found, body={"incident": incident, "done": done})
    return Done({"project": project, "incident": incident})


@operation(permission=Permission.PILOT_INCIDENT, event=Event.INCIDENT_CLOSED)
def close_incident(act: Act, *, project: str, incident: int) -> Outcome:
    """Close an incident for the owner, once it is said what was done."""
    found, row = _open(act, project, incident, {"owner"})
    if not row.treatment:
        raise Stop(reason("pilot.untreated"))
    row.closed_by, row.closed_at = act.person, act.now
    row.save()
    changed(act, Event.INCIDENT_CLOSED, found, body={"incident": incident})
    return Done({"project": project, "incident": incident})


def _open(act: Act, project: str, order: int, roles: set[str]) -> tuple[Project, Incident]:
    found = underway(act, project, roles)
    row = find(Incident, project=found, order=order)
    if row.closed_at:
        raise Stop(reason("pilot.incident_closed"))
    return found, row


def _tell(act: Act, project: Project, order: int, what: str) -> None:
    """The lead hears of a failure; who reports it knows."""
    for person in people_of_side(act, project, "lead"):
        if person != act.who:
            act.mail(person, "mail.incident", number=project.number, order=order, what=quoted(what))

"""How a pilot stands: its agreed protocol, and what is still missing of it. What the guards of a project read of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jiebang.decisions import pilot
from jiebang.decisions.pilot import Ran, Standing, Terms, Went
from jiebang.operations.things import book_of, day_of
from jiebang.records.pilots.models import Handover, Incident, Protocol, Run
from jiebang.records.projects.models import Project
from jiebang.rules.schema import Pilot

NONE = {
    "protocol_agreed": False,
    "pilot_missing": 0,
    "failures_open": 0,
    "failures_beyond": 0,
    "handover_passed": False,
}


@dataclass(frozen=True)
class InForce:
    """The version both sides agreed to last, with what it asks and what of it is missing."""

    protocol: Protocol
    rule: Pilot
    terms: Terms
    standing: Standing
    handed_over: bool


def in_force(project: Project) -> InForce | None:
    """The pilot as it stands; None while no protocol is agreed, or where the rulebook has no pilot."""
    rule = book_of(project).pilot
    if rule is None:
        return None
    agreed = [row for row in project.protocols.all() if row.agreed_at]
    if not agreed:
        return None
    terms = pilot.terms_of(agreed[-1].content)
    handed = any(row.passed for row in project.handovers.all()) or not terms.handover_days
    standing = pilot.standing(
        rule, terms, version=agreed[-1].version, runs=_ran(project.runs.all(), agreed),
        incidents=went(project.incidents.all()), handed_over=handed,
    )  # fmt: skip
    return InForce(agreed[-1], rule, terms, standing, handed)


def pilot_facts(project: Project) -> dict[str, object]:
    """protocol_agreed, pilot_missing, failures_open, failures_beyond, handover_passed."""
    found = in_force(project)
    if found is None:
        return dict(NONE)
    said = found.standing
    return {
        "protocol_agreed": True, "pilot_missing": said.missing, "failures_open": said.failures_open,
        "failures_beyond": said.failures_beyond, "handover_passed": found.handed_over,
    }  # fmt: skip


def pilot_grounds(project: Project) -> dict[str, object]:
    """What a validation rests on: the protocol in force, the packages in order, the users' reports, by their hashes."""
    found = in_force(project)
    return {
        "protocol": found.protocol.sha256 if found else None,
        "runs": project.runs.count(),
        "packages": [row.sha256 for row in project.packages.all()],
        "user_reports": [row.sha256 for row in project.user_reports.all()],
    }


def went(rows: Iterable[Incident]) -> list[Went]:
    """Incidents as they are judged."""
    return [Went(row.severity, row.happened_at, row.closed_at is not None) for row in rows]


def open_failures(found: InForce, incidents: Sequence[Incident], handover: Handover) -> int:
    """Failures since a handover began that nobody has closed."""
    late = (
        row
        for row in incidents
        if day_of(row.happened_at, handover.project) >= handover.began_on and not row.closed_at
    )
    return sum(pilot.is_failure(found.rule, found.terms, row.severity) for row in late)


def _ran(runs: Iterable[Run], agreed: Sequence[Protocol]) -> list[Ran]:
    versions = {row.pk: row.version for row in agreed}
    return [
        Ran(versions.get(row.protocol_id, 0), row.began_at, row.ended_at,
            frozenset(item["indicator"] for item in row.values), row.package_id is not None)
        for row in runs
    ]  # fmt: skip

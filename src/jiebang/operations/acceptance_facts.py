"""What the acceptance report of a project is drawn from: what counted on the day of acceptance, as the records have it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from jiebang.decisions import lifecycle
from jiebang.decisions.accepted import Accepted, Disputed, Judged, Proof, Step
from jiebang.decisions.agreement import Side
from jiebang.decisions.measuring import Found, result
from jiebang.decisions.report import NONE, figure
from jiebang.operations.facts import indicators
from jiebang.operations.names import Event
from jiebang.operations.signatories import parties_of
from jiebang.operations.statements import texts_of
from jiebang.operations.terms import names_of, threshold
from jiebang.operations.things import book_of, day_of, subject
from jiebang.records.bundles import sent_content
from jiebang.records.indicators import queries
from jiebang.records.indicators.models import Dispute, Grading
from jiebang.records.journal.models import JournalEntry
from jiebang.records.journal.queries import entries, entry_of
from jiebang.records.people.models import User
from jiebang.records.projects.models import Measurement, Project
from jiebang.rules.form_values import decimal_of
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Rulebook


def accepted(project: Project) -> Accepted | Reason:
    """The result as it was accepted; why there is none to report yet."""
    entry = _acceptance(project)
    if isinstance(entry, Reason):
        return entry
    person = User.objects.filter(pseudonym=entry.actor).first()
    grading = queries.grading_of(project)
    disputes = [row for row in queries.disputes(project) if row.decided_at and row.decided_at <= entry.at]
    return Accepted(
        number=project.number, challenge=project.challenge.title, on=_day(entry.at, project),
        by=person.name if person else entry.actor, grade=_grade(book_of(project), grading),
        sides=[Side(slug=party.slug, role=role, names=names_of(party)) for party, role in parties_of(project).items()],
        judged=_judged(project, grading, disputes, at=entry.at), steps=_steps(project),
        disputes=[_disputed(row, project) for row in disputes],
    )  # fmt: skip


def _acceptance(project: Project) -> JournalEntry | Reason:
    """The entry of the acceptance that stands: the last one, unless the project went back to work after it."""
    book = book_of(project)
    asked = lifecycle.origins(book, kind="project", command="accept")
    if not asked:
        return reason("report.no_acceptance_here")
    rows = lifecycle.moves(book.lifecycles.get("project")).values()
    before = asked | {stage for row in rows if row.to in asked for stage in row.origin}
    for entry in entries(subject=subject(project), event=Event.MOVED):
        body = entry_of(entry).body
        if body["command"] == "accept":
            return entry
        if body["to"] in before:
            break
    return reason("report.not_accepted")


def _grade(book: Rulebook, grading: Grading | None) -> Mapping[str, str]:
    rule = book.measuring
    if grading is None or rule is None:
        return {}
    return rule.grades[grading.grade].label if grading.grade in rule.grades else {"en": grading.grade}


def _judged(
    project: Project, grading: Grading | None, disputes: Sequence[Dispute], *, at: datetime
) -> list[Judged]:
    """Each indicator with what counted; what was graded goes before rows that say something else now."""
    promised = sent_content(project.bid).get("promises")
    told: Mapping[str, Any] = promised if isinstance(promised, Mapping) else {}
    known = indicators(project.challenge)
    gone = {row.measurement_id if row.outcome == "rerun" else row.rerun_id for row in disputes}
    then = [replace(item, set_aside=item.key in gone) for item in queries.values(project) if item.at <= at]
    found = result(book_of(project).measuring, indicators=known, values=then, promised=told)
    rows = {row.pk: row for row in queries.measurements(project)}
    graded: Mapping[str, Any] = grading.result.get("indicators", {}) if grading else {}
    return [
        _one(project, item, one, row=rows.get(one.value.key) if one.value else None, promise=told.get(one.indicator),
             graded=graded.get(one.indicator))
        for item, one in zip(known, found, strict=True)
    ]  # fmt: skip


def _one(
    project: Project, item: Mapping[str, Any], found: Found, *, row: Measurement | None, promise: object,
    graded: Mapping[str, Any] | None,
) -> Judged:  # fmt: skip
    value = figure(found.value.value) if found.value else NONE
    changed = graded is not None and (graded["value"] or NONE) != value
    if changed and graded is not None:
        value, row = graded["value"] or NONE, None
    told = decimal_of(promise)
    return Judged(
        name=texts_of(item.get("name")) or {"en": found.indicator}, unit=texts_of(item.get("unit")), wanted=threshold(item),
        promised=figure(told), value=value, met=graded["met"] if changed and graded else found.met,
        kept=None if changed else found.kept,
        role=str(graded["by"]) if changed and graded else found.value.role if found.value else "",
        by=row.by.name if row else "", on=_day(row.at if row else None, project),
        method=texts_of(item.get("test_method") or item.get("method")), changed=changed,
        proofs=[
            Proof(name=file.name, sha256=file.sha256, made_by=file.made_by, made_on=file.made_on.isoformat())
            for file in (row.evidence.all() if row else ())
        ],
    )  # fmt: skip


def _steps(project: Project) -> list[Step]:
    rows = project.milestones.select_related("accepted_by").order_by("order")
    return [
        Step(
            order=row.order, title=texts_of(row.title), due=str(row.due_on or NONE), reported=_day(row.reported_at, project),
            accepted=_day(row.accepted_at, project), by=row.accepted_by.name if row.accepted_by else NONE,
        )
        for row in rows
    ]  # fmt: skip


def _disputed(row: Dispute, project: Project) -> Disputed:
    known = {str(item["id"]): item for item in indicators(project.challenge)}
    item = known.get(row.measurement.indicator, {})
    return Disputed(
        order=row.order, indicator=texts_of(item.get("name")) or {"en": row.measurement.indicator},
        unit=texts_of(item.get("unit")), value=figure(row.measurement.value), why=row.why,
        anew=figure(row.rerun.value if row.rerun else None), stands=row.outcome, decision=row.decision or NONE,
        by=row.decided_by.name if row.decided_by else NONE, on=_day(row.decided_at, project),
    )  # fmt: skip


def _day(at: datetime | None, project: Project) -> str:
    return day_of(at, project).isoformat() if at else NONE

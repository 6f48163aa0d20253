"""Measured values with what stands behind them: evidence, disputes, testers, and whether they are still what was signed."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from jiebang.decisions.measuring import Value
from jiebang.records.access import TESTS_AS, Reader, visible
from jiebang.records.indicators.models import Dispute, Evidence, Grading, Tester
from jiebang.records.journal.models import JournalEntry
from jiebang.records.journal.queries import entry_of
from jiebang.records.projects.models import Measurement, Project

MEASURED = "indicator:measured"


def measurements(project: Project) -> QuerySet[Measurement]:
    """Every value ever measured, in the order of time, with its files and disputes."""
    rows = Measurement.objects.filter(project=project).select_related("by")
    return rows.prefetch_related("evidence__party__organisation", "disputes", "reruns").order_by("at", "pk")


def find_measurement(project: Project, key: int) -> Measurement | None:
    """One value of a project."""
    return measurements(project).filter(pk=key).first()


def disputes(project: Project) -> QuerySet[Dispute]:
    """The values in dispute, the first first."""
    related = ("measurement__by", "rerun__by", "raised_by", "decided_by")
    return Dispute.objects.filter(project=project).select_related(*related).order_by("order")


def find_dispute(project: Project, order: int) -> Dispute | None:
    """One dispute by its number in the project."""
    return disputes(project).filter(order=order).first()


def undecided(*, reader: Reader) -> QuerySet[Dispute]:
    """Values in dispute of projects that the reader may read whole."""
    allowed = visible(Project.objects.all(), what="project_content", of="project", reader=reader)
    rows = Dispute.objects.filter(project__in=allowed.values("pk")).exclude(status=Dispute.Status.DECIDED)
    return rows.select_related("project", "measurement").order_by("raised_at", "pk")


def to_measure_anew(*, reader: Reader) -> QuerySet[Dispute]:
    """Values in dispute that one of the reader's organisations is to measure anew."""
    rows = Dispute.objects.filter(status=Dispute.Status.OPEN, **_tests(reader)).distinct()
    return rows.select_related("project", "measurement").order_by("raised_at", "pk")


def projects_tested_by(*, reader: Reader) -> QuerySet[Project, str]:
    """Numbers of the projects that one of the reader's organisations tests now."""
    rows = Tester.objects.filter(ended_at=None, party__in=reader.acting_for(*TESTS_AS)).values("project")
    return Project.objects.filter(pk__in=rows).order_by("number").values_list("number", flat=True)


def _tests(reader: Reader) -> dict[str, object]:
    tester = Tester.objects.filter(ended_at=None, party__in=reader.acting_for(*TESTS_AS))
    return {"project__in": tester.values("project")}


def open_count(project: Project) -> int:
    """How many values are in dispute and not decided."""
    return Dispute.objects.filter(project=project).exclude(status=Dispute.Status.DECIDED).count()


def tester_of(project: Project) -> Tester | None:
    """Who tests independently now."""
    rows = Tester.objects.filter(project=project, ended_at=None)
    return rows.select_related("party__organisation", "named_by").first()


def grading_of(project: Project) -> Grading | None:
    """The grade at acceptance; None before."""
    return Grading.objects.filter(project=project).first()


def set_aside(project: Project) -> dict[int, Dispute]:
    """Keys of values that a decided dispute put another in the place of."""
    decided = Dispute.objects.filter(project=project, status=Dispute.Status.DECIDED)
    found = {}
    for row in decided:
        lost = row.measurement_id if row.outcome == Dispute.Outcome.RERUN else row.rerun_id
        if lost is not None:
            found[lost] = row
    return found


def values(project: Project) -> list[Value]:
    """The values as decisions read them."""
    return values_of([project]).get(project.pk, [])


def values_of(projects: Collection[Project]) -> dict[int, list[Value]]:
    """The same by project, for many: three queries, however many they are."""
    rows = Measurement.objects.filter(project__in=[item.pk for item in projects]).annotate(gone=_gone())
    changed = _altered(
        rows.prefetch_related("evidence").order_by("at", "pk"), [item.number for item in projects]
    )
    found: dict[int, list[Value]] = {}
    for row, altered_how in changed:
        found.setdefault(row.project_id, []).append(Value(
            key=row.pk, indicator=row.indicator, role=role_of(row), value=row.value, at=row.at,
            files=len(row.evidence.all()), set_aside=row.gone, altered=bool(altered_how),
        ))  # fmt: skip
    return found


def _gone() -> Q:
    """A value that a decided dispute put another in the place of."""
    over = Dispute.objects.filter(status=Dispute.Status.DECIDED)
    lost = over.filter(measurement=OuterRef("pk"), outcome=Dispute.Outcome.RERUN)
    return Q(Exists(lost)) | Q(
        Exists(over.filter(rerun=OuterRef("pk")).exclude(outcome=Dispute.Outcome.RERUN))
    )


def role_of(row: Measurement) -> str:
    """In which role a value was measured."""
    return "lead" if row.reported else row.role or "office"


def altered(project: Project) -> dict[int, str]:
    """Values of which the rows say something else than the journal: `value` or `evidence`, by key.

    Whoever can write into the database can change the rows; the journal only visibly.
    """
    rows = {row.pk: row for row in Measurement.objects.filter(project=project).prefetch_related("evidence")}
    return {key: how for key, said in _said([project.number]) if (how := _differs(rows.get(key), said))}


def _altered(rows: Iterable[Measurement], numbers: Collection[str]) -> Iterable[tuple[Any, str]]:
    """Each row with how it differs from what the journal says of it; "" where it does not."""
    said: dict[int, list[Any]] = {}
    for key, body in _said(numbers):
        said.setdefault(key, []).append(body)
    for row in rows:
        yield row, next((how for body in said.get(row.pk, ()) if (how := _differs(row, body))), "")


def _differs(row: Measurement | None, said: Any) -> str:
    if row is None or str(said["value"]) != _plain(row.value) or said["indicator"] != row.indicator:
        return "value"
    kept = sorted(sealed(item) for item in row.evidence.all())
    return "" if sorted(said.get("evidence") or []) == kept else "evidence"


def sealed(item: Evidence) -> str:
    """One file with its provenance as the journal keeps it: the hash of the bytes, then who, where, when and how."""
    return "|".join((item.sha256, item.made_by, item.made_at, item.made_on.isoformat(), item.method))


def _said(numbers: Collection[str]) -> Iterable[tuple[int, Any]]:
    subjects = [f"project:{number}" for number in numbers]
    entries = JournalEntry.objects.filter(subject__in=subjects, event=MEASURED)
    for row in entries.order_by("seq"):
        body = entry_of(row).body
        if isinstance(key := body.get("measurement"), int):
            yield key, body


def _plain(value: Any) -> str:
    return f"{value.normalize():f}"

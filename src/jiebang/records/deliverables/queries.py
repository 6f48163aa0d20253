"""Deliverables of one project, and of all that a reader may see; with the values of each read at once."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from jiebang.records.access import Reader, visible
from jiebang.records.deliverables.models import Attainment, Deliverable
from jiebang.records.projects.models import Project

_VALUES = Prefetch(
    "attainments", Attainment.objects.select_related("recorded_by", "answered_by", "party__organisation")
)
WAITING, CONFIRMED, REFUSED = Attainment.State.WAITING, Attainment.State.CONFIRMED, Attainment.State.REFUSED


def standing_in(project: Project) -> QuerySet[Deliverable]:
    """Those that stand in a project, in the order in which they begin."""
    rows = Deliverable.objects.filter(project=project, withdrawn_at=None)
    return rows.select_related("host__organisation").prefetch_related(_VALUES).order_by("since", "pk")


def withdrawn_from(project: Project) -> QuerySet[Deliverable]:
    """Those that were withdrawn, the last first."""
    rows = Deliverable.objects.filter(project=project, withdrawn_at__isnull=False)
    rows = rows.select_related("host__organisation", "withdrawn_by").prefetch_related(_VALUES)
    return rows.order_by("-withdrawn_at", "-pk")


def find_deliverable(project: Project, key: int) -> Deliverable | None:
    """One of a project, withdrawn or not."""
    rows = Deliverable.objects.filter(project=project, pk=key)
    rows = rows.select_related("host__organisation", "planned_by", "withdrawn_by")
    return rows.prefetch_related(_VALUES).first()


def deliverables(*, reader: Reader) -> QuerySet[Deliverable]:
    """Those that stand in every project that the reader may see, by project."""
    seen = visible(Project.objects.all(), what="project", of="project", reader=reader)
    rows = Deliverable.objects.filter(project__in=seen.values("pk"), withdrawn_at=None)
    rows = rows.select_related("host__organisation", "project__challenge__call").prefetch_related(_VALUES)
    return rows.defer("project__challenge__content", "project__challenge__search").order_by(
        "project__number", "since", "pk"
    )


def waiting_for(reader: Reader) -> QuerySet[Deliverable]:
    """Deliverables with values that the reader's organisations are asked to confirm as owners: none of their own."""
    mine = reader.acting_for("owner")
    values = Attainment.objects.filter(deliverable=OuterRef("pk"), state=WAITING)
    others = values.exclude(recorded_by=reader.person).exclude(party__in=reader.parties)
    need = "project__challenge__need"
    rows = Deliverable.objects.filter(Exists(others), withdrawn_at=None)
    rows = rows.filter(Q(**{f"{need}__owner__in": mine}) | Q(**{f"{need}__co_owners__in": mine}))
    return rows.select_related("project__challenge__call").distinct().order_by("pk")

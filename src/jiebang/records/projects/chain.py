"""Who does which part of a project, and where: of one project, and of all that a reader may see."""

from django.db.models import QuerySet

from jiebang.records.access import Reader, visible
from jiebang.records.projects.models import ChainPart, Project

_RELATED = ("party__organisation", "recorded_by")


def parts_of(project: Project) -> QuerySet[ChainPart]:
    """The parts that stand, in the order in which they began."""
    rows = ChainPart.objects.filter(project=project, withdrawn_at=None).select_related(*_RELATED)
    return rows.order_by("since", "pk")


def withdrawn_from(project: Project) -> QuerySet[ChainPart]:
    """The parts that were withdrawn, the last first."""
    rows = ChainPart.objects.filter(project=project, withdrawn_at__isnull=False)
    return rows.select_related(*_RELATED, "withdrawn_by").order_by("-withdrawn_at", "-pk")


def parts(*, reader: Reader) -> QuerySet[ChainPart]:
    """The parts that stand in every project that the reader may see, by project."""
    seen = visible(Project.objects.all(), what="project", of="project", reader=reader)
    rows = ChainPart.objects.filter(project__in=seen.values("pk"), withdrawn_at=None)
    rows = rows.select_related(*_RELATED, "project__challenge__call")
    return rows.defer("project__challenge__content", "project__challenge__search").order_by(
        "project__number", "since", "pk"
    )

"""What the office reads of projects."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Count,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)

from jiebang.records.access import Reader, visible
from jiebang.records.agreements.models import agreed_on, agreeing
from jiebang.records.ledger.models import Order
from jiebang.records.projects.models import (
    FollowUp,
    GateCheck,
    Instalment,
    Measurement,
    Milestone,
    Project,
    open_gates,
)

_LONG = ("challenge__content", "challenge__search")


def projects(*, reader: Reader) -> QuerySet[Project]:
    """The projects whose content the reader may read, with their challenge, call and lead."""
    rows = visible(Project.objects.all(), what="project_content", of="project", reader=reader)
    return rows.select_related("challenge__call", "bid__consortium__lead__organisation").defer(*_LONG)


def find_project(number: str, *, reader: Reader) -> Project | None:
    """One project; None when there is none for the reader."""
    rows = visible(Project.objects.all(), what="project_content", of="project", reader=reader)
    related = (
        "challenge__call",
        "challenge__need__owner__organisation",
        "bid__consortium__lead__organisation",
        "updated_by",
    )
    return rows.select_related(*related).filter(number=number).first()


def with_steps(project: Project) -> Project:
    """The same project with everything its page tells, each in its order, read at once."""
    steps: tuple[tuple[QuerySet[Any], str], ...] = (
        (GateCheck.objects.select_related("closed_by").order_by("pk"), "gates"),
        (agreed_on(), "signatures"),
        (Milestone.objects.select_related("accepted_by").order_by("order"), "milestones"),
        (Measurement.objects.select_related("by").order_by("indicator", "at"), "measurements"),
        (Instalment.objects.order_by("order"), "instalments"),
        (FollowUp.objects.order_by("month"), "follow_ups"),
    )
    prefetch_related_objects([project], *(Prefetch(name, queryset=rows) for rows, name in steps))
    return project


def rivals_of(project: Project) -> QuerySet[Project]:
    """The other projects of the same challenge, by number."""
    return Project.objects.filter(challenge=project.challenge_id).exclude(pk=project.pk).order_by("number")


def find_milestone(project: Project, order: int) -> Milestone | None:
    """One milestone of a project."""
    return Milestone.objects.filter(project=project, order=order).first()


def find_instalment(project: Project, order: int) -> Instalment | None:
    """One instalment of a project."""
    return Instalment.objects.filter(project=project, order=order).first()


def projects_in(stages: Collection[str], *, reader: Reader, on: date) -> QuerySet[Project]:
    """Projects in some stages with the signatures and the checks open on a day counted."""
    rows = projects(reader=reader).filter(stage__in=stages).order_by("due_at", "pk")
    return rows.annotate(
        open_gates=Count("gates", filter=open_gates(on, at="gates__"), distinct=True),
        signed=Count("signatures", filter=agreeing("signatures__"), distinct=True),
    )


def reported(*, reader: Reader) -> QuerySet[Milestone]:
    """Milestones that were reported and wait to be accepted."""
    rows = Milestone.objects.filter(reported_at__isnull=False, accepted_at=None)
    rows = rows.filter(project__in=projects(reader=reader).values("pk")).select_related(
        "project__challenge__call"
    )
    return rows.defer("project__challenge__content").order_by("reported_at")


def unreported(*, reader: Reader, at: datetime) -> QuerySet[Milestone]:
    """Milestones whose day may be over and that nobody has reported, the earliest of each project first."""
    rows = Milestone.objects.filter(reported_at=None, due_on__lte=at.date())
    rows = rows.filter(project__in=projects(reader=reader).values("pk"))
    related = ("project__challenge__call", "project__bid__consortium__lead__organisation")
    return rows.select_related(*related).defer("project__challenge__content").order_by("due_on", "order")


def payable(*, reader: Reader) -> QuerySet[Instalment]:
    """Instalments that fell due and are not paid, of projects whose money has not lapsed; `proposed_by` where one waits."""
    rows = Instalment.objects.filter(due_since__isnull=False, paid_on=None)
    rows = rows.exclude(project__funds__movements__act="lapse")
    proposed = Order.objects.filter(instalment=OuterRef("pk"), status=Order.Status.OPEN)
    rows = rows.annotate(proposed_by=Subquery(proposed.values("proposed_by")[:1]))
    rows = rows.filter(project__in=projects(reader=reader).values("pk")).select_related(
        "project__challenge__call"
    )
    return rows.defer("project__challenge__content").order_by("due_since")

"""Projects as the people see them who carry them out or for whom they are carried out."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from jiebang.records.access import Reader, visible
from jiebang.records.agreements.models import Signature, agreed_on, agreeing
from jiebang.records.bids.models import Invitation
from jiebang.records.challenges.models import Need
from jiebang.records.projects.models import FollowUp, Milestone, Project

_HEAVY = ("challenge__search", "challenge__summary")
_RELATED = (
    "challenge__call",
    "challenge__need__owner__organisation",
    "bid__consortium__lead__organisation",
    "updated_by",
)


def projects(*, reader: Reader) -> QuerySet[Project]:
    """Projects of the reader's organisations (or of the countries whose desk the reader keeps), last changed first."""
    rows = visible(Project.objects.filter(_own(reader)), what="project", of="project", reader=reader)
    return rows.select_related(*_RELATED).defer(*_HEAVY, "challenge__content").order_by("-updated_at", "-pk")


def find_project(number: str, *, reader: Reader) -> Project | None:
    """One project that the reader may read whole, with its steps; None when there is none."""
    rows = visible(Project.objects.all(), what="project_content", of="project", reader=reader)
    steps = (
        "milestones",
        "measurements__by",
        "follow_ups",
        "gates",
        "instalments",
    )
    rows = rows.select_related(*_RELATED, "bid__lead_person", "validation__by").defer(*_HEAVY)
    return (
        rows.prefetch_related(*steps, Prefetch("signatures", queryset=agreed_on()))
        .filter(number=number)
        .first()
    )


def follow_ups(*, reader: Reader) -> QuerySet[FollowUp]:
    """Follow-ups not yet given, of projects of the reader's needs or countries, the earliest first."""
    rows = FollowUp.objects.filter(_asked_for(reader), at=None).select_related("project__challenge__call")
    return rows.distinct().defer("project__challenge__content").order_by("due_on", "pk")


def reported(*, reader: Reader) -> QuerySet[Milestone]:
    """Milestones of projects of the reader's needs or countries that were reported and wait for an answer."""
    rows = Milestone.objects.filter(_asked_for(reader), reported_at__isnull=False, accepted_at=None)
    rows = rows.select_related("project__challenge__call").distinct()
    return rows.defer("project__challenge__content").order_by("reported_at", "pk")


def _asked_for(reader: Reader) -> Q:
    """Steps of projects whose need is the reader's, shared with them, or of a country whose desk they keep."""
    need = "project__challenge__need"
    mine = Q(**{f"{need}__owner__in": reader.parties}) | Q(**{f"{need}__country__in": reader.countries})
    return mine | Q(**{f"{need}__co_owners__in": reader.parties})


def _own(reader: Reader) -> Q:
    there = Invitation.objects.filter(partner__in=reader.parties, status__in=Invitation.AT_WORK)
    shared = Q(challenge__need__in=_shared(reader))
    owner = (
        Q(challenge__need__owner__in=reader.parties)
        | Q(challenge__need__country__in=reader.countries)
        | shared
    )
    return (
        owner
        | Q(bid__consortium__lead__in=reader.parties)
        | Q(bid__consortium__in=there.values("consortium"))
    )


def _shared(reader: Reader) -> Any:
    return Need.co_owners.through.objects.filter(party_id__in=reader.parties).values("need_id")


def signed(projects: Sequence[Project]) -> frozenset[tuple[int, int]]:
    """(project, party) of every signature on these projects."""
    rows = Signature.objects.filter(agreeing(), project__in=projects)
    return frozenset(rows.values_list("project_id", "party_id"))


def next_milestones(projects: Sequence[Project]) -> dict[int, Milestone]:
    """For each of these projects the first milestone that was not reported yet."""
    rows = Milestone.objects.filter(project__in=projects, reported_at=None).order_by("-order")
    return {row.project_id: row for row in rows}

"""What readers see of projects: the list, one project with its steps, figures over all of them."""

from collections.abc import Collection, Iterable

from django.db.models import Count, Q, QuerySet

from jiebang.records.access import Reader, visible
from jiebang.records.challenges.models import Need
from jiebang.records.challenges.queries import MOST_WORDS, Filters, normalised
from jiebang.records.people.queries import named
from jiebang.records.projects.models import Diligence, Measurement, Project


def projects(*, reader: Reader, filters: Filters | None = None) -> QuerySet[Project]:
    """Projects a reader may see, the last changed first; words are those of the challenge, the number, the lead."""
    rows = visible(Project.objects.all(), what="project", of="project", reader=reader)
    rows = rows.select_related("challenge__call", "bid__consortium__lead__organisation")
    rows = rows.defer("challenge__content", "challenge__search", "challenge__summary")
    return rows.filter(_condition(filters or Filters())).order_by("-stage_since", "-pk")


def find_project(number: str, *, reader: Reader) -> Project | None:
    """One project with its steps; None when there is none that the reader may see."""
    rows = visible(Project.objects.all(), what="project", of="project", reader=reader)
    related = (
        "challenge__call",
        "challenge__need__owner__organisation",
        "bid__consortium__lead__organisation",
    )
    steps = ("milestones", "measurements", "follow_ups")
    rows = rows.select_related(*related, "bid__lead_person", "validation__by", "updated_by")
    return rows.prefetch_related(*steps).filter(number=number).first()


def project_counts(*, reader: Reader) -> dict[str, int]:
    """How many projects stand in each stage."""
    rows = visible(Project.objects.all(), what="project", of="project", reader=reader)
    return dict(rows.order_by().values_list("stage").annotate(n=Count("pk")))


def projects_of(challenge_id: int, *, reader: Reader) -> QuerySet[Project]:
    """The projects that came of a challenge."""
    return projects(reader=reader).filter(challenge=challenge_id)


def _condition(filters: Filters) -> Q:
    wanted = Q()
    for word in normalised(filters.text).split()[:MOST_WORDS]:
        wanted &= (
            Q(challenge__search__contains=word)
            | Q(number__icontains=word)
            | named(word, at="bid__consortium__lead__organisation__")
        )
    for name in ("country", "sector"):
        if value := getattr(filters, name):
            wanted &= Q(**{f"challenge__{name}": value})
    return wanted & Q(stage=filters.stage) if filters.stage else wanted


def unconfirmed(rows: Iterable[Measurement]) -> dict[str, Measurement]:
    """By indicator what the lead reported last, where nobody else has measured it since."""
    last = {row.indicator: row for row in sorted(rows, key=lambda row: (row.at, row.pk))}
    return {name: row for name, row in last.items() if row.reported}


def last_measured(rows: Iterable[Measurement]) -> dict[str, Measurement]:
    """By indicator the last value measured; what the lead reported only where nobody else measured."""
    return {row.indicator: row for row in sorted(rows, key=lambda row: (not row.reported, row.at, row.pk))}


def unanswered_diligence(parties: Collection[int]) -> QuerySet[Diligence]:
    """What teams stated to these owners, who have not said yet whether it was so."""
    owners = Need.objects.filter(Q(owner__in=parties) | Q(co_owners__in=parties))
    rows = Diligence.objects.filter(answered_at=None, project__challenge__need__in=owners)
    return rows.select_related("project__challenge__call").order_by("at", "pk")


def diligence_of(project: Project) -> Diligence | None:
    """What was stated of due care; None where nothing was."""
    return Diligence.objects.select_related("by", "answered_by").filter(project=project).first()

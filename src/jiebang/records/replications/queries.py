"""What readers see of copies. The public sees those whose owner agreed; the parties of a copy see it, not the origin's room."""

from collections.abc import Collection

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When

from jiebang.records.access import Reader, visible
from jiebang.records.challenges.queries import Filters
from jiebang.records.projects.models import Project, Validation
from jiebang.records.projects.queries import projects
from jiebang.records.replications.models import Benefit, Replica

_PARTIES = ("owner__organisation", "carrier__organisation")
_LONG = ("project__challenge__search", "project__challenge__summary")


def replicas_of(project: Project) -> QuerySet[Replica]:
    """Every copy of a project that was ever proposed, the first first; for who may read the project whole."""
    return _whole(Replica.objects.filter(project=project))


def public_replicas(projects: Collection[int]) -> QuerySet[Replica]:
    """The copies of these projects to which their owners agreed, the first first."""
    return _whole(Replica.objects.filter(project__in=projects, agreed_at__isnull=False))


def find_replica(number: str, *, reader: Reader) -> Replica | None:
    """One copy, for its owner, its carrier, the desk of its country, and who may read the origin whole."""
    related = (
        "project__challenge__call", "project__challenge__need__owner__organisation",
        "project__bid__consortium__lead__organisation", "project__validation", "proposed_by", "agreed_by", "confirmed_by",
        "given_up_by",
    )  # fmt: skip
    rows = Replica.objects.filter(_readable(reader), number=number).select_related(*related).defer(*_LONG)
    return _whole(rows).first()


def cases(*, reader: Reader, filters: Filters) -> QuerySet[Project]:
    """Validated projects that a reader may see, the last validated first; a country is the origin's or a copy's."""
    country = filters.country
    rows = projects(reader=reader, filters=Filters(text=filters.text, sector=filters.sector))
    rows = rows.filter(Exists(Validation.objects.filter(project=OuterRef("pk"))))
    if country:
        there = Replica.objects.filter(project=OuterRef("pk"), country=country, agreed_at__isnull=False)
        rows = rows.filter(Q(challenge__country=country) | Exists(there))
    rows = rows.select_related("validation", "challenge__need__owner__organisation")
    return rows.order_by("-validation__at", "-pk")


def places_and_sectors(*, reader: Reader) -> tuple[list[str], list[str]]:
    """Countries (of origins and copies) and sectors that occur among the cases, each in order."""
    rows = cases(reader=reader, filters=Filters()).order_by()
    agreed = Case(When(replicas__agreed_at__isnull=False, then="replicas__country"), default=Value(""))
    found = set(rows.values_list("challenge__country", "challenge__sector", agreed).distinct())
    countries = {code for origin, _, there in found for code in (origin, there)}
    return sorted(countries - {""}), sorted({sector for _, sector, _ in found} - {""})


def validated(numbers: Collection[str]) -> list[str]:
    """Those of these projects that their owners validated."""
    rows = Validation.objects.filter(project__number__in=numbers).order_by("project__number")
    return list(rows.values_list("project__number", flat=True))


def spread(projects: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """Country and state of each copy to which its owner agreed, by project."""
    rows = Replica.objects.filter(project__in=projects, agreed_at__isnull=False).order_by("pk")
    found: dict[int, list[tuple[str, str]]] = {}
    for project, country, state in rows.values_list("project", "country", "state"):
        found.setdefault(project, []).append((country, state))
    return found


def counted(origin: str, copies: Collection[tuple[str, str]]) -> dict[str, int]:
    """Places where a result is in use and their countries, the origin's counted in; copies on their way."""
    used = [country for country, state in copies if state == Replica.State.CONFIRMED]
    going = sum(state in (Replica.State.AGREED, Replica.State.MEASURED) for _, state in copies)
    return {"places": 1 + len(used), "countries": len({origin, *used}), "on_the_way": going}


def asked(*, reader: Reader) -> QuerySet[Replica]:
    """Copies that wait for one of the reader's organisations as their owner: to agree, to be measured, to be confirmed."""
    rows = Replica.objects.filter(
        owner__in=reader.acting_for("owner"), state__in=("proposed", "agreed", "measured")
    )
    return rows.select_related("project__challenge__call").defer("project__challenge__content", *_LONG)


def known_to(reader: Reader) -> QuerySet[Replica]:
    """The copies that a reader's organisations own or carry."""
    return _whole(Replica.objects.filter(_own(reader)).select_related("project__challenge__call"))


def _own(reader: Reader) -> Q:
    return Q(owner__in=reader.acting_for("owner")) | Q(carrier__in=reader.parties)


def _readable(reader: Reader) -> Q:
    whole = visible(Project.objects.all(), what="project_content", of="project", reader=reader)
    return _own(reader) | Q(country__in=reader.countries) | Q(project__in=whole.values("pk"))


def _whole(rows: QuerySet[Replica]) -> QuerySet[Replica]:
    gains = Benefit.objects.select_related("party__organisation")
    rows = rows.select_related(*_PARTIES, "parent")
    return rows.prefetch_related("adaptations", "values__by", Prefetch("benefits", queryset=gains)).order_by(
        "pk"
    )

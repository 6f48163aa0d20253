"""Needs as their owners and their country desks see them: the list, one need, its questions."""

from django.db.models import F, Q, QuerySet

from jiebang.records.access import Reader, visible
from jiebang.records.awards.models import Verdict
from jiebang.records.challenges.models import Challenge, Need, Question

SORTS = {
    "changed": ("-updated_at", "-pk"),
    "number": ("number",),
    "title": ("title", "number"),
    "due": ("due_at", "number"),
}


def needs(
    *,
    reader: Reader,
    text: str = "",
    stage: str = "",
    sector: str = "",
    country: str = "",
    sort: str = "changed",
) -> QuerySet[Need]:
    """The needs of the reader's organisations and of the countries whose desk the reader keeps."""
    rows = visible(Need.objects.filter(_own(reader)), what="need_content", of="need", reader=reader)
    for word in text.split()[:8]:
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(number__icontains=word)
            | Q(owner__organisation__name__icontains=word)
        )
    wanted = {"stage": stage, "sector": sector, "country": country}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    rows = rows.select_related("call", "owner__organisation", "filed_by__organisation").prefetch_related(
        "challenges"
    )
    return (
        rows.defer("content")
        .annotate(titles=F("content__title"))
        .order_by(*SORTS.get(sort, SORTS["changed"]))
    )


def find_need(number: str, *, reader: Reader) -> Need | None:
    """One need that the reader may read whole, with its call and its people; None when there is none."""
    rows = visible(Need.objects.all(), what="need_content", of="need", reader=reader)
    related = ("call", "owner__organisation", "filed_by__organisation", "updated_by")
    return (
        rows.select_related(*related)
        .prefetch_related("co_owners__organisation")
        .filter(number=number)
        .first()
    )


def challenges_of(need: Need, *, reader: Reader) -> QuerySet[Challenge]:
    """The challenges listed from a need, the latest first."""
    rows = visible(need.challenges.all(), what="challenge", of="challenge", reader=reader)
    return rows.select_related("call").order_by("-listed_at")


def questions_of(challenge_ids: list[int]) -> QuerySet[Question]:
    """Every question on these challenges, those that wait first; who asked stays away."""
    rows = Question.objects.filter(challenge__in=challenge_ids).select_related("challenge")
    return rows.defer("asked_by").order_by("answered_at", "asked_at")


def waiting_questions(*, reader: Reader) -> QuerySet[Question]:
    """Questions without an answer on challenges of the reader's organisations."""
    mine = Q(challenge__need__owner__in=reader.parties) | Q(challenge__need__co_owners__in=reader.parties)
    rows = (
        Question.objects.filter(mine, answered_at=None)
        .select_related("challenge__call", "challenge__need")
        .distinct()
    )
    return rows.defer(
        "asked_by",
        "challenge__need__content",
        "challenge__content",
        "challenge__search",
    ).order_by("asked_at")


def verdicts_of(need: Need) -> QuerySet[Verdict]:
    """What the rules last said of the need's owner."""
    return need.verdicts.filter(current=True).order_by("pk")


def _own(reader: Reader) -> Q:
    shared = Need.co_owners.through.objects.filter(party_id__in=reader.parties).values("need_id")
    return Q(owner__in=reader.parties) | Q(pk__in=shared) | Q(country__in=reader.countries)

"""What readers see of challenges: the board with its filters, one notice, its question log.

Every function goes through the disclosure policy; a row that a reader may not see is not counted either.
"""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, DateTimeField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from jiebang.records.access import Reader, visible
from jiebang.records.challenges.models import Challenge, Question

SORTS = ("closing", "newest", "budget", "number")
MOST_WORDS = 8
# What a list never prints; some of it is large.
_HEAVY = ("content", "search", "summary", "remark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a reader narrows the board to; empty means all."""

    text: str = ""
    country: str = ""
    sector: str = ""
    stage: str = ""
    mode: str = ""
    sort: str = "closing"


def normalised(text: str) -> str:
    """The form in which texts are kept and looked for: compatibility forms joined (NFKC), case folded."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def board(*, reader: Reader, filters: Filters, open_stages: Collection[str]) -> QuerySet[Challenge]:
    """The challenges a reader may see, narrowed and in order; each with its call, without its long texts."""
    rows = visible(Challenge.objects.all(), what="challenge", of="challenge", reader=reader)
    rows = rows.filter(condition(filters)).select_related("call").defer(*_HEAVY)
    return rows.order_by(*_order(filters.sort, open_stages))


def find_challenge(number: str, *, reader: Reader) -> Challenge | None:
    """One challenge with its call, need and owner; None when there is none that the reader may see."""
    rows = visible(Challenge.objects.all(), what="challenge", of="challenge", reader=reader)
    related = ("call", "need__owner__organisation", "relisted_from", "relisted_as", "updated_by")
    return rows.select_related(*related).filter(number=number).first()


def places_and_fields(*, reader: Reader) -> tuple[list[str], list[str], list[str]]:
    """Countries, sectors and stages that occur among the challenges a reader may see, each in order."""
    rows = visible(Challenge.objects.all(), what="challenge", of="challenge", reader=reader)
    found = rows.order_by().values_list("country", "sector", "stage").distinct()
    countries, sectors, stages = (
        (sorted(set(column)) for column in zip(*found, strict=True)) if found else ((), (), ())
    )
    return list(countries), list(sectors), list(stages)


def counts_by_stage(*, reader: Reader) -> dict[str, int]:
    """How many challenges stand in each stage."""
    rows = visible(Challenge.objects.all(), what="challenge", of="challenge", reader=reader)
    return dict(rows.order_by().values_list("stage").annotate(n=Count("pk")))


def counts_by_country(*, reader: Reader) -> dict[str, int]:
    """How many challenges come from each country."""
    rows = visible(Challenge.objects.all(), what="challenge", of="challenge", reader=reader)
    return dict(rows.order_by().values_list("country").annotate(n=Count("pk")))


def answered_questions(challenge: Challenge) -> QuerySet[Question]:
    """The public question log, oldest first; who asked is never part of it."""
    return (
        challenge.questions.filter(answered_at__isnull=False)
        .defer("asked_by", "answered_by")
        .order_by("answered_at")
    )


def open_questions(challenge: Challenge) -> int:
    """How many questions wait for their answer."""
    return challenge.questions.filter(answered_at__isnull=True).count()


def condition(filters: Filters) -> Q:
    """The filters as a condition on challenges."""
    wanted = Q()
    for word in normalised(filters.text).split()[:MOST_WORDS]:
        wanted &= Q(search__contains=word) | Q(number__icontains=word)
    for name in ("country", "sector", "stage"):
        if value := getattr(filters, name):
            wanted &= Q(**{name: value})
    if filters.mode:
        wanted &= Q(content__modes__icontains=f'"{filters.mode}"')
    return wanted


def _order(sort: str, open_stages: Collection[str]) -> tuple[Any, ...]:
    if sort == "newest":
        return ("-listed_at", "-pk")
    if sort == "budget":
        return (Coalesce("budget", Value(0), output_field=Challenge._meta.get_field("budget")).desc(), "pk")
    if sort == "number":
        return ("number",)
    is_open = When(stage__in=list(open_stages), then=Value(0))
    soonest = When(stage__in=list(open_stages), then=F("closes_at"))
    return (
        Case(is_open, default=Value(1), output_field=IntegerField()),
        Case(soonest, default=None, output_field=DateTimeField()),
        "-closes_at",
        "pk",
    )

"""What the office reads of needs, challenges, opinions and questions, under the disclosure policy."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from jiebang.records.access import Reader, visible
from jiebang.records.challenges.models import Argument, Challenge, DepartmentOpinion, Need, Question
from jiebang.records.people.models import Party, User
from jiebang.records.reviews.models import Assignment


def needs(*, reader: Reader) -> QuerySet[Need]:
    """The needs whose content the reader may read, each with its call and owner."""
    rows = visible(Need.objects.all(), what="need_content", of="need", reader=reader)
    return rows.select_related("call", "owner__organisation").annotate(titles=F("content__title"))


def find_need(number: str, *, reader: Reader) -> Need | None:
    """One need with what its page shows; None when there is none for the reader."""
    related = ("filed_by__organisation", "updated_by")
    return needs(reader=reader).select_related(*related).filter(number=number).first()


def needs_in(stages: Collection[str], *, reader: Reader) -> QuerySet[Need]:
    """Needs in some stages, the first limit first, without their long texts."""
    return needs(reader=reader).filter(stage__in=stages).defer("content").order_by("due_at", "pk")


def challenges(*, reader: Reader) -> QuerySet[Challenge]:
    """The challenges the reader may see, each with its call and the need's owner; no long texts."""
    rows = visible(Challenge.objects.all(), what="challenge", of="challenge", reader=reader)
    heavy = ("content", "search", "summary", "need__content")
    return rows.select_related("call", "need__owner__organisation").defer(*heavy)


def with_progress(rows: QuerySet[Challenge]) -> QuerySet[Any]:
    """Adds `asked`, `signed` (reviews) and `unanswered` (questions) to each."""
    live = Q(bids__assignments__status__in=Assignment.LIVE)
    signed = Q(bids__assignments__status=Assignment.Status.SIGNED)
    return rows.annotate(
        asked=Count("bids__assignments", filter=live, distinct=True),
        signed=Count("bids__assignments", filter=signed, distinct=True),
        unanswered=Count("questions", filter=Q(questions__answered_at=None), distinct=True),
    )


def open_questions(*, reader: Reader) -> QuerySet[Question]:
    """Questions that wait for their answer on challenges the reader may see, oldest first."""
    rows = Question.objects.filter(answered_at=None, challenge__in=challenges(reader=reader).values("pk"))
    return (
        rows.select_related("challenge__call")
        .defer("challenge__content", "challenge__search")
        .order_by("asked_at")
    )


def opinions_asked(scopes: Collection[str]) -> QuerySet[DepartmentOpinion]:
    """Opinions of the departments named, open ones first."""
    rows = DepartmentOpinion.objects.filter(opinion__in=scopes).select_related(
        "need__call", "need__owner__organisation", "challenge__call", "challenge__need", "project__challenge__call",
        "project__challenge__need", "by",
    )  # fmt: skip
    return rows.order_by(F("given_at").asc(nulls_first=True), "due_at", "pk")


def arguments_of(person: User | None) -> QuerySet[Argument]:
    """The needs that an expert was asked to argue, open ones first."""
    rows = (
        Argument.objects.filter(expert=person)
        .select_related("need__call")
        .annotate(titles=F("need__content__title"))
    )
    return rows.order_by(F("given_at").asc(nulls_first=True), "asked_at")


def open_question(pk: int, *, reader: Reader) -> Question | None:
    """A question that waits, on a challenge the reader may see; who asked is not loaded."""
    rows = Question.objects.select_related("challenge").filter(pk=pk, answered_at=None).defer("asked_by")
    return rows.filter(challenge__in=challenges(reader=reader).values("pk")).first()


def arguments_on(need: Need) -> QuerySet[Argument]:
    """What experts were asked to argue about a need, in that order."""
    return Argument.objects.filter(need=need).select_related("expert").order_by("pk")


def opinions_on(need: Need) -> QuerySet[DepartmentOpinion]:
    """The opinions that departments were asked for on a need, in that order."""
    return DepartmentOpinion.objects.filter(need=need).select_related("by").order_by("pk")


def co_owners_of(need: Need) -> QuerySet[Party]:
    """The parties that own a need together with its owner."""
    return Party.objects.filter(shared_needs=need).select_related("organisation").order_by("pk")


def count_needs(party: Party) -> int:
    """How many needs a party owns."""
    return Need.objects.filter(owner=party).count()

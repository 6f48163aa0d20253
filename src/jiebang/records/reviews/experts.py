"""The pool of experts as the office reads it: profiles, links, what each has done and left undone."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from jiebang.records.challenges.models import Challenge
from jiebang.records.people.models import Engagement, ExpertProfile, User
from jiebang.records.people.queries import running
from jiebang.records.programme.models import Call
from jiebang.records.reviews.models import Assignment, Block, Conflict, PairWish, Slate


def pool(*, at: datetime) -> QuerySet[User]:
    """Everybody in the pool now, each once, with profile and integrity record (asked, signed, recused, late, missing, links)."""
    named = Engagement.objects.filter(running(at=at), role="expert").values("person")
    rows = User.objects.filter(pk__in=named, is_active=True).select_related("expert")
    return with_record(rows, at=at)


def find_expert(pk: int, *, at: datetime) -> User | None:
    """One of the pool."""
    return pool(at=at).filter(pk=pk).first()


def with_record(rows: QuerySet[User], *, at: datetime) -> QuerySet[User]:
    """Persons with what they were asked and did: reviews `asked`, `signed`, stepped aside from (`recused`), signed after
    their time (`late`), not signed though it is over (`missing`), and declared `links` that count."""
    status = "assignments__status"

    def counted(**where: object) -> Count:
        return Count("assignments", filter=Q(**where), distinct=True)

    return rows.annotate(
        asked=Count("assignments", distinct=True),
        signed=counted(**{status: Assignment.Status.SIGNED}),
        recused=counted(**{status: Assignment.Status.RECUSED}),
        late=counted(**{status: Assignment.Status.SIGNED, "assignments__signed_at__gt": F("assignments__due_at")}),
        missing=counted(**{f"{status}__in": Assignment.OPEN, "assignments__due_at__lte": at}),
        links=Count("conflicts", filter=Q(conflicts__lifted_at=None), distinct=True),
    )  # fmt: skip


def homes_of(people: Collection[User], *, at: datetime) -> dict[int, list[Engagement]]:
    """For whom each of these persons is an expert now."""
    rows = Engagement.objects.filter(running(at=at), role="expert", person__in=people)
    found: dict[int, list[Engagement]] = {}
    for row in rows.select_related("party__organisation").order_by("pk"):
        found.setdefault(row.person_id, []).append(row)
    return found


def profile_of(person: User | None) -> ExpertProfile | None:
    """What a person says of their expertise, if anything."""
    return ExpertProfile.objects.filter(person=person).first() if person else None


def links_of(person: User | None) -> QuerySet[Conflict]:
    """What was declared of a person, the newest first; interests in a single bid among it."""
    rows = Conflict.objects.filter(expert=person).exclude(kind="none")
    return rows.select_related("party__organisation", "other", "bid", "declared_by").order_by("-pk")


def find_link(pk: int) -> Conflict | None:
    """One declared link that still counts."""
    return (
        Conflict.objects.filter(pk=pk, lifted_at=None)
        .select_related("expert", "party__organisation", "other", "bid")
        .first()
    )


def blocks_on_bids(bids: Collection[int], *, expert: User | None = None) -> QuerySet[Block]:
    """The stored blocks on some bids, of everybody or of one expert."""
    rows = Block.objects.filter(bid__in=bids).select_related("expert", "via", "party__organisation")
    return (rows.filter(expert=expert) if expert else rows).order_by("bid", "expert", "pk")


def wishes_on(challenges: Collection[Challenge]) -> QuerySet[PairWish]:
    """What the office wants of the next proposal for some challenges."""
    rows = PairWish.objects.filter(bid__challenge__in=challenges)
    return rows.select_related("bid", "expert", "by").order_by("bid__number", "expert__name")


def wish_on(bid: int, expert: int) -> PairWish | None:
    """What the office wants of one pair."""
    return PairWish.objects.filter(bid=bid, expert=expert).first()


def last_slate(challenge: Challenge) -> Slate | None:
    """The experts last appointed at once, to this challenge alone or to its whole call, with the problem that was solved."""
    return Slate.objects.filter(challenges=challenge).select_related("by", "call").order_by("-pk").first()


def last_slate_of_call(call: Call) -> Slate | None:
    """The experts last appointed to a whole call at once."""
    return Slate.objects.filter(call=call, whole=True).select_related("by", "call").order_by("-pk").first()


def numbers_of(slate: Slate) -> list[str]:
    """The challenges to whose bids experts were appointed at once."""
    return list(slate.challenges.order_by("number").values_list("number", flat=True))


def live_pairs(challenges: Collection[Challenge]) -> dict[tuple[int, int], str]:
    """How far each live assignment on some challenges is, by bid and expert."""
    rows = Assignment.objects.filter(bid__challenge__in=challenges, status__in=Assignment.LIVE)
    return {(bid, expert): status for bid, expert, status in rows.values_list("bid", "expert", "status")}

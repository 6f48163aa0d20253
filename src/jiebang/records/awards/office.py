"""What the office reads of proposals and objections."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from jiebang.records.access import Reader, visible
from jiebang.records.awards.models import (
    Amendment,
    Decision,
    Draw,
    Objection,
    Proposal,
    Revocation,
    Verdict,
)
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge, Need
from jiebang.records.projects.models import Project
from jiebang.records.reviews.models import Assignment

IN_DRAW = "award.in_draw"  # the reason of a bid that waits for a lottery's draw


def open_proposals() -> QuerySet[Proposal]:
    """Halves of four-eyes acts that wait for another officer, the first limit first."""
    return Proposal.objects.filter(status="open").select_related("proposed_by").order_by("due_at", "pk")


def proposal_on(subject: str) -> Proposal | None:
    """The proposal open on a thing (`need:N-1`), if any."""
    return open_proposals().filter(subject=subject).first()


def proposed_on(proposal: Proposal) -> Need | Challenge | Bid | Project:
    """What a proposal is about."""
    kind, number = proposal.subject.split(":", 1)
    if kind == "need":
        return Need.objects.get(number=number)
    if kind == "challenge":
        return Challenge.objects.get(number=number)
    return Bid.objects.get(number=number) if kind == "bid" else Project.objects.get(number=number)


def objections(*, reader: Reader) -> QuerySet[Objection]:
    """The objections the reader may read, with their challenge."""
    rows = visible(Objection.objects.all(), what="objection", of="objection", reader=reader)
    return rows.select_related(
        "challenge__call", "by", "party__organisation", "answered_by", "appeal_of", "appeal"
    ).defer("challenge__content", "challenge__search")


def questioned(*, reader: Reader) -> QuerySet[Revocation]:
    """Awards in question on projects that the reader may see, the first limit first."""
    seen = visible(Project.objects.all(), what="project", of="project", reader=reader).values("pk")
    rows = Revocation.objects.filter(status="open", project__in=seen)
    rows = rows.select_related("project__challenge__call", "project__bid__consortium")
    return rows.defer("project__challenge__content", "project__challenge__search").order_by(
        "answer_until", "pk"
    )


def vacancies(*, reader: Reader) -> QuerySet[Challenge]:
    """Challenges with a place that a revocation left empty, the longest first."""
    lost = Revocation.objects.filter(status="revoked", filled_at=None).values("project__challenge")
    rows = visible(Challenge.objects.all(), what="challenge", of="challenge", reader=reader)
    rows = rows.filter(pk__in=lost).select_related("call").defer("content", "search")
    return rows.order_by("updated_at", "pk")


def amendments_on(challenge: Challenge) -> QuerySet[Amendment]:
    """Everything that was changed in a challenge's result, also before it was public, the latest first."""
    return Amendment.objects.filter(challenge=challenge).order_by("-at", "-pk")


def upheld_on(challenge: Challenge) -> QuerySet[Objection]:
    """Objections and appeals on a challenge that were upheld, wholly or in part."""
    rows = Objection.objects.filter(challenge=challenge, status__in=("upheld", "partly"))
    return rows.order_by("number")


def signed_reviews(challenge: Challenge) -> QuerySet[Assignment]:
    """The signed reviews on which a challenge's result rests."""
    rows = Assignment.objects.filter(bid__challenge=challenge, status=Assignment.Status.SIGNED)
    return rows.select_related("bid", "expert").order_by("bid__number", "pk")


def find_proposal(pk: int) -> Proposal | None:
    """A proposal with who made and answered it."""
    return Proposal.objects.select_related("proposed_by", "answered_by").filter(pk=pk).first()


def decisions_on(challenge: Challenge) -> QuerySet[Decision]:
    """The current outcomes of a challenge, by place."""
    rows = Decision.objects.filter(challenge=challenge, current=True)
    return rows.select_related("bid__consortium__lead__organisation").order_by("rank", "bid__number", "pk")


def drawing(*, reader: Reader) -> QuerySet[Any]:
    """Challenges with bids that wait for a lottery's draw; `listed` says whether its list is committed."""
    waiting = Decision.objects.filter(current=True, code=IN_DRAW, published_at=None).values("challenge")
    rows = visible(Challenge.objects.all(), what="challenge", of="challenge", reader=reader).filter(
        pk__in=waiting
    )
    listed = Exists(Draw.objects.filter(challenge=OuterRef("pk"), current=True))
    return (
        rows.select_related("call")
        .defer("content", "search")
        .annotate(listed=listed)
        .order_by("due_at", "pk")
    )


def open_or_held(challenge: Challenge) -> bool:
    """Whether bids of a challenge wait for a lottery's draw, or one was committed."""
    waiting = Decision.objects.filter(challenge=challenge, current=True, code=IN_DRAW)
    return waiting.exists() or Draw.objects.filter(challenge=challenge, current=True).exists()


def decision_of(bid: Bid) -> Decision | None:
    """The current outcome of a bid."""
    return Decision.objects.filter(bid=bid, current=True).first()


def decisions(*, reader: Reader) -> QuerySet[Decision]:
    """The current outcomes of all bids the reader may see."""
    bids = visible(Bid.objects.all(), what="bid", of="bid", reader=reader).values("pk")
    rows = Decision.objects.filter(current=True, bid__in=bids)
    rows = rows.select_related("bid__consortium__lead__organisation", "challenge__call")
    return rows.defer("challenge__content", "challenge__search")


def verdicts_on(bids: Collection[Bid]) -> dict[int, list[Verdict]]:
    """The current verdicts of bids, by the bid's id."""
    found: dict[int, list[Verdict]] = defaultdict(list)
    for row in Verdict.objects.filter(bid__in=bids, current=True).order_by("pk"):
        found[row.bid_id or 0].append(row)
    return found

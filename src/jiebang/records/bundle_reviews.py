"""Who judged the bids of a bundle, what they said, and what keeps them from it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from jiebang.decisions import bundle as data
from jiebang.decisions.conflicts import ANY, link_of
from jiebang.records.bids.models import Bid, Invitation
from jiebang.records.panels.models import ScoreChange
from jiebang.records.reviews.interests import blocks_on
from jiebang.records.reviews.models import Assignment, Conflict, Score
from jiebang.rules.schema import Rulebook


def partners(bid: Bid) -> Sequence[Invitation]:
    """The partners of a bid who accepted, in the order invited."""
    accepted = (item for item in bid.consortium.invitations.all() if item.status in Invitation.IN_THE_BID)
    return sorted(accepted, key=lambda item: item.pk)


def declared(rulebook: Rulebook, bids: Sequence[Bid], parties: Collection[int]) -> Iterable[data.Conflict]:
    """What the experts asked declared on these bids and on the parties behind them, where it counts."""
    links = (rulebook.conflicts or ANY).links
    rows = Conflict.objects.filter(expert__assignments__bid__in=bids, lifted_at=None).distinct()
    here = rows.filter(Q(party__in=parties) | Q(bid__in=bids))
    for item in here.select_related("expert", "party", "bid").order_by("pk"):
        if item.bid or link_of(item.kind) in links:
            yield data.Conflict(
                expert=item.expert.pseudonym, organisation=item.party.slug if item.party else None,
                bid=item.bid.number if item.bid else None, kind=item.kind,
            )  # fmt: skip


def interests(bids: Sequence[Bid], *, as_of: datetime) -> Iterable[data.Conflict]:
    """Each bid from which an expert asked to judge it is kept by a link to it, to an owner, or to a rival."""
    asked = list(Assignment.objects.filter(bid__in=bids).select_related("bid", "expert").order_by("pk"))
    found: dict[tuple[int, int], str] = {}
    for block in blocks_on(bids, experts={item.expert_id for item in asked}, at=as_of):
        if block.party is not None:
            found.setdefault((block.expert, block.bid), block.kind)
    for item in asked:
        if kind := found.get((item.expert_id, item.bid_id)):
            yield data.Conflict(expert=item.expert.pseudonym, bid=item.bid.number, kind=kind)


def beside(rulebook: Rulebook, bids: Sequence[Bid], *, as_of: datetime) -> Iterable[data.Review]:
    """The reviews of other challenges' bids, signed by then, over which scores are calibrated.

    What an expert in conflict said counts no more for calibration than for a decision. What is signed or
    changed in a panel later changes nothing that was decided before, so that a decision replays from its moment.
    """
    barred = {(item.expert, item.bid) for item in interests(bids, as_of=as_of)}
    barred |= {
        (item.expert, item.bid) for item in declared(rulebook, bids, ()) if item.bid and item.kind != "none"
    }
    return (item for item in reviews(bids, until=as_of) if (item.expert, item.bid) not in barred)


def reviews(bids: Sequence[Bid], *, until: datetime | None = None) -> Iterable[data.Review]:
    """Every score of a signed review of the bids; of those signed `until` then at the latest, as they were then."""
    signed = Score.objects.filter(assignment__bid__in=bids, assignment__status="signed")
    was: dict[tuple[int, str], Decimal] = {}
    if until is not None:
        signed = signed.filter(assignment__signed_at__lte=until)
        later = ScoreChange.objects.filter(assignment__bid__in=bids, at__gt=until).order_by("-pk")
        was = {(item.assignment_id, item.criterion): item.before for item in later}  # the first change stays
    columns = (
        "assignment", "assignment__bid__number", "assignment__expert__pseudonym", "criterion", "value",
        "assignment__confidence",
    )  # fmt: skip
    rows = signed.order_by("assignment_id", "pk").values_list(*columns)
    for assignment, bid, expert, criterion, value, confidence in rows:
        score = was.get((assignment, criterion), value)
        yield data.Review(
            bid=bid, expert=expert, criterion=criterion, score=score, confidence=confidence or None
        )

"""Who judged the bids of a bundle, what they said, and what keeps them from it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, prefetch_related_objects

from jiebang.decisions import bundle as data
from jiebang.records.bids.models import Bid, Invitation
from jiebang.records.challenges.models import Challenge
from jiebang.records.panels.models import ScoreChange
from jiebang.records.reviews.interests import ties
from jiebang.records.reviews.models import Assignment, Conflict, Score


def partners(bid: Bid) -> Sequence[Invitation]:
    """The partners of a bid who accepted, in the order invited."""
    accepted = (
        item for item in bid.consortium.invitations.all() if item.status == Invitation.Status.ACCEPTED
    )
    return sorted(accepted, key=lambda item: item.pk)


def declared(bids: Sequence[Bid], parties: Collection[int]) -> Iterable[data.Conflict]:
    """What the experts asked declared on these bids and on the parties behind them."""
    rows = Conflict.objects.filter(expert__assignments__bid__in=bids).distinct()
    here = rows.filter(Q(party__in=parties) | Q(bid__in=bids))
    for item in here.select_related("expert", "party", "bid").order_by("pk"):
        yield data.Conflict(
            expert=item.expert.pseudonym, organisation=item.party.slug if item.party else None,
            bid=item.bid.number if item.bid else None, kind=item.kind,
        )  # fmt: skip


def interests(bids: Sequence[Bid], challenges: Sequence[Challenge]) -> Iterable[data.Conflict]:
    """Each bid from which an expert asked to judge it is kept by a tie to it, to an owner, or to a rival."""
    prefetch_related_objects(challenges, "need__co_owners")
    concerned = {
        item.pk: {item.need.owner_id, *(o.pk for o in item.need.co_owners.all())} for item in challenges
    }
    for bid in bids:
        concerned[bid.challenge_id] |= {bid.consortium.lead_id, *(i.partner_id for i in partners(bid))}
    asked = list(Assignment.objects.filter(bid__in=bids).select_related("bid", "expert").order_by("pk"))
    found: dict[int, dict[int, str]] = {}
    for expert, party, kind in ties([item.expert_id for item in asked], set().union(*concerned.values())):
        found.setdefault(expert, {}).setdefault(party, kind)
    for item in asked:
        mine = found.get(item.expert_id, {})
        kinds = [mine[party] for party in sorted(concerned[item.bid.challenge_id]) if party in mine]
        if kinds:
            yield data.Conflict(expert=item.expert.pseudonym, bid=item.bid.number, kind=kinds[0])


def beside(bids: Sequence[Bid], challenges: Sequence[Challenge], *, as_of: datetime) -> Iterable[data.Review]:
    """The reviews of other challenges' bids, signed by then, over which scores are calibrated.

    What an expert in conflict said counts no more for calibration than for a decision. What is signed or
    changed in a panel later changes nothing that was decided before, so that a decision replays from its moment.
    """
    barred = {(item.expert, item.bid) for item in interests(bids, challenges)}
    rows = Conflict.objects.filter(bid__in=bids).exclude(kind="none").select_related("expert", "bid")
    barred |= {(item.expert.pseudonym, item.bid.number if item.bid else None) for item in rows}
    return (item for item in reviews(bids, until=as_of) if (item.expert, item.bid) not in barred)


def reviews(bids: Sequence[Bid], *, until: datetime | None = None) -> Iterable[data.Review]:
    """Every score of a signed review of the bids; of those signed `until` then at the latest, as they were then."""
    signed = Score.objects.filter(assignment__bid__in=bids, assignment__status="signed")
    was: dict[tuple[int, str], Decimal] = {}
    if until is not None:
        signed = signed.filter(assignment__signed_at__lte=until)
        later = ScoreChange.objects.filter(assignment__bid__in=bids, at__gt=until).order_by("-pk")
        was = {(item.assignment_id, item.criterion): item.before for item in later}  # the first change stays
    for item in signed.select_related("assignment__bid", "assignment__expert").order_by(
        "assignment_id", "pk"
    ):
        assignment = item.assignment
        yield data.Review(
            bid=assignment.bid.number,
            expert=assignment.expert.pseudonym,
            criterion=item.criterion,
            score=was.get((assignment.pk, item.criterion), item.value),
            confidence=assignment.confidence or None,
        )

"""What readers may know of bids: under the policy alone, whoever they are."""

from django.db.models import QuerySet

from jiebang.records.access import Reader, visible
from jiebang.records.bids.models import Bid, Invitation

_HEAVY = ("challenge__content", "challenge__search", "challenge__summary", "challenge__remark")
_RELATED = ("challenge", "consortium__lead__organisation", "lead_person")


def bids(*, reader: Reader, challenge: str = "", stage: str = "") -> QuerySet[Bid]:
    """The bids of which a reader may know, in the order of their numbers."""
    rows = visible(Bid.objects.all(), what="bid", of="bid", reader=reader)
    rows = rows.filter(challenge__number=challenge) if challenge else rows
    rows = rows.filter(stage=stage) if stage else rows
    return rows.select_related(*_RELATED).defer(*_HEAVY).order_by("number")


def find_bid(number: str, *, reader: Reader) -> Bid | None:
    """One bid; None when there is none of which the reader may know."""
    return bids(reader=reader).filter(number=number).first()


def may_read_content(bid: Bid, *, reader: Reader) -> bool:
    """Whether the reader may read the document itself."""
    return visible(Bid.objects.filter(pk=bid.pk), what="bid_content", of="bid", reader=reader).exists()


def partners_on(bid: Bid) -> QuerySet[Invitation]:
    """The partners that accepted, in the order they were invited."""
    rows = Invitation.objects.filter(consortium=bid.consortium_id, status__in=Invitation.IN_THE_BID)
    return rows.select_related("partner__organisation").order_by("pk")

"""What an expert was asked, and what the office sees of reviews."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from jiebang.records.access import Reader, visible
from jiebang.records.bids.models import Bid
from jiebang.records.people.models import User
from jiebang.records.reviews.models import Assignment, OwnerView

OPEN = Assignment.OPEN
OVER = Assignment.OVER
_LONG = ("bid__challenge__content", "bid__challenge__search")


def assignments_of(person: User | None) -> QuerySet[Assignment]:
    """All that an expert was asked to judge, in the order of the challenges."""
    rows = Assignment.objects.filter(expert=person).select_related("bid__challenge__call")
    return rows.defer(*_LONG).order_by("bid__challenge__number", "bid__number")


def reviews(*, reader: Reader) -> QuerySet[Assignment]:
    """The reviews whose words and scores the reader may read."""
    rows = visible(Assignment.objects.all(), what="review", of="assignment", reader=reader)
    return rows.select_related("expert", "bid").prefetch_related("scores").order_by("bid__number", "pk")


def owner_views(bid_ids: Iterable[int]) -> QuerySet[OwnerView]:
    """What owners said of these bids; whoever asks has made sure that the reader may read the bids."""
    rows = OwnerView.objects.filter(bid__in=list(bid_ids)).select_related("bid", "party__organisation", "by")
    return rows.order_by("bid__number", "pk")


def bids_without_view(*, reader: Reader) -> QuerySet[Bid]:
    """Bids on the reader's own needs that they may read and of which their organisation said nothing yet."""
    mine = reader.acting_for("owner")
    own = Q(challenge__need__owner__in=mine) | Q(challenge__need__co_owners__in=mine)
    rows = visible(Bid.objects.filter(own), what="bid_content", of="bid", reader=reader)
    rows = rows.exclude(owner_views__party__in=mine).select_related("challenge__call", "challenge__need")
    return rows.defer(*(path.removeprefix("bid__") for path in _LONG)).order_by("number")

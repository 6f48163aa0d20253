"""What the office reads of bids: nothing before they are opened."""

from collections.abc import Collection

from django.db.models import Count, Q, QuerySet

from jiebang.records.access import Reader, visible
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge
from jiebang.records.people.models import Party
from jiebang.records.reviews.models import Assignment

_LONG = ("challenge__content", "challenge__search", "challenge__summary")


def bids(*, reader: Reader) -> QuerySet[Bid]:
    """Bids sent and open to the reader, with challenge and lead, `asked` and `signed` reviews counted."""
    rows = visible(Bid.objects.filter(submitted_at__isnull=False), what="bid", of="bid", reader=reader)
    live = Q(assignments__status__in=Assignment.LIVE)
    rows = rows.annotate(
        asked=Count("assignments", filter=live, distinct=True),
        signed=Count("assignments", filter=Q(assignments__status=Assignment.Status.SIGNED), distinct=True),
    )
    return rows.select_related("challenge__call", "consortium__lead__organisation").defer(*_LONG)


def find_bid(number: str, *, reader: Reader) -> Bid | None:
    """One opened bid with all its page shows; None when there is none for the reader."""
    rows = visible(Bid.objects.filter(submitted_at__isnull=False), what="bid", of="bid", reader=reader)
    related = (
        "challenge__call",
        "challenge__need__owner__organisation",
        "consortium__lead__organisation",
        "updated_by",
    )
    return rows.select_related(*related, "lead_person").filter(number=number).first()


def bids_on(challenge: Challenge, *, reader: Reader) -> QuerySet[Bid]:
    """The bids on one challenge that the reader may see, by number."""
    return bids(reader=reader).filter(challenge=challenge).order_by("number")


def scored_on(challenge: Challenge, *, reader: Reader) -> QuerySet[Bid]:
    """The bids on a challenge whose scores the reader may see."""
    rows = Bid.objects.filter(challenge=challenge, submitted_at__isnull=False)
    rows = visible(rows, what="scores", of="bid", reader=reader)
    return rows.select_related("consortium__lead__organisation")


def leads_in(challenges: Collection[Challenge]) -> dict[str, Party]:
    """Who leads each bid on some challenges, by the bid's number."""
    rows = Bid.objects.filter(challenge__in=challenges).select_related("consortium__lead__organisation")
    return {row.number: row.consortium.lead for row in rows}


def count_led(party: Party, *, stages: Collection[str]) -> int:
    """How many bids a party leads that were sent, on challenges in these stages."""
    sent = Bid.objects.filter(consortium__lead=party, submitted_at__isnull=False)
    return sent.filter(challenge__stage__in=stages).count()

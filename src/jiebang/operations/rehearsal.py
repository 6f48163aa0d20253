"""What the rules would say of a bid if it were sent now: the same decisions as the formal check, nothing stored."""

from collections.abc import Mapping
from datetime import datetime

from jiebang.decisions import round as headless
from jiebang.decisions.verdicts import Verdict
from jiebang.operations.things import book_of
from jiebang.records import bundles
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Need


def rehearse_need(need: Need, *, now: datetime) -> tuple[Verdict, ...]:
    """The verdicts on a need's owner if it were sent at a moment."""
    book = book_of(need)
    found = headless.run(book, bundles.of_need(book, need, as_of=now), as_of=now).verdicts
    return tuple(item for item in found if item.subject == need.number)


def rehearse_bid(bid: Bid, *, content: Mapping[str, object], now: datetime) -> tuple[Verdict, ...]:
    """The verdicts on `content` as this bid at a moment; partners count once they have accepted."""
    book = book_of(bid)
    result = headless.run(book, bundles.of_draft(book, bid, content=content, as_of=now), as_of=now)
    return tuple(
        item for item in result.verdicts if item.subject == bid.number and item.rule != "review.no_conflict"
    )

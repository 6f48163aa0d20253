"""What happens around a bid's moves: the document is frozen when sent, the rules are asked when checked."""

from typing import Any

from jiebang.operations.bid_content import freeze
from jiebang.operations.judging import judge_bids
from jiebang.operations.kernel import Act, Stop
from jiebang.records.bids.models import Bid
from jiebang.rules.reasons import reason


def checkable(act: Act, bid: Bid) -> None:
    """The verdicts are brought up to date before an officer rests on them."""
    judge_bids(bid.challenge, now=act.now)


def in_time(act: Act, bid: Bid) -> None:
    """Closed is a comparison, here and now, inside the writing transaction."""
    if act.now >= bid.challenge.closes_at:
        raise Stop(reason("bid.late", closed=bid.challenge.closes_at.isoformat(timespec="minutes")))


def sent(act: Act, bid: Bid, **_: Any) -> dict[str, Any]:
    """Freeze the draft as the version that counts; only its hash and size leave for the journal."""
    content = freeze(act, bid)
    bid.submitted_at, bid.content_sha256 = act.now, content.sha256
    return {"sha256": content.sha256, "journal": {"content": content.sha256}}


BEFORE = {
    ("bid", "submit_bid"): in_time,
    ("bid", "pass_check"): checkable,
    ("bid", "fail_check"): checkable,
}
AFTER = {("bid", "submit_bid"): sent}

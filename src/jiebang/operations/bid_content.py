"""The document of a bid: a draft that saves itself, and frozen versions that were sent."""

import hashlib
from typing import Any

from jiebang.operations.facts import indicators
from jiebang.operations.kernel import Act, Stop
from jiebang.operations.statements import require_shape
from jiebang.operations.things import book_of
from jiebang.records.bids.models import Bid, BidContent
from jiebang.records.bundles import draft_of, sent_content
from jiebang.rules.forms import check_content
from jiebang.rules.reasons import Reason
from jiebang.trust.canonical import canonical_bytes


def save_draft(act: Act, bid: Bid, content: dict[str, Any]) -> list[Reason]:
    """Keep a draft however incomplete; answers what is wrong with what is there, so that the form can say it."""
    require_shape("bid", content, rulebook=book_of(bid))
    draft = draft_of(bid) or BidContent(bid=bid)
    draft.content, draft.saved_at = content, act.now
    draft.save()
    return faults(bid, content, complete=False)


def freeze(act: Act, bid: Bid) -> BidContent:
    """Make the draft (or the version sent before) the version that counts; stop with every fault if incomplete."""
    draft = draft_of(bid) or BidContent(bid=bid, content=dict(sent_content(bid)))
    if found := faults(bid, draft.content, complete=True):
        raise Stop(*found)
    draft.sha256 = hashlib.sha256(canonical_bytes(draft.content)).hexdigest()
    draft.saved_at = draft.sent_at = act.now
    draft.save()
    return draft


def faults(bid: Bid, content: dict[str, Any], *, complete: bool) -> list[Reason]:
    """Every fault of a bid's content under the rulebook's form, each with its field."""
    book = book_of(bid)
    if "bid" not in book.forms:
        return []
    known = [str(item["id"]) for item in indicators(bid.challenge)]
    found = check_content("bid", content, rulebook=book, complete=complete, indicators=known)
    return [Reason(item.reason.code, {**item.reason.params, "field": item.field}) for item in found]

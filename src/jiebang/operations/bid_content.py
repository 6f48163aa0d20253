"""The document of a bid: a draft that saves itself, and frozen versions that were sent."""

from typing import Any

from jiebang.operations.answers import faults, require, require_shape
from jiebang.operations.kernel import Act
from jiebang.operations.things import book_of
from jiebang.records.bids.models import Bid, BidContent
from jiebang.records.bundles import draft_of, sent_content
from jiebang.rules.reasons import Reason
from jiebang.trust import canonical


def save_draft(act: Act, bid: Bid, content: dict[str, Any]) -> list[Reason]:
    """Keep a draft however incomplete; answers what is wrong with what is there, so that the form can say it."""
    require_shape("bid", content, rulebook=book_of(bid))
    draft = draft_of(bid) or BidContent(bid=bid)
    draft.content, draft.saved_at = content, act.now
    draft.save()
    return faults("bid", content, on=bid, complete=False)


def freeze(act: Act, bid: Bid) -> BidContent:
    """Make the draft (or the version sent before) the version that counts; stop with every fault if incomplete."""
    draft = draft_of(bid) or BidContent(bid=bid, content=dict(sent_content(bid)))
    require("bid", draft.content, on=bid)
    draft.sha256 = canonical.digest(draft.content)
    draft.saved_at = draft.sent_at = act.now
    draft.save()
    return draft

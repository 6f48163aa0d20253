"""Whether what was sent and signed still says what it said: the rows against the hashes that the journal keeps of them.

The journal cannot be changed unseen; the rows beside it could be, by whoever can write into the database.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from jiebang.records.bids.models import Bid
from jiebang.records.bundles import sent_content
from jiebang.records.challenges.models import Challenge
from jiebang.records.journal.models import JournalEntry
from jiebang.records.journal.queries import entry_of
from jiebang.records.reviews.models import Assignment
from jiebang.trust.canonical import canonical_bytes
from jiebang.trust.chain import Entry
from jiebang.trust.commitments import opens

_SENT, _SCORED = "stage:moved", ("review:signed", "score:changed")


@dataclass
class _Said:
    """What the journal says of one bid: the hash last sent, and of each review (by id) the commitment and its salt."""

    content: str = ""
    scores: dict[int, tuple[str, bytes]] = field(default_factory=dict)


def altered_bids(challenge: Challenge, /) -> list[str]:
    """Numbers of the challenge's bids whose sent content or signed scores differ from what the journal holds.

    What an erased expert signed cannot be compared any more: the salt is gone.
    """
    bids = challenge.bids.order_by("number").prefetch_related("contents", "assignments__scores")
    said = _said(bid.number for bid in bids)
    return [bid.number for bid in bids if not _holds(bid, said.get(f"bid:{bid.number}", _Said()))]


def _holds(bid: Bid, said: _Said) -> bool:
    if said.content and hashlib.sha256(canonical_bytes(sent_content(bid))).hexdigest() != said.content:
        return False
    signed = (item for item in bid.assignments.all() if item.status == Assignment.Status.SIGNED)
    return all(_scored(item, *said.scores[item.pk]) for item in signed if item.pk in said.scores)


def _scored(asked: Assignment, commitment: str, salt: bytes) -> bool:
    scores = {item.criterion: str(item.value) for item in asked.scores.all()}
    return opens(commitment, scores, salt=salt)


def _said(numbers: Iterable[str]) -> dict[str, _Said]:
    subjects = [f"bid:{number}" for number in numbers]
    rows = JournalEntry.objects.filter(subject__in=subjects, event__in=(_SENT, *_SCORED)).order_by("seq")
    found: dict[str, _Said] = {}
    for row in rows.prefetch_related("private_values"):
        entry, said = entry_of(row), found.setdefault(row.subject, _Said())
        if entry.event == _SENT:
            said.content = str(entry.body.get("content") or said.content)
        else:
            _note_scores(said, entry, {value.name: value.salt for value in row.private_values.all()})
    return found


def _note_scores(said: _Said, entry: Entry, salts: dict[str, str]) -> None:
    asked = entry.body.get("assignment")
    assert isinstance(asked, int)
    said.scores.pop(asked, None)
    if salt := salts.get("said"):
        said.scores[asked] = (entry.private["said"], bytes.fromhex(salt))

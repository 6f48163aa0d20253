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

_MOVED, _SCORED, _UNSIGNED = (
    "stage:moved",
    ("review:signed", "score:changed"),
    ("review:reopened", "review:recused", "review:struck"),
)

Commitment = tuple[str, bytes]


@dataclass
class _Said:
    """What the journal says of one bid: the hash last sent, its stage, and the reviews (by id) that are signed.

    Of a signed review it has the commitment to the scores and its salt, or None once its expert was erased.
    """

    content: str = ""
    stage: str = ""
    signed: dict[int, Commitment | None] = field(default_factory=dict)


def altered_bids(*challenges: Challenge) -> list[str]:
    """Numbers of the bids on some challenges of which the rows say something else than the journal.

    Compared are the sent content, the stage (where a move was journaled), which reviews are signed, and their scores.
    What an erased expert scored cannot be compared any more, since the salt is gone; that it was signed can.
    """
    rows = Bid.objects.filter(challenge__in=challenges).order_by("number")
    bids = rows.prefetch_related("contents", "assignments__scores")
    said = _said(bid.number for bid in bids)
    return [bid.number for bid in bids if not _holds(bid, said.get(f"bid:{bid.number}", _Said()))]


def _holds(bid: Bid, said: _Said) -> bool:
    if said.content and hashlib.sha256(canonical_bytes(sent_content(bid))).hexdigest() != said.content:
        return False
    if said.stage and bid.stage != said.stage:
        return False
    signed = {item.pk: item for item in bid.assignments.all() if item.status == Assignment.Status.SIGNED}
    if signed.keys() != said.signed.keys():
        return False
    return all(_scored(signed[pk], *told) for pk, told in said.signed.items() if told)


def _scored(asked: Assignment, commitment: str, salt: bytes) -> bool:
    scores = {item.criterion: str(item.value) for item in asked.scores.all()}
    return opens(commitment, scores, salt=salt)


def _said(numbers: Iterable[str]) -> dict[str, _Said]:
    subjects = [f"bid:{number}" for number in numbers]
    events = (_MOVED, *_SCORED, *_UNSIGNED)
    rows = JournalEntry.objects.filter(subject__in=subjects, event__in=events).order_by("seq")
    found: dict[str, _Said] = {}
    for row in rows.prefetch_related("private_values"):
        entry, said = entry_of(row), found.setdefault(row.subject, _Said())
        if entry.event == _MOVED:
            said.content = str(entry.body.get("content") or said.content)
            said.stage = str(entry.body["to"])
        else:
            _note_review(said, entry, {value.name: value.salt for value in row.private_values.all()})
    return found


def _note_review(said: _Said, entry: Entry, salts: dict[str, str]) -> None:
    asked = entry.body.get("assignment")
    assert isinstance(asked, int)
    if entry.event in _UNSIGNED:
        said.signed.pop(asked, None)
        return
    salt = salts.get("said")
    said.signed[asked] = (entry.private["said"], bytes.fromhex(salt)) if salt else None

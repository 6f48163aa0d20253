"""What is asked of a slate: bids of one challenge or of a whole call, the experts who could judge them, and which pairs must or
must not be."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from jiebang.decisions.fit import Matter, Skills, Writing
from jiebang.rules.schema import Assignment

Pair = tuple[int, int]  # numbers of a bid and an expert


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An expert who is available: ISO country and institution ("" where unknown), and the places left (bids)."""

    id: str
    skills: Skills
    country: str = ""
    institution: str = ""
    room: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A bid to be judged, and what its challenge is about."""

    id: str
    writing: Writing
    matter: Matter


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked for; pairs are numbers of bid and expert, in the order given.

    `barred` says why a pair must never be; `fixed` must be (pinned, or begun), `standing` should stay if it can; `authors`
    are pairs of a bid and an expert with a part in it.
    """

    rule: Assignment
    per_bid: int
    works: Sequence[Work]
    candidates: Sequence[Candidate]
    barred: Mapping[Pair, str] = field(default_factory=dict)
    fixed: Collection[Pair] = ()
    standing: Collection[Pair] = ()
    authors: Collection[Pair] = ()


def ring_pairs(judges: Mapping[int, Collection[int]], authors: Collection[Pair]) -> set[Pair]:
    """Pairs that would close a ring of two or three with what stands elsewhere.

    `judges` says of each expert whose bids that expert judges already; `authors` are pairs of a bid here and an expert
    with a part in it. Whoever is judged by an author of a bid, directly or through one other, must not judge that bid.
    """
    closing: set[Pair] = set()
    for bid, author in authors:
        first = set(judges.get(author, ()))
        second = {far for near in first for far in judges.get(near, ())}
        closing |= {(bid, expert) for expert in (first | second) - {author}}
    return closing

"""What is to be assigned, and what an answer looks like. Bids and experts are numbered from 0 in the order given."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from jiebang.engines.assignment.table import UNIT, Affinity, Floats, Ints

Pair = tuple[int, int]
Param = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How many experts of one bid may share a mark: `most` of each value, or `least` to `most` of the one `value`.

    Experts whose mark is unknown (an empty text) are not counted. `bids` are those of which it is asked; None: of all.
    """

    mark: str
    value: str | None = None
    least: int = 0
    most: int | None = None
    bids: frozenset[int] | None = None

    def holds_for(self, bid: int) -> bool:
        """Whether it is asked of a bid."""
        return self.bids is None or bid in self.bids


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """Who may assess what, how often, and under which conditions.

    `affinity` is bids x experts, -inf where a pair must never meet; `barred` tells why (`conflict`, `language`, `author` or the
    words of whoever declared it). `per_bid` is bids long, `min_load` and `max_load` experts long, whole numbers >= 0.
    `marks` has for each mark (country, institution, sector) a text an expert. `floor` is the least sum of affinities that a
    bid must get; `least_total`, if given, asks not for the greatest total but for the most even one that is no smaller.
    `authors` are pairs of a bid and an expert who has a part in it: no two or three experts may assess each other in a
    ring. `keep` are pairs of an earlier assignment, of which as many as possible stay. `cap` is the greatest probability
    of any pair in a lottery (lottery.py).
    """

    bids: tuple[str, ...]
    experts: tuple[str, ...]
    affinity: Affinity
    per_bid: Ints
    min_load: Ints
    max_load: Ints
    barred: Mapping[Pair, str] = field(default_factory=dict)
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    quotas: tuple[Quota, ...] = ()
    floor: float | None = None
    least_total: float | None = None
    authors: tuple[Pair, ...] = ()
    keep: tuple[Pair, ...] = ()
    cap: float | None = None

    @property
    def is_flow(self) -> bool:
        """Whether loads and conflicts are all there is, so that a flow alone finds the optimum."""
        return not (self.quotas or self.authors or self.floor is not None or self.least_total is not None)

    @property
    def room(self) -> Ints:
        """How many bids each expert can take, beyond which the number of bids leaves none."""
        return np.minimum(self.max_load, len(self.bids))

    def scores(self, bid: Ints, expert: Ints) -> Floats:
        """Affinities of pairs, in the order given; -inf where barred."""
        found = np.empty(len(bid))
        for place in np.unique(bid):
            at = bid == place
            found[at] = self.affinity.rows(int(place), int(place) + 1)[0, expert[at]]
        return found

    def value_places(self, mark: str) -> tuple[tuple[str, ...], Ints]:
        """The known values of a mark in order, and for each expert the place of its value (-1: unknown)."""
        texts = self.marks.get(mark, ("",) * len(self.experts))
        values = tuple(sorted(set(texts) - {""}))
        place = {value: at for at, value in enumerate(values)}
        return values, np.array([place.get(text, -1) for text in texts], dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prices:
    """Dual prices in units of affinity: what one more place at a bid or an expert would change of the total.

    A pair whose affinity is at most `of_bid + of_expert` cannot better the total where only loads and conflicts hold. With
    other constraints they are those of the linear relaxation, and a certificate of the bound only together with its others.
    """

    of_bid: Floats
    of_expert: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assignment:
    """An assignment: places of its pairs, ordered by bid and expert; their affinities; and how good it is.

    `total` is the sum of affinities, `bound` what no assignment can exceed, `gap` their difference as a share of the total.
    What is optimal is optimal to a millionth a pair. For the most even assignment (`least_total`) `bound` and `gap` are of
    the evenness that is maximised, not of the total.
    """

    bid: Ints
    expert: Ints
    affinity: Floats
    total: float
    bound: float
    gap: float
    prices: Prices

    @property
    def optimal(self) -> bool:
        """Whether it is proven that nothing is better."""
        return self.gap <= len(self.bid) / UNIT / max(abs(self.total), 1e-9)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs as numbers of bid and expert."""
        return tuple(zip(self.bid.tolist(), self.expert.tolist(), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is so, as a code with the values that its sentence needs (area `assignment` of the catalogue)."""

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Infeasible:
    """No assignment keeps every constraint: the constraints that collide, none of them superfluous, and what would repair it.

    `proven` is False where the search ended at its limit without an assignment and without a proof that there is none.
    """

    collide: tuple[Finding, ...]
    repairs: tuple[Finding, ...] = ()
    proven: bool = True


Mask = NDArray[np.bool_]

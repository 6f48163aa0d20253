"""Many sets at once, decided as far as the same bid: each is a row of whole numbers.

First come the sums of the limits, then what the set is worth, how many it keeps of those chosen before, and which
bids it holds, as a number
in words whose highest bit is the earliest bid: of rows with the same sums the greatest is the best set.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Truths: TypeAlias = NDArray[np.bool_]

WORD = 62  # bits of a word


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Course:
    """The bids to be decided one after the other, a row of every array each; of the rooms one more, for what is before the first.

    Choosing a bid otherwise than its sign says (`inside`) adds `turns` to a set's row and loses `margins`. `needs`
    and `bars` are words of
    bids before it: a set that holds it has all of the first, one that does not none of the second. Sums may lie from
    `least` to `most`, as
    later bids can still move them; each unit below `high` costs its `price` whatever these do, each above `low` its
    `rent`; a set that
    costs more than `allowed` falls too short.
    """

    inside: Truths
    turns: Ints
    margins: Floats
    needs: Ints
    bars: Ints
    least: Ints
    most: Ints
    high: Ints
    low: Ints
    price: Floats
    rent: Floats
    allowed: Floats

    def begin(self, row: Ints) -> tuple[Ints, Floats]:
        """The one set that follows every sign, if it can become one that keeps the limits."""
        return self._left(0, row[None], np.zeros(1))

    def decide(self, place: int, states: Ints, lost: Floats) -> tuple[Ints, Floats]:
        """Each with one more bid, as its sign says and otherwise."""
        stay, kept = self._beside(place, states, lost, inside=bool(self.inside[place]))
        turn, gone = self._beside(place, states, lost, inside=not self.inside[place])
        both = np.concatenate([stay, turn + self.turns[place]])
        return self._left(place + 1, both, np.concatenate([kept, gone + self.margins[place]]))

    def best_of_equals(self, place: int, states: Ints, lost: Floats) -> tuple[Ints, Floats]:
        """Of those that leave the same to the bids behind a place, the best one."""
        if len(states) < 2:
            return states, lost
        sums = self.least.shape[1]
        left = states[:, :sums][:, self.turns[place + 1 :, :sums].any(axis=0)]
        order = np.lexsort([*states[:, sums:].T[::-1], *left.T])
        turned = left[order]
        last = order[np.append((turned[1:] != turned[:-1]).any(axis=1), True)]
        return states[last], lost[last]

    def short(self, place: int, states: Ints) -> Floats:
        """What the sums before a bid cost at least."""
        sums = states[:, : self.least.shape[1]]
        found = np.maximum(self.high[place] - sums, 0) @ self.price
        if self.rent.any():
            found = found + np.maximum(sums - self.low[place], 0) @ self.rent
        return np.asarray(found)

    def _left(self, place: int, states: Ints, lost: Floats) -> tuple[Ints, Floats]:
        """Those that can still keep the limits, and do not fall too short."""
        sums = states[:, : self.least.shape[1]]
        good = ((sums >= self.least[place]) & (sums <= self.most[place])).all(axis=1)
        good &= lost + self.short(place, states) <= self.allowed[place]
        return states[good], lost[good]

    def _beside(self, place: int, states: Ints, lost: Floats, *, inside: bool) -> tuple[Ints, Floats]:
        """Those beside which the bid may be in, or out."""
        mask = self.needs[place] if inside else self.bars[place]
        if not mask.any():
            return states, lost
        good = (states[:, -len(mask) :] & mask == (mask if inside else 0)).all(axis=1)
        return states[good], lost[good]


def words_of(count: int) -> Ints:
    """The words of each bid alone."""
    words = np.zeros((count, -(-count // WORD) or 1), np.int64)
    for item in range(count):
        words[item, item // WORD] = 1 << (WORD - 1 - item % WORD)
    return words

"""Many sets at once, decided as far as the same bid: one row of every array is a set."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Bits: TypeAlias = NDArray[np.uint64]
Floats: TypeAlias = NDArray[np.float64]
Truths: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Step:
    """What choosing a bid otherwise than its sign says (`inside`) does, and what the bids after it may still do.

    `change` to the rows' sums; `raised` and `lowered`, how far those after it can move them; `needs` and `bars`, the bits of bids
    before it: a set that holds it has all of the first, one that does not has none of the second; `allowed`, the greatest shortfall.
    """

    inside: bool
    change: Ints
    margin: float
    value: int
    kept: int
    bit: Bits
    needs: Bits
    bars: Bits
    raised: Ints
    lowered: Ints
    allowed: float


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The ends of some limits and their prices: above 0 for each unit below the high end, below 0 for each above the low one."""

    low: Ints
    high: Ints
    prices: Floats

    def some(self, which: Truths) -> "Rows":
        """These rows only."""
        return Rows(self.low[which], self.high[which], self.prices[which])

    def waste(self, used: Ints, raised: Ints, lowered: Ints) -> Floats:
        """What each row costs at least when its sum may still move so far."""
        below = np.maximum(self.high - used - raised, 0) * np.maximum(self.prices, 0)
        above = np.maximum(used + lowered - self.low, 0) * np.maximum(-self.prices, 0)
        return np.asarray(below + above)

    def possible(self, used: Ints, raised: Ints, lowered: Ints) -> Truths:
        """Which sets can still keep all rows."""
        return np.asarray(((used + lowered <= self.high) & (used + raised >= self.low)).all(axis=-1))


@dataclass(frozen=True, slots=True, eq=False)
class States:
    """`used` are the rows' sums, `lost` is what margins cost so far, `short` that and what rows cost at least; `worth` (beyond that of the
    first set), `kept` and `bits` say what a set is, and which of equals is better.
    """

    used: Ints
    lost: Floats
    short: Floats
    worth: Ints
    kept: Ints
    bits: Bits

    @classmethod
    def start(
        cls, used: Ints, bits: Bits, rows: Rows, raised: Ints, lowered: Ints, allowed: float
    ) -> "States":
        """The one set that follows every sign, where it can become one that keeps the rows."""
        none, zero = np.zeros(1), np.zeros(1, np.int64)
        one = cls(used[None], none, none, zero, zero, bits[None])
        return one._left(rows, raised, lowered, allowed)

    def __len__(self) -> int:
        return len(self.lost)

    def only(self, which: Truths | Ints) -> "States":
        """Some of them."""
        return States(*(part[which] for part in self._parts()))

    def decided(self, step: Step, rows: Rows) -> "States":
        """Each with one more bid in and out, without those that fall too short or can keep some row no more."""
        stay, turn = self._beside(step, step.inside), self._beside(step, not step.inside)
        turned = States(
            turn.used + step.change, turn.lost + step.margin, turn.short, turn.worth + step.value,
            turn.kept + step.kept, turn.bits ^ step.bit,
        )  # fmt: skip
        pairs = zip(stay._parts(), turned._parts(), strict=True)
        both = States(*(np.concatenate(pair) for pair in pairs))
        return both._left(rows, step.raised, step.lowered, step.allowed)

    def best_of_equals(self, rows: Truths) -> "States":
        """Of those that use these rows alike, the best one."""
        if len(self) < 2:
            return self
        keys = self.used[:, rows]
        order = np.lexsort([*self.bits.T[::-1], self.kept, self.worth, *keys.T])
        turned = keys[order]
        last = np.append((turned[1:] != turned[:-1]).any(axis=1), True)
        return self.only(order[last])

    def _left(self, rows: Rows, raised: Ints, lowered: Ints, allowed: float) -> "States":
        short = self.lost + rows.waste(self.used, raised, lowered).sum(axis=1)
        good = rows.possible(self.used, raised, lowered) & (short <= allowed)
        return States(self.used, self.lost, short, self.worth, self.kept, self.bits).only(good)

    def _beside(self, step: Step, inside: bool) -> "States":
        """Those beside which the bid may be in, or out."""
        if inside:
            return self.only((self.bits & step.needs == step.needs).all(axis=1)) if step.needs.any() else self
        return self.only((self.bits & step.bars == 0).all(axis=1)) if step.bars.any() else self

    def _parts(self) -> Sequence[Any]:
        return self.used, self.lost, self.short, self.worth, self.kept, self.bits


def bits_of(chosen: Truths) -> Bits:
    """A set as a number in words of 64 bits: its earliest bid is the highest bit."""
    packed = np.packbits(np.append(chosen, np.zeros(-len(chosen) % 64, bool)))
    return packed.view(">u8").astype(np.uint64)


def items_of(bits: Bits) -> frozenset[int]:
    """The bids of such a number."""
    return frozenset(int(item) for item in np.flatnonzero(np.unpackbits(bits.astype(">u8").view(np.uint8))))

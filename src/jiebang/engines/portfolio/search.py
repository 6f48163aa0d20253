"""The best set near a bound: it is found among those that fall short of the bound by no more than so much, else so much is doubled.

Who stands against the sign of a margin above the shortfall allowed is in no such set, so few bids are ever in doubt. They are decided one
after the other, all sets at once; what falls too short, or can keep some limit no more, is dropped. Where bids come in parts (challenges),
each part alone tells how much it falls short at least, and of sets that leave the same room to the parts that follow only the best goes on.

Everything is counted in whole numbers but the shortfall by which sets are dropped, and that of the set found is checked. Of equal sums the
one is taken that keeps most of `near`, then the one that holds the earliest bid in which they differ; so a bid that another can replace
under every limit, and for no less, never stands without it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from jiebang.engines.portfolio.ground import Ground
from jiebang.engines.portfolio.relaxation import SCALE, Bound, Fixed
from jiebang.engines.portfolio.states import Bits, Ints, Rows, States, Step, Truths, bits_of, items_of

DOUBTFUL, SHARE = 12, 512  # at first as many bids are in doubt, or shortfalls of a 512th of the greatest value
SAFE = 1e-9  # of a shortfall in doubles
Allowed = Mapping[int, float]


class TooMany(Exception):
    """More sets are near the bound than may be looked at."""


def nearest(
    ground: Ground, bound: Bound, *, fixed: Fixed, near: Collection[int] = (), most: int
) -> frozenset[int] | None:
    """The best set with these bids in or out, as the module says; None where there is none.

    Raises TooMany where more than `most` sets, finished or not, have to be looked at.
    """
    walk = _Walk(ground, bound, fixed, near, most)
    least = walk.least_by_part()
    if least is None:
        return None
    short, sure = walk.first(walk.free), sum(least.values())
    while True:
        found = walk.within(short, least)
        if found is not None and bound.ceiling - SCALE * ground.problem.worth(found) <= SCALE * (short + sure):
            return found
        if short >= walk.whole:
            return None
        short *= 2


class _Walk:
    """One bound, with bids fixed in or out. `left` counts down the sets that may be looked at."""

    def __init__(self, ground: Ground, bound: Bound, fixed: Fixed, near: Collection[int], most: int) -> None:
        self.ground, self.near, self.left = ground, frozenset(near), most
        count = range(len(bound.margins))
        self.signs = np.array([fixed.get(item, bound.margins[item] > 0) for item in count], bool)
        self.margins = np.array([abs(margin) / SCALE for margin in bound.margins])
        self.open = np.array([item not in fixed for item in count], bool)
        order = np.lexsort((count, -self.margins, ground.parts))
        self.free = order[self.open[order]]
        self.rows = Rows(ground.low, ground.high, np.array([price / SCALE for price in bound.prices]))
        self.used = ground.columns[self.signs].sum(axis=0)
        self.whole = bound.ceiling / SCALE + sum(map(abs, ground.problem.values)) + 1

    def first(self, items: Ints) -> float:
        """The shortfall to begin with."""
        least = max(map(abs, self.ground.problem.values), default=0) / SHARE
        return float(max([least, 1.0, *np.sort(self.margins[items])[:DOUBTFUL][-1:]]))

    def least_by_part(self) -> Allowed | None:
        """How much each part falls short at least, whatever the others are; None where one can keep its limits in no way."""
        own = self.ground.own
        if len(own) < 2:
            return dict.fromkeys(own, 0.0)
        found = {part: self._least(part) for part in own}
        return {part: least for part, least in found.items() if least is not None} if None not in found.values() else None

    def within(self, short: float, least: Allowed) -> frozenset[int] | None:
        """The best of the sets that fall short by no more than this beyond what the parts do at least."""
        spread = np.array([least[self.ground.parts[item]] for item in self.free])
        items = self.free[self.margins[self.free] <= spread + short]
        raised, lowered = _reach(self._changes(items))
        waste = self.rows.waste(self.used, raised[0], lowered[0])
        ahead, allowed = 0.0, dict[int, float]()
        for part, own in reversed(self.ground.own.items()):
            allowed[part] = short + sum(least.values()) - ahead
            ahead += max(least[part] - float(waste[own].sum()), 0.0)
        tight = (self.used + raised[0] > self.rows.high) | (self.used + lowered[0] < self.rows.low)
        states = self._go(items, (self.rows.prices != 0) | tight, allowed)
        return items_of(states.bits[0]) if len(states) else None

    def _least(self, part: int) -> float | None:
        own, known = self.ground.own[part], self.ground.least
        here = np.array(self.ground.parts) == part
        key = (part, *(found.tobytes() for found in (self.signs[here], self.margins[here], self.open[here], self.rows.prices[own])))
        if key not in known:
            known[key] = self._alone(part, own)
        return known[key]

    def _alone(self, part: int, own: Truths) -> float | None:
        """How much a part falls short at least under its own rows."""
        items = np.array([item for item in self.free if self.ground.parts[item] == part], np.int64)
        short = self.first(items)
        while True:
            doubtful = items[self.margins[items] <= short]
            states = self._go(doubtful, own, {part: short}, whole=False)
            if len(states):
                return float(states.short.min()) * (1 - SAFE)
            if short >= self.whole:
                return None
            short *= 2

    def _go(self, items: Ints, which: Truths, allowed: Allowed, *, whole: bool = True) -> States:
        """Decide these bids in their order under some of the rows; what is left: of the `whole` at most one, the best."""
        rows, changes = self.rows.some(which), self._changes(items)[:, which]
        raised, lowered = _reach(changes)
        states = States.start(self.used[which], bits_of(self.signs), rows, raised[0], lowered[0], max(allowed.values()))
        parts = [self.ground.parts[item] for item in items]
        for place, step in enumerate(self._steps(items, changes, allowed)):
            if 2 * len(states) > self.left:
                raise TooMany
            states = states.decided(step, rows)
            self.left -= len(states)
            if not len(states):
                break
            if whole and parts[place] not in parts[place + 1 : place + 2]:
                states = states.best_of_equals((step.raised != 0) | (step.lowered != 0))
        return states

    def _changes(self, items: Ints) -> Ints:
        """What choosing otherwise than the sign says adds to each row."""
        return np.where(self.signs[items], -1, 1)[:, None] * self.ground.columns[items]

    def _steps(self, items: Ints, changes: Ints, allowed: Allowed) -> Iterator[Step]:
        raised, lowered = _reach(changes)
        first = self.ground.first(items, self.near)
        count = len(self.signs)
        bits = np.array([bits_of(np.arange(count) == item) for item in items])
        for place, item in enumerate(items):
            turn = -1 if self.signs[item] else 1
            yield Step(
                inside=bool(self.signs[item]), change=changes[place], margin=float(self.margins[item]),
                value=turn * self.ground.problem.values[item], kept=turn * (item in self.near), bit=bits[place],
                needs=_all(bits[:place][first[:place, place]]), bars=_all(bits[:place][first[place, :place]]),
                raised=raised[place + 1], lowered=lowered[place + 1],
                allowed=allowed[self.ground.parts[item]] * (1 + SAFE) + SAFE,
            )  # fmt: skip


def _all(bits: Bits) -> Bits:
    return np.bitwise_or.reduce(bits, axis=0)


def _reach(changes: Ints) -> tuple[Ints, Ints]:
    """How far the bids from each place on can raise and lower each row."""
    none = np.zeros((1, changes.shape[1]), np.int64)
    up, down = np.maximum(changes, 0)[::-1], np.minimum(changes, 0)[::-1]
    return (
        np.concatenate([np.cumsum(up, axis=0)[::-1], none]),
        np.concatenate([np.cumsum(down, axis=0)[::-1], none]),
    )

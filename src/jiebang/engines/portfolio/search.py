"""The best set near a bound: it is found among those that fall short of the bound by no more than so much, else so
much is doubled.

Who stands against the sign of a margin above the shortfall allowed is in no such set, so few bids are ever in doubt.
They are decided one
after the other, all sets at once; what falls too short, or can keep some limit no more, is dropped. Where bids come
in parts (challenges),
each part alone tells how much it falls short at least, and of sets that leave the same room to the parts that follow
only the best goes on.

Everything is counted in whole numbers but the shortfall by which sets are dropped, and that of the set found is
checked. Of equal sums the
one is taken that keeps most of `near`, then the one that holds the earliest bid in which they differ; so a bid that
another can replace
under every limit, and for no less, never stands without it.
"""

from collections.abc import Collection, Mapping

import numpy as np

from jiebang.engines.portfolio.ground import Ground
from jiebang.engines.portfolio.relaxation import SCALE, Bound, Fixed
from jiebang.engines.portfolio.states import Course, Floats, Ints, Truths

DOUBTFUL, SHARE = (
    12,
    512,
)  # at first as many bids are in doubt, or shortfalls of a 512th of the greatest value
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
        if found is not None and bound.ceiling - SCALE * ground.problem.worth(found) <= SCALE * (
            short + sure
        ):
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
        order = np.lexsort((np.array(count), -self.margins, np.array(ground.parts)))
        self.free = order[self.open[order]]
        self.prices = np.array([price / SCALE for price in bound.prices])
        self.turns = np.where(self.signs, -1, 1)
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
        known = {part: least for part, least in found.items() if least is not None}
        return known if len(known) == len(found) else None

    def within(self, short: float, least: Allowed) -> frozenset[int] | None:
        """The best of the sets that fall short by no more than this beyond what the parts do at least."""
        spread = np.array([least[part] for part in self.ground.parts])
        items = self.free[self.margins[self.free] <= spread[self.free] + short]
        changes = self._changes(items)
        most = self.used + np.maximum(changes, 0).sum(axis=0)
        low = self.used + np.minimum(changes, 0).sum(axis=0)
        waste = np.maximum(self.ground.high - most, 0) * np.maximum(self.prices, 0)
        waste += np.maximum(low - self.ground.low, 0) * np.maximum(-self.prices, 0)
        ahead, allowed = 0.0, dict[int, float]()
        for part, own in reversed(self.ground.own.items()):
            allowed[part] = short + sum(least.values()) - ahead
            ahead += max(least[part] - float(waste[own].sum()), 0.0)
        loose = (self.prices == 0) & (low >= self.ground.low) & (most <= self.ground.high)
        states, _ = self._go(items, ~loose, allowed)
        return self._items(states[0]) if len(states) else None

    def _least(self, part: int) -> float | None:
        own, known = self.ground.own[part], self.ground.least
        here = np.array(self.ground.parts) == part
        read = (self.signs[here], self.margins[here], self.open[here], self.prices[own])
        key = (part, *(found.tobytes() for found in read))
        if key not in known:
            known[key] = self._alone(part, own)
        return known[key]

    def _alone(self, part: int, own: Truths) -> float | None:
        """How much a part falls short at least under its own rows."""
        items = np.array([item for item in self.free if self.ground.parts[item] == part], np.int64)
        short = self.first(items)
        while True:
            doubtful = items[self.margins[items] <= short]
            states, total = self._go(doubtful, own, {part: short}, whole=False)
            if len(states):
                return float(total.min()) * (1 - SAFE)
            if short >= self.whole:
                return None
            short *= 2

    def _go(self, items: Ints, rows: Truths, allowed: Allowed, *, whole: bool = True) -> tuple[Ints, Floats]:
        """Decide these bids in their order under some of the rows; what is left, and how short it falls: of the `whole`
        the best one."""
        course, parts = self._course(items, rows, allowed), [self.ground.parts[item] for item in items]
        start = np.concatenate([self.used[rows], [0, 0], self.ground.words[self.signs].sum(axis=0)])
        states, lost = course.begin(start)
        for place in range(len(items)):
            if 2 * len(states) > self.left:
                raise TooMany
            states, lost = course.decide(place, states, lost)
            self.left -= len(states)
            if not len(states):
                break
            if whole and parts[place] not in parts[place + 1 : place + 2]:
                states, lost = course.best_of_equals(place, states, lost)
        return states, lost + course.short(-1, states)

    def _changes(self, items: Ints) -> Ints:
        """What choosing otherwise than the sign says adds to each row."""
        return self.turns[items, None] * self.ground.columns[items]

    def _course(self, items: Ints, rows: Truths, allowed: Allowed) -> Course:
        changes, turns, words = (
            self._changes(items)[:, rows],
            self.turns[items, None],
            self.ground.words[items],
        )
        kept = np.array([[item in self.near] for item in items], np.int64).reshape(-1, 1)
        up, down = _reach(np.maximum(changes, 0)), _reach(np.minimum(changes, 0))
        low, high, prices = self.ground.low[rows], self.ground.high[rows], self.prices[rows]
        first = self.ground.first(items.tolist(), self.near)
        most = np.array([max(allowed.values()), *(allowed[self.ground.parts[item]] for item in items)])
        return Course(
            inside=self.signs[items], margins=self.margins[items],
            turns=np.hstack([changes, turns * self.ground.values[items, None], turns * kept, turns * words]),
            needs=np.triu(first).T @ words, bars=np.tril(first) @ words,
            least=low - up, most=high - down, high=high - up, low=low - down,
            price=np.maximum(prices, 0), rent=np.maximum(-prices, 0), allowed=most * (1 + SAFE) + SAFE,
        )  # fmt: skip

    def _items(self, state: Ints) -> frozenset[int]:
        words = state[-self.ground.words.shape[1] :]
        return frozenset(np.flatnonzero((self.ground.words & words).any(axis=1)).tolist())


def _reach(changes: Ints) -> Ints:
    """How far the bids from each place on can move each row; none behind the last one."""
    none = np.zeros((1, changes.shape[1]), np.int64)
    return np.concatenate([np.cumsum(changes[::-1], axis=0)[::-1], none])

"""The best set near a bound: it is found among those that fall short of the bound by no more than so much, else so much is doubled.

Sets are walked through in whole numbers, bids with the greatest margins first: whoever stands against the sign of a margin above the
shortfall allowed is in none of them, so few bids are ever in doubt. Of equal sums the one is taken that keeps most of `near`, then the one
that holds the earliest bid in which they differ; so a bid that another one can replace under every limit, for no less, never stands
without it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from jiebang.engines.portfolio.relaxation import SCALE, Bound, Fixed, Relaxation, end

DOUBTFUL = 12  # as many bids are in doubt at first
Step = tuple[int, int, int, int]  # a row, what flipping the bid adds to it, and how far later bids may raise and lower it


class TooMany(Exception):
    """More sets are near the bound than may be looked at."""


def nearest(
    about: Relaxation, bound: Bound, *, fixed: Fixed, near: Collection[int] = (), most: int
) -> frozenset[int] | None:
    """The best set with these bids in or out, as the module says; None where there is none.

    Raises TooMany after `most` steps.
    """
    free = sorted(
        (item for item in range(len(bound.margins)) if item not in fixed),
        key=lambda item: (-abs(bound.margins[item]), item),
    )
    whole = bound.ceiling + SCALE * sum(abs(value) for value in about.problem.values)
    short = max(abs(bound.margins[free[-DOUBTFUL:][0]]), SCALE) if free else whole
    left = most
    while True:
        doubtful = [item for item in free if abs(bound.margins[item]) <= short]
        walk = _Walk(about, bound, fixed, doubtful, near=near, short=short, most=left)
        walk.go()
        if walk.found is not None:
            return walk.chosen()
        if short >= whole:
            return None
        left, short = walk.left, 2 * short


@dataclass(slots=True)
class _Ahead:
    """The bids in doubt, first to last: margin, bit, whether the sign chooses it, its rows, and who must stand with it or not."""

    margins: list[int] = field(default_factory=list)
    bits: list[int] = field(default_factory=list)
    inside: list[bool] = field(default_factory=list)
    rows: list[list[Step]] = field(default_factory=list)
    needs: list[int] = field(default_factory=list)
    bars: list[int] = field(default_factory=list)


class _Walk:
    """Through all sets that flip some of the bids in doubt, deepest first; what cannot better the best so far is cut off.

    A set is a number: its earliest bid is the highest bit.
    """

    def __init__(
        self, about: Relaxation, bound: Bound, fixed: Fixed, doubtful: Sequence[int], *, near: Collection[int],
        short: int, most: int,
    ) -> None:  # fmt: skip
        self.about, self.bound, self.count = about, bound, len(bound.margins)
        self.near, self.near_bits = frozenset(near), sum(self._bit(item) for item in near)
        self.prices, self.left = bound.prices, most
        self.start = [item for item, margin in enumerate(bound.margins) if fixed.get(item, margin > 0)]
        self.low = [float("-inf") if row.low is None else row.low for row in about.rows]
        self.high = [float("inf") if row.high is None else row.high for row in about.rows]
        self.used, (raised, lowered) = self._used(), self._line_up(doubtful)
        self.wasted = [self._waste(at, self.used[at], raised[at], lowered[at]) for at in range(len(self.used))]
        self.possible = all(
            self.used[at] + lowered[at] <= self.high[at] and self.used[at] + raised[at] >= self.low[at]
            for at in range(len(self.used))
        )
        self.short, self.found, self.key = short, None, (0, 0)  # type: tuple[int, int | None, tuple[int, int]]

    def go(self) -> None:
        """Walk; `found` is the best set as a number, `short` how far it is from the ceiling."""
        if self.possible:
            self._go(0, 0, sum(self.wasted), sum(self._bit(item) for item in self.start))

    def chosen(self) -> frozenset[int]:
        """The bids of the best set."""
        return frozenset(item for item in range(self.count) if (self.found or 0) & self._bit(item))

    def _go(self, place: int, given: int, wasted: int, chosen: int) -> None:
        """From the bid at a place on; `given` and `wasted` are what margins and rows cost so far at least."""
        self.left -= 1
        if self.left < 0:
            raise TooMany
        ahead = self.ahead
        if place == len(ahead.bits):
            self._keep(given + wasted, chosen)
            return
        inside = ahead.inside[place]
        if self._stands(place, chosen, inside):
            self._try(place, given, wasted, chosen, flip=False)
        if given + ahead.margins[place] + wasted <= self.short and self._stands(place, chosen, not inside):
            given, chosen = given + ahead.margins[place], chosen ^ ahead.bits[place]
            self._try(place, given, wasted, chosen, flip=True)

    def _try(self, place: int, given: int, wasted: int, chosen: int, *, flip: bool) -> None:
        used, costs, undo = self.used, self.wasted, []
        for at, change, raised, lowered in self.ahead.rows[place]:
            now = used[at] + change if flip else used[at]
            undo.append((at, used[at], costs[at]))
            if now + lowered > self.high[at] or now + raised < self.low[at]:
                break
            cost = self._waste(at, now, raised, lowered) if self.prices[at] else 0
            wasted += cost - costs[at]
            used[at], costs[at] = now, cost
        else:
            if given + wasted <= self.short:
                self._go(place + 1, given, wasted, chosen)
        for at, before, cost in undo:
            used[at], costs[at] = before, cost

    def _keep(self, short: int, chosen: int) -> None:
        key = ((chosen & self.near_bits).bit_count(), chosen)
        if self.found is None or short < self.short or (short == self.short and key > self.key):
            self.short, self.found, self.key = short, chosen, key

    def _stands(self, place: int, chosen: int, inside: bool) -> bool:
        """Whether a bid may be in, or out, beside those decided before it."""
        if inside:
            need = self.ahead.needs[place]
            return chosen & need == need
        return not chosen & self.ahead.bars[place]

    def _bit(self, item: int) -> int:
        return 1 << (self.count - 1 - item)

    def _used(self) -> list[int]:
        used = [0] * len(self.about.rows)
        for item in self.start:
            for at, weight in self.about.columns[item]:
                used[at] += weight
        return used

    def _waste(self, at: int, used: int, raised: int, lowered: int) -> int:
        """What the price of a row costs at least: it stays off its end by so much, however later bids are decided."""
        price, row = self.prices[at], self.about.rows[at]
        if not price:
            return 0
        stop = end(row, price) or 0
        off = stop - used - raised if price > 0 else used + lowered - stop
        return abs(price) * off if off > 0 else 0

    def _line_up(self, doubtful: Sequence[int]) -> tuple[list[int], list[int]]:
        """Set up what lies ahead; how far all bids in doubt together may raise and lower each row."""
        self.ahead, inside = _Ahead(), set(self.start)
        raised, lowered = [0] * len(self.about.rows), [0] * len(self.about.rows)
        for place in reversed(range(len(doubtful))):
            item, steps = doubtful[place], []
            for at, weight in self.about.columns[item]:
                change = -weight if item in inside else weight
                steps.append((at, change, raised[at], lowered[at]))
                raised[at] += max(change, 0)
                lowered[at] += min(change, 0)
            self.ahead.rows.insert(0, steps)
        for place, item in enumerate(doubtful):
            before = doubtful[:place]
            self.ahead.margins.append(abs(self.bound.margins[item]))
            self.ahead.bits.append(self._bit(item))
            self.ahead.inside.append(item in inside)
            self.ahead.needs.append(sum(self._bit(other) for other in before if self._first(other, item)))
            self.ahead.bars.append(sum(self._bit(other) for other in before if self._first(item, other)))
        return raised, lowered

    def _first(self, one: int, other: int) -> bool:
        """Whether a bid can take the place of another, and a set is the better for it."""
        values = self.about.problem.values
        mine, theirs = ((values[item], item in self.near, -item) for item in (one, other))
        return mine > theirs and self.about.easier(one, other)

"""The best set of bids, and what it would take to choose each of the others.

Of sets with the same sum the one is taken that holds the earliest bid in which they differ, so the order in which the
bids are given
decides; for the swap of a bid left out, first one that keeps most of those chosen.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from jiebang.engines.portfolio.ground import Ground
from jiebang.engines.portfolio.problem import Collision, Portfolio, Problem, Swap, Unproven
from jiebang.engines.portfolio.program import proven
from jiebang.engines.portfolio.relaxation import SCALE, Bound, Relaxation
from jiebang.engines.portfolio.search import TooMany, nearest

SETS = 30_000  # looked at in one search; beyond them the integer program is quicker


class _Search:
    """A problem under search: its relaxation, and what it is as arrays (None: too great sums)."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.about = problem, Relaxation(problem)
        self.ground = Ground.of(problem, self.about.rows)
        self.vain = self.pause = 0

    def solve(self, fixed: Mapping[int, bool], *, near: Collection[int] = ()) -> frozenset[int] | None:
        """The best set with these bids in or out; None where there is none."""
        bound = self.about.bound(fixed)
        if bound is None:
            return None
        if self.ground is not None and not self._pausing():
            try:
                found = nearest(self.ground, bound, fixed=fixed, near=near, most=SETS)
            except TooMany:
                self.vain += 1
                self.pause = 2**self.vain // 4
            else:
                self.vain = 0
                return found
        found = proven(self.about, fixed=fixed, near=near)
        return found if found is None or near else _earliest(self.about, bound, found)

    def _pausing(self) -> bool:
        """Whether the program is asked at once: the swaps of one problem are alike, and after searches in vain, one after the
        other, ever more of them are not searched for."""
        if not self.pause:
            return False
        self.pause -= 1
        return True


def best(problem: Problem) -> Portfolio | Collision:
    """The set of the greatest sum within the limits, or which limits collide; raises Unproven where the search ends
    before a proof."""
    search = _Search(problem)
    chosen = search.solve({})
    if chosen is None:
        return Collision(_collide(problem))
    swaps: dict[int, Swap | None] = {}
    unproven = set()
    for item in range(len(problem.values)):
        if item not in chosen:
            try:
                swaps[item] = _swap(search, chosen, item)
            except Unproven:
                unproven.add(item)
    return Portfolio(chosen, problem.worth(chosen), swaps, frozenset(unproven))


def best_set(problem: Problem) -> frozenset[int] | None:
    """The chosen ones of `best` alone, without any swap: in a fraction of the time. None where limits collide; raises
    Unproven."""
    return _Search(problem).solve({})


def _swap(search: _Search, chosen: frozenset[int], item: int) -> Swap | None:
    """The best set that holds this bid; of equals, one that keeps most of those chosen."""
    other = search.solve({item: True}, near=chosen)
    if other is None:
        return None
    loss = search.problem.worth(chosen) - search.problem.worth(other)
    return Swap(chosen - other, other - chosen - {item}, loss)


def _collide(problem: Problem) -> tuple[str, ...]:
    """A deletion filter: leave out one limit after the other while no set keeps the rest."""
    kept = list(problem.limits)
    for limit in problem.limits:
        fewer = [item for item in kept if item is not limit]
        if best_set(replace(problem, limits=tuple(fewer))) is None:
            kept = fewer
    return tuple(limit.name for limit in kept)


def _earliest(about: Relaxation, bound: Bound, chosen: frozenset[int]) -> frozenset[int]:
    """Of the sets with the same sum the one that holds the earliest bid in which two differ: bid by bid, by integer programs."""
    value, fixed = about.problem.worth(chosen), dict[int, bool]()
    short = bound.ceiling - SCALE * value
    for item, margin in enumerate(bound.margins):
        if item not in chosen and (margin >= 0 or -margin <= short):  # else it is in no set that good
            other = proven(about, fixed={**fixed, item: True})
            if other is not None and about.problem.worth(other) == value:
                chosen = other
        fixed[item] = item in chosen
    return chosen

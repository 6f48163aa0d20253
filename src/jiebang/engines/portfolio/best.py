"""The best set of bids, and what it would take to choose each of the others.

Of sets with the same sum the one is taken that holds the earliest bid in which they differ, so the order in which the bids are given
decides; for the swap of a bid left out, first one that keeps most of those chosen.
"""

from collections.abc import Collection, Mapping

from jiebang.engines.portfolio.problem import Collision, Portfolio, Problem, Swap, Unproven
from jiebang.engines.portfolio.program import proven
from jiebang.engines.portfolio.relaxation import SCALE, Bound, Relaxation
from jiebang.engines.portfolio.search import TooMany, nearest

STEPS = 20_000  # of one search; beyond them the integer program is quicker


def best(problem: Problem) -> Portfolio | Collision:
    """The set of the greatest sum within the limits, or which limits collide; raises Unproven where the search ends before a proof."""
    about = Relaxation(problem)
    chosen = _solve(about, {})
    if chosen is None:
        return Collision(_collide(problem))
    swaps: dict[int, Swap | None] = {}
    unproven = set()
    for item in range(len(problem.values)):
        if item not in chosen:
            try:
                swaps[item] = _swap(about, chosen, item)
            except Unproven:
                unproven.add(item)
    return Portfolio(chosen, problem.worth(chosen), swaps, frozenset(unproven))


def best_set(problem: Problem) -> frozenset[int] | None:
    """The chosen ones of `best` alone, without any swap: in a fraction of the time. None where limits collide; raises Unproven."""
    return _solve(Relaxation(problem), {})


def _swap(about: Relaxation, chosen: frozenset[int], item: int) -> Swap | None:
    """The best set that holds this bid; of equals, one that keeps most of those chosen."""
    other = _solve(about, {item: True}, near=chosen)
    if other is None:
        return None
    loss = about.problem.worth(chosen) - about.problem.worth(other)
    return Swap(chosen - other, other - chosen - {item}, loss)


def _collide(problem: Problem) -> tuple[str, ...]:
    """A deletion filter: leave out one limit after the other while no set keeps the rest."""
    kept = list(problem.limits)
    for limit in problem.limits:
        fewer = [item for item in kept if item is not limit]
        if _solve(Relaxation(Problem(values=problem.values, limits=tuple(fewer))), {}) is None:
            kept = fewer
    return tuple(limit.name for limit in kept)


def _solve(about: Relaxation, fixed: Mapping[int, bool], *, near: Collection[int] = ()) -> frozenset[int] | None:
    """The best set with these bids in or out; None where there is none."""
    bound = about.bound(fixed)
    if bound is None:
        return None
    try:
        return nearest(about, bound, fixed=fixed, near=near, most=STEPS)
    except TooMany:
        found = proven(about, fixed=fixed, near=near)
        return found if found is None or near else _earliest(about, bound, found)


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

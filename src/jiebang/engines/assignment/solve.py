"""The best assignment of a problem: by a flow where loads and conflicts are all there is, else by `constrained`."""

import math

import numpy as np

from jiebang.engines.assignment import constrained
from jiebang.engines.assignment.collide import collisions_of_loads
from jiebang.engines.assignment.flow import Flow, optimum
from jiebang.engines.assignment.problem import Assignment, Infeasible, Prices, Problem
from jiebang.engines.assignment.table import UNIT, Affinity, Floats


def solve(problem: Problem, *, nodes: int = constrained.NODES) -> Assignment | Infeasible:
    """The assignment of the greatest total affinity, or why there is none. `cap` is not looked at (see lottery.py).

    With `keep` the one that keeps the most earlier pairs, and of those the one of the greatest total. `nodes` limits the
    search where constraints stand beside loads and conflicts; a flow needs none.
    """
    flow = optimum(
        _keeping(problem) if problem.keep else problem.affinity,
        per_bid=problem.per_bid,
        min_load=problem.min_load,
        max_load=problem.room,
    )
    if not flow.kept:
        return collisions_of_loads(problem)
    return _answer(problem, flow) if problem.is_flow else constrained.solve(problem, flow, nodes=nodes)


def _answer(problem: Problem, flow: Flow) -> Assignment:
    order = np.lexsort((flow.expert, flow.bid))
    bid, expert = flow.bid[order], flow.expert[order]
    affinity = problem.scores(bid, expert)
    total = math.fsum(affinity)
    prices = Prices(of_bid=flow.price_of_bid / UNIT, of_expert=flow.price_of_expert / UNIT)
    return Assignment(
        bid=bid, expert=expert, affinity=affinity, total=total, bound=total, gap=0.0, prices=prices
    )


class _Bonus:
    """Affinities with a bonus on pairs to keep, larger than whatever rearranging all others could gain."""

    def __init__(self, affinity: Affinity, keep: tuple[tuple[int, int], ...], bonus: float) -> None:
        self._affinity, self._bonus = affinity, bonus
        self._bid, self._expert = (np.array(side, dtype=np.int64) for side in zip(*keep, strict=True))

    @property
    def shape(self) -> tuple[int, int]:
        return self._affinity.shape

    def rows(self, start: int, stop: int) -> Floats:
        values = np.array(self._affinity.rows(start, stop))
        here = (self._bid >= start) & (self._bid < stop)
        values[self._bid[here] - start, self._expert[here]] += self._bonus
        return values


def _keeping(problem: Problem) -> Affinity:
    """A cycle of the network visits no bid and no expert twice, which bounds what giving up one kept pair could gain."""
    bids, experts = problem.affinity.shape
    values = problem.affinity.rows(0, bids)
    largest = float(np.abs(values[np.isfinite(values)]).max(initial=0.0))
    bonus = math.ceil(2 * largest * (min(bids, experts) + 1)) + 1.0
    return _Bonus(problem.affinity, problem.keep, bonus)

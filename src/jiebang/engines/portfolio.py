"""The best set of bids under limits: a small integer program, proven, the same every time, each bid left out explained.

HiGHS with one thread, a fixed seed and no gap; what it answers is counted again in whole numbers, and an answer that only
its tolerance let pass is cut off. Of sets with the same sum the one is taken that holds the earliest bid in which they
differ, so the order in which the bids are given decides.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import gcd
from typing import Any

OPTIONS: Mapping[str, Any] = {
    "output_flag": False, "threads": 1, "random_seed": 1, "parallel": "off", "mip_max_nodes": 200_000,
    "mip_rel_gap": 0.0, "mip_feasibility_tolerance": 1e-9,
}  # fmt: skip
UNITS = 1_000_000  # values count in millionths of the greatest


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At `most` (and at `least`) so much of the weights of the chosen bids; `weights` by number of bid, the rest weigh 0."""

    name: str
    weights: dict[int, int]
    most: int | None = None
    least: int | None = None

    def holds(self, chosen: frozenset[int]) -> bool:
        """Whether a set of bids keeps it."""
        total = sum(self.weights.get(item, 0) for item in chosen)
        return (self.most is None or total <= self.most) and (self.least is None or total >= self.least)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Bids by number, in the order that settles equal sums: what each is worth, and the limits of any set of them."""

    values: tuple[int, ...]
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Swap:
    """What it would take to choose a bid that was left out: which chosen ones would go, who else comes, and the loss."""

    out: frozenset[int]
    also: frozenset[int]
    loss: int


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The best set, its value, and for each bid left out the swap, or None where no set within the limits holds it."""

    chosen: frozenset[int]
    value: int
    swaps: dict[int, Swap | None]


@dataclass(frozen=True, slots=True)
class Collision:
    """That no set keeps all limits: names of some that cannot be kept together, none of them to spare."""

    limits: tuple[str, ...]


def in_units(values: Sequence[float]) -> tuple[int, ...]:
    """Values as whole millionths of the greatest, which is what sums are compared by."""
    greatest = max((abs(value) for value in values), default=0.0)
    return tuple(round(value / greatest * UNITS) if greatest else 0 for value in values)


class Unproven(Exception):
    """The search reached its limit of nodes before anything was proven."""


def best(problem: Problem) -> Portfolio | Collision:
    """The set of the greatest sum within the limits, or which limits collide; raises Unproven at the limit of the search."""
    chosen = _solve(problem, {})
    if chosen is None:
        return Collision(_collide(problem))
    value = _sum(problem, chosen)
    swaps = _swaps(problem, chosen)
    as_good = [item for item, swap in swaps.items() if swap is not None and swap.loss == 0]
    if as_good:
        chosen = _earliest(problem, chosen, {*as_good, *chosen})
        swaps = _swaps(problem, chosen)
    return Portfolio(chosen, value, swaps)


def _earliest(problem: Problem, chosen: frozenset[int], in_some: Collection[int]) -> frozenset[int]:
    """Of the sets with the same sum the one that holds the earliest bid in which two differ; `in_some` are in one of them."""
    value, fixed = _sum(problem, chosen), dict[int, bool]()
    for item in range(len(problem.values)):
        if item not in chosen and item in in_some:
            other = _solve(problem, {**fixed, item: True})
            if other is not None and _sum(problem, other) == value:
                chosen = other
        fixed[item] = item in chosen
    return chosen


def _swaps(problem: Problem, chosen: frozenset[int]) -> dict[int, Swap | None]:
    left = [item for item in range(len(problem.values)) if item not in chosen]
    return {item: _swap(problem, chosen, item) for item in left}


def _swap(problem: Problem, chosen: frozenset[int], item: int) -> Swap | None:
    """The best set that holds this bid; of equals, one that keeps most of those chosen."""
    other = _solve(problem, {item: True}, near=chosen)
    if other is None:
        return None
    return Swap(chosen - other, other - chosen - {item}, _sum(problem, chosen) - _sum(problem, other))


def _collide(problem: Problem) -> tuple[str, ...]:
    """A deletion filter: leave out one limit after the other while no set keeps the rest."""
    kept = list(problem.limits)
    for limit in problem.limits:
        fewer = [item for item in kept if item is not limit]
        if _solve(Problem(values=problem.values, limits=tuple(fewer)), {}) is None:
            kept = fewer
    return tuple(limit.name for limit in kept)


def _sum(problem: Problem, chosen: frozenset[int]) -> int:
    return sum(problem.values[item] for item in chosen)


def _solve(
    problem: Problem, fixed: Mapping[int, bool], *, near: Collection[int] = ()
) -> frozenset[int] | None:
    """A best set with these bids in or out, of equals one that keeps most of `near`; None where there is none."""
    import highspy

    solver = highspy.Highs()
    part = 1 / (2 * len(problem.values) + 1) if near else 1.0  # all of them together stay below one unit
    for option, setting in {**OPTIONS, "mip_abs_gap": part / 2}.items():
        solver.setOptionValue(option, setting)
    for item, value in enumerate(problem.values):
        solver.addVar(float(fixed.get(item, False)), float(fixed.get(item, True)))
        solver.changeColCost(item, value + part * (item in near))
        solver.changeColIntegrality(item, highspy.HighsVarType.kInteger)
    solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
    for limit in problem.limits:
        _add(solver, limit)
    while solver.run() is not None:
        status = solver.modelStatusToString(solver.getModelStatus())
        if status == "Infeasible":
            return None
        if status not in ("Optimal", "Empty"):
            raise Unproven(status)
        values = solver.getSolution().col_value
        chosen = frozenset(item for item in range(len(problem.values)) if values[item] > 0.5)
        if all(limit.holds(chosen) for limit in problem.limits):
            return chosen
        ones = {item: 1 if item in chosen else -1 for item in range(len(problem.values))}
        _add(solver, Limit(name="", weights=ones, most=len(chosen) - 1))
    return None


def _add(solver: Any, limit: Limit) -> None:
    """A limit as a row, in the greatest unit that all its weights are whole multiples of."""
    import numpy as np

    unit = gcd(*limit.weights.values()) or 1
    low = -math.inf if limit.least is None else float(-(-limit.least // unit))
    high = math.inf if limit.most is None else float(limit.most // unit)
    weights = {item: weight for item, weight in limit.weights.items() if weight}
    places = np.array(list(weights), dtype=np.int32)
    solver.addRow(low, high, len(places), places, np.array([w / unit for w in weights.values()], dtype=float))

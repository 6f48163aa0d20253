"""Prices of limits: a bound on every set, exact in whole numbers whatever the rounding of the linear program that found them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import gcd
from typing import Any

from jiebang.engines.portfolio.problem import Limit, Problem

SCALE = 1 << 48  # prices are whole multiples of one in so many
Fixed = Mapping[int, bool]


@dataclass(frozen=True, slots=True)
class Row:
    """A limit in the greatest unit that all its weights are whole multiples of; without weights of 0."""

    low: int | None
    high: int | None
    weights: Mapping[int, int]

    @classmethod
    def of(cls, limit: Limit) -> "Row":
        """The limit as a row."""
        unit = gcd(*limit.weights.values()) or 1
        return cls(
            None if limit.least is None else -(-limit.least // unit),
            None if limit.most is None else limit.most // unit,
            {item: weight // unit for item, weight in limit.weights.items() if weight},
        )


@dataclass(frozen=True, slots=True)
class Bound:
    """What no set passes, in parts of SCALE: `ceiling`, less the margin of every bid that stands against the sign of it
    (chosen below 0, left out above), less the price of every unit by which a row stays off its end (above 0: its high one).

    For every set that keeps the limits this is its exact sum.
    """

    ceiling: int
    margins: tuple[int, ...]
    prices: tuple[int, ...]


class Relaxation:
    """The linear program of a problem, solved again and again with some bids fixed in or out. HiGHS, one thread."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.rows = tuple(Row.of(limit) for limit in problem.limits)
        self.columns: list[list[tuple[int, int]]] = [[] for _ in problem.values]
        for at, row in enumerate(self.rows):
            for item, weight in row.weights.items():
                self.columns[item].append((at, weight))

    def bound(self, fixed: Fixed) -> Bound | None:
        """A bound on all sets with these bids in or out; None where not even fractions of bids keep the limits."""
        solver = self._solver
        for item, inside in fixed.items():
            solver.changeColBounds(item, float(inside), float(inside))
        solver.run()
        status = solver.modelStatusToString(solver.getModelStatus())
        found = [float(price) for price in solver.getSolution().row_dual]
        for item in fixed:
            solver.changeColBounds(item, 0.0, 1.0)
        return None if status == "Infeasible" else self._of(found, fixed)

    def _of(self, found: Sequence[float], fixed: Fixed) -> Bound:
        prices = tuple(_price(row, price) for row, price in zip(self.rows, found, strict=True))
        margins = tuple(
            SCALE * value - sum(prices[at] * weight for at, weight in column)
            for value, column in zip(self.problem.values, self.columns, strict=True)
        )
        ends = sum(price * (end(row, price) or 0) for row, price in zip(self.rows, prices, strict=True))
        taken = sum(
            margin if fixed.get(item, margin > 0) else 0 for item, margin in enumerate(margins)
        )  # the signs decide where nothing is fixed
        return Bound(ends + taken, margins, prices)

    @cached_property
    def _solver(self) -> Any:
        import highspy
        import numpy as np

        solver, count = highspy.Highs(), len(self.problem.values)
        for option, setting in {"output_flag": False, "threads": 1, "random_seed": 1}.items():
            solver.setOptionValue(option, setting)
        solver.addVars(count, np.zeros(count), np.ones(count))
        values = np.array([float(value) for value in self.problem.values])
        solver.changeColsCost(count, np.arange(count, dtype=np.int32), values)
        solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        for row in self.rows:
            add_row(solver, row)
        return solver


def add_row(solver: Any, row: Row) -> None:
    """Give a row to HiGHS."""
    import numpy as np

    low = -math.inf if row.low is None else float(row.low)
    high = math.inf if row.high is None else float(row.high)
    places = np.array(list(row.weights), dtype=np.int32)
    solver.addRow(low, high, len(places), places, np.array([float(w) for w in row.weights.values()]))


def end(row: Row, price: int) -> int | None:
    """The end of a row that its price speaks of."""
    return row.high if price > 0 else row.low


def _price(row: Row, found: float) -> int:
    """A price in parts of SCALE; 0 where the row has no such end."""
    price = round(found * SCALE) if math.isfinite(found) else 0
    return price if end(row, price) is not None else 0

"""A linear or integer program over pairs, in HiGHS: one thread, a fixed seed, a limit of nodes instead of a clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from jiebang.engines.assignment.families import NONE, Columns, Family
from jiebang.engines.assignment.table import Floats, Ints

SEED = 1
SLACK = 1e-7  # how far a row may be off


@dataclass(frozen=True, slots=True, eq=False)
class Extra:
    """Columns that are no pairs: gain of each, its greatest value, its row among all rows and its entry there."""

    gain: Floats
    most: Floats
    row: Ints
    entry: Floats


NO_EXTRA = Extra(np.zeros(0), np.zeros(0), np.zeros(0, np.int64), np.zeros(0))


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What the solver says: whether there is a solution, whether it is proven that there is none, values of the pairs,
    the duals of the rows (of a linear program), the value reached and what cannot be exceeded."""

    found: bool
    impossible: bool
    values: Floats
    duals: Floats
    value: float
    bound: float


class Program:
    """Maximise the gain of pairs and extra columns under the rows of families."""

    def __init__(self, families: Sequence[Family], extra: Extra = NO_EXTRA) -> None:
        import highspy

        self.families = families
        self.offsets = np.cumsum([0, *(len(family.lower) for family in families)])
        self._solver: Any = highspy.Highs()
        for option, value in {
            "output_flag": False,
            "threads": 1,
            "random_seed": SEED,
            "parallel": "off",
        }.items():
            self._solver.setOptionValue(option, value)
        lower = np.concatenate([family.lower for family in families])
        upper = np.concatenate([family.upper for family in families])
        nothing = np.zeros(0, np.int32)
        self._solver.addRows(len(lower), lower, upper, 0, nothing, nothing, np.zeros(0))
        self._add(extra.gain, extra.most, np.arange(len(extra.row)), extra.row, extra.entry)
        self._extras, self.pairs = len(extra.gain), 0
        self._reliefs: Ints = np.zeros(0, np.int64)

    def relieve(self) -> None:
        """Let every row be off at a cost of 1, and nothing else cost anything: what is left over cannot be kept."""
        low = np.concatenate([family.lower for family in self.families])
        high = np.concatenate([family.upper for family in self.families])
        up, down = np.flatnonzero(np.isfinite(low)), np.flatnonzero(np.isfinite(high))
        row = np.concatenate([up, down])
        entry = np.concatenate([np.ones(len(up)), -np.ones(len(down))])
        first = self._solver.getNumCol()
        self._add(np.full(len(row), -1.0), np.full(len(row), NONE), np.arange(len(row)), row, entry)
        self._reliefs = np.arange(first, first + len(row))

    def end_relief(self, gain: Floats, extra: Extra) -> None:
        """Hold every row again, and let pairs (in the order they were added) and extra columns gain what they do."""
        zeros = np.zeros(len(self._reliefs))
        places = self._reliefs.astype(np.int32)
        self._solver.changeColsBounds(len(places), places, zeros, zeros)
        self._solver.changeColsCost(len(places), places, zeros)
        pairs = self._pair_places()
        self._solver.changeColsCost(len(pairs), pairs, -gain)
        self._solver.changeColsCost(self._extras, np.arange(self._extras, dtype=np.int32), -extra.gain)

    def add(self, columns: Columns, *, gains: bool = True) -> None:
        """Add pairs, each from 0 to 1."""
        parts = [family.entries(columns) for family in self.families]
        at = np.concatenate([part[0] for part in parts])
        row = np.concatenate([part[1] + offset for part, offset in zip(parts, self.offsets, strict=False)])
        entry = np.concatenate([part[2] for part in parts])
        size = len(columns.bid)
        self._add(columns.gain if gains else np.zeros(size), np.ones(size), at, row, entry)
        self.pairs += size

    def _add(self, gain: Floats, most: Floats, at: Ints, row: Ints, entry: Floats) -> None:
        size = len(gain)
        if not size:
            return
        order = np.lexsort((row, at))
        starts = np.searchsorted(at[order], np.arange(size)).astype(np.int32)
        rows = row[order].astype(np.int32)
        done = self._solver.addCols(size, -gain, np.zeros(size), most, len(rows), starts, rows, entry[order])
        if done.name == "kError":
            raise ValueError("the solver does not take these numbers")

    def _pair_places(self) -> "np.ndarray[Any, np.dtype[np.int32]]":
        """Pairs stand after the extra columns and, where there are some, the reliefs."""
        places = np.arange(self._solver.getNumCol(), dtype=np.int32)[self._extras :]
        return places[~np.isin(places, self._reliefs)]

    def relaxed(self) -> Outcome:
        """The optimum of the linear program."""
        self._solver.run()
        status = self._solver.modelStatusToString(self._solver.getModelStatus())
        solution = self._solver.getSolution()
        value = -self._solver.getInfo().objective_function_value
        values = np.array(solution.col_value)[self._pair_places()]
        return Outcome(
            status == "Optimal", status == "Infeasible", values, -np.array(solution.row_dual), value, value
        )

    def begin_with(self, taken: Ints) -> None:
        """Let the integer program begin with an answer: the pairs taken, by their order."""
        pairs = self._pair_places()
        values = np.zeros(len(pairs))
        values[taken] = 1.0
        self._solver.setSolution(len(pairs), pairs, values)

    def integral(self, *, nodes: int, gap: float) -> Outcome:
        """Pairs taken or not: the optimum, or the best within a number of nodes; done within `gap` (a share)."""
        import highspy

        pairs = self._pair_places()
        kinds = np.full(len(pairs), int(highspy.HighsVarType.kInteger), dtype=np.uint8)
        self._solver.changeColsIntegrality(len(pairs), pairs, kinds)
        for option, value in {"mip_max_nodes": nodes, "mip_rel_gap": gap, "mip_abs_gap": 1e-6}.items():
            self._solver.setOptionValue(option, value)
        self._solver.run()
        status = self._solver.modelStatusToString(self._solver.getModelStatus())
        info = self._solver.getInfo()
        found = status != "Infeasible" and info.primal_solution_status == 2  # a feasible point
        values = np.rint(np.array(self._solver.getSolution().col_value)[pairs]) if found else np.zeros(0)
        value = -info.objective_function_value if found else -NONE
        return Outcome(found, status == "Infeasible", values, np.zeros(0), value, -info.mip_dual_bound)

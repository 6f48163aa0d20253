"""The integer program, for the few problems with too many sets near their bound: HiGHS, one thread, a fixed seed and no gap.

What it answers is counted again in whole numbers, and an answer that only its tolerance let pass is cut off.
"""

from collections.abc import Collection, Mapping
from typing import Any

from jiebang.engines.portfolio.problem import Unproven
from jiebang.engines.portfolio.relaxation import Fixed, Relaxation, Row, add_row

OPTIONS: Mapping[str, Any] = {
    "output_flag": False, "threads": 1, "random_seed": 1, "parallel": "off", "mip_max_nodes": 200_000,
    "mip_rel_gap": 0.0, "mip_feasibility_tolerance": 1e-9,
}  # fmt: skip


def proven(about: Relaxation, *, fixed: Fixed, near: Collection[int] = ()) -> frozenset[int] | None:
    """A best set with these bids in or out, of equals one that keeps most of `near`; None where there is none.

    Raises Unproven at the limit of nodes.
    """
    solver = _solver(about, fixed, near)
    while solver.run() is not None:
        status = solver.modelStatusToString(solver.getModelStatus())
        if status == "Infeasible":
            return None
        chosen = _chosen(about, solver)
        if status not in ("Optimal", "Empty"):
            raise _unproven(about, solver, chosen)
        if _holds(about, chosen):
            return chosen
        ones = {item: 1 if item in chosen else -1 for item in range(len(about.problem.values))}
        add_row(solver, Row(None, len(chosen) - 1, ones))
    return None


def _solver(about: Relaxation, fixed: Fixed, near: Collection[int]) -> Any:
    import highspy
    import numpy as np

    solver, values = highspy.Highs(), about.problem.values
    count = len(values)
    part = 1 / (2 * count + 1) if near else 1.0  # all of them together stay below one unit
    for option, setting in {**OPTIONS, "mip_abs_gap": part / 2}.items():
        solver.setOptionValue(option, setting)
    low = np.array([float(fixed.get(item, False)) for item in range(count)])
    high = np.array([float(fixed.get(item, True)) for item in range(count)])
    solver.addVars(count, low, high)
    places = np.arange(count, dtype=np.int32)
    worth = np.array([value + part * (item in near) for item, value in enumerate(values)])
    solver.changeColsCost(count, places, worth)
    solver.changeColsIntegrality(count, places, np.array([highspy.HighsVarType.kInteger] * count))
    solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
    for row in about.rows:
        add_row(solver, row)
    return solver


def _chosen(about: Relaxation, solver: Any) -> frozenset[int]:
    values = solver.getSolution().col_value
    return frozenset(
        item for item in range(len(about.problem.values)) if item < len(values) and values[item] > 0.5
    )


def _holds(about: Relaxation, chosen: frozenset[int]) -> bool:
    return all(limit.holds(chosen) for limit in about.problem.limits)


def _unproven(about: Relaxation, solver: Any, chosen: frozenset[int]) -> Unproven:
    worth, most = about.problem.worth(chosen), float(solver.getInfo().mip_dual_bound)
    if not _holds(about, chosen) or worth <= 0:
        return Unproven(None, float("inf"))
    return Unproven(chosen, max(most / worth - 1, 0.0))

"""The same problem for CP-SAT, over chosen organisations: every limit exactly, in whole numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from jiebang.engines.team.arrays import Arrays, Ints

SEED = 20260701


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`team` rows of the best team found, or None; `bound` no team of these organisations is above it (None: there is none).

    `closed` when team and bound are proven, `spent` deterministic seconds.
    """

    team: tuple[int, ...] | None
    bound: int | None
    closed: bool
    spent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """Teams that hold more than all but `differ` members of one of `teams` are not wanted again, nor is `without`."""

    teams: tuple[tuple[int, ...], ...] = ()
    differ: int = 1
    without: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """A CP-SAT model, the variable of each chosen row, of each column covered and of each country present."""

    model: Any
    chosen: dict[int, Any]
    covered: dict[int, Any]


def build(data: Arrays, rows: Iterable[int], *, barred: Barred, drop: frozenset[str] = frozenset()) -> Model:
    """The model over these rows; `drop` names limits of `Problem` to leave out (for finding which collide)."""
    model = cp_model.CpModel()
    chosen = {row: model.new_bool_var(f"o{row}") for row in rows if row not in barred.without}
    _limits(model, data, chosen, drop)
    covered = _covering(model, data, chosen, drop)
    for first, second in data.apart if "apart" not in drop else ():
        if first in chosen and second in chosen:
            model.add_at_most_one(chosen[first], chosen[second])
    for team in barred.teams:
        model.add(sum(chosen[row] for row in team if row in chosen) <= len(team) - barred.differ)
    return Model(model=model, chosen=chosen, covered=covered)


def worth(data: Arrays, built: Model, /) -> Any:
    """The value of the team as an expression, in units."""
    values = [(var, int(data.value[row])) for row, var in built.chosen.items()]
    weights = [(var, int(data.weight[column])) for column, var in built.covered.items()]
    constant = int(data.weight[data.required].sum())
    pairs = values + weights
    return cp_model.LinearExpr.weighted_sum([var for var, _ in pairs], [each for _, each in pairs]) + constant


def best(
    data: Arrays, rows: Ints, *, above: int | None, below: int, barred: Barred, effort: float
) -> Outcome:
    """The team of greatest value over `above` and at most `below` among these rows; none found may mean none there."""
    built = build(data, rows.tolist(), barred=barred)
    value = worth(data, built)
    built.model.add(value <= below)
    if above is not None:
        built.model.add(value >= above + 1)
    built.model.maximize(value)
    return run(built, effort=effort)


def run(built: Model, *, effort: float) -> Outcome:
    """Solve with one worker, a fixed seed and a deterministic limit: the same model gives the same answer."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = SEED
    solver.parameters.max_deterministic_time = max(effort, 0.001)
    status = solver.solve(built.model)
    spent = float(solver.response_proto.deterministic_time)
    if status == cp_model.INFEASIBLE:
        return Outcome(team=None, bound=None, closed=True, spent=spent)
    bound = int(np.floor(solver.best_objective_bound + 1e-6))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Outcome(team=None, bound=bound, closed=False, spent=spent)
    team = tuple(row for row, var in built.chosen.items() if solver.value(var))
    return Outcome(team=team, bound=bound, closed=status == cp_model.OPTIMAL, spent=spent)


def _limits(model: Any, data: Arrays, chosen: dict[int, Any], drop: frozenset[str]) -> None:
    if "partners" not in drop:
        model.add(sum(chosen.values()) <= data.size)
    if data.budget is not None and "budget" not in drop:
        model.add(sum(int(data.cost[row]) * var for row, var in chosen.items()) <= data.budget)
    for row in data.forced.tolist() if "must_have" not in drop else ():
        if row in chosen:
            model.add(chosen[row] == 1)
        else:
            model.add_bool_or([])
    by_country: dict[int, list[Any]] = {}
    for row, var in chosen.items():
        if data.country[row] >= 0:
            by_country.setdefault(int(data.country[row]), []).append(var)
    if data.per_country is not None and "per_country" not in drop:
        for group in by_country.values():
            model.add(sum(group) <= data.per_country)
    if data.countries > 1 and "countries" not in drop:
        present: list[Any] = []
        for group in by_country.values():
            present.append(model.new_bool_var(f"c{len(present)}"))
            model.add_bool_or([*group, present[-1].negated()])
        model.add(sum(present) >= data.countries)


def _covering(model: Any, data: Arrays, chosen: dict[int, Any], drop: frozenset[str]) -> dict[int, Any]:
    """A clause for each column that must be covered; for one only wanted a variable that is true only where it is."""
    covered: dict[int, Any] = {}
    last = len(data.required) - 1
    for column, must in enumerate(data.required.tolist()):
        able = [chosen[row] for row in np.flatnonzero(data.covers[:, column]).tolist() if row in chosen]
        if must and not (column == last and "lead" in drop):
            model.add_bool_or(able)
        elif not must and data.weight[column] > 0:
            covered[column] = model.new_bool_var(f"w{column}")
            model.add_bool_or([*able, covered[column].negated()])
    return covered

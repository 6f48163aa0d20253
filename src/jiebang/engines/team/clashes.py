"""Why there is no team: capabilities nobody has, limits that collide, and what would repair it."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from jiebang.engines.team.arrays import Arrays, Ints, number
from jiebang.engines.team.dominance import undominated
from jiebang.engines.team.model import Barred, Model, build, run
from jiebang.engines.team.problem import Number, Organisation, Problem, breaches, covers

LIMITS = ("apart", "must_have", "countries", "per_country", "lead", "budget", "partners")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A change that makes a team possible once the other clashes are lifted: the limit at `to`; None: without the limit,
    or for those that `about` names.
    """

    limit: str
    to: Number | None = None
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """One reason: `code` is `nobody_has`, `nobody_may_lead`, `must_have` or `limits`.

    `about` names capabilities, or the limits that cannot hold together. `proven` is False where the effort ended before
    it was certain that none of them can be left out.
    """

    code: str
    about: tuple[str, ...]
    repairs: tuple[Repair, ...] = ()
    proven: bool = True


def clashes(problem: Problem, *, data: Arrays, effort: float) -> tuple[Clash, ...]:
    """Every plain reason; with effort above 0 and no plain one, irreducible sets of limits that collide.

    Irreducible: without any one of them the others can be kept together (deletion filter, Chinneck and Dravnieks 1991).
    Effort is in deterministic seconds for each question; empty where nothing is found.
    """
    plain = (*_nobody_has(problem, data), *_nobody_leads(problem, data), *_must_have(problem, data))
    return plain if plain or effort <= 0 else _colliding(data, effort)


def _nobody_has(problem: Problem, data: Arrays) -> list[Clash]:
    found = []
    for column, wanted in enumerate(problem.need):
        if wanted.required and not data.covers[:, column].any():
            out = [one.id for one in problem.organisations if covers(one, wanted)]
            levels = [one.capabilities.get(wanted.capability) for one in data.organisations]
            highest = max((level for level in levels if level is not None), default=None)
            repairs = [Repair(limit="excluded", about=tuple(out))] if out else []
            repairs += [] if highest is None else [Repair(limit="level", to=highest)]
            repairs.append(Repair(limit="required"))
            found.append(Clash(code="nobody_has", about=(wanted.capability,), repairs=tuple(repairs)))
    return found


def _nobody_leads(problem: Problem, data: Arrays) -> list[Clash]:
    if data.covers[:, -1].any():
        return []
    out = tuple(one.id for one in problem.organisations if problem.lead.allows(one))
    repairs = (*([Repair(limit="excluded", about=out)] if out else []), Repair(limit="lead"))
    return [Clash(code="nobody_may_lead", about=("lead",), repairs=repairs)]


def _must_have(problem: Problem, data: Arrays) -> list[Clash]:
    """Limits that the must-have organisations break by themselves."""
    team: list[Organisation] = [data.organisations[row] for row in data.forced.tolist()]
    broken = {"partners", "per_country", "budget", "apart"} & set(breaches(problem, team=team))
    needs: dict[str, Number] = {
        "partners": len(team) - 1,
        "budget": sum((one.cost for one in team), start=0),
        "per_country": int(np.bincount(data.country[data.forced] + 1)[1:].max(initial=0)) if team else 0,
    }
    return [
        Clash(
            code="must_have", about=(limit,),
            repairs=(Repair(limit=limit, to=needs.get(limit)), Repair(limit="must_have")),
        )
        for limit in sorted(broken)
    ]  # fmt: skip


def _colliding(data: Arrays, effort: float) -> tuple[Clash, ...]:
    """Sets of limits without a common member, until what is in none of them can be kept together."""
    rows = np.flatnonzero(undominated(replace(data, value=np.zeros_like(data.value)), enough=1))
    sets: list[tuple[tuple[str, ...], bool]] = []
    gone: frozenset[str] = frozenset()
    while not sets or (sets[-1][0] and _possible(data, rows, gone, effort) is False):
        sets.append(_irreducible(data, rows, gone, effort))
        gone |= frozenset(sets[-1][0])
    return tuple(
        Clash(
            code="limits", about=limits, proven=proven,
            repairs=tuple(
                found for limit in limits for found in _repair(data, rows, limit, gone - {*limits}, effort)
            ),
        )
        for limits, proven in sets if limits
    )  # fmt: skip


def _irreducible(
    data: Arrays, rows: Ints, gone: frozenset[str], effort: float
) -> tuple[tuple[str, ...], bool]:
    """Start with all limits but those gone, and leave out each that the contradiction does not need."""
    dropped, proven = gone, True
    for limit in LIMITS:
        possible = _possible(data, rows, dropped | {limit}, effort) if limit not in gone else True
        proven &= possible is not None
        if possible is False:
            dropped |= {limit}
    return tuple(limit for limit in LIMITS if limit not in dropped), proven


def _possible(data: Arrays, rows: Ints, drop: frozenset[str], effort: float) -> bool | None:
    outcome = run(build(data, rows.tolist(), barred=Barred(), drop=drop), effort=effort)
    return True if outcome.team is not None else False if outcome.closed else None


def _repair(data: Arrays, rows: Ints, limit: str, gone: frozenset[str], effort: float) -> list[Repair]:
    """The least change of one limit that makes all others but those gone possible; none where it alone does not."""
    built = build(data, rows.tolist(), barred=Barred(), drop=gone | {limit})
    aim = _aim(data, built, limit)
    if aim is not None:
        built.model.minimize(aim)
    outcome = run(built, effort=effort)
    if outcome.team is None:
        return []
    to = _reached(data, outcome.team, limit) if aim is not None else None
    return [Repair(limit=limit, to=to)]


def _aim(data: Arrays, built: Model, limit: str) -> Any:
    if limit == "partners":
        return cp_model.LinearExpr.sum(list(built.chosen.values()))
    if limit == "budget":
        costs = [int(data.cost[row]) for row in built.chosen]
        return cp_model.LinearExpr.weighted_sum(list(built.chosen.values()), costs)
    if limit not in ("per_country", "countries"):
        return None
    most = built.model.new_int_var(0, data.n, "most")
    groups: dict[int, list[Any]] = {}
    for row, var in built.chosen.items():
        groups.setdefault(int(data.country[row]), []).append(var)
    groups.pop(-1, None)
    if limit == "per_country":
        for group in groups.values():
            built.model.add(sum(group) <= most)
        return most
    return -sum(_present(built.model, group) for group in groups.values())


def _present(model: Any, group: list[Any]) -> Any:
    here = model.new_bool_var("")
    model.add_bool_or([*group, here.negated()])
    return here


def _reached(data: Arrays, team: tuple[int, ...], limit: str) -> Number:
    countries = data.country[list(team)]
    known = countries[countries >= 0]
    counts = {
        "partners": len(team) - 1,
        "per_country": int(np.bincount(known).max(initial=0)) if len(known) else 0,
        "countries": len(np.unique(known)),
    }
    return counts[limit] if limit in counts else number(int(data.cost[list(team)].sum()), data.cost_digits)

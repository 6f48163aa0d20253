"""Which named constraints collide where loads alone could be kept: a deletion filter, and what would repair it.

A constraint without which there is still no assignment plays no part and is left out for good; what remains collides, and
without any one of them there is an assignment (Chinneck, "Feasibility and Infeasibility in Optimization", 2008). Where
several collisions stand apart no single change repairs all; then one change for each is told, to be made together.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from jiebang.engines.assignment import constrained
from jiebang.engines.assignment.families import families_of
from jiebang.engines.assignment.flow import optimum
from jiebang.engines.assignment.pricing import no_gain
from jiebang.engines.assignment.problem import Finding, Infeasible, Mask, Param, Problem, Quota
from jiebang.engines.assignment.program import NO_EXTRA
from jiebang.engines.assignment.table import blocks

STEPS = 8  # of looking for a floor that can be kept

# what it is called to do without a constraint
LIGHTER = {
    "assignment.min_loads": "assignment.drop_min_loads", "assignment.max_loads": "assignment.drop_max_loads",
    "assignment.no_rings": "assignment.allow_rings", "assignment.least_total": "assignment.drop_least_total",
}  # fmt: skip

Change = Callable[[Problem], Problem]


@dataclass(frozen=True, slots=True)
class _Named:
    """A constraint: what it says, and the problem without it."""

    finding: Finding
    without: Change
    quota: Quota | None = None


def collisions(problem: Problem, *, nodes: int) -> Infeasible:
    """The constraints that collide, and changes after which everything can be kept: any one of them, or all together."""
    needed = _colliding(problem, nodes=nodes)
    repairs = tuple(_repairs(problem, [item.finding for item in needed], nodes=nodes))
    if not repairs:
        repairs = tuple(_together(problem, needed, nodes=nodes))
    return Infeasible(collide=tuple(item.finding for item in needed), repairs=repairs)


def _colliding(problem: Problem, *, nodes: int) -> list[_Named]:
    needed: list[_Named] = []
    rest = list(_named(problem))
    lighter = problem
    while rest:
        one = rest.pop(0)
        without = one.without(lighter)
        if _feasible(without, nodes=nodes) is False:
            lighter = without
        else:
            needed.append(one)
    return needed


def _together(problem: Problem, first: list[_Named], *, nodes: int) -> Iterator[Finding]:
    """One change for each collision in turn, of which all together repair the problem; nothing where that is not found."""
    dropped, lighter, needed = [], problem, first
    while needed:
        dropped.append(needed[-1])  # loads come first, so that a rule about experts gives way before them
        lighter = dropped[-1].without(lighter)
        if _feasible(lighter, nodes=nodes):
            break
        needed = _colliding(lighter, nodes=nodes)
    if not needed:
        return
    yield Finding(code="assignment.all_together")
    for item in dropped:
        lighter, told = _loosest(problem, lighter, item, nodes=nodes)
        yield told


def _loosest(problem: Problem, lighter: Problem, item: _Named, *, nodes: int) -> tuple[Problem, Finding]:
    """A dropped constraint put back as tight as can be, and the words for it."""
    if item.quota is not None and item.quota.most is None and item.quota.least == 1:
        return lighter, _loosened(replace(item.quota, least=0))  # any looser is none at all
    if item.quota is not None and (step := _looser(lighter, item.quota, nodes=nodes)):
        return replace(lighter, quotas=(*lighter.quotas, step)), _loosened(step)
    if item.finding.code == "assignment.floor":
        floor = _lower_floor(replace(lighter, floor=problem.floor), nodes=nodes)
        if floor is not None:
            lower = Finding(code="assignment.lower_floor", params={"floor": floor})
            return replace(lighter, floor=floor), lower
    return lighter, Finding(
        code=LIGHTER.get(item.finding.code, item.finding.code), params=item.finding.params
    )


def _feasible(problem: Problem, *, nodes: int) -> bool | None:
    """Whether there is an assignment at all; None where the search ended undecided."""
    flow = optimum(
        problem.affinity, per_bid=problem.per_bid, min_load=problem.min_load, max_load=problem.room
    )
    if not flow.kept or starved(problem):
        return False
    if problem.is_flow:
        return True
    task = constrained.Task(tuple(families_of(problem)), NO_EXTRA, no_gain, 1.0)
    found = constrained.best(problem, task, flow, nodes=nodes)
    return None if found is False else found is not None


def starved(problem: Problem) -> bool:
    """Whether some bid alone has too few open experts for one of its quotas: seen at once, without any search."""
    return any(
        _short(problem, quota, start, np.isfinite(block)).any()
        for start, block in blocks(problem.affinity)
        for quota in problem.quotas
    )


def _short(problem: Problem, quota: Quota, start: int, may: Mask) -> Mask:
    """Of a block of bids, which cannot keep a quota with the experts open to them."""
    values, place = problem.value_places(quota.mark)
    chosen = (
        range(len(values))
        if quota.value is None
        else [at for at, name in enumerate(values) if name == quota.value]
    )
    counts = np.stack(
        [may[:, place == at].sum(axis=1) for at in chosen] or [np.zeros(len(may), np.int64)], axis=1
    )
    beyond = np.maximum(counts - quota.most, 0).sum(axis=1) if quota.most is not None else 0
    asked = np.array([quota.holds_for(bid) for bid in range(start, start + len(may))])
    few = may.sum(axis=1) - beyond < problem.per_bid[start : start + len(may)]
    short: Mask = asked & (few | (counts < quota.least).any(axis=1))
    return short


def _named(problem: Problem) -> Iterator[_Named]:
    """Loads first, so that they are named only where they matter."""
    if problem.min_load.any():
        none = np.zeros_like(problem.min_load)
        yield _Named(Finding(code="assignment.min_loads"), lambda p: replace(p, min_load=none))
    if (problem.max_load < len(problem.bids)).any():
        all_bids = np.full_like(problem.max_load, len(problem.bids))
        yield _Named(Finding(code="assignment.max_loads"), lambda p: replace(p, max_load=all_bids))
    if problem.authors:
        yield _Named(Finding(code="assignment.no_rings"), lambda p: replace(p, authors=()))
    for quota in problem.quotas:
        yield _Named(_of_quota(quota), lambda p, quota=quota: _without_quota(p, quota), quota)  # type: ignore[misc]
    if problem.least_total is not None:
        params = {"least": problem.least_total}
        yield _Named(
            Finding(code="assignment.least_total", params=params), lambda p: replace(p, least_total=None)
        )
    if problem.floor is not None:
        params = {"floor": problem.floor}
        yield _Named(Finding(code="assignment.floor", params=params), lambda p: replace(p, floor=None))


def _of_quota(quota: Quota) -> Finding:
    return Finding(code=f"assignment.quota{_kind(quota)}", params=_limits(quota))


def _kind(quota: Quota) -> str:
    """By what a quota limits: both ways, at least, at most."""
    if quota.most is None:
        return "_least"
    return "" if quota.least else "_most"


def _limits(quota: Quota) -> dict[str, Param]:
    limits = {"least": quota.least, "most": quota.most}
    params: dict[str, Param] = {"mark": quota.mark, "value": quota.value or "*"}
    return params | {name: limit for name, limit in limits.items() if limit}


def _without_quota(problem: Problem, quota: Quota) -> Problem:
    return replace(problem, quotas=tuple(other for other in problem.quotas if other is not quota))


def _repairs(problem: Problem, collide: list[Finding], *, nodes: int) -> Iterator[Finding]:
    """Single changes that were tried and do repair the whole problem."""
    said = {finding.code for finding in collide}
    for quota in problem.quotas:
        if _of_quota(quota) in collide and (looser := _looser(problem, quota, nodes=nodes)):
            yield _loosened(looser)
    if "assignment.floor" in said and (floor := _lower_floor(problem, nodes=nodes)) is not None:
        yield Finding(code="assignment.lower_floor", params={"floor": floor})
    for item in _named(problem):
        if (
            item.finding.code in LIGHTER
            and item.finding in collide
            and _feasible(item.without(problem), nodes=nodes)
        ):
            yield Finding(code=LIGHTER[item.finding.code])


def _looser(problem: Problem, quota: Quota, *, nodes: int) -> Quota | None:
    """The quota loosened as little as lets everything else be kept."""
    others = _without_quota(problem, quota)
    largest = int(problem.per_bid.max(initial=0))
    steps = [replace(quota, least=least) for least in range(quota.least - 1, -1, -1)]
    if quota.most is not None:
        steps += [replace(quota, most=most) for most in range(quota.most + 1, largest + 1)]
    for step in steps:
        if _feasible(replace(others, quotas=(*others.quotas, step)), nodes=nodes):
            return step
    return None


def _loosened(quota: Quota) -> Finding:
    if not quota.least and quota.most is None:
        return Finding(code="assignment.drop_quota", params=_limits(quota))
    return Finding(code=f"assignment.loosen{_kind(quota) or '_quota'}", params=_limits(quota))


def _lower_floor(problem: Problem, *, nodes: int) -> float | None:
    """About the highest floor that can be kept with everything else, rounded down to three digits."""
    if not _feasible(replace(problem, floor=None), nodes=nodes):
        return None
    high = problem.floor or 0.0
    low = high - max(abs(high), 1.0)
    while not _feasible(replace(problem, floor=low), nodes=nodes):
        high, low = low, low - 2 * (high - low)
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if _feasible(replace(problem, floor=middle), nodes=nodes) else (low, middle)
        )
    return math.floor(low * 1000) / 1000

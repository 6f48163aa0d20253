"""The best assignment under quotas, floors and without rings: a bound by pricing, an answer by integer programming on few pairs.

The relaxation over all pairs (pricing.py) bounds the total. A pair whose margin at its prices is below the distance from
the bound to an answer in hand can be in no better answer, so that the integer program needs only the others. Rings become
rows when an answer has one. Where the search ends at its limit of nodes, the gap to the bound is told.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from jiebang.engines.assignment import evenness
from jiebang.engines.assignment.families import Columns, Family, families_of, groups
from jiebang.engines.assignment.flow import Flow
from jiebang.engines.assignment.pricing import (
    ALL_AT_ONCE,
    Gain,
    Relaxed,
    columns_above,
    joined,
    margins_of,
    no_gain,
    relax,
)
from jiebang.engines.assignment.problem import Assignment, Finding, Infeasible, Pair, Prices, Problem
from jiebang.engines.assignment.program import NO_EXTRA, Extra, Outcome, Program
from jiebang.engines.assignment.rings import rings
from jiebang.engines.assignment.table import UNIT, Floats, Ints

NODES = 500
ROUNDS = 40  # of cutting rings
PAIRS_OF_BID = 40  # that the first integer program may look at, on average
MOST_PAIRS = 200_000  # that an integer program is given; where a proof would need more, the gap is told
GAP, GAP_OF_EVENNESS = 1e-6, 2e-3


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What is maximised: rows, extra columns, the gain of each pair, and how near to the optimum is near enough."""

    families: tuple[Family, ...]
    extra: Extra
    gain: Gain
    gap: float


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """An answer: its pairs, the value that is maximised, what it cannot exceed, and the dual prices of the relaxation."""

    bid: Ints
    expert: Ints
    value: float
    bound: float
    relaxed: Relaxed


def solve(problem: Problem, flow: Flow, *, nodes: int = NODES) -> Assignment | Infeasible:
    """The best assignment that keeps everything; `flow` is the optimum under loads and conflicts alone."""
    from jiebang.engines.assignment.deletion import collisions

    families = tuple(families_of(problem))
    if problem.keep:
        kept = best(problem, Task(families, NO_EXTRA, _counting(problem), GAP), flow, nodes=nodes)
        if isinstance(kept, Found):
            families = (*families, groups([problem.keep], least=round(kept.value)))
    found = best(problem, _task(problem, families), flow, nodes=nodes)
    if isinstance(found, Found):
        return _answer(problem, found)
    return collisions(problem, nodes=nodes) if found is None else UNDECIDED


UNDECIDED = Infeasible(collide=(Finding(code="assignment.undecided"),), proven=False)


def _task(problem: Problem, families: tuple[Family, ...]) -> Task:
    if problem.least_total is None:
        return Task(families, NO_EXTRA, lambda _, affinity: affinity, GAP)
    rows = sum(len(family.lower) for family in families)
    worths, extra = evenness.pieces(problem, first_row=rows)
    return Task((*families, worths), extra, no_gain, GAP_OF_EVENNESS)


def _counting(problem: Problem) -> Gain:
    bid, expert = np.array(problem.keep, dtype=np.int64).T

    def gain(start: int, affinity: Floats) -> Floats:
        counted = np.zeros(affinity.shape)
        here = (bid >= start) & (bid < start + len(affinity))
        counted[bid[here] - start, expert[here]] = 1.0
        return counted

    return gain


def best(problem: Problem, task: Task, flow: Flow, *, nodes: int) -> Found | bool | None:
    """The best answer; None where it is proven that there is none, False where none was found."""
    relaxed = relax(problem, task.families, task.extra, task.gain, flow)
    if relaxed is None:
        return None
    search = _Search(problem, task, relaxed, nodes)
    least = _first_margin(problem, task, relaxed)
    while True:
        search.among(least)
        done, least = search.next_margin(least)
        if done:
            return search.answer(least)


class _Search:
    """Integer programs on more and more pairs: those whose margin is at least so much."""

    def __init__(self, problem: Problem, task: Task, relaxed: Relaxed, nodes: int) -> None:
        self.problem, self.task, self.relaxed, self.nodes = problem, task, relaxed, nodes
        self.pairs = math.prod(problem.affinity.shape)
        self.cuts: list[tuple[Pair, ...]] = []
        self.best: tuple[Columns, float] | None = None  # the pairs taken, and their value
        self.bound, self.impossible = math.inf, False

    def among(self, least: float) -> None:
        """The best answer among the pairs of at least this margin; it begins with the best so far."""
        columns = columns_above(self.problem, self.task.families, self.relaxed.duals, self.task.gain, least)
        columns = _with_support(columns, self.relaxed, self.best[0] if self.best else None)
        outcome = self._without_rings(columns)
        self.bound, self.impossible, self.size = outcome.bound, outcome.impossible, len(columns.bid)
        if outcome.found and (self.best is None or outcome.value > self.best[1]):
            self.best = columns.part(outcome.values > 0.5), outcome.value

    def next_margin(self, least: float) -> tuple[bool, float]:
        """Whether the search is over, and the margin of the next program (or of the last)."""
        if least == -math.inf:
            return True, least
        if self.best is None:
            wider = min(4 * least, -1e-3)
            return False, -math.inf if 4 * self.size > self.pairs else wider
        distance = self.relaxed.value - self.best[1]
        if -least >= distance or distance <= self.task.gap * abs(self.best[1]):
            return True, least
        least = -distance * (1 + 1e-9) - 1 / UNIT
        needed = self._count(least)
        if needed > MOST_PAIRS:
            return True, 0.0
        return False, -math.inf if 2 * needed > self.pairs else least

    def answer(self, least: float) -> Found | bool | None:
        """What was found: the bound holds for pairs that were left out too."""
        if self.best is None:
            return None if self.impossible else False
        taken, value = self.best
        bound = min(self.relaxed.value, max(self.bound, self.relaxed.value + least, value))
        return Found(taken.bid, taken.expert, value, bound, self.relaxed)

    def _count(self, least: float) -> int:
        return len(
            columns_above(self.problem, self.task.families, self.relaxed.duals, self.task.gain, least).bid
        )

    def _without_rings(self, columns: Columns) -> Outcome:
        """The best answer on these pairs; rows against rings are added until an answer has none."""
        for _ in range(ROUNDS if self.problem.authors else 1):
            families: Sequence[Family] = self.task.families
            if self.cuts:
                families = (*families, groups(self.cuts, most=[len(cut) - 1.0 for cut in self.cuts]))
            program = Program(families, self.task.extra)
            program.add(columns)
            if self.best:
                program.begin_with(_places(columns, self.best[0]))
            outcome = program.integral(nodes=self.nodes, gap=self.task.gap)
            taken = columns.part(outcome.values > 0.5) if outcome.found else columns.part(slice(0))
            pairs = set(zip(taken.bid.tolist(), taken.expert.tolist(), strict=True))
            broken = rings(pairs, self.problem.authors)
            if not broken:
                return outcome
            self.cuts += _cuts(self.problem, broken)
        return replace(outcome, found=False)


def _places(columns: Columns, taken: Columns) -> Ints:
    """Where the pairs taken stand among the columns."""
    experts = int(max(columns.expert.max(initial=0), taken.expert.max(initial=0))) + 1
    return np.flatnonzero(np.isin(columns.bid * experts + columns.expert, taken.bid * experts + taken.expert))


def _first_margin(problem: Problem, task: Task, relaxed: Relaxed) -> float:
    """So low a margin that each bid has a choice of pairs, yet few enough for an integer program."""
    pairs = math.prod(problem.affinity.shape)
    if problem.least_total is not None and pairs <= ALL_AT_ONCE:
        return (
            -math.inf
        )  # an even answer lies far from its relaxation: leaving out pairs would only cost rounds
    margin = margins_of(problem, task.families, relaxed.duals, task.gain, relaxed.columns)
    wanted = PAIRS_OF_BID * problem.affinity.shape[0]
    if len(margin) <= wanted:
        return -math.inf if pairs <= ALL_AT_ONCE else float(margin.min(initial=-1 / UNIT))
    return min(float(-np.partition(-margin, wanted)[wanted]), -1 / UNIT)


def _with_support(columns: Columns, relaxed: Relaxed, taken: Columns | None) -> Columns:
    """Also the pairs of the relaxation's own solution and of the best answer, so that rounding loses none of them."""
    both = joined(columns, relaxed.columns.part(relaxed.values > 1e-9))
    both = joined(both, taken) if taken else both
    experts = int(both.expert.max(initial=0)) + 1
    return both.part(np.unique(both.bid * experts + both.expert, return_index=True)[1])


def _cuts(problem: Problem, broken: Sequence[tuple[Pair, ...]]) -> list[tuple[Pair, ...]]:
    """All ways in which the experts of these rings could assess each other, each once."""
    works: dict[int, list[int]] = {}
    for bid, expert in problem.authors:
        works.setdefault(expert, []).append(bid)
    found: dict[tuple[Pair, ...], None] = {}
    for ring in broken:
        experts = [expert for _, expert in ring]
        assessed = [works[other] for other in [*experts[1:], experts[0]]]
        for bids in product(*assessed):
            found[tuple(sorted(zip(bids, experts, strict=True)))] = None
    return list(found)


def _answer(problem: Problem, found: Found) -> Assignment:
    order = np.lexsort((found.expert, found.bid))
    bid, expert = found.bid[order], found.expert[order]
    affinity = problem.scores(bid, expert)
    total = math.fsum(affinity)
    even = problem.least_total is not None
    value, bound = (found.value, found.bound) if even else (total, max(found.bound, total))
    bids, experts = problem.affinity.shape
    duals = found.relaxed.duals
    prices = Prices(of_bid=duals[:bids], of_expert=duals[bids : bids + experts])
    gap = (bound - value) / max(abs(value), 1e-9)
    return Assignment(
        bid=bid, expert=expert, affinity=affinity, total=total, bound=bound, gap=gap, prices=prices
    )

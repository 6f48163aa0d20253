"""The linear relaxation over all pairs, by columns: those that could better it are priced in until none is left.

A program over few pairs gives dual prices; every pair outside is priced with them, block by block. First every row may be
off at a cost, to find whether all can be kept (phase one); then they are held, and gains count.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from jiebang.engines.assignment.families import Block, Columns, Family
from jiebang.engines.assignment.flow import Flow
from jiebang.engines.assignment.problem import Problem
from jiebang.engines.assignment.program import Extra, Outcome, Program
from jiebang.engines.assignment.table import BLOCK, UNIT, Floats, Ints

ALL_AT_ONCE = 30_000  # pairs; below, pricing costs more than it saves
FIRST_OF_BID, MORE_OF_BID = 24, 8
TOLERANCE = 1e-6

Gain = Callable[[int, Floats], Floats]
"""Of a block of bids (its start, its affinities): what taking each pair gains."""


def no_gain(_: int, affinity: Floats) -> Floats:
    """Nothing gains anything: any answer will do."""
    return np.zeros(affinity.shape)


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """The optimum of the relaxation: its value, the dual prices of all rows, the pairs in the program, and their values."""

    value: float
    duals: Floats
    columns: Columns
    values: Floats


def relax(
    problem: Problem, families: Sequence[Family], extra: Extra, gain: Gain, flow: Flow
) -> Relaxed | None:
    """The optimum of the linear relaxation over all pairs, or None where even that keeps no constraint off."""
    program = Program(families, extra)
    program.relieve()
    columns = _first(problem, gain, flow)
    program.add(columns, gains=False)
    columns, outcome = _priced(problem, program, columns, no_gain, gain, wanted=-TOLERANCE)
    if outcome.value < -TOLERANCE:
        return None
    program.end_relief(columns.gain, extra)
    columns, outcome = _priced(problem, program, columns, gain, gain, wanted=np.inf)
    if not outcome.found:
        return None
    return Relaxed(outcome.value, outcome.duals, columns, outcome.values)


def _priced(
    problem: Problem, program: Program, columns: Columns, phase: Gain, gain: Gain, *, wanted: float
) -> tuple[Columns, Outcome]:
    """Solve, price, add, until no pair is worth adding or the value wanted is reached."""
    while True:
        outcome = program.relaxed()
        if not outcome.found or outcome.value >= wanted or len(columns.bid) == _allowed(problem, columns):
            return columns, outcome
        more = _entering(problem, program, columns, outcome.duals, phase, gain)
        if not len(more.bid):
            return columns, outcome
        program.add(more, gains=phase is gain)
        columns = joined(columns, more)


def _allowed(problem: Problem, columns: Columns) -> int:
    bids, experts = problem.affinity.shape
    return len(columns.bid) if bids * experts <= ALL_AT_ONCE else -1


def joined(one: Columns, two: Columns) -> Columns:
    """Both, one after the other."""
    sides = ((getattr(one, name), getattr(two, name)) for name in ("bid", "expert", "affinity", "gain"))
    return Columns(*(np.concatenate(side) for side in sides))


def _blocks(problem: Problem) -> list[tuple[int, int]]:
    bids, experts = problem.affinity.shape
    step = max(1, BLOCK // max(experts, 1))
    return [(start, min(bids, start + step)) for start in range(0, bids, step)]


def margins(
    problem: Problem, families: Sequence[Family], duals: Floats, gain: Gain, start: int, stop: int
) -> Floats:
    """What each pair of a block gains above its price at these duals; -inf where barred."""
    affinity = problem.affinity.rows(start, stop)
    allowed = np.isfinite(affinity)
    finite = np.where(allowed, affinity, 0.0)
    block = Block(start, stop, finite)
    margin = np.array(gain(start, finite), dtype=float)
    at = 0
    for family in families:
        size = len(family.lower)
        margin -= family.cost(duals[at : at + size], block)
        at += size
    margin[~allowed] = -np.inf
    return margin


def margins_of(
    problem: Problem, families: Sequence[Family], duals: Floats, gain: Gain, columns: Columns
) -> Floats:
    """The margins of the pairs of `columns`, in their order."""
    found = np.empty(len(columns.bid))
    for start, stop in _blocks(problem):
        here = (columns.bid >= start) & (columns.bid < stop)
        margin = margins(problem, families, duals, gain, start, stop)
        found[here] = margin[columns.bid[here] - start, columns.expert[here]]
    return found


def columns_above(
    problem: Problem, families: Sequence[Family], duals: Floats, gain: Gain, least: float
) -> Columns:
    """All pairs whose margin is at least `least`: without the others nothing better than value + least is lost."""
    parts = []
    for start, stop in _blocks(problem):
        margin = margins(problem, families, duals, gain, start, stop)
        parts.append(_chosen(problem, gain, start, *np.nonzero((margin >= least) & np.isfinite(margin))))
    return _together(parts)


def _first(problem: Problem, gain: Gain, flow: Flow) -> Columns:
    """All pairs of a small problem; else those near the prices of the flow, and the flow itself."""
    bids, experts = problem.affinity.shape
    parts = []
    for start, stop in _blocks(problem):
        affinity = np.array(problem.affinity.rows(start, stop))
        if bids * experts > ALL_AT_ONCE:
            reduced = affinity - flow.price_of_expert / UNIT
            taken = (flow.bid >= start) & (flow.bid < stop)
            reduced[flow.bid[taken] - start, flow.expert[taken]] = np.inf
            reduced[affinity == -np.inf] = -np.inf
            parts.append(_chosen(problem, gain, start, *_best(reduced, FIRST_OF_BID)))
        else:
            parts.append(_chosen(problem, gain, start, *np.nonzero(np.isfinite(affinity))))
    return _together(parts)


def _entering(
    problem: Problem, program: Program, columns: Columns, duals: Floats, phase: Gain, gain: Gain
) -> Columns:
    parts = []
    for start, stop in _blocks(problem):
        margin = margins(problem, program.families, duals, phase, start, stop)
        known = (columns.bid >= start) & (columns.bid < stop)
        margin[columns.bid[known] - start, columns.expert[known]] = -np.inf
        margin[margin <= TOLERANCE] = -np.inf
        parts.append(_chosen(problem, gain, start, *_best(margin, MORE_OF_BID)))
    return _together(parts)


def _best(values: Floats, most: int) -> tuple[Ints, Ints]:
    """Places of the `most` largest values above -inf in every row."""
    most = min(most, values.shape[1])
    place = np.argpartition(-values, most - 1, axis=1)[:, :most]
    row = np.broadcast_to(np.arange(len(values))[:, None], place.shape)
    keep = np.take_along_axis(values, place, 1) > -np.inf
    return row[keep], place[keep]


def _chosen(problem: Problem, gain: Gain, start: int, row: Ints, expert: Ints) -> Columns:
    if not len(row):
        return Columns(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
    affinity = problem.affinity.rows(start, start + int(row.max()) + 1)
    gains = gain(start, np.where(np.isfinite(affinity), affinity, 0.0))
    return Columns(row + start, expert, affinity[row, expert], gains[row, expert])


def _together(parts: list[Columns]) -> Columns:
    whole = parts[0]
    for part in parts[1:]:
        whole = joined(whole, part)
    return whole

"""Families of constraints as rows of a linear program whose columns are pairs of a bid and an expert.

Each gives the entries of given pairs, and for a block of bids what the rows of every pair cost at given dual prices, so
that all pairs can be priced without ever being written down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from jiebang.engines.assignment.problem import Pair, Problem
from jiebang.engines.assignment.table import Floats, Ints

Entries = tuple[Ints, Ints, Floats]
NONE = np.inf


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Pairs that a program knows, with their affinities and what taking one gains."""

    bid: Ints
    expert: Ints
    affinity: Floats
    gain: Floats

    def part(self, chosen: Any) -> "Columns":
        """Those chosen by places or by a mask."""
        return Columns(self.bid[chosen], self.expert[chosen], self.affinity[chosen], self.gain[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """All pairs of the bids from `start` to before `stop`, with their affinities (0 where barred)."""

    start: int
    stop: int
    affinity: Floats


class Family(Protocol):
    """Rows `lower <= sum of entries <= upper`."""

    @property
    def lower(self) -> Floats:
        """What the sum of each row is at least."""

    @property
    def upper(self) -> Floats:
        """What it is at most."""

    def entries(self, pairs: Columns) -> Entries:
        """Of these pairs: which of them, in which row, with which number."""

    def cost(self, duals: Floats, block: Block) -> Floats:
        """Of all pairs of a block: entries times duals, in a shape that broadcasts to it."""


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Every bid has exactly its number of experts: one row a bid."""

    lower: Floats
    upper: Floats

    def entries(self, pairs: Columns) -> Entries:
        return np.arange(len(pairs.bid)), pairs.bid, np.ones(len(pairs.bid))

    def cost(self, duals: Floats, block: Block) -> Floats:
        return duals[block.start : block.stop, None]


@dataclass(frozen=True, slots=True, eq=False)
class Loads:
    """Every expert has from the least to the greatest load: one row an expert."""

    lower: Floats
    upper: Floats

    def entries(self, pairs: Columns) -> Entries:
        return np.arange(len(pairs.bid)), pairs.expert, np.ones(len(pairs.bid))

    def cost(self, duals: Floats, block: Block) -> Floats:
        return np.broadcast_to(duals, block.affinity.shape)


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """A quota: of each bid, how many experts have each of `values` values; `place` is an expert's value, -1 for none."""

    lower: Floats
    upper: Floats
    place: Ints
    values: int

    def entries(self, pairs: Columns) -> Entries:
        place = self.place[pairs.expert]
        at = np.flatnonzero(place >= 0)
        return at, pairs.bid[at] * self.values + place[at], np.ones(len(at))

    def cost(self, duals: Floats, block: Block) -> Floats:
        table = duals.reshape(-1, self.values)[block.start : block.stop]
        prices: Floats = np.where(self.place >= 0, table[:, self.place], 0.0)
        return prices


@dataclass(frozen=True, slots=True, eq=False)
class Worths:
    """The sum of affinities of every bid: one row a bid."""

    lower: Floats
    upper: Floats

    def entries(self, pairs: Columns) -> Entries:
        return np.arange(len(pairs.bid)), pairs.bid, pairs.affinity

    def cost(self, duals: Floats, block: Block) -> Floats:
        return duals[block.start : block.stop, None] * block.affinity


@dataclass(frozen=True, slots=True, eq=False)
class Total:
    """The sum of all affinities: one row."""

    lower: Floats
    upper: Floats

    def entries(self, pairs: Columns) -> Entries:
        return np.arange(len(pairs.bid)), np.zeros(len(pairs.bid), np.int64), pairs.affinity

    def cost(self, duals: Floats, block: Block) -> Floats:
        return block.affinity * float(duals[0])


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """How many of a few given pairs are taken: one row a group (pairs to keep, rings to cut)."""

    lower: Floats
    upper: Floats
    groups: tuple[tuple[Pair, ...], ...]

    def entries(self, pairs: Columns) -> Entries:
        place = {
            pair: at for at, pair in enumerate(zip(pairs.bid.tolist(), pairs.expert.tolist(), strict=True))
        }
        found = [
            (place[pair], row) for row, group in enumerate(self.groups) for pair in group if pair in place
        ]
        at, row = np.array(found, dtype=np.int64).reshape(-1, 2).T
        return at, row, np.ones(len(at))

    def cost(self, duals: Floats, block: Block) -> Floats:
        found = np.zeros(block.affinity.shape)
        for dual, group in zip(duals.tolist(), self.groups, strict=True):
            for bid, expert in group:
                if dual and block.start <= bid < block.stop:
                    found[bid - block.start, expert] += dual
        return found


def families_of(problem: Problem) -> list[Family]:
    """Every constraint of a problem but the rings, of which only those that are broken become rows. Coverage and loads first."""
    per_bid = problem.per_bid.astype(float)
    found: list[Family] = [Coverage(per_bid, per_bid)]
    found.append(Loads(problem.min_load.astype(float), problem.room.astype(float)))
    found += [shares for quota in range(len(problem.quotas)) if (shares := _shares(problem, quota))]
    if problem.floor is not None and problem.least_total is None:
        found.append(Worths(np.full(len(per_bid), problem.floor), np.full(len(per_bid), NONE)))
    if problem.least_total is not None:
        found.append(Total(np.array([problem.least_total]), np.array([NONE])))
    return found


def _shares(problem: Problem, at: int) -> Shares | None:
    """A quota as rows, only of values that enough experts have to break it; None where nobody can."""
    quota = problem.quotas[at]
    values, place = problem.value_places(quota.mark)
    if quota.value is not None:
        chosen = [values.index(quota.value)] if quota.value in values else []
        if not chosen and not quota.least:
            return None
    else:
        counts = np.bincount(place[place >= 0], minlength=len(values))
        chosen = [
            value for value in range(len(values)) if quota.most is not None and counts[value] > quota.most
        ]
        if not chosen:
            return None
    renumber = np.full(len(values) + 1, -1, np.int64)  # the last for -1: unknown
    renumber[chosen] = np.arange(len(chosen))
    number = max(len(chosen), 1)
    asked = np.array([quota.holds_for(bid) for bid in range(len(problem.bids))])
    least = np.where(asked, float(quota.least), 0.0)
    most = np.where(asked, NONE if quota.most is None else float(quota.most), NONE)
    return Shares(np.repeat(least, number), np.repeat(most, number), renumber[place], number)


def groups(
    chosen: Sequence[tuple[Pair, ...]], *, least: float = -NONE, most: Sequence[float] | None = None
) -> Groups:
    """Groups of pairs with bounds on how many are taken."""
    upper = np.full(len(chosen), NONE) if most is None else np.array(most, dtype=float)
    return Groups(np.full(len(chosen), least), upper, tuple(chosen))

"""Branch and bound over teams, one scarce column at a time, with the table's exact covers as the bound."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from jiebang.engines.team.arrays import NOWHERE, Arrays, Bools, Floats, Ints
from jiebang.engines.team.cover import Table, table
from jiebang.engines.team.model import Barred
from jiebang.engines.team.prices import Scene


class _Spent(Exception):
    """The nodes have run out."""


@dataclass(slots=True, kw_only=True, eq=False)
class Branching:
    """A search over rows of one scene. `floor` is the value to beat, in units; `team` beats it once one is found.

    Whoever covers the lowest column left is chosen next; when none is left, free members follow in the order of their
    worth. Every team can be reached so: take its members in that order. A branch ends when the table says that no
    completion beats the floor, or that the cheapest completion is over budget.
    """

    data: Arrays
    scene: Scene
    barred: Barred
    rows: Ints
    floor: int
    nodes: int
    cheapest: Table | None
    team: tuple[int, ...] | None = None
    able: list[Ints] = field(default_factory=list)
    ranked: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    counts: dict[int, int] = field(default_factory=dict)
    apart: dict[int, set[int]] = field(default_factory=dict)

    def run(self) -> bool:
        """Search all; False where the nodes ran out before."""
        mask = self.scene.mask[self.rows]
        self.able = [self.rows[(mask >> bit & 1).astype(bool)] for bit in range(self.scene.bits)]
        self.ranked = self.rows[np.argsort(-self.scene.worth[self.rows], kind="stable")]
        for first, second in self.data.apart:
            self.apart.setdefault(first, set()).add(second)
            self.apart.setdefault(second, set()).add(first)
        forced = self.data.forced.tolist()
        for row in forced:
            self._count(row, 1)
        cost, left = int(self.data.cost[forced].sum()), (1 << self.scene.bits) - 1
        try:
            self._visit(self.scene.members, left, self.scene.fixed, cost, tuple(forced), 0)
        except _Spent:
            return False
        return True

    def _visit(self, k: int, left: int, so_far: float, cost: int, team: tuple[int, ...], start: int) -> None:
        self.nodes -= 1
        if self.nodes < 0:
            raise _Spent
        if left == 0:
            self._consider(team, cost)
        able = self.able[(left & -left).bit_length() - 1] if left else self.ranked[start:]
        if k and len(able):
            self._choose(k, left, so_far, cost, team, able, start)
        if left:
            self._give_up(k, left, so_far, cost, team)

    def _choose(
        self, k: int, left: int, so_far: float, cost: int, team: tuple[int, ...], able: Ints, start: int
    ) -> None:
        after = left & ~self.scene.mask[able]
        rest = self.scene.table.at(k - 1, after) if left else self._free(k, able)
        reach = so_far + self.scene.worth[able] + rest
        stands = reach >= self.floor + 1
        if self.data.budget is not None:
            total = (cost + self.data.cost[able]).astype(np.float64)
            if self.cheapest is not None:
                total = total - self.cheapest.at(k - 1, after)
            stands &= total <= self.data.budget
        places = np.flatnonzero(stands)
        for place in places[np.argsort(-reach[places], kind="stable")].tolist():
            row = int(able[place])
            if reach[place] < self.floor + 1 or not self._may_join(row, team):
                continue
            self._count(row, 1)
            self._visit(
                k - 1, int(after[place]), so_far + float(self.scene.worth[row]), cost + int(self.data.cost[row]),
                (*team, row), start + place + 1 if not left else 0,
            )  # fmt: skip
            self._count(row, -1)

    def _free(self, k: int, able: Ints) -> Floats:
        """What k - 1 members after each of these, in the order of worth, add at most."""
        gains = np.maximum(self.scene.worth[able], 0.0)
        sums = np.concatenate((np.zeros(1), np.cumsum(gains), np.full(k, gains.sum())))
        at = np.arange(len(able))
        return np.asarray(sums[at + k] - sums[at + 1], dtype=np.float64) + self.scene.table.slack

    def _give_up(self, k: int, left: int, so_far: float, cost: int, team: tuple[int, ...]) -> None:
        lowest = (left & -left).bit_length() - 1
        missed = so_far - float(self.scene.table.penalty[lowest])
        rest = left & (left - 1)
        if missed + float(self.scene.table.at(k, np.array([rest]))[0]) >= self.floor + 1:
            self._visit(k, rest, missed, cost, team, 0)

    def _may_join(self, row: int, team: tuple[int, ...]) -> bool:
        country, limit = int(self.data.country[row]), self.data.per_country
        if row in team or (limit is not None and country != NOWHERE and self.counts.get(country, 0) >= limit):
            return False
        if self.apart.get(row, set()) & set(team):
            return False
        return not any(
            len({*team, row} & {*old}) > len(old) - self.barred.differ for old in self.barred.teams
        )

    def _count(self, row: int, by: int) -> None:
        country = int(self.data.country[row])
        self.counts[country] = self.counts.get(country, 0) + by

    def _consider(self, team: tuple[int, ...], cost: int) -> None:
        """Take the team where it keeps every limit and beats the floor."""
        data, rows = self.data, list(team)
        has: Bools = np.asarray(data.covers[rows].any(axis=0), dtype=bool)
        value = int(data.value[rows].sum()) + int(data.weight[has].sum())
        known = {int(data.country[row]) for row in rows} - {NOWHERE}
        enough = data.countries <= 1 or len(known) >= data.countries
        if value > self.floor and has[data.required].all() and enough and self._stands(team, cost):
            self.floor, self.team = value, team

    def _stands(self, team: tuple[int, ...], cost: int) -> bool:
        """Limits that the must-have members could break before anyone joins."""
        data = self.data
        over = data.per_country is not None and any(
            count > data.per_country for country, count in self.counts.items() if country != NOWHERE
        )
        meet = any(self.apart.get(row, set()) & set(team) for row in team)
        again = any(len({*team} & {*old}) > len(old) - self.barred.differ for old in self.barred.teams)
        return not (over or meet or again) and (data.budget is None or cost <= data.budget)


def cheapest(data: Arrays, scene: Scene, /) -> Table | None:
    """The table of least costs: minus what covering each set takes; None without a budget."""
    if data.budget is None:
        return None
    penalty: NDArray[np.float64] = np.where(np.isfinite(scene.table.penalty), 0.0, np.inf)
    free: Bools = np.ones(data.n, dtype=bool)
    free[data.forced] = False
    cost = np.where(free, -data.cost.astype(np.float64), -1e18)
    return table(mask=scene.mask, worth=cost, penalty=penalty, members=max(scene.members - 1, 0))

"""Assignment by lot against collusion: no pair is more probable than a cap, and whoever has the seed can repeat the draw.

The probabilities that give the greatest expected total under the cap are a fractional flow, found in whole parts of
`PARTS` (Jecmen et al., "Mitigating Manipulation in Peer Review via Randomized Reviewer Assignments", 2020). Dependent
rounding draws pairs with exactly these probabilities, so that every bid gets its number and every expert the load rounded
down or up (Gandhi et al., "Dependent rounding and its applications to approximation algorithms", 2006). Randomness is
SHA-256 of the seed and a counter; the seed's own SHA-256, published before, commits to it.
"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from jiebang.engines.assignment.collide import collisions_of_loads
from jiebang.engines.assignment.flow import optimum
from jiebang.engines.assignment.problem import Assignment, Finding, Infeasible, Pair, Prices, Problem
from jiebang.engines.assignment.table import UNIT, Ints

PARTS = 1000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lottery:
    """Pairs (numbers of bid and expert) and how many of `PARTS` parts each one's probability has; the expected total in
    units of affinity; the dual prices of whole places."""

    bid: Ints
    expert: Ints
    parts: Ints
    expected: float
    prices: Prices

    @property
    def greatest(self) -> float:
        """The greatest probability of any pair."""
        return int(self.parts.max(initial=0)) / PARTS


def commitment(seed: bytes) -> str:
    """What to publish before the draw: the seed's SHA-256 in hex."""
    return hashlib.sha256(seed).hexdigest()


def lottery(problem: Problem) -> Lottery | Infeasible:
    """The probabilities of the greatest expected total under the cap (1 if none), loads and conflicts.

    A cap is rounded down to whole parts. Other constraints of a problem are not looked at.
    """
    most = min(PARTS, math.floor((1.0 if problem.cap is None else problem.cap) * PARTS + 1e-9))
    flow = optimum(
        problem.affinity, per_bid=problem.per_bid * PARTS, min_load=problem.min_load * PARTS,
        max_load=problem.room * PARTS, per_pair=max(most, 1),
    )  # fmt: skip
    if not flow.kept or most == 0:
        return _impossible(problem, most)
    expected = math.fsum((problem.scores(flow.bid, flow.expert) * flow.times).tolist()) / PARTS
    prices = Prices(of_bid=flow.price_of_bid / UNIT, of_expert=flow.price_of_expert / UNIT)
    return Lottery(bid=flow.bid, expert=flow.expert, parts=flow.times, expected=expected, prices=prices)


def _impossible(problem: Problem, most: int) -> Infeasible:
    """Loads that collide without any cap, or the cap, and the smallest that could be."""
    whole = optimum(
        problem.affinity, per_bid=problem.per_bid, min_load=problem.min_load, max_load=problem.room
    )
    if not whole.kept:
        return collisions_of_loads(problem)
    low, high = most, PARTS
    while high - low > 1:
        middle = (low + high) // 2
        flow = optimum(
            problem.affinity, per_bid=problem.per_bid * PARTS, min_load=problem.min_load * PARTS,
            max_load=problem.room * PARTS, per_pair=middle,
        )  # fmt: skip
        low, high = (low, middle) if flow.kept else (middle, high)
    cap = Finding(code="assignment.cap", params={"cap": problem.cap or 0.0})
    return Infeasible(
        collide=(cap,), repairs=(Finding(code="assignment.raise_cap", params={"cap": high / PARTS}),)
    )


def draw(problem: Problem, lots: Lottery, *, seed: bytes) -> Assignment:
    """The assignment that this seed draws; the same seed draws the same. `bound` is of the drawn total: itself."""
    taken = sorted(_rounded(lots, _Dice(seed)))
    bid, expert = np.array(taken, dtype=np.int64).reshape(-1, 2).T
    affinity = problem.scores(bid, expert)
    total = math.fsum(affinity.tolist())
    return Assignment(
        bid=bid, expert=expert, affinity=affinity, total=total, bound=total, gap=0.0, prices=lots.prices
    )


class _Dice:
    """Whole numbers from SHA-256(seed | counter), the counter of eight bytes, the first eight bytes of each digest."""

    def __init__(self, seed: bytes) -> None:
        self._seed, self._counter = seed, 0

    def below(self, limit: int) -> int:
        """A number from 0 to before `limit`, each as likely: what would favour some is thrown again."""
        span = 1 << 64
        while True:
            digest = hashlib.sha256(self._seed + self._counter.to_bytes(8, "big")).digest()
            self._counter += 1
            value = int.from_bytes(digest[:8], "big")
            if value < span - span % limit:
                return value % limit


class _Graph:
    """Pairs that are neither drawn nor dropped yet, as edges between bids (2 b) and experts (2 e + 1)."""

    def __init__(self, lots: Lottery) -> None:
        self.left = {
            (2 * bid, 2 * expert + 1): parts
            for bid, expert, parts in zip(
                lots.bid.tolist(), lots.expert.tolist(), lots.parts.tolist(), strict=True
            )
        }
        self.sure = [edge for edge, parts in self.left.items() if parts == PARTS]
        self.near: dict[int, dict[int, None]] = {}
        for edge in self.sure:
            del self.left[edge]
        for one, two in self.left:
            self.near.setdefault(one, {})[two] = None
            self.near.setdefault(two, {})[one] = None

    def set(self, edge: Pair, parts: int) -> None:
        """Change an edge; one that is certain either way leaves the graph."""
        self.left[edge] = parts
        if 0 < parts < PARTS:
            return
        if parts:
            self.sure.append(edge)
        del self.left[edge]
        one, two = edge
        del self.near[one][two], self.near[two][one]

    def line(self, start: int) -> list[int]:
        """Nodes of a path that cannot go on, or of a cycle (first and last alike), from `start`."""
        path, place = [start], {start: 0}
        before = -1
        while True:
            onward = next((node for node in self.near[path[-1]] if node != before), None)
            if onward is None:
                return path
            if onward in place:
                return [*path[place[onward] :], onward]
            before = path[-1]
            place[onward] = len(path)
            path.append(onward)


def _rounded(lots: Lottery, dice: _Dice) -> Iterator[Pair]:
    graph = _Graph(lots)
    for node in sorted(graph.near):
        while graph.near[node]:
            line = graph.line(node)
            if line[0] != line[-1]:
                line = graph.line(line[-1])  # from a loose end, so that both ends are loose
            _shift(graph, line, dice)
    return iter([(one // 2, two // 2) for one, two in graph.sure])


def _shift(graph: _Graph, line: list[int], dice: _Dice) -> None:
    """Move probability between every second edge of a line, one way or the other, until an edge is certain."""
    edges = [(min(pair, key=_odd), max(pair, key=_odd)) for pair in pairwise(line)]
    even, odd = edges[::2], edges[1::2]
    up = min([PARTS - graph.left[edge] for edge in even] + [graph.left[edge] for edge in odd])
    down = min([graph.left[edge] for edge in even] + [PARTS - graph.left[edge] for edge in odd])
    step = up if dice.below(up + down) < down else -down
    for sign, half in ((1, even), (-1, odd)):
        for edge in half:
            graph.set(edge, graph.left[edge] + sign * step)


def _odd(node: int) -> int:
    return node % 2

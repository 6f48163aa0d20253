"""The exact optimum by min-cost flow over few columns: the pairs that can matter are priced in, the others proved away.

A restricted network holds the best pairs of every bid and expert. Its optimum has potentials; a pair outside whose
reduced cost is negative enters, and the network is solved again. When none is left, the optimum of the small network is
that of the whole one (linear programming duality; Desrosiers and Lübbecke, "A primer in column generation", 2005).
Affinities count in millionths, so that every comparison is one of whole numbers.
"""

from dataclasses import dataclass

import numpy as np

from jiebang.engines.assignment.table import Affinity, Floats, Ints, blocks

FIRST_OF_BID, FIRST_OF_EXPERT, MORE_OF_BID = 16, 4, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """An optimal flow. `bid` and `expert` are the places of the pairs, `times` how often each is taken (1 unless `per_pair`
    allows more); `worth` is the total in millionths.

    `unfilled` counts the reviews each bid lacks, `unmet` the bids each expert lacks to the least load: all zero where the
    loads can be kept. `price_of_bid`, `price_of_expert` are the dual prices in millionths: pair (b, e) cannot better the
    total when `affinity * 1e6 <= price_of_bid[b] + price_of_expert[e]`. `columns` is how many pairs were ever looked at by
    the solver, `rounds` how often it was asked.
    """

    bid: Ints
    expert: Ints
    times: Ints
    worth: int
    unfilled: Ints
    unmet: Ints
    price_of_bid: Ints
    price_of_expert: Ints
    columns: int
    rounds: int

    @property
    def kept(self) -> bool:
        """Whether every bid got its experts and every expert the least load."""
        return not (self.unfilled.any() or self.unmet.any())


def optimum(affinity: Affinity, *, per_bid: Ints, min_load: Ints, max_load: Ints, per_pair: int = 1) -> Flow:
    """The assignment of the greatest total affinity that lacks the fewest reviews and loads.

    `per_bid` is bids long, the loads experts long, whole numbers >= 0, `min_load <= max_load`; a pair may be taken
    `per_pair` times. Raises ValueError where the costs are too large for the solver's whole numbers.
    """
    columns = _first(affinity, max_load // per_pair)
    network = _Network(per_bid, min_load, max_load, per_pair)
    rounds = 0
    while True:
        rounds += 1
        solved = network.solve(columns)
        entering = _entering(affinity, columns, solved)
        if entering.key.size == 0:
            return _answer(columns, solved, rounds)
        columns = columns.with_more(entering)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Pairs with their costs; `key` = bid * experts + expert, ascending and once each in the restricted network."""

    key: Ints
    cost: Ints
    experts: int

    def with_more(self, more: "_Columns") -> "_Columns":
        """Both, each pair once."""
        key, first = np.unique(np.concatenate([self.key, more.key]), return_index=True)
        return _Columns(key, np.concatenate([self.cost, more.cost])[first], self.experts)


@dataclass(frozen=True, slots=True)
class _Solved:
    times: Ints
    unfilled: Ints
    unmet: Ints
    of_bid: Ints
    of_expert: Ints


class _Network:
    """Bids -> experts -> sink, and a relief node that fills what cannot be filled at a cost above any gain."""

    def __init__(self, per_bid: Ints, min_load: Ints, max_load: Ints, per_pair: int) -> None:
        self.per_pair = per_pair
        self.bids, self.experts = len(per_bid), len(min_load)
        self.per_bid, self.min_load, self.max_load = per_bid, min_load, max_load
        self.sink, self.relief = self.bids + self.experts, self.bids + self.experts + 1

    def solve(self, columns: _Columns) -> _Solved:
        """The optimum of the restricted network with its potentials."""
        largest = int(np.abs(columns.cost).max(initial=0))
        dear = 4 * largest + 1
        flows = self._flows(columns, dear)
        if flows[1].any() or flows[2].any():
            # Relief was cheaper than a detour, or is needed: make it dearer than any.
            dear = (2 * largest + 1) * (min(self.bids, self.experts) + 1)
            flows = self._flows(columns, dear)
        times, unfilled, unmet, _ = flows
        of_bid, of_expert = self._potentials(columns, flows, dear)
        return _Solved(times, unfilled, unmet, of_bid, of_expert)

    def _arcs(self, columns: _Columns, dear: int) -> tuple[Ints, Ints, Ints, Ints]:
        """Tails, heads, capacities and costs: pairs, bid -> relief, relief -> expert, expert -> sink, relief -> sink."""
        bids, experts = np.arange(self.bids), np.arange(self.bids, self.sink)
        pair_bid, pair_expert = np.divmod(columns.key, self.experts)
        relief, sink = np.array([self.relief]), np.array([self.sink])
        tails = [pair_bid, bids, np.repeat(relief, self.experts), experts, relief]
        heads = [
            pair_expert + self.bids,
            np.repeat(relief, self.bids),
            experts,
            np.repeat(sink, self.experts),
            sink,
        ]
        room = np.array([self.per_bid.sum()])
        caps = [
            np.full(len(columns.key), self.per_pair),
            self.per_bid,
            self.min_load,
            self.max_load - self.min_load,
            room,
        ]
        dears = [np.full(self.bids, dear), np.full(self.experts, dear)]
        price = [columns.cost, *dears, np.zeros(self.experts + 1, np.int64)]
        return tuple(np.concatenate(part).astype(np.int64) for part in (tails, heads, caps, price))  # type: ignore[return-value]

    def _flows(self, columns: _Columns, dear: int) -> tuple[Ints, Ints, Ints, Ints]:
        from ortools.graph.python import min_cost_flow

        solver = min_cost_flow.SimpleMinCostFlow()
        arcs = solver.add_arcs_with_capacity_and_unit_cost(*self._arcs(columns, dear))
        asked, promised = int(self.per_bid.sum()), int(self.min_load.sum())
        supply = np.concatenate(
            [self.per_bid, -self.min_load, [-max(asked - promised, 0), max(promised - asked, 0)]]
        )
        solver.set_nodes_supplies(np.arange(len(supply)), supply)
        status = solver.solve()
        if status != solver.OPTIMAL:
            raise ValueError(f"the flow has no answer: {status.name}")
        flows = np.asarray(solver.flows(arcs), dtype=np.int64)
        ends = np.cumsum([len(columns.key), self.bids, self.experts, self.experts])
        times, unfilled, unmet, load, _ = np.split(flows, ends)
        return times, unfilled, unmet, load

    def _potentials(
        self, columns: _Columns, flows: tuple[Ints, Ints, Ints, Ints], dear: int
    ) -> tuple[Ints, Ints]:
        """Shortest distances in the residual network (Bellman-Ford, all arcs at once): no arc left has a negative cost."""
        tails, heads, caps, price = self._arcs(columns, dear)
        through = (
            caps[-1:] * 0
            + flows[1].sum()
            - flows[2].sum()
            + max(int(self.min_load.sum() - self.per_bid.sum()), 0)
        )
        flow = np.concatenate([*flows, through])
        ahead, back = flow < caps, flow > 0
        tail = np.concatenate([tails[ahead], heads[back]])
        head = np.concatenate([heads[ahead], tails[back]])
        cost = np.concatenate([price[ahead], -price[back]])
        distance = _shortest(tail, head, cost, self.relief + 1)
        distance -= distance[self.sink]  # a place at an expert with room to spare costs nothing
        return distance[: self.bids], distance[self.bids : self.sink]


def _shortest(tail: Ints, head: Ints, cost: Ints, nodes: int) -> Ints:
    order = np.argsort(head, kind="stable")
    tail, head, cost = tail[order], head[order], cost[order]
    starts = np.flatnonzero(np.r_[True, head[1:] != head[:-1]])
    reached = head[starts]
    distance = np.zeros(nodes, np.int64)
    while True:
        nearer = np.minimum.reduceat(distance[tail] + cost, starts)
        better = nearer < distance[reached]
        if not better.any():
            return distance
        distance[reached[better]] = nearer[better]


def _first(affinity: Affinity, max_load: Ints) -> _Columns:
    """The best pairs of every bid and of every expert."""
    bids, experts = affinity.shape
    most = min(bids, max(FIRST_OF_EXPERT, int(max_load.max(initial=0))))
    best, owner = np.full((0, experts), np.inf), np.full((0, experts), 0)
    found = []
    for start, block in blocks(affinity):
        found.append(_lowest_of_rows(block, block, start, FIRST_OF_BID))
        best, owner = _lowest_of_columns(best, owner, block, start, most)
    real = np.isfinite(best)
    keys = (owner * experts + np.arange(experts))[real]
    return _joined([*found, _Columns(keys, best[real].astype(np.int64), experts)])


def _entering(affinity: Affinity, columns: _Columns, solved: _Solved) -> _Columns:
    """Pairs outside whose reduced cost is negative: of each bid the most negative few."""
    experts = columns.experts
    taken = columns.key[solved.times > 0]
    of_bid, of_expert = solved.of_bid.astype(float), solved.of_expert.astype(float)
    found = [_Columns(taken[:0], taken[:0], experts)]
    for start, block in blocks(affinity):
        reduced = block + of_bid[start : start + len(block), None]
        reduced -= of_expert
        low, high = np.searchsorted(taken, [start * experts, (start + len(block)) * experts])
        # A pair that is taken has nothing to enter for.
        reduced.ravel()[taken[low:high] - start * experts] = 0
        reduced[reduced >= 0] = np.inf
        found.append(_lowest_of_rows(reduced, block, start, MORE_OF_BID))
    return _joined(found)


def _joined(parts: list[_Columns]) -> _Columns:
    key, cost = np.concatenate([part.key for part in parts]), np.concatenate([part.cost for part in parts])
    return _Columns(key[:0], cost[:0], parts[0].experts).with_more(_Columns(key, cost, parts[0].experts))


def _lowest_of_rows(values: Floats, cost: Floats, start: int, most: int) -> _Columns:
    """The pairs of the `most` lowest finite values of every row, with their costs."""
    experts = values.shape[1]
    rows = np.flatnonzero(values.min(axis=1, initial=np.inf) < np.inf)
    ranked = values[rows] if len(rows) < len(values) else values
    if most < experts:
        place = np.argpartition(ranked, most - 1, axis=1)[:, :most]
    else:
        place = np.broadcast_to(np.arange(experts), ranked.shape)
    keep = np.isfinite(np.take_along_axis(ranked, place, 1))
    bid, expert = np.broadcast_to(rows[:, None], place.shape)[keep], place[keep]
    return _Columns((bid + start) * experts + expert, cost[bid, expert].astype(np.int64), experts)


def _lowest_of_columns(
    best: Floats, owner: Ints, block: Floats, start: int, most: int
) -> tuple[Floats, Ints]:
    """The `most` lowest costs of every expert so far, and whose they are."""
    both = np.concatenate([best, block])
    whose = np.concatenate(
        [owner, np.broadcast_to(np.arange(start, start + len(block))[:, None], block.shape)]
    )
    if len(both) <= most:
        return both, whose
    place = np.argpartition(both, most - 1, axis=0)[:most]
    return np.take_along_axis(both, place, 0), np.take_along_axis(whose, place, 0)


def _answer(columns: _Columns, solved: _Solved, rounds: int) -> Flow:
    taken = solved.times > 0
    bid, expert = np.divmod(columns.key[taken], columns.experts)
    times = solved.times[taken]
    return Flow(
        bid=bid, expert=expert, times=times, worth=-int(columns.cost[taken] @ times), columns=len(columns.key),
        unfilled=solved.unfilled, unmet=solved.unmet, price_of_bid=solved.of_bid, price_of_expert=-solved.of_expert,
        rounds=rounds,
    )  # fmt: skip

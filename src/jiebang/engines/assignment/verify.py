"""Whether a stored assignment keeps every constraint and is as good as it says, without solving again.

Prices prove a bound by weak duality: whatever the prices, no assignment under loads and conflicts is worth more than what
the places cost at them, and the gain of every pair above its price. Where the bound meets the total, the total is proven.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from jiebang.engines.assignment.problem import Finding, Pair, Param, Prices, Problem
from jiebang.engines.assignment.rings import rings
from jiebang.engines.assignment.table import UNIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found: every broken constraint (none: it holds), the total, and the bound where prices were given."""

    broken: tuple[Finding, ...]
    total: float
    bound: float | None = None

    @property
    def holds(self) -> bool:
        """Whether every constraint is kept."""
        return not self.broken


def verify(problem: Problem, pairs: Iterable[Pair], *, prices: Prices | None = None) -> Verified:
    """Check pairs (numbers of bid and expert) against every constraint but `keep` and `cap`; prove a bound with prices."""
    given = list(pairs)
    bids, experts = problem.affinity.shape
    inside = [(bid, expert) for bid, expert in given if 0 <= bid < bids and 0 <= expert < experts]
    broken = [Finding(code="assignment.unknown_pair") for _ in range(len(given) - len(inside))]
    broken += [*_pairs(problem, inside), *_loads(problem, inside), *_quotas(problem, inside)]
    worth = _worth(problem, inside)
    broken += [*_floor(problem, worth), *_rings(problem, inside)]
    total = math.fsum(value for values in worth.values() for value in values)
    if problem.least_total is not None and total < problem.least_total - 1 / UNIT:
        broken.append(
            Finding(code="assignment.below_total", params={"total": total, "least": problem.least_total})
        )
    return Verified(broken=tuple(broken), total=total, bound=bound(problem, prices) if prices else None)


def bound(problem: Problem, prices: Prices) -> float:
    """What no assignment under loads and conflicts can exceed, in units of affinity, by weak duality."""
    of_bid, of_expert = prices.of_bid, prices.of_expert
    places = np.where(of_expert > 0, problem.room, problem.min_load)
    parts = [float(problem.per_bid @ of_bid), float(places @ of_expert)]
    step = max(1, (1 << 19) // max(len(of_expert), 1))
    for start in range(0, len(of_bid), step):
        gain = (
            problem.affinity.rows(start, min(start + step, len(of_bid))) - of_bid[start : start + step, None]
        )
        parts.append(float(np.maximum(gain - of_expert, 0).sum()))
    return math.fsum(parts)


def _worth(problem: Problem, pairs: list[Pair]) -> dict[int, list[float]]:
    worth: dict[int, list[float]] = {bid: [] for bid in range(len(problem.bids))}
    bid, expert = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    for (place, _), value in zip(pairs, problem.scores(bid, expert).tolist(), strict=True):
        worth[place].append(value if math.isfinite(value) else 0.0)
    return worth


def _pairs(problem: Problem, pairs: list[Pair]) -> Iterator[Finding]:
    bid, expert = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    finite = np.isfinite(problem.scores(bid, expert))
    for pair, count in Counter(pairs).items():
        if count > 1:
            yield Finding(code="assignment.pair_twice", params=_named(problem, pair))
    for pair, allowed in zip(pairs, finite, strict=True):
        if pair in problem.barred or not allowed:
            why = problem.barred.get(pair, "conflict")
            yield Finding(code="assignment.barred_pair", params={**_named(problem, pair), "why": why})


def _named(problem: Problem, pair: Pair) -> dict[str, str]:
    return {"bid": problem.bids[pair[0]], "expert": problem.experts[pair[1]]}


def _loads(problem: Problem, pairs: list[Pair]) -> Iterator[Finding]:
    of_bid, of_expert = Counter(bid for bid, _ in pairs), Counter(expert for _, expert in pairs)
    for place, wanted in enumerate(problem.per_bid.tolist()):
        if of_bid[place] != wanted:
            said: dict[str, Param] = {"bid": problem.bids[place], "has": of_bid[place], "wanted": wanted}
            yield Finding(code="assignment.wrong_number", params=said)
    for place, name in enumerate(problem.experts):
        low, high = int(problem.min_load[place]), int(problem.max_load[place])
        if not low <= of_expert[place] <= high:
            load: dict[str, Param] = {"expert": name, "has": of_expert[place], "least": low, "most": high}
            yield Finding(code="assignment.wrong_load", params=load)


def _quotas(problem: Problem, pairs: list[Pair]) -> Iterator[Finding]:
    for quota in problem.quotas:
        texts = problem.marks.get(quota.mark, ("",) * len(problem.experts))
        asked = [bid for bid in range(len(problem.bids)) if quota.holds_for(bid)]
        counts = Counter((bid, texts[one]) for bid, one in pairs if texts[one] and quota.holds_for(bid))
        if quota.value is not None:
            counts = Counter({(bid, quota.value): counts[bid, quota.value] for bid in asked})
        for (bid, value), has in sorted(counts.items()):
            if has < quota.least or (quota.most is not None and has > quota.most):
                most = quota.most if quota.most is not None else len(problem.experts)
                params: dict[str, Param] = {
                    "bid": problem.bids[bid],
                    "mark": quota.mark,
                    "value": value,
                    "has": has,
                }
                params |= {"least": quota.least, "most": most}
                yield Finding(code="assignment.quota_broken", params=params)


def _floor(problem: Problem, worth: dict[int, list[float]]) -> Iterator[Finding]:
    for place, values in worth.items():
        if problem.floor is not None and math.fsum(values) < problem.floor - 1 / UNIT:
            params: dict[str, Param] = {
                "bid": problem.bids[place],
                "has": math.fsum(values),
                "floor": problem.floor,
            }
            yield Finding(code="assignment.below_floor", params=params)


def _rings(problem: Problem, pairs: list[Pair]) -> Iterator[Finding]:
    for ring in rings(pairs, problem.authors):
        experts = ", ".join(problem.experts[expert] for _, expert in ring)
        yield Finding(code="assignment.ring", params={"experts": experts})

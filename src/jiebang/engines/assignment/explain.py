"""Why each pair of an assignment is one: its affinity, the expert who would have come next, and what stood in the way."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from jiebang.engines.assignment.problem import Assignment, Finding, Pair, Param, Problem, Quota
from jiebang.engines.assignment.rings import rings
from jiebang.engines.assignment.table import UNIT, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One pair explained. Numbers are places; affinities and prices in units of affinity.

    `rank` is the expert's among all who may assess the bid (1: none fits better). `runner_up` is the best of those who do
    not assess it, None where there is nobody left, with that pair's affinity. `binding` says why the runner-up is not
    there instead. `price` is the dual price of the expert's place, `price_of_runner_up` that of the runner-up's: what the
    total would gain from one more place there.
    """

    bid: int
    expert: int
    affinity: float
    rank: int
    runner_up: int | None
    runner_up_affinity: float | None
    binding: Finding
    price: float
    price_of_runner_up: float


def explain(problem: Problem, answer: Assignment) -> tuple[Explanation, ...]:
    """An explanation of every pair, in their order."""
    state = _State(problem, answer)
    return tuple(
        explanation
        for bid in range(len(problem.bids))
        for explanation in state.of_bid(bid, answer.expert[answer.bid == bid].tolist())
    )


class _State:
    """The assignment as counts that a swap would change."""

    def __init__(self, problem: Problem, answer: Assignment) -> None:
        self.problem = problem
        self.pairs: set[Pair] = set(answer.pairs)
        self.load = np.bincount(answer.expert, minlength=len(problem.experts))
        self.price = answer.prices.of_expert
        self.kept = set(problem.keep)
        self.total = answer.total

    def of_bid(self, bid: int, experts: Sequence[int]) -> Iterator[Explanation]:
        """The pairs of one bid."""
        fit = np.array(self.problem.affinity.rows(bid, bid + 1)[0])
        others = fit.copy()
        others[list(experts)] = -np.inf
        best = int(np.argmax(others)) if len(others) else 0
        next_one = best if len(others) and np.isfinite(others[best]) else None
        for expert in experts:
            yield Explanation(
                bid=bid, expert=expert, affinity=float(fit[expert]), rank=1 + int((fit > fit[expert]).sum()),
                runner_up=next_one, runner_up_affinity=None if next_one is None else float(fit[next_one]),
                binding=self._binding(bid, expert, next_one, experts, fit), price=float(self.price[expert]),
                price_of_runner_up=0.0 if next_one is None else float(self.price[next_one]),
            )  # fmt: skip

    def _binding(
        self, bid: int, expert: int, next_one: int | None, experts: Sequence[int], fit: Floats
    ) -> Finding:
        """The first of what would not allow, or not reward, the runner-up in place of the expert."""
        if next_one is None:
            return Finding(code="assignment.nobody_else")
        params: dict[str, Param] = {"expert": self.problem.experts[next_one]}
        if fit[next_one] <= fit[expert] + 1 / UNIT:
            return Finding(code="assignment.fits_no_better", params=params)
        if self.load[next_one] >= self.problem.max_load[next_one]:
            return Finding(code="assignment.is_full", params={**params, "most": int(self.load[next_one])})
        if self.load[expert] <= self.problem.min_load[expert]:
            least: dict[str, Param] = {
                "expert": self.problem.experts[expert],
                "least": int(self.load[expert]),
            }
            return Finding(code="assignment.needs_its_least", params=least)
        return self._beside_loads(bid, expert, next_one, experts, params)

    def _beside_loads(
        self, bid: int, expert: int, next_one: int, experts: Sequence[int], params: dict[str, Param]
    ) -> Finding:
        swapped = [*(other for other in experts if other != expert), next_one]
        for quota in self.problem.quotas:
            if quota.holds_for(bid) and (value := self._broken(quota, swapped)):
                return Finding(
                    code="assignment.quota_binds", params={**params, "mark": quota.mark, "value": value}
                )
        if (bid, expert) in self.kept:
            return Finding(code="assignment.is_kept", params={"expert": self.problem.experts[expert]})
        if rings(self.pairs - {(bid, expert)} | {(bid, next_one)}, self.problem.authors):
            return Finding(code="assignment.would_ring", params=params)
        if self.problem.least_total is not None:
            return Finding(code="assignment.evens_out", params=params)
        if self.problem.cap is not None:
            return Finding(code="assignment.drawn_by_lot", params=params)
        return Finding(code="assignment.within_the_gap", params=params)

    def _broken(self, quota: Quota, experts: Sequence[int]) -> str | None:
        """The value of whose quota these experts of a bid have too many or too few."""
        texts = self.problem.marks.get(quota.mark, ("",) * len(self.problem.experts))
        counts = Counter(texts[expert] for expert in experts if texts[expert])
        values = [quota.value] if quota.value is not None else sorted(counts)
        for value in values:
            if counts[value] < quota.least or (quota.most is not None and counts[value] > quota.most):
                return value
        return None

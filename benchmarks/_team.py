"""Synthetic consortium problems, and how one is measured, for the benchmarks of the team engine.

30 capabilities of which an organisation has about one (each with probability 1/30); value and cost from 1 to 100; 11
countries, one of them four times as large as each other, which leads; at most 6 members, 3 of a country, 2 countries or more.
"""

import random
import time
from dataclasses import dataclass

from jiebang.engines.team.answer import Answer, solve
from jiebang.engines.team.problem import Lead, Limits, Organisation, Problem, Wanted

CAPABILITIES = 30
COUNTRIES = ("CN", "BN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "VN")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Wall seconds and the answer of one problem."""

    seconds: float
    answer: Answer

    @property
    def gap(self) -> float:
        """Percent of the bound that the value is below it; 100 where no team was found."""
        if self.answer.team is None or not self.answer.bound:
            return 100.0
        return 100.0 * float(1 - self.answer.team.value / self.answer.bound)


def problem(*, organisations: int, needed: int, seed: int, budget: int) -> Problem:
    """The problem of that seed."""
    pick = random.Random(seed)
    weights = [4] + [1] * (len(COUNTRIES) - 1)
    everyone = tuple(
        Organisation(
            id=f"o{at}",
            country=pick.choices(COUNTRIES, weights)[0],
            capabilities={f"c{at}": 1 for at in range(CAPABILITIES) if pick.random() < 1 / CAPABILITIES},
            value=pick.randint(1, 100),
            cost=pick.randint(1, 100),
        )
        for at in range(organisations)
    )
    return Problem(
        need=tuple(Wanted(capability=f"c{at}") for at in range(needed)),
        organisations=everyone,
        lead=Lead(countries=frozenset({"CN"})),
        limits=Limits(partners=5, per_country=3, countries=2, budget=budget),
    )


def measure(**size: int) -> Run:
    """Solve one problem, proof included; making it is not timed."""
    asked = problem(**size)
    start = time.perf_counter()
    answer = solve(asked)
    return Run(seconds=time.perf_counter() - start, answer=answer)

"""The best portfolio, each bid left out explained: 30 bids and 200 bids under a budget and nine quotas.

python benchmarks/portfolio.py
"""

import random
import statistics
import sys
import time

from _report import Figure, report
from jiebang.engines.portfolio.best import best
from jiebang.engines.portfolio.problem import Limit, Portfolio, Problem, in_units

COUNTRIES = 9
SECONDS = {30: 1.0, 200: 10.0}
RUNS = {30: 5, 200: 1}


def problem(size: int, seed: int) -> Problem:
    """Scores from 50 to 95, amounts from 20,000 to 900,000; money for a quarter of them; one to six of each country."""
    pick = random.Random(seed)
    scores = sorted((pick.uniform(50, 95) for _ in range(size)), reverse=True)
    amounts = {bid: pick.randint(20, 900) * 1000 for bid in range(size)}
    quotas = (
        Limit(name=f"country {at}", weights=dict.fromkeys(range(at, size, COUNTRIES), 1), least=1, most=6)
        for at in range(COUNTRIES)
    )
    money = Limit(name="budget", weights=amounts, most=sum(amounts.values()) // 4)
    return Problem(values=in_units(scores), limits=(money, *quotas))


def down_the_ranking(asked: Problem) -> int:
    """What `budget_fill` with skipping would come to under the budget alone, by the order of scores."""
    money, total = asked.limits[0].most or 0, 0
    for bid, value in enumerate(asked.values):
        if asked.limits[0].weights[bid] <= money:
            money, total = money - asked.limits[0].weights[bid], total + value
    return total


def main() -> int:
    """Seconds of the processor (one thread), and the least sum beside that of going down the ranking without quotas."""
    figures, ratios = [], []
    for size, limit in SECONDS.items():
        seconds = []
        for seed in range(RUNS[size]):
            asked, start = problem(size, seed), time.process_time()
            answer = best(asked)
            seconds.append(time.process_time() - start)
            assert isinstance(answer, Portfolio)
            ratios.append(answer.value / down_the_ranking(asked))
        figures.append(
            Figure(name=f"{size} bids, s (of {RUNS[size]})", value=statistics.median(seconds), limit=limit)
        )
    least = Figure(name="sum / down the ranking", value=min(ratios), limit=1.0, least=True)
    return report(least, *figures)


if __name__ == "__main__":
    sys.exit(main())

"""The best portfolio, each bid left out explained: 30 bids and 200 bids under a budget and nine quotas, and 200 bids on the
20 challenges of one call, each with its own budget and places, under quotas over the call.

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
CHALLENGES, WHOLE_CALL = 20, 2.0


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


def call(size: int, seed: int) -> Problem:
    """A call of 20 challenges, two places and 900,000 on each; at most six bids of each of six countries, and 15 of one kind."""
    pick = random.Random(seed)
    scores = sorted((pick.gauss(70, 9) for _ in range(size)), reverse=True)
    limits = []
    for part in range(CHALLENGES):
        here = range(part, size, CHALLENGES)
        amounts = {bid: 300_000 + 10_000 * pick.randrange(50) for bid in here}
        limits += [
            Limit(name=f"budget {part}", weights=amounts, most=900_000),
            Limit(name=f"places {part}", weights=dict.fromkeys(here, 1), most=2),
        ]
    countries = [pick.randrange(6) for _ in range(size)]
    for country in range(6):
        members = [bid for bid in range(size) if countries[bid] == country]
        limits.append(Limit(name=f"country {country}", weights=dict.fromkeys(members, 1), most=6))
    limits.append(Limit(name="kind", weights=dict.fromkeys(range(1, size, 2), 1), most=15))
    parts = tuple(bid % CHALLENGES for bid in range(size))
    return Problem(values=in_units(scores), limits=tuple(limits), parts=parts)


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
    start = time.process_time()
    answer = best(call(200, 1))
    seconds = time.process_time() - start
    assert isinstance(answer, Portfolio)
    figures.append(Figure(name=f"200 bids on {CHALLENGES} challenges, s", value=seconds, limit=WHOLE_CALL))
    told = sum(swap is not None for swap in answer.swaps.values())
    all_told = Figure(
        name="left out and explained", value=told, limit=200 - len(answer.chosen), least=True, decides=True
    )
    least = Figure(name="sum / down the ranking", value=min(ratios), limit=1.0, least=True)
    return report(least, *figures, all_told)


if __name__ == "__main__":
    sys.exit(main())

"""What rests on whom, in an officer's round: 200 bids, 60 experts, three reviews a bid, four criteria.

    python benchmarks/sensitivity.py [AGGREGATE ...]

Told for each way to score are the seconds to score, rank and award the round, and then to do so again without each expert in
turn; and how many times faster that is than running a few of those rounds from their reviews (the peer, whose answers must agree).
"""

import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from importlib import resources
from typing import Any, TypeVar

from _report import Figure, report
from jiebang.decisions.bundle import Bid, Bundle, Challenge, Review
from jiebang.decisions.round import run
from jiebang.decisions.sensitivity import changes, sensitivity
from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook

SEED, BIDS, EXPERTS, PER_BID = 4, 200, 60, 3
CRITERIA = ("fit", "team", "plan", "cost")
ASKED = 3  # experts that are left out the plain way
SECONDS = 2.0
T = TypeVar("T")

def main() -> int:
    for name in sys.argv[1:] or ("mean", "median", "shrunken", "crossed", "pairwise", "borda"):
        for challenges in (20, 1):
            book, given = rulebook(name), bundle(challenges)
            result, seconds = timed(lambda: run(book, given))
            found, later = timed(lambda: sensitivity(book, given, result))
            print(name, challenges, f"run {seconds:.2f} sens {later:.2f} asked {found.asked} moved {len(found.without)}", result.calibration and result.calibration.used)
    return 0

def timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    found = work()
    return found, time.perf_counter() - start

def rulebook(aggregate: str, **award) -> Rulebook:
    criteria = "\n".join(f"  {name}: {{label: {{en: {name}}}, maximum: 10, weight: {at + 1}, status: local}}" for at, name in enumerate(CRITERIA))
    text = f"""
format: jiebang-rulebook/1
id: officer
title: {{en: An officer's round}}
criteria:
{criteria}
scoring: {{aggregate: {aggregate}, reviews_needed: {PER_BID}, status: local}}
award: {{max_awards: 3, status: local}}
"""
    return load(text)

def bundle(challenges: int) -> Bundle:
    dice = random.Random(SEED)
    names = [f"C{at:02}" for at in range(challenges)]
    bids = tuple(Bid(id=f"b{at:03}", challenge=names[at * challenges // BIDS], lead=f"o{at}", amount=Decimal(dice.randint(50, 300) * 1000)) for at in range(BIDS))
    severe = [dice.gauss(0, 0.8) for _ in range(EXPERTS)]
    load = {e: 0 for e in range(EXPERTS)}
    reviews = []
    for bid in bids:
        worth = dice.gauss(6, 1)
        who = sorted(load, key=lambda e: (load[e], dice.random()))[:PER_BID]
        for e in who:
            load[e] += 1
            for c in CRITERIA:
                s = min(10, max(0, round(worth + severe[e] + dice.gauss(0, 1))))
                reviews.append(Review(bid=bid.id, expert=f"e{e:02}", criterion=c, score=Decimal(s)))
    return Bundle(name="officer", digest="ab" * 32, timezone=None, currency="CNY", as_of=None, files={},
        carried=frozenset({"bids", "challenges"}), bids=bids, reviews=tuple(reviews),
        challenges=tuple(Challenge(id=n, budget=Decimal(900000)) for n in names))

if __name__ == "__main__":
    sys.exit(main())

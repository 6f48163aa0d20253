"""On what an award rests: 200 bids and 60 experts under the Guangxi rule, decided again with each weight at twenty other sizes,
and without each expert in turn.

    python benchmarks/weights.py

Once all bids are on one challenge, once on ten. Each is set against running the whole round anew as often, by which every rank
and every turn of an award is checked.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from importlib import resources
from typing import TypeVar

from _report import Figure, report
from jiebang.decisions.bundle import Bid, Bundle, Challenge, Review
from jiebang.decisions.round import RoundResult, run
from jiebang.decisions.sensitivity import changes, sensitivity
from jiebang.decisions.weights import FACTORS, Weighing, weighing
from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook

T = TypeVar("T")
RUNS, SEED, BIDS, EXPERTS, PER_BID = 5, 4, 200, 60, 3
SECONDS, FASTER = 2.0, 3.0


def main() -> int:
    """Measure; 0 when every rank and every turn is that of the round run anew."""
    figures, book = [], rulebook()
    for challenges in (1, 10):
        given = bundle(book, challenges)
        result = run(book, given)
        assert len(result.ranking) == BIDS
        found, seconds = timed(lambda given=given, result=result: weighing(book, given, result))
        _, experts = timed(lambda given=given, result=result: sensitivity(book, given, result))
        unlike, anew = against_anew(book, given, result, found)
        name = f"{challenges} challenges" if challenges > 1 else "1 challenge"
        figures += [
            Figure(name=f"{name}, weights, s", value=seconds, limit=SECONDS),
            Figure(name=f"{name}, experts, s", value=experts, limit=SECONDS),
            Figure(name=f"{name}, anew / weights", value=anew / seconds, limit=FASTER, least=True),
            Figure(name=f"{name}, unlike anew", value=unlike, limit=0, decides=True),
        ]
    return report(*figures)


def timed(do: Callable[[], T]) -> tuple[T, float]:
    """What is found, and the median of so many runs in seconds of one processor."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        found = do()
        times.append(time.process_time() - start)
    return found, statistics.median(times)


def against_anew(book: Rulebook, given: Bundle, result: RoundResult, found: Weighing) -> tuple[int, float]:
    """How many ranks and turns are unlike those of whole rounds under each weight, and the seconds of these."""
    unlike, start = 0, time.process_time()
    for one in found.varied:
        criterion, turned = book.criteria[one.criterion], set[tuple[bool, str]]()
        for at in sorted(range(len(FACTORS)), key=lambda at: abs(FACTORS[at] - 1)):
            other = criterion.model_copy(update={"weight": criterion.weight * FACTORS[at]})
            anew = run(book.model_copy(update={"criteria": {**book.criteria, one.criterion: other}}), given)
            ranks = {place.bid: place.rank for place in anew.ranking}
            unlike += sum(row[at] != ranks.get(bid) for bid, row in one.ranks.items())
            for challenge in {row.challenge for row in changes(result.decisions, anew.decisions)}:
                above = FACTORS[at] > 1
                if (above, challenge) not in turned:
                    turned.add((above, challenge))
                    turn = (one.above if above else one.below).get(challenge)
                    unlike += turn is None or turn.factor != FACTORS[at]
        unlike += len(one.below) + len(one.above) - len(turned)
    return unlike, time.process_time() - start


def rulebook() -> Rulebook:
    """The shipped rulebook of Guangxi."""
    book = load(
        resources.files("jiebang.rulebooks").joinpath("guangxi-asean-2026.yaml").read_text(encoding="utf-8")
    )
    assert isinstance(book, Rulebook)
    return book


def bundle(book: Rulebook, challenges: int) -> Bundle:
    """Three experts a bid, more and less severe ones, marks that differ with bid, expert and chance."""
    dice = random.Random(SEED)
    severe = [dice.gauss(0, 5) for _ in range(EXPERTS)]
    bids = tuple(
        Bid(
            id=f"b{at:03}", challenge=f"C{at % challenges}", lead=f"o{at}",
            amount=Decimal(300_000 + 10_000 * dice.randrange(50)),
        )
        for at in range(BIDS)
    )  # fmt: skip
    reviews = tuple(
        Review(bid=bid.id, expert=f"e{who}", criterion=key, score=_mark(worth + severe[who] + dice.gauss(0, 6)))
        for at, bid in enumerate(bids) for worth in [dice.gauss(70, 9)]
        for who in ((at * PER_BID + place * 17) % EXPERTS for place in range(PER_BID)) for key in book.criteria
    )  # fmt: skip
    return Bundle(
        name="measured", digest="ab" * 32, timezone=None, currency="CNY", as_of=None, files={}, organisations=None,
        carried=frozenset({"bids", "bids.amount", "challenges"}), bids=bids, reviews=reviews,
        challenges=tuple(Challenge(id=f"C{at}", budget=Decimal(900_000)) for at in range(challenges)),
    )  # fmt: skip


def _mark(value: float) -> Decimal:
    return Decimal(min(100, max(0, round(value))))


if __name__ == "__main__":
    sys.exit(main())

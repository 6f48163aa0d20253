"""The officer's button: 200 bids and 60 experts under the Guangxi rule, from profiles to the explained proposal, and again after
a withdrawal with everybody who can stay.

    python benchmarks/slate.py
"""

import random
import statistics
import sys
import time
from importlib import resources

from _report import Figure, report
from jiebang.decisions.fit import Matter, Skills, Writing, may_read
from jiebang.decisions.slate import Slate, slate
from jiebang.decisions.wanted import Candidate, Pair, Wanted, Work
from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook

RUNS, SEED, BIDS, EXPERTS, PER_BID = 5, 4, 200, 60, 3
TAGS, COUNTRIES = ("en", "zh-Hans", "vi", "th", "id"), ("CN", "CN", "VN", "TH", "ID", "MY")
PHRASES = ("crop health", "image recognition", "rice", "water", "sensors", "control", "privacy", "statistics")
NOTICE = "rice and water: sensors and image recognition for crop health in six provinces"


def main() -> int:
    """Measure both; 0 when both are proven and nobody who could stay was moved."""
    first, seconds = timed(wanted(standing=[]))
    gone = 7
    kept = [pair for pair in first.pairs if pair[1] != gone]
    again, later = timed(wanted(standing=kept, gone=gone))
    moved = len(set(kept) - set(again.pairs))
    return report(
        Figure(name="proposal, seconds", value=seconds, limit=2),
        Figure(name="proposal, proven", value=float(first.answer.optimal), limit=1, least=True, decides=True),
        Figure(name="after a withdrawal, seconds", value=later, limit=2),
        Figure(name="after a withdrawal, moved", value=moved, limit=0, decides=True),
    )


def timed(asked: Wanted) -> tuple[Slate, float]:
    """The slate, and the median of so many runs in seconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        found = slate(asked)
        times.append(time.perf_counter() - start)
    if not isinstance(found, Slate):
        raise SystemExit(f"no slate: {found}")
    return found, statistics.median(times)


def wanted(*, standing: list[Pair], gone: int | None = None) -> Wanted:
    """A pool of experts who know two of four sectors each, and one pair in twenty in conflict."""
    book = load(
        resources.files("jiebang.rulebooks").joinpath("guangxi-asean-2026.yaml").read_text(encoding="utf-8")
    )
    assert isinstance(book, Rulebook)
    assert book.assignment
    dice = random.Random(SEED)
    candidates = [_candidate(dice, place) for place in range(EXPERTS)]
    matter = Matter(sector="a", text=NOTICE)
    works = [
        Work(
            id=f"b{place}",
            writing=Writing(original=frozenset({dice.choice(TAGS)}), titled=frozenset({"en"})),
            matter=matter,
        )
        for place in range(BIDS)
    ]
    pairs = [(bid, one) for bid in range(BIDS) for one in range(EXPERTS)]
    barred = {pair: "conflict" for pair in pairs if dice.random() < 0.05}
    barred |= {
        pair: "language"
        for pair in pairs
        if not may_read(
            book.assignment.language, candidates[pair[1]].skills.languages, works[pair[0]].writing
        )
    }
    barred |= {pair: "unavailable" for pair in pairs if pair[1] == gone}
    return Wanted(
        rule=book.assignment, per_bid=PER_BID, works=works, candidates=candidates,
        barred=barred, standing=standing,
    )  # fmt: skip


def _candidate(dice: random.Random, place: int) -> Candidate:
    skills = Skills(
        sectors=frozenset(dice.sample(("a", "b", "c", "d"), 2)), phrases=tuple(dice.sample(PHRASES, 3)),
        languages=frozenset(dice.sample(TAGS, 2)),
    )  # fmt: skip
    return Candidate(
        id=f"e{place}", skills=skills, country=dice.choice(COUNTRIES), institution=f"i{place // 2}", room=12
    )


if __name__ == "__main__":
    sys.exit(main())

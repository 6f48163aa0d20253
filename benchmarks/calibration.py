"""What calibration gains on real marks: how near to the panel a few sampled judges come, plain and calibrated.

    python benchmarks/calibration.py [SOURCE]

SOURCE holds the files of one figure skating event (see examples/figure-skating/README.md); by default ../shared/data beside the
repository. Without them there is nothing to measure, and the command says so.

Of each panel of nine judges, some are sampled for every performance, dealt so that all get as many as can be. Their scores rank
the performances of a segment; the truth is the mean of the judges NOT sampled for that performance. Told is Kendall's tau-b with
it, averaged over segments, as the mean difference from the plain mean over seeds with its standard error. Once the judges are as
they are, once each is biased by a normal error of half the standard deviation between performances.
"""

import csv
import math
import random
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from _report import Figure, report
from jiebang.engines.calibration.calibrate import Terms, calibrate
from jiebang.engines.calibration.panel import Mark, Panel

ROOT = Path(__file__).resolve().parent.parent
SEEDS, BIAS, GAIN = 40, 0.5, 0.04
Segment = Mapping[str, Mapping[str, Fraction]]  # performance -> judge -> mean of the component marks


def main() -> int:
    """Measure; 0 when no gain is below its limit where every judge has as many reviews as a rulebook demands by default."""
    source = (
        Path(sys.argv[1])
        if len(sys.argv) > 1
        else ROOT.parent / "shared" / "data" / "figure_skating_one_event"
    )
    if not source.is_dir():
        print(f"skipped: {source} is not there")
        return 0
    segments = list(read(source).values())
    print(f"{len(segments)} segments, {sum(map(len, segments))} performances, {SEEDS} seeds")
    figures = []
    for sampled, least in ((5, 3), (3, 2)):  # 3.3 and 2 reviews a judge; the default demands 3
        for bias, limit in ((0.0, 0.0), (BIAS, GAIN)):
            figures += measure(segments, sampled=sampled, least=least, bias=bias, limit=limit)
    return report(*figures)


def measure(
    segments: list[Segment], *, sampled: int, least: int, bias: float, limit: float
) -> Iterator[Figure]:
    """The gain of both methods over the plain mean; the seeds are fixed, so what is told can be counted."""
    runs = [one(segments, seed, sampled=sampled, least=least, bias=bias) for seed in range(SEEDS)]
    plain = statistics.fmean(run["mean"] for run in runs)
    used = statistics.fmean(run["used"] for run in runs)
    print(
        f"{sampled} judges, bias {bias}: tau of the plain mean {plain:.4f}; crossed was used in {used:.0%} of segments"
    )
    for method in ("shrunken", "crossed"):
        gains = [run[method] - run["mean"] for run in runs]
        error = statistics.stdev(gains) / math.sqrt(SEEDS)
        print(f"  {method}: {statistics.fmean(gains):+.4f} +- {error:.4f}")
        if method == "crossed":
            name = f"{method} {sampled} judges bias {bias}"
            gain = round(statistics.fmean(gains), 4)
            yield Figure(name=name, value=gain, limit=limit, least=True, decides=least == 3)
        elif not bias:  # equal numbers of marks are shrunk alike: the order must stay that of the plain mean
            gain = round(statistics.fmean(gains), 4)
            yield Figure(name=f"{method} {sampled} judges", value=gain, limit=0.0, least=True, decides=True)


def one(segments: list[Segment], seed: int, *, sampled: int, least: int, bias: float) -> dict[str, float]:
    """The mean tau over segments of every way to score, and in what share of segments `crossed` was really used."""
    chance, spread = random.Random(seed), deviation(segments)
    taus: dict[str, list[float]] = defaultdict(list)
    for segment in segments:
        judges = sorted({judge for given in segment.values() for judge in given})
        error = {judge: Fraction(chance.gauss(0, bias * spread)) for judge in judges}
        dealt = deal(sorted(segment), judges, sampled, chance)
        marks = [
            Mark(item, judge, segment[item][judge] + error[judge])
            for item in segment
            for judge in dealt[item]
        ]
        rest = {
            item: [x for judge, x in segment[item].items() if judge not in dealt[item]] for item in segment
        }
        truth = {item: float(sum(left) / len(left)) for item, left in rest.items()}
        plain = {item: float(sum(given) / len(given)) for item, given in Panel.of(marks).by_bid().items()}
        taus["mean"].append(tau(plain, truth))
        for method in ("shrunken", "crossed"):
            found = calibrate(marks, method=method, terms=Terms(least_reviews=least))
            taus[method].append(tau({item: float(e.score) for item, e in found.estimates.items()}, truth))
            taus["used"] += [float(found.used == "crossed")] if method == "crossed" else []
    return {name: statistics.fmean(values) for name, values in taus.items()}


def deal(items: list[str], judges: list[str], sampled: int, chance: random.Random) -> dict[str, list[str]]:
    """For each item as many judges as `sampled`, those with the fewest items so far first, lots among equals."""
    load = dict.fromkeys(judges, 0)
    dealt = {}
    for item in chance.sample(items, len(items)):
        dealt[item] = sorted(judges, key=lambda judge: (load[judge], chance.random()))[:sampled]
        for judge in dealt[item]:
            load[judge] += 1
    return dealt


def deviation(segments: list[Segment]) -> float:
    """The standard deviation between performances inside a segment, of the means of the whole panels."""
    means = [[float(sum(given.values()) / len(given)) for given in segment.values()] for segment in segments]
    return math.sqrt(statistics.fmean(statistics.variance(values) for values in means))


def tau(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Kendall's tau-b: agreement of two orders, pairs tied in either counting less."""
    names = sorted(one)
    both, first, second = 0, 0, 0
    for at, name in enumerate(names):
        for rival in names[:at]:
            a, b = sign(one[name] - one[rival]), sign(other[name] - other[rival])
            both, first, second = both + a * b, first + a * a, second + b * b
    return both / math.sqrt(first * second) if first and second else 0.0


def sign(difference: float) -> int:
    """1, 0 or -1; differences below a billionth are none."""
    return 0 if abs(difference) < 1e-9 else 1 if difference > 0 else -1


def read(source: Path) -> dict[str, dict[str, dict[str, Fraction]]]:
    """Segment -> performance -> judge -> mean of the component marks; seats are drawn anew for every segment."""
    segment = {row["performance_id"]: row["program"] for row in _rows(source, "performances")}
    aspects = [row for row in _rows(source, "judged-aspects") if row["section"] == "components"]
    performance = {row["aspect_id"]: row["performance_id"] for row in aspects}
    given: dict[tuple[str, str], list[Fraction]] = defaultdict(list)
    for row in _rows(source, "judge-scores"):
        if row["aspect_id"] in performance:
            given[performance[row["aspect_id"]], row["judge"]].append(Fraction(row["score"]))
    found: dict[str, dict[str, dict[str, Fraction]]] = defaultdict(lambda: defaultdict(dict))
    for (item, judge), marks in given.items():
        found[segment[item]][item][judge] = sum(marks, Fraction(0)) / len(marks)
    return found


def _rows(source: Path, name: str) -> list[dict[str, Any]]:
    with (source / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    sys.exit(main())

"""Floors on a real conference (MIDL 2018): the worst-served bid, the total and the evenness, all three together.

    python benchmarks/assignment_floors_long.py [DATA]

DATA holds fair_matching; by default ../shared/data beside the repository.
"""

import sys
import time
from pathlib import Path

import numpy as np

from _report import Figure, report
from assignment import ROOT, problem, solved
from jiebang.engines.assignment.evenness import gini, sums_of_bids

# 1.25 and 1.08 times what FairFlow reaches (0.676 and 131.04), and its Gini coefficient
FLOOR, LEAST_TOTAL, MOST_GINI = 0.845, 141.52, 0.124


def main() -> int:
    """Solve and compare; 0 when all three are kept, or when there is no data."""
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data"
    if not (data / "fair_matching").is_dir():
        print(f"skipped: {data} is not there")
        return 0
    return report(*floors(data))


def floors(data: Path) -> list[Figure]:
    """All three together: the worst-served bid, the total and the Gini coefficient."""
    folder = data / "fair_matching"
    low, high = np.load(folder / "loads-lb.npy"), np.load(folder / "loads.npy")
    table = np.load(folder / "scores.npy").T
    item = problem(table, np.load(folder / "covs.npy"), low, high, floor=FLOOR, least_total=LEAST_TOTAL)
    start = time.perf_counter()
    answer = solved(item)
    seconds = time.perf_counter() - start
    sums = sums_of_bids(item, answer.bid, answer.affinity)
    return [
        Figure(name="MIDL worst-served bid", value=float(sums.min()), limit=FLOOR, least=True, decides=True),
        Figure(name="MIDL total", value=answer.total, limit=LEAST_TOTAL, least=True, decides=True),
        Figure(name="MIDL Gini (1/1000)", value=1000 * gini(sums), limit=1000 * MOST_GINI, decides=True),
        Figure(name="MIDL seconds (one run)", value=seconds, limit=120),
    ]


if __name__ == "__main__":
    sys.exit(main())

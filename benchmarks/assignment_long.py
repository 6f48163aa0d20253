"""Ten thousand bids and ten thousand experts, their affinities generated row by row and never in memory at once.

    python benchmarks/assignment_long.py [SIZE]

Three experts a bid, from one to six bids an expert. The total is proven: what the dual prices bound meets what was found.
"""

import resource
import sys
import time
from typing import Any

import numpy as np

from _report import Figure, report
from jiebang.engines.assignment.flow import optimum
from jiebang.engines.assignment.table import UNIT

SIZE, TOPICS, SEED = 10_000, 25, 7
SECONDS, GOAL, MEGABYTES = 180.0, 120.0, 512.0


class Rows:
    """Affinities of topics with noise, the same whenever they are asked for."""

    def __init__(self, size: int) -> None:
        rng = np.random.default_rng(SEED)
        left, right = rng.dirichlet(np.full(TOPICS, 0.2), (2, size))
        self._left = (0.8 * left / np.linalg.norm(left, axis=1)[:, None]).astype(np.float32)
        self._right = (right / np.linalg.norm(right, axis=1)[:, None]).astype(np.float32).T
        self.size = size

    @property
    def shape(self) -> tuple[int, int]:
        """Bids x experts."""
        return self.size, self.size

    def rows(self, start: int, stop: int) -> Any:
        """Each row has its own noise, so that it does not matter which rows are asked for together."""
        block = self._left[start:stop] @ self._right
        for at in range(start, stop):
            block[at - start] += np.float32(0.2) * np.random.default_rng([SEED, at]).random(
                self.size, np.float32
            )
        return np.round(block.astype(np.float64), 6)


def main() -> int:
    """Solve, prove, report."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else SIZE
    table, most = Rows(size), np.full(size, 6)
    asked, least = np.full(size, 3), np.ones(size, np.int64)
    start = time.perf_counter()
    flow = optimum(table, per_bid=asked, min_load=least, max_load=most)
    seconds = time.perf_counter() - start
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.perf_counter()
    apart = (proven(table, flow, asked, least, most) - flow.worth) / len(flow.bid)
    print(
        f"total {flow.worth / UNIT:.6f}; {flow.columns:,} of {size * size:,} pairs in {flow.rounds} rounds; ",
        end="",
    )
    print(f"proved in {time.perf_counter() - start:.1f} s")
    return report(
        Figure(name="seconds (one run)", value=seconds, limit=SECONDS),
        Figure(name="seconds (goal)", value=seconds, limit=GOAL),
        Figure(name="megabytes", value=megabytes, limit=MEGABYTES, decides=True),
        Figure(name="loads kept", value=float(flow.kept), limit=1, least=True, decides=True),
        Figure(name="bound, millionths a pair", value=apart, limit=1, decides=True),
    )


def proven(table: Rows, flow: Any, asked: Any, least: Any, most: Any) -> int:
    """What the prices prove that no assignment exceeds, in millionths."""
    of_bid, of_expert = flow.price_of_bid, flow.price_of_expert
    whole = int(asked @ of_bid) + int(np.where(of_expert > 0, most, least) @ of_expert)
    for start in range(0, table.size, 100):
        gain = np.rint(table.rows(start, start + 100) * UNIT) - of_bid[start : start + 100, None] - of_expert
        whole += int(np.maximum(gain, 0).sum())
    return whole


if __name__ == "__main__":
    sys.exit(main())

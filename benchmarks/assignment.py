"""Experts to bids: optima of small conferences, and one of conference size against a bulk flow.

    python benchmarks/assignment.py [DATA]

DATA holds reviewer_bids and fair_matching; by default ../shared/data beside the repository. Each measurement of time is a
process of its own that makes its input, then measures solving alone; peak memory is of the whole process, so that the
memory of its input (the same for both) is in it too. Conference size has real loads and affinities that are generated.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from _report import Figure, report
from jiebang.engines.assignment.flow import optimum
from jiebang.engines.assignment.problem import Assignment, Problem
from jiebang.engines.assignment.solve import solve
from jiebang.engines.assignment.table import Table

ROOT = Path(__file__).resolve().parent.parent
RUNS, TOPICS, SEED = 5, 25, 1
TOLERANCE = 1e-6  # of a pair


def main() -> int:
    """Measure everything; 0 when nothing that can be counted is off its limit, or when there is no data."""
    if sys.argv[1:2] == ["--one"]:
        return one(sys.argv[2], Path(sys.argv[3]))
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data"
    if not (data / "fair_matching").is_dir():
        print(f"skipped: {data} is not there")
        return 0
    return report(*optima(data), *against_bulk(data), *officer())


def optima(data: Path) -> list[Figure]:
    """The proven optimum of the two small conferences."""
    figures = []
    for name, most, optimal in (("preflib1", 6, 124.25), ("preflib2", 7, 141.5)):
        lines = (data / "reviewer_bids" / f"{name}.in").read_text().splitlines()
        papers = int(lines[0].split()[0])
        table = np.array([[float(word) for word in line.split()] for line in lines[1 : papers + 1]])
        total = solved(problem(table, 3, 0, most)).total
        figures.append(Figure(name=f"{name} total", value=total, limit=optimal, least=True, decides=True))
    return figures


def against_bulk(data: Path) -> list[Figure]:
    """Conference size: how much faster and smaller than one flow over all pairs, and how far the totals are apart."""
    ours, bulk = ([measured(which, data) for _ in range(RUNS)] for which in ("priced", "bulk"))
    seconds = [statistics.median(run["seconds"] for run in runs) for runs in (ours, bulk)]
    memory = [statistics.median(run["megabytes"] for run in runs) for runs in (ours, bulk)]
    extra = [statistics.median(run["extra"] for run in runs) for runs in (ours, bulk)]
    apart = max(abs(run["total"] - bulk[0]["total"]) for run in (*ours, *bulk)) / ours[0]["pairs"]
    print(
        f"medians of {RUNS}: {seconds[0]:.2f} s against {seconds[1]:.2f} s; {memory[0]:.0f} MB against {memory[1]:.0f} MB, "
    )
    print(f"of which beyond the input {extra[0]:.0f} MB against {extra[1]:.0f} MB")
    return [
        Figure(name="times faster", value=seconds[1] / seconds[0], limit=5, least=True),
        Figure(name="times faster (goal)", value=seconds[1] / seconds[0], limit=8, least=True),
        Figure(name="times smaller", value=memory[1] / memory[0], limit=3, least=True, decides=True),
        Figure(name="apart, millionths a pair", value=apart / TOLERANCE, limit=1, decides=True),
    ]


def officer() -> list[Figure]:
    """An officer's round: 200 bids, 60 experts, a quota of countries, median of five."""
    rng = np.random.default_rng(SEED)
    table = generated(200, 60)
    marks = {"country": tuple(f"c{at}" for at in rng.integers(0, 8, 60))}
    from jiebang.engines.assignment.problem import Quota

    plain = problem(table, 3, 0, 12)
    item = problem(table, 3, 0, 12, marks=marks, quotas=(Quota(mark="country", most=1),))
    found = []
    for name, asked in (("officer's round", plain), ("officer's round, quota", item)):
        times = []
        for _ in range(RUNS):
            start = time.perf_counter()
            answer = solved(asked)
            times.append(time.perf_counter() - start)
        found.append(Figure(name=f"{name}, seconds", value=statistics.median(times), limit=2))
        found.append(
            Figure(name=f"{name}, proven", value=float(answer.optimal), limit=1, least=True, decides=True)
        )
    return found


def problem(table: Any, per_bid: Any, low: Any, high: Any, **more: Any) -> Problem:
    """A problem of a table with nameless bids and experts."""
    bids, experts = table.shape
    return Problem(
        bids=tuple(map(str, range(bids))), experts=tuple(map(str, range(experts))), affinity=Table(table),
        per_bid=whole(per_bid, bids), min_load=whole(low, experts), max_load=whole(high, experts), **more,
    )  # fmt: skip


def whole(value: Any, size: int) -> Any:
    """One number for all, or one each, as whole numbers."""
    return np.broadcast_to(np.asarray(value), size).astype(np.int64)


def solved(item: Problem) -> Assignment:
    """The assignment; there is one."""
    answer = solve(item)
    if not isinstance(answer, Assignment):
        sys.exit(f"no assignment: {answer}")
    return answer


def generated(bids: int, experts: int) -> Any:
    """Affinities of topics, with noise and one conflict in five hundred."""
    rng = np.random.default_rng(SEED)
    left, right = rng.dirichlet(np.full(TOPICS, 0.2), bids), rng.dirichlet(np.full(TOPICS, 0.2), experts)
    left /= np.linalg.norm(left, axis=1)[:, None]
    right /= np.linalg.norm(right, axis=1)[:, None]
    table = left @ right.T
    table *= 0.8
    for row in table:
        row += 0.2 * rng.random(experts)
        row[rng.random(experts) < 0.002] = -np.inf
    return table


def measured(which: str, data: Path) -> dict[str, float]:
    """One run in a process of its own."""
    command = [sys.executable, __file__, "--one", which, str(data)]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def one(which: str, data: Path) -> int:
    """Solve one at conference size and print what it took."""
    import resource

    from ortools.graph.python import min_cost_flow  # noqa: F401  # imported before time runs, for both

    folder = data / "fair_matching" / "cvpr_loads"
    asked, low, high = (
        np.load(folder / f"{name}.npy").astype(np.int64) for name in ("covs", "loads-lb", "loads")
    )
    table = generated(len(asked), len(low))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.perf_counter()
    total, pairs = (priced if which == "priced" else bulk)(table, asked, low, high)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"seconds": seconds, "megabytes": peak, "extra": peak - before, "total": total, "pairs": pairs}
    print(json.dumps(told))
    return 0


def priced(table: Any, asked: Any, low: Any, high: Any) -> tuple[float, int]:
    """Ours: few columns, and the others proved away."""
    flow = optimum(Table(table, copy=False), per_bid=asked, min_load=low, max_load=high)
    if not flow.kept:
        sys.exit("the loads cannot be kept")
    return flow.worth / 1e6, len(flow.bid)


def bulk(table: Any, asked: Any, low: Any, high: Any) -> tuple[float, int]:
    """One flow over all pairs, its arcs added at once."""
    from ortools.graph.python import min_cost_flow

    bids, experts = table.shape
    bid, expert = np.nonzero(np.isfinite(table))
    cost = np.rint(table[bid, expert] * -1e6).astype(np.int64)
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([bid, bids + np.arange(experts)]),
        np.concatenate([bids + expert, np.full(experts, bids + experts)]),
        np.concatenate([np.ones(len(bid), np.int64), high - low]),
        np.concatenate([cost, np.zeros(experts, np.int64)]),
    )
    supply = np.concatenate([asked, -low, [low.sum() - asked.sum()]])
    solver.set_nodes_supplies(np.arange(len(supply)), supply)
    if solver.solve() != solver.OPTIMAL:
        sys.exit("the bulk flow found nothing")
    return -solver.optimal_cost() / 1e6, int(asked.sum())


if __name__ == "__main__":
    sys.exit(main())

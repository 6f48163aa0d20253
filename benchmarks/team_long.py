"""Consortia, long: 10,000 organisations; 12 capabilities proven in 60 s, 20 capabilities with their gap.

python benchmarks/team_long.py
"""

import statistics
import sys

from _report import Figure, report
from _team import Run, measure

SEEDS, BUDGETS = (1, 2, 3, 4, 5), (150, 200, 300)
SECONDS = 60.0


def main() -> int:
    """For each size: how many are proven (decides), the largest gap, the median and the longest seconds."""
    measure(organisations=50, needed=2, seed=0, budget=300)  # loads the libraries
    return report(*figures(12), *figures(20))


def figures(needed: int) -> list[Figure]:
    """The figures of one number of capabilities."""
    runs = [run(needed, seed, budget) for seed in SEEDS for budget in BUDGETS]
    seconds = [each.seconds for each in runs]
    name = f"10000/{needed}"
    return [
        Figure(
            name=f"{name} proven",
            value=sum(each.answer.optimal for each in runs),
            limit=len(runs),
            least=True,
            decides=True,
        ),
        Figure(name=f"{name} largest gap, %", value=max(each.gap for each in runs), limit=0.0, decides=True),
        Figure(name=f"{name} s (median of {len(runs)})", value=statistics.median(seconds), limit=SECONDS),
        Figure(name=f"{name} s (longest)", value=max(seconds), limit=SECONDS),
    ]


def run(needed: int, seed: int, budget: int) -> Run:
    """One problem, told as it ends."""
    found = measure(organisations=10_000, needed=needed, seed=seed, budget=budget)
    value = found.answer.team.value if found.answer.team else None
    print(
        f"  {needed} capabilities, seed {seed}, budget {budget}: value {value}, bound {found.answer.bound}",
        end="",
    )
    print(f", {found.seconds:.1f} s", flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())

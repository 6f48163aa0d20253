"""The headless round on a real one: seconds, memory and outcomes, each as a ratio to its limit.

    python benchmarks/round_catalyst.py [SOURCE]

SOURCE holds the publisher's files (see examples/project-catalyst/README.md); by default ../shared/data/catalyst_f7
beside the repository. Without them there is nothing to measure, and the command says so.
"""

import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _report import Figure, report

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "project-catalyst"
SECONDS, MEGABYTES, OUTCOMES, RUNS = 3.0, 300.0, 933, 5
WORDS = {"2": "awarded", "1": "over_budget", "0": "not_awarded"}


def main() -> int:
    """Convert, run, compare; 0 when nothing that can be counted is off its limit, or when there is no data."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data" / "catalyst_f7"
    if not source.is_dir():
        print(f"skipped: {source} is not there")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        bundle, out = Path(folder, "bundle"), Path(folder, "out")
        subprocess.run(
            [sys.executable, EXAMPLE / "convert.py", source, bundle], check=True, stdout=subprocess.DEVNULL
        )
        taken = [measure(bundle, out) for _ in range(RUNS)]
        right, exact, total = compare(source, out)
    return report(
        Figure(
            name=f"seconds (median of {RUNS})", value=statistics.median(s for s, _ in taken), limit=SECONDS
        ),
        Figure(name="megabytes", value=max(m for _, m in taken), limit=MEGABYTES, decides=True),
        Figure(name="outcomes", value=right, limit=OUTCOMES, least=True, decides=True),
        Figure(name="ratings", value=exact, limit=total, least=True, decides=True),
    )


def measure(bundle: Path, out: Path) -> tuple[float, float]:
    """Wall seconds and peak resident megabytes of one `round run` in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "jiebang",
        "round",
        "run",
        EXAMPLE / "rulebook.yaml",
        bundle,
        "--out",
        out,
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    start = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"round run failed with exit code {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def compare(source: Path, out: Path) -> tuple[int, int, int]:
    """Outcomes and ratings that equal the published ones, and how many proposals there are."""
    published = {row["id"]: row for row in _rows(source / "outcomes.csv")}
    outcomes = {row["bid"]: row["outcome"] for row in _rows(out / "decisions.csv")}
    ratings = {row["bid"]: row["mean"] for row in _rows(out / "scores.csv") if row["criterion"] == "overall"}
    right = sum(outcomes[bid] == WORDS.get(row["funded"]) for bid, row in published.items())
    exact = sum(float(ratings[bid]) == float(row["f6_rating"]) for bid, row in published.items())
    return right, exact, len(published)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    sys.exit(main())

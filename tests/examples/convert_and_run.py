"""Runs an example as its README says: its converter, then `jiebang round run`, each in a process of its own."""

import csv
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"


def played(example: str, source: Path, folder: Path) -> dict[str, list[dict[str, str]]]:
    """The result's tables by name, each a list of rows."""
    home, bundle, out = ROOT / "examples" / example, folder / "bundle", folder / "out"
    convert = [sys.executable, str(home / "convert.py"), str(source), str(bundle)]
    subprocess.run(convert, check=True, capture_output=True)
    command = [sys.executable, "-m", "jiebang", "round", "run", str(home / "rulebook.yaml"), str(bundle)]
    done = subprocess.run([*command, "--out", str(out)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return {path.stem: rows(path) for path in out.glob("*.csv")}


def rows(path: Path) -> list[dict[str, str]]:
    """A CSV file as rows by heading."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

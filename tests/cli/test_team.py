"""`jiebang team`, as a person types it."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from jiebang.cli.app import run

MANUAL = Path(__file__).parents[2] / "docs" / "team.md"


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    """The problem of the manual."""
    text = MANUAL.read_text(encoding="utf-8").split("```json\n")[1].split("```")[0]
    path = tmp_path / "problem.json"
    path.write_text(text, encoding="utf-8")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_manuals_problem_gives_the_manuals_table(
    problem: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "team.csv"
    assert run(["team", str(problem), "--out", str(out), "--others", "1", "--losses", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["value"], said["bound"], said["optimal"]) == (210, 210, True)
    assert out.read_text(encoding="utf-8") in MANUAL.read_text(encoding="utf-8")
    assert [row["organisation"] for row in rows(out) if row["team"] == "1"] == ["lumen", "delta", "reef"]


def test_a_person_reads_sentences(problem: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["team", str(problem), "--out", str(tmp_path / "team.csv")]) == 0
    assert "worth 210, proven best" in capsys.readouterr().out


def test_no_team_is_an_answer_with_its_reason(
    problem: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = problem.read_text(encoding="utf-8").replace('"budget": 100', '"budget": 60')
    problem.write_text(text, encoding="utf-8")
    out = tmp_path / "team.csv"
    assert run(["team", str(problem), "--out", str(out), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["value"], said["bound"], said["optimal"], said["feasible"]) == (None, None, False, False)
    assert said["clashes"][0]["repairs"] == [{"limit": "budget", "to": 65, "about": []}]
    assert rows(out) == []
    assert run(["team", str(problem), "--out", str(out)]) == 0
    assert "budget = 65" in capsys.readouterr().out


def test_faults_are_told_with_file_and_line_and_nothing_is_written(
    problem: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = problem.read_text(encoding="utf-8").replace('"partners": 5', '"partners": -5')
    problem.write_text(text, encoding="utf-8")
    out = tmp_path / "team.csv"
    assert run(["team", str(problem), "--out", str(out)]) == 2
    line = next(at for at, row in enumerate(text.splitlines(), start=1) if '"partners"' in row)
    assert capsys.readouterr().err.startswith(f"{problem}:{line}: limits.partners: `-5` ")
    assert not out.exists()


@pytest.mark.parametrize("data", [None, b"\xff\xfe{"])
def test_an_unreadable_file_is_a_fault(data: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    if data is not None:
        path.write_bytes(data)
    assert run(["team", str(path), "--out", str(tmp_path / "x.csv")]) == 2


def test_an_output_that_cannot_be_written_is_a_fault(problem: Path, tmp_path: Path) -> None:
    assert run(["team", str(problem), "--out", str(tmp_path / "no" / "x.csv")]) == 2


def test_a_malformed_problem_loads_no_solver_and_none_loads_django(problem: Path, tmp_path: Path) -> None:
    code = "import sys\nfrom jiebang.cli.app import run\nassert run(sys.argv[1:]) in (0, 2)\n"
    code += "print(*sorted({'django', 'ortools', 'numpy'} & set(sys.modules)))"
    empty = tmp_path / "empty.json"
    empty.write_text("{}", encoding="utf-8")
    for path, loaded in ((empty, "\n"), (problem, "numpy ortools\n")):
        command = [sys.executable, "-c", code, "team", str(path), "--out", str(tmp_path / "x.csv")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.endswith(loaded)
        assert "django" not in done.stdout

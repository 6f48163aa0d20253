"""`jiebang assign`: the contract, faults, collisions, replay, the lottery; and nothing heavy is loaded before."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jiebang.cli.app import run

BASE: dict[str, Any] = {
    "bids": ["b1", "b2", "b3"], "experts": ["e1", "e2", "e3"],
    "affinity": [[0.9, 0.8, 0.1], [0.7, 0.2, 0.3], [0.5, 0.5, 0.9]],
    "per_bid": 2, "min_load": 1, "max_load": 2, "conflicts": [["b1", "e1"]],
}  # fmt: skip


def write(folder: Path, **more: Any) -> str:
    path = folder / "problem.json"
    path.write_text(json.dumps({**BASE, **more}), encoding="utf-8")
    return str(path)


def test_the_file_and_the_json_are_as_promised(tmp_path: Path, capsys: Any) -> None:
    out = tmp_path / "new" / "a.csv"
    assert run(["assign", write(tmp_path), "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["total"], told["optimal"], told["gap"]) == (pytest.approx(3.2), True, 0)
    assert told["seconds"] >= 0
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert list(rows[0]) == ["bid", "expert", "affinity"]
    assert sum(float(row["affinity"]) for row in rows) == pytest.approx(told["total"])
    assert len({(row["bid"], row["expert"]) for row in rows}) == 6


def test_every_pair_is_explained_and_a_stored_assignment_verified(tmp_path: Path, capsys: Any) -> None:
    problem, out, why = write(tmp_path), tmp_path / "a.csv", tmp_path / "why.csv"
    assert run(["assign", problem, "--out", str(out), "--explain", str(why)]) == 0
    rows = list(csv.DictReader(why.read_text("utf-8").splitlines()))
    assert [row["why"] for row in rows if row["code"] == "assignment.is_full"] == [
        "e3 fits better but has all of 2 bids."
    ]
    assert run(["assign", problem, "--stored", str(out)]) == 0
    out.write_text(out.read_text().replace("b1,e2", "b1,e1"))
    capsys.readouterr()
    assert run(["assign", problem, "--stored", str(out), "--json"]) == 2
    told = json.loads(capsys.readouterr().out)
    assert {item["code"] for item in told["broken"]} >= {"assignment.barred_pair", "assignment.wrong_load"}
    out.write_text("bid,expert\nb9,e1\n")
    assert run(["assign", problem, "--stored", str(out)]) == 2
    assert ":2: bid: unknown bid 'b9'" in capsys.readouterr().err


def test_faults_and_collisions_write_nothing(tmp_path: Path, capsys: Any) -> None:
    out = tmp_path / "a.csv"
    assert run(["assign", write(tmp_path, per_bid=-1), "--out", str(out)]) == 2
    assert "problem.json:1: per_bid: " in capsys.readouterr().err
    assert run(["assign", write(tmp_path, max_load=1), "--out", str(out)]) == 2
    err = capsys.readouterr().err
    assert "collide: Bids b1, b2, b3 ask for 6" in err
    assert "repair: Raise the greatest load" in err
    assert run(["assign", write(tmp_path, max_load=1), "--out", str(out), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["collide"][0]["code"] == "assignment.too_few_experts"
    assert run(["assign", str(tmp_path / "none.json"), "--out", str(out)]) == 2
    assert run(["assign", write(tmp_path)]) == 2
    assert not out.exists()


def test_a_lottery_repeats_with_its_seed_and_keeps_its_commitment(tmp_path: Path, capsys: Any) -> None:
    out = tmp_path / "a.csv"
    more = {"cap": 0.75, "conflicts": [], "min_load": 0, "max_load": 3}
    problem = write(tmp_path, **more)
    assert run(["assign", problem, "--out", str(out), "--seed", "00ff", "--json"]) == 0
    told, first = json.loads(capsys.readouterr().out), out.read_bytes()
    assert told["greatest_probability"] <= 0.75
    problem = write(tmp_path, **more, commitment=told["commitment"])
    assert run(["assign", problem, "--out", str(out), "--seed", "00ff"]) == 0
    assert out.read_bytes() == first
    assert run(["assign", problem, "--out", str(out), "--seed", "00fe"]) == 2
    assert run(["assign", problem, "--out", str(out), "--seed", "xyz"]) == 2


def test_a_solver_says_nothing_on_standard_output(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "jiebang",
        "assign",
        write(tmp_path, floor=0.5),
        "--out",
        str(tmp_path / "a.csv"),
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["optimal"] is True
    assert done.stderr == ""


def test_the_command_line_loads_no_solver_before_it_is_asked_for() -> None:
    code = "import sys, jiebang.cli.app, jiebang.cli.assign\nprint({'numpy', 'ortools', 'highspy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_no_id_becomes_a_formula_and_no_result_replaces_the_problem(tmp_path: Path, capsys: Any) -> None:
    one = {"affinity": [[1.5]], "per_bid": 1, "min_load": 0, "max_load": 1, "conflicts": []}
    file, out = write(tmp_path, **one, bids=["=cmd|x"], experts=["@SUM(1)"]), tmp_path / "a.csv"
    assert run(["assign", file, "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8").splitlines()[1] == "'=cmd|x,'@SUM(1),1.5"
    assert run(["assign", file, "--stored", str(out)]) == 0, "and reads back"
    assert run(["assign", file, "--out", file]) == 2
    assert "is the file that was read" in capsys.readouterr().err
    assert Path(file).read_text(encoding="utf-8").startswith("{")
    assert run(["assign", write(tmp_path, **one, bids=["a\ud800"], experts=["e"]), "--out", str(out)]) == 2

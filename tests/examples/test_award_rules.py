"""The example programmes whose awards are unlike each other: each is sound, runs, and decides as its README says."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from jiebang.cli.app import run

EXAMPLES = Path(__file__).parents[2] / "examples"


def play(name: str, out: Path, *more: str) -> dict[str, tuple[str, str]]:
    folder = EXAMPLES / name
    assert run(["rulebook", "check", str(folder / "rulebook.yaml")]) == 0
    given = ["round", "run", str(folder / "rulebook.yaml"), str(folder / "bundle"), "--out", str(out), *more]
    assert run(given) == 0
    with (out / "decisions.csv").open(encoding="utf-8", newline="") as file:
        return {row["bid"]: (row["outcome"], row["code"]) for row in csv.DictReader(file)}


def test_the_partial_lottery_draws_for_the_money_left(tmp_path: Path, capsys: Any) -> None:
    assert play("partial-lottery", tmp_path) == {
        "a01": ("awarded", "award.above_line"), "a02": ("awarded", "award.above_line"),
        "a03": ("over_budget", "award.over_budget"), "a04": ("awarded", "award.drawn"), "a05": ("awarded", "award.drawn"),
        "a06": ("awarded", "award.drawn"), "a07": ("not_awarded", "award.below_line"),
        "a08": ("not_awarded", "award.below_line"),
    }  # fmt: skip
    assert run(["draw", str(tmp_path / "draws" / "1-call-a.json"), "--lang", "zh-Hans"]) == 0
    assert "3.17.21.28.40.44./11808.5/" in capsys.readouterr().out


def test_the_example_of_the_rfc_is_selected_by_the_same_command(capsys: Any) -> None:
    assert run(["draw", str(EXAMPLES / "partial-lottery" / "rfc3797.json"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    chosen = [int(step["drawn"]) for step in told["steps"] if step["outcome"] == "awarded"]
    assert chosen == [17, 7, 2, 16, 25, 23, 8, 24, 19, 13]


def test_the_contest_averages_three_judges_then_five(tmp_path: Path) -> None:
    assert play("innovation-contest", tmp_path) == {
        "t1": ("awarded", "award.awarded"), "t2": ("awarded", "award.awarded"), "t3": ("not_awarded", "award.not_approved"),
        "t4": ("awarded", "award.awarded"), "t5": ("not_awarded", "award.not_shortlisted"),
        "t6": ("not_awarded", "award.not_shortlisted"),
    }  # fmt: skip
    with (tmp_path / "scores.csv").open(encoding="utf-8", newline="") as file:
        counts = {(row["bid"], row["criterion"]): row["n"] for row in csv.DictReader(file)}
    assert (counts["t1", "first_score"], counts["t1", "overall"], counts["t5", "overall"]) == ("3", "5", "0")


def test_after_the_first_round_the_contest_says_who_goes_on(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    for path in (EXAMPLES / "innovation-contest" / "bundle").iterdir():
        lines = path.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if path.stem != "reviews" or not line.count(",") or "judge-1," in line
                or "judge-2," in line or "judge-3," in line or line.startswith("bid,")]  # fmt: skip
        (bundle / path.name).write_text("\n".join(kept) + "\n", encoding="utf-8")
    rulebook = EXAMPLES / "innovation-contest" / "rulebook.yaml"
    assert run(["round", "run", str(rulebook), str(bundle), "--out", str(tmp_path / "out")]) == 0
    with (tmp_path / "out" / "decisions.csv").open(encoding="utf-8", newline="") as file:
        found = {row["bid"]: (row["outcome"], row["code"]) for row in csv.DictReader(file)}
    assert [found[bid] for bid in ("t1", "t4")] == [("reserve", "award.shortlisted")] * 2
    assert found["t5"] == ("not_awarded", "award.not_shortlisted")
    assert found[""] == ("no_award", "award.none_final")


def test_the_ministry_short_lists_five_and_declares_three(tmp_path: Path) -> None:
    found = play("ministry-list", tmp_path)
    assert {bid: outcome for bid, (outcome, _) in found.items()} == {
        "b01": "awarded", "b02": "awarded", "b03": "not_awarded", "b04": "awarded", "b05": "reserve", "b06": "not_awarded",
        "b07": "ineligible", "b08": "ineligible", "b09": "awarded", "b10": "not_awarded",
    }  # fmt: skip
    assert found["b06"][1] == "award.not_shortlisted"


@pytest.mark.parametrize("name", ["partial-lottery", "innovation-contest", "ministry-list"])
def test_everything_in_it_is_plainly_fictional_and_says_why_it_is_assumed(name: str, capsys: Any) -> None:
    folder = EXAMPLES / name
    table = "organisations" if name == "ministry-list" else "bids"
    rows = (folder / "bundle" / f"{table}.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert rows
    assert [row for row in rows if "(fictional)" not in row] == []
    for lang, word in (("en", "[assumed"), ("zh-Hans", "[假定")):
        assert run(["rulebook", "explain", str(folder / "rulebook.yaml"), "--lang", lang]) == 0
        assert word in capsys.readouterr().out

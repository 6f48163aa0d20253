"""`jiebang draw`: whatever `round run` drew is computed again from its file, and a changed file is found out."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jiebang.cli.app import run

RULEBOOK = """\
format: jiebang-rulebook/1
id: lots
title: {en: A draw, zh-Hans: 抽签}
languages: [en, zh-Hans]
criteria:
  fit: {label: {en: Fit, zh-Hans: 契合度}, maximum: 10, status: local}
scoring: {reviews_needed: 2, status: local}
award:
  rule: lottery
  max_awards: 2
  reserve: 1
  lottery:
    sources:
      lottery: {label: {en: The state lottery of 4 July, zh-Hans: 7月4日彩票}}
      index: {label: {en: The index of 5 July, zh-Hans: 7月5日指数}}
  status: local
"""
SCORES = {"b1": (10, 9), "b2": (7, 5), "b3": (6, 6), "b4": (8, 4), "b5": (1, 2)}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "rulebook.yaml").write_text(RULEBOOK, encoding="utf-8")
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    reviews = [f"{bid},e{n},fit,{score}" for bid, pair in SCORES.items() for n, score in enumerate(pair)]
    (bundle / "bundle.yaml").write_text("format: jiebang-round/1\n")
    (bundle / "challenges.csv").write_text("id,draw_seed\nC/1,\n")
    (bundle / "bids.csv").write_text("\n".join(["id,challenge", *(f"{bid},C/1" for bid in SCORES)]) + "\n")
    (bundle / "reviews.csv").write_text("\n".join(["bid,expert,criterion,score", *reviews]) + "\n")
    return tmp_path


def play(place: Path, *more: str, out: str = "out") -> dict[str, str]:
    given = [
        "round",
        "run",
        str(place / "rulebook.yaml"),
        str(place / "bundle"),
        "--out",
        str(place / out),
        *more,
    ]
    assert run(given) == 0
    rows = (place / out / "decisions.csv").read_text(encoding="utf-8").splitlines()[1:]
    return {row.split(",")[1]: row.rsplit(",", 1)[1] for row in rows}


def test_the_list_is_committed_first_and_the_numbers_draw_from_it(place: Path, capsys: Any) -> None:
    before = play(place)
    assert before == {
        "b1": "award.above_line", "b2": "award.in_draw", "b3": "award.in_draw", "b4": "award.in_draw",
        "b5": "award.below_line",
    }  # fmt: skip
    file = place / "out" / "draws" / "1-C_1.json"
    committed = json.loads(file.read_text(encoding="utf-8"))
    assert run(["draw", str(file)]) == 0
    said = capsys.readouterr().out
    assert committed["list_hash"] in said
    assert "not entered yet" in said
    after = play(place, "--draw-seed", "9319 / 3052.71", out="drawn")
    drawn = json.loads((place / "drawn" / "draws" / "1-C_1.json").read_text(encoding="utf-8"))
    assert drawn["list_hash"] == committed["list_hash"]
    fates = {step["drawn"]: step["outcome"] for step in drawn["steps"]}
    assert sorted(fates.values()) == ["awarded", "no_place", "no_place"]
    assert after[drawn["steps"][0]["drawn"]] == "award.drawn"
    assert after[drawn["steps"][1]["drawn"]] == "award.drawn_reserve"
    own = place / "bundle" / "challenges.csv"
    own.write_text("id,draw_seed\nC/1,9319/3052.710\n")
    assert play(place, "--draw-seed", "1/1", out="own") == after
    journal = (place / "own" / "log" / "journal.jsonl").read_text(encoding="utf-8")
    assert committed["list_hash"] in journal


def test_anyone_repeats_it_with_one_command_and_every_value_is_printed(place: Path, capsys: Any) -> None:
    play(place, "--draw-seed", "9319 / 3052.71")
    file = place / "out" / "draws" / "1-C_1.json"
    drawn = json.loads(file.read_text(encoding="utf-8"))
    capsys.readouterr()
    assert run(["draw", str(file), "--list", drawn["list_hash"], "--lang", "zh-Hans"]) == 0
    said = capsys.readouterr().out
    for word in (
        "9319./3052.71/",
        drawn["list_hash"],
        "入选",
        "7月4日彩票",
        *(s["digest"] for s in drawn["steps"]),
    ):
        assert word in said
    play(place, out="bare")
    bare = place / "bare" / "draws" / "1-C_1.json"
    capsys.readouterr()
    assert run(["draw", str(bare), "--seed", "9319/3052.71", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["verified"], told["steps"]) == (True, drawn["steps"])


@pytest.mark.parametrize(
    ("entry", "change"),
    [
        ("list_hash", lambda data: data.update(list_hash="0" * 64)), ("key", lambda data: data.update(key="1./")),
        ("steps.1", lambda data: data["steps"][0].update(drawn="b9")), ("steps.3", lambda data: data["steps"].pop()),
        ("list_hash", lambda data: data["committed"].update(list=data["committed"]["list"][::-1])),
        ("steps.1", lambda data: data.update(gone=[data["steps"][0]["drawn"]])),
    ],
)  # fmt: skip
def test_a_changed_file_is_found_out(place: Path, capsys: Any, entry: str, change: Any) -> None:
    play(place, "--draw-seed", "9319 / 3052.71")
    file = place / "out" / "draws" / "1-C_1.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    change(data)
    file.write_text(json.dumps(data), encoding="utf-8")
    assert run(["draw", str(file)]) == 2
    assert f"1-C_1.json:1: {entry}: the file says" in capsys.readouterr().err


def test_what_cannot_be_a_draw_is_said_plainly(place: Path, capsys: Any) -> None:
    play(place)
    file = place / "out" / "draws" / "1-C_1.json"
    for more in (["--seed", "one"], ["--list", "ab"]):
        assert run(["draw", str(file), *more]) == 2
    file.write_text("[]")
    assert run(["draw", str(file)]) == 2
    assert run(["draw", str(place / "nowhere.json")]) == 2
    said = capsys.readouterr().err
    assert "one is no number" in said
    assert "is no file of a draw" in said
    assert "cannot be read" in said
    assert (
        run(
            [
                "round",
                "run",
                str(place / "rulebook.yaml"),
                str(place / "bundle"),
                "--out",
                "x",
                "--draw-seed",
                "?",
            ]
        )
        == 2
    )
    (place / "bundle" / "challenges.csv").write_text("id,draw_seed,draw_list\nC/1,x y,{}\n")
    assert (
        run(["round", "run", str(place / "rulebook.yaml"), str(place / "bundle"), "--out", str(place / "x")])
        == 2
    )
    said = capsys.readouterr().err
    assert "challenges.csv:2: draw_seed: x is no number" in said
    assert "challenges.csv:2: draw_list: is no list" in said


def test_nothing_heavy_is_loaded_to_repeat_a_draw() -> None:
    file = Path(__file__).parents[2] / "examples" / "partial-lottery" / "rfc3797.json"
    code = f"import sys\nfrom jiebang.cli.app import run\nassert run(['draw', {str(file)!r}]) == 0\n"
    code += "print(sorted({'django', 'numpy', 'highspy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_command_that_the_report_prints_repeats_the_draw(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    play(place, "--draw-seed", "9319 / 3052.71")
    page = (place / "out" / "report.html").read_text(encoding="utf-8")
    printed = page.split("<code>jiebang ")[1].split("</code>")[0]
    monkeypatch.chdir(place / "out")
    capsys.readouterr()
    assert run([*printed.split(), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    steps = told["steps"]
    assert steps
    rows = [
        f"<td>{step['digest']}</td><td>{step['left']}</td><td>{step['position']}</td><td>{step['drawn']}</td>"
        for step in steps
    ]
    assert all(row in page for row in rows)

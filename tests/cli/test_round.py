"""`jiebang round check` and `round run`, as a person types them."""

import csv
import json
import math
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jiebang.adapters.round_files import journal
from jiebang.cli.app import run
from jiebang.decisions.cells import harmless
from jiebang.decisions.round import Event, RoundResult
from jiebang.trust.chain import verify_chain

SRC = Path(__file__).parents[2] / "src"
MANUAL = Path(__file__).parents[2] / "docs" / "round-bundle.md"
RULEBOOK = """\
format: jiebang-rulebook/1
id: harbour
title: {en: Harbour challenges of Lumen Bay, zh-Hans: 流明湾港口榜题}
languages: [en, zh-Hans]
timezone: Asia/Shanghai
consortium: {max_partners: 5, status: local}
eligibility:
  lead_age: {subject: lead, text: {en: Registered for over one year., zh-Hans: 注册满一年以上。}, require: lead.over_years >= 1, status: local}
criteria:
  fit: {label: {en: Fit}, maximum: 10, status: local}
award: {rule: budget_fill, max_awards: null, on_tie: all, status: local}
"""  # noqa: E501 - a rule on one line
FILES = {
    "bundle.yaml": "format: jiebang-round/1\ncurrency: CNY\n",
    "challenges.csv": "id,title,budget\n007,=Harbour,100\n=8,Nobody bids,50\n".replace("=8", "C-8").replace(
        "=H", "H"
    ),
    "bids.csv": "id,challenge,lead,amount,submitted_at,title\n"
    "-1,007,o1,60,2026-06-01,Alpha\n02,007,o2,60,2026-06-01,<b>Beta</b>\n3.10,007,o3,10,2026-06-01,丙\n",
    "organisations.csv": "id,registered_on\no1,2020-01-01\no2,2020-01-01\no3,2025-06-02\n",
    "reviews.csv": "bid,expert,criterion,score\n-1,e1,fit,9\n-1,e2,fit,7.5\n02,e1,fit,7\n3.10,e1,fit,10\n",
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "rulebook.yaml").write_text(RULEBOOK, encoding="utf-8")
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    for name, text in FILES.items():
        (bundle / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def play(place: Path) -> Callable[..., int]:
    def play(*more: str, out: str = "out") -> int:
        return run(
            [
                "round",
                "run",
                str(place / "rulebook.yaml"),
                str(place / "bundle"),
                "--out",
                str(place / out),
                *more,
            ]
        )

    return play


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_tables_are_as_contracted_and_ids_unchanged(place: Path, play: Any, capsys: Any) -> None:
    assert play("--json") == 0
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (answer["bids"], answer["awarded"], answer["ineligible"], answer["no_award"]) == (3, 1, 1, 1)
    assert answer["total_awarded"] == "60"
    rows = [
        (r["challenge"], r["bid"], r["outcome"], r["rule"]) for r in table(place / "out" / "decisions.csv")
    ]
    assert rows == [
        ("007", "-1", "awarded", "award.budget_fill"),
        ("007", "02", "over_budget", "award.budget_fill"),
        ("007", "3.10", "ineligible", "lead_age"),
        ("C-8", "", "no_award", "award"),
    ]
    assert table(place / "out" / "ranking.csv") == [
        {"challenge": "007", "rank": "1", "bid": "-1", "score": "8.25", "tie": "1", **_beside("1")},
        {"challenge": "007", "rank": "2", "bid": "02", "score": "7.0", "tie": "1", **_beside("2")},
    ]
    scores = [row for row in table(place / "out" / "scores.csv") if row["criterion"] == "overall"]
    assert scores[0] == {
        "bid": "-1",
        "criterion": "overall",
        "mean": "8.25",
        "adjusted": "8.25",
        "sd": scores[0]["sd"],
        "n": "2",
        "se": "0.75",
    }
    assert float(scores[0]["sd"]) == pytest.approx(1.0606601717798212)
    assert scores[1]["sd"] == ""
    verdicts = [row for row in table(place / "out" / "verdicts.csv") if row["rule"] == "lead_age"]
    assert [row["verdict"] for row in verdicts] == ["pass", "pass", "fail"]
    assert "2025-06-02" in verdicts[2]["reason"]


def _beside(rank: str) -> dict[str, str]:
    """What stands beside a rank: by plain means, and as 8.25 and 7.0 with errors sqrt(9/16) and sqrt(9/8) would have it."""
    better = statistics.NormalDist().cdf(1.25 / math.sqrt(9 / 16 + 9 / 8))
    likely = f"{2 - better if rank == '1' else 1 + better:.12f}"
    return {"plain_rank": rank, "expected_rank": likely}


def test_the_same_input_gives_the_same_bytes_and_the_journal_holds(place: Path, play: Any) -> None:
    assert play() == 0
    assert play(out="again") == 0
    first = files(place / "out")
    assert first == files(place / "again")
    assert set(first) == {
        "decisions.csv",
        "ranking.csv",
        "scores.csv",
        "sensitivity.csv",
        "weights.csv",
        "verdicts.csv",
        "report.html",
        "log/journal.jsonl",
    }
    lines = first["log/journal.jsonl"].splitlines()
    assert verify_chain(lines) == []
    assert [json.loads(line)["event"] for line in lines] == [
        "round:opened",
        "challenge:decided",
        "challenge:decided",
    ]
    assert json.loads(lines[0])["at"] == "2026-05-31T16:00:00.000000Z"


def test_the_report_is_one_self_contained_page_in_either_language(place: Path, play: Any) -> None:
    assert play("--lang", "zh-Hans") == 0
    page = (place / "out" / "report.html").read_text(encoding="utf-8")
    assert '<html lang="zh-Hans">' in page
    assert "流明湾港口榜题" in page
    assert "Harbour challenges of Lumen Bay" in page
    assert "超出剩余预算" in page
    assert "专家总分上下各一个标准差" in page
    assert "<b>Beta" not in page
    assert "<svg" in page
    assert not any(word in page for word in ("<script", "src=", "url(", "@import", 'href="http'))


def test_another_time_and_seed_are_recorded(place: Path, play: Any, capsys: Any) -> None:
    assert play("--as-of", "2026-07-01T00:00+08:00", "--seed", "AB12", "--json") == 0
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (answer["as_of"], answer["seed"]) == ("2026-07-01T00:00:00+08:00", "ab12")


def test_malformed_input_is_told_at_once_and_nothing_is_written(place: Path, play: Any, capsys: Any) -> None:
    (place / "bundle" / "bids.csv").write_text("id,challenge,amount\nb1,007,-1\nb1,C9,x\n", encoding="utf-8")
    assert play("--as-of", "yesterday", "--seed", "xyz") == 2
    err = capsys.readouterr().err
    for expected in (
        "--as-of:1:",
        "--seed:1:",
        "bids.csv:2: amount:",
        "bids.csv:3: challenge:",
        "bids.csv:3: amount:",
    ):
        assert expected in err
    assert not (place / "out").exists()


def test_scores_that_the_rulebook_does_not_know_are_malformed(place: Path, play: Any, capsys: Any) -> None:
    text = "bid,expert,criterion,score\n-1,e1,fit,11\n02,e1,charm,3\n"
    (place / "bundle" / "reviews.csv").write_text(text, encoding="utf-8")
    assert play() == 2
    first, second = capsys.readouterr().err.splitlines()
    assert "reviews.csv:2: score: 11 is off the scale of `fit`; give 0 to 10" in first
    assert "reviews.csv:3: criterion:" in second


def test_check_counts_what_is_there(place: Path, capsys: Any) -> None:
    assert run(["round", "check", str(place / "bundle"), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["ok"], answer["bids"], answer["reviews"]) == (True, 3, 4)
    assert run(["round", "check", str(place / "nothing")]) == 2


def test_free_text_is_no_formula_in_a_spreadsheet() -> None:
    assert [harmless(text, typed=False) for text in ("=1", "+1", "-1", "@a", "\tx", "a=1", "")] == [
        "'=1",
        "'+1",
        "'-1",
        "'@a",
        "'\tx",
        "a=1",
        "",
    ]


def test_a_round_without_any_time_still_has_a_journal() -> None:
    event = Event(event="round:opened", subject="x", body={})
    result = RoundResult(
        as_of=None,
        seed="00",
        rulebook="0" * 64,
        verdicts=(),
        scores=(),
        ranking=(),
        decisions=(),
        events=(event,),
    )
    assert json.loads(journal(result))["at"].startswith("1970-01-01")


@pytest.mark.parametrize(
    ("aggregate", "numpy"), [("mean", "False"), ("shrunken", "False"), ("pairwise", "True")]
)
def test_numpy_is_loaded_only_where_the_rulebook_asks_for_it(place: Path, aggregate: str, numpy: str) -> None:
    text = f"{RULEBOOK}scoring: {{aggregate: {aggregate}, status: local}}\n"
    (place / "rulebook.yaml").write_text(text, encoding="utf-8")
    assert is_loaded("numpy", place) == numpy


def test_django_is_never_loaded(place: Path) -> None:
    assert is_loaded("django", place) == "False"


def is_loaded(module: str, place: Path) -> str:
    """Whether a round in a process of its own loads a module."""
    arguments = [
        "round",
        "run",
        str(place / "rulebook.yaml"),
        str(place / "bundle"),
        "--out",
        str(place / "out"),
    ]
    code = f"import sys\nfrom jiebang.cli.app import run\nassert run({arguments!r}) == 0\nprint({module!r} in sys.modules)"
    env = {**os.environ, "PYTHONPATH": str(SRC)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stderr == ""
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("wrong", ["file/below", "taken", "n" * 300])
def test_a_result_that_cannot_stand_where_it_was_asked_for_is_a_fault_of_out(
    place: Path, play: Callable[..., int], capsys: pytest.CaptureFixture[str], wrong: str
) -> None:
    (place / "file").touch()
    (place / "taken" / "decisions.csv" / "x").mkdir(parents=True)
    assert play(out=wrong) == 2
    assert capsys.readouterr().err.startswith("--out:1: out: ")


@pytest.mark.parametrize("which", [0, 1])
def test_a_name_that_no_file_system_takes_is_a_fault(
    place: Path, capsys: pytest.CaptureFixture[str], which: int
) -> None:
    given = [str(place / "rulebook.yaml"), str(place / "bundle")]
    given[which] = "n" * 5000
    assert run(["round", "run", *given, "--out", str(place / "out")]) == 2
    assert capsys.readouterr().err.startswith("nnn")


def test_a_neighbour_of_the_rulebook_that_is_no_file_does_not_matter(
    place: Path, play: Callable[..., int]
) -> None:
    (place / "folder.yaml").mkdir()
    assert play() == 0


def documented(heading: str, folder: Path) -> Path:
    """The bundle that the manual shows under a heading, as files: a name in the first column, its lines in the second."""
    section = MANUAL.read_text(encoding="utf-8").split(f"## {heading}\n", 1)[1]
    lines: dict[str, list[str]] = {}
    name = ""
    for line in section.split("```text\n", 1)[1].split("```", 1)[0].splitlines():
        name = line[:18].strip() or name
        lines.setdefault(name, []).append(line[18:])
    folder.mkdir()
    for name, rows in lines.items():
        (folder / name).write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("heading", "outcomes"),
    [("The smallest one", ["not_awarded", "no_award"]), ("The smallest one that awards", ["awarded"])],
)
def test_the_smallest_bundles_of_the_manual_end_as_it_says(
    tmp_path: Path, heading: str, outcomes: list[str]
) -> None:
    bundle = documented(heading, tmp_path / "bundle")
    assert run(["round", "check", str(bundle)]) == 0
    assert run(["round", "run", "guangxi-asean-2026", str(bundle), "--out", str(tmp_path / "out")]) == 0
    decisions = table(tmp_path / "out" / "decisions.csv")
    assert [row["outcome"] for row in decisions] == outcomes
    assert (decisions[0]["code"] == "award.no_order_value") is (outcomes != ["awarded"])

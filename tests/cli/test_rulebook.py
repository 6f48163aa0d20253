"""`jiebang rulebook ...`: exit codes, faults on their lines, and answers as text or JSON."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from jiebang.cli.app import run
from jiebang.cli.rulebook import shipped

SMALL = """format: jiebang-rulebook/1
id: small
title: {en: Small}
clocks:
  wait: {label: {en: Wait}, amount: 3, unit: working_days, status: local}
award: {status: local, approve: bid.scor > 3}
"""


def test_shipped_rulebooks_are_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rulebook", "check", *shipped()]) == 0
    assert "sound" in capsys.readouterr().out


def test_every_fault_of_every_file_at_once_with_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small, bad = tmp_path / "small.yaml", tmp_path / "bad.yaml"
    small.write_text(SMALL, encoding="utf-8")
    bad.write_bytes(b"title: \xff")
    assert run(["rulebook", "check", str(small), str(bad), str(tmp_path / "none.yaml")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[0] for line in lines] == [
        f"{small}:5", f"{small}:6", f"{small}:6", f"{bad}:1", f"{tmp_path / 'none.yaml'}:1",
    ]  # fmt: skip
    assert "UTF-8" in lines[3]


def test_a_parent_beside_the_file_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "above.yaml").write_text(
        "format: jiebang-rulebook/1\nid: above\ntitle: {en: A}\nconsortium: {max_partners: 2, status: local}\n",
        encoding="utf-8",
    )
    child = tmp_path / "child.yaml"
    child.write_text(
        "format: jiebang-rulebook/1\nid: child\nextends: above\nconsortium: {max_partners: 3}\n",
        encoding="utf-8",
    )
    assert run(["rulebook", "check", str(child), "--json"]) == 2
    answer = json.loads(capsys.readouterr().out)
    assert [(fault["line"], fault["field"]) for fault in answer["faults"]] == [(4, "consortium.max_partners")]


def test_a_language_that_the_rulebook_does_not_speak_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rulebook", "explain", "guangxi-asean-2026", "--lang", "fr"]) == 2
    assert "it speaks en, zh-Hans" in capsys.readouterr().err


def test_explain_in_two_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rulebook", "explain", "guangxi-asean-2026"]) == 0
    assert "[reported: " in capsys.readouterr().out
    assert run(["rulebook", "explain", "guangxi-asean-2026", "--lang", "zh-Hans", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert "[报道: " in answer["text"]
    assert len(answer["digest"]) == 64


def test_diff_says_what_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    later = tmp_path / "later.yaml"
    later.write_text(
        shipped()["guangxi-asean-2026"].replace("max_partners: 5", "max_partners: 4"), encoding="utf-8"
    )
    assert run(["rulebook", "diff", "guangxi-asean-2026", str(later)]) == 0
    assert capsys.readouterr().out == "~ Consortium › max partners: 5 → 4\n"
    assert run(["rulebook", "diff", "guangxi-asean-2026", "guangxi-asean-2026", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"changes": []}


def test_diagram_writes_a_picture_or_says_why_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "x.svg"
    assert run(["rulebook", "diagram", "guangxi-asean-2026", "--kind", "need", "--out", str(out)]) == 0
    assert ET.fromstring(out.read_bytes()).tag == "{http://www.w3.org/2000/svg}svg"
    for wrong in (
        ["--kind", "dance", "--out", str(out)],
        ["--out", str(tmp_path)],
        ["--out", str(tmp_path / "a/b.svg")],
    ):
        assert run(["rulebook", "diagram", "guangxi-asean-2026", *wrong]) == 2
    assert run(["rulebook", "diagram", "national-framework-example", "--out", str(out)]) == 2
    assert "known: none" in capsys.readouterr().err


def test_schema_and_facts_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rulebook", "schema"]) == 0
    assert "lifecycles" in json.loads(capsys.readouterr().out)["properties"]
    assert run(["rulebook", "schema", "--facts", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["lead.over_years"]["type"] == "number"


@pytest.mark.parametrize("command", ["show", "check", "explain", "diff", "diagram", "schema"])
def test_every_command_helps_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rulebook", command, "--help"]) == 0
    assert f"Example: jiebang rulebook {command}" in capsys.readouterr().out


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_shipped_rulebook_is_shown_as_it_is_and_never_written_over(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rulebook", "show", name]) == 0
    assert capsys.readouterr().out == shipped()[name]
    copy = tmp_path / "mine.yaml"
    assert run(["rulebook", "show", name, "--out", str(copy), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["file"] == str(copy)
    assert copy.read_text(encoding="utf-8") == shipped()[name]
    assert run(["rulebook", "check", str(copy)]) == 0
    copy.write_text("mine", encoding="utf-8")
    assert run(["rulebook", "show", name, "--out", str(copy)]) == 2
    assert "already there" in capsys.readouterr().err
    assert copy.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "said"), [(["other"], "guangxi-asean-2026"), (["../x"], "no shipped rulebook")]
)
def test_only_shipped_rulebooks_are_shown(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rulebook", "show", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_rulebook_is_not_written_into_a_folder_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rulebook", "show", "guangxi-asean-2026", "--out", str(tmp_path / "no" / "x.yaml")]) == 2
    assert "cannot be written" in capsys.readouterr().err

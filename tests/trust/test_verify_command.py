"""`jiebang verify` on files, as its user runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import jiebang
from jiebang.cli.app import run
from jiebang.trust.chain import Entry, entry_leaf
from jiebang.trust.receipts import make_receipt


@pytest.fixture
def journal(tmp_path: Path, lines: list[bytes]) -> Path:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"".join(lines))
    return path


@pytest.fixture
def receipt(tmp_path: Path, chain: list[Entry]) -> Path:
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(make_receipt(chain[4], head_seq=9, head_leaf=entry_leaf(chain[8]))))
    return path


def test_what_holds_is_said_to_hold(
    journal: Path, receipt: Path, chain: list[Entry], capsys: pytest.CaptureFixture[str]
) -> None:
    head = entry_leaf(chain[-1])
    assert run(["verify", str(journal), "--receipt", str(receipt), "--head", head]) == 0
    said = capsys.readouterr()
    assert "12 entries" in said.out
    assert head in said.out
    assert "bid/5 (entry 5)" in said.out
    assert said.err == ""


def test_without_a_head_the_user_is_told_what_stays_open(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", str(journal)]) == 0
    assert "--head" in capsys.readouterr().out


def test_every_fault_is_on_its_own_line(
    journal: Path, receipt: Path, lines: list[bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    journal.write_bytes(b"".join([*lines[:4], b"junk\n", *lines[5:8]]))
    assert run(["verify", str(journal), "--receipt", str(receipt), "--head", "0" * 64]) == 2
    faults = capsys.readouterr().err.splitlines()
    where = [line.removeprefix(str(journal.parent) + "/").split(": ")[:2] for line in faults]
    assert where == [
        ["journal.jsonl:5", "trust.unreadable"],
        ["journal.jsonl:6", "trust.broken_link"],
        ["journal.jsonl:8", "trust.other_head"],
        ["receipt.json:1", "trust.receipt_lost"],
        ["receipt.json:1", "trust.receipt_lost"],
    ]


def test_json_says_the_same(
    journal: Path, chain: list[Entry], lines: list[bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", str(journal), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {
        "verified": True,
        "entries": 12,
        "withheld": 0,
        "head": entry_leaf(chain[-1]),
        "faults": [],
    }
    journal.write_bytes(b"".join(lines[1:]))
    assert run(["verify", str(journal), "--json"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert [(fault["line"], fault["code"]) for fault in said["faults"]] == [
        (1, "trust.wrong_seq"),
        (1, "trust.broken_link"),
    ]


@pytest.mark.parametrize("content", [b"", b"\x00" * 5000, b"PK\x03\x04", "\ufeff{}".encode(), b"[" * 9999])
def test_a_file_that_is_no_journal_is_said_to_be_none(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(content)
    assert run(["verify", str(path)]) == 2
    assert f"{path}:1: trust." in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"\xff", b"[" * 100_000, b"[]", b" " * 5_000_000])
def test_a_file_that_is_no_receipt_is_said_to_be_none(
    journal: Path, tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "receipt.json"
    path.write_bytes(content)
    assert run(["verify", str(journal), "--receipt", str(path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_files_that_are_not_there_and_a_head_that_is_none(
    journal: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", str(tmp_path / "none")]) == 2
    assert run(["verify", str(tmp_path)]) == 2
    assert run(["verify", str(journal), "--receipt", str(tmp_path / "none")]) == 2
    assert run(["verify", str(journal), "--head", "abc"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 4


def test_it_needs_no_django_and_no_database(journal: Path) -> None:
    program = (
        "import sys; from jiebang.cli.app import run; code = run(sys.argv[1:]);"
        "sys.exit(9 if {'django', 'sqlite3'} & set(sys.modules) else code)"
    )
    command = [sys.executable, "-c", program, "verify", str(journal)]
    environment = {**os.environ, "PYTHONPATH": str(Path(jiebang.__file__).parents[1])}
    assert subprocess.run(command, env=environment, check=False).returncode == 0


def test_a_receipt_is_verified_without_a_journal_and_says_what_stays_open(
    receipt: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", "--receipt", str(receipt)]) == 0
    said = capsys.readouterr().out
    assert "bid/5 (entry 5)" in said
    assert "no journal was given" in said
    receipt.write_text(receipt.read_text().replace("bid/5", "bid/6"))
    assert run(["verify", "--receipt", str(receipt)]) == 2
    assert "trust.receipt" in capsys.readouterr().err


def test_with_neither_journal_nor_receipt_there_is_nothing_to_verify(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["verify"]) == 2
    assert "name a journal" in capsys.readouterr().err

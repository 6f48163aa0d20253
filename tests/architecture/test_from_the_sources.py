"""The table of docs/from-the-sources.md names pages, commands and tests that are really there."""

import re

import pytest
from django.urls import Resolver404, resolve

from jiebang.cli.app import COMMANDS
from jiebang.operations.registry import OPERATIONS
from source import ROOT

TEXT = (ROOT / "docs" / "from-the-sources.md").read_text(encoding="utf-8")
CODE = re.compile(r"`([^`]+)`")


def rows() -> list[list[str]]:
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in TEXT.splitlines()
        if line.startswith("| ")
    ]
    return [row for row in cells if len(row) == 4 and row[0] != "what is asked"]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0][:50])
def test_a_line_of_the_table_is_true(row: list[str]) -> None:
    _, pages, commands, tests = row
    for page in CODE.findall(pages):
        assert exists(page), page
    for command in CODE.findall(commands):
        assert runs(command), command
    for test in CODE.findall(tests):
        path, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), test


def exists(page: str) -> bool:
    for number in ("1", "GX-2026-001"):
        try:
            resolve(re.sub(r"<\w+>", number, page))
        except Resolver404:
            continue
        return True
    return False


def runs(command: str) -> bool:
    name = command.removeprefix("jiebang ")
    if name.startswith("do "):
        return name.removeprefix("do ") in OPERATIONS
    return name in COMMANDS

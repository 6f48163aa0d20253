"""The page on scoring is run as it stands, and prints what it says."""

import re
from pathlib import Path

import pytest

from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook

PAGE = (Path(__file__).parents[3] / "docs" / "scoring.md").read_text(encoding="utf-8")


def test_the_notebook_on_the_page_prints_what_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (said,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(code, "docs/scoring.md", "exec"), {"__name__": "notebook"})
    assert capsys.readouterr().out == said


def test_the_rulebooks_on_the_page_are_sound() -> None:
    parts = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert len(parts) == 2
    for part in parts:
        criteria = "criteria:\n  fit: {label: {en: Fit}, status: local}\n"
        head = "format: jiebang-rulebook/1\nid: page\ntitle: {en: A page}\n"
        assert isinstance(load(head + criteria + part), Rulebook), part

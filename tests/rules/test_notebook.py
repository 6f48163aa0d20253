"""The page that shows `rules` alone is run as it stands."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "rulebook.md"


def test_the_notebook_on_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(code, str(PAGE), "exec"), {"__name__": "notebook"})
    said = capsys.readouterr().out
    assert "pass\n('owner.over_years',)" in said
    assert "amount -5 is too small" in said
    assert "owner.over_years >= 1 → owner.over_years >= 2" in said

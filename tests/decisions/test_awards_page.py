"""docs/awards.md is run as it stands, and what it shows of a rulebook is sound."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from jiebang.decisions.award import Candidate, award_all, field_of
from jiebang.rules.lint import lint
from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook

PAGE = (Path(__file__).parents[2] / "docs" / "awards.md").read_text(encoding="utf-8")
AWARDS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
FRAME = """
format: jiebang-rulebook/1
id: page
title: {en: A page}
criteria:
  plan: {label: {en: Plan}, status: local}
  result: {label: {en: Result}, status: local}
scoring: {reviews_needed: 2, status: local}
"""


def test_the_notebook_on_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(code, "docs/awards.md", "exec"), {"__name__": "notebook"})
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("('b2', 'b3') 1 ")
    assert said[1] == "7.12.41./"
    assert said[2] == "b1 awarded Its score lies above the funding line by more than it may be off."
    assert sorted(line.split()[1] for line in said[3:5]) == ["awarded", "not_awarded"]
    assert said[5] == "b4 not_awarded Its score lies below the funding line by more than it may be off."
    assert said[-1] == "[1, 2] 150 [1, 2] 60"


@pytest.mark.parametrize("award", AWARDS, ids=[f"{n}" for n, _ in enumerate(AWARDS)])
def test_every_award_on_the_page_is_sound(award: str) -> None:
    assert lint(FRAME + award, name="page.yaml") == []


def test_the_votes_on_the_page_decide_as_it_says() -> None:
    book = load(FRAME + AWARDS[0])
    assert isinstance(book, Rulebook)
    votes = {"a": (600, 500), "b": (560, 500), "c": (400, 100), "d": (900, 500)}
    bids = [
        Candidate(bid=bid, amount=Decimal(1), facts={"tally": {"yes": yes, "no": no}})
        for bid, (yes, no) in votes.items()
    ]
    field = field_of(book, challenge="C", budget=Decimal(1), candidates=bids)
    found = {row.bid: row.outcome.value for row in award_all(book, fields=[field])[0]}
    assert found == {"a": "over_budget", "b": "not_awarded", "c": "not_awarded", "d": "awarded"}

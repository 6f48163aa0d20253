"""Expressions in words: what a lay reader is told first, before the rule as the machine reads it."""

import pytest

from jiebang.rules.explain import explain
from jiebang.rules.expression_words import in_words, meaning
from rules.shipped import book as shipped


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("need.failed == 0.0 && need.opinions >= 2.0", "How many rules it fails: 0; How many experts found it fit: at least 2"),
        ("!challenge.past_closing", "Whether the closing time has passed: no"),
        ("challenge.suspended_from == 'open'", "The stage in which it was suspended: “open”"),
        ("bid.failed > 0.0 || bid.unclear > 0.0", "it depends on: How many rules it fails, How many rules cannot be told"),
        ("bid.modes[", ""),
    ],
)  # fmt: skip
def test_every_part_is_said_by_what_it_reads(source: str, words: str) -> None:
    assert in_words(source, lang="en") == words


def test_settings_and_criteria_are_named_by_the_rulebook() -> None:
    book = shipped()
    said = (
        in_words(book.award.approve, lang="zh-Hans", rulebook=book)
        if book.award and book.award.approve
        else ""
    )
    assert said.startswith("总分：不少于70；取决于：需求方对揭榜书的意见")
    assert meaning("bid.scores.approach", lang="en", rulebook=book) == "Technical approach"


def test_the_explanation_counts_and_names_as_people_do() -> None:
    told = explain(shipped(), country=lambda code: {"CN": "China"}.get(code, code))
    assert "Signing of the agreement: 1 month." in told
    assert "Award to the first by: Its score, all criteria together." in told
    assert "10 working days (days worked in China, the country of the demand owner)" in told
    assert "only if: How many experts found it fit: at least 2" in told
    assert "The rule as the machine reads it: `need.opinions >= 2.0`" in told

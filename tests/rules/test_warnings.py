"""The section `warnings`: its days must make sense, watch something that is there, and never come later than a parent's."""

from pathlib import Path

import pytest

from jiebang.rules.explain import explain
from jiebang.rules.lint import lint
from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook

PARENT = """
format: jiebang-rulebook/1
id: warned
title: {en: Warned}
clocks:
  bidding: {label: {en: Bidding}, amount: 1, unit: days, status: local}
follow_up: {months: [3], status: local}
warnings:
  slipping: {days: 5, serious: 20}
  clock: {days: 10, serious: 3}
  unanswered: {days: 7, serious: 30}
  status: local
"""
CHILD = """
format: jiebang-rulebook/1
id: child
extends: warned
title: {en: Child}
warnings:
  slipping: {days: 3, serious: 20}
  clock: {days: 12, serious: 3}
"""


def said(text: str, *, parents: dict[str, str] | None = None) -> str:
    return "\n".join(map(str, lint(text, parents=parents)))


def test_sound_thresholds_have_no_fault_and_are_explained() -> None:
    assert said(PARENT) == ""
    book = load(PARENT)
    assert isinstance(book, Rulebook)
    told = explain(book)
    assert "## Early warnings" in told
    assert "from day 5 after its day; serious from day 20" in told
    assert "with 10 days left; serious with 3" in told
    assert "## 早期预警" in explain(book, "zh-Hans")
    assert "disputed" not in told.lower(), "what is not warned of is not explained"


@pytest.mark.parametrize(
    ("planted", "instead", "told"),
    [
        (
            "slipping: {days: 5, serious: 20}",
            "slipping: {days: 5, serious: 4}",
            "`serious` comes after `days`",
        ),
        (
            "clock: {days: 10, serious: 3}",
            "clock: {days: 10, serious: 11}",
            "`serious` is no more than `days`",
        ),
        ("clock: {days: 10, serious: 3}", "late: {days: 10, serious: 3}", "late"),
        (
            "follow_up: {months: [3], status: local}\n",
            "",
            "warnings.unanswered: never comes: the rulebook has no `follow_up`",
        ),
    ],
)
def test_a_planted_fault_is_named(planted: str, instead: str, told: str) -> None:
    assert planted in PARENT
    assert told in said(PARENT.replace(planted, instead, 1))


def test_a_child_may_warn_earlier_not_later() -> None:
    parents = {"warned": PARENT}
    assert said(CHILD, parents=parents) == ""
    later = CHILD.replace("slipping: {days: 3, serious: 20}", "slipping: {days: 6, serious: 25}")
    assert "warnings.slipping.days: warns later than `warned`: 5 there, 6 here; write at most 5" in said(
        later, parents=parents
    )
    assert "warnings.slipping.serious" in said(later, parents=parents)
    later = CHILD.replace("clock: {days: 12, serious: 3}", "clock: {days: 12, serious: 2}")
    assert "warnings.clock.serious: warns later than `warned`: 3 there, 2 here; write at least 3" in said(
        later, parents=parents
    )
    assert "leaves out a warning of `warned`" in said(CHILD + "  unanswered: null\n", parents=parents)


def test_the_shipped_rulebooks_warn_and_say_why() -> None:
    folder = Path(__file__).parents[2] / "src/jiebang/rulebooks"
    book = load((folder / "guangxi-asean-2026.yaml").read_text(encoding="utf-8"))
    assert isinstance(book, Rulebook)
    assert book.warnings
    assert book.warnings.status == "assumed"
    assert book.warnings.why
    assert set(book.warnings.why) == {"en", "zh-Hans"}


def test_the_links_of_the_chain_are_explained_in_order() -> None:
    folder = Path(__file__).parents[2] / "src/jiebang/rulebooks"
    book = load((folder / "guangxi-asean-2026.yaml").read_text(encoding="utf-8"))
    assert isinstance(book, Rulebook)
    told = explain(book)
    chain = told[told.index("## From research to use") :]
    assert chain.index("- Research: ") < chain.index("- Integration: ") < chain.index("- Application: ")
    assert "## 从研发到应用" in explain(book, "zh-Hans")

"""The section `pilot`: a protocol that does not ask what the pilot counts by is a fault, and all is explained."""

import pytest

from jiebang.rules.explain import explain
from jiebang.rules.lint import lint
from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook

BOOK = """\
format: jiebang-rulebook/1
id: pilot-page
title: {en: A page}
pilot:
  severities: {slip: {label: {en: A slip}}, failure: {label: {en: A failure}}}
  least_runs: 2
  least_days: 10
  status: local
forms:
  protocol:
    label: {en: Protocol}
    steps:
      all:
        label: {en: All}
        fields:
          runs: {kind: number, label: {en: Runs}}
          days: {kind: number, label: {en: Days}}
          targets: {kind: promises, label: {en: Targets}}
          measured_by: {kind: choice, label: {en: Who}, options: {owner: {en: Owner}}}
          failure_from: {kind: choice, label: {en: From}, options: {slip: {en: Slip}, failure: {en: Failure}}}
"""


def said(text: str) -> str:
    return "\n".join(map(str, lint(text)))


def test_a_sound_pilot_has_no_fault_and_is_explained() -> None:
    assert lint(BOOK) == []
    book = load(BOOK)
    assert isinstance(book, Rulebook)
    told = explain(book)
    assert "## Pilot and validation" in told
    assert "at least 2, over at least 10 days" in told
    assert "from the lightest to the gravest: A slip, A failure" in told


@pytest.mark.parametrize(
    ("planted", "instead", "told"),
    [
        ("          days: {kind: number, label: {en: Days}}\n", "", "asks no `days`"),
        ("days: {kind: number,", "days: {kind: text,", "`days` must be a required number"),
        ("runs: {kind: number,", "runs: {kind: number, required: false,", "`runs` must be a required number"),
        ("options: {owner: {en: Owner}}", "options: {office: {en: Office}}", "`measured_by` offers `office`"),
        ("{slip: {en: Slip}, failure", "{crash: {en: Crash}, failure", "`failure_from` offers `crash`"),
        ("pilot:\n", "pilot:\n  least_handover_days: 3\n", "asks no `handover_days`"),
    ],
)
def test_a_planted_fault_is_named(planted: str, instead: str, told: str) -> None:
    assert planted in BOOK
    assert told in said(BOOK.replace(planted, instead, 1))


def test_a_protocol_without_a_pilot_is_held_against_nothing() -> None:
    start, end = BOOK.index("pilot:\n"), BOOK.index("forms:\n")
    assert "has no `pilot`" in said(BOOK[:start] + BOOK[end:])

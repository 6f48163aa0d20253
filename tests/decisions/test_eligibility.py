"""Who may take part: ages at their edges, evidence, places, and what is not known."""

from datetime import date, timedelta

import pytest
from harbour import RULE, rulebook
from hypothesis import given
from hypothesis import strategies as st

from jiebang.decisions import words
from jiebang.decisions.eligibility import (
    Proof,
    check,
    counted_at,
    in_place,
    organisation_facts,
    valid_kinds,
)
from jiebang.rules.days import over_years
from jiebang.rules.expressions import Truth
from jiebang.rules.schema import Place

DAY = date(2026, 6, 1)
GUANGXI = Place(label={"en": "Guangxi"}, regions=["CN-GX"], status="local")


def outcomes(**changes: object) -> dict[str, str]:
    book = rulebook()
    facts = organisation_facts(id="o1", at=DAY, places=book.places, **changes)  # type: ignore[arg-type]
    return {
        v.rule: v.outcome.value for v in check(book, subject="lead", facts={"lead": facts}, subject_id="b1")
    }


@pytest.mark.parametrize(
    ("registered", "expected"),
    [
        (DAY - timedelta(days=364), "fail"),
        (date(2025, 6, 1), "fail"),  # the anniversary itself is one year, not over one year
        (date(2025, 5, 31), "pass"),
        (None, "unknown"),
    ],
)
def test_over_one_year_begins_the_day_after_the_anniversary(registered: date | None, expected: str) -> None:
    assert outcomes(registered_on=registered, region="CN-GX")["lead_age"] == expected


def test_a_verdict_carries_rule_facts_and_what_is_missing() -> None:
    book = rulebook()
    facts = organisation_facts(id="o1", at=DAY, registered_on=date(2025, 6, 1))
    verdict = check(book, subject="lead", facts={"lead": facts}, subject_id="b1", about="o1")[0]
    assert verdict.outcome is Truth.FAIL
    assert verdict.facts["lead.over_years"] == 0
    assert verdict.facts["lead.registered_on"] == date(2025, 6, 1)
    assert "2025-06-01" in str(verdict.reason)
    blank = check(book, subject="lead", facts={"lead": {}}, subject_id="b1")[0]
    assert blank.missing == ("lead.over_years",)


def test_evidence_counts_on_its_days_and_by_its_status() -> None:
    proofs = [
        Proof(kind="lab", issued_on=DAY, expires_on=DAY),
        Proof(kind="late", issued_on=DAY + timedelta(days=1)),
        Proof(kind="old", expires_on=DAY - timedelta(days=1)),
        Proof(kind="refused", status="Rejected"),
        Proof(kind="open"),
    ]
    assert valid_kinds(proofs, at=DAY) == ["lab", "open"]


@pytest.mark.parametrize("word", ["已撤销", "已拒绝", "待审核", " Revoked ", "no such word"])
def test_evidence_that_does_not_count_says_so_in_either_language(word: str) -> None:
    assert valid_kinds([Proof(kind="lab", status=word)], at=DAY) == []


@pytest.mark.parametrize("word", [None, "", "Verified", "given", "已核实", "有效 "])
def test_evidence_that_counts_says_so_in_either_language(word: str | None) -> None:
    assert valid_kinds([Proof(kind="lab", status=word)], at=DAY) == ["lab"]


def test_no_word_both_shows_and_withdraws_evidence() -> None:
    assert frozenset() == words.SHOWN & words.NOT_SHOWN


def test_evidence_proves_the_rule_that_names_it() -> None:
    rule = {
        "subject": "lead",
        "text": {"en": "A lab."},
        "require": "'lab' in lead.evidence",
        "evidence": "lab",
        **RULE,
    }
    book = rulebook(eligibility={"lab": rule})

    def verdict(evidence: list[Proof] | None) -> tuple[str, tuple[str, ...]]:
        facts = organisation_facts(id="o1", at=DAY, evidence=evidence)
        found = check(book, subject="lead", facts={"lead": facts}, subject_id="b1")[0]
        return found.outcome.value, found.evidence

    assert verdict([Proof(kind="lab")]) == ("pass", ("lab",))
    assert verdict([]) == ("fail", ())
    assert verdict(None) == ("unknown", ())


@pytest.mark.parametrize(
    ("country", "region", "expected"),
    [
        ("CN", "CN-GX", True), ("CN", "CN-GD", False), ("CN", None, None), ("LA", None, False),
        (None, None, None), ("CN", "the south", None), ("LA", "the south", False),
    ],
)  # fmt: skip
def test_a_place_is_told_from_codes_or_not_at_all(
    country: str | None, region: str | None, expected: bool | None
) -> None:
    assert in_place(country, region, place=GUANGXI) is expected


def test_the_day_that_counts_is_a_setting() -> None:
    closing, submitted = date(2026, 7, 1), DAY
    days = {"submitted": submitted, "closing": closing, "listing": None, "default": None}
    setting = {"label": {"en": "Day"}, "value": "closing", **RULE}
    assert counted_at(rulebook(), **days) == submitted
    assert counted_at(rulebook(settings={"age_counted_at": setting}), **days) == closing


@given(st.dates(min_value=date(1990, 1, 1), max_value=DAY), st.integers(0, 4000))
def test_age_only_grows(registered: date, later: int) -> None:
    assert over_years(registered, at=DAY) <= over_years(registered, at=DAY + timedelta(days=later))

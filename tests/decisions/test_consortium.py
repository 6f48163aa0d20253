"""Limits of a consortium, and one bid of a lead on a challenge."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from harbour import RULE, rulebook
from hypothesis import given
from hypothesis import strategies as st

from jiebang.decisions.consortium import (
    Entry,
    Party,
    Team,
    bid_within_budget,
    in_time,
    limits,
    one_bid_per_lead,
)
from jiebang.rules.expressions import Truth

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def failing(names: list[str], *, leads: tuple[str, ...] = ("lead",), **consortium: object) -> set[str]:
    team = Team(bid="b1", leads=leads, partners=tuple(Party(id=name) for name in names), owner="owner")
    book = rulebook(consortium=consortium)
    return {verdict.rule for verdict in limits(book, team=team) if verdict.outcome is Truth.FAIL}


def test_five_partners_fit_and_six_do_not() -> None:
    assert failing(list("abcde")) == set()
    assert failing(list("abcdef")) == {"consortium.max_partners"}
    assert failing(list("abcdef"), max_partners=None) == set()


def test_the_owner_counts_only_where_the_rulebook_says_so() -> None:
    assert failing([*"abcde", "owner"]) == set()
    assert failing([*"abcde", "owner"], owner_counts=True) == {"consortium.max_partners"}
    assert failing(["owner"], owner_may_be_partner=False) == {"consortium.owner_may_be_partner"}


def test_the_lead_is_one_and_apart_and_nobody_is_listed_twice() -> None:
    assert failing(["a", "lead"]) == {"consortium.lead_not_partner"}
    assert failing(["a", "a"]) == {"consortium.no_duplicates"}
    assert failing(["a"], leads=("lead", "other")) == {"consortium.one_lead"}


@pytest.mark.parametrize(("country", "expected"), [("XB", "pass"), ("LA", "fail"), (None, "unknown")])
def test_partners_may_be_bound_to_a_place(country: str | None, expected: str) -> None:
    book = rulebook(consortium={"partner_place": "bay"})
    team = Team(bid="b1", leads=("lead",), partners=(Party(id="a", country=country),))
    (verdict,) = [v for v in limits(book, team=team) if v.rule == "consortium.partner_place"]
    assert verdict.outcome.value == expected


@given(
    st.lists(st.sampled_from("abcdefghijklmno"), max_size=12), st.lists(st.sampled_from("pqrstu"), max_size=6)
)
def test_more_partners_never_mend_a_breach(first: list[str], more: list[str]) -> None:
    assert failing(first) <= failing([*first, *more])


def test_of_several_bids_of_a_lead_the_first_in_time_stands() -> None:
    def entry(bid: str, hours: int | None, challenge: str = "C1") -> Entry:
        at = None if hours is None else NOON + timedelta(hours=hours)
        return Entry(bid=bid, challenge=challenge, lead="lead", submitted_at=at)

    def breaches(*entries: Entry) -> set[str]:
        found = one_bid_per_lead(rulebook(), entries=entries)
        return {verdict.subject for verdict in found if verdict.outcome is Truth.FAIL}

    assert breaches(entry("b1", 2), entry("b2", 1)) == {"b1"}
    assert breaches(entry("b1", 1), entry("b2", 1)) == {"b2"}
    assert breaches(entry("b1", 2), entry("b2", None)) == {"b2"}
    assert breaches(entry("b1", 1), entry("b2", 2, "C2")) == set()
    free = rulebook(consortium={"one_bid_per_lead": False})
    assert one_bid_per_lead(free, entries=[entry("b1", 1), entry("b2", 2)]) == ()


def test_closing_is_a_comparison_to_the_instant() -> None:
    def outcome(submitted: datetime | None) -> str:
        return in_time(bid="b1", submitted=submitted, opens=None, closes=NOON)[0].outcome.value

    assert outcome(NOON - timedelta(microseconds=1)) == "pass"
    assert outcome(NOON) == "fail"
    assert outcome(None) == "unknown"
    assert in_time(bid="b1", submitted=NOON, opens=None, closes=None) == ()


def test_a_bid_above_the_announced_budget_is_a_breach_where_the_rulebook_says_so() -> None:
    book = rulebook(money={"bid_within_budget": True, **RULE})
    over = bid_within_budget(book, bid="b1", amount=Decimal("100.01"), budget=Decimal("100.00"))
    assert over[0].outcome is Truth.FAIL
    assert bid_within_budget(rulebook(), bid="b1", amount=Decimal(200), budget=Decimal(100)) == ()

"""An award over a call: one budget, quotas that go on counting, what was decided before and stands, who holds which seat."""

from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from harbour import rulebook
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from jiebang.decisions.award import Candidate, award_all, field_of
from jiebang.decisions.bundle import Bid, Bundle, Challenge, Organisation
from jiebang.decisions.outcomes import NOTHING, Field, Standing
from jiebang.decisions.quotas import Used
from jiebang.decisions.round import faults, run
from jiebang.rules.explain import explain
from jiebang.rules.schema import Rulebook


def candidate(bid: str, score: float, amount: int = 10, country: str = "VN") -> Candidate:
    money = Decimal(amount)
    facts = {"bid": {"score": score, "amount": money, "facts": {}}, "lead": {"country": country}}
    return Candidate(bid=bid, amount=money, facts=facts)


def field(book: Rulebook, name: str, budget: int | None, *bids: Candidate) -> Field:
    money = None if budget is None else Decimal(budget)
    return field_of(book, challenge=name, budget=money, candidates=bids)


def awarded(book: Rulebook, *fields: Field, standing: Standing = NOTHING) -> set[str]:
    """Who wins, whether each bid hears whom it would displace or not."""
    found = award_all(book, fields=fields, standing=standing)
    sooner = award_all(book, fields=fields, standing=standing, explained=False)
    assert [[row.outcome for row in rows] for rows in sooner] == [
        [row.outcome for row in rows] for rows in found
    ]
    return {row.bid for rows in found for row in rows if row.outcome.value == "awarded"}


def by_country(**more: Any) -> dict[str, Any]:
    return {"country": {"by": "lead.country", "label": {"en": "per country"}, "over": "call", **more}}


def purse(**more: Any) -> Rulebook:
    return rulebook(award={"rule": "portfolio", "max_awards": None, "budget_over": "call", **more})


def test_one_budget_goes_where_it_buys_most() -> None:
    apart = rulebook(award={"rule": "portfolio", "max_awards": None})
    bids = [
        ("C1", 10, candidate("a", 9, 10)),
        ("C2", 20, candidate("b", 5, 10)),
        ("C2", 20, candidate("c", 8, 20)),
    ]

    def fields(book: Rulebook) -> list[Field]:
        return [field(book, "C1", 10, bids[0][2]), field(book, "C2", 20, bids[1][2], bids[2][2])]

    assert awarded(apart, *fields(apart)) == {"a", "c"}
    dear = [field(purse(), "C1", 10, candidate("a", 9, 25)), field(purse(), "C2", 20, bids[1][2], bids[2][2])]
    assert awarded(purse(), *dear) == {"b", "c"}, "13 beats 9, though 25 is within the 30 of all"
    rows = award_all(purse(), fields=dear)
    reasons = {row.bid: (row.outcome.value, row.reason.code) for found in rows for row in found}
    assert reasons["a"] == ("not_awarded", "award.displaced")
    assert reasons[""] == ("no_award", "award.none_fit")


def test_an_unknown_budget_is_everybodys_where_it_is_shared() -> None:
    found = award_all(
        purse(),
        fields=[field(purse(), "C1", None, candidate("a", 9)), field(purse(), "C2", 9, candidate("b", 8))],
    )
    assert {row.reason.code for rows in found for row in rows if row.bid} == {"award.budget_unknown"}


def test_only_a_portfolio_spends_one_budget() -> None:
    with pytest.raises(ValidationError, match="portfolio"):
        rulebook(award={"rule": "budget_fill", "budget_over": "call"})
    assert "All challenges spend the sum of their budgets together." in explain(purse(), lang="en")


BID = st.tuples(st.integers(0, 2), st.integers(1, 9), st.integers(1, 9), st.sampled_from("VL"))


@settings(max_examples=60)
@given(
    st.lists(BID, min_size=1, max_size=7), st.integers(0, 12), st.integers(1, 3),
    st.lists(st.tuples(st.integers(1, 4), st.sampled_from("VL")), max_size=2), st.booleans(),
)  # fmt: skip
def test_no_choice_of_bids_over_the_call_is_worth_more(
    bids: list[tuple[int, int, int, str]], budget: int, most: int, before: list[tuple[int, str]], shared: bool
) -> None:
    """Against every choice there is: budgets apart or shared, at most so many of a country, some of them awarded before."""
    over = "call" if shared else "challenge"
    book = rulebook(
        award={"rule": "portfolio", "max_awards": 2, "budget_over": over, "quotas": by_country(most=most)}
    )
    rows = [
        (place, candidate(f"b{n}", score, amount, country))
        for n, (place, score, amount, country) in enumerate(bids)
    ]
    fields = [field(book, f"C{place}", budget, *(c for at, c in rows if at == place)) for place in range(3)]
    stands = [candidate(f"s{n}", 1, amount, country) for n, (amount, country) in enumerate(before)]
    found = awarded(book, *fields, standing=Standing(awards=stands, budget=Decimal(5)))

    def holds(chosen: list[tuple[int, Candidate]]) -> bool:
        countries = [c.facts["lead"]["country"] for c in (*(c for _, c in chosen), *stands)]  # type: ignore[index]
        held = [c.facts["lead"]["country"] for _, c in chosen]  # type: ignore[index]
        if any(countries.count(name) > most for name in held):
            return False
        spent = {place: sum(int(c.amount or 0) for at, c in chosen if at == place) for place in range(3)}
        if any(sum(at == place for at, _ in chosen) > 2 for place in range(3)):
            return False
        if shared and chosen:
            return sum(spent.values()) <= 3 * budget + 5 - sum(int(c.amount or 0) for c in stands)
        return all(amount <= budget for amount in spent.values())

    def worth(chosen: list[tuple[int, Candidate]]) -> float:
        return sum(c.facts["bid"]["score"] for _, c in chosen)  # type: ignore[index,misc]

    choices = (
        [row for row, kept in zip(rows, keep, strict=True) if kept]
        for keep in product([0, 1], repeat=len(rows))
    )
    best = max((worth(chosen) for chosen in choices if holds(chosen)), default=0)
    mine = [row for row in rows if row[1].bid in found]
    assert holds(mine)
    assert worth(mine) == best


def test_what_stands_takes_its_seats_first() -> None:
    book = rulebook(award={"max_awards": 2, "quotas": by_country(most=1)})
    fields = [field(book, "C1", 100, candidate("a", 9), candidate("b", 5, country="LA"))]
    assert awarded(book, *fields) == {"a", "b"}
    assert awarded(book, *fields, standing=Standing(awards=[candidate("s", 1)])) == {"b"}
    least = {"laos": {"where": "lead.country == 'LA'", "label": {"en": "Laos"}, "over": "call", "least": 1}}
    one = rulebook(award={"rule": "portfolio", "max_awards": 1, "quotas": least})
    fields = [field(one, "C1", 100, candidate("a", 9), candidate("b", 5, country="LA"))]
    assert awarded(one, *fields) == {"b"}
    before = Standing(awards=[candidate("s", 1, country="LA")])
    assert awarded(one, *fields, standing=before) == {"a"}


def bundle(*challenges: Challenge, **more: Any) -> Bundle:
    rows = [
        Bid(
            id=name, challenge=place, lead=f"o-{country}", amount=Decimal(10), facts={"votes": votes, **facts}
        )
        for name, place, country, votes, facts in more.pop("rows")
    ]
    countries = sorted({row.lead or "" for row in rows})
    return Bundle(
        name="call", digest="ab" * 32, timezone=None, currency="CNY", as_of=None, files={},
        carried=frozenset({"bids", "challenges", "organisations", "organisations.country", "bids.lead", "bids.amount"}),
        challenges=challenges, bids=tuple(rows),
        organisations=tuple(Organisation(id=name, country=name[2:]) for name in countries), **more,
    )  # fmt: skip


def voted(**award: Any) -> Rulebook:
    return rulebook(eligibility={}, award={"order_by": "bid.facts.votes", **award})


ROWS = [
    ("a", "C1", "VN", 9, {}),
    ("b", "C1", "LA", 5, {}),
    ("c", "C2", "VN", 9, {}),
    ("d", "C2", "LA", 1, {}),
]


def test_a_round_says_who_holds_the_seats_of_each_quota() -> None:
    quotas = by_country(most=1) | {
        "cheap": {"where": "bid.amount < 99.0", "label": {"en": "cheap"}, "most": 5}
    }
    book = voted(quotas=quotas)
    result = run(book, bundle(Challenge(id="C1"), Challenge(id="C2"), rows=ROWS))
    assert {row.bid: row.outcome.value for row in result.decisions if row.bid} == {
        "a": "awarded", "b": "not_awarded", "c": "not_awarded", "d": "awarded",
    }  # fmt: skip
    said = {"most": 1, "least": None, "quota": "country", "challenge": ""}
    assert [used for used in result.quotas if used.quota == "country"] == [
        Used(value="VN", bids=("a",), **said), Used(value="LA", bids=("d",), **said),  # type: ignore[arg-type]
    ]  # fmt: skip
    assert {(used.challenge, used.bids) for used in result.quotas if used.quota == "cheap"} == {
        ("C1", ("a",)), ("C2", ("d",)),
    }  # fmt: skip


def test_a_challenge_decided_before_is_not_decided_again_but_counts() -> None:
    book = voted(quotas=by_country(most=1))
    given = bundle(Challenge(id="C1"), Challenge(id="C2", facts={"decided": True}), rows=[
        *ROWS[:2], ("c", "C2", "VN", 9, {"awarded": True}), ROWS[3],
    ])  # fmt: skip
    result = run(book, given)
    found = {row.bid: (row.outcome.value, row.reason.code) for row in result.decisions}
    assert found == {
        "a": ("not_awarded", "award.quota_full"), "b": ("awarded", "award.awarded"),
        "c": ("awarded", "award.stands"), "d": ("not_awarded", "award.stands"),
    }  # fmt: skip
    assert {place.bid for place in result.ranking} == {"a", "b"}
    (vietnam,) = (used for used in result.quotas if used.value == "VN")
    assert vietnam.bids == ("c",)
    nobody = replace(given, bids=tuple(replace(bid, facts={"votes": 1}) for bid in given.bids))
    last = run(book, nobody).decisions[-1]
    assert (last.challenge, last.bid, last.outcome.value) == ("C2", "", "no_award")


def test_budgets_of_two_currencies_are_not_added_up() -> None:
    mixed = bundle(Challenge(id="C1", currency="CNY"), Challenge(id="C2", currency="VND", line=3), rows=ROWS)
    (fault,) = faults(purse(), mixed)
    assert (fault.field, fault.line) == ("currency", 3)
    assert "one currency" in fault.message
    assert faults(rulebook(), mixed) == []

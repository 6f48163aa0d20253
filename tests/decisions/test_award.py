"""Ranking and award: ties stay ties, money is never overspent, every bid gets one outcome."""

from decimal import Decimal
from fractions import Fraction

import pytest
from harbour import RULE, rulebook
from hypothesis import given
from hypothesis import strategies as st

from jiebang.decisions.award import Candidate, Decision, Outcome, award_all, field_of
from jiebang.decisions.ranking import number, rank
from jiebang.rules.schema import Rulebook


def candidate(bid: str, score: float | None, amount: str | None = "10", **more: object) -> Candidate:
    money = None if amount is None else Decimal(amount)
    facts = {"bid": {"score": score, "amount": money, **more}}
    return Candidate(bid=bid, amount=money, facts=facts)


def decide(
    book: Rulebook, *candidates: Candidate, budget: str | None = "100", racing: bool = False
) -> dict[str, str]:
    money = None if budget is None else Decimal(budget)
    field = field_of(book, challenge="C1", budget=money, candidates=candidates, racing=racing)
    return {row.bid: row.outcome.value for row in award_all(book, fields=[field])[0]}


def filling(**more: object) -> Rulebook:
    return rulebook(award={"rule": "budget_fill", "max_awards": None, **more})


def test_places_are_1_2_2_4() -> None:
    keys = {name: (Fraction(score),) for name, score in [("a", 1), ("b", 5), ("c", 3), ("d", 3)]}
    assert [(row.id, row.rank, row.tie) for row in rank(keys)] == [
        ("b", 1, 1),
        ("c", 2, 2),
        ("d", 2, 2),
        ("a", 4, 1),
    ]


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 5), min_size=1), st.integers(1, 9))
def test_ranks_follow_the_order_alone(scores: dict[str, int], factor: int) -> None:
    plain = rank({name: (Fraction(score),) for name, score in scores.items()})
    scaled = rank({name: (Fraction(score * factor + 3),) for name, score in reversed(scores.items())})
    assert {row.id: (row.rank, row.tie) for row in plain} == {row.id: (row.rank, row.tie) for row in scaled}
    for row in plain:
        assert row.rank == 1 + sum(score > scores[row.id] for score in scores.values())


def test_computed_ties_do_not_break_on_the_last_bit() -> None:
    assert number("bid.x + bid.y", facts={"bid": {"x": 0.1, "y": 0.2}}) == number(
        "bid.z", facts={"bid": {"z": Decimal("0.3")}}
    )
    assert number("bid.x - 1.0", facts={"bid": {"x": 2**52}}) == 2**52 - 1
    assert number("bid.gone + 1.0", facts={"bid": {}}) is None


def test_the_best_is_awarded_the_next_is_reserve_and_the_rest_is_told() -> None:
    book = rulebook(award={"reserve": 1, "approve": "bid.score >= 5"})
    found = decide(
        book, candidate("a", 4), candidate("b", 9), candidate("c", 8), candidate("d", 7), candidate("e", None)
    )
    assert found == {
        "a": "not_awarded",
        "b": "awarded",
        "c": "reserve",
        "d": "not_awarded",
        "e": "not_awarded",
    }


def test_a_tie_across_the_line_waits_for_the_committee_unless_the_rule_settles_it() -> None:
    bids = (candidate("a", 9, "20"), candidate("b", 9, "10"), candidate("c", 5))
    assert decide(rulebook(), *bids) == {"a": "reserve", "b": "reserve", "c": "not_awarded", "": "no_award"}
    assert decide(rulebook(award={"on_tie": "all"}), *bids) == {
        "a": "awarded",
        "b": "awarded",
        "c": "not_awarded",
    }
    by_amount = decide(rulebook(award={"on_tie": "amount"}), *bids)
    assert by_amount == {"a": "not_awarded", "b": "awarded", "c": "not_awarded"}
    same = (candidate("a", 9), candidate("b", 9))
    assert decide(rulebook(award={"on_tie": "amount"}), *same)["a"] == "reserve"
    broken = rulebook(award={"then_by": ["bid.facts.votes"]})
    voted = (candidate("a", 9, facts={"votes": 1}), candidate("b", 9, facts={"votes": 2}))
    assert decide(broken, *voted)["b"] == "awarded"


def test_racing_appoints_several() -> None:
    book = rulebook(racing={"allowed": True, "max_leads": 2, **RULE})
    bids = (candidate("a", 9), candidate("b", 8), candidate("c", 7))
    assert decide(book, *bids, racing=True) == {"a": "awarded", "b": "awarded", "c": "not_awarded"}
    assert decide(book, *bids)["b"] == "not_awarded"


def test_the_budget_is_filled_in_order_and_what_does_not_fit_is_skipped_or_stops_it() -> None:
    bids = (
        candidate("a", 9, "60"),
        candidate("b", 8, "50"),
        candidate("c", 7, "40"),
        candidate("d", 6, None),
    )
    expected = {"a": "awarded", "b": "over_budget", "c": "awarded", "d": "not_awarded"}
    assert decide(filling(), *bids) == expected
    stopped = decide(filling(skip=False), *bids)
    assert stopped["c"] == "over_budget"
    assert decide(filling(), *bids, budget=None) == dict.fromkeys("abcd", "not_awarded") | {"": "no_award"}


def test_a_tie_for_the_last_money_waits_and_so_does_what_follows() -> None:
    bids = (
        candidate("a", 9, "60"),
        candidate("b", 9, "60"),
        candidate("c", 7, "40"),
        candidate("d", 6, "200"),
    )
    assert decide(filling(), *bids) == {
        "a": "reserve",
        "b": "reserve",
        "c": "reserve",
        "d": "over_budget",
        "": "no_award",
    }
    together = decide(filling(on_tie="all"), *bids)
    assert (together["a"], together["b"]) == ("over_budget", "over_budget")


def test_cents_decide() -> None:
    book = rulebook(award={"within_budget": True})
    assert decide(book, candidate("a", 9, "0.31"), budget="0.3")["a"] == "over_budget"
    thrice = (candidate("a", 9, "0.1"), candidate("b", 8, "0.1"), candidate("c", 7, "0.1"))
    assert set(decide(filling(), *thrice, budget="0.3").values()) == {"awarded"}


def test_no_candidate_means_no_award() -> None:
    assert decide(rulebook()) == {"": "no_award"}


AMOUNTS = st.one_of(st.none(), st.integers(0, 60).map(str))
BIDS = st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 4)), AMOUNTS), max_size=8)


@pytest.mark.parametrize("rule", ["top", "budget_fill"])
@given(
    bids=BIDS,
    budget=st.integers(0, 120),
    on_tie=st.sampled_from(["committee", "all", "amount"]),
    skip=st.booleans(),
)
def test_an_award_never_passes_the_budget_and_every_bid_has_one_outcome(
    rule: str, bids: list[tuple[int | None, str | None]], budget: int, on_tie: str, skip: bool
) -> None:
    book = rulebook(
        award={"rule": rule, "within_budget": True, "max_awards": 3, "on_tie": on_tie, "skip": skip}
    )
    candidates = [candidate(f"b{at}", score, amount) for at, (score, amount) in enumerate(bids)]
    field = field_of(book, challenge="C1", budget=Decimal(budget), candidates=candidates)
    rows: tuple[Decision, ...] = award_all(book, fields=[field])[0]
    won = [row.bid for row in rows if row.outcome is Outcome.AWARDED]
    amounts = {item.bid: item.amount for item in candidates}
    assert sum(amounts[bid] or 0 for bid in won) <= budget
    assert sorted(row.bid for row in rows if row.bid) == sorted(amounts)
    assert any(row.outcome is Outcome.NO_AWARD for row in rows) == (not won)
    if on_tie != "all":
        assert len(won) <= 3

"""Quotas, portfolio, short list and lottery: what each promises, and the reason of every bid."""

import json
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from harbour import rulebook
from hypothesis import given, settings
from hypothesis import strategies as st

from jiebang.decisions.award import Candidate, Decision, Outcome, award_all, field_of
from jiebang.decisions.lottery import draw_of, interval, pool
from jiebang.decisions.outcomes import Field
from jiebang.decisions.quotas import in_words
from jiebang.decisions.scores import Score
from jiebang.engines.draw import normal_form, sequence
from jiebang.rules.reasons import render
from jiebang.rules.schema import Rulebook

PER_COUNTRY = {"by": "lead.country", "label": {"en": "per country"}}


def candidate(
    bid: str, score: float, amount: str = "10", country: str | None = "VN", **more: Any
) -> Candidate:
    money = Decimal(amount)
    facts = {"bid": {"score": score, "amount": money, "facts": more}, "lead": {"country": country}}
    span = (score - 2, score + 2)
    return Candidate(bid=bid, amount=money, facts=facts, interval=more.get("interval", span))


def fields(book: Rulebook, *challenges: list[Candidate], budget: str | None = "100") -> list[Field]:
    money = None if budget is None else Decimal(budget)
    return [
        field_of(book, challenge=f"C{place}", budget=money, candidates=found)
        for place, found in enumerate(challenges, start=1)
    ]


def told(rows: tuple[Decision, ...]) -> dict[str, tuple[str, str]]:
    return {row.bid: (row.outcome.value, row.reason.code) for row in rows}


def outcomes(book: Rulebook, *challenges: list[Candidate], budget: str | None = "100") -> dict[str, str]:
    found = award_all(book, fields=fields(book, *challenges, budget=budget))
    return {row.bid: row.outcome.value for rows in found for row in rows if row.bid}


def quota(**more: Any) -> dict[str, Any]:
    return {"quotas": {"country": {**PER_COUNTRY, **more}}}


def test_a_quota_passes_over_what_is_full_and_says_so() -> None:
    book = rulebook(award={"rule": "budget_fill", "max_awards": None, **quota(most=1)})
    bids = [
        candidate("a", 9),
        candidate("b", 8),
        candidate("c", 7, country="LA"),
        candidate("d", 6, country=None),
    ]
    found = award_all(book, fields=fields(book, bids))[0]
    assert told(found) == {
        "a": ("awarded", "award.awarded"), "b": ("not_awarded", "award.quota_full"),
        "c": ("awarded", "award.awarded"), "d": ("not_awarded", "award.quota_unknown"),
    }  # fmt: skip
    assert {row.bid: row.rule for row in found}["b"] == "award.quotas.country"


def test_a_tie_for_the_last_seat_of_a_quota_waits_for_the_committee() -> None:
    for on_tie in ("committee", "all"):
        book = rulebook(award={"max_awards": 3, "on_tie": on_tie, **quota(most=1)})
        bids = [candidate("a", 9), candidate("b", 9), candidate("c", 7, country="LA")]
        assert outcomes(book, bids) == {"a": "reserve", "b": "reserve", "c": "reserve"}
    book = rulebook(award={"max_awards": 3, "on_tie": "amount", **quota(most=1)})
    assert outcomes(book, [candidate("a", 9, "20"), candidate("b", 9)])["b"] == "awarded"


def test_a_quota_over_the_call_counts_from_challenge_to_challenge_and_one_over_the_challenge_does_not() -> (
    None
):
    first, second = [candidate("a", 9)], [candidate("b", 9), candidate("c", 5, country="LA")]
    over_call = rulebook(award=quota(most=1, over="call"))
    assert outcomes(over_call, first, second) == {"a": "awarded", "b": "not_awarded", "c": "awarded"}
    each = rulebook(award=quota(most=1))
    assert outcomes(each, first, second) == {"a": "awarded", "b": "awarded", "c": "not_awarded"}


def test_a_quota_may_count_where_a_condition_holds() -> None:
    small = {"where": "bid.amount < 20.0", "label": {"en": "small"}, "most": 1}
    book = rulebook(award={"rule": "budget_fill", "max_awards": None, "quotas": {"small": small}})
    bids = [candidate("a", 9), candidate("b", 8), candidate("c", 7, "30")]
    assert outcomes(book, bids) == {"a": "awarded", "b": "not_awarded", "c": "awarded"}


def portfolio(**more: Any) -> Rulebook:
    return rulebook(award={"rule": "portfolio", "max_awards": None, **more})


def test_a_portfolio_beats_going_down_the_ranking_and_explains_what_it_left_out() -> None:
    bids = [
        candidate("a", 90, "90"),
        candidate("b", 80, "50"),
        candidate("c", 70, "50"),
        candidate("d", 60, "500"),
    ]
    found = {row.bid: row for row in award_all(portfolio(), fields=fields(portfolio(), bids))[0]}
    assert {bid: row.outcome.value for bid, row in found.items()} == {
        "a": "not_awarded", "b": "awarded", "c": "awarded", "d": "over_budget",
    }  # fmt: skip
    assert found["a"].reason.code == "award.displaced"
    assert found["a"].reason.params["bids"] == "b, c"


def test_equal_sums_go_to_the_better_placed_then_to_the_lower_amount() -> None:
    bids = [candidate("a", 50, "100"), candidate("b", 30, "50"), candidate("c", 20, "50")]
    found = told(award_all(portfolio(), fields=fields(portfolio(), bids))[0])
    assert found == {
        "a": ("awarded", "award.in_portfolio"), "b": ("not_awarded", "award.displaced_equal"),
        "c": ("not_awarded", "award.displaced_equal"),
    }  # fmt: skip
    alike = [candidate("a", 50, "90"), candidate("b", 50, "80")]
    assert outcomes(portfolio(), alike) == {"a": "not_awarded", "b": "awarded"}


def test_a_portfolio_holds_least_quotas_or_says_which_limits_collide() -> None:
    book = portfolio(**quota(least=1), max_awards=2)
    bids = [candidate("a", 90), candidate("b", 80), candidate("c", 10, country="LA")]
    assert outcomes(book, bids) == {"a": "awarded", "b": "not_awarded", "c": "awarded"}
    three = [*bids, candidate("d", 5, country="TH")]
    found = award_all(book, fields=fields(book, three))[0]
    assert {row.reason.code for row in found if row.bid} == {"award.quotas_collide"}
    assert found[0].reason.params["limits"] == ("max_awards; country VN C1; country LA C1; country TH C1")
    assert found[-1].outcome is Outcome.NO_AWARD
    said = render(in_words(found[0].reason, rulebook=book, lang="zh-Hans"), lang="zh-Hans")
    assert "名额；per country VN C1" in said
    nobody = portfolio(quotas={"big": {"where": "bid.amount > 50.0", "label": {"en": "big"}, "least": 1}})
    assert {row.reason.code for row in award_all(nobody, fields=fields(nobody, bids))[0] if row.bid} == {
        "award.quotas_collide"
    }


def test_a_quota_over_the_call_joins_the_challenges_of_a_portfolio() -> None:
    book = portfolio(**quota(most=1, over="call"), max_awards=1)
    first = [candidate("a", 90), candidate("b", 85, country="LA")]
    second = [candidate("c", 80), candidate("d", 10, country="TH")]
    assert outcomes(book, first, second) == {
        "a": "not_awarded",
        "b": "awarded",
        "c": "awarded",
        "d": "not_awarded",
    }


def test_a_portfolio_needs_a_budget_and_takes_fractions_of_money_exactly() -> None:
    assert set(outcomes(portfolio(), [candidate("a", 9)], budget=None).values()) == {"not_awarded"}
    thrice = [candidate(name, 5, "0.1") for name in "abc"]
    assert set(outcomes(portfolio(), thrice, budget="0.3").values()) == {"awarded"}
    assert sorted(outcomes(portfolio(), thrice, budget="0.29").values()) == [
        "awarded",
        "awarded",
        "not_awarded",
    ]


BIDS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 9), st.sampled_from(["VN", "LA", "TH"])),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(bids=BIDS, budget=st.integers(1, 25), most=st.integers(1, 3), places=st.integers(1, 4))
def test_no_other_choice_within_the_limits_is_worth_more(
    bids: list[tuple[int, int, str]], budget: int, most: int, places: int
) -> None:
    book = portfolio(**quota(most=most), max_awards=places)
    found = outcomes(
        book, [candidate(f"b{n}", s, str(a), c) for n, (s, a, c) in enumerate(bids)], budget=str(budget)
    )
    chosen = {n for n in range(len(bids)) if found[f"b{n}"] == "awarded"}

    def allowed(some: set[int]) -> bool:
        counts = [sum(bids[n][2] == country for n in some) for country in ("VN", "LA", "TH")]
        return sum(bids[n][1] for n in some) <= budget and len(some) <= places and max(counts) <= most

    every = ({n for n, bit in enumerate(bits) if bit} for bits in product((0, 1), repeat=len(bids)))
    assert allowed(chosen)
    assert sum(bids[n][0] for n in chosen) == max(
        sum(bids[n][0] for n in some) for some in every if allowed(some)
    )


def shortlisting(**more: Any) -> Rulebook:
    rule = {"most": 2, "order_by": "bid.facts.first", **more}
    return rulebook(award={"shortlist": rule})


def test_only_the_short_list_reaches_the_final() -> None:
    bids = [
        candidate("a", 1, first=9),
        candidate("b", 9, first=5),
        candidate("c", 5, first=7),
        candidate("d", 8),
    ]
    found = told(award_all(shortlisting(), fields=fields(shortlisting(), bids))[0])
    assert found == {
        "a": ("not_awarded", "award.no_place"), "b": ("not_awarded", "award.not_shortlisted"),
        "c": ("awarded", "award.awarded"), "d": ("not_awarded", "award.no_first_score"),
    }  # fmt: skip
    approved = shortlisting(approve="bid.facts.first >= 8.0")
    assert outcomes(approved, bids) == {
        "a": "awarded",
        "b": "not_awarded",
        "c": "not_awarded",
        "d": "not_awarded",
    }


def test_a_tie_for_the_last_place_of_the_short_list() -> None:
    bids = [candidate("a", 1, first=9), candidate("b", 9, first=7), candidate("c", 5, first=7)]
    assert outcomes(shortlisting(), bids) == {"a": "awarded", "b": "reserve", "c": "reserve"}
    assert outcomes(shortlisting(on_tie="all"), bids) == {
        "a": "not_awarded",
        "b": "awarded",
        "c": "not_awarded",
    }


def lots(places: int | None = 2, **more: Any) -> Rulebook:
    sources = {
        "lottery": {"label": {"en": "the lottery of 1 July"}},
        "index": {"label": {"en": "the index of 1 July"}},
    }
    return rulebook(award={"rule": "lottery", "max_awards": places, "lottery": {"sources": sources}, **more})


FIVE = [("b1", 20), ("b2", 11), ("b3", 10), ("b4", 9), ("b5", 1)]


def drawn(book: Rulebook, seed: str | None, bids: list[Candidate], budget: str = "100") -> Any:
    (field,) = fields(book, bids, budget=budget)
    draw = draw_of(book, field, seed=seed)
    assert draw is not None
    return draw, told(award_all(book, fields=[field], draws={"C1": draw})[0])


def test_only_those_whose_interval_crosses_the_line_are_drawn() -> None:
    bids = [candidate(bid, score) for bid, score in FIVE]
    draw, before = drawn(lots(), None, bids)
    assert (draw.pool.sure, draw.pool.names, draw.pool.places) == (("b1",), ("b2", "b3", "b4"), 1)
    assert before == {
        "b1": ("awarded", "award.above_line"), "b2": ("reserve", "award.in_draw"), "b3": ("reserve", "award.in_draw"),
        "b4": ("reserve", "award.in_draw"), "b5": ("not_awarded", "award.below_line"),
    }  # fmt: skip
    draw, after = drawn(lots(reserve=1), "9319 / 7 3", bids)
    first, second, third = (step.drawn for step in sequence(draw.pool.names, key=normal_form("9319/3 7")))
    assert [after[bid] for bid in (first, second, third)] == [
        ("awarded", "award.drawn"), ("reserve", "award.drawn_reserve"), ("not_awarded", "award.not_drawn"),
    ]  # fmt: skip


def test_nothing_is_drawn_where_all_fit_or_the_line_is_clear() -> None:
    clear = [candidate("a", 20), candidate("b", 10), candidate("c", 1)]
    for book, bids in ((lots(3), clear), (lots(2), clear)):
        (field,) = fields(book, bids)
        assert draw_of(book, field, seed="1") is None
    assert outcomes(lots(2), clear) == {"a": "awarded", "b": "awarded", "c": "not_awarded"}


def test_money_limits_a_draw_and_a_bid_that_does_not_fit_is_passed_over_or_ends_it() -> None:
    bids = [
        candidate("a", 10, "60"),
        candidate("b", 10, "60"),
        candidate("c", 9, "30"),
        candidate("d", 9, "900"),
    ]
    book = lots(None, within_budget=True)
    draw, after = drawn(book, "1/2", bids)
    assert draw.pool.money == 100
    assert draw.pool.amounts == {"a": 60, "b": 60, "c": 30}
    assert after["d"] == ("over_budget", "award.over_budget")
    assert sorted(after[bid][0] for bid in "abc") == ["awarded", "awarded", "over_budget"]
    stops = lots(None, within_budget=True, skip=False)
    seed = next(
        str(n)
        for n in range(99)
        if [turn.step.drawn for turn in drawn(stops, str(n), bids)[0].turns] == ["a", "b", "c"]
    )
    assert [drawn(stops, seed, bids)[1][bid][0] for bid in "abc"] == ["awarded", "over_budget", "over_budget"]


def test_who_leaves_after_the_list_was_committed_is_passed_over_and_changes_no_order() -> None:
    bids = [candidate(bid, score) for bid, score in FIVE]
    book = lots()
    draw, after = drawn(book, "5/5", bids)
    winner = next(bid for bid, (_, code) in after.items() if code == "award.drawn")
    (field,) = fields(book, [item for item in bids if item.bid != winner])
    held = pool(json.dumps(draw.pool.as_data()))
    again = draw_of(book, field, held=held, seed="5/5")
    assert again is not None
    assert again.gone == {winner}
    assert [turn.step for turn in again.turns] == [turn.step for turn in draw.turns]
    found = told(award_all(book, fields=[field], draws={"C1": again})[0])
    assert found["b1"] == ("awarded", "award.above_line")
    assert [code for _, code in found.values()].count("award.drawn") == 1


def test_a_bid_without_an_interval_is_not_drawn() -> None:
    unknown = [candidate("a", 9, interval=None), candidate("b", 8), candidate("c", 8)]
    draw, found = drawn(lots(1), None, unknown)
    assert found["a"] == ("not_awarded", "award.no_interval")
    assert draw.pool.names == ("b", "c")


def test_an_interval_is_of_the_plain_mean_or_of_the_deviation_and_turns_where_lower_is_better() -> None:
    score = Score(bid="a", criterion="overall", mean=8.0, adjusted=8.0, sd=2.0, n=4)
    sources = {"one": {"label": {"en": "x"}}}
    assert interval(lots(), score) == (7.0, 9.0)
    assert interval(lots(), score, lower=True) == (-9.0, -7.0)
    wide = lots(lottery={"sources": sources, "interval": "sd", "width": "1.5"})
    assert interval(wide, score) == (5.0, 11.0)
    assert interval(lots(), replace(score, sd=None, n=1)) is None
    with pytest.raises(ValueError, match="write both or neither"):
        rulebook(award={"lottery": {"sources": sources}})

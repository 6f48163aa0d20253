"""Marks to scores: exact, whatever the order; missing marks; better that is lower."""

import random
import statistics
from decimal import Decimal

import pytest
from harbour import RULE, rulebook
from hypothesis import given
from hypothesis import strategies as st

from jiebang.decisions.scores import Mark, Score, enough, scores
from jiebang.rules.schema import Rulebook

MARKS = st.lists(st.integers(0, 20).map(lambda half: Decimal(half) / 2), min_size=1, max_size=9)


def marked(book: Rulebook, **given_: list[str | None]) -> dict[str, Score]:
    marks = [
        Mark("b1", f"e{at}", criterion, Decimal(value))
        for criterion, values in given_.items()
        for at, value in enumerate(values)
        if value is not None
    ]
    return {score.criterion: score for score in scores(book, bid="b1", marks=marks)}


def one(aggregate: str = "mean") -> Rulebook:
    criterion = {"label": {"en": "Fit"}, "maximum": 10, **RULE}
    return rulebook(criteria={"fit": criterion}, scoring={"aggregate": aggregate, **RULE})


def test_weights_and_a_criterion_where_lower_is_better() -> None:
    found = marked(rulebook(), fit=["8", "6"], cost=["2", "4"])
    assert (found["fit"].mean, found["cost"].mean) == (7.0, 3.0)
    assert found["overall"].adjusted == pytest.approx((2 * 7 + (10 - 3)) / 3)
    assert found["overall"].n == 2


def test_where_all_is_better_lower_overall_stays_on_the_scale() -> None:
    criterion = {"label": {"en": "Time"}, "maximum": 10, "lower_is_better": True, **RULE}
    assert marked(rulebook(criteria={"time": criterion}), time=["2", "3"])["overall"].adjusted == 2.5


@pytest.mark.parametrize(("aggregate", "expected"), [("mean", 4.4), ("median", 4.0), ("trimmed_mean", 4.0)])
def test_aggregates(aggregate: str, expected: float) -> None:
    found = marked(one(aggregate), fit=["1", "3", "4", "5", "9"])
    assert found["fit"].adjusted == expected
    assert found["fit"].mean == 4.4
    assert found["overall"].adjusted == expected


def test_a_criterion_nobody_marked_leaves_overall_unknown_and_the_bid_short_of_reviews() -> None:
    found = marked(rulebook(), fit=["8", "6"])
    assert (found["cost"].mean, found["cost"].n) == (None, 0)
    assert (found["overall"].adjusted, found["overall"].n) == (None, 0)
    assert not enough(rulebook(), overall=found["overall"])


def test_an_expert_who_left_one_out_counts_where_he_marked() -> None:
    found = marked(rulebook(), fit=["8", "6"], cost=["2", None])
    assert (found["fit"].n, found["cost"].n, found["overall"].n) == (2, 1, 1)
    assert found["overall"].adjusted == pytest.approx((2 * 7 + (10 - 2)) / 3)


def test_one_mark_has_no_deviation() -> None:
    assert marked(one(), fit=["8"])["fit"].sd is None


@given(MARKS)
def test_mean_and_deviation_agree_with_the_standard_library_and_the_order_does_not_matter(
    values: list[Decimal],
) -> None:
    found = marked(one(), fit=[str(value) for value in values])
    shuffled = marked(one(), fit=[str(value) for value in random.Random(1).sample(values, len(values))])
    assert found["fit"].mean == pytest.approx(statistics.fmean(values))
    assert found["overall"].adjusted == shuffled["overall"].adjusted == found["fit"].adjusted
    if len(values) > 1:
        assert found["fit"].sd == pytest.approx(float(statistics.stdev(values)))


@given(MARKS)
def test_no_aggregate_leaves_the_range_of_its_marks(values: list[Decimal]) -> None:
    for aggregate in ("mean", "median", "trimmed_mean"):
        found = marked(one(aggregate), fit=[str(value) for value in values])["overall"].adjusted
        assert found is not None
        assert float(min(values)) <= found <= float(max(values))


def test_the_band_is_one_deviation_of_the_experts_totals_around_what_ranks() -> None:
    found = marked(one("median"), fit=["1", "3", "4", "5", "9"])["overall"]
    assert found.totals == (1.0, 3.0, 4.0, 5.0, 9.0)
    assert found.adjusted == 4.0
    spread = statistics.stdev(found.totals)
    assert found.spread(plain=False) == pytest.approx((4, 4 - spread, 4 + spread))
    assert found.spread(plain=True) == pytest.approx((4.4, 4.4 - spread, 4.4 + spread))


def test_totals_follow_the_rulebooks_way_to_combine_and_leave_out_the_incomplete() -> None:
    found = marked(rulebook(), fit=["8", "6"], cost=["2", None])["overall"]
    assert found.totals == pytest.approx(((2 * 8 + (10 - 2)) / 3,))
    assert found.spread(plain=False)[1:] == (None, None)
    whole = marked(rulebook(scoring={"combine": "weighted_sum", **RULE}), fit=["8"], cost=["2"])["overall"]
    assert whole.totals == (24.0,)

"""Scores of a whole round: weighted by expertise, calibrated over all bids, with their error and what rests on whom."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from harbour import RULE, rulebook

from jiebang.decisions.bundle import Bid, Bundle, Challenge, Review
from jiebang.decisions.calibrated import plainly
from jiebang.decisions.round import RoundResult, faults, run
from jiebang.decisions.score_words import agreement, how_made, rests_on
from jiebang.decisions.scores import OVERALL, Score
from jiebang.decisions.sensitivity import scores_decide, sensitivity
from jiebang.rules.reasons import render
from jiebang.rules.schema import Rulebook

LEVELS = {"high": {"label": {"en": "High"}, "weight": 3}, "none": {"label": {"en": "None"}, "weight": 0}}
SEVERE = ". 8 7|4 8 .|4 . 8|2 6 .|. 6 5|1 . 5|3 7 .|. 5 5|2 . 6"  # the first expert marks four points lower


def one(
    aggregate: str, *, lower: bool = False, award: dict[str, Any] | None = None, **scoring: Any
) -> Rulebook:
    """A programme with one criterion and no rule of eligibility."""
    fit = {"label": {"en": "Fit"}, "maximum": 10, "lower_is_better": lower, **RULE}
    return rulebook(
        eligibility={}, criteria={"fit": fit}, scoring={"aggregate": aggregate, **scoring, **RULE},
        award={"max_awards": 1, **(award or {})},
    )  # fmt: skip


def bundle(table: str, *, levels: str = "", split: int | None = None) -> Bundle:
    """Bids b0, b1, ... with the marks of e0, e1, ...; the bids from `split` on stand on a second challenge."""
    rows = [row.split() for row in table.split("|")]
    given = levels.split()
    bids = tuple(
        Bid(id=f"b{at}", challenge="C2" if split is not None and at >= split else "C1", lead=f"o{at}")
        for at in range(len(rows))
    )
    reviews = tuple(
        Review(
            bid=f"b{at}", expert=f"e{who}", criterion="fit", score=Decimal(score),
            confidence=given[who] if who < len(given) and given[who] != "." else None,
        )
        for at, row in enumerate(rows) for who, score in enumerate(row) if score != "."
    )  # fmt: skip
    return Bundle(
        name="test", digest="ab" * 32, timezone=None, currency="CNY", as_of=None, files={},
        carried=frozenset({"bids", "challenges"}), bids=bids, reviews=reviews,
        challenges=tuple(Challenge(id=name) for name in dict.fromkeys(bid.challenge for bid in bids)),
    )  # fmt: skip


def overall(result: RoundResult) -> dict[str, Score]:
    return {score.bid: score for score in result.scores if score.criterion == OVERALL}


def ranked(result: RoundResult) -> list[str]:
    return [place.bid for place in result.ranking]


def awarded(result: RoundResult) -> set[str]:
    return {row.bid for row in result.decisions if row.outcome.value == "awarded"}


def test_stated_expertise_weighs_and_who_states_nothing_weighs_as_the_rulebook_says() -> None:
    book = one("expertise_weighted", expertise=LEVELS, unstated_weight=1)
    found = overall(run(book, bundle("9 1 5", levels="high none .")))["b0"]
    assert found.adjusted == (3 * 9 + 5) / 4
    assert found.mean == 5
    nobody = overall(run(book, bundle("9|8", levels="none")))["b0"]
    assert (nobody.mean, nobody.adjusted) == (9, None)


def test_a_level_that_the_rulebook_does_not_know_is_malformed() -> None:
    book = one("expertise_weighted", expertise=LEVELS)
    (fault,) = faults(book, bundle("9", levels="guru"))
    assert (fault.field, "high, none" in fault.message) == ("confidence", True)
    assert faults(one("mean"), bundle("9", levels="guru")) == []


def test_the_worst_total_tells_equal_means_apart_on_scales_of_either_direction() -> None:
    even = "5 5 5|4 5 6"
    assert ranked(run(one("mean", worst_share="0.001"), bundle(even))) == ["b0", "b1"]
    assert overall(run(one("mean", worst_share="0.001"), bundle(even)))["b1"].adjusted == 5.004
    lower = overall(run(one("mean", lower=True, worst_share="0.001"), bundle(even)))
    assert (lower["b0"].adjusted, lower["b1"].adjusted) == (5.005, 5.006)
    places = run(one("mean", worst_share="0.001"), bundle(even)).ranking
    assert [(place.rank, place.plain_rank) for place in places] == [(1, 1), (2, 1)]


def test_ties_may_stand_in_the_order_of_listing() -> None:
    book = one("mean", award={"then_by": ["-bid.listing"]})
    assert [place.tie for place in run(book, bundle("5|5|7|5")).ranking] == [1, 1, 1, 1]
    assert ranked(run(book, bundle("5|5|7|5"))) == ["b2", "b0", "b1", "b3"]


def test_a_calibrated_round_corrects_the_severe_expert_and_shows_the_plain_mean_beside() -> None:
    result = run(one("crossed"), bundle(SEVERE))
    found = overall(result)
    assert result.calibration is not None
    assert result.calibration.used == "crossed"
    assert (found["b6"].mean, found["b7"].mean) == (5, 5)
    assert (found["b6"].adjusted or 0) > (found["b7"].adjusted or 0)
    assert found["b6"].se is not None
    places = {place.bid: place for place in result.ranking}
    assert places["b6"].plain_rank == places["b7"].plain_rank
    assert sum(place.expected_rank or 0 for place in result.ranking) == pytest.approx(45)
    assert render(how_made(result)[0], lang="en").startswith(
        "Scores are corrected for the severity of 3 experts"
    )


def test_calibration_works_over_the_whole_round_and_not_within_one_challenge() -> None:
    whole, apart = bundle(SEVERE), bundle(SEVERE, split=3)
    together, split = overall(run(one("crossed"), whole)), overall(run(one("crossed"), apart))
    assert {bid: score.adjusted for bid, score in together.items()} == {
        bid: score.adjusted for bid, score in split.items()
    }
    assert len(run(one("crossed"), apart).decisions) == 9


def test_reviews_beside_calibrate_as_if_their_bids_were_here() -> None:
    """What an instance decides of one challenge, with the other reviews of the call beside it, is what the round decides."""
    whole = bundle(SEVERE)
    few = replace(
        whole, bids=whole.bids[:3], reviews=tuple(r for r in whole.reviews or () if r.bid in ("b0", "b1", "b2")),
        calibration=tuple(r for r in whole.reviews or () if r.bid not in ("b0", "b1", "b2")),
    )  # fmt: skip
    here, there = overall(run(one("crossed"), few)), overall(run(one("crossed"), whole))
    assert here == {bid: there[bid] for bid in ("b0", "b1", "b2")}
    alone = overall(run(one("crossed"), replace(few, calibration=None)))
    assert alone["b0"].adjusted != here["b0"].adjusted
    off = replace(few, calibration=(Review(bid="b9", expert="e1", criterion="fit", score=Decimal(11)),))
    assert [(fault.file, fault.field) for fault in faults(one("crossed"), off)] == [
        ("calibration.csv", "score")
    ]


@pytest.mark.parametrize("aggregate", ["pairwise", "borda"])
def test_scores_by_order_rank_higher_first_even_where_lower_marks_are_better(aggregate: str) -> None:
    result = run(one(aggregate, lower=True), bundle("1 2 1|5 5 5|9 8 9"))
    assert ranked(result) == ["b0", "b1", "b2"]
    assert awarded(result) == {"b0"}
    assert (overall(result)["b0"].adjusted or 0) > 50
    assert overall(result)["b0"].mean == pytest.approx(4 / 3)


@pytest.mark.parametrize("aggregate", ["mean", "median", "shrunken", "crossed", "pairwise", "borda"])
@pytest.mark.parametrize("lower", [False, True])
def test_a_round_without_reviews_or_with_one_expert_still_ends_in_an_answer(
    aggregate: str, lower: bool
) -> None:
    book = one(aggregate, lower=lower)
    empty = run(book, replace(bundle("5|6"), reviews=()))
    assert [row.reason.code for row in empty.decisions if not row.bid] == ["award.none_fit"]
    single = run(book, bundle("5|6|7"))
    assert awarded(single) == {"b0" if lower else "b2"}
    tied = run(book, bundle("6 6|6 6"))
    assert awarded(tied) == set()
    assert {row.rule for row in tied.decisions} == {"award.on_tie"}
    missing = run(book, bundle("6 7|. .|2 3"))
    assert {row.bid: row.rule for row in missing.decisions}["b1"] == "scoring.reviews_needed"


def test_the_same_marks_in_another_order_give_the_same_result() -> None:
    given = bundle(SEVERE)
    for aggregate in ("shrunken", "crossed", "pairwise", "borda"):
        turned = replace(given, reviews=tuple(reversed(given.reviews or ())))
        found, other = (overall(run(one(aggregate), some)) for some in (given, turned))
        assert {b: (s.adjusted, s.se) for b, s in found.items()} == {
            b: (s.adjusted, s.se) for b, s in other.items()
        }


def test_what_plain_means_and_each_experts_absence_would_change() -> None:
    book, given = one("median"), bundle("9 9 1|7 7 8|1 2 1")
    result = run(book, given)
    found = sensitivity(book, given, result)
    assert awarded(result) == {"b0"}
    assert [(c.bid, c.outcome and c.outcome.value, c.would_be and c.would_be.value) for c in found.plain] == [
        ("b0", "awarded", "not_awarded"), ("b1", "not_awarded", "awarded"),
    ]  # fmt: skip
    assert found.asked == 3
    assert set(found.without) == {"e0", "e1"}  # either 9 gone, the median of 9 and 1 is below that of b1
    said = [one.code for one in rests_on(found, calibrated=True)]
    assert said == ["score.plain_other", "score.without_other"]


def test_leaving_out_an_expert_does_not_ask_again_for_enough_reviews() -> None:
    book, given = one("mean", reviews_needed=2), bundle("9 9|2 2")
    assert sensitivity(book, given, run(book, given)).without == {}
    assert [r.code for r in rests_on(sensitivity(book, given, run(book, given)), calibrated=False)] == [
        "score.without_same"
    ]


def test_each_absence_is_decided_as_if_the_expert_had_never_been_there() -> None:
    book, given = one("crossed"), bundle(SEVERE)
    result = run(book, given)
    found = sensitivity(book, given, result)
    for expert in ("e0", "e1", "e2"):
        without = run(
            book, replace(given, reviews=tuple(r for r in given.reviews or () if r.expert != expert))
        )
        moved = {change.bid for change in found.without.get(expert, ())}
        was = {row.bid: row.outcome for row in result.decisions}
        assert moved == {row.bid for row in without.decisions if was.get(row.bid) != row.outcome}


def test_where_votes_decide_no_expert_is_left_out() -> None:
    book = rulebook(award={"order_by": "bid.facts.votes", "max_awards": 1})
    assert not scores_decide(book)
    assert scores_decide(rulebook())
    assert scores_decide(rulebook(award={"approve": "bid.mean >= 3.0"}))


def test_a_plain_mean_round_is_its_own_plain_round() -> None:
    assert plainly(one("mean")) == one("mean")
    assert plainly(one("borda")) == one("mean")
    result = run(one("mean"), bundle("9 8|2 3"))
    assert (result.plain, result.calibration) == (result.decisions, None)
    assert overall(result)["b0"].se == pytest.approx(0.5)


def test_agreement_is_worded_by_its_bounds() -> None:
    codes = [
        agreement(run(one("mean"), bundle(some)).panel).code
        for some in ("1 1|9 9", "1 2|5 3|6 9", "1 9|9 1", "1|9")
    ]
    assert codes == [
        "score.agreement_good", "score.agreement_fair", "score.agreement_poor", "score.agreement_unknown",
    ]  # fmt: skip

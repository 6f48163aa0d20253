"""Changing a result: what a named correction makes of it, what differs, and who may step in."""

import pytest

from jiebang.decisions.award import Decision
from jiebang.decisions.outcomes import Outcome
from jiebang.decisions.remedies import Change, Placing, Standing, against_promotion, changes, named
from jiebang.rules.reasons import Reason, reason

RESULT = (
    Standing(bid="a", outcome="awarded", rank=1),
    Standing(bid="b", outcome="reserve", rank=2),
    Standing(bid="c", outcome="not_awarded", rank=3),
    Standing(bid="d", outcome="withdrawn", rank=None),
)


def codes(found: tuple[object, ...]) -> list[str]:
    return [item.code for item in found if isinstance(item, Reason)]


def test_two_bids_change_places_and_the_others_stay() -> None:
    wanted = {"a": Placing(outcome="reserve", rank=2), "b": Placing(outcome="awarded", rank=1)}
    found = named(RESULT, wanted, places=1)
    assert found == (
        Standing(bid="a", outcome="reserve", rank=2), Standing(bid="b", outcome="awarded", rank=1), *RESULT[2:],
    )  # fmt: skip
    assert changes(RESULT, found) == (  # type: ignore[arg-type]
        Change(bid="a", was="awarded", was_rank=1, now="reserve", now_rank=2),
        Change(bid="b", was="reserve", was_rank=2, now="awarded", now_rank=1),
    )


def test_bids_that_come_to_share_a_place_say_so() -> None:
    found = named(RESULT, {"c": Placing(outcome="reserve", rank=2)}, places=1)
    assert [(row.bid, row.tie) for row in found if isinstance(row, Standing)] == [
        ("a", 1),
        ("b", 2),
        ("c", 2),
        ("d", 1),
    ]


def test_every_reason_against_a_correction_is_given_at_once() -> None:
    wanted = {
        "x": Placing(outcome="reserve"), "b": Placing(outcome="awarded"), "c": Placing(outcome="lucky"),
        "d": Placing(outcome="reserve"),
    }  # fmt: skip
    assert codes(named(RESULT, wanted, places=1, closed=["d"])) == [
        "correction.no_such_bid", "correction.no_outcome", "correction.bid_closed", "correction.too_many",
    ]  # fmt: skip
    assert codes(named(RESULT, {"b": Placing(outcome="awarded")}, places=None)) == []


def test_a_bid_new_in_a_result_was_nothing_before() -> None:
    assert changes((), RESULT[:1]) == (Change(bid="a", was="", was_rank=None, now="awarded", now_rank=1),)
    assert changes(RESULT, RESULT) == ()


def said(outcome: Outcome, code: str) -> Decision:
    return Decision(
        challenge="C",
        bid="b",
        outcome=outcome,
        reason=reason(code, rank=2, rule="bid.score >= 70", rules="lead_place"),
        rule="award",
    )


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        (None, []),
        (said(Outcome.RESERVE, "award.reserve"), []),
        (said(Outcome.AWARDED, "award.awarded"), []),
        (said(Outcome.NOT_AWARDED, "award.no_place"), []),
        (said(Outcome.NOT_AWARDED, "award.too_few_reviews"), ["promotion.unfit"]),
        (said(Outcome.NOT_AWARDED, "award.not_approved"), ["promotion.unfit"]),
        (said(Outcome.INELIGIBLE, "eligibility.ineligible"), ["promotion.unfit"]),
    ],
)
def test_a_reserve_falls_by_its_own_facts_and_not_because_others_are_better(
    again: Decision | None, expected: list[str]
) -> None:
    found = against_promotion("b", reserves=["b"], again=again, members=[1], breached=[])
    assert codes(found) == expected


def test_who_does_not_wait_or_has_the_guilty_party_with_it_does_not_step_in() -> None:
    assert codes(against_promotion("a", reserves=["b"], again=None, members=[1], breached=[1])) == [
        "promotion.not_reserve"
    ]
    assert codes(against_promotion("b", reserves=["b"], again=None, members=[1, 2], breached=[2])) == [
        "promotion.breached"
    ]

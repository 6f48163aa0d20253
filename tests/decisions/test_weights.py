"""Ranks and awards while weights move: against the round run again, and against every corner of what is called safe."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from harbour import RULE, rulebook
from test_sensitivity import AWARDS, CRITERIA, book, bundle

from jiebang.decisions.bundle import Bundle
from jiebang.decisions.round import run
from jiebang.decisions.sensitivity import changes
from jiebang.decisions.weights import FACTORS, Weighing, weighing
from jiebang.rules.schema import Rulebook


def weighted(rules: Rulebook, factors: dict[str, Decimal]) -> Rulebook:
    """The programme written anew with other weights."""
    criteria = {
        key: {**CRITERIA[key], "weight": str(CRITERIA[key]["weight"] * factors.get(key, Decimal(1)))}
        for key in CRITERIA
    }
    plain = rules.model_dump(by_alias=True, mode="json")
    return Rulebook.model_validate({**plain, "criteria": criteria})


@pytest.mark.parametrize(
    ("aggregate", "award"), [*product(("mean", "crossed"), AWARDS), ("median", "top"), ("pairwise", "budget")]
)
def test_every_step_is_what_the_round_with_that_weight_gives(aggregate: str, award: str) -> None:
    rules, given, drawn = book(aggregate, award), bundle(1), "3 17 21" if award == "lottery" else None
    result = run(rules, given, draw_seed=drawn)
    found = weighing(rules, given, result)
    assert [one.criterion for one in found.varied] == list(CRITERIA)
    for one, at in product(found.varied, (0, 4, 9, 11, 20)):
        other = run(weighted(rules, {one.criterion: FACTORS[at]}), given, draw_seed=drawn)
        ranks = {place.bid: place.rank for place in other.ranking}
        assert {bid: row[at] for bid, row in one.ranks.items() if row[at] is not None} == ranks
        moved = {change.challenge for change in changes(result.decisions, other.decisions)}
        turns = one.below if FACTORS[at] < 1 else one.above
        reached = {key for key, turn in turns.items() if abs(turn.factor - 1) <= abs(FACTORS[at] - 1)}
        assert moved <= reached
        assert all(key in moved for key, turn in turns.items() if turn.factor == FACTORS[at])


def test_the_nearest_turn_is_told_with_what_it_changes() -> None:
    """b02 leads on the first criterion by what b00 leads on the second, which weighs a little more."""
    criteria = {key: {**CRITERIA["fit"], "weight": weight} for key, weight in (("fit", 100), ("team", 109))}
    rules, base = rulebook(eligibility={}, criteria=criteria, award={"max_awards": 1}), bundle(0)
    marks = {"b00": ("4", "8"), "b02": ("8", "4")}
    reviews = tuple(
        replace((base.reviews or ())[0], bid=bid, expert="e0", criterion=key, score=Decimal(score))
        for bid, given in marks.items() for key, score in zip(("fit", "team"), given, strict=True)
    )  # fmt: skip
    given = replace(base, bids=tuple(bid for bid in base.bids if bid.id in marks), reviews=reviews)
    found = weighing(rules, given, run(rules, given))
    name, turn = found.nearest("C0") or ("", None)
    assert turn is not None
    assert (name, turn.factor) == ("fit", Decimal("1.10"))  # 105 is below 109, 110 above
    would = {row.bid: row.would_be and row.would_be.value for row in turn.changes}
    assert would == {"b00": "not_awarded", "b02": "awarded"}
    assert found.varied[1].below["C0"].factor == Decimal("0.90")  # 103.55 is above 100, 98.1 below
    assert "C0" not in found.varied[0].below
    assert found.safe["C0"] == Fraction(4 * 109 - 4 * 100, 4 * 109 + 4 * 100)
    assert found.varied[0].ranks["b00"][9:14] == (1, 1, 1, 2, 2)


def corners(share: Fraction) -> Iterator[dict[str, Decimal]]:
    """Every way to move all weights by the same share at once."""
    for signs in product((-1, 1), repeat=len(CRITERIA)):
        yield {
            key: Decimal(1) + sign * Decimal(float(share)) for key, sign in zip(CRITERIA, signs, strict=True)
        }


@pytest.mark.parametrize("seed", range(5))
def test_all_weights_together_may_be_off_by_less_than_is_called_safe(seed: int) -> None:
    rules, given = book("mean", "top"), bundle(seed)
    result = run(rules, given)
    found = weighing(rules, given, result)
    assert found.safe
    for challenge, share in found.safe.items():
        was = _awarded(rules, given, {}, challenge)
        for near, same in ((Fraction(99, 100), True), (Fraction(101, 100), False)):
            if share * near < 1:
                found_at = {_awarded(rules, given, factors, challenge) for factors in corners(share * near)}
                assert (found_at == {was}) is same


def _awarded(rules: Rulebook, given: Bundle, factors: dict[str, Decimal], challenge: str) -> frozenset[str]:
    decided = run(weighted(rules, factors), given).decisions
    return frozenset(
        row.bid for row in decided if row.challenge == challenge and row.outcome.value == "awarded"
    )


def test_where_weights_decide_nothing_nothing_is_varied() -> None:
    votes = rulebook(criteria=CRITERIA, award={"order_by": "bid.facts.votes"})
    one = rulebook(criteria={"fit": {**CRITERIA["fit"], **RULE}})
    for rules in (votes, one):
        assert weighing(rules, bundle(0), run(book("mean", "top"), bundle(0))) == Weighing()
    assert (
        weighing(
            book("mean", "top"),
            replace(bundle(0), reviews=()),
            run(book("mean", "top"), replace(bundle(0), reviews=())),
        )
        == Weighing()
    )
    assert not weighing(book("crossed", "top"), bundle(0), run(book("crossed", "top"), bundle(0))).safe

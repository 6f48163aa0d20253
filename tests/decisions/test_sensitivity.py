"""What rests on whom, against the plain way: the round run again from its reviews without each expert in turn."""

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from harbour import RULE, rulebook

from jiebang.decisions.bundle import Bid, Bundle, Challenge, Organisation, Review
from jiebang.decisions.round import run
from jiebang.decisions.sensitivity import Change, changes, sensitivity
from jiebang.rules.schema import Rulebook

CRITERIA = {
    name: {"label": {"en": name}, "maximum": 10, "weight": weight, **RULE}
    for name, weight in (("fit", 1), ("team", 2), ("cost", 1))
}
AWARDS: dict[str, dict[str, Any]] = {
    "top": {"max_awards": 2, "reserve": 1},
    "budget": {"rule": "budget_fill", "max_awards": None, "approve": "bid.mean >= 5.0"},
    "portfolio": {"rule": "portfolio", "max_awards": 3},
    "call": {
        "rule": "portfolio", "max_awards": 3,
        "quotas": {"land": {"by": "lead.country", "label": {"en": "land"}, "most": 2, "over": "call"}},
    },
    "seats": {
        "max_awards": 3,
        "quotas": {
            "land": {"by": "lead.country", "label": {"en": "land"}, "most": 2, "over": "call"},
            "good": {"where": "bid.score >= 6.5", "label": {"en": "good"}, "most": 2},
        },
    },
    "purse": {"rule": "portfolio", "max_awards": 3, "budget_over": "call"},
    "lottery": {"rule": "lottery", "max_awards": 2, "lottery": {"sources": {"one": {"label": {"en": "One"}}}}},
    "shortlist": {"max_awards": 1, "shortlist": {"most": 3, "criteria": ["fit"], "on_tie": "all"}},
}  # fmt: skip
AGGREGATES = ("mean", "median", "trimmed_mean", "shrunken", "crossed", "pairwise", "borda")


def book(aggregate: str, award: str) -> Rulebook:
    return rulebook(
        eligibility={}, criteria=CRITERIA, scoring={"aggregate": aggregate, **RULE}, award=AWARDS[award]
    )


def bundle(seed: int) -> Bundle:
    """Twelve bids on two challenges, three of seven experts each, marks that differ with bid, expert and chance."""
    dice = random.Random(seed)
    severe = [dice.gauss(0, 1.5) for _ in range(7)]
    bids = tuple(
        Bid(
            id=f"b{at:02}", challenge=f"C{at % 2}", lead=f"o{at % 5}", amount=Decimal(dice.randint(2, 9) * 10)
        )
        for at in range(12)
    )
    reviews = tuple(
        Review(
            bid=bid.id, expert=f"e{who}", criterion=key,
            score=Decimal(min(10, max(0, round(worth + severe[who] + dice.gauss(0, 1))))),
        )
        for bid in bids for worth in [dice.gauss(6, 1.5)] for who in dice.sample(range(7), 3) for key in CRITERIA
    )  # fmt: skip
    return Bundle(
        name="test", digest="ab" * 32, timezone=None, currency="CNY", as_of=None, files={},
        carried=frozenset({"bids", "bids.amount", "challenges"}), bids=bids, reviews=reviews,
        organisations=tuple(Organisation(id=f"o{at}", country=("VN", "TH", "LA")[at % 3]) for at in range(5)),
        challenges=(Challenge(id="C0", budget=Decimal(120)), Challenge(id="C1", budget=Decimal(90))),
    )  # fmt: skip


def plainly(rules: Rulebook, given: Bundle, seed: str | None) -> dict[str, tuple[Change, ...]]:
    """Each expert who changes an outcome, by running the whole round without the rows of their reviews."""
    decided = run(rules, given, draw_seed=seed).decisions
    found = {}
    for expert in sorted({row.expert for row in given.reviews or ()}):
        left = replace(given, reviews=tuple(row for row in given.reviews or () if row.expert != expert))
        found[expert] = changes(decided, run(rules, left, draw_seed=seed).decisions)
    return {expert: rows for expert, rows in found.items() if rows}


@pytest.mark.parametrize("aggregate", AGGREGATES)
def test_every_absence_is_what_the_round_without_the_expert_gives(aggregate: str) -> None:
    moved = 0
    for seed, award in enumerate(AWARDS):
        rules, given, drawn = book(aggregate, award), bundle(seed), "3 17 21" if award == "lottery" else None
        found = sensitivity(rules, given, run(rules, given, draw_seed=drawn))
        assert found.asked == 7
        assert dict(found.without) == plainly(rules, given, drawn)
        moved += len(found.without)
    assert moved  # else nothing was compared


def test_an_absence_on_one_challenge_frees_money_for_another_where_they_share_it() -> None:
    """`a` (7 points for all the money) beats `b` (6 for half of it) by the word of an expert who never saw `b`'s challenge."""
    rules = book("mean", "purse")
    marks = {("a", "e1"): 10, ("a", "e2"): 4, ("b", "e3"): 6}
    given = replace(
        bundle(0),
        challenges=(Challenge(id="C0", budget=Decimal(10)), Challenge(id="C1", budget=Decimal(10))),
        bids=(
            Bid(id="a", challenge="C0", lead="o0", amount=Decimal(20)),
            Bid(id="b", challenge="C1", lead="o1", amount=Decimal(10)),
        ),
        reviews=tuple(
            Review(bid=bid, expert=expert, criterion=key, score=Decimal(score))
            for (bid, expert), score in marks.items()
            for key in CRITERIA
        ),
    )
    found = sensitivity(rules, given, run(rules, given)).without
    assert {(row.challenge, row.bid) for row in found["e1"]} == {
        ("C0", "a"),
        ("C0", ""),
        ("C1", "b"),
        ("C1", ""),
    }
    assert found["e1"] == plainly(rules, given, None)["e1"]

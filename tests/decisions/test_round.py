"""The whole round on data: what is not carried is not checked, what is blank stays unproved, conflicts do not score."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from harbour import RULE, rulebook

from jiebang.decisions.bundle import (
    Bid,
    Bundle,
    Challenge,
    Conflict,
    Expert,
    Member,
    Mode,
    Organisation,
    Review,
)
from jiebang.decisions.round import RoundResult, faults, run, total_awarded
from jiebang.decisions.round_facts import Facts

JUNE = datetime(2026, 6, 1, 4, tzinfo=UTC)
CARRIED = frozenset(
    [
        "organisations",
        "organisations.registered_on",
        "organisations.country",
        "bids",
        "bids.lead",
        "bids.amount",
        "challenges",
    ]
)


def organisation(name: str, registered: date | None = date(2020, 1, 1)) -> Organisation:
    return Organisation(id=name, country="CN", region="CN-GX", registered_on=registered)


def bid(name: str, lead: str | None, **more: Any) -> Bid:
    return Bid(id=name, challenge="C1", lead=lead, amount=Decimal(10), submitted_at=JUNE, **more)


def reviews(*rows: tuple[str, str, int, int]) -> tuple[Review, ...]:
    return tuple(
        Review(bid=b, expert=e, criterion=c, score=Decimal(s))
        for b, e, fit, cost in rows
        for c, s in (("fit", fit), ("cost", cost))
    )


def bundle(**more: Any) -> Bundle:
    base = Bundle(
        name="test", digest="ab" * 32, timezone=None, currency="CNY", as_of=None, carried=CARRIED, files={},
        challenges=(Challenge(id="C1", budget=Decimal(100)),), bids=(bid("b1", "o1"), bid("b2", "o2")),
        organisations=(organisation("o1"), organisation("o2")),
        reviews=reviews(("b1", "e1", 8, 2), ("b2", "e1", 6, 2)),
    )  # fmt: skip
    return replace(base, **more)


def outcomes(result: RoundResult) -> dict[str, tuple[str, str]]:
    return {row.bid: (row.outcome.value, row.rule) for row in result.decisions}


def test_the_best_eligible_bid_is_awarded_and_everybody_gets_a_reason() -> None:
    result = run(rulebook(), bundle())
    assert outcomes(result) == {"b1": ("awarded", "award.top"), "b2": ("not_awarded", "award.max_awards")}
    assert [(row.bid, row.rank) for row in result.ranking] == [("b1", 1), ("b2", 2)]
    assert total_awarded(result, bundle()) == 10
    assert result.as_of == JUNE
    assert result == run(rulebook(), bundle())


def test_a_breach_is_a_verdict_with_its_rule() -> None:
    young = bundle(organisations=(organisation("o1", date(2025, 6, 2)), organisation("o2")))
    assert outcomes(run(rulebook(), young))["b1"] == ("ineligible", "lead_age")
    six = tuple(Member(bid="b1", organisation=name, role="partner") for name in "abcdef")
    assert outcomes(run(rulebook(), bundle(members=six)))["b1"] == ("ineligible", "consortium.max_partners")
    twice = bundle(bids=(bid("b1", "o1"), bid("b2", "o1")))
    assert outcomes(run(rulebook(), twice))["b2"] == ("ineligible", "consortium.one_bid_per_lead")
    odd = bundle(modes=(Mode(bid="b1", mode="barter"),))
    assert outcomes(run(rulebook(), odd))["b1"] == ("ineligible", "bid.modes_known")


def test_a_blank_stays_unproved_and_what_nobody_carried_is_not_checked() -> None:
    blank = bundle(organisations=(organisation("o1", None), organisation("o2")))
    assert outcomes(run(rulebook(), blank))["b1"] == ("ineligible", "lead_age")
    lenient = {"label": {"en": "Unproved"}, "value": "continue", **RULE}
    assert outcomes(run(rulebook(settings={"unproved": lenient}), blank))["b1"][0] == "awarded"
    nameless = bundle(organisations=None, carried=frozenset({"bids", "bids.lead", "challenges"}))
    result = run(rulebook(), nameless)
    assert outcomes(result)["b1"][0] == "awarded"
    assert {v.outcome.value for v in result.verdicts if v.rule == "lead_age"} == {"unknown"}


def test_a_withdrawn_bid_neither_competes_nor_counts_as_the_leads_bid() -> None:
    gone = bid("b1", "o1", facts={"status": "withdrawn"})
    result = run(rulebook(), bundle(bids=(gone, bid("b2", "o1"))))
    assert outcomes(result) == {"b1": ("withdrawn", "bid.withdrawn"), "b2": ("awarded", "award.top")}


def test_an_expert_in_conflict_does_not_score() -> None:
    marks = reviews(("b1", "e1", 2, 2), ("b1", "e2", 9, 2), ("b2", "e1", 6, 2))
    declared = bundle(reviews=marks, conflicts=(Conflict(expert="e1", bid="b1"),))
    employed = bundle(reviews=marks, experts=(Expert(id="e1", organisation="o1"), Expert(id="e2")))
    for given in (declared, employed):
        result = run(rulebook(), given)
        assert outcomes(result)["b1"][0] == "awarded"
        assert [(v.subject, v.about) for v in result.verdicts if v.rule == "review.no_conflict"] == [
            ("b1", "e1")
        ]


def test_too_few_reviews_cannot_be_ranked() -> None:
    result = run(rulebook(scoring={"reviews_needed": 2, **RULE}), bundle())
    assert outcomes(result)["b1"] == ("not_awarded", "scoring.reviews_needed")
    assert result.ranking == ()


def test_ids_of_challenges_and_bids_may_be_the_same() -> None:
    owner = {"subject": "owner", "text": {"en": "From XX."}, "require": "owner.country == 'XX'", **RULE}
    same = bundle(
        challenges=(Challenge(id="b1", owner="o1"),), bids=(replace(bid("b1", "o2"), challenge="b1"),)
    )
    assert outcomes(run(rulebook(eligibility={"owner": owner}), same))["b1"][0] == "awarded"


def test_scores_off_the_scale_and_unknown_criteria_are_malformed() -> None:
    wrong = (
        Review(bid="b1", expert="e1", criterion="fit", score=Decimal("10.5"), line=2),
        Review(bid="b1", expert="e1", criterion="charm", score=Decimal(1), line=3),
    )
    found = faults(rulebook(), bundle(reviews=wrong, files={"reviews": "r/reviews.csv"}))
    assert [(fault.file, fault.line, fault.field) for fault in found] == [
        ("r/reviews.csv", 2, "score"),
        ("r/reviews.csv", 3, "criterion"),
    ]


def test_no_fact_of_a_bid_is_invented() -> None:
    """How many rules a bid fails is known only after the rules were asked, so no rule may read it."""
    handed_in = bundle()
    facts = Facts(rulebook(), handed_in, None).of_bid(handed_in.bids[0])
    assert isinstance(facts["bid"], dict)
    assert {"failed", "unclear"} & set(facts["bid"]) == set()

"""Fit says exactly what it counts; a slate keeps what must stay; the written problem is the one that was solved."""

import json
from decimal import Decimal
from typing import Any

import pytest

from jiebang.adapters.assignment_problem import problem_of
from jiebang.decisions.fit import Matter, Skills, Writing, knows, may_read, reads, table, words_found
from jiebang.decisions.slate import Slate, document, slate
from jiebang.decisions.wanted import Candidate, Wanted, Work, ring_pairs
from jiebang.engines.assignment.problem import Infeasible
from jiebang.engines.assignment.verify import verify
from jiebang.rules.schema import Assignment, Fit

ENGLISH = Writing(original=frozenset({"en"}), titled=frozenset({"en", "zh-Hans"}))
RICE = Matter(
    sector="agriculture",
    names=frozenset({"agriculture", "农业"}),
    text="irrigation of rice fields with sensors 水稻灌溉",
)


def rule(**given: Any) -> Assignment:
    return Assignment(status="local", **given)


def wanted(**given: Any) -> Wanted:
    """Two bids, four experts of two countries, two experts a bid."""
    skills = Skills(sectors=frozenset({"agriculture"}), languages=frozenset({"en"}))
    candidates = [
        Candidate(
            id=f"e{place}",
            skills=skills,
            country="VN" if place < 2 else "TH",
            institution=f"i{place}",
            room=2,
        )
        for place in range(4)
    ]
    works = [Work(id=f"b{place}", writing=ENGLISH, matter=RICE) for place in range(2)]
    return Wanted(**{"rule": rule(), "per_bid": 2, "works": works, "candidates": candidates, **given})


def solved(**given: Any) -> Slate:
    found = slate(wanted(**given))
    assert isinstance(found, Slate), found
    return found


@pytest.mark.parametrize(
    ("phrase", "there"),
    [("rice", True), ("irrigation", True), ("rice sensor", True), ("irrigate", False), ("灌溉", True), ("water", False)],
)  # fmt: skip
def test_a_phrase_is_found_where_each_word_begins_one_of_the_notice(phrase: str, there: bool) -> None:
    assert bool(words_found(Skills(phrases=(phrase,)), RICE)) is there


def test_a_sector_is_known_by_its_key_or_by_one_of_its_names() -> None:
    assert knows(Skills(sectors=frozenset({"agriculture"})), RICE)
    assert knows(Skills(phrases=("农业",)), RICE)
    assert not knows(Skills(sectors=frozenset({"health"}), phrases=("agri",)), RICE)


def test_reading_counts_one_half_for_a_translation() -> None:
    assert [reads(frozenset({tag}), ENGLISH) for tag in ("en", "zh-Hans", "th")] == [1.0, 0.5, 0.0]


@pytest.mark.parametrize(
    ("demand", "tags", "may"),
    [("any", "th", True), ("summary", "zh-Hans", True), ("summary", "th", False), ("original", "zh-Hans", False),
     ("original", "", True)],
)  # fmt: skip
def test_a_demand_for_languages(demand: str, tags: str, may: bool) -> None:
    assert may_read(demand, tags.split(), ENGLISH) is may


def test_fit_is_the_weighted_sum_of_its_parts() -> None:
    weights = Fit(sector=Decimal("0.4"), words=Decimal("0.4"), language=Decimal("0.2"))
    known = Skills(
        sectors=frozenset({"agriculture"}), phrases=("rice", "water"), languages=frozenset({"zh-Hans"})
    )
    ((found,),) = table(weights, experts=[known], bids=[(RICE, ENGLISH)])
    assert (found.sector, found.words, found.language) == (1.0, pytest.approx(1 / 3, abs=1e-6), 0.5)
    assert found.total == pytest.approx(0.4 + 0.4 / 3 + 0.1, abs=1e-6)


def test_who_must_stay_stays_though_others_fit_better() -> None:
    poor = Candidate(id="e4", skills=Skills(), country="ID", room=2)
    given = wanted()
    candidates = [*given.candidates, poor]
    assert 4 not in {one for _, one in solved(candidates=candidates).pairs}
    assert (0, 4) in solved(candidates=candidates, fixed=[(0, 4)]).pairs


def test_a_quota_may_cost_one_who_should_stay_never_one_who_must() -> None:
    law = rule(most_of_country=1)
    assert set(solved(rule=law, standing=[(0, 0), (0, 1)]).pairs) & {(0, 0), (0, 1)} != {(0, 0), (0, 1)}
    found = slate(wanted(rule=law, fixed=[(0, 0), (0, 1)]))
    assert isinstance(found, Infeasible)
    assert {item.code for item in found.collide} <= {"assignment.pin_collides", "assignment.quota_most"}


def test_a_pin_on_a_barred_pair_is_named() -> None:
    found = slate(wanted(fixed=[(0, 0)], barred={(0, 0): "conflict"}))
    assert isinstance(found, Infeasible)
    (said,) = found.collide
    assert (said.code, said.params["bid"], said.params["why"]) == ("assignment.pin_barred", "b0", "conflict")


@pytest.mark.parametrize(
    "law", [{}, {"most_of_country": 1, "floor": "0.2"}, {"least_of_sector": 1, "most_of_institution": 1}]
)
def test_the_written_problem_is_the_one_that_was_solved(law: dict[str, Any]) -> None:
    barred = {(0, 1): "conflict", (1, 2): "language"}
    found = solved(rule=rule(**law), barred=barred)
    read = problem_of(json.dumps(document(found.problem)), name="written")
    assert isinstance(read, tuple), read
    again = verify(read[0], found.pairs)
    assert again.holds
    assert again.total == pytest.approx(found.total)
    assert not verify(read[0], [(0, 1), *found.pairs[1:]]).holds


def test_a_lot_draws_the_places_that_are_left_and_the_same_seed_the_same() -> None:
    law = rule(cap=Decimal("0.6"))
    given: dict[str, Any] = {"rule": law, "fixed": [(0, 3)], "standing": [(1, 0)]}
    first, again = (slate(wanted(**given), seed=b"one") for _ in range(2))
    assert isinstance(first, Slate)
    assert isinstance(again, Slate)
    assert first.pairs == again.pairs
    assert {(0, 3), (1, 0)} <= set(first.pairs)
    assert sorted(bid for bid, _ in first.pairs) == [0, 0, 1, 1]
    drawn = {slate(wanted(**given), seed=bytes([seed])).pairs for seed in range(20)}  # type: ignore[union-attr]
    assert len(drawn) > 1


def test_rings_of_two_and_three_are_closed_by_one_more_pair() -> None:
    judges = {1: [2], 2: [3]}  # 1 judges a bid of 2, who judges one of 3
    assert ring_pairs(judges, [(0, 1)]) == {(0, 2), (0, 3)}
    assert ring_pairs(judges, [(0, 2)]) == {(0, 3)}
    assert ring_pairs(judges, [(0, 3)]) == set()
    assert ring_pairs({1: [2], 2: [1]}, [(0, 1)]) == {(0, 2)}

"""The optimum: as good as trying all, on real data as published, and told why where there is none."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from small import all_assignments, best_by_trying, close, problem, problems

from jiebang.engines.assignment.collide import collisions_of_loads
from jiebang.engines.assignment.deletion import starved
from jiebang.engines.assignment.evenness import gini, sums_of_bids
from jiebang.engines.assignment.problem import Assignment, Infeasible, Problem, Quota
from jiebang.engines.assignment.solve import solve
from jiebang.engines.assignment.table import Table
from jiebang.engines.assignment.verify import verify


def solved(item: Problem) -> Assignment:
    answer = solve(item)
    assert isinstance(answer, Assignment), answer
    assert verify(item, answer.pairs).broken == ()
    return answer


@settings(max_examples=80, deadline=None)
@given(problems())
def test_a_flow_is_as_good_as_trying_all_and_its_prices_prove_it(item: Problem) -> None:
    best, answer = best_by_trying(item), solve(item)
    if best is None:
        assert isinstance(answer, Infeasible)
        assert answer.collide
        assert answer.repairs
        return
    assert isinstance(answer, Assignment)
    checked = verify(item, answer.pairs, prices=answer.prices)
    assert checked.holds
    assert close(answer.total, best)
    assert checked.bound is not None
    assert close(checked.bound, best)
    assert answer.optimal


@settings(max_examples=40, deadline=None)
@given(problems(constrained=True))
def test_with_quotas_floors_and_authors_as_good_as_trying_all(item: Problem) -> None:
    best, answer = best_by_trying(item), solve(item)
    if best is None:
        assert isinstance(answer, Infeasible)
        assert answer.proven
        assert answer.collide
        return
    assert isinstance(answer, Assignment)
    assert verify(item, answer.pairs).holds
    assert close(answer.total, best)
    assert answer.optimal


@settings(max_examples=40, deadline=None)
@given(problems())
def test_as_many_earlier_pairs_stay_as_can(item: Problem) -> None:
    keep = tuple((bid, bid % len(item.experts)) for bid in range(len(item.bids)))
    item = replace(item, keep=tuple(pair for pair in keep if pair not in item.barred))
    answer = solve(item)
    held = [pairs for pairs in all_assignments(item) if verify(item, pairs).holds]
    if not held:
        assert isinstance(answer, Infeasible)
        return
    assert isinstance(answer, Assignment)
    kept = [len(set(pairs) & set(item.keep)) for pairs in held]
    best = max(
        verify(item, pairs).total for pairs, count in zip(held, kept, strict=True) if count == max(kept)
    )
    assert len(set(answer.pairs) & set(item.keep)) == max(kept)
    assert close(answer.total, best)


def test_after_a_withdrawal_only_the_gap_is_filled() -> None:
    affinity = np.random.default_rng(1).random((12, 8))
    before = solved(problem(affinity, per_bid=2, high=4))
    leaving = int(before.expert[0])
    item = problem(affinity, per_bid=2, high=4, keep=tuple(p for p in before.pairs if p[1] != leaving))
    high = item.max_load.copy()
    high[leaving] = 0
    for more in ({}, {"floor": 0.0}):
        after = solved(replace(item, max_load=high, **more))
        assert set(item.keep) <= set(after.pairs)


def test_pairs_are_priced_in_where_the_first_columns_do_not_do() -> None:
    """Sixty bids that all love the same twenty experts: most must be given somebody outside the first columns."""
    affinity = np.random.default_rng(2).random((60, 80)) * 0.1
    affinity[:, :20] += 0.9
    answer = solved(problem(affinity, per_bid=3, low=2, high=3))
    assert verify(problem(affinity, per_bid=3, low=2, high=3), answer.pairs, prices=answer.prices).bound == (
        pytest.approx(answer.total, abs=1e-3)
    )


def test_a_large_problem_with_a_quota_is_priced_and_bounded() -> None:
    rng = np.random.default_rng(3)
    marks = {"country": tuple(f"c{at}" for at in rng.integers(0, 9, 160))}
    item = problem(
        rng.random((200, 160)), per_bid=3, high=5, marks=marks, quotas=(Quota(mark="country", most=1),)
    )
    answer = solved(item)
    assert answer.total <= answer.bound + 1e-9
    assert answer.gap < 1e-4


def test_the_small_conferences_have_their_proven_optimum(data: Path) -> None:
    for name, most, optimum in (("preflib1", 6, 124.25), ("preflib2", 7, 141.5)):
        lines = (data / "reviewer_bids" / f"{name}.in").read_text().splitlines()
        papers = int(lines[0].split()[0])
        affinity = [[float(word) for word in line.split()] for line in lines[1 : papers + 1]]
        assert solved(problem(affinity, per_bid=3, high=most)).total == optimum


def test_the_real_affinities_of_a_conference(data: Path) -> None:
    folder = data / "fair_matching"
    affinity = np.load(folder / "scores.npy").T
    item = replace(
        problem(affinity, per_bid=3), min_load=np.load(folder / "loads-lb.npy").astype(int),
        max_load=np.load(folder / "loads.npy").astype(int),
    )  # fmt: skip
    assert solved(item).total == pytest.approx(150.0431, abs=1e-4)


def test_bids_that_ask_for_more_than_their_experts_can_take_are_named() -> None:
    item = problem(
        np.ones((4, 3)),
        per_bid=1,
        high=1,
        barred={(0, 2): "conflict", (1, 2): "conflict", (2, 2): "conflict"},
    )
    found = solve(item)
    assert isinstance(found, Infeasible)
    (collision,) = found.collide
    assert collision.code == "assignment.too_few_experts"
    assert collision.params["bids"] == "b0, b1, b2"
    assert collision.params["experts"] == "e0, e1"
    assert collision.params["lacking"] == 1
    assert {item.code for item in found.repairs} >= {"assignment.raise_max_load", "assignment.lift_conflicts"}
    assert isinstance(solve(replace(item, max_load=np.array([2, 1, 1]))), Assignment)


def test_experts_who_are_promised_more_than_there_is_are_named() -> None:
    found = solve(problem(np.ones((2, 3)), per_bid=1, low=1))
    assert isinstance(found, Infeasible)
    assert found.collide[0].code == "assignment.too_few_bids"
    assert found.collide[0].params["lacking"] == 1
    with pytest.raises(ValueError, match="do not collide"):
        collisions_of_loads(problem(np.ones((2, 3))))


def test_quotas_that_collide_are_named_without_those_that_do_not() -> None:
    marks = {"country": ("x", "x", "y"), "sector": ("s", "t", "s")}
    quotas = (Quota(mark="country", most=1), Quota(mark="sector", most=2))
    found = solve(problem(np.ones((2, 3)), per_bid=3, marks=marks, quotas=quotas))
    assert isinstance(found, Infeasible)
    assert [item.params["mark"] for item in found.collide] == ["country"]
    (repair,) = found.repairs
    assert (repair.code, repair.params["most"]) == ("assignment.loosen_most", 2)
    looser = (Quota(mark="country", most=2), quotas[1])
    solved(problem(np.ones((2, 3)), per_bid=3, marks=marks, quotas=looser))


def test_collisions_that_stand_apart_are_repaired_together() -> None:
    """Bids of two sectors and experts who know neither: the smallest collision is one quota, the repair is of both."""
    marks = {"sector:a": ("", "", ""), "sector:b": ("", "", ""), "country": ("x", "x", "y")}
    quotas = (
        Quota(mark="country", most=2),
        Quota(mark="sector:a", value="a", least=1, bids=frozenset({0})),
        Quota(mark="sector:b", value="b", least=1, bids=frozenset({1})),
    )
    item = problem(np.ones((2, 3)), per_bid=2, marks=marks, quotas=quotas)
    found = solve(item)
    assert isinstance(found, Infeasible)
    assert len(found.collide) == 1
    first, *repairs = found.repairs
    assert first.code == "assignment.all_together"
    told = {repair.params["mark"]: repair.params.get("least", 0) for repair in repairs}
    assert told == {"sector:a": 0, "sector:b": 0}
    assert {repair.code for repair in repairs} == {"assignment.drop_quota"}
    loosened = tuple(replace(quota, least=told.get(quota.mark, quota.least)) for quota in quotas)
    solved(replace(item, quotas=loosened))
    one = tuple(replace(quota, least=0) if quota.mark == "sector:a" else quota for quota in quotas)
    assert isinstance(solve(replace(item, quotas=one)), Infeasible)


@given(problems(constrained=True))
def test_a_bid_without_enough_open_experts_is_seen_at_once_and_never_wrongly(item: Problem) -> None:
    quotas_alone = replace(item, floor=None, authors=(), min_load=item.min_load * 0)
    if starved(quotas_alone):
        assert best_by_trying(quotas_alone) is None


def test_a_floor_and_a_quota_give_way_only_as_far_as_they_must() -> None:
    marks = {"sector": ("s", "s", ""), "country": ("x", "x", "x")}
    quotas = (Quota(mark="country", most=1), Quota(mark="sector", value="s", least=1))
    item = problem(np.full((1, 3), 0.4), per_bid=2, marks=marks, quotas=quotas, floor=0.9)
    found = solve(item)
    assert isinstance(found, Infeasible)
    codes = [repair.code for repair in found.repairs]
    assert codes[0] == "assignment.all_together"
    assert set(codes[1:]) == {"assignment.loosen_most", "assignment.lower_floor"}
    by = {repair.code: repair.params for repair in found.repairs}
    assert by["assignment.loosen_most"]["most"] == 2
    floor = by["assignment.lower_floor"]["floor"]
    assert isinstance(floor, float)
    assert 0.79 <= floor <= 0.8
    solved(replace(item, quotas=(replace(quotas[0], most=2), quotas[1]), floor=floor))


def test_a_floor_too_high_is_told_with_one_that_can_be_kept() -> None:
    found = solve(problem([[0.9, 0.8], [0.5, 0.2]], per_bid=1, high=1, floor=0.7))
    assert isinstance(found, Infeasible)
    assert "assignment.floor" in [item.code for item in found.collide]
    (floor,) = [item.params["floor"] for item in found.repairs if item.code == "assignment.lower_floor"]
    solved(problem([[0.9, 0.8], [0.5, 0.2]], per_bid=1, high=1, floor=floor))
    assert isinstance(floor, float)
    assert 0.49 <= floor <= 0.5


def test_evenness_is_bought_with_total_down_to_the_least() -> None:
    affinity = np.random.default_rng(5).random((8, 8)) ** 2
    best = solved(problem(affinity, per_bid=2, high=2))
    item = problem(affinity, per_bid=2, high=2, least_total=best.total * 0.9)
    even = solved(item)
    assert best.total * 0.9 <= even.total
    assert gini(sums_of_bids(item, even.bid, even.affinity)) <= gini(
        sums_of_bids(item, best.bid, best.affinity)
    )


def test_gini_of_known_sums() -> None:
    assert gini(np.array([1.0, 1.0, 1.0])) == 0
    assert gini(np.array([0.0, 0.0, 0.0, 1.0])) == pytest.approx(0.75)
    assert gini(np.zeros(3)) == 0


def test_equal_problems_have_equal_answers() -> None:
    affinity = np.ones((6, 5))
    items = [problem(affinity, per_bid=2, high=3, floor=1.0) for _ in range(2)]
    assert solved(items[0]).pairs == solved(items[1]).pairs
    assert isinstance(items[0].affinity, Table)

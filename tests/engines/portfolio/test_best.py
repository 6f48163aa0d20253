"""The best portfolio against every possible choice, whichever way it was proven, and what is said where nothing is."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiebang.engines.portfolio import best as room
from jiebang.engines.portfolio import program
from jiebang.engines.portfolio.best import best, best_set
from jiebang.engines.portfolio.ground import FAR
from jiebang.engines.portfolio.problem import Collision, Limit, Portfolio, Problem, Swap, Unproven


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to nine bids of few different values, two challenges with money and places each, and a quota over both."""
    count = draw(st.integers(1, 9))
    part = draw(st.lists(st.integers(0, 1), min_size=count, max_size=count))
    values = draw(st.lists(st.sampled_from([-3, 0, 4, 5, 5, 6, 9]), min_size=count, max_size=count))
    money = draw(st.lists(st.integers(0, 7), min_size=count, max_size=count))
    marked = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    limits = [
        Limit(
            name=f"money {one}",
            most=draw(st.integers(0, 40)),
            weights={at: 3 * money[at] for at in range(count) if part[at] == one},
        )
        for one in (0, 1)
    ]
    limits += [
        Limit(name=f"places {one}", weights={at: 1 for at in range(count) if part[at] == one}, most=draw(st.integers(1, 4)))
        for one in (0, 1)
    ]  # fmt: skip
    least, most = draw(st.sampled_from([(None, 2), (1, None), (1, 2), (2, 2)]))
    limits.append(
        Limit(name="mark", weights={at: 1 for at in range(count) if marked[at]}, least=least, most=most)
    )
    parts = draw(st.sampled_from([(), tuple(part)]))
    return Problem(values=tuple(values), limits=tuple(limits), parts=parts)


def every(problem: Problem) -> list[frozenset[int]]:
    """All sets within the limits."""
    sets = (
        frozenset(at for at, bit in enumerate(bits) if bit)
        for bits in product((0, 1), repeat=len(problem.values))
    )
    return [some for some in sets if all(limit.holds(some) for limit in problem.limits)]


def preferred(problem: Problem, sets: list[frozenset[int]], near: frozenset[int]) -> frozenset[int]:
    """The greatest sum; of equals the one that keeps most of `near`; of these the one with the earliest bid in which two
    differ."""
    order = range(len(problem.values))
    return max(
        sets, key=lambda some: (problem.worth(some), len(some & near), [item in some for item in order])
    )


@settings(max_examples=150, deadline=None)
@given(problem=problems())
def test_every_choice_is_no_better_and_every_swap_is_the_best_that_holds_the_bid(problem: Problem) -> None:
    sets, found = every(problem), best(problem)
    if not sets:
        assert isinstance(found, Collision)
        assert best_set(problem) is None
        return
    assert isinstance(found, Portfolio)
    assert found.chosen == best_set(problem) == preferred(problem, sets, frozenset())
    assert found.value == problem.worth(found.chosen)
    for item in set(range(len(problem.values))) - found.chosen:
        holding = [some for some in sets if item in some]
        if not holding:
            assert found.swaps[item] is None
            continue
        other = preferred(problem, holding, found.chosen)
        loss = found.value - problem.worth(other)
        assert found.swaps[item] == Swap(found.chosen - other, other - found.chosen - {item}, loss)


@settings(max_examples=40, deadline=None)
@given(problem=problems())
def test_the_integer_program_agrees_with_the_search(problem: Problem) -> None:
    searched = best(problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "SETS", 0)
        proven = best(problem)
    assert type(proven) is type(searched)
    if isinstance(searched, Portfolio) and isinstance(proven, Portfolio):
        assert proven.chosen == searched.chosen
        assert _losses(proven) == _losses(searched)
        assert {at: swap and len(swap.out) for at, swap in proven.swaps.items()} == {
            at: swap and len(swap.out) for at, swap in searched.swaps.items()
        }


def _losses(found: Portfolio) -> dict[int, int | None]:
    return {item: swap and swap.loss for item, swap in found.swaps.items()}


def test_sums_beyond_what_arrays_hold_are_left_to_the_program() -> None:
    money = Limit(name="money", weights={0: FAR, 1: FAR, 2: 2 * FAR}, most=2 * FAR)
    assert best_set(Problem(values=(3, 4, 6), limits=(money,))) == {0, 1}


def test_parts_change_no_answer_on_a_whole_call() -> None:
    """Six challenges of eight bids under a quota over all: with parts, without, and by the integer program."""
    values = tuple(60 + (37 * at) % 41 for at in range(48))
    money = [
        Limit(name=f"money {one}", weights={at: 10 + (29 * at) % 23 for at in range(one, 48, 6)}, most=70)
        for one in range(6)
    ]
    marks = [dict.fromkeys(range(one, 48, 5), 1) for one in range(5)]
    quota = [Limit(name=f"mark {one}", weights=held, least=2, most=4) for one, held in enumerate(marks)]
    whole = Problem(values=values, limits=(*money, *quota))
    parted = Problem(values=values, limits=whole.limits, parts=tuple(at % 6 for at in range(48)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "SETS", 0)
        known = best_set(whole)
    assert best_set(parted) == best_set(whole) == known


def test_a_search_that_ends_without_a_proof_says_how_near_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SETS", 0)
    monkeypatch.setattr(program, "OPTIONS", {**program.OPTIONS, "mip_max_nodes": 1})
    sizes = {at: 100 + (61 * at) % 97 for at in range(40)}
    limits = tuple(
        Limit(name=str(turn), weights={at: sizes[(at * turn) % 40] for at in sizes}, most=1500) for turn in (1, 3, 7, 9)
    )  # fmt: skip
    hard = Problem(values=tuple(sizes[(at * 11) % 40] for at in sizes), limits=limits)
    with pytest.raises(Unproven) as told:
        best(hard)
    assert told.value.chosen is not None
    assert all(limit.holds(told.value.chosen) for limit in limits)
    assert 0 < told.value.gap < 0.2

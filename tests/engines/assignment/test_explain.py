"""Every pair says what stood in the way of the next one; a stored assignment says what it breaks."""

import numpy as np
import pytest
from small import problem

from jiebang.engines.assignment.explain import Explanation, explain
from jiebang.engines.assignment.problem import Assignment, Problem, Quota
from jiebang.engines.assignment.solve import solve
from jiebang.engines.assignment.verify import verify


def explained(item: Problem) -> tuple[Explanation, ...]:
    answer = solve(item)
    assert isinstance(answer, Assignment)
    return explain(item, answer)


def codes(item: Problem) -> list[str]:
    return [found.binding.code.removeprefix("assignment.") for found in explained(item)]


def test_the_greatest_and_the_least_load_bind() -> None:
    first, second = explained(problem([[0.9, 0.1], [0.8, 0.3]], high=1))
    assert (first.binding.code, first.rank, first.runner_up) == ("assignment.fits_no_better", 1, 1)
    assert (second.binding.code, second.rank, second.runner_up) == ("assignment.is_full", 2, 0)
    assert second.price_of_runner_up - second.price >= 0.5
    assert codes(problem([[0.9, 0.1], [0.8, 0.3]], low=1))[1] == "needs_its_least"


def test_a_quota_a_ring_and_nobody_bind() -> None:
    marks = {"country": ("x", "x", "y")}
    quota = problem([[0.9, 0.8, 0.1]], per_bid=2, marks=marks, quotas=(Quota(mark="country", most=1),))
    assert codes(quota) == ["fits_no_better", "quota_binds"]
    authors = ((0, 0), (1, 1))
    ring = problem([[0, 0.9, 0.5], [0.9, 0, 0.4]], authors=authors, barred=dict.fromkeys(authors, "author"))
    assert codes(ring) == ["would_ring", "fits_no_better"]
    assert codes(problem([[0.5]])) == ["nobody_else"]


def test_what_is_kept_and_what_is_even_bind() -> None:
    assert codes(problem([[0.9, 0.1]], keep=((0, 1),))) == ["is_kept"]


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ([(0, 0), (1, 0)], "wrong_load"),
        ([(0, 0)], "wrong_number"),
        ([(0, 2), (1, 1)], "barred_pair"),
        ([(0, 0), (0, 0), (1, 1)], "pair_twice"),
        ([(0, 0), (1, 7)], "unknown_pair"),
    ],
)
def test_a_stored_assignment_says_what_it_breaks(pairs: list[tuple[int, int]], code: str) -> None:
    item = problem(np.ones((2, 3)), high=1, barred={(0, 2): "family"})
    assert f"assignment.{code}" in [found.code for found in verify(item, pairs).broken]
    assert verify(item, [(0, 0), (1, 1)]).holds


def test_quota_floor_total_and_ring_of_a_stored_assignment() -> None:
    marks = {"country": ("x", "x", "y")}
    authors = ((0, 0), (1, 1))
    item = problem(
        np.full((2, 3), 0.5), per_bid=1, floor=0.6, least_total=2.0, marks=marks, authors=authors,
        quotas=(Quota(mark="country", value="y", least=1),),
    )  # fmt: skip
    found = [item.code for item in verify(item, [(0, 1), (1, 0)]).broken]
    assert set(found) == {
        f"assignment.{end}" for end in ("quota_broken", "below_floor", "below_total", "ring")
    }

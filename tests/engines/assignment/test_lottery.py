"""The lottery: under the cap, fair to its probabilities, and the same for the same seed."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import problem, problems

from jiebang.engines.assignment.lottery import PARTS, Lottery, commitment, draw, lottery
from jiebang.engines.assignment.problem import Infeasible, Problem
from jiebang.engines.assignment.verify import verify

AFFINITY = np.random.default_rng(4).random((6, 5))


def lots(item: Problem) -> Lottery:
    found = lottery(item)
    assert isinstance(found, Lottery), found
    return found


@settings(max_examples=100, deadline=None)
@given(problems(), st.binary(min_size=1, max_size=8))
def test_every_draw_keeps_loads_and_conflicts(item: Problem, seed: bytes) -> None:
    found = lottery(item)
    if isinstance(found, Lottery):
        assert verify(item, draw(item, found, seed=seed).pairs).holds


def test_no_pair_is_above_the_cap_and_bids_have_their_whole_number() -> None:
    found = lots(problem(AFFINITY, per_bid=2, high=4, cap=0.55))
    assert found.greatest <= 0.55
    assert np.bincount(found.bid, weights=found.parts).tolist() == [2 * PARTS] * 6


def test_without_a_cap_the_expected_total_is_the_best() -> None:
    free, capped = lots(problem(AFFINITY, high=2)), lots(problem(AFFINITY, high=2, cap=0.5))
    assert free.greatest == 1.0
    assert capped.expected < free.expected


def test_pairs_are_drawn_as_often_as_they_are_probable() -> None:
    item = problem(AFFINITY, per_bid=2, high=4, cap=0.55)
    found, rounds = lots(item), 2000
    counts = Counter(
        pair for turn in range(rounds) for pair in draw(item, found, seed=turn.to_bytes(4, "big")).pairs
    )
    for bid, expert, parts in zip(
        found.bid.tolist(), found.expert.tolist(), found.parts.tolist(), strict=True
    ):
        assert counts[bid, expert] / rounds == pytest.approx(parts / PARTS, abs=0.05)


def test_the_same_seed_draws_the_same_and_a_commitment_is_its_hash() -> None:
    item = problem(AFFINITY, per_bid=2, high=4, cap=0.55)
    found = lots(item)
    assert draw(item, found, seed=b"a").pairs == draw(item, lots(item), seed=b"a").pairs
    assert len({draw(item, found, seed=bytes([turn])).pairs for turn in range(20)}) > 1
    assert commitment(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_cap_too_low_is_told_with_the_lowest_that_can_be_kept() -> None:
    found = lottery(problem(np.ones((2, 3)), per_bid=2, cap=0.5))
    assert isinstance(found, Infeasible)
    assert found.collide[0].code == "assignment.cap"
    assert found.repairs[0].params["cap"] == 0.667


def test_loads_that_collide_do_so_without_a_cap() -> None:
    found = lottery(problem(np.ones((2, 1)), per_bid=2, cap=0.5))
    assert isinstance(found, Infeasible)
    assert found.collide[0].code == "assignment.too_few_experts"

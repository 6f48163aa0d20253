"""Small problems, and their best assignment by trying all."""

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from hypothesis import strategies as st

from jiebang.engines.assignment.problem import Pair, Problem, Quota
from jiebang.engines.assignment.table import Table
from jiebang.engines.assignment.verify import verify

OF_ONE = (
    Quota(mark="m", value="x", least=1, bids=frozenset({0})),
    Quota(mark="m", most=1, bids=frozenset({1})),
)


def problem(affinity: Any, *, per_bid: Any = 1, low: Any = 0, high: Any = 9, **more: Any) -> Problem:
    values = np.array(affinity, dtype=float)
    bids, experts = values.shape
    barred = more.get("barred", {})
    return Problem(
        bids=tuple(f"b{at}" for at in range(bids)), experts=tuple(f"e{at}" for at in range(experts)),
        affinity=Table(values, conflicts=barred), per_bid=np.full(bids, per_bid), min_load=np.full(experts, low),
        max_load=np.full(experts, high), **more,
    )  # fmt: skip


def all_assignments(item: Problem) -> Iterator[list[Pair]]:
    """Every choice of the right number of open experts for each bid."""
    open_to = [
        np.flatnonzero(np.isfinite(item.affinity.rows(bid, bid + 1)[0])).tolist()
        for bid in range(len(item.bids))
    ]
    choices = [itertools.combinations(open_to[bid], int(item.per_bid[bid])) for bid in range(len(item.bids))]
    for chosen in itertools.product(*(list(choice) for choice in choices)):
        yield [(bid, expert) for bid, experts in enumerate(chosen) for expert in experts]


def best_by_trying(item: Problem) -> float | None:
    """The greatest total of an assignment that keeps everything; None where there is none."""
    kept = [found for pairs in all_assignments(item) if (found := verify(item, pairs)).holds]
    return max((found.total for found in kept), default=None)


@st.composite
def problems(draw: st.DrawFn, *, constrained: bool = False) -> Problem:
    """Two or three bids, two to four experts, hundredths as affinities, loads, conflicts, perhaps further constraints."""
    bids, experts = draw(st.integers(2, 3)), draw(st.integers(2, 4))
    values = draw(
        st.lists(
            st.lists(st.integers(0, 100), min_size=experts, max_size=experts), min_size=bids, max_size=bids
        )
    )
    pairs = st.tuples(st.integers(0, bids - 1), st.integers(0, experts - 1))
    authors = tuple(draw(st.lists(pairs, max_size=4, unique=True))) if constrained else ()
    barred = dict.fromkeys(draw(st.lists(pairs, max_size=2)), "conflict") | dict.fromkeys(authors, "author")
    low = draw(st.integers(0, 1))
    more: dict[str, Any] = {}
    if constrained:
        texts = tuple(draw(st.lists(st.sampled_from(["", "x", "y"]), min_size=experts, max_size=experts)))
        quota = draw(
            st.sampled_from([(), (Quota(mark="m", most=1),), (Quota(mark="m", value="x", least=1),), OF_ONE])
        )
        floor = draw(st.sampled_from([None, 0.3, 0.9]))
        more = {"marks": {"m": texts}, "quotas": quota, "floor": floor, "authors": authors}
    return problem(
        np.array(values) / 100, per_bid=draw(st.integers(1, 2)), low=low, high=draw(st.integers(low, 3)),
        barred=barred, **more,
    )  # fmt: skip


def close(one: float, two: float) -> bool:
    return math.isclose(one, two, abs_tol=1e-5)

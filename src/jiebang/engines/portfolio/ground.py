"""A problem as arrays of whole numbers: what every search of it stands on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from jiebang.engines.portfolio.problem import Problem
from jiebang.engines.portfolio.relaxation import Row
from jiebang.engines.portfolio.states import Ints, Truths, words_of

FAR = 1 << 61  # beyond every sum that is counted


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """`columns`: what each bid adds to each row; the rows' ends; the part of each bid, and the rows that lie within one part.

    `least` remembers how much a part falls short at least.
    """

    problem: Problem
    columns: Ints
    low: Ints
    high: Ints
    parts: Sequence[int]
    own: dict[int, Truths]
    words: Ints
    values: Ints
    least: dict[tuple[object, ...], float | None] = field(default_factory=dict)

    @classmethod
    def of(cls, problem: Problem, rows: Sequence[Row]) -> "Ground | None":
        """The problem as arrays; None where its sums are too great for them."""
        ends = [end for row in rows for end in (row.low, row.high) if end is not None]
        sums = [sum(map(abs, row.weights.values())) for row in rows]
        if max([*map(abs, ends), *sums], default=0) >= FAR // 2:
            return None
        columns = np.zeros((len(problem.values), len(rows)), np.int64)
        for at, row in enumerate(rows):
            columns[list(row.weights), at] = list(row.weights.values())
        low = np.array([-FAR if row.low is None else row.low for row in rows], np.int64)
        high = np.array([FAR if row.high is None else row.high for row in rows], np.int64)
        parts = problem.parts or (0,) * len(problem.values)
        return cls(
            problem,
            columns,
            low,
            high,
            parts,
            _own(parts, rows),
            words_of(len(parts)),
            np.array(problem.values, np.int64),
        )

    def easier(self, items: Sequence[int]) -> Truths:
        """Of these bids, whether the first may always stand in the place of the second under every limit."""
        here = self.columns[items]
        more, less = here[:, None] >= here[None], here[:, None] <= here[None]
        return np.asarray((((self.low == -FAR) | more) & ((self.high == FAR) | less)).all(axis=2))

    def first(self, items: Sequence[int], near: Collection[int]) -> Truths:
        """Of these bids, whether the first stands in no set that the second could not better by taking its place:
        turned, `needs`."""
        values = self.problem.values
        order = sorted(items, key=lambda item: (values[item], item in near, -item))
        place = {item: at for at, item in enumerate(order)}
        rank = np.array([place[item] for item in items])
        return np.asarray(self.easier(items) & (rank[:, None] > rank[None]))


def _own(parts: Sequence[int], rows: Sequence[Row]) -> dict[int, Truths]:
    """For each part, in the order of their numbers, which rows weigh its bids alone."""
    within = [{parts[item] for item in row.weights} for row in rows]
    return {part: np.array([found == {part} for found in within], bool) for part in sorted(set(parts))}

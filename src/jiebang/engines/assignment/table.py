"""How well bids and experts fit: a table, or whatever gives out its rows."""

from collections.abc import Iterable, Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

UNIT = 1_000_000  # affinities count in millionths: an optimum is exact to 1e-6 a pair
BLOCK = 1 << 19  # pairs looked at together
LARGEST = 1e3  # size of an affinity, so that no sum of costs leaves 64 bits

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Affinity(Protocol):
    """How well pairs fit, given out by rows, so that a large table need never be in memory at once."""

    @property
    def shape(self) -> tuple[int, int]:
        """Bids x experts."""

    def rows(self, start: int, stop: int) -> Floats:
        """Affinities of the bids from `start` to before `stop`, (stop - start) x experts; -inf: never together."""


class Table:
    """Affinities that are in memory, with the pairs that must never meet. `copy` False uses the caller's own array."""

    def __init__(
        self, values: Floats, *, conflicts: Iterable[tuple[int, int]] = (), copy: bool = True
    ) -> None:
        self._values = np.array(values, dtype=np.float64) if copy else np.asarray(values, dtype=np.float64)
        for bid, expert in conflicts:
            self._values[bid, expert] = -np.inf

    @property
    def shape(self) -> tuple[int, int]:
        """Bids x experts."""
        rows, columns = self._values.shape
        return rows, columns

    def rows(self, start: int, stop: int) -> Floats:
        """A view on the rows."""
        return self._values[start:stop]


def blocks(affinity: Affinity) -> Iterator[tuple[int, Floats]]:
    """Costs of all pairs, by blocks of bids: the first bid of each block, and its costs (bids of the block x experts).

    A cost is a whole number of millionths, less is better, held exactly in a double; inf: never together.
    """
    bids, experts = affinity.shape
    step = max(1, BLOCK // max(experts, 1))
    for start in range(0, bids, step):
        yield start, np.rint(affinity.rows(start, min(bids, start + step)) * -float(UNIT))

"""How evenly bids are served: a concave utility of each bid's sum of affinities, in straight pieces.

The first piece above the floor counts most, each further one less, the last (above the reach of any bid in an even
assignment) nothing. Maximising the sum pulls up those served worst at the cost of those served best, which lowers the Gini
coefficient (Atkinson, "On the measurement of inequality", 1970) while the total is held by a row of its own.
"""

import numpy as np

from jiebang.engines.assignment.families import Worths
from jiebang.engines.assignment.problem import Problem
from jiebang.engines.assignment.program import Extra
from jiebang.engines.assignment.table import Floats, Ints

PIECES = 6
REACH = 1.25  # of the mean: where a bid is served so well that more counts nothing


def gini(sums: Floats) -> float:
    """The Gini coefficient of sums that are not negative: 0 where all are equal; 0 where all are 0."""
    ordered = np.sort(sums)
    size = len(ordered)
    weight = 2 * np.arange(1, size + 1) - size - 1
    whole = size * float(ordered.sum())
    return float(weight @ ordered) / whole if whole else 0.0


def sums_of_bids(problem: Problem, bid: Ints, affinity: Floats) -> Floats:
    """The sum of affinities of every bid, bids long, from pairs."""
    return np.bincount(bid, weights=affinity, minlength=len(problem.bids)).astype(np.float64)


def pieces(problem: Problem, *, first_row: int) -> tuple[Worths, Extra]:
    """Rows that split each bid's sum into a base and pieces, and the pieces as columns; rows begin at `first_row`."""
    bids = len(problem.bids)
    base = problem.floor if problem.floor is not None else _lowest(problem)
    mean = (problem.least_total or 0.0) / max(bids, 1)
    width = max(REACH * mean - base, abs(mean), 1e-3) / PIECES
    gain = np.append(1 - (np.arange(PIECES) + 0.5) / PIECES, 0.0)
    most = np.append(np.full(PIECES, width), np.inf)
    row = first_row + np.repeat(np.arange(bids), PIECES + 1)
    base_row = np.full(bids, base)
    extra = Extra(np.tile(gain, bids), np.tile(most, bids), row, -np.ones(len(row)))
    return Worths(base_row, base_row), extra


def _lowest(problem: Problem) -> float:
    """What no sum can be below."""
    values = problem.affinity.rows(0, len(problem.bids))
    lowest = float(values[np.isfinite(values)].min(initial=0.0))
    return lowest * int(problem.per_bid.max(initial=0))

"""Scores from order alone: each expert is asked only which of two bids they marked better.

Both are in per cent of the other bids, higher is better whatever the scale was: 50 is the middle, and what a bid gets that
nobody compared with another. Marks of different experts are never compared, so a severe expert harms nobody.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

from jiebang.engines.calibration.panel import Estimate, Panel, rounded
from jiebang.engines.scoring import Exact, deviation, mean

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MIDDLE = Fraction(50)
RIDGE = 0.1  # a normal prior of standard deviation 3.2 on the log-odds scale: even who always wins gets a finite worth
_STEPS = 200
_CLOSE = 1e-12


def borda(panel: Panel, *, lower: bool) -> dict[str, Estimate]:
    """Mean over a bid's experts of the share of their other bids that it beats, a tie counting half; exact.

    The deviation is the standard error of that mean, None below two experts who compared. Source: de Borda 1781, as shares
    because experts judge different numbers of bids.
    """
    shares: dict[str, list[Exact]] = {mark.bid: [] for mark in panel.marks}
    for given in panel.by_expert().values():
        for bid, score in given.items() if len(given) > 1 else ():
            rivals = (other for name, other in given.items() if name != bid)
            points = sum((_point(score, other, lower) for other in rivals), Fraction(0))
            shares[bid].append(100 * points / (len(given) - 1))
    return {bid: _borda(found) for bid, found in shares.items()}


def pairwise(panel: Panel, *, lower: bool) -> dict[str, Estimate]:
    """The chance to be preferred to another bid of the round, averaged over them, by Bradley and Terry (1952).

    Maximum of the likelihood of all comparisons within experts, ties as half a win each, with a small ridge on the worths. The
    deviation follows from the curvature; it takes the comparisons of one expert as independent, so it is rather too small.
    """
    import numpy as np

    bids = sorted({mark.bid for mark in panel.marks})
    row = {bid: at for at, bid in enumerate(bids)}
    wins = np.zeros((len(bids), len(bids)))
    for better, worse, point in _comparisons(panel, lower):
        wins[row[better], row[worse]] += point
        wins[row[worse], row[better]] += 1 - point
    if len(bids) < 2:
        return {bid: Estimate(MIDDLE, None) for bid in bids}
    worth, curvature = _worths(wins)
    chance = _chance(worth)
    np.fill_diagonal(chance, 0)
    slope = chance * (1 - chance) / (len(bids) - 1)
    along = np.diag(slope.sum(axis=1)) - slope
    sd = 100 * np.sqrt(np.einsum("ij,ij->i", along @ np.linalg.inv(curvature), along))
    score = 100 * chance.sum(axis=1) / (len(bids) - 1)
    return {
        bid: Estimate(rounded(float(score[at])), float(rounded(float(sd[at])))) for bid, at in row.items()
    }


def _point(mine: Exact, other: Exact, lower: bool) -> Fraction:
    if mine == other:
        return Fraction(1, 2)
    return Fraction((mine < other) == lower)


def _borda(shares: list[Exact]) -> Estimate:
    if not shares:
        return Estimate(MIDDLE, None)
    spread = deviation(shares)
    return Estimate(mean(shares), None if spread is None else spread / len(shares) ** 0.5)


def _comparisons(panel: Panel, lower: bool) -> Iterator[tuple[str, str, float]]:
    for given in panel.by_expert().values():
        for (first, mine), (second, other) in combinations(given.items(), 2):
            yield first, second, float(_point(mine, other, lower))


def _chance(worth: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """The chance of each to be preferred to each other."""
    import numpy as np

    found: NDArray[np.float64] = 1 / (1 + np.exp(worth[None, :] - worth[:, None]))
    return found


def _worths(wins: "NDArray[np.float64]") -> tuple["NDArray[np.float64]", "NDArray[np.float64]"]:
    """Log-odds worths and the negative second derivative there, by Newton's method with halved steps."""
    import numpy as np

    games = wins + wins.T
    worth = np.zeros(len(wins))
    for _ in range(_STEPS):
        chance = _chance(worth)
        gradient = wins.sum(axis=1) - (games * chance).sum(axis=1) - RIDGE * worth
        slope = games * chance * (1 - chance)
        curvature = np.diag(slope.sum(axis=1) + RIDGE) - slope
        if float(np.abs(gradient).max()) < _CLOSE * max(1.0, float(games.sum())):
            break
        worth = _uphill(wins, worth, np.linalg.solve(curvature, gradient))
    return worth, curvature


def _uphill(
    wins: "NDArray[np.float64]", worth: "NDArray[np.float64]", step: "NDArray[np.float64]"
) -> "NDArray[np.float64]":
    """The step, halved until the likelihood no longer falls."""
    start = _likelihood(wins, worth)
    for _ in range(40):
        if _likelihood(wins, worth + step) >= start:
            break
        step = step / 2
    return worth + step


def _likelihood(wins: "NDArray[np.float64]", worth: "NDArray[np.float64]") -> float:
    import numpy as np

    lost = np.logaddexp(0, worth[None, :] - worth[:, None])
    return -float((wins * lost).sum()) - RIDGE / 2 * float(worth @ worth)

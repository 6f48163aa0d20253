"""Scores from order alone: each expert is asked only which of two bids they marked better.

Both are in per cent of the other bids, higher is better whatever the scale was: 50 is the middle, and what a bid gets that
nobody compared with another. Marks of different experts are never compared, so a severe expert harms nobody.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from jiebang.engines.calibration.panel import Estimate, Panel, Table, rounded, shown
from jiebang.engines.scoring import Exact, deviation, mean

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Ints: TypeAlias = NDArray[np.intp]

MIDDLE = Fraction(50)
RIDGE = 0.1  # a normal prior of standard deviation 3.2 on the log-odds scale: even who always wins gets a finite worth
_STEPS = 200
_CLOSE = 1e-12
_NEAR = 0.01  # a step that promises less than this gains for sure, and the next ones too


def borda(panel: Panel, *, lower: bool) -> dict[str, Estimate]:
    """Mean over a bid's experts of the share of their other bids that it beats, a tie counting half; exact.

    The deviation is the standard error of that mean, None below two experts who compared. Source: de Borda 1781, as shares
    because experts judge different numbers of bids.
    """
    shares: dict[str, list[Exact]] = {mark.bid: [] for mark in panel.marks}
    for given in panel.by_expert().values():
        ordered, rivals = sorted(given.values()), len(given) - 1
        for bid, score in given.items() if rivals else ():
            below, upto = bisect_left(ordered, score), bisect_right(ordered, score)
            beaten = rivals + 1 - upto if lower else below
            shares[bid].append(Fraction(50 * (2 * beaten + upto - below - 1), rivals))
    return {bid: _borda(found) for bid, found in shares.items()}


def pairwise(panel: Panel, *, lower: bool) -> dict[str, Estimate]:
    """The chance to be preferred to another bid of the round, averaged over them, by Bradley and Terry (1952).

    Maximum of the likelihood of all comparisons within experts, ties as half a win each, with a small ridge on the worths. The
    deviation follows from the curvature; it takes the comparisons of one expert as independent, so it is rather too small.
    """
    import numpy as np

    table = panel.table()
    bids = table.bids
    if len(bids) < 2:
        return {bid: Estimate(MIDDLE, None) for bid in bids}
    worth, curvature = _worths(_wins(table, lower))
    chance = 1 / (1 + np.exp(worth[None, :] - worth[:, None]))
    np.fill_diagonal(chance, 0)
    slope = chance * (1 - chance) / (len(bids) - 1)
    along = np.diag(slope.sum(axis=1)) - slope
    sd = (100 * np.sqrt(((along @ np.linalg.inv(curvature)) * along).sum(axis=1))).tolist()
    score = (100 * chance.sum(axis=1) / (len(bids) - 1)).tolist()
    return {bid: Estimate(rounded(score[at]), shown(sd[at])) for at, bid in enumerate(bids)}


def _wins(table: Table, lower: bool) -> "Floats":
    """How often each bid was preferred to each other one; a tie counts half to both."""
    import numpy as np

    count = len(table.bids)
    bid, who = np.array(table.bid), np.array(table.expert)
    place = {score: at for at, score in enumerate(sorted(set(table.score), reverse=lower))}
    given = np.array([place[score] for score in table.score])
    order = np.argsort(who, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(who[order])) + 1)
    pairs = [group[np.array(np.triu_indices(len(group), 1))] for group in groups]
    first, second = np.concatenate(pairs, axis=1)
    points = (np.sign(given[first] - given[second]) + 1) / 2
    won = np.bincount(bid[first] * count + bid[second], points, count * count)
    lost = np.bincount(bid[second] * count + bid[first], 1 - points, count * count)
    return np.asarray((won + lost).reshape(count, count))


def _borda(shares: list[Exact]) -> Estimate:
    if not shares:
        return Estimate(MIDDLE, None)
    spread = deviation(shares)
    return Estimate(mean(shares), None if spread is None else spread / len(shares) ** 0.5)


def _worths(wins: "Floats") -> tuple["Floats", "Floats"]:
    """Log-odds worths and the negative second derivative there, by Newton's method with halved steps."""
    import numpy as np

    games = _Games.of(wins)
    worth = np.zeros(len(wins))
    close = _CLOSE * max(1.0, float(wins.sum()) * 2)
    for _ in range(_STEPS):
        gradient, curvature = games.slopes(worth)
        if float(np.abs(gradient).max()) < close:
            break
        step = np.asarray(np.linalg.solve(curvature, gradient), np.float64)
        worth = worth + step if float(gradient @ step) < _NEAR else games.uphill(worth, step)
    return worth, curvature


@dataclass(frozen=True, slots=True, eq=False)
class _Games:
    """The pairs of bids that anybody compared: how often, and how often the first was preferred."""

    first: "Ints"
    second: "Ints"
    won: "Floats"
    lost: "Floats"

    @classmethod
    def of(cls, wins: "Floats") -> "_Games":
        """Each pair once."""
        import numpy as np

        first, second = np.nonzero(np.triu(wins + wins.T, 1))
        return cls(first, second, wins[first, second], wins[second, first])

    def slopes(self, worth: "Floats") -> tuple["Floats", "Floats"]:
        """The first derivative of the log likelihood, and the second one turned."""
        import numpy as np

        chance = 1 / (1 + np.exp(worth[self.second] - worth[self.first]))
        games, count = self.won + self.lost, len(worth)
        more, bend = self.won - games * chance, games * chance * (1 - chance)
        gradient = (
            np.bincount(self.first, more, count) - np.bincount(self.second, more, count) - RIDGE * worth
        )
        curvature = np.zeros((count, count))
        curvature[self.first, self.second] = curvature[self.second, self.first] = -bend
        curvature[np.diag_indices(count)] = RIDGE - curvature.sum(axis=1)
        return gradient, curvature

    def uphill(self, worth: "Floats", step: "Floats") -> "Floats":
        """The step, halved until the likelihood no longer falls."""
        start = self._likelihood(worth)
        for _ in range(40):
            if self._likelihood(worth + step) >= start:
                break
            step = step / 2
        return worth + step

    def _likelihood(self, worth: "Floats") -> float:
        import numpy as np

        apart = worth[self.second] - worth[self.first]
        lost = self.won * np.logaddexp(0, apart) + self.lost * np.logaddexp(0, -apart)
        return -float(lost.sum()) - RIDGE / 2 * float(worth @ worth)

"""What a committee looks at beside the scores: severity of experts, agreement, and expected ranks. Nothing here decides."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

from jiebang.engines.calibration.panel import Panel, Severity, rounded
from jiebang.engines.scoring import Exact, deviation, mean


def severities(panel: Panel) -> tuple[Severity, ...]:
    """How far each expert marks from the mean of the other experts on the same bids, with its standard error.

    In the order of experts; bids that nobody else marked tell nothing, and an expert without others is left out. The error
    is None at one such bid.
    """
    groups = panel.by_bid()
    found = []
    for expert, given in panel.by_expert().items():
        apart: list[Exact] = [
            Fraction(len(groups[bid]) * score - sum(groups[bid]), len(groups[bid]) - 1)
            for bid, score in given.items()
            if len(groups[bid]) > 1
        ]
        if apart:
            spread = deviation(apart)
            sd = None if spread is None else spread / math.sqrt(len(apart))
            found.append(Severity(expert, float(mean(apart)), sd, len(apart)))
    return tuple(sorted(found, key=lambda one: one.expert))


def alpha(panel: Panel) -> float | None:
    """Krippendorff's alpha for interval scales (2004, chapter 11): 1 full agreement, 0 what chance gives, below worse.

    Missing marks are no harm. None where no bid has two marks, or where all marks are the same.
    """
    groups = [group for group in panel.by_bid().values() if len(group) > 1]
    values = [value for group in groups for value in group]
    expected = _apart(values)
    if not expected:
        return None
    observed = sum((_apart(group) / (len(group) - 1) for group in groups), Fraction(0))
    return float(1 - (len(values) - 1) * observed / expected)


def expected_ranks(scores: Mapping[str, tuple[float, float | None]]) -> dict[str, float | None]:
    """The mean rank of each bid (1 is best) when each score (higher is better) is known up to its normal deviation.

    1 + the chances of all others to be better (Heyard and others 2022), bids taken as independent; None for all where one
    deviation is not known. At 13 significant digits, since no machine need agree with another on more.
    """
    if any(sd is None for _, sd in scores.values()):
        return dict.fromkeys(scores)
    known = [(bid, score, sd or 0.0) for bid, (score, sd) in scores.items()]
    return {
        bid: float(
            rounded(
                1 + sum(_beaten(score, sd, other, spread) for name, other, spread in known if name != bid)
            )
        )
        for bid, score, sd in known
    }


def _beaten(score: float, sd: float, other: float, spread: float) -> float:
    """The chance that the other is truly better; half where nothing tells them apart."""
    both = math.hypot(sd, spread)
    if both == 0:
        return 0.5 if other == score else float(other > score)
    return 0.5 * math.erfc((score - other) / both / math.sqrt(2))


def _apart(values: Sequence[Exact]) -> Fraction:
    """Sum of squared differences over all ordered pairs."""
    return Fraction(2 * (len(values) * sum(value * value for value in values) - sum(values) ** 2))

"""Item means shrunk to the grand mean: few or scattered marks move a bid towards the middle, exactly.

The best linear unbiased prediction in a one-way random effects model whose variances the round itself tells.
"""

from fractions import Fraction

from jiebang.engines.calibration.components import Components
from jiebang.engines.calibration.panel import Estimate, Panel, root
from jiebang.engines.scoring import mean


def shrunken(panel: Panel, found: Components) -> dict[str, Estimate]:
    """Score and posterior standard deviation of each bid; `found.bid` must be above 0.

    With n marks of mean m, grand mean g and s = residual / n: g + (m - g) * bid / (bid + s). The deviation includes what is
    not known of g (Henderson 1975; Robinson 1991, "That BLUP is a good thing").
    """
    groups = panel.by_bid()
    spread = {bid: found.bid + found.residual / len(scores) for bid, scores in groups.items()}
    weight = sum((1 / item for item in spread.values()), Fraction(0))
    grand = sum((mean(scores) / spread[bid] for bid, scores in groups.items()), Fraction(0)) / weight
    result = {}
    for bid, scores in groups.items():
        kept = found.bid / spread[bid]
        variance = found.bid * (1 - kept) + (1 - kept) ** 2 / weight
        result[bid] = Estimate(grand + kept * (mean(scores) - grand), root(variance))
    return result


def plain(panel: Panel, residual: Fraction | None) -> dict[str, Estimate]:
    """The plain means, their standard errors from the residual variance of the whole round (None: unknown)."""
    return {
        bid: Estimate(mean(scores), None if residual is None else root(residual / len(scores)))
        for bid, scores in panel.by_bid().items()
    }

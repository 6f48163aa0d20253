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
    table = panel.table()
    sizes, totals = table.sums(table.bid, len(table.bids))
    spread = {size: found.bid + found.residual / size for size in set(sizes)}
    weight = sum((sizes.count(size) / one for size, one in spread.items()), Fraction(0))
    sums = {
        size: sum(total for of, total in zip(sizes, totals, strict=True) if of == size) for size in spread
    }
    grand = sum((sums[size] * table.unit / size / one for size, one in spread.items()), Fraction(0)) / weight
    result = {}
    for size, one in spread.items():
        kept = found.bid / one
        sd = root(found.bid * (1 - kept) + (1 - kept) ** 2 / weight)
        each, rest = kept * table.unit / size, (1 - kept) * grand
        for bid, of, total in zip(table.bids, sizes, totals, strict=True):
            if of == size:
                result[bid] = Estimate(total * each + rest, sd)
    return result


def plain(panel: Panel, residual: Fraction | None) -> dict[str, Estimate]:
    """The plain means, their standard errors from the residual variance of the whole round (None: unknown)."""
    return {
        bid: Estimate(mean(scores), None if residual is None else root(residual / len(scores)))
        for bid, scores in panel.by_bid().items()
    }

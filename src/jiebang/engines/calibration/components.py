"""Variance components by moments: how much bids differ, how much experts do, and what is left to chance."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from jiebang.engines.calibration.panel import Panel, rounded
from jiebang.engines.scoring import Exact, mean

LEAST_RESIDUAL = Fraction(1, 10**6)  # of the spread: experts who differ by constants alone would leave none


@dataclass(frozen=True, slots=True)
class Components:
    """Variances in squared units of the scale: between bids, between experts, and residual."""

    bid: Fraction
    expert: Fraction
    residual: Fraction

    @property
    def expert_share(self) -> Fraction:
        """Share of the experts in the spread of marks within a bid; 0 where there is none."""
        within = self.expert + self.residual
        return self.expert / within if within else Fraction(0)


def one_way(panel: Panel) -> Components | None:
    """Bids and residual from the analysis of variance of unequal groups (Searle, Casella and McCulloch 1992, 3.6).

    None below two bids or where no bid has two marks. A variance between bids that comes out negative is 0.
    """
    groups = list(panel.by_bid().values())
    count = len(panel.marks)
    if len(groups) < 2 or count == len(groups):
        return None
    within = sum(map(_squares, groups), Fraction(0))
    between = _squares([mark.score for mark in panel.marks]) - within
    residual = within / (count - len(groups))
    size = count - Fraction(sum(len(group) ** 2 for group in groups), count)
    found = (between - (len(groups) - 1) * residual) / size
    return Components(max(found, Fraction(0)), Fraction(0), residual)


def two_way(panel: Panel) -> Components | None:
    """Bids, experts and residual, crossed, by fitting constants (Henderson 1953, method 3): unbiased for unequal numbers.

    None where the marks cannot tell them apart: no degree of freedom is left, all experts mark every bid with the same
    differences, or bids differ no more than chance. A variance between experts that comes out negative is 0.
    """
    bids, experts = panel.by_bid(), panel.by_expert()
    count, parts = len(panel.marks), _linked(panel)
    free = count - len(bids) - len(experts) + len(parts)
    if free < 1 or count in (len(bids), len(experts)):
        return None
    within_bids = sum(map(_squares, bids.values()), Fraction(0))
    within_experts = sum((_squares(list(given.values())) for given in experts.values()), Fraction(0))
    rest = within_bids - _explained(panel, fixed={part[0] for part in parts})
    residual = max(rest / free, (within_bids + within_experts) / count * LEAST_RESIDUAL)
    bid = (within_experts - rest - (len(bids) - len(parts)) * residual) / (count - len(experts))
    expert = (within_bids - rest - (len(experts) - len(parts)) * residual) / (count - len(bids))
    return Components(bid, max(expert, Fraction(0)), residual) if residual > 0 and bid > 0 else None


def _explained(panel: Panel, *, fixed: Collection[str]) -> Fraction:
    """What differences between experts explain of the squares within bids; one expert of each linked part is `fixed`."""
    import numpy as np

    column = {name: at for at, name in enumerate(n for n in sorted(panel.by_expert()) if n not in fixed)}
    system, right = np.zeros((len(column), len(column))), np.zeros(len(column))
    for _, marks in groupby(panel.marks, key=lambda mark: mark.bid):
        group = list(marks)
        centre = mean([mark.score for mark in group])
        known = [(column[mark.expert], mark.score - centre) for mark in group if mark.expert in column]
        at = [place for place, _ in known]
        system[np.ix_(at, at)] -= 1 / len(group)
        system[at, at] += 1
        right[at] += [float(score) for _, score in known]
    return rounded(float(right @ np.linalg.solve(system, right))) if column else Fraction(0)


def _linked(panel: Panel) -> list[list[str]]:
    """The experts in parts: linked by bids that they both marked, directly or through others."""
    found: list[tuple[set[str], set[str]]] = []
    for expert, given in panel.by_expert().items():
        bids, people, apart = set(given), {expert}, []
        for known, others in found:
            if known & bids:
                bids, people = bids | known, people | others
            else:
                apart.append((known, others))
        found = [*apart, (bids, people)]
    return [sorted(people) for _, people in found]


def _squares(scores: Sequence[Exact]) -> Fraction:
    """Sum of squared differences from their mean."""
    return Fraction(sum(score * score for score in scores)) - Fraction(sum(scores)) ** 2 / len(scores)

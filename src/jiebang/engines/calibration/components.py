"""Variance components by moments: how much bids differ, how much experts do, and what is left to chance."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from jiebang.engines.calibration.panel import Panel, Table, rounded

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
    table = panel.table()
    groups, count = len(table.bids), len(table.score)
    if groups < 2 or count == groups:
        return None
    sizes = table.sums(table.bid, groups)[0]
    within = _within(table, table.bid, groups)
    between = _within(table, [0] * count, 1) - within
    residual = within / (count - groups)
    size = count - Fraction(sum(size**2 for size in sizes), count)
    found = (between - (groups - 1) * residual) / size
    return Components(max(found, Fraction(0)), Fraction(0), residual)


def two_way(panel: Panel) -> Components | None:
    """Bids, experts and residual, crossed, by fitting constants (Henderson 1953, method 3): unbiased for unequal numbers.

    None where the marks cannot tell them apart: no degree of freedom is left, all experts mark every bid with the same
    differences, or bids differ no more than chance. A variance between experts that comes out negative is 0.
    """
    table = panel.table()
    bids, experts, parts = len(table.bids), len(table.experts), _linked(table)
    count = len(table.score)
    free = count - bids - experts + len(parts)
    if free < 1 or count in (bids, experts):
        return None
    within_bids, within_experts = _within(table, table.bid, bids), _within(table, table.expert, experts)
    rest = within_bids - _explained(table, fixed={part[0] for part in parts})
    residual = max(rest / free, (within_bids + within_experts) / count * LEAST_RESIDUAL)
    bid = (within_experts - rest - (bids - len(parts)) * residual) / (count - experts)
    expert = (within_bids - rest - (experts - len(parts)) * residual) / (count - bids)
    return Components(bid, max(expert, Fraction(0)), residual) if residual > 0 and bid > 0 else None


def _explained(table: Table, *, fixed: Collection[int]) -> Fraction:
    """What differences between experts explain of the squares within bids; one expert of each linked part is `fixed`."""
    import numpy as np

    free = [at for at in range(len(table.experts)) if at not in fixed]
    if not free:
        return Fraction(0)
    sizes, totals = table.sums(table.bid, len(table.bids))
    marked, apart = np.zeros((2, len(table.bids), len(table.experts)))
    for bid, expert, score in zip(table.bid, table.expert, table.score, strict=True):
        marked[bid, expert] = 1
        apart[bid, expert] = (sizes[bid] * score - totals[bid]) / (sizes[bid] * table.unit.denominator)
    marked, right = marked[:, free], apart[:, free].sum(axis=0)
    system = np.diag(marked.sum(axis=0)) - marked.T @ (marked / np.array(sizes)[:, None])
    return rounded(float(right @ np.linalg.solve(system, right)))


def _linked(table: Table) -> list[list[int]]:
    """The experts in parts: linked by bids that they both marked, directly or through others."""
    part = list(range(len(table.experts)))
    first: dict[int, int] = {}
    for bid, expert in zip(table.bid, table.expert, strict=True):
        other = first.setdefault(bid, expert)
        if part[other] != part[expert]:
            old, new = part[expert], part[other]
            part = [new if number == old else number for number in part]
    found: dict[int, list[int]] = {}
    for expert, number in enumerate(part):
        found.setdefault(number, []).append(expert)
    return list(found.values())


def _within(table: Table, of: Sequence[int], count: int) -> Fraction:
    """Sum of squared differences from the mean of each group; `of` says the group of each mark, out of so many."""
    squares: dict[int, int] = {}
    for size, total in zip(*table.sums(of, count), strict=True):
        squares[size] = squares.get(size, 0) + total**2
    whole = sum(score * score for score in table.score)
    return (
        whole - sum((Fraction(total, size) for size, total in squares.items()), Fraction(0))
    ) * table.unit**2

"""Numbers of a panel: exact aggregates of the scores that several reviewers gave one thing.

Scores are whole numbers or `Fraction`s, so that no aggregate depends on the order of reviews or loses a digit.
A trimmed mean drops one highest and one lowest score from three on, as panels in sport do.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from operator import mul
from typing import TypeAlias

Exact: TypeAlias = int | Fraction
Scores: TypeAlias = Sequence[Exact]
Units: TypeAlias = tuple[Sequence[int], int]  # whole numbers, and how many of them make one


def mean(scores: Scores) -> Fraction:
    """Arithmetic mean of one score or more."""
    return Fraction(sum(scores), len(scores))


def median(scores: Scores) -> Fraction:
    """Middle score; of an even number the mean of the two in the middle."""
    ordered = sorted(scores)
    half = len(ordered) // 2
    return Fraction(ordered[half]) if len(ordered) % 2 else Fraction(ordered[half - 1] + ordered[half], 2)


def trimmed_mean(scores: Scores) -> Fraction:
    """Mean without one highest and one lowest score; below three scores the plain mean."""
    return mean(scores if len(scores) < 3 else sorted(scores)[1:-1])


def deviation(scores: Scores) -> float | None:
    """Sample standard deviation (n - 1), in the unit of the scores; None below two scores."""
    return None if len(scores) < 2 else deviation_in(*units(scores))


def deviation_in(whole: Sequence[int], part: int) -> float | None:
    """The same of whole units of which `part` make one."""
    count = len(whole)
    if count < 2:
        return None
    spread = count * sum(unit * unit for unit in whole) - sum(whole) ** 2
    return math.sqrt(
        spread / (count * (count - 1) * part**2)
    )  # whole numbers are divided exactly, then rounded


def units(numbers: Sequence[Exact]) -> Units:
    """The numbers as whole units, and how many of these make one: sums of fractions cost much more."""
    part = math.lcm(*(number.denominator for number in numbers))
    if part == 1:
        return [number.numerator for number in numbers], 1
    return [number.numerator * (part // number.denominator) for number in numbers], part


def weighted(
    values: Mapping[str, Exact], *, weights: Mapping[str, Exact], total: bool = False
) -> Fraction | None:
    """Weighted mean (or sum) over the keys of `weights`; None when a value is missing or all weights are zero."""
    if any(key not in values for key in weights):
        return None
    (numbers, part), (shares, split) = units([values[key] for key in weights]), units(list(weights.values()))
    whole = split if total else sum(shares)
    return Fraction(sum(map(mul, numbers, shares)), part * whole) if whole else None


def weighted_mean(values: Mapping[str, Exact], *, weights: Mapping[str, Exact]) -> Fraction | None:
    """Mean of the values there are, each with its weight; None where these weigh nothing together."""
    present = {key: weights[key] for key in values}
    return weighted(values, weights=present)


def published_mean(values: Iterable[Exact | float]) -> float:
    """The mean of totals as published tables have it: doubles, added one after the other in the order given.

    May differ from the exact mean in the last digit; `sum` would not do, since Python 3.12 adds doubles more exactly.
    """
    total, count = 0.0, 0
    for value in values:
        total += float(value)
        count += 1
    return total / count


AGGREGATES: Mapping[str, Callable[[Scores], Fraction]] = {
    "mean": mean,
    "median": median,
    "trimmed_mean": trimmed_mean,
}

"""Numbers of a panel: exact aggregates of the scores that several reviewers gave one thing.

Scores are `Fraction`s, so that a mean neither depends on the order of reviews nor loses a digit: as a float it is the
correctly rounded one. A trimmed mean drops one highest and one lowest score from three on, as panels in sport do.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

Scores = Sequence[Fraction]


def mean(scores: Scores) -> Fraction:
    """Arithmetic mean of one score or more."""
    return Fraction(sum(scores), len(scores))


def median(scores: Scores) -> Fraction:
    """Middle score; of an even number the mean of the two in the middle."""
    ordered = sorted(scores)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def trimmed_mean(scores: Scores) -> Fraction:
    """Mean without one highest and one lowest score; below three scores the plain mean."""
    return mean(scores if len(scores) < 3 else sorted(scores)[1:-1])


def deviation(scores: Scores) -> float | None:
    """Sample standard deviation (n - 1), in the unit of the scores; None below two scores."""
    if len(scores) < 2:
        return None
    centre = mean(scores)
    squares: Fraction = sum(((score - centre) ** 2 for score in scores), Fraction(0))
    return math.sqrt(squares / (len(scores) - 1))


def weighted(
    values: Mapping[str, Fraction], *, weights: Mapping[str, Fraction], total: bool = False
) -> Fraction | None:
    """Weighted mean (or sum) over the keys of `weights`; None when a value is missing or all weights are zero."""
    if any(key not in values for key in weights):
        return None
    summed: Fraction = sum((values[key] * weight for key, weight in weights.items()), Fraction(0))
    whole: Fraction = sum(weights.values(), Fraction(0))
    return summed if total else (summed / whole if whole else None)


AGGREGATES: Mapping[str, Callable[[Scores], Fraction]] = {
    "mean": mean,
    "median": median,
    "trimmed_mean": trimmed_mean,
}

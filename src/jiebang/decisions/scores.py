"""From reviews to scores: one for each criterion of a bid, and one overall."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from operator import mul

from jiebang.engines.calibration.calibrate import METHODS, ORDINAL
from jiebang.engines.scoring import (
    AGGREGATES,
    Exact,
    Units,
    deviation,
    deviation_in,
    mean,
    published_mean,
    units,
    weighted_mean,
)
from jiebang.rules.schema import Criterion, Rulebook, Scoring

OVERALL = "overall"


@dataclass(frozen=True, slots=True)
class Mark:
    """One expert's score of one bid on one criterion, on that criterion's scale; `confidence` is the expertise stated."""

    bid: str
    expert: str
    criterion: str
    score: Decimal
    confidence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What the marks come to; None where it cannot be told.

    `mean` is the plain mean (overall: of the experts' totals, in the order of the reviews, as published tables
    have it), `adjusted` the rulebook's aggregate, computed exactly and then rounded once: it ranks. `sd` is the sample
    deviation, None at n = 1; n counts experts, for `overall` those who scored every criterion that counts. `totals` are
    what these experts' marks come to one by one, on the scale of the criteria; of a criterion, their marks on it. `se` is the
    standard error of an overall score, or its posterior deviation where it is calibrated, on the scale of `adjusted`.
    """

    bid: str
    criterion: str
    mean: float | None
    adjusted: float | None
    sd: float | None
    n: int
    totals: tuple[float, ...] = ()
    se: float | None = None

    def calibrated(self, adjusted: float | None, se: float | None) -> "Score":
        """The same marks with another score and its error."""
        return Score(
            bid=self.bid, criterion=self.criterion, mean=self.mean, adjusted=adjusted, sd=self.sd, n=self.n,
            totals=self.totals, se=se,
        )  # fmt: skip

    def spread(self, *, plain: bool) -> tuple[float | None, float | None, float | None]:
        """The score that ranks (or the plain mean), and one sample deviation of the totals to each side of it, where known."""
        middle = self.mean if plain else self.adjusted
        if middle is None or self.sd is None:
            return middle, None, None
        return middle, middle - self.sd, middle + self.sd


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """What the marks on one bid come to before criteria are weighed against each other, exactly.

    `given` are the marks by criterion and expert, `means` and `adjusted` what each criterion with a mark comes to,
    plainly and by the rulebook's aggregate; `experts` stand in the order of the marks.
    """

    bid: str
    given: Mapping[str, Mapping[str, Exact]]
    experts: tuple[str, ...]
    means: Mapping[str, Fraction]
    adjusted: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lined:
    """The same as whole numbers, in the order of the criteria that count and turned so that higher is better where that is
    not the same for all: what is left is to weigh them. None where a criterion that counts has no mark.

    `experts` are those who scored all that counts, in the order of the marks, all in units of which `part` make one; `asked` is
    how many marked at all.
    """

    bid: str
    adjusted: Units | None
    means: Units | None
    experts: Mapping[str, Sequence[int]]
    part: int
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What each expert's marks on one bid come to, exactly: units of which `part` make one."""

    by_expert: Mapping[str, int]
    part: int

    def exact(self) -> dict[str, Fraction]:
        """On the scale of the criteria."""
        return {expert: Fraction(total, self.part) for expert, total in self.by_expert.items()}


def grade(rulebook: Rulebook, *, bid: str, marks: Iterable[Mark]) -> Graded:
    """What the marks on a bid come to by criterion; no weight of a criterion has a part in it."""
    marks = list(marks)
    given = _given(rulebook, marks)
    aggregate = _aggregate(rulebook.scoring, marks)
    found = {key: aggregate(values) for key, values in given.items()}
    return Graded(
        bid=bid, given=given, experts=tuple(dict.fromkeys(mark.expert for mark in marks)),
        means={key: mean(list(values.values())) for key, values in given.items() if values},
        adjusted={key: value for key, value in found.items() if value is not None},
    )  # fmt: skip


def scores(rulebook: Rulebook, *, bid: str, marks: Iterable[Mark]) -> tuple[Score, ...]:
    """The scores of one bid: each criterion of the rulebook in order, then `overall`.

    A criterion of weight 0 is shown and does not count. Overall cannot be told while a criterion that counts has no
    mark. Where better is lower on some criteria only, those enter overall as `minimum + maximum - score`. What is calibrated
    over the whole round stands as plain means here; `calibrated.score_round` puts the calibrated overall in its place.
    """
    graded, weights = grade(rulebook, bid=bid, marks=marks), Weights(rulebook)
    line = lined(weights, graded)
    return (*singles(graded), overall(weights, line, totals(weights, line)))


def singles(graded: Graded) -> tuple[Score, ...]:
    """The scores of a bid by criterion."""
    return tuple(
        Score(
            bid=graded.bid, criterion=key, mean=_float(graded.means.get(key)), adjusted=_float(graded.adjusted.get(key)),
            sd=deviation(list(values.values())), n=len(values), totals=tuple(map(float, values.values())),
        )
        for key, values in graded.given.items()
    )  # fmt: skip


def lined(weights: "Weights", graded: Graded) -> Lined:
    """A bid ready to be weighed, under these weights and all others of the same criteria."""
    adjusted = weights.line(graded.adjusted)
    experts, part = _alone(weights, graded)
    return Lined(
        bid=graded.bid, adjusted=adjusted, asked=len(graded.experts), experts=experts, part=part,
        means=adjusted if graded.means == graded.adjusted else weights.line(graded.means),
    )  # fmt: skip


def _alone(weights: "Weights", graded: Graded) -> tuple[dict[str, Sequence[int]], int]:
    """The marks of each expert who scored all that counts, and the part that is common to all."""
    given = (
        (expert, weights.line({key: values[expert] for key, values in graded.given.items() if expert in values}))
        for expert in graded.experts
    )  # fmt: skip
    known = {expert: line for expert, line in given if line is not None}
    whole = math.lcm(*(part for _, part in known.values()))
    return {
        expert: [number * (whole // part) for number in numbers] for expert, (numbers, part) in known.items()
    }, whole


def overall(weights: "Weights", line: Lined, whole: Totals) -> Score:
    """The overall score of a bid; `whole` are its experts' totals under the same weights."""
    score = weights.weigh(line.adjusted)
    plain = score if line.means is line.adjusted else weights.weigh(line.means)
    if score is not None and whole.by_expert and weights.worst_share:
        worst = (max if weights.lower else min)(whole.by_expert.values())
        score += weights.worst_share * Fraction(worst, whole.part)
    return _overall(line.bid, whole, len(whole.by_expert) == line.asked, plain, score)


def totals(weights: "Weights", line: Lined) -> Totals:
    """What each expert's marks on one bid come to, in the order of the marks; only who scored all that counts."""
    shares = weights.shares[0]
    found = {expert: sum(map(mul, numbers, shares)) for expert, numbers in line.experts.items()}
    return Totals(by_expert=found if weights.whole else {}, part=line.part * weights.whole)


def weight_of(scoring: Scoring | None, confidence: str | None) -> Fraction:
    """What marks with a stated level of expertise weigh under `expertise_weighted`; 1 under every other aggregate."""
    if scoring is None or scoring.aggregate != "expertise_weighted":
        return Fraction(1)
    level = scoring.expertise.get(confidence or "")
    return Fraction(level.weight if level else scoring.unstated_weight)


def enough(rulebook: Rulebook, *, overall: Score) -> bool:
    """Whether as many experts reviewed the bid as the rulebook needs before it can be ranked."""
    needed = rulebook.scoring.reviews_needed if rulebook.scoring else 1
    return not rulebook.criteria or overall.n >= needed


def all_lower(criteria: Mapping[str, Criterion]) -> bool:
    """Whether better is lower on every criterion that counts: then overall stays on their scale, lower is better."""
    counting = [criterion for criterion in criteria.values() if criterion.weight]
    return bool(counting) and all(criterion.lower_is_better for criterion in counting)


def is_calibrated(rulebook: Rulebook) -> bool:
    """Whether a score depends on the marks of other bids, so that the whole round must be scored at once."""
    return rulebook.scoring is not None and rulebook.scoring.aggregate in METHODS


def lower_wins(rulebook: Rulebook) -> bool:
    """Whether the lower score ranks first: all criteria are better lower, and the score stays on their scale."""
    ordinal = rulebook.scoring is not None and rulebook.scoring.aggregate in ORDINAL
    return not ordinal and all_lower(rulebook.criteria)


def _given(rulebook: Rulebook, marks: Iterable[Mark]) -> dict[str, dict[str, Exact]]:
    """Criterion -> expert -> score."""
    given: dict[str, dict[str, Exact]] = {key: {} for key in rulebook.criteria}
    for mark in marks:
        given[mark.criterion][mark.expert] = _exact(mark.score)
    return given


def _aggregate(
    scoring: Scoring | None, marks: Iterable[Mark]
) -> Callable[[Mapping[str, Exact]], Fraction | None]:
    """From the scores of experts to one; None without any, or where none of them weighs anything."""
    name = scoring.aggregate if scoring else "mean"
    if name == "expertise_weighted":
        weights = {mark.expert: weight_of(scoring, mark.confidence) for mark in marks}
        return lambda values: weighted_mean(values, weights=weights)
    exact = AGGREGATES.get(name, mean)
    return lambda values: exact(list(values.values())) if values else None


class Weights:
    """The criteria that count, with exact weights: weighs one value for each into one overall."""

    def __init__(self, rulebook: Rulebook) -> None:
        counting = {key: criterion for key, criterion in rulebook.criteria.items() if criterion.weight}
        self.lower = all_lower(rulebook.criteria)
        self.worst_share = Fraction(rulebook.scoring.worst_share if rulebook.scoring else 0)
        self.weights = {key: _exact(criterion.weight) for key, criterion in counting.items()}
        self.shares = units(list(self.weights.values()))
        summed = rulebook.scoring is not None and rulebook.scoring.combine == "weighted_sum"
        self.whole = self.shares[1] if summed else sum(self.shares[0])
        turned = {} if self.lower else counting
        self.turn = {k: _exact(c.minimum + c.maximum) for k, c in turned.items() if c.lower_is_better}

    def line(self, values: Mapping[str, Exact]) -> Units | None:
        """Values as `weigh` takes them; None while a criterion that counts has none, or none counts."""
        if not self.weights or any(key not in values for key in self.weights):
            return None
        return units([self._turned(key, values[key]) for key in self.weights])

    def weigh(self, line: Units | None) -> Fraction | None:
        """One overall value of a line."""
        if line is None or not self.whole:
            return None
        return Fraction(sum(map(mul, line[0], self.shares[0])), line[1] * self.whole)

    def parts(self, graded: Graded) -> dict[str, Exact]:
        """What each criterion adds to a bid's score, higher being better, up to a factor that all bids share."""
        sign = -1 if self.lower else 1
        found = graded.adjusted
        return {
            key: sign * weight * self._turned(key, found.get(key, 0)) for key, weight in self.weights.items()
        }

    def _turned(self, key: str, value: Exact) -> Exact:
        return self.turn[key] - value if key in self.turn else value


def _overall(
    bid: str, whole: Totals, complete: bool, plain: Fraction | None, adjusted: Fraction | None
) -> Score:
    units = list(whole.by_expert.values())
    shown = tuple(unit / whole.part for unit in units)
    return Score(
        bid=bid, criterion=OVERALL, mean=published_mean(shown) if complete and shown else _float(plain),
        adjusted=_float(adjusted), sd=deviation_in(units, whole.part), n=len(units), totals=shown,
    )  # fmt: skip


def _exact(number: Decimal) -> Exact:
    whole = number == number.to_integral_value()
    return int(number) if whole else Fraction(number)


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)

"""From reviews to scores: one for each criterion of a bid, and one overall."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from jiebang.engines.scoring import AGGREGATES, deviation, mean, weighted
from jiebang.rules.schema import Criterion, Rulebook, Scoring

OVERALL = "overall"


@dataclass(frozen=True, slots=True)
class Mark:
    """One expert's score of one bid on one criterion, on that criterion's scale."""

    bid: str
    expert: str
    criterion: str
    score: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What the marks come to. `mean` is the plain mean, `adjusted` the rulebook's aggregate, which ranks.

    `sd` is the sample deviation (None at n = 1), n how many experts gave it. None where it cannot be told.
    """

    bid: str
    criterion: str
    mean: Fraction | None
    adjusted: Fraction | None
    sd: float | None
    n: int


def scores(rulebook: Rulebook, *, bid: str, marks: Iterable[Mark]) -> tuple[Score, ...]:
    """The scores of one bid: each criterion of the rulebook in order, then `overall`.

    A criterion of weight 0 is shown and does not count. Overall cannot be told while a criterion that counts has no
    mark. Where better is lower on some criteria only, those enter overall as `minimum + maximum - score`.
    """
    given: dict[str, dict[str, Fraction]] = {key: {} for key in rulebook.criteria}
    for mark in marks:
        given[mark.criterion][mark.expert] = Fraction(mark.score)
    rule = rulebook.scoring
    singles = [_single(bid, key, list(values.values()), rule) for key, values in given.items()]
    return (*singles, _overall(rulebook, bid, singles, given))


def enough(rulebook: Rulebook, *, overall: Score) -> bool:
    """Whether as many experts reviewed the bid as the rulebook needs before it can be ranked."""
    needed = rulebook.scoring.reviews_needed if rulebook.scoring else 1
    return not rulebook.criteria or overall.n >= needed


def all_lower(criteria: Mapping[str, Criterion]) -> bool:
    """Whether better is lower on every criterion that counts: then overall stays on their scale, lower is better."""
    counting = [criterion for criterion in criteria.values() if criterion.weight]
    return bool(counting) and all(criterion.lower_is_better for criterion in counting)


def _single(bid: str, criterion: str, values: Sequence[Fraction], rule: Scoring | None) -> Score:
    if not values:
        return Score(bid=bid, criterion=criterion, mean=None, adjusted=None, sd=None, n=0)
    aggregate = AGGREGATES[rule.aggregate if rule else "mean"]
    return Score(
        bid=bid,
        criterion=criterion,
        mean=mean(values),
        adjusted=aggregate(values),
        sd=deviation(values),
        n=len(values),
    )


def _overall(
    rulebook: Rulebook, bid: str, singles: Sequence[Score], given: Mapping[str, Mapping[str, Fraction]]
) -> Score:
    experts = sorted({expert for values in given.values() for expert in values})
    each = [
        _combine(rulebook, {key: values[e] for key, values in given.items() if e in values}) for e in experts
    ]
    whole = [value for value in each if value is not None]
    return Score(
        bid=bid,
        criterion=OVERALL,
        mean=_combine(rulebook, {score.criterion: score.mean for score in singles if score.mean is not None}),
        adjusted=_combine(
            rulebook, {score.criterion: score.adjusted for score in singles if score.adjusted is not None}
        ),
        sd=deviation(whole),
        n=len(whole),
    )


def _combine(rulebook: Rulebook, values: Mapping[str, Fraction]) -> Fraction | None:
    counting = {key: criterion for key, criterion in rulebook.criteria.items() if criterion.weight}
    total = rulebook.scoring is not None and rulebook.scoring.combine == "weighted_sum"
    weights = {key: Fraction(criterion.weight) for key, criterion in counting.items()}
    if not weights:
        return None
    turn = not all_lower(counting)
    turned = {key: _better(values[key], counting[key], turn) for key in counting if key in values}
    return weighted(turned, weights=weights, total=total)


def _better(value: Fraction, criterion: Criterion, turn: bool) -> Fraction:
    if turn and criterion.lower_is_better:
        return Fraction(criterion.minimum) + Fraction(criterion.maximum) - value
    return value

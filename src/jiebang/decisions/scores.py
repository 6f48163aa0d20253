"""From reviews to scores: one for each criterion of a bid, and one overall."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from jiebang.engines.scoring import AGGREGATES, Exact, deviation, mean, published_mean, weighted
from jiebang.rules.schema import Criterion, Rulebook

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
    """What the marks come to; None where it cannot be told.

    `mean` is the plain mean (overall: of the experts' totals, in the order of the reviews, as published tables
    have it), `adjusted` the rulebook's aggregate, computed exactly and then rounded once: it ranks. `sd` is the sample
    deviation, None at n = 1; n counts experts, for `overall` those who scored every criterion that counts. `totals` are
    what these experts' marks come to one by one, on the scale of `adjusted`; of a criterion, their marks on it.
    """

    bid: str
    criterion: str
    mean: float | None
    adjusted: float | None
    sd: float | None
    n: int
    totals: tuple[float, ...] = ()

    @property
    def band(self) -> tuple[float, float] | None:
        """One sample deviation of the totals to each side of what ranks; None where fewer than two experts scored."""
        if self.adjusted is None or self.sd is None:
            return None
        return self.adjusted - self.sd, self.adjusted + self.sd


def scores(rulebook: Rulebook, *, bid: str, marks: Iterable[Mark]) -> tuple[Score, ...]:
    """The scores of one bid: each criterion of the rulebook in order, then `overall`.

    A criterion of weight 0 is shown and does not count. Overall cannot be told while a criterion that counts has no
    mark. Where better is lower on some criteria only, those enter overall as `minimum + maximum - score`.
    """
    given: dict[str, dict[str, Exact]] = {key: {} for key in rulebook.criteria}
    experts: dict[str, None] = {}
    for mark in marks:
        given[mark.criterion][mark.expert] = _exact(mark.score)
        experts.setdefault(mark.expert)
    aggregate = AGGREGATES[rulebook.scoring.aggregate if rulebook.scoring else "mean"]
    means = {key: mean(list(values.values())) for key, values in given.items() if values}
    adjusted = {key: aggregate(list(values.values())) for key, values in given.items() if values}
    singles = [
        Score(
            bid=bid, criterion=key, mean=_float(means.get(key)), adjusted=_float(adjusted.get(key)),
            sd=deviation(list(values.values())), n=len(values), totals=tuple(map(float, values.values())),
        )
        for key, values in given.items()
    ]  # fmt: skip
    panel = _Panel(rulebook)
    totals = [
        panel.combine({key: values[e] for key, values in given.items() if e in values}) for e in experts
    ]
    return (*singles, _overall(bid, totals, panel.combine(means), panel.combine(adjusted)))


def enough(rulebook: Rulebook, *, overall: Score) -> bool:
    """Whether as many experts reviewed the bid as the rulebook needs before it can be ranked."""
    needed = rulebook.scoring.reviews_needed if rulebook.scoring else 1
    return not rulebook.criteria or overall.n >= needed


def all_lower(criteria: Mapping[str, Criterion]) -> bool:
    """Whether better is lower on every criterion that counts: then overall stays on their scale, lower is better."""
    counting = [criterion for criterion in criteria.values() if criterion.weight]
    return bool(counting) and all(criterion.lower_is_better for criterion in counting)


class _Panel:
    """The criteria that count, with exact weights: combines one value for each into one overall."""

    def __init__(self, rulebook: Rulebook) -> None:
        counting = {key: criterion for key, criterion in rulebook.criteria.items() if criterion.weight}
        self.weights = {key: _exact(criterion.weight) for key, criterion in counting.items()}
        self.total = rulebook.scoring is not None and rulebook.scoring.combine == "weighted_sum"
        turned = {} if all_lower(counting) else counting
        self.turn = {k: _exact(c.minimum + c.maximum) for k, c in turned.items() if c.lower_is_better}

    def combine(self, values: Mapping[str, Exact]) -> Fraction | None:
        if not self.weights:
            return None
        better = {key: self.turn[key] - value if key in self.turn else value for key, value in values.items()}
        return weighted(better, weights=self.weights, total=self.total)


def _overall(
    bid: str, totals: Sequence[Fraction | None], plain: Fraction | None, adjusted: Fraction | None
) -> Score:
    whole = [total for total in totals if total is not None]
    complete = whole and len(whole) == len(totals)
    return Score(
        bid=bid, criterion=OVERALL, mean=published_mean(whole) if complete else _float(plain),
        adjusted=_float(adjusted), sd=deviation(whole), n=len(whole), totals=tuple(map(float, whole)),
    )  # fmt: skip


def _exact(number: Decimal) -> Exact:
    whole = number == number.to_integral_value()
    return int(number) if whole else Fraction(number)


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)

"""The scores of a whole round: exact ones bid by bid, and those that are calibrated over all experts and bids together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from jiebang.decisions.scores import (
    Graded,
    Lined,
    Mark,
    Score,
    Weights,
    all_lower,
    grade,
    is_calibrated,
    lined,
    lower_wins,
    overall,
    scores,
    singles,
    totals,
    weight_of,
)
from jiebang.engines.calibration import panel as engine
from jiebang.engines.calibration.calibrate import Terms, calibrate
from jiebang.engines.calibration.components import one_way
from jiebang.engines.calibration.describe import expected_ranks
from jiebang.engines.calibration.panel import Calibration, Panel, root
from jiebang.rules.schema import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The scores of every bid by its id; all experts' totals as a panel; the calibration, where the rulebook has one.

    `bids` is what each bid's own marks come to, before any calibration, `graded` the same before criteria are weighed, and
    `lined` ready for that, of the bids beside too. `first` is the round of a first stage with criteria of its own.
    """

    scores: Mapping[str, tuple[Score, ...]]
    panel: Panel
    calibration: Calibration | None = None
    bids: Mapping[str, tuple[Score, ...]] = field(default_factory=dict)
    graded: Mapping[str, Graded] = field(default_factory=dict)
    lined: Mapping[str, Lined] = field(default_factory=dict)
    first: "Scored | None" = None


def score_round(
    rulebook: Rulebook,
    *,
    bids: Iterable[str],
    marks: Mapping[str, Sequence[Mark]],
    beside: Sequence[Mark] = (),
) -> Scored:
    """The scores of `bids`, whose marks stand in `marks` by bid.

    `beside` are marks of other bids of the same call: they tell what experts and bids are like, and get no score here. A
    calibration works on the experts' totals, so that an expert who left out a criterion that counts takes no part in it.
    """
    here = {bid: marks.get(bid, ()) for bid in bids}
    given = {**_by_bid(beside), **here}
    graded = {bid: grade(rulebook, bid=bid, marks=rows) for bid, rows in given.items()}
    weights = Weights(rulebook)
    lines = {bid: lined(weights, one) for bid, one in graded.items()}
    found = _weighed(rulebook, lines, {bid: singles(graded[bid]) for bid in here}, marks)
    return replace(found, graded=graded, lined=lines)


def weighed_again(rulebook: Rulebook, scored: Scored) -> Scored:
    """The same round under a rulebook in which criteria weigh otherwise, and nothing else is another.

    Without standard errors and a panel where scores are not calibrated.
    """
    return _weighed(rulebook, scored.lined, {bid: rows[:-1] for bid, rows in scored.bids.items()}, None)


def _weighed(
    rulebook: Rulebook, lines: Mapping[str, Lined], rows: Mapping[str, tuple[Score, ...]],
    marks: Mapping[str, Sequence[Mark]] | None,
) -> Scored:  # fmt: skip
    """The scores of the bids in `rows`, which are theirs by criterion; with standard errors where `marks` are given."""
    weights = Weights(rulebook)
    whole = {bid: totals(weights, one) for bid, one in lines.items()}
    found = {bid: (*rows[bid], overall(weights, lines[bid], whole[bid])) for bid in rows}
    if marks is None and not is_calibrated(rulebook):
        return Scored(scores=found, panel=Panel(), bids=found)
    panel = Panel.of(
        engine.Mark(bid, expert, total) for bid, row in whole.items() for expert, total in row.exact().items()
    )
    if is_calibrated(rulebook):
        return _all_calibrated(rulebook, found, panel)
    shown = found if marks is None else _with_errors(rulebook, found, marks, panel)
    return Scored(scores=shown, panel=panel, bids=found)


def without_expert(
    rulebook: Rulebook,
    scored: Scored,
    *,
    expert: str,
    bids: Iterable[str],
    marks: Mapping[str, Sequence[Mark]],
) -> Scored:
    """The scores of `bids` as if an expert had marked nothing, without standard errors where these are not calibrated.

    `scored` is the round with all experts under the same rulebook, `marks` what all gave.
    """
    panel = Panel(tuple(mark for mark in scored.panel.marks if mark.expert != expert))
    found = {bid: _without(rulebook, scored.bids[bid], expert, marks.get(bid, ())) for bid in bids}
    if is_calibrated(rulebook):
        return _all_calibrated(rulebook, found, panel)
    return Scored(scores=found, panel=panel, bids=found)


def _without(
    rulebook: Rulebook, rows: tuple[Score, ...], expert: str, marks: Sequence[Mark]
) -> tuple[Score, ...]:
    left = [mark for mark in marks if mark.expert != expert]
    return rows if len(left) == len(marks) else scores(rulebook, bid=rows[-1].bid, marks=left)


def _all_calibrated(rulebook: Rulebook, found: Mapping[str, tuple[Score, ...]], panel: Panel) -> Scored:
    calibration = _calibration(rulebook, panel)
    calibrated = {bid: _calibrated(rows, calibration) for bid, rows in found.items()}
    return Scored(scores=calibrated, panel=panel, calibration=calibration, bids=found)


def plainly(rulebook: Rulebook) -> Rulebook:
    """The same programme with plain means for scores; the rulebook itself where it has them already."""
    scoring = rulebook.scoring
    if scoring is None or (scoring.aggregate == "mean" and not scoring.worst_share):
        return rulebook
    plain = scoring.model_copy(update={"aggregate": "mean", "worst_share": scoring.worst_share * 0})
    return rulebook.model_copy(update={"scoring": plain})


def expected(rulebook: Rulebook, overall: Iterable[Score]) -> dict[str, float | None]:
    """The expected rank of each bid among those given, from scores and their errors; bids without a score are left out."""
    sign = -1 if lower_wins(rulebook) else 1
    return expected_ranks(
        {item.bid: (sign * item.adjusted, item.se) for item in overall if item.adjusted is not None}
    )


def _by_bid(marks: Iterable[Mark]) -> dict[str, list[Mark]]:
    found: dict[str, list[Mark]] = {}
    for mark in marks:
        found.setdefault(mark.bid, []).append(mark)
    return found


def _calibration(rulebook: Rulebook, panel: Panel) -> Calibration:
    scoring = rulebook.scoring
    assert scoring is not None
    terms = Terms(
        least_reviews=scoring.least_reviews_per_expert, least_share=Fraction(scoring.least_expert_share)
    )
    return calibrate(
        panel.marks,
        method=scoring.aggregate,  # type: ignore[arg-type]  # `is_calibrated` asked
        terms=terms,
        lower=all_lower(rulebook.criteria),
    )


def _calibrated(rows: tuple[Score, ...], found: Calibration) -> tuple[Score, ...]:
    """The rows of a bid with the calibrated overall score; unknown where no expert scored all that counts."""
    *singles, overall = rows
    estimate = found.estimates.get(overall.bid)
    if estimate is None:
        return (*singles, overall.calibrated(None, overall.se))
    return (*singles, overall.calibrated(float(estimate.score), estimate.sd))


def _with_errors(
    rulebook: Rulebook,
    found: Mapping[str, tuple[Score, ...]],
    marks: Mapping[str, Sequence[Mark]],
    panel: Panel,
) -> dict[str, tuple[Score, ...]]:
    """The rows with the standard error of each overall score, from the residual variance of the whole round."""
    components = one_way(panel)
    if components is None:
        return dict(found)
    return {
        bid: (
            *rows[:-1],
            replace(rows[-1], se=_error(rulebook, rows[-1], marks.get(bid, ()), components.residual)),
        )
        for bid, rows in found.items()
    }


def _error(rulebook: Rulebook, overall: Score, marks: Sequence[Mark], residual: Fraction) -> float | None:
    """Standard error of a weighted mean; a median and a trimmed mean are taken as means."""
    given = {mark.expert: weight_of(rulebook.scoring, mark.confidence) for mark in marks}
    weight = sum(given.values(), Fraction(0))
    if not overall.n or not weight:
        return None
    return root(residual * sum(part * part for part in given.values()) / weight**2)

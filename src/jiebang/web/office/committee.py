"""What a committee looks at beside the scores: the ranking with its uncertainty, severity, agreement, what rests on whom and on
which weight."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from jiebang.adapters import charts, report_scores, score_charts
from jiebang.adapters.round_words import Words
from jiebang.decisions.award import Outcome
from jiebang.decisions.calibrated import plainly
from jiebang.decisions.rests import Rests
from jiebang.decisions.round import RoundResult
from jiebang.decisions.score_words import agreement, how_made, rests_on
from jiebang.decisions.scores import OVERALL, lower_wins
from jiebang.decisions.sensitivity import Change, Sensitivity
from jiebang.decisions.weights import Weighing
from jiebang.engines.calibration.describe import severities
from jiebang.operations.judging import slow_to_weigh
from jiebang.records.reviews.queries import reviews
from jiebang.rules.reasons import reason
from jiebang.rules.threshold import threshold
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.acting import render_reason
from jiebang.web.office.case import Case
from jiebang.web.public import states
from jiebang.web.public.frame import person_name
from jiebang.web.site import language_tag


def parts(case: Case, result: RoundResult, rests: Rests) -> dict[str, Any]:
    """Sentences, figures and the table of what would change, as the page of scores prints them."""
    names = {
        row.expert.pseudonym: person_name(row.expert)
        for row in reviews(reader=case.reader).filter(bid__challenge=case.thing)
    }
    reasons = [
        *how_made(result),
        agreement(result.panel),
        *rests_on(rests.experts, calibrated=plainly(case.book) is not case.book),
    ]
    if slow_to_weigh(case.book):
        reasons.append(reason("score.weights_elsewhere"))
    figures = [_ranking(case, result), _severity(result, names), _weights(case, result, rests.weights)]
    return {
        "said": [render_reason(one) for one in reasons],
        "figures": [figure for figure in figures if figure],
        "changes": _changes(case, rests.experts, names),
    }  # fmt: skip


def number(value: Any) -> str:
    """A score or a difference with two decimals at most, in the reader's form."""
    return formats.number(round(float(value), 2), lang=language_tag())


def _ranking(case: Case, result: RoundResult) -> c.Figure | None:
    """The ranked bids with the interval of each score, and the line."""
    overall = {item.bid: item for item in result.scores if item.criterion == OVERALL}
    line = threshold(case.book.award)
    rows = []
    for place in result.ranking:
        score = overall[place.bid]
        reached = line is not None and score.adjusted is not None and line.reached(score.adjusted)
        rows.append(score_charts.ranking_row(score, label=f"{place.rank} · {place.bid}", chosen=reached))
    if not any(row.low is not None for row in rows):
        return None
    mark = (
        charts.Line(float(line.value), _("needed: %(line)s") % {"line": number(line.value)}) if line else None
    )
    plot = score_charts.interval_plot(
        title=_("The ranking and how sure it is"), rows=rows, line_at=mark, show=number,
        header=[_("Bid"), _("Score that ranks"), _("Low"), _("High")],
    )  # fmt: skip
    better = _("Lower is better.") if lower_wins(case.book) else _("Higher is better.")
    note = _(
        "Band: where the score lies with 95 % probability. Where bands overlap widely, the order may be chance."
    )
    return c.Figure(plot=plot, note=f"{note} {better}")


def _severity(result: RoundResult, names: Mapping[str, str]) -> c.Figure | None:
    """How far each expert of this challenge marks from the others."""
    found = [
        type(one)(names[one.expert], one.effect, one.sd, one.n)
        for one in severities(result.panel)
        if one.expert in names
    ]
    if len(found) < 2:
        return None
    plot = score_charts.severity_plot(
        found, title=_("How far each expert marks from the others"), axis=_("as the others"), show=number,
        header=[_("Expert"), _("Difference"), _("Low"), _("High")],
    )  # fmt: skip
    note = _(
        "Difference from the mean of the other experts on the same bids, with its 95 % interval; below zero marks lower."
    )
    return c.Figure(plot=plot, note=note)


def _weights(case: Case, result: RoundResult, found: Weighing) -> c.Figure | None:
    """How places move while one weight does, and from where on the award is another."""
    said = Words(case.book, result, language_tag())
    won = {row.bid for row in result.decisions if row.outcome is Outcome.AWARDED}
    ranked = [place.bid for place in result.ranking]
    plot = report_scores.weights(
        case.book, found, challenge=case.thing.number, ranked=ranked, awarded=[bid for bid in ranked if bid in won], words=said
    )  # fmt: skip
    if plot is None:
        return None
    return c.Figure(plot=plot, note=" ".join(report_scores.of_weights(found, case.thing.number, words=said)))


def _changes(case: Case, rests: Sensitivity, names: Mapping[str, str]) -> c.DataTable | None:
    rows = [
        [
            c.Cell(way), c.Cell(change.bid or change.challenge),
            c.Cell(_word(case, change, change.outcome)), c.Cell(_word(case, change, change.would_be)),
        ]
        for way, change in _ways(rests, names)
    ]  # fmt: skip
    columns = [c.Column(label=text) for text in (_("Other way"), _("Bid"), _("Outcome"), _("It would be"))]
    return c.DataTable(columns=columns, rows=rows) if rows else None


def _ways(rests: Sensitivity, names: Mapping[str, str]) -> Iterator[tuple[str, Change]]:
    for change in rests.plain:
        yield _("Plain means"), change
    for expert, changes in rests.without.items():
        for change in changes:
            yield _("Without %(expert)s") % {"expert": names.get(expert, expert)}, change


def _word(case: Case, change: Change, outcome: Any) -> str:
    if outcome is None:
        return "–"
    return states.stage_word(case.book, "bid" if change.bid else "challenge", outcome.value)


def complete(result: RoundResult, readable: Sequence[str]) -> bool:
    """Whether the reader may read the scores of every bid here: only then may they see what rests on all of them."""
    return {item.bid for item in result.scores if item.n} <= set(readable)

"""The part of report.html on how scores were made: why, how far experts agree, and which outcomes rest on it."""

from collections.abc import Iterator, Sequence

from jiebang.adapters.drawing import Plot
from jiebang.adapters.round_words import Words
from jiebang.adapters.score_charts import severity_plot
from jiebang.adapters.weight_charts import Words as PlotWords
from jiebang.adapters.weight_charts import share_of, weight_plot
from jiebang.decisions.calibrated import plainly
from jiebang.decisions.round import RoundResult
from jiebang.decisions.score_words import agreement, all_off, first_turn, how_made, rests_on
from jiebang.decisions.sensitivity import Change, Sensitivity
from jiebang.decisions.weights import Weighing
from jiebang.engines.calibration.describe import severities
from jiebang.rules.reasons import render
from jiebang.rules.schema import Rulebook

MOST_EXPERTS = 60  # a longer plot is read by nobody


def sentences(rulebook: Rulebook, result: RoundResult, found: Sensitivity, *, words: Words) -> list[str]:
    """What to know of the scores, one sentence each."""
    reasons = [*how_made(result), agreement(result.panel)]
    reasons += rests_on(found, calibrated=plainly(rulebook) is not rulebook)
    return [render(one, lang=words.lang) for one in reasons]


def changed_rows(found: Sensitivity, *, words: Words) -> tuple[list[str], list[tuple[str, ...]]]:
    """Headings and rows of the outcomes that would be others: by plain means, then without each expert."""
    header = [
        words.say(f"report_{word}") for word in ("changed_by", "challenge", "bid", "outcome", "would_be")
    ]
    return header, [(way, *_cells(change, words)) for way, change in _ways(found, words)]


def severity(result: RoundResult, *, words: Words) -> Plot | None:
    """The plot of the experts' severity; None where nothing is known of it, or of too many to be read."""
    found = severities(result.panel)
    if not 1 < len(found) <= MOST_EXPERTS:
        return None
    header = [words.say(f"report_{word}") for word in ("expert", "effect", "interval_low", "interval_high")]
    return severity_plot(found, title=words.say("report_severity"), header=header)


def weights(
    rulebook: Rulebook, found: Weighing, *, challenge: str, ranked: Sequence[str], awarded: Sequence[str], words: Words
) -> Plot | None:  # fmt: skip
    """The plot of a challenge's ranking while one weight moves; None where nothing was tried or nobody can change places."""
    if not found.varied or len(ranked) < 2:
        return None
    header = [words.say(f"report_{word}") for word in ("criterion", "turn_below", "turn_above", "places")]
    said = PlotWords(
        criterion=lambda key: words.say("report_weighs", criterion=_label(rulebook, key, words), share=share_of(rulebook, key)),
        bid=str, percent=_percent, turns=lambda change: words.say("report_turns", change=change),
        now=words.say("report_as_is"), stays=words.say("report_stays"), none="–", header=header,
    )  # fmt: skip
    reason = first_turn(found, challenge, label=lambda key: _label(rulebook, key, words))
    title = render(reason, lang=words.lang)
    return weight_plot(found, challenge=challenge, bids=ranked, awarded=awarded, title=title, words=said)


def of_weights(found: Weighing, challenge: str, *, words: Words) -> list[str]:
    """What to know of that plot."""
    safe = [render(one, lang=words.lang) for one in all_off(found, challenge)]
    return [*safe, words.say("report_weights_note")]


def _label(rulebook: Rulebook, key: str, words: Words) -> str:
    return words.text(rulebook.criteria[key].label)


def _percent(change: int) -> str:
    return f"{'+' if change > 0 else '−'}{abs(change)} %"


def _ways(found: Sensitivity, words: Words) -> Iterator[tuple[str, Change]]:
    for change in found.plain:
        yield words.say("report_by_plain"), change
    for expert, changes in found.without.items():
        for change in changes:
            yield words.say("report_by_without", expert=expert), change


def _cells(change: Change, words: Words) -> Sequence[str]:
    outcomes = (
        words.say(f"outcome_{one.value}") if one else "–" for one in (change.outcome, change.would_be)
    )
    return (change.challenge, change.bid or "–", *outcomes)

"""report.html: one self-contained page, for the people who decide. Plots first, the numbers beneath each."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from html import escape
from importlib import resources

from jiebang.adapters import report_draws, report_scores
from jiebang.adapters.charts import DotRow, Line, Plot, bars, dot_plot
from jiebang.adapters.draw_files import file_name
from jiebang.adapters.html_parts import figure, folded, html_table
from jiebang.adapters.round_words import Words
from jiebang.adapters.score_charts import interval_plot, ranking_row
from jiebang.decisions.award import Decision, Outcome
from jiebang.decisions.bundle import Bid, Bundle, Challenge
from jiebang.decisions.rests import Rests
from jiebang.decisions.round import RoundResult
from jiebang.decisions.round_awards import Place
from jiebang.decisions.scores import OVERALL, Score, lower_wins
from jiebang.decisions.sensitivity import Sensitivity
from jiebang.rules.schema import Rulebook
from jiebang.rules.threshold import threshold

_STYLE = resources.files(__package__).joinpath("round_report.css")
MOST_ROWS = 60  # a longer plot is read by nobody; the table beneath it stays whole


def report(rulebook: Rulebook, bundle: Bundle, result: RoundResult, *, words: Words, rests: Rests) -> str:
    """The whole page in the language of `words`, with titles of the programme in its other languages too."""
    page = _Page(rulebook, bundle, result, words, rests)
    title = escape(words.text(rulebook.title))
    others = [escape(text) for tag, text in rulebook.title.items() if text != words.text(rulebook.title)]
    body = [f"<h1>{title}</h1>", *(f'<p class="other">{text}</p>' for text in others), page.summary()]
    body += [page.challenge(challenge) for challenge in bundle.challenges]
    body += [page.how_scored(rests.experts), page.verdicts(), page.small_print()]
    style = _STYLE.read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang="{escape(words.lang)}">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{style}</style></head>\n<body><main>\n"
        + "\n".join(body)
        + "\n</main></body></html>\n"
    )


class _Page:
    def __init__(
        self, rulebook: Rulebook, bundle: Bundle, result: RoundResult, words: Words, rests: Rests
    ) -> None:
        self.rulebook, self.bundle, self.result, self.rests = rulebook, bundle, result, rests
        self.words, self.say = words, words.say
        self.bids = {bid.id: bid for bid in bundle.bids}
        self.overall = {score.bid: score for score in result.scores if score.criterion == OVERALL}
        self.outcomes = {row.bid: row for row in result.decisions if row.bid}
        self.by_challenge: dict[str, list[Decision]] = {challenge.id: [] for challenge in bundle.challenges}
        for row in result.decisions:
            self.by_challenge[row.challenge].append(row)
        self.places = {place.bid: place for place in result.ranking}

    def summary(self) -> str:
        counts = Counter(row.outcome for row in self.result.decisions)
        words = [
            (self.outcome(outcome), float(counts[outcome]))
            for outcome in Outcome
            if outcome is not Outcome.NO_AWARD and counts[outcome]
        ]
        awarded = counts[Outcome.AWARDED]
        title = self.say(
            "report_finding", awarded=awarded, bids=len(self.bids), challenges=len(self.bundle.challenges)
        )
        chart = bars(
            title=title, items=words, header=(self.say("report_outcome"), self.say("report_count")),
            chosen=[self.outcome(Outcome.AWARDED)], show=_plain,
        )  # fmt: skip
        return self.figure(chart, "h2") + self.budget()

    def budget(self) -> str:
        """How much of each budget the awards use."""
        used: dict[str, Decimal] = {}
        for row in self.result.decisions:
            if row.outcome is Outcome.AWARDED:
                used[row.challenge] = used.get(row.challenge, Decimal(0)) + (
                    self.bids[row.bid].amount or Decimal(0)
                )
        shares = [
            (_label(item), float(100 * used.get(item.id, Decimal(0)) / item.budget))
            for item in self.bundle.challenges
            if item.budget
        ]
        if not shares:
            return ""
        return self.figure(
            bars(
                title=self.say("report_budget"), items=shares, header=(self.say("report_challenge"), "%"),
                line_at=Line(100.0, self.say("report_whole_budget")), show=lambda value: f"{value:.0f} %",
            ),
            "h2",
        )  # fmt: skip

    def challenge(self, item: Challenge) -> str:
        rows = self.by_challenge[item.id]
        finding = self._finding(rows)
        head = f'<section><h2 id="{escape(item.id, quote=True)}">{escape(_label(item))}</h2><p>{escape(finding)}</p>'
        ordered = sorted(
            rows, key=lambda row: self.places[row.bid].rank if row.bid in self.places else len(rows) + 1
        )
        listed = [row for row in ordered if row.bid]
        shown = [self._plot(listed), self._table(listed), self._weights(item, listed), self._draw(item)]
        return head + "".join(shown) + "</section>"

    def _weights(self, item: Challenge, rows: Sequence[Decision]) -> str:
        """How its ranking moves with each weight, where weights matter."""
        ranked = [row.bid for row in rows if row.bid in self.places]
        won = [bid for bid in ranked if self.outcomes[bid].outcome is Outcome.AWARDED]
        plot = report_scores.weights(
            self.rulebook, self.rests.weights, challenge=item.id, ranked=ranked, awarded=won, words=self.words
        )
        if plot is None:
            return ""
        notes = report_scores.of_weights(self.rests.weights, item.id, words=self.words)
        return figure(plot, "h3", summary=self.say("report_numbers"), notes=notes)

    def _draw(self, item: Challenge) -> str:
        for place, draw in enumerate(self.result.draws, start=1):
            if draw.pool.challenge == item.id:
                return report_draws.section(draw, file=file_name(draw, place), words=self.words)
        return ""

    def _finding(self, rows: Sequence[Decision]) -> str:
        winners = [_name(self.bids[row.bid]) for row in rows if row.outcome is Outcome.AWARDED]
        if winners:
            return self.say("report_winners", names=", ".join(winners))
        return next((self.words.decision(row) for row in rows if not row.bid), "")

    def _plot(self, rows: Sequence[Decision]) -> str:
        ranked = [row.bid for row in rows if row.bid in self.places]
        scored = [bid for bid in ranked if bid in self.overall and self.overall[bid].adjusted is not None]
        by_score = self.rulebook.award is None or "bid.score" in self.rulebook.award.order_by
        if by_score and scored:
            plots = [self._scores(scored[:MOST_ROWS]), *self._sure(scored[:MOST_ROWS])]
            return "".join(self.figure(plot, "h3") for plot in plots)
        if not ranked:
            return ""
        items = [(_short(self.bids[bid]), self.places[bid].score) for bid in ranked[:MOST_ROWS]]
        chosen = [_short(self.bids[bid]) for bid in ranked if self.outcomes[bid].outcome is Outcome.AWARDED]
        header = (self.say("report_bid"), self.say("report_score"))
        title = self.say(
            "report_order", expression=self.rulebook.award.order_by if self.rulebook.award else ""
        )
        return self.figure(bars(title=title, items=items, header=header, chosen=chosen, show=_compact), "h3")

    def _scores(self, bids: Sequence[str]) -> Plot:
        plain = self.result.calibration is not None  # then the score that ranks has a plot of its own
        words = ("bid", "marks", "mean" if plain else "score", "low", "high")
        rows = [self._dot(self.bids[bid], self.overall[bid]) for bid in bids]
        return dot_plot(
            title=self.say("report_spread_plain" if plain else "report_spread"), rows=rows, show=_plain,
            header=[self.say(f"report_{word}") for word in words], line_at=None if plain else self._line(bids),
        )  # fmt: skip

    def _sure(self, bids: Sequence[str]) -> list[Plot]:
        """The ranking with the interval of each score, where any is known."""
        rows = [
            ranking_row(
                self.overall[bid],
                label=_short(self.bids[bid]),
                chosen=self.outcomes[bid].outcome is Outcome.AWARDED,
            )
            for bid in bids
        ]
        if not any(row.low is not None for row in rows):
            return []
        header = [self.say(f"report_{word}") for word in ("bid", "score", "interval_low", "interval_high")]
        title = self.say("report_sure")
        return [interval_plot(title=title, rows=rows, header=header, line_at=self._line(bids), show=_plain)]

    def _line(self, bids: Sequence[str]) -> Line | None:
        """The score that the award demands; where it demands none, the last that was awarded."""
        if needed := threshold(self.rulebook.award):
            return Line(float(needed.value), self.say("report_needed", score=f"{needed.value:f}"))
        won = [self.places[bid].score for bid in bids if self.outcomes[bid].outcome is Outcome.AWARDED]
        last = max if lower_wins(self.rulebook) else min
        return Line(last(won), self.say("report_line")) if won else None

    def _dot(self, bid: Bid, score: Score) -> DotRow:
        middle, low, high = score.spread(plain=self.result.calibration is not None)
        return DotRow(
            label=_short(bid), points=score.totals, mean=middle, low=low, high=high,
            chosen=self.outcomes[bid.id].outcome is Outcome.AWARDED,
        )  # fmt: skip

    def _table(self, rows: Sequence[Decision]) -> str:
        words = ("rank", "plain_rank", "expected_rank", "bid", "score", "amount", "outcome", "reason")
        cells = [
            (
                *_ranks(self.places.get(row.bid)),
                _name(self.bids[row.bid]),
                _plain(self.places[row.bid].score) if row.bid in self.places else "–",
                f"{self.bids[row.bid].amount:,f}" if self.bids[row.bid].amount is not None else "–",
                self.outcome(row.outcome),
                self.words.decision(row),
            )
            for row in rows
        ]
        return html_table([self.say(f"report_{word}") for word in words], cells)

    def how_scored(self, rests: Sensitivity) -> str:
        """How scores were made and which outcomes rest on it; nothing where nobody scored."""
        if not self.result.panel.marks:
            return ""
        said = report_scores.sentences(self.rulebook, self.result, rests, words=self.words)
        paragraphs = "".join(f"<p>{escape(sentence)}</p>" for sentence in said)
        chart = report_scores.severity(self.result, words=self.words)
        plot = self.figure(chart, "h3") if chart else ""
        header, rows = report_scores.changed_rows(rests, words=self.words)
        table = folded(html_table(header, rows), summary=self.say("report_numbers")) if rows else ""
        return f"<section><h2>{escape(self.say('report_how'))}</h2>{paragraphs}{table}{plot}</section>"

    def verdicts(self) -> str:
        """How often each rule passed, failed or could not be told."""
        counts = Counter((verdict.rule, verdict.outcome.value) for verdict in self.result.verdicts)
        rules = list(dict.fromkeys(verdict.rule for verdict in self.result.verdicts))
        if not rules:
            return ""
        failing = [(rule, float(counts[rule, "fail"] + counts[rule, "unknown"])) for rule in rules]
        header = (self.say("report_rule"), self.say("report_not_passed"))
        chart = bars(title=self.say("report_verdicts"), items=failing, header=header, show=_plain)
        words = [self.say(f"report_{word}") for word in ("rule", "pass", "fail", "unknown")]
        rows = [(rule, *(str(counts[rule, word]) for word in ("pass", "fail", "unknown"))) for rule in rules]
        return f"<section><h2>{escape(chart.title)}</h2>{chart.svg}{html_table(words, rows)}</section>"

    def small_print(self) -> str:
        """What the page was made from, so that anybody can make it again."""
        at = self.result.as_of.isoformat() if self.result.as_of else "–"
        said = self.say(
            "report_made_from",
            bundle=self.bundle.digest,
            rulebook=self.result.rulebook,
            seed=self.result.seed,
            at=at,
        )
        return f"<footer><p>{escape(said)}</p></footer>"

    def figure(self, chart: Plot, level: str) -> str:
        """A plot under its finding, the numbers folded beneath it."""
        return figure(chart, level, summary=self.say("report_numbers"))

    def outcome(self, outcome: Outcome) -> str:
        return self.say(f"outcome_{outcome.value}")


def _ranks(place: Place | None) -> tuple[str, str, str]:
    """The rank, the rank by plain means and the expected rank."""
    if place is None:
        return "–", "–", "–"
    likely = "–" if place.expected_rank is None else f"{place.expected_rank:.1f}"
    return str(place.rank), "–" if place.plain_rank is None else str(place.plain_rank), likely


def _label(item: Challenge) -> str:
    return f"{item.id} · {item.title}" if item.title else item.id


def _name(bid: Bid) -> str:
    return f"{bid.id} · {bid.title}" if bid.title else bid.id


def _short(bid: Bid) -> str:
    name = _name(bid)
    return name if len(name) <= 48 else name[:47] + "…"


def _compact(value: float) -> str:
    """Beside a bar there is room for a few digits; the table beneath has them all."""
    return f"{value / 1e6:,.1f} M" if abs(value) >= 1e6 else _plain(value)


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.3f}".rstrip("0")

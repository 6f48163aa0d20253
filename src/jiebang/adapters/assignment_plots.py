"""How good an assignment is, as plots: the bids that are served worst, how well all pairs fit, each expert's bids against limits.

Nothing rests on colour: lengths, outlines and numbers say it, and every plot has its table.
"""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jiebang.adapters.charts import WIDTH, DotRow, Line, Show, bars, dot_plot
from jiebang.adapters.drawing import Canvas, Plot, Scale, line, plain, rect, shorten, text, ticks
from jiebang.rules.reasons import Reason, render

MOST_BIDS, MOST_EXPERTS = 30, 60  # longer plots are read by nobody; their tables stay whole
BINS, ROW, NAMES, SIDE = 10, 20.0, 150.0, 84.0


@dataclass(frozen=True, kw_only=True)
class Served:
    """An assignment to be looked at: the fit of every pair (numbers of a bid and an expert), how many bids each expert must and
    may get, the mean fit that every bid must reach (None where none is asked), and from where to where fits go, where that is
    known."""

    bids: Sequence[str]
    experts: Sequence[str]
    fits: Mapping[tuple[int, int], float]
    least: Sequence[int]
    most: Sequence[int]
    floor: float | None = None
    span: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A plot and how to read it."""

    plot: Plot
    note: str


def quality(served: Served, *, lang: str, show: Show = plain) -> list[Seen]:
    """Three plots; none where nobody is assigned."""
    if not served.fits:
        return []
    return [_worst(served, lang, show), _fits(served, lang, show), _loads(served, lang)]


def _say(word: str, lang: str, **params: str | int) -> str:
    return render(Reason(f"assignment.plot_{word}", params), lang=lang)


def _worst(served: Served, lang: str, show: Show) -> Seen:
    points: dict[int, list[float]] = {}
    for (bid, _), fit in served.fits.items():
        points.setdefault(bid, []).append(fit)
    means = sorted((statistics.fmean(fits), bid) for bid, fits in points.items())
    rows = [DotRow(label=served.bids[bid], points=sorted(points[bid]), mean=mean) for mean, bid in means]
    subject, seen, middle = (_say(word, lang) for word in ("bid", "experts", "mean"))
    plot = dot_plot(
        title=_say("worst", lang, least=show(means[0][0]), most=show(means[-1][0])), rows=rows[:MOST_BIDS], show=show,
        header=(subject, seen, middle, "", ""), domain=served.span,
        line_at=None if served.floor is None else Line(served.floor, _say("floor", lang)),
    )  # fmt: skip
    cut = _say("worst_cut", lang, few=MOST_BIDS, all=len(means)) if len(means) > MOST_BIDS else ""
    cells = ((row.label, ", ".join(map(show, row.points)), show(row.mean or 0.0)) for row in rows)
    table = Plot(plot.title, plot.svg, (subject, seen, middle), tuple(cells))
    return Seen(plot=table, note=f"{_say('worst_note', lang)} {cut}".strip())


def _fits(served: Served, lang: str, show: Show) -> Seen:
    values = sorted(served.fits.values())
    edges = _edges(served.span or (values[0], values[-1]))
    counts = [0] * (len(edges) - 1)
    for value in values:
        counts[_bin(value, edges)] += 1
    pairs = zip(edges, edges[1:], counts, strict=False)
    plot = bars(
        title=_say("fits", lang, count=len(values), middle=show(statistics.median(values))),
        items=[(f"{show(low)}–{show(high)}", float(count)) for low, high, count in pairs],
        header=(_say("fit", lang), _say("pairs", lang)), show=lambda count: f"{count:.0f}",
    )  # fmt: skip
    return Seen(plot=plot, note=_say("fits_note", lang))


def _edges(span: tuple[float, float]) -> list[float]:
    """About ten steps of a round size that hold all of the span."""
    low, high = span
    marks = ticks(low, high, BINS)
    step = marks[1] - marks[0] if len(marks) > 1 else 1.0
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(at * step, 10) for at in range(first, max(last, first + 1) + 1)]


def _bin(value: float, edges: Sequence[float]) -> int:
    """The last step that begins at or below a value; a step's own beginning may be off by rounding."""
    return max(at for at, edge in enumerate(edges[:-1]) if edge <= value + 1e-9 or at == 0)


def _loads(served: Served, lang: str) -> Seen:
    loads = [0] * len(served.experts)
    for _, expert in served.fits:
        loads[expert] += 1
    order = sorted(range(len(loads)), key=lambda at: (-loads[at], -served.most[at], at))
    canvas = Canvas(WIDTH, ROW * min(len(order), MOST_EXPERTS) + 16)
    top = max(1, min(max(served.most), 2 * max(loads)))
    along = Scale(0.0, float(top), NAMES, WIDTH - SIDE)
    for row, at in enumerate(order[:MOST_EXPERTS]):
        _load(canvas, along, 8 + ROW * row, served, at, loads[at], lang)
    full = sum(0 < load >= most for load, most in zip(loads, served.most, strict=True))
    title = _say("loads", lang, full=full, all=len(loads), idle=loads.count(0))
    header = [_say(word, lang) for word in ("expert", "bids", "least", "most")]
    numbers = ((loads[at], served.least[at], served.most[at]) for at in order)
    rows = [[served.experts[at], *map(str, row)] for at, row in zip(order, numbers, strict=True)]
    cut = _say("loads_cut", lang, few=MOST_EXPERTS, all=len(order)) if len(order) > MOST_EXPERTS else ""
    note = f"{_say('loads_note', lang)} {cut}".strip()
    return Seen(plot=canvas.finish(title, header, rows), note=note)


def _load(canvas: Canvas, along: Scale, y: float, served: Served, at: int, load: int, lang: str) -> None:
    least, most = served.least[at], served.most[at]
    canvas.add(text(NAMES - 10, y + 14, shorten(served.experts[at], NAMES - 14, 13), anchor="end", size=13))
    ends = along.at(min(most, along.high)) - along.start
    canvas.add(rect(along.start, y + 3, ends, ROW - 6, tone="paper", edge="soft"))
    canvas.add(rect(along.start, y + 3, along.at(load) - along.start, ROW - 6, tone="cool"))
    if least:
        x = along.at(min(least, along.high))
        canvas.add(line(x, y, x, y + ROW, tone="ink", width=2))
    said = _say("of", lang, load=load, most=most)
    canvas.add(text(along.end + 8, y + 14, said, size=13, weight=600 if load >= most else 400))

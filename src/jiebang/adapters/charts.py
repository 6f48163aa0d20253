"""Plots as server-side SVG: direct labels, no legend, the line of decision drawn, the finding as title.

Every function returns a `Plot`; the same input gives the same bytes. `show` words a number in the reader's
form (`jiebang.web.formats.number` partially applied, or the plain default). Sizes are px of a 720 px wide
picture that scales down.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jiebang.adapters.diagram import DiagramMove as DiagramMove
from jiebang.adapters.diagram import DiagramState as DiagramState
from jiebang.adapters.diagram import state_diagram as state_diagram
from jiebang.adapters.drawing import (
    Canvas,
    Scale,
    dot,
    line,
    path,
    plain,
    rect,
    shorten,
    text,
    ticks,
    width_of,
)
from jiebang.adapters.drawing import Plot as Plot

WIDTH = 480.0
ROW = 32.0
Show = Callable[[float], str]


@dataclass(frozen=True, kw_only=True)
class DotRow:
    """A bid with its experts' points; mean and interval are drawn when given (same unit as the points)."""

    label: str
    points: Sequence[float] = ()
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Line:
    """The line of decision: a threshold and its word."""

    value: float
    label: str


@dataclass(frozen=True, kw_only=True)
class Series:
    """Values along the shared x labels, None where unknown; `band` gives (low, high) at each place."""

    name: str
    values: Sequence[float | None]
    band: Sequence[tuple[float, float] | None] = ()
    chosen: bool = False


def dot_plot(
    *, title: str, rows: Sequence[DotRow], header: Sequence[str], line_at: Line | None = None,
    domain: tuple[float, float] | None = None, axis: str = "", show: Show = plain,
) -> Plot:  # fmt: skip
    """Scores with each expert's point (faint), the mean (strong) and its interval (band).

    header: five words for the table: subject, points, mean, low, high.
    """
    left, right = _label_width([row.label for row in rows]), 88.0
    scale = Scale(*_domain(rows, line_at, domain), left, WIDTH - right)
    canvas = Canvas(WIDTH, 40 + ROW * len(rows) + 40)
    _axis(canvas, scale, 32, canvas.height - 32, axis, show)
    for index, row in enumerate(rows):
        _dot_row(canvas, scale, row, 32 + ROW * (index + 0.5) + 4, show)
    if line_at:
        _decision(canvas, scale, line_at, canvas.height - 32)
    return canvas.finish(title, header, [_dot_cells(row, show) for row in rows])


def bars(
    *, title: str, items: Sequence[tuple[str, float]], header: tuple[str, str], line_at: Line | None = None,
    chosen: Sequence[str] = (), show: Show = plain,
) -> Plot:  # fmt: skip
    """Horizontal bars from zero, each with its number at its end.

    `chosen` labels are drawn in the strong colour.
    """
    left = _label_width([label for label, _ in items])
    top = max([value for _, value in items] + [line_at.value if line_at else 0.0, 0.0])
    scale = Scale(min([value for _, value in items] + [0.0]), top or 1.0, left, WIDTH - 72)
    start = 32.0 if line_at else 8.0
    canvas = Canvas(WIDTH, start + ROW * len(items) + 8)
    for index, (label, value) in enumerate(items):
        y = start + ROW * index
        x = min(scale.at(0), scale.at(value))
        canvas.add(text(left - 12, y + 21, shorten(label, left - 16, 14), anchor="end"))
        canvas.add(
            rect(
                x,
                y + 6,
                abs(scale.at(value) - scale.at(0)),
                20,
                tone="cool" if not chosen or label in chosen else "mute",
            )
        )
        canvas.add(text(max(scale.at(value), scale.at(0)) + 8, y + 21, show(value), weight=600))
    canvas.add(line(scale.at(0), start, scale.at(0), canvas.height - 8, tone="ink"))
    if line_at:
        _decision(canvas, scale, line_at, canvas.height - 8)
    return canvas.finish(title, header, [(label, show(value)) for label, value in items])


def lines(
    *,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    corner: str,
    line_at: Line | None = None,
    show: Show = plain,
) -> Plot:
    """Lines over ordered places (two make a slope plot), named at their end; uncertainty is a band.

    labels: x places in order; corner: word for the table's first column.
    """
    low, high = _span(series, line_at)
    right = min(max([80.0] + [width_of(s.name, 14) + 76 for s in series]), WIDTH * 0.42)
    across = Scale(0, max(len(labels) - 1, 1), 48, WIDTH - right)
    canvas = Canvas(WIDTH, 320)
    up = Scale(low, high, 272, 24)
    _grid(canvas, across, up, labels, show)
    for one in sorted(series, key=lambda s: s.chosen):
        _series(canvas, across, up, one)
    _names(canvas, across.end, right, _spread_ends(series, up), show)
    if line_at:
        y = up.at(line_at.value)
        canvas.add(
            line(48, y, WIDTH - right, y, tone="hot", width=1.5),
            text(48, y - 6, line_at.label, tone="hot", weight=600),
        )
    cells = [[label, *(_or_dash(s.values[i], show) for s in series)] for i, label in enumerate(labels)]
    return canvas.finish(title, [corner, *(s.name for s in series)], cells)


def heat(
    *,
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    corner: str,
    show: Show = plain,
) -> Plot:
    """A table whose cells darken with their value; each cell carries its number, so colour is never alone."""
    left = _label_width(rows)
    cell = (WIDTH - left) / max(len(columns), 1)
    known = [v for row in values for v in row if v is not None] or [0.0]
    shade = Scale(min(known), max(known), 0.06, 0.45)
    canvas = Canvas(WIDTH, 40 + ROW * len(rows) + 4)
    for j, name in enumerate(columns):
        canvas.add(
            text(left + cell * (j + 0.5), 26, shorten(name, cell - 8, 14), tone="soft", anchor="middle")
        )
    for i, name in enumerate(rows):
        y = 40 + ROW * i
        canvas.add(text(left - 12, y + 21, shorten(name, left - 16, 14), anchor="end"))
        for j, value in enumerate(values[i]):
            x = left + cell * j
            if value is not None:
                canvas.add(rect(x + 1, y + 1, cell - 2, ROW - 2, tone="cool", opacity=shade.at(value)))
            canvas.add(text(x + cell / 2, y + 21, _or_dash(value, show), anchor="middle"))
    cells = [[name, *(_or_dash(v, show) for v in values[i])] for i, name in enumerate(rows)]
    return canvas.finish(title, [corner, *columns], cells)


def funnel(
    *, title: str, steps: Sequence[tuple[str, float]], header: tuple[str, str, str], show: Show = plain
) -> Plot:
    """How many remain after each step; each bar has its number and its share of the step before.

    header: step, count, share of the step before.
    """
    left = _label_width([label for label, _ in steps])
    top = max([count for _, count in steps] + [1.0])
    middle, span = (left + WIDTH - 72) / 2, WIDTH - 72 - left
    canvas = Canvas(WIDTH, 40.0 * len(steps) + 28)
    canvas.add(text(WIDTH, 16, header[2], tone="soft", anchor="end"))
    for index, (label, count) in enumerate(steps):
        y, wide = 40.0 * index + 24, span * count / top
        canvas.add(text(left - 12, y + 22, shorten(label, left - 16, 14), anchor="end"))
        canvas.add(rect(middle - wide / 2, y, wide, 34, tone="cool", opacity=0.22))
        canvas.add(rect(middle - wide / 2, y, wide, 3, tone="cool"))
        canvas.add(text(middle, y + 23, show(count), anchor="middle", weight=600, size=15))
        canvas.add(text(WIDTH, y + 22, _share(steps, index), tone="soft", anchor="end"))
    return canvas.finish(
        title, header, [(label, show(count), _share(steps, i)) for i, (label, count) in enumerate(steps)]
    )


def _span(series: Sequence[Series], line_at: Line | None) -> tuple[float, float]:
    values = [v for s in series for v in s.values if v is not None]
    spread = [edge for s in series for pair in s.band if pair for edge in pair]
    return _padded(values + spread + ([line_at.value] if line_at else []) or [0.0])


def _names(canvas: Canvas, x: float, room: float, ends: Sequence[tuple[Series, float]], show: Show) -> None:
    for one, y in ends:
        last = one.values[-1] if one.values else None
        value = "" if last is None else " " + show(last)
        words = shorten(one.name, room - 16 - width_of(value, 14), 14) + value
        tone, weight = ("cool", 600) if one.chosen else ("ink", 400)
        canvas.add(text(x + 12, y + 5, words, tone=tone, weight=weight))


def _share(steps: Sequence[tuple[str, float]], index: int) -> str:
    if index == 0 or not steps[index - 1][1]:
        return ""
    return f"{steps[index][1] / steps[index - 1][1]:.0%}"


def _label_width(labels: Sequence[str]) -> float:
    return min(max([width_of(label, 14) for label in labels] + [48.0]) + 24, WIDTH * 0.36)


def _or_dash(value: float | None, show: Show) -> str:
    return "–" if value is None else show(value)


def _padded(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    pad = (high - low) * 0.08 or 1.0
    return low - pad, high + pad


def _domain(
    rows: Sequence[DotRow], line_at: Line | None, domain: tuple[float, float] | None
) -> tuple[float, float]:
    if domain:
        return domain
    seen = [v for row in rows for v in (*row.points, row.mean, row.low, row.high) if v is not None]
    return _padded(seen + ([line_at.value] if line_at else []) or [0.0])


def _tick(value: float, show: Show) -> str:
    """A whole tick needs no decimals, however finely the values are shown."""
    return re.sub(r"(?<=\d)[.,]0{1,2}$", "", show(value))


def _axis(canvas: Canvas, scale: Scale, top: float, bottom: float, label: str, show: Show) -> None:
    for value in ticks(scale.low, scale.high):
        canvas.add(line(scale.at(value), top, scale.at(value), bottom))
        canvas.add(text(scale.at(value), bottom + 20, _tick(value, show), tone="soft", anchor="middle"))
    if label:
        canvas.add(text(WIDTH, bottom + 20, label, tone="soft", anchor="end"))


def _decision(canvas: Canvas, scale: Scale, mark: Line, bottom: float) -> None:
    x = scale.at(mark.value)
    anchor = "end" if x > WIDTH * 0.6 else "start"
    canvas.add(line(x, 8, x, bottom, tone="hot", width=1.5))
    canvas.add(
        text(x + (-6 if anchor == "end" else 6), 18, mark.label, tone="hot", anchor=anchor, weight=600)
    )


def _dot_row(canvas: Canvas, scale: Scale, row: DotRow, y: float, show: Show) -> None:
    tone = "cool" if row.chosen else "ink"
    canvas.add(
        text(
            scale.start - 12,
            y + 5,
            shorten(row.label, scale.start - 16, 14),
            tone=tone,
            anchor="end",
            weight=600 if row.chosen else 400,
        )
    )
    if row.low is not None and row.high is not None:
        canvas.add(
            rect(
                scale.at(row.low), y - 6, scale.at(row.high) - scale.at(row.low), 12, tone=tone, opacity=0.16
            )
        )
    for point in row.points:
        canvas.add(dot(scale.at(point), y, 3.5, tone="mute"))
    mean = _mean(row)
    if mean is None:
        canvas.add(text(scale.end + 12, y + 5, row.note or "–", tone="soft"))
        return
    canvas.add(line(scale.at(mean), y - 9, scale.at(mean), y + 9, tone=tone, width=3))
    canvas.add(text(scale.end + 12, y + 5, f"{show(mean)} {row.note}".strip(), tone=tone, weight=600))


def _mean(row: DotRow) -> float | None:
    if row.mean is not None:
        return row.mean
    return statistics.fmean(row.points) if row.points else None


def _dot_cells(row: DotRow, show: Show) -> list[str]:
    points = ", ".join(show(point) for point in row.points) or "–"
    return [row.label, points, *(_or_dash(value, show) for value in (_mean(row), row.low, row.high))]


def _grid(canvas: Canvas, across: Scale, up: Scale, labels: Sequence[str], show: Show) -> None:
    for value in ticks(up.low, up.high, 4):
        canvas.add(line(across.start, up.at(value), across.end, up.at(value)))
        canvas.add(text(across.start - 12, up.at(value) + 4, _tick(value, show), tone="soft", anchor="end"))
    every = max(1, -(-len(labels) * 64 // int(across.end - across.start)))
    for index, label in enumerate(labels):
        if index % every == 0 or index == len(labels) - 1:
            canvas.add(text(across.at(index), up.start + 32, label, tone="soft", anchor="middle"))


def _series(canvas: Canvas, across: Scale, up: Scale, one: Series) -> None:
    band = [(across.at(i), pair) for i, pair in enumerate(one.band) if pair]
    if band:
        edge = [f"{x:.1f} {up.at(pair[1]):.1f}" for x, pair in band] + [
            f"{x:.1f} {up.at(pair[0]):.1f}" for x, pair in reversed(band)
        ]
        canvas.add(f'<path class="cool" d="M{"L".join(edge)}Z" fill="#0c5659" fill-opacity="0.14"/>')
    places = [(across.at(i), up.at(v)) for i, v in enumerate(one.values) if v is not None]
    tone = "cool" if one.chosen else "mute"
    if len(places) > 1:
        canvas.add(
            path(
                "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places),
                tone=tone,
                width=2.5 if one.chosen else 1.5,
            )
        )
    canvas.add(*(dot(x, y, 3.5, tone=tone) for x, y in places))


def _spread_ends(series: Sequence[Series], up: Scale) -> list[tuple[Series, float]]:
    """End labels at their line's last value, pushed apart to 18 px so that none covers another."""
    ends = sorted(
        (
            (up.at(next((v for v in reversed(s.values) if v is not None), up.low)), i)
            for i, s in enumerate(series)
        )
    )
    placed: list[tuple[Series, float]] = []
    for y, index in ends:
        placed.append((series[index], max(y, placed[-1][1] + 18) if placed else y))
    return placed

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

"""An indicator over time against what was wanted, told by kinds of lines, shapes and words: it reads in grey."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from jiebang.adapters.drawing import (
    COLOURS,
    Canvas,
    Plot,
    Scale,
    line,
    num,
    plain,
    rect,
    shorten,
    text,
    ticks,
    width_of,
)

WIDTH, HEIGHT = 480.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 120.0, 16.0, 36.0
DASHES = {"wanted": "", "promised": "8 4", "before": "2 4"}
TONES = {"wanted": "hot", "promised": "cool", "before": "mute"}
Show = Callable[[float], str]
Kind = Literal["wanted", "promised", "before"]
Shape = Literal["ring", "dot", "square", "diamond"]


@dataclass(frozen=True, kw_only=True)
class Level:
    """A line across the plot: what is `wanted` (whole), what was `promised` (dashed), how it was `before` (dotted)."""

    value: float
    kind: Kind
    label: str


@dataclass(frozen=True, kw_only=True)
class Point:
    """A measured value: its shape says who measured, a cross that it was set aside, `label` stands beside it."""

    day: date
    value: float
    shape: Shape
    crossed: bool = False
    label: str = ""


def indicator_plot(
    *, title: str, points: Sequence[Point], levels: Sequence[Level], reached: Literal["above", "below", ""] = "",
    header: Sequence[str], rows: Sequence[Sequence[str]], show: Show = plain, show_day: Callable[[date], str],
) -> Plot:  # fmt: skip
    """Values by day with the lines they are held against; `reached` is the side of the wanted line that is lightly shaded.

    header and rows: the text alternative, a table beneath the picture.
    """
    x, y = _days(points), _values(points, levels)
    canvas = Canvas(WIDTH, HEIGHT)
    _shade(canvas, y, levels, reached)
    for value in ticks(min(y.low, y.high), max(y.low, y.high), 4):
        canvas.add(line(LEFT, y.at(value), WIDTH - RIGHT, y.at(value)))
        canvas.add(text(LEFT - 8, y.at(value) + 5, show(value), tone="soft", anchor="end", size=12))
    _levels(canvas, y, levels)
    _ends(canvas, x, points, show_day)
    for point in points:
        _point(canvas, x.at(point.day.toordinal()), y.at(point.value), point)
    return canvas.finish(title, header, rows)


def _days(points: Sequence[Point]) -> Scale:
    days = [float(point.day.toordinal()) for point in points] or [0.0]
    return Scale(min(days), max(days), LEFT + 16, WIDTH - RIGHT - 16)


def _values(points: Sequence[Point], levels: Sequence[Level]) -> Scale:
    seen = [*(item.value for item in points), *(item.value for item in levels)] or [0.0]
    low, high = min(seen), max(seen)
    pad = (high - low) * 0.12 or abs(high) * 0.1 or 1.0
    return Scale(low - pad, high + pad, HEIGHT - BOTTOM, TOP)


def _shade(canvas: Canvas, y: Scale, levels: Sequence[Level], reached: str) -> None:
    wanted = next((item for item in levels if item.kind == "wanted"), None)
    if wanted is None or not reached:
        return
    edge = y.at(wanted.value)
    top, bottom = (TOP, edge) if reached == "above" else (edge, HEIGHT - BOTTOM)
    canvas.add(rect(LEFT, top, WIDTH - RIGHT - LEFT, bottom - top, tone="mute", opacity=0.10))


def _levels(canvas: Canvas, y: Scale, levels: Sequence[Level]) -> None:
    """The lines, each with its words behind its right end, moved apart where two would stand on each other."""
    taken: list[float] = []
    for item in sorted(levels, key=lambda item: -item.value):
        height = y.at(item.value)
        canvas.add(_stroke(f"M{num(LEFT)} {num(height)}H{num(WIDTH - RIGHT)}", item.kind))
        at = height + 4
        while any(abs(at - other) < 14 for other in taken):
            at += 14
        taken.append(at)
        canvas.add(
            text(
                WIDTH - RIGHT + 6,
                at,
                shorten(item.label, RIGHT - 8, 12),
                tone=TONES[item.kind],
                size=12,
                weight=600,
            )
        )


def _ends(canvas: Canvas, x: Scale, points: Sequence[Point], show_day: Callable[[date], str]) -> None:
    days = sorted({point.day for point in points})
    for day in days[:1] + days[1:][-1:]:
        words = show_day(day)
        half = width_of(words, 12) / 2
        place = min(max(x.at(day.toordinal()), half), WIDTH - half)
        canvas.add(text(place, HEIGHT - 12, words, tone="soft", anchor="middle", size=12))


def _point(canvas: Canvas, x: float, y: float, point: Point) -> None:
    canvas.add(_SHAPES[point.shape](x, y))
    if point.crossed:
        canvas.add(_cross(x, y))
    if point.label:
        end = x + 10 + width_of(point.label, 12) > WIDTH - RIGHT
        anchor = "end" if end else "start"
        canvas.add(text(x + (-9 if end else 9), y - 7, point.label, anchor=anchor, size=12, weight=600))


def _stroke(d: str, kind: str) -> str:
    tone, dashes = TONES[kind], DASHES[kind]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path class="l-{tone}" d="{d}" fill="none" stroke="{COLOURS[tone]}" stroke-width="1.5"{dashed}/>'


def _ring(x: float, y: float) -> str:
    look = f'class="l-ink" fill="none" stroke="{COLOURS["ink"]}" stroke-width="1.5"'
    return f'<circle cx="{num(x)}" cy="{num(y)}" r="5" {look}/>'


def _filled(d: str) -> str:
    return f'<path class="ink" d="{d}" fill="{COLOURS["ink"]}"/>'


def _dot(x: float, y: float) -> str:
    return f'<circle class="ink" cx="{num(x)}" cy="{num(y)}" r="5" fill="{COLOURS["ink"]}"/>'


def _square(x: float, y: float) -> str:
    return _filled(f"M{num(x - 5)} {num(y - 5)}h10v10h-10Z")


def _diamond(x: float, y: float) -> str:
    return _filled(f"M{num(x)} {num(y - 7)}l7 7l-7 7l-7 -7Z")


def _cross(x: float, y: float) -> str:
    d = f"M{num(x - 8)} {num(y - 8)}l16 16M{num(x + 8)} {num(y - 8)}l-16 16"
    return f'<path class="l-hot" d="{d}" fill="none" stroke="{COLOURS["hot"]}" stroke-width="2"/>'


_SHAPES: dict[str, Callable[[float, float], str]] = {
    "ring": _ring, "dot": _dot, "square": _square, "diamond": _diamond,
}  # fmt: skip

"""Pen and paper of the plots: escaped SVG in the page's palette, text widths, scales. No Django, no I/O.

Each shape carries a class (`ink`, `soft`, `mute`, `rule`, `hot`, `cool`, ...) that the page's style sheet
colours from its tokens, light or dark, and a presentation attribute with the light colour, so that the same
markup stands alone as a file.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape

COLOURS = {
    "ink": "#1c1a17",
    "soft": "#565047",
    "mute": "#837b6e",
    "rule": "#ddd5c6",
    "hot": "#b0301a",
    "cool": "#0c5659",
    "paper": "#fffdf8",
}
FONT = "system-ui, 'Noto Sans', 'PingFang SC', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif"


@dataclass(frozen=True)
class Plot:
    """A finished plot: the sentence it proves, the picture (one <svg> element) and the numbers behind it."""

    title: str
    svg: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def document(self) -> str:
        """The picture as the text of a stand-alone .svg file with its title drawn above it on white."""
        width, height = (float(part) for part in self.svg.split('viewBox="0 0 ')[1].split('"')[0].split())
        lines = wrap(self.title, width - 32, 18)
        top = 24 * len(lines) + 24
        heading = "".join(text(16, 28 + 24 * i, line, size=18, weight=600) for i, line in enumerate(lines))
        w, h = num(width), num(height + top)
        size = f'width="{w}" height="{h}" viewBox="0 0 {w} {h}" font-family="{FONT}"'
        inner = self.svg.replace("<svg ", f'<svg y="{num(top)}" height="{num(height)}" ', 1)
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" {size}>'
            f'<rect width="100%" height="100%" fill="#fff"/>{heading}{inner}</svg>\n'
        )


@dataclass
class Canvas:
    """Collects shapes in drawing order; `finish` closes the picture."""

    width: float
    height: float
    shapes: list[str] = field(default_factory=list)

    def add(self, *shapes: str) -> None:
        self.shapes.extend(shapes)

    def finish(
        self, title: str, header: Sequence[str], rows: Sequence[Sequence[str]], *, role: str = "img"
    ) -> Plot:
        """Role `group` where shapes lead somewhere: the inside of an image is hidden from those who do not see it."""
        box = f'viewBox="0 0 {num(self.width)} {num(self.height)}"'
        wide = " wide" if self.width > 560 else ""  # too much for a phone: scrolls there
        look = f'class="jb{wide}" {box} width="{num(self.width)}" role="{role}" font-family="{FONT}"'
        drawn = f"<title>{escape(title)}</title>{''.join(self.shapes)}"
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" {look}>{drawn}</svg>'
        return Plot(title, svg, tuple(header), tuple(tuple(row) for row in rows))


@dataclass(frozen=True)
class Scale:
    """Maps values low..high to positions start..end; a flat domain maps to the middle."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        if self.high == self.low:
            return (self.start + self.end) / 2
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def num(value: float) -> str:
    """A coordinate with at most one decimal and no trailing zero: the same on every machine."""
    shown = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if shown in ("-0", "") else shown


def plain(value: float) -> str:
    """Default number text of plots: up to two decimals."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def text(
    x: float,
    y: float,
    words: str,
    *,
    tone: str = "ink",
    anchor: str = "start",
    size: float = 14,
    weight: int = 400,
) -> str:
    """A line of text with its baseline at y, escaped."""
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    side = f' text-anchor="{anchor}"' if anchor != "start" else ""
    look = f'class="{tone}" fill="{COLOURS[tone]}" font-size="{num(size)}"{side}{bold}'
    return f'<text x="{num(x)}" y="{num(y)}" {look}>{escape(words)}</text>'


def line(
    x1: float, y1: float, x2: float, y2: float, *, tone: str = "rule", width: float = 1, dashes: str = ""
) -> str:
    """A straight line."""
    return path(f"M{num(x1)} {num(y1)}L{num(x2)} {num(y2)}", tone=tone, width=width, dashes=dashes)


def path(d: str, *, tone: str, width: float = 1.5, dashes: str = "") -> str:
    """An open path, stroked; `dashes` are lengths on and off."""
    broken = f' stroke-dasharray="{dashes}"' if dashes else ""
    look = f'fill="none" stroke="{COLOURS[tone]}" stroke-width="{num(width)}"{broken}'
    return f'<path class="l-{tone}" d="{d}" {look}/>'


def rect(x: float, y: float, w: float, h: float, *, tone: str, opacity: float = 1, edge: str = "") -> str:
    """A filled rectangle; `edge` names the tone of its outline."""
    faint = f' fill-opacity="{opacity:.2f}"' if opacity < 1 else ""
    outline = f' stroke="{COLOURS[edge]}"' if edge else ""
    names = f"{tone} l-{edge}" if edge else tone
    place = f'x="{num(x)}" y="{num(y)}" width="{num(max(w, 0))}" height="{num(max(h, 0))}"'
    return f'<rect class="{names}" {place} fill="{COLOURS[tone]}"{faint}{outline}/>'


def dot(x: float, y: float, radius: float, *, tone: str) -> str:
    """A point."""
    return f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(radius)}" class="{tone}" fill="{COLOURS[tone]}"/>'


def head(x: float, y: float, dx: float, dy: float, *, tone: str) -> str:
    """An arrow head whose tip is at x, y and that points along the unit vector dx, dy."""
    back, side = 8.0, 4.0
    a = (x - back * dx - side * dy, y - back * dy + side * dx)
    b = (x - back * dx + side * dy, y - back * dy - side * dx)
    d = f"M{num(x)} {num(y)}L{num(a[0])} {num(a[1])}L{num(b[0])} {num(b[1])}Z"
    return f'<path class="{tone}" d="{d}" fill="{COLOURS[tone]}"/>'


def width_of(words: str, size: float) -> float:
    """Estimated width in px: full-width signs one em, marks none, others 0.56 em (system sans)."""
    return size * sum(_em(sign) for sign in words)


@cache
def _em(sign: str) -> float:
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Mn", "Cf"):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.56


def wrap(words: str, width: float, size: float) -> list[str]:
    """Break into lines no wider than `width` px: at spaces, and between signs of scripts without spaces."""
    lines = [""]
    for piece in _pieces(words):
        if lines[-1] and width_of((lines[-1] + piece).rstrip(), size) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [row.rstrip() for row in lines]


def _pieces(words: str) -> list[str]:
    pieces: list[str] = []
    for sign in words:
        if pieces and not pieces[-1].endswith(" ") and _em(sign) < 1 and _em(pieces[-1][-1]) < 1:
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


def shorten(words: str, width: float, size: float) -> str:
    """Cut with an ellipsis where wider than `width` px (the table beneath has the whole)."""
    if width_of(words, size) <= width:
        return words
    cut = words
    while cut and width_of(cut + "…", size) > width:
        cut = cut[:-1]
    return cut.rstrip() + "…"


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round values (1, 2, 5 times a power of ten) within low..high, about `count` of them."""
    if not high > low:
        return [low]
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]

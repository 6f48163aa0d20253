"""A flow through columns (Sankey): boxes as high as what passes through them, bands as wide as what they carry.

The layout is pure arithmetic and gives the same picture for the same input. Boxes keep the order in which they
come unless crossing less allows another: each column is ordered by the mean place of what flows into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from jiebang.adapters.drawing import COLOURS, Canvas, Plot, num, rect, shorten, text

WIDTH, BOX, GAP, TOP, LEAST = 720.0, 14.0, 18.0, 36.0, 34.0
TALL = 300.0  # of the fullest column, without its gaps, where every box has its least height or more
MOST = 44.0  # height of one: few things make no tower


@dataclass(frozen=True, kw_only=True)
class Box:
    """Something in a column. `value` is what it holds at least, `note` the same in words, `url` its rows."""

    column: int
    value: float
    label: str
    note: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Band:
    """What flows from one box to another (their places in the list); `label` says it in words, `url` opens its rows."""

    start: int
    end: int
    value: float
    label: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A box in the picture."""

    x: float
    y: float
    height: float


def sankey(
    *, title: str, columns: Sequence[str], boxes: Sequence[Box], bands: Sequence[Band], header: Sequence[str],
    rows: Sequence[Sequence[str]],
) -> Plot:  # fmt: skip
    """The picture with its text alternative, a table of `header` and `rows` beneath it."""
    places = layout(boxes, bands, columns=len(columns))
    bottom = max((place.y + place.height for place in places), default=TOP)
    canvas = Canvas(WIDTH, bottom + GAP)
    for column, words in enumerate(columns):
        canvas.add(_heading(column, len(columns), words))
    for shape in _bands(boxes, bands, places):
        canvas.add(shape)
    for box, place in zip(boxes, places, strict=True):
        canvas.add(_box(box, place, columns=len(columns)))
    return canvas.finish(title, header, rows, role="group")


def layout(boxes: Sequence[Box], bands: Sequence[Band], *, columns: int) -> list[Placed]:
    """Where each box stands: columns at equal distances, none touching another, each as high as what passes through it."""
    through = [_through(place, box, bands) for place, box in enumerate(boxes)]
    unit = _unit(boxes, through, columns)
    tops: dict[int, float] = {}
    for column in range(columns):
        y = TOP
        for place in _ordered(column, boxes, bands, tops):
            tops[place] = y
            y += max(LEAST, through[place] * unit) + GAP
    return [
        Placed(x=_x(box.column, columns), y=tops[place], height=max(LEAST, through[place] * unit))
        for place, box in enumerate(boxes)
    ]


def _through(place: int, box: Box, bands: Sequence[Band]) -> float:
    into = sum(band.value for band in bands if band.end == place)
    out = sum(band.value for band in bands if band.start == place)
    return max(box.value, into, out)


def _unit(boxes: Sequence[Box], through: Sequence[float], columns: int) -> float:
    """Height of one: so that the fullest column is about as tall as wanted."""
    sums = [
        sum(value for value, box in zip(through, boxes, strict=True) if box.column == column)
        for column in range(columns)
    ]
    return min(MOST, TALL / max([*sums, 1.0]))


def _ordered(column: int, boxes: Sequence[Box], bands: Sequence[Band], tops: dict[int, float]) -> list[int]:
    """The boxes of a column by the mean height of what flows into them; those without keep their place at the end."""

    def mean(place: int) -> float:
        known = [(tops[band.start], band.value) for band in bands if band.end == place and band.start in tops]
        weight = sum(value for _, value in known)
        return sum(y * value for y, value in known) / weight if weight else float("inf")

    return sorted(
        (place for place, box in enumerate(boxes) if box.column == column), key=lambda n: (mean(n), n)
    )


def _x(column: int, columns: int) -> float:
    return column * (WIDTH - BOX) / max(1, columns - 1)


def _bands(boxes: Sequence[Box], bands: Sequence[Band], places: Sequence[Placed]) -> list[str]:
    """Each band between its share of the two boxes' sides, in the order of the other ends so that few cross."""
    starts = _shares(bands, boxes, places, "start", "end")
    ends = _shares(bands, boxes, places, "end", "start")
    shapes = []
    for number, band in enumerate(bands):
        (y1, h1), (y2, h2) = starts[number], ends[number]
        x1, x2 = places[band.start].x + BOX, places[band.end].x
        shapes.append(_linked(_ribbon(x1, y1, h1, x2, y2, h2, band.label), band.url, band.label))
    return shapes


def _shares(
    bands: Sequence[Band], boxes: Sequence[Box], places: Sequence[Placed], near: str, far: str
) -> dict[int, tuple[float, float]]:
    """By band: where it begins on the near box's side and how high it is there."""
    found: dict[int, tuple[float, float]] = {}
    for place in range(len(boxes)):
        mine = [number for number, band in enumerate(bands) if getattr(band, near) == place]
        mine.sort(key=lambda number: (places[getattr(bands[number], far)].y, number))
        whole = _through(place, boxes[place], bands) or 1.0
        y = places[place].y
        for number in mine:
            height = places[place].height * bands[number].value / whole
            found[number] = (y, height)
            y += height
    return found


def _ribbon(x1: float, y1: float, h1: float, x2: float, y2: float, h2: float, label: str) -> str:
    half = num((x1 + x2) / 2)
    d = (
        f"M{num(x1)} {num(y1)}C{half} {num(y1)} {half} {num(y2)} {num(x2)} {num(y2)}V{num(y2 + h2)}"
        f"C{half} {num(y2 + h2)} {half} {num(y1 + h1)} {num(x1)} {num(y1 + h1)}Z"
    )
    look = f'class="cool" fill="{COLOURS["cool"]}" fill-opacity="0.22"'
    return f'<path {look} d="{d}"><title>{escape(label)}</title></path>'


def _box(box: Box, place: Placed, *, columns: int) -> str:
    """The words stand to the right of a box, in the last column to its left: those two share the space between."""
    last = box.column == columns - 1 and columns > 1
    x = place.x - 8 if last else place.x + BOX + 8
    side = "end" if last else "start"
    between = (WIDTH - BOX) / max(1, columns - 1) - BOX - 24
    room = between / 2 - 12 if box.column >= columns - 2 and columns > 1 else between
    shape = rect(place.x, place.y, BOX, place.height, tone="ink")
    words = text(x, place.y + 14, shorten(box.label, room, 14), anchor=side, weight=600)
    note = text(x, place.y + 30, shorten(box.note, room, 12), anchor=side, size=12)
    return _linked(shape + words + note, box.url, f"{box.label}: {box.note}")


def _linked(shape: str, url: str, label: str) -> str:
    return f'<a href="{escape(url)}" aria-label="{escape(label)}">{shape}</a>' if url else shape


def _heading(column: int, columns: int, words: str) -> str:
    last = column == columns - 1 and columns > 1
    x = _x(column, columns) + (BOX if last else 0)
    return text(x, 18, words, tone="soft", anchor="end" if last else "start", size=14, weight=600)

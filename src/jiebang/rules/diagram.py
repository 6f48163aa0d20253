"""A lifecycle as an SVG picture. The way to success runs down the left; exits and detours stand on the right.

Each move is a row in the card of the stage it leaves, so names never cross lines; moves to one stage share one
lane, so that thirty moves can still be followed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from jiebang.rules.explain_words import phrase, term
from jiebang.rules.schema import Kind, Lifecycle, Move, Rulebook, Stage
from jiebang.rules.texts import pick

CARD, ROW, HEAD, GAP, LANE, PAD, TOP = 320, 22, 36, 30, 13, 18, 84
INK, SOFT, LINE = "#1c2733", "#5b6875", "#c9d1d9"
TONES = {"success": "#1f7a4d", "failure": "#b3372f", "paused": "#a86a00", "plain": "#3a5a9b"}
FONT = "system-ui, 'Noto Sans', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif"


@dataclass
class _Card:
    """A stage on the page with the moves that leave it."""

    key: str
    stage: Stage
    rows: list[Move]
    column: int
    x: float = 0
    y: float = 0

    @property
    def height(self) -> float:
        return HEAD + ROW * len(self.rows) + (8 if self.rows else 0)

    @property
    def entry(self) -> float:
        return self.y + HEAD / 2

    def row(self, place: int) -> float:
        return self.y + HEAD + ROW * (place + 0.5)

    @property
    def tone(self) -> str:
        return TONES[
            next((flag for flag in ("success", "failure", "paused") if flag in self.stage.flags), "plain")
        ]


@dataclass
class _Page:
    """Cards by stage, and the lanes of each gutter: target -> place of its lane."""

    cards: dict[str, _Card]
    path: list[str]
    lanes: dict[str, dict[str, int]] = field(default_factory=dict)
    width: float = 0
    height: float = 0

    def lane(self, gutter: str, target: str) -> float:
        place = self.lanes[gutter][target]
        main, side = self.cards[self.path[0]], PAD + self.room("left") + CARD
        if gutter == "left":
            return main.x - LANE * (place + 1) - 6
        if gutter == "middle":
            return side + LANE * (place + 1) + 6
        return side + self.room("middle") + CARD + LANE * (place + 1) + 6

    def room(self, gutter: str) -> float:
        return LANE * (len(self.lanes.get(gutter, {})) + 1) + 14


def diagram(rulebook: Rulebook, kind: Kind, lang: str = "en") -> str:
    """The lifecycle of `kind` as a self-contained SVG text. Raises KeyError if the rulebook has none."""
    page = _laid_out(rulebook.lifecycles[kind])
    title = f"{pick(rulebook.title, lang=lang)} · {phrase(kind, lang=lang)}"
    parts = [*_head(page, title), *_links(page)]
    for card in page.cards.values():
        parts += _card(card, rulebook, lang, page)
    return "\n".join([*parts, "</svg>"]) + "\n"


def main_path(table: Lifecycle) -> list[str]:
    """The shortest way from the start to a success (or else to any end), by stage."""
    for flags in ({"success"}, {"final", "failure"}, set[str]()):
        seen: dict[str, list[str]] = {table.start: [table.start]}
        todo = [table.start]
        while todo:
            here = todo.pop(0)
            if flags & set(table.stages[here].flags) and len(seen) > 1:
                return seen[here]
            for move in table.moves.values():
                if here in move.origin and move.to not in seen:
                    seen[move.to] = [*seen[here], move.to]
                    todo.append(move.to)
    return [table.start]


def _laid_out(table: Lifecycle) -> _Page:
    path = main_path(table)
    cards = {
        key: _Card(
            key, stage, [move for move in table.moves.values() if key in move.origin], int(key not in path)
        )
        for key, stage in table.stages.items()
    }
    page = _Page({key: cards[key] for key in [*path, *(key for key in cards if key not in path)]}, path)
    for card, _, move in _arrows(page):
        gutter = _gutter(page, card, move)
        if gutter:
            lanes = page.lanes.setdefault(gutter, {})
            lanes.setdefault(move.to, len(lanes))
    _place(page)
    return page


def _arrows(page: _Page) -> Iterator[tuple[_Card, int, Move]]:
    for card in page.cards.values():
        for place, move in enumerate(card.rows):
            yield card, place, move


def _gutter(page: _Page, card: _Card, move: Move) -> str:
    """Which gutter a move runs in; none for a step down to the next card of the path."""
    target = page.cards[move.to]
    if card.column == 0 and target.column == 0:
        step = page.path.index(move.to) - page.path.index(card.key)
        return "" if step == 1 else "left"
    return "right" if card.column == target.column == 1 else "middle"


def _place(page: _Page) -> None:
    y: float = TOP
    for key in page.path:
        card = page.cards[key]
        card.x, card.y = PAD + page.room("left"), y
        y += card.height + GAP
    bottom = _place_side(page)
    page.width = PAD + page.room("left") + CARD + PAD
    if bottom:
        page.width += page.room("middle") + CARD + page.room("right")
    page.height = max(y, bottom) + PAD


def _place_side(page: _Page) -> float:
    """Side cards stand about where they are reached from, never on one another; detours of detours come last."""
    side = [card for card in page.cards.values() if card.column == 1]
    bottom: float = TOP
    for card in sorted(side, key=lambda card: _wanted(page, card) or float("inf")):
        card.x = PAD + page.room("left") + CARD + page.room("middle")
        card.y = max(bottom, _wanted(page, card))
        bottom = card.y + card.height + GAP
    return bottom if side else 0


def _wanted(page: _Page, card: _Card) -> float:
    rows = [
        source.row(place)
        for source, place, move in _arrows(page)
        if move.to == card.key and source.column == 0
    ]
    return sum(rows) / len(rows) - HEAD / 2 if rows else 0.0


def _head(page: _Page, title: str) -> list[str]:
    size = f'width="{page.width:.0f}" height="{page.height:.0f}" viewBox="0 0 {page.width:.0f} {page.height:.0f}"'
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{escape(FONT)}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{page.width:.0f}" height="{page.height:.0f}" fill="#ffffff"/>',
        _text(PAD + page.room("left"), 44, title, size=19, weight=600),
    ]


def _links(page: _Page) -> Iterator[str]:
    for card, place, move in _arrows(page):
        target, gutter = page.cards[move.to], _gutter(page, card, move)
        if not gutter:
            yield _line(
                [(card.x + CARD / 2, card.y + card.height), (card.x + CARD / 2, target.y)], target.tone, 2.2
            )
            yield _arrow(card.x + CARD / 2, target.y, target.tone, down=True)
            continue
        lane = page.lane(gutter, move.to)
        start, end = _sides(card, target, gutter)
        points = [
            (start, card.row(place)),
            (lane, card.row(place)),
            (lane, target.entry),
            (end, target.entry),
        ]
        yield _line(points, target.tone, 1.4)
        yield f'<circle cx="{lane:.1f}" cy="{card.row(place):.1f}" r="2.6" fill="{target.tone}"/>'
        yield _arrow(end, target.entry, target.tone, right=end > lane)


def _sides(card: _Card, target: _Card, gutter: str) -> tuple[float, float]:
    """Where a line leaves one card and enters the other."""
    if gutter == "left":
        return card.x, target.x
    if gutter == "right":
        return card.x + CARD, target.x + CARD
    return (card.x + CARD, target.x) if card.column == 0 else (card.x, target.x + CARD)


def _card(card: _Card, rulebook: Rulebook, lang: str, page: _Page) -> Iterator[str]:
    tone = card.tone
    box = f'x="{card.x:.1f}" y="{card.y:.1f}" width="{CARD}" rx="7"'
    yield f'<rect {box} height="{card.height:.1f}" fill="#ffffff" stroke="{LINE}"/>'
    yield f'<rect {box} height="{HEAD}" fill="{tone}" fill-opacity="0.10"/>'
    yield f'<rect x="{card.x:.1f}" y="{card.y:.1f}" width="5" height="{HEAD}" rx="2.5" fill="{tone}"/>'
    yield _text(card.x + 16, card.y + 23, pick(card.stage.label, lang=lang), size=14.5, weight=600)
    for place, move in enumerate(card.rows):
        who = ", ".join(term(rulebook.vocabulary.roles, role, lang=lang) for role in move.by)
        who = who or phrase("system", lang=lang)
        y = card.row(place) + 4
        room = CARD - 38 - min(_wide(who, 10.5), 120)
        yield f'<circle cx="{card.x + 14:.1f}" cy="{y - 4:.1f}" r="3" fill="{page.cards[move.to].tone}"/>'
        yield _text(card.x + 24, y, _cut(pick(move.label, lang=lang), room, 12), size=12)
        yield _text(card.x + CARD - 10, y, _cut(who, 120, 10.5), size=10.5, colour=SOFT, anchor="end")


def _line(points: Sequence[tuple[float, float]], tone: str, width: float) -> str:
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{joined}" fill="none" stroke="{tone}" stroke-width="{width}" stroke-opacity="0.75"/>'


def _arrow(x: float, y: float, tone: str, *, down: bool = False, right: bool = True) -> str:
    side = -7 if right else 7
    tips = (
        [(x, y), (x - 4.5, y - 8), (x + 4.5, y - 8)]
        if down
        else [(x, y), (x + side, y - 4), (x + side, y + 4)]
    )
    joined = " ".join(f"{a:.1f},{b:.1f}" for a, b in tips)
    return f'<polygon points="{joined}" fill="{tone}"/>'


def _text(
    x: float, y: float, said: str, *, size: float, weight: int = 400, colour: str = INK, anchor: str = "start"
) -> str:
    style = f'font-size="{size}" font-weight="{weight}" fill="{colour}" text-anchor="{anchor}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(said)}</text>'


def _wide(said: str, size: float) -> float:
    """About how wide a text is: a Chinese character is an em, a Latin letter a little over half."""
    return sum(size if ord(letter) > 0x2E80 else size * 0.54 for letter in said)


def _cut(said: str, room: float, size: float) -> str:
    if _wide(said, size) <= room:
        return said
    while said and _wide(said + "…", size) > room:
        said = said[:-1]
    return said.rstrip() + "…"

"""A lifecycle as a picture: the main path runs down the page, exits stand beside it.

Every move is named in the card it leaves from, so labels can never cross lines or each other; moves to one
target share a lane, so thirty moves stay countable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jiebang.adapters.drawing import Canvas, Plot, head, num, path, rect, text, wrap

# Heights and gaps are whole rows of 24, and the second column stands half a row lower: so the level parts of
# two moves, which leave from rows of either column, never lie on each other.
CARD, LANE, LEAD, ROW, HEAD, GAP = 264.0, 12.0, 24.0, 24.0, 32.0, 34.0


@dataclass(frozen=True, kw_only=True)
class DiagramState:
    """`kind`.

    Start, normal, end (a good end) or exit (rejected, withdrawn, terminated); `note` is who must act,
    by when.
    """

    id: str
    name: str
    kind: str = "normal"
    note: str = ""
    current: bool = False


@dataclass(frozen=True, kw_only=True)
class DiagramMove:
    source: str
    target: str
    label: str


@dataclass(frozen=True)
class _Port:
    move: DiagramMove
    gutter: str  # down (to the next card of the path), left, middle, right
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        return ROW * -(-(18 * len(self.lines)) // ROW)


@dataclass
class _Card:
    state: DiagramState
    column: int
    ports: list[_Port]
    x: float = 0
    y: float = 0

    @property
    def height(self) -> float:
        return HEAD + self.note_height + sum(p.height for p in self.ports) + 6

    @property
    def note_height(self) -> float:
        return ROW if self.state.note else 0.0


def state_diagram(
    *, title: str, states: Sequence[DiagramState], moves: Sequence[DiagramMove], header: tuple[str, str, str]
) -> Plot:
    """Draw states and moves.

    States come in the order of the rulebook (the first is the start). header: from, move, to.
    """
    known = {state.id: state for state in states}
    used = [move for move in moves if move.source in known and move.target in known]
    spine = _main_path(states, used)
    cards = {state.id: _card(state, spine, used) for state in states}
    lanes = _lanes(list(cards.values()), states)
    canvas = _place(cards, spine, lanes)
    for card in cards.values():
        _draw_moves(canvas, card, cards, lanes)
    for card in cards.values():
        _draw_card(canvas, card)
    rows = [(known[m.source].name, m.label, known[m.target].name) for m in used]
    return canvas.finish(title, header, rows)


def _main_path(states: Sequence[DiagramState], moves: Sequence[DiagramMove]) -> list[str]:
    """Longest chain of moves along the given order of states, from the first, not through exits."""
    order = {state.id: i for i, state in enumerate(states) if state.kind != "exit"}
    best: dict[str, list[str]] = {states[0].id: [states[0].id]} if states else {}
    for state in states:
        chain = best.get(state.id)
        for move in moves:
            if (
                chain is None
                or move.source != state.id
                or move.target not in order
                or move.source not in order
            ):
                continue
            if order[move.target] > order[state.id] and len(best.get(move.target, [])) < len(chain) + 1:
                best[move.target] = [*chain, move.target]
    return max(best.values(), key=len, default=[])


def _card(state: DiagramState, spine: list[str], moves: Sequence[DiagramMove]) -> _Card:
    column = 0 if state.id in spine else 1
    down = spine[spine.index(state.id) + 1] if state.id in spine[:-1] else None
    ports: list[_Port] = []
    for move in (m for m in moves if m.source == state.id):
        gutter = _gutter(column, 0 if move.target in spine else 1)
        if move.target == down and not any(p.gutter == "down" for p in ports):
            gutter = "down"
        ports.append(_Port(move, gutter, tuple(wrap(move.label, CARD - 52, 13))))
    return _Card(state, column, ports)


def _gutter(source: int, target: int) -> str:
    if source != target:
        return "middle"
    return "right" if source else "left"


def _lanes(cards: Sequence[_Card], states: Sequence[DiagramState]) -> dict[tuple[str, str], int]:
    """One lane for each target in each gutter, in the order of the states."""
    order = {state.id: i for i, state in enumerate(states)}
    wanted = sorted(
        {(p.gutter, p.move.target) for c in cards for p in c.ports if p.gutter != "down"},
        key=lambda k: (k[0], order[k[1]]),
    )
    count: dict[str, int] = {}
    lanes: dict[tuple[str, str], int] = {}
    for gutter, target in wanted:
        lanes[gutter, target] = count.get(gutter, 0)
        count[gutter] = lanes[gutter, target] + 1
    return lanes


def _room(lanes: dict[tuple[str, str], int], gutter: str) -> float:
    count = sum(1 for g, _ in lanes if g == gutter)
    return (count - 1) * LANE + 2 * LEAD if count else 0.0


def _place(cards: dict[str, _Card], spine: list[str], lanes: dict[tuple[str, str], int]) -> Canvas:
    """Give every card its place: the path evenly down, each other card beside the cards that lead to it."""
    left, middle, right = (_room(lanes, g) for g in ("left", "middle", "right"))
    y = 8.0
    for name in spine:
        cards[name].x, cards[name].y = left + 4, y
        y += cards[name].height + GAP
    floor = 8.0
    beside = [card for card in cards.values() if card.column == 1]
    for card in sorted(beside, key=lambda c: _wanted(c, cards)):
        card.x, card.y = left + 4 + CARD + max(middle, 48), _half_row_down(max(_wanted(card, cards), floor))
        floor = card.y + card.height + 16
    wide = left + 8 + CARD + (max(middle, 48) + CARD + right if beside else 0)
    return Canvas(wide, max(y - GAP, floor - 16) + 8)


def _half_row_down(y: float) -> float:
    return 20.0 + ROW * max(0, -(-(y - 20.0) // ROW))


def _wanted(card: _Card, cards: dict[str, _Card]) -> float:
    above = [c.y for c in cards.values() if c.column == 0 for p in c.ports if p.move.target == card.state.id]
    return sum(above) / len(above) if above else 8.0


def _draw_moves(
    canvas: Canvas, card: _Card, cards: dict[str, _Card], lanes: dict[tuple[str, str], int]
) -> None:
    y = card.y + HEAD + card.note_height
    for port in card.ports:
        target = cards[port.move.target]
        if port.gutter == "down":
            _draw_down(canvas, card, target)
        else:
            _draw_lane(canvas, card, target, port, y + 9, lanes[port.gutter, port.move.target])
        y += port.height


def _draw_down(canvas: Canvas, card: _Card, target: _Card) -> None:
    x = card.x + 24
    canvas.add(path(f"M{num(x)} {num(card.y + card.height)}V{num(target.y - 6)}", tone="cool", width=2.5))
    canvas.add(head(x, target.y, 0, 1, tone="cool"))


def _draw_lane(canvas: Canvas, card: _Card, target: _Card, port: _Port, y: float, lane: int) -> None:
    """Out of the card, along the target's lane, into the target beside its name; corners rounded by 6 px."""
    start, end, x = _ends(card, target, port.gutter, lane)
    goal = target.y + 16
    out, back = (1 if x > start else -1), (1 if end > x else -1)
    tone = "hot" if target.state.kind == "exit" else "mute"
    bend = min(6.0, abs(goal - y) / 2)
    turn = num(bend if goal > y else -bend)
    d = (
        f"M{num(start)} {num(y)}H{num(x - bend * out)}q{num(bend * out)} 0 {num(bend * out)} {turn}"
        f"V{num(goal - float(turn))}q0 {turn} {num(bend * back)} {turn}H{num(end - 6 * back)}"
    )
    canvas.add(path(d, tone=tone, width=1.2), head(end, goal, back, 0, tone=tone))


def _ends(card: _Card, target: _Card, gutter: str, lane: int) -> tuple[float, float, float]:
    if gutter == "left":
        return card.x, target.x, card.x - LEAD - LANE * lane
    if gutter == "right":
        return card.x + CARD, target.x + CARD, card.x + CARD + LEAD + LANE * lane
    west = min(card.x, target.x) + CARD
    if card.column == 0:
        return card.x + CARD, target.x, west + LEAD + LANE * lane
    return card.x, target.x + CARD, west + LEAD + LANE * lane


def _sign(column: int, gutter: str) -> tuple[str, float]:
    """The arrow beside a move and its place: at the side of the card where the line leaves."""
    if gutter == "down":
        return "↓", 16.0
    east = gutter == "right" or (gutter == "middle" and column == 0)
    return ("→", CARD - 28) if east else ("←", 16.0)


def _draw_card(canvas: Canvas, card: _Card) -> None:
    state = card.state
    edge = {"exit": "hot", "end": "cool"}.get(state.kind, "ink")
    canvas.add(rect(card.x, card.y, CARD, card.height, tone="paper", edge="hot" if state.current else "rule"))
    canvas.add(rect(card.x, card.y, CARD, 6 if state.current else 3, tone="hot" if state.current else edge))
    canvas.add(text(card.x + 16, card.y + 23, state.name, size=15, weight=600))
    y = card.y + HEAD
    if state.note:
        canvas.add(text(card.x + 16, y + 10, state.note, tone="soft", size=12))
        y += ROW
    for port in card.ports:
        sign, x = _sign(card.column, port.gutter)
        canvas.add(text(card.x + x, y + 13, sign, tone="soft", size=13))
        canvas.add(
            *(
                text(card.x + 36, y + 13 + 18 * i, row, tone="soft", size=13)
                for i, row in enumerate(port.lines)
            )
        )
        y += port.height

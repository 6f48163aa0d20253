"""How ranks move while one weight does: a panel a criterion, its weight along, places down, and where the award turns.

Awarded bids are thick lines, the others thin and broken, each with its name at the end; nothing rests on colour.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jiebang.adapters.drawing import Canvas, Plot, Scale, line, path, shorten, text, width_of
from jiebang.decisions.weights import FACTORS, Turn, Varied, Weighing
from jiebang.rules.schema import Rulebook

WIDTH, LEFT, NAMES, TOP = 480.0, 44.0, 128.0, 64.0
ROW, FOOT = 20.0, 34.0
MOST_PLACES = 8  # more lines are read by nobody; the table beneath has every bid
TICKS = (0, 5, 10, 15, 20)  # of the factors


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a plot of weights says, in one language.

    `criterion` names one with its share of all weights, `bid` names one shortly; `percent` words a change ("+15 %"),
    `now` stands at none; `turns` words where an award turns, given its percentage, `stays` that it does not; `header`
    has four words: criterion, the first change below, the first above, the places of the bids; `none` is for no change.
    """

    criterion: Callable[[str], str]
    bid: Callable[[str], str]
    percent: Callable[[int], str]
    turns: Callable[[str], str]
    now: str
    stays: str
    none: str
    header: Sequence[str]


def weight_plot(
    found: Weighing, *, challenge: str, bids: Sequence[str], awarded: Sequence[str], title: str, words: Words
) -> Plot:
    """The bids of a challenge in the order of their rank, and which of them are awarded."""
    shown = _shown(found, bids, awarded)
    places = max((rank for one in found.varied for bid in shown for rank in _ranks(one, bid)), default=1)
    tall = TOP + ROW * min(places, 2 * MOST_PLACES) + FOOT
    canvas = Canvas(WIDTH, tall * len(found.varied))
    for at, one in enumerate(found.varied):
        _panel(canvas, one, challenge, shown, awarded, places=places, top=tall * at, tall=tall, words=words)
    return canvas.finish(title, words.header, [_cells(one, challenge, bids, words) for one in found.varied])


def share_of(rulebook: Rulebook, key: str) -> int:
    """The share of a criterion in all weights, in per cent."""
    whole = sum((criterion.weight for criterion in rulebook.criteria.values()), Decimal(0))
    return round(100 * rulebook.criteria[key].weight / whole)


def percent_of(turn: Turn) -> int:
    """How much more (or less) a criterion weighs at a turn, in per cent of its weight."""
    return round(100 * (turn.factor - 1))


def _shown(found: Weighing, bids: Sequence[str], awarded: Sequence[str]) -> list[str]:
    """The bids that are drawn: the awarded ones, those that stand in a place of theirs at any weight, then the next."""
    best = {
        bid: min((rank for one in found.varied for rank in _ranks(one, bid)), default=len(bids))
        for bid in bids
    }
    order = sorted(bids, key=lambda bid: (bid not in awarded, best[bid] > len(awarded), bids.index(bid)))
    return sorted(order[:MOST_PLACES], key=bids.index)


def _ranks(one: Varied, bid: str) -> list[int]:
    return [rank for rank in one.ranks.get(bid, ()) if rank is not None]


def _panel(
    canvas: Canvas, one: Varied, challenge: str, shown: Sequence[str], awarded: Sequence[str], *, places: int, top: float,
    tall: float, words: Words,
) -> None:  # fmt: skip
    along = Scale(float(FACTORS[0]), float(FACTORS[-1]), LEFT, WIDTH - NAMES)
    down = Scale(1.0, float(max(places, 2)), top + TOP + 6, top + tall - FOOT - 12)
    canvas.add(text(0, top + 20, shorten(words.criterion(one.criterion), WIDTH, 15), size=15, weight=600))
    _frame(canvas, along, down, places, words)
    for bid in sorted(shown, key=lambda bid: bid in awarded):
        thick = bid in awarded
        way = _way(one.ranks.get(bid, ()), along, down)
        canvas.add(
            path(
                way,
                tone="cool" if thick else "soft",
                width=3.5 if thick else 1.5,
                dashes="" if thick else "5 3",
            )
        )
    _names(canvas, one, shown, awarded, down, words)
    _turns(canvas, one, challenge, along, top=top + 40, bottom=down.end + 6, words=words)


def _frame(canvas: Canvas, along: Scale, down: Scale, places: int, words: Words) -> None:
    for place in sorted({1, places, *range(5, places, 5)}):
        canvas.add(text(LEFT - 12, down.at(place) + 5, str(place), tone="soft", anchor="end"))
    for at in TICKS:
        x, change = along.at(float(FACTORS[at])), int(100 * (FACTORS[at] - 1))
        canvas.add(line(x, down.start - 6, x, down.end + 6, width=2 if change == 0 else 1))
        said = words.percent(change) if change else words.now
        canvas.add(text(x, down.end + 26, said, tone="soft", anchor="middle"))


def _way(ranks: Sequence[int | None], along: Scale, down: Scale) -> str:
    """The line of a bid: flat at each step, a slope between two; broken off where it has no rank."""
    parts, on = [], False
    for factor, rank in zip(FACTORS, ranks, strict=False):
        if rank is not None:
            parts.append(f"{'L' if on else 'M'}{along.at(float(factor)):.1f} {down.at(rank):.1f}")
        on = rank is not None
    return "".join(parts)


def _names(
    canvas: Canvas, one: Varied, shown: Sequence[str], awarded: Sequence[str], down: Scale, words: Words
) -> None:
    """Each bid at the end of its line; bids that end in one place share a name."""
    ends: dict[int, list[str]] = {}
    for bid in shown:
        if ranks := _ranks(one, bid):
            ends.setdefault(ranks[-1], []).append(bid)
    y = 0.0
    for rank, bids in sorted(ends.items()):
        strong = any(bid in awarded for bid in bids)
        said = shorten(" = ".join(map(words.bid, bids)), NAMES - 10, 13)
        y = max(down.at(rank) + 5, y + 14)
        canvas.add(
            text(
                WIDTH - NAMES + 8,
                y,
                said,
                tone="cool" if strong else "ink",
                size=13,
                weight=600 if strong else 400,
            )
        )


def _turns(
    canvas: Canvas, one: Varied, challenge: str, along: Scale, *, top: float, bottom: float, words: Words
) -> None:
    """A line where the award first turns on either side, worded; a word where it never does."""
    found = [turns[challenge] for turns in (one.below, one.above) if challenge in turns]
    if not found:
        canvas.add(text(along.at(1.0), top + 6, words.stays, tone="soft", anchor="middle", size=13))
    middle = along.at(1.0)
    for turn in found:
        x = along.at(float(turn.factor))
        said = words.turns(words.percent(percent_of(turn)))
        canvas.add(line(x, top + 12, x, bottom, tone="hot", width=2, dashes="2 3"))
        wide = 1.1 * width_of(said, 13)  # bold; it stays inside the picture
        anchor, at = (
            ("end", max(min(x + 4, middle - 6), wide))
            if x < middle
            else ("start", min(max(x - 4, middle + 6), WIDTH - wide))
        )
        canvas.add(text(at, top + 6, said, tone="hot", anchor=anchor, size=13, weight=600))


def _cells(one: Varied, challenge: str, bids: Sequence[str], words: Words) -> list[str]:
    below, above = (turns.get(challenge) for turns in (one.below, one.above))
    sides = (words.percent(percent_of(turn)) if turn else words.none for turn in (below, above))
    spans = []
    for bid in bids:
        if ranks := _ranks(one, bid):
            low, high = min(ranks), max(ranks)
            spans.append(f"{words.bid(bid)}: {low}" if low == high else f"{words.bid(bid)}: {low}–{high}")
    return [words.criterion(one.criterion), *sides, "; ".join(spans)]

"""A lifecycle as a picture: every stage, every move, and nothing that lies on anything else."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations
from typing import get_args

import pytest

from jiebang.adapters.drawing import Plot
from jiebang.adapters.lifecycle_picture import lifecycle_picture
from jiebang.rules.schema import Kind
from jiebang.rules.texts import pick
from rules.shipped import book

BOOKS = pytest.mark.parametrize("name", ["guangxi-asean-2026", "ring-sea-2027"])
KINDS = pytest.mark.parametrize("kind", get_args(Kind))


def picture(name: str, kind: Kind) -> Plot:
    rules = book(name)
    return lifecycle_picture(rules, kind, lang=rules.languages[-1], title="A picture")


@KINDS
@BOOKS
def test_the_picture_shows_every_stage_and_names_every_move(name: str, kind: Kind) -> None:
    rules, plot = book(name), picture(name, kind)
    lang, table = rules.languages[-1], rules.lifecycles[kind]
    labels = {key: pick(stage.label, lang=lang) for key, stage in table.stages.items()}
    expected = {
        (labels[origin], pick(move.label, lang=lang), labels[move.to])
        for move in table.moves.values()
        for origin in move.origin
    }
    assert set(plot.rows) == expected
    said = [node.text or "" for node in ET.fromstring(plot.svg).iter("{http://www.w3.org/2000/svg}text")]
    assert set(labels.values()) <= set(said)
    joined = "".join(said).replace(" ", "")
    assert [move for _, move, _ in expected if move.replace(" ", "") not in joined] == []


@KINDS
@BOOKS
def test_cards_lie_on_the_page_and_apart(name: str, kind: Kind) -> None:
    plot = picture(name, kind)
    page = [float(part) for part in plot.svg.split('viewBox="0 0 ')[1].split('"')[0].split()]
    place = r'x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"'
    cards = [
        tuple(map(float, found)) for found in re.findall(rf'<rect class="paper l-[a-z]+" {place}', plot.svg)
    ]
    assert len(cards) == len(book(name).lifecycles[kind].stages)
    assert all(x + width <= page[0] and y + height <= page[1] for x, y, width, height in cards)
    for (x, y, width, height), (left, top, wide, high) in combinations(cards, 2):
        assert x + width <= left or left + wide <= x or y + height <= top or top + high <= y

"""The flow is laid out without boxes touching, bands fit their boxes, and the picture is escaped and the same each time."""

import re
from itertools import pairwise
from xml.etree import ElementTree

from jiebang.adapters.sankey import GAP, LEAST, Band, Box, layout, sankey

BOXES = [
    Box(column=0, value=3, label="Beijing", note="3 projects", url="/a?x=1&y=2"),
    Box(column=0, value=1, label="Shanghai", note="1 project"),
    Box(column=1, value=4, label="Guangxi", note="4 projects"),
    Box(column=2, value=1, label="Lao <PDR>", note="1 project"),
    Box(column=2, value=3, label="Viet Nam", note="3 projects"),
]
BANDS = [
    Band(start=0, end=2, value=3, label="Beijing → Guangxi", url="/b"),
    Band(start=1, end=2, value=1, label="Shanghai → Guangxi"),
    Band(start=2, end=3, value=1, label="Guangxi → Lao PDR"),
    Band(start=2, end=4, value=3, label="Guangxi → Viet Nam"),
]
COLUMNS = ("Research", "Integration", "Application")


def drawn() -> str:
    rows = [(band.label, str(band.value)) for band in BANDS]
    return sankey(
        title="A <flow>", columns=COLUMNS, boxes=BOXES, bands=BANDS, header=("Flow", "Projects"), rows=rows
    ).svg


def test_boxes_stand_in_their_columns_and_do_not_touch() -> None:
    places = layout(BOXES, BANDS, columns=3)
    assert len({place.x for place in places}) == 3
    for column in range(3):
        here = sorted(
            (place.y, place.height) for place, box in zip(places, BOXES, strict=True) if box.column == column
        )
        for (y, height), (after, _) in pairwise(here):
            assert after >= y + height + GAP - 0.01
    assert all(place.height >= LEAST for place in places)
    assert places[2].height > places[0].height > places[3].height, "as high as what passes through"


def test_a_column_follows_what_flows_into_it() -> None:
    boxes = [Box(column=0, value=1, label=name, note="") for name in "AB"]
    boxes += [Box(column=1, value=1, label=name, note="") for name in "ab"]
    bands = [Band(start=0, end=3, value=1, label=""), Band(start=1, end=2, value=1, label="")]
    places = layout(boxes, bands, columns=2)
    assert places[3].y < places[2].y, "nothing crosses"


def test_bands_begin_and_end_within_their_boxes() -> None:
    places, svg = layout(BOXES, BANDS, columns=3), drawn()
    ribbons = re.findall(r'd="M([\d.]+) ([\d.]+)C[^V]+V([\d.]+)C[^Z]+? ([\d.]+)Z"', svg)
    assert len(ribbons) == len(BANDS)
    for (x, top, low_end, low_start), band in zip(ribbons, BANDS, strict=True):
        start, end = places[band.start], places[band.end]
        assert float(x) >= start.x
        assert start.y - 0.1 <= float(top) < float(low_start) <= start.y + start.height + 0.1
        assert end.y <= float(low_end) <= end.y + end.height + 0.1


def test_it_is_well_formed_escaped_linked_and_the_same_each_time() -> None:
    svg = drawn()
    root = ElementTree.fromstring(svg)
    assert root.attrib["role"] == "group", "an image would hide its links"
    links = [item.attrib["href"] for item in root.iter("{http://www.w3.org/2000/svg}a")]
    assert links == ["/b", "/a?x=1&y=2"]
    assert "Lao &lt;PDR&gt;" in svg
    assert "A &lt;flow&gt;" in svg
    assert svg == drawn()


def test_few_things_make_no_tower_and_none_no_error() -> None:
    places = layout([Box(column=0, value=1, label="A", note="")], [], columns=1)
    assert places[0].height < 50
    assert layout([], [], columns=3) == []

"""The plot of an indicator reads without colour: kinds of lines, shapes, words, and a table beneath."""

import re
from datetime import date
from xml.etree import ElementTree

from jiebang.adapters.indicator_plot import Level, Plot, Point, indicator_plot

LEVELS = [
    Level(value=0.5, kind="wanted", label="wanted 0.5"),
    Level(value=0.4, kind="promised", label="promised 0.4"),
    Level(value=2.0, kind="before", label="before 2"),
]
POINTS = [
    Point(day=date(2027, 4, 2), value=0.8, shape="ring"),
    Point(day=date(2027, 8, 9), value=0.9, shape="dot", crossed=True, label="0.9"),
    Point(day=date(2027, 8, 12), value=0.6, shape="square"),
    Point(day=date(2027, 9, 6), value=0.55, shape="diamond", label="0.55"),
]
HEADER = ("Day", "Value")
ROWS = [(str(point.day), str(point.value)) for point in POINTS]


def drawn(points: list[Point] = POINTS, levels: list[Level] = LEVELS) -> Plot:
    return indicator_plot(
        title="Too many <reminders>",
        points=points,
        levels=levels,
        reached="below",
        header=HEADER,
        rows=ROWS,
        show_day=str,
    )


def test_lines_differ_by_dashes_and_values_by_shape() -> None:
    svg = drawn().svg
    assert sorted(re.findall(r'stroke-dasharray="([^"]+)"', svg)) == ["2 4", "8 4"], (
        "what is wanted is a whole line"
    )
    assert svg.count("<circle") == 2
    assert 'fill="none"' in svg.split("<circle")[1], "the lead's own value is hollow"
    assert "h10v10h-10Z" in svg
    assert "l7 7l-7 7l-7 -7Z" in svg
    for words in ("wanted 0.5", "promised 0.4", "before 2", "0.55", "2027-04-02", "2027-09-06"):
        assert words in svg
    assert "Too many &lt;reminders&gt;" in svg


def test_it_is_well_formed_the_same_each_time_and_has_its_numbers() -> None:
    found = drawn()
    assert ElementTree.fromstring(found.svg).attrib["role"] == "img"
    assert found == drawn()
    assert found.rows == tuple(ROWS)


def test_words_of_near_lines_do_not_stand_on_each_other() -> None:
    near = [
        Level(value=92, kind="wanted", label="wanted 92"),
        Level(value=92.1, kind="promised", label="promised 92.1"),
    ]
    svg = drawn(levels=near).svg
    heights = [float(y) for y in re.findall(r'y="([\d.]+)"[^>]*>(?:wanted|promised) ', svg)]
    assert len(heights) == 2
    assert abs(heights[0] - heights[1]) >= 14


def test_nothing_measured_and_a_single_value_are_drawn_too() -> None:
    assert "wanted 0.5" in drawn(points=[]).svg
    alone = drawn(points=POINTS[:1], levels=[]).svg
    assert alone.count("2027-04-02") == 1

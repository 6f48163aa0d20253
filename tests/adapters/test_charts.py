"""Plots say what they prove, escape what they are given, and come out the same every time."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiebang.adapters import charts
from jiebang.adapters.drawing import ticks, width_of, wrap

NASTY = '<b>&"水</b>'


def dots(**more: object) -> charts.Plot:
    rows = [
        charts.DotRow(label="B-1", points=(82.0, 85.0, 79.0), low=79, high=85, chosen=True),
        charts.DotRow(label="B-2", points=(40.0,)),
        charts.DotRow(label=NASTY, note="none"),
    ]
    words = ("bid", "points", "mean", "low", "high")
    return charts.dot_plot(
        title=NASTY, rows=rows, header=words, line_at=charts.Line(60, "needed: 60"), **more
    )


def diagram(moves: list[tuple[str, str, str]], kinds: dict[str, str]) -> charts.Plot:
    return charts.state_diagram(
        title="One way through",
        states=[charts.DiagramState(id=name, name=name.upper(), kind=kind) for name, kind in kinds.items()],
        moves=[charts.DiagramMove(source=a, target=b, label=label) for a, b, label in moves],
        header=("from", "move", "to"),
    )


ALL = {
    "dots": dots,
    "bars": lambda: charts.bars(title=NASTY, items=[("a", 3.0), (NASTY, -1.5)], header=("k", "v")),
    "diagram": lambda: diagram([("a", "b", NASTY)], {"a": "start", "b": "end"}),
}


@pytest.mark.parametrize("name", ALL)
def test_every_plot_is_well_formed_escaped_and_the_same_twice(name: str) -> None:
    plot = ALL[name]()
    assert plot == ALL[name]()
    root = ET.fromstring(plot.svg)
    assert "<b>" not in plot.svg
    title = root.find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert title.text == plot.title
    assert all(len(row) == len(plot.header) for row in plot.rows)
    document = ET.fromstring(plot.document().split("\n", 1)[1])
    drawn = "".join(element.text or "" for element in document.iter("{http://www.w3.org/2000/svg}text"))
    assert plot.title.replace(" ", "") in drawn.replace(" ", "")


def test_no_coordinate_is_unfinished() -> None:
    for make in ALL.values():
        assert not re.search(r"nan|inf|None|e-\d", make().svg)


def test_dot_plot_keeps_experts_points_means_and_the_line_in_order() -> None:
    plot = dots(domain=(0, 100))
    circles = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', plot.svg)]
    assert len(circles) == 4
    assert circles[2] < circles[0] < circles[1]  # 79 < 82 < 85
    line = re.search(r'class="l-hot" d="M([\d.]+)', plot.svg)
    assert line is not None
    assert circles[3] < float(line[1]) < circles[2]  # 40 < the line of 60 < 79
    assert plot.rows[0] == ("B-1", "82, 85, 79", "82", "79", "85")
    assert plot.rows[2] == (NASTY, "–", "–", "–", "–")


def test_bars_are_as_long_as_their_values() -> None:
    plot = charts.bars(title="t", items=[("a", 4.0), ("b", 1.0)], header=("k", "v"))
    widths = [
        float(w) for w in re.findall(r'<rect class="cool" x="[\d.]+" y="[\d.]+" width="([\d.]+)"', plot.svg)
    ]
    assert widths[0] / widths[1] == pytest.approx(4, rel=0.01)


@pytest.mark.parametrize("rows", [[], [charts.DotRow(label="one", points=(5.0, 5.0))]])
def test_a_plot_of_nothing_or_of_equal_values_still_draws(rows: list[charts.DotRow]) -> None:
    plot = charts.dot_plot(title="t", rows=rows, header=list("abcde"))
    ET.fromstring(plot.svg)
    assert len(plot.rows) == len(rows)


def big() -> tuple[list[tuple[str, str, str]], dict[str, str]]:
    """Fifteen states, thirty moves: a main path of ten, five beside it, with returns and cross moves."""
    path = [f"p{i}" for i in range(10)]
    side = [f"x{i}" for i in range(5)]
    moves = [(a, b, f"go {a} to {b}") for a, b in pairwise(path)]
    moves += [(path[2 * i], side[i], f"leave {i}") for i in range(5)]
    moves += [(path[2 * i + 1], side[i], f"also leave {i}") for i in range(5)]
    moves += [(side[i], path[2 * i], f"come back {i}") for i in range(5)]
    moves += [
        ("x0", "x1", "move over"),
        ("x3", "x1", "move up"),
        ("p5", "p1", "again"),
        ("p8", "p2", "again far"),
    ]
    moves += [("p9", "p1", "renew"), ("x4", "p1", "restart")]
    return moves, {**dict.fromkeys(path, "normal"), **dict.fromkeys(side, "exit")}


def test_cards_of_a_large_diagram_stand_apart() -> None:
    moves, kinds = big()
    assert (len(kinds), len(moves)) == (15, 30)
    place = r'x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"'
    found = re.findall(rf'<rect class="paper l-rule" {place}', diagram(moves, kinds).svg)
    boxes = [tuple(map(float, box)) for box in found]
    assert len(boxes) == 15
    for (x1, y1, w1, h1), (x2, y2, w2, h2) in combinations(boxes, 2):
        assert x1 + w1 <= x2 or x2 + w2 <= x1 or y1 + h1 <= y2 or y2 + h2 <= y1


def test_level_parts_of_moves_to_different_states_never_lie_on_each_other() -> None:
    svg = diagram(*big()).svg
    levels: dict[str, set[str]] = {}
    for y, lane in re.findall(r'd="M[\d.]+ ([\d.]+)H([\d.]+)q', svg):
        levels.setdefault(y, set()).add(lane)
    assert sum(len(lanes) for lanes in levels.values()) >= 15
    assert all(len(lanes) == 1 for lanes in levels.values())


def test_every_move_is_named_once_and_moves_to_unknown_states_are_left_out() -> None:
    moves, kinds = big()
    plot = diagram([*moves, ("p0", "nowhere", "lost")], kinds)
    assert [row[1] for row in plot.rows] == [label for _, _, label in moves]
    for _, _, label in moves:
        assert plot.svg.count(f">{label}</text>") == 1


def test_a_self_move_and_a_lone_state_draw() -> None:
    assert len(diagram([("a", "a", "again")], {"a": "start"}).rows) == 1
    assert diagram([], {}).rows == ()


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_lie_inside_and_evenly(low: float, span: float) -> None:
    found = ticks(low, low + span)
    assert 2 <= len(found) <= 11
    assert all(low - span * 1e-6 <= tick <= low + span * (1 + 1e-6) for tick in found)


@given(st.text(alphabet="ab 水务, ", max_size=60))
def test_wrapping_loses_no_sign(words: str) -> None:
    rows = wrap(words, 60, 13)
    assert "".join(rows).replace(" ", "") == words.replace(" ", "")
    assert all(width_of(row, 13) <= 60 or " " not in row for row in rows)

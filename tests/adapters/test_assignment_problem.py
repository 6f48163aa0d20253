"""A problem's JSON: read whole, or every fault at once with its line."""

import json
from typing import Any

import numpy as np
import pytest

from jiebang.adapters.assignment_problem import problem_of
from jiebang.adapters.json_lines import lines_of
from jiebang.engines.assignment.problem import Problem

BASE: dict[str, Any] = {
    "bids": ["b1", "b2"], "experts": ["e1", "e2", "e3"], "affinity": [[0.5, 1, 0], [0.25, 0, 1]],
    "per_bid": 1, "min_load": 0, "max_load": 2, "conflicts": [["b1", "e1"]],
}  # fmt: skip


def read(**more: Any) -> Problem:
    found = problem_of(json.dumps({**BASE, **more}), name="p.json")
    assert not isinstance(found, list), found
    return found[0]


def faults(text: str | None = None, **more: Any) -> list[str]:
    found = problem_of(json.dumps({**BASE, **more}, indent=1) if text is None else text, name="p.json")
    assert isinstance(found, list)
    return [str(fault) for fault in found]


def test_rows_and_triples_are_the_same_problem() -> None:
    triples = [["b1", "e1", 0.5], ["b1", "e2", 1], ["b2", "e1", 0.25], ["b2", "e3", 1]]
    one, two = read().affinity.rows(0, 2), read(affinity=triples).affinity.rows(0, 2)
    assert np.array_equal(one, two)
    assert one[0, 0] == -np.inf


def test_ids_may_be_numbers_and_loads_lists_or_objects() -> None:
    found = read(bids=[7, 8], conflicts=[[7, "e1"]], per_bid={"7": 1, "8": 2}, max_load=[1, 2, 3])
    assert (found.bids, found.per_bid.tolist(), found.max_load.tolist()) == (("7", "8"), [1, 2], [1, 2, 3])
    ids = [1, 2, 3]
    table = read(
        bids=[1, 2], experts=ids, affinity=[[1, 1, 0.5], [2, 3, 1], [1, 2, 0]], conflicts=[]
    ).affinity
    assert table.rows(0, 2).tolist() == [[0.5, 0, 0], [0, 0, 1]]


def test_every_further_key() -> None:
    found = read(
        languages={"bids": {"b2": ["zh"]}, "experts": {"e2": ["EN"], "e3": ["zh", "en"]}},
        authors=[["b2", "e1"]], keep=[["b1", "e2"], ["b1", "e1"]], floor=0.5, least_total=1,
        marks={"country": {"e1": "VN"}}, quotas=[{"mark": "country", "most": 1}],
    )  # fmt: skip
    assert found.barred == {(1, 1): "language", (1, 0): "author", (0, 0): "conflict"}
    assert found.keep == ((0, 1),)
    assert found.marks == {"country": ("VN", "", "")}
    assert not found.is_flow
    assert read(conflicts=[["b1", "e1", "family"]]).barred == {(0, 0): "family"}


@pytest.mark.parametrize(
    "word", ["NaN", "Infinity", "-Infinity", "1e308", "1e999", "true", '"0,5"', "null", "1" + "0" * 400]
)
def test_what_is_no_affinity(word: str) -> None:
    text = json.dumps(BASE).replace("0.25", word)
    (fault,) = faults(text)
    assert fault.startswith("p.json:1: affinity[1][0]: ")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"bids": ["b1", "b1"]}, "bids[1]"),
        ({"bids": []}, "bids"),
        ({"experts": ["e1", " ", "e3"]}, "experts[1]"),
        ({"affinity": [[1, 1, 1]]}, "affinity"),
        ({"affinity": [[1, 1, 1], [1, 1]]}, "affinity[1]"),
        ({"affinity": 3}, "affinity"),
        ({"affinity": [["b1", "e9", 1]]}, "affinity[0][1]"),
        ({"affinity": [["b1", "e2", 1], ["b1", "e2", 1]]}, "affinity[1]"),
        ({"per_bid": -1}, "per_bid"),
        ({"per_bid": 1.5}, "per_bid"),
        ({"per_bid": True}, "per_bid"),
        ({"per_bid": None}, "per_bid"),
        ({"max_load": [1, 2]}, "max_load"),
        ({"max_load": {"e1": 1}}, "max_load"),
        ({"max_load": {"e1": 1, "e2": 1, "e3": 1, "e4": 1}}, "max_load.e4"),
        ({"min_load": 3}, "min_load"),
        ({"min_load": [0, 3, 0]}, "min_load[1]"),
        ({"conflicts": [["b9", "e1"]]}, "conflicts[0][0]"),
        ({"conflicts": [["b1"]]}, "conflicts[0]"),
        ({"conflicts": [["b1", "e1"], ["b1", "e1"]]}, "conflicts[1]"),
        ({"conflict": []}, "conflict"),
        ({"floor": float("nan")}, "floor"),
        ({"cap": 0}, "cap"),
        ({"cap": 0.5, "floor": 1}, "cap"),
        ({"commitment": "x"}, "commitment"),
        ({"quotas": [{"mark": "country", "most": 1}]}, "quotas[0].mark"),
        ({"quotas": [{"mark": "m", "least": 1}], "marks": {"m": {}}}, "quotas[0].least"),
        ({"quotas": [{"mark": "m"}], "marks": {"m": {}}}, "quotas[0]"),
        (
            {"quotas": [{"mark": "m", "value": "x", "least": 2, "most": 1}], "marks": {"m": {}}},
            "quotas[0].least",
        ),
        ({"marks": {"m": {"e9": "x"}}}, "marks.m.e9"),
        ({"languages": {"bids": {"b1": []}}}, "languages.bids.b1"),
    ],
)
def test_a_fault_stands_where_it_is(more: dict[str, Any], field: str) -> None:
    found = [fault.partition(": ") for fault in faults(**more)]
    assert [place for place, _, rest in found if rest.startswith(f"{field}: ")], found


def test_all_faults_at_once_with_their_lines() -> None:
    text = '{"bids": ["b1"],\n "experts": ["e1"],\n "affinity": [[NaN]],\n "per_bid": -1,\n'
    text += ' "max_load": 1, "keep": [["b2", "e1"]]}'
    assert [fault.split(": ")[0] + " " + fault.split(": ")[1] for fault in faults(text)] == [
        "p.json:3 affinity[0][0]", "p.json:4 per_bid", "p.json:5 keep[0][0]",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", "[", "[]", '"x"', "{'a': 1}", "[" * 100_000, '{"bids": ["b1"], "bids": ["b2"]}']
)
def test_what_is_no_problem_at_all(text: str) -> None:
    assert faults(text)


def test_a_million_wrong_numbers_are_told_in_a_hundred_lines() -> None:
    found = faults(bids=[f"b{at}" for at in range(300)], affinity=[[None] * 3] * 300, conflicts=[])
    assert len(found) == 101


def test_the_line_of_a_value() -> None:
    text = '{"a": [1,\n {"b\\"": [[],\n {}, 5]}],\n "c": "}"}'
    wanted: list[tuple[str | int, ...]] = [("a", 0), ("a", 1, 'b"', 2), ("c",), ("d",)]
    assert lines_of(text, wanted) == {("a", 0): 1, ("a", 1, 'b"', 2): 3, ("c",): 4}


def test_a_quota_may_be_asked_of_some_bids_alone() -> None:
    marks = {"sector": {"e1": "a", "e2": "a"}}
    found = read(
        marks=marks,
        quotas=[{"mark": "sector", "value": "a", "least": 1, "bids": ["b2"]}, {"mark": "sector", "most": 1}],
    )
    assert [quota.bids for quota in found.quotas] == [frozenset({1}), None]
    planted = [{"mark": "sector", "most": 1, "bids": ["b9"]}, {"mark": "sector", "most": 1, "bids": []}]
    told = faults(marks=marks, quotas=planted)
    assert len(told) == 2
    assert "b9" in told[0]
    assert "leave it out for all" in told[1]

"""A problem file: the whole format, and every fault of it at once."""

import json
from decimal import Decimal

import pytest

from jiebang.engines.team.places import lines
from jiebang.engines.team.problem import Problem
from jiebang.engines.team.reading import read

WHOLE = """\
{"need": ["a", {"capability": "b", "level": 2, "weight": 1.5, "required": false}],
 "organisations": [
  {"id": "x", "country": "CN", "type": "firm", "capabilities": {"a": 1, "b": 2.5}, "value": -3, "cost": 0.10},
  {"id": "y", "capabilities": ["a"]}],
 "lead": {"countries": ["CN"], "types": ["firm"], "organisations": ["x"]},
 "limits": {"partners": 4, "per_country": 2, "countries": 1, "budget": 7},
 "must_have": ["x"], "excluded": ["y"], "apart": [["x", "y"]]}
"""
FAULTY = """\
{"need": ["a", {"capability": "b", "level": NaN}, "a"],
 "organisations": [
  {"id": "x", "capabilities": ["a", "a"], "value": 1e400},
  {"id": "x", "capabilities": {"b": -1}, "value": true, "cost": -3, "hue": 1}, 3,
  {"id": "y", "value": 1.00000001, "cost": "1,5"}],
 "limits": {"partners": -1, "budget": Infinity, "per_country": 0, "countries": 1.5},
 "lead": {"types": "x", "organisations": ["nobody"]},
 "must_have": ["y", "zz"], "excluded": ["y"],
 "apart": [["x", "x"], ["x"], ["x", "y"], ["y", "x"], ["x", "who"]], "more": null}
"""
PLACES = {
    (1, "need[1].level"), (1, "need[2]"), (3, "organisations[0].capabilities[1]"), (3, "organisations[0].value"),
    (4, "organisations[1].capabilities.b"), (4, "organisations[1].cost"), (4, "organisations[1].hue"),
    (4, "organisations[1].id"), (4, "organisations[1].value"), (4, "organisations[2]"), (4, "organisations[2].id"),
    (5, "organisations[3].cost"), (5, "organisations[3].value"), (6, "limits.budget"), (6, "limits.countries"),
    (6, "limits.partners"), (6, "limits.per_country"), (7, "lead.types"), (7, "lead.organisations"),
    (8, "excluded"), (8, "must_have"), (9, "apart[0]"), (9, "apart[0][1]"), (9, "apart[1]"), (9, "apart[3]"),
    (9, "apart[4]"), (9, "more"),
}  # fmt: skip


def test_the_whole_format_is_read_exactly() -> None:
    found = read(WHOLE)
    assert isinstance(found, Problem)
    assert found.need[1].weight == Decimal("1.5")
    assert found.need[1].required is False
    assert found.organisations[0].capabilities == {"a": 1, "b": Decimal("2.5")}
    assert found.organisations[0].cost == Decimal("0.10")
    assert found.organisations[1].capabilities == {"a": 1}
    assert found.limits.partners == 4
    assert found.lead.allows(found.organisations[0])
    assert not found.lead.allows(found.organisations[1])
    assert found.apart == (("x", "y"),)


def test_every_fault_is_told_at_once_with_its_line() -> None:
    found = read(FAULTY)
    assert isinstance(found, tuple)
    assert {(fault.line, fault.field) for fault in found} == PLACES
    assert [fault.line for fault in found] == sorted(fault.line for fault in found)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", "null", "{}", "[" * 100_000, '{"need": ["a"], "need": ["b"]}', '"\ud800"']
)
def test_what_is_no_problem_is_a_fault_and_no_traceback(text: str) -> None:
    assert isinstance(read(text), tuple)


@pytest.mark.parametrize(
    "number", ["1e999999999", "-1e999999999", "9" * 5000, "1e-999999", "NaN", "-Infinity"]
)
def test_no_number_is_too_strange(number: str) -> None:
    found = read(f'{{"need": ["a"], "organisations": [{{"id": "x", "value": {number}}}]}}')
    assert isinstance(found, tuple)
    assert [fault.field for fault in found] == ["organisations[0].value"]


def test_lines_are_found_whatever_the_spacing() -> None:
    data = {"a": [1, {"b\n": "]}"}, []], "c": None}
    text = json.dumps(data, indent=1)
    assert lines(text) == {
        (): 1, ("a",): 2, ("a", 0): 3, ("a", 1): 4, ("a", 1, "b\n"): 5, ("a", 2): 7, ("c",): 9,
    }  # fmt: skip


def test_a_key_that_stands_twice_is_told_with_its_line() -> None:
    found = read('{"need": ["a"],\n "organisations": [{"id": "x", "value": 1,\n "value": 2}]}')
    assert isinstance(found, tuple)
    assert [(fault.line, fault.field) for fault in found] == [(3, "value")]

"""A receipt is checked with nothing but itself, and against a journal when there is one."""

import copy
import json
from typing import Any

import pytest

from jiebang.trust.chain import Entry, entry_bytes, entry_leaf
from jiebang.trust.receipts import make_receipt, verify_receipt

SALT = bytes(range(16))


@pytest.fixture
def receipt(chain: list[Entry]) -> dict[str, Any]:
    """For the fifth entry, written when there were nine, as its owner reads it from a file."""
    made = make_receipt(
        chain[4], head_seq=9, head_leaf=entry_leaf(chain[8]), openings={"name": (SALT, "Person 5")}
    )
    return dict(json.loads(json.dumps(made)))


def codes(receipt: object, journal: list[bytes] | None = None) -> list[str]:
    return [fault.code.removeprefix("trust.receipt_") for fault in verify_receipt(receipt, journal=journal)]


def test_a_receipt_holds_alone_and_against_the_journal(receipt: dict[str, Any], lines: list[bytes]) -> None:
    assert codes(receipt) == []
    assert codes(receipt, lines) == []
    assert codes(receipt, lines[:9]) == []


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every scalar in a JSON value."""
    if isinstance(value, dict):
        return [found for key, item in value.items() for found in leaves(item, (*path, key))]
    return [path]


def test_a_changed_character_anywhere_is_seen(receipt: dict[str, Any]) -> None:
    """Only the head's own hash cannot be checked without a journal."""
    for path in leaves(receipt):
        changed = copy.deepcopy(receipt)
        inner = changed
        for key in path[:-1]:
            inner = inner[key]
        old = inner[path[-1]]
        inner[path[-1]] = old - 8 if isinstance(old, int) else ("1" if old[0] == "0" else "0") + old[1:]
        assert (codes(changed) != []) == (path != ("head", "leaf")), path


def test_a_journal_without_the_entry_is_caught(
    chain: list[Entry], receipt: dict[str, Any], lines: list[bytes]
) -> None:
    assert codes(receipt, lines[:4]) == ["lost", "lost"]
    assert codes(receipt, lines[:8]) == ["lost"]
    receipt["head"]["leaf"] = entry_leaf(chain[7])
    assert codes(receipt, lines) == ["lost"]


def test_a_journal_with_another_entry_in_its_place_is_caught(
    chain: list[Entry], receipt: dict[str, Any], lines: list[bytes]
) -> None:
    lines[4] = entry_bytes(chain[3])
    assert "lost" in codes(receipt, lines)


@pytest.mark.parametrize("junk", [None, [], "x", {}, {"format": "jiebang-receipt/1"}, {"format": 1}])
def test_what_is_no_receipt_is_said_to_be_none(junk: object, lines: list[bytes]) -> None:
    assert len(codes(junk)) == 1
    assert len(codes(junk, lines)) == 1


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("head", None, "head"),
        ("head", {"seq": True, "leaf": "0" * 64}, "head"),
        ("head", {"seq": 5, "leaf": "0" * 64}, "head"),
        ("openings", [], "opening"),
        ("openings", {"name": 1}, "opening"),
        ("openings", {"other": {"salt": "00", "value": 1}}, "opening"),
        ("openings", {"name": {"salt": "zz", "value": 1}}, "opening"),
        ("subject", "bid/6", "subject"),
        ("leaf", None, "leaf"),
        ("note", 1e300, "entry"),
    ],
)
def test_each_malformed_part_is_named(receipt: dict[str, Any], path: str, value: object, code: str) -> None:
    receipt[path] = value
    assert codes(receipt) == [code]

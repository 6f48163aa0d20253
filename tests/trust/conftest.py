"""Journals made in memory for the tests of this room."""

from collections.abc import Callable

import pytest

from jiebang.trust.chain import GENESIS, Entry, entry_bytes, entry_leaf
from jiebang.trust.commitments import commit

SALT = bytes(range(16))


def make_entry(seq: int, previous: str) -> Entry:
    """An entry with a body and a private value that differ by its number."""
    return Entry(
        seq=seq,
        at=f"2026-04-08T01:02:{seq % 60:02}.000000Z",
        event="bid:submitted",
        actor=f"p-{seq}",
        subject=f"bid/{seq}",
        rulebook="ab" * 32,
        body={"count": seq, "note": "需求 ນ້ຳ\u2028\u0085"},
        private={"name": commit(f"Person {seq}", salt=SALT)},
        previous=previous,
    )


def make_chain(count: int) -> list[Entry]:
    """A chain of that many entries."""
    chain: list[Entry] = []
    for seq in range(1, count + 1):
        chain.append(make_entry(seq, entry_leaf(chain[-1]) if chain else GENESIS))
    return chain


@pytest.fixture
def chain() -> list[Entry]:
    """A journal of twelve entries."""
    return make_chain(12)


@pytest.fixture
def lines(chain: list[Entry]) -> list[bytes]:
    """The same journal as the lines of its file."""
    return [entry_bytes(item) + b"\n" for item in chain]


@pytest.fixture
def entry_of() -> Callable[[int, str], Entry]:
    """Makes one entry after a given one."""
    return make_entry

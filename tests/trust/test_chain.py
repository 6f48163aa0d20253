"""Whatever is done to a journal behind its back is seen, and where."""

import json
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiebang.trust.canonical import NotCanonicalError
from jiebang.trust.chain import (
    GENESIS,
    Entry,
    entry_bytes,
    entry_leaf,
    read_entry,
    verify_chain,
    walk_chain,
    withheld_bytes,
)
from jiebang.trust.commitments import commit, opens

SALT = bytes(range(16))
steady = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def codes(lines: list[bytes], head: str | None = None) -> list[tuple[int, str]]:
    return [(fault.line, fault.code.removeprefix("trust.")) for fault in verify_chain(lines, head=head)]


def test_a_journal_as_written_holds(chain: list[Entry], lines: list[bytes]) -> None:
    assert verify_chain(lines, head=entry_leaf(chain[-1])) == []
    assert verify_chain([line.rstrip(b"\n") for line in lines]) == []
    assert [read_entry(line.rstrip(b"\n")) for line in lines] == chain


def test_every_flipped_bit_is_seen(chain: list[Entry], lines: list[bytes]) -> None:
    head, text = entry_leaf(chain[1]), b"".join(lines[:2])
    for bit in range(len(text) * 8):
        flipped = bytearray(text)
        flipped[bit // 8] ^= 1 << bit % 8
        assert verify_chain(bytes(flipped).splitlines(keepends=True), head=head), f"bit {bit}"


@steady
@given(st.data())
def test_every_deletion_is_seen(chain: list[Entry], lines: list[bytes], data: st.DataObject) -> None:
    gone = data.draw(st.sets(st.integers(0, len(lines) - 1), min_size=1))
    rest = [line for index, line in enumerate(lines) if index not in gone]
    assert verify_chain(rest, head=entry_leaf(chain[-1]))


@steady
@given(st.data())
def test_every_other_order_is_seen(chain: list[Entry], lines: list[bytes], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(lines))
    assert bool(verify_chain(shuffled, head=entry_leaf(chain[-1]))) == (shuffled != lines)


@steady
@given(st.integers(0, 12), st.integers(0, 11))
def test_every_insertion_is_seen(chain: list[Entry], lines: list[bytes], place: int, copied: int) -> None:
    repeated = [*lines[:place], lines[copied], *lines[place:]]
    assert verify_chain(repeated, head=entry_leaf(chain[-1]))


def test_an_entry_pushed_in_between_is_seen(
    chain: list[Entry], lines: list[bytes], entry_of: Callable[[int, str], Entry]
) -> None:
    forged = entry_bytes(replace(entry_of(7, entry_leaf(chain[5])), body={"forged": True}))
    assert codes([*lines[:6], forged, *lines[6:]]) == [(8, "wrong_seq"), (8, "broken_link")]


@pytest.mark.parametrize("kept", range(12))
def test_a_tail_cut_off_is_seen_with_the_head(chain: list[Entry], lines: list[bytes], kept: int) -> None:
    assert verify_chain(lines[:kept]) == []
    assert codes(lines[:kept], head=entry_leaf(chain[-1])) == [(kept, "other_head")]


@pytest.mark.parametrize("index", range(12))
def test_history_written_anew_is_seen_with_the_head(chain: list[Entry], index: int) -> None:
    changed = [*chain[:index], replace(chain[index], body={"count": 0})]
    for item in chain[index + 1 :]:
        changed.append(replace(item, previous=entry_leaf(changed[-1])))
    relinked = [entry_bytes(item) for item in changed]
    assert verify_chain(relinked) == []
    assert codes(relinked, head=entry_leaf(chain[-1])) == [(12, "other_head")]


def test_all_faults_come_at_once_each_where_it_is(chain: list[Entry], lines: list[bytes]) -> None:
    lines[2] = entry_bytes(replace(chain[2], actor="p-99"))
    lines[6] = b"{}"
    del lines[9]
    found = [
        (4, "broken_link"),
        (7, "unreadable"),
        (8, "broken_link"),
        (10, "wrong_seq"),
        (10, "broken_link"),
    ]
    assert codes(lines) == found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seq", 0),
        ("seq", True),
        ("seq", "1"),
        ("at", "2026-04-08T01:02:03Z"),
        ("at", None),
        ("event", ""),
        ("rulebook", "AB" * 32),
        ("body", []),
        ("private", {"name": "Person"}),
        ("previous", "0"),
        ("extra", 1),
    ],
)
def test_an_entry_of_the_wrong_shape_is_unreadable(chain: list[Entry], name: str, value: object) -> None:
    fields = json.loads(entry_bytes(chain[0])) | {name: value}
    line = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert codes([line]) == [(1, "unreadable")]


@pytest.mark.parametrize(
    "line",
    [b"", b"\n", b"\xff\xfe", b"[" * 100_000, b'{"seq":NaN}', b"9" * 5000, b'{"a":1,"a":2}', b'"\\ud800"'],
)
def test_a_line_that_is_no_entry_is_unreadable(line: bytes) -> None:
    assert codes([line]) == [(1, "unreadable")]


def test_the_same_entry_spelled_otherwise_is_unreadable(lines: list[bytes]) -> None:
    assert codes([json.dumps(json.loads(lines[0])).encode()]) == [(1, "unreadable")]
    assert codes([lines[0].replace(b"\n", b"\r\n")]) == [(1, "unreadable")]
    assert codes([lines[0].replace(b"{", b'{"seq":1,', 1)]) == [(1, "unreadable")]
    with pytest.raises(NotCanonicalError):
        read_entry(lines[0])


def test_erasing_salt_and_value_leaves_a_chain_that_holds(chain: list[Entry], lines: list[bytes]) -> None:
    """What opens a commitment lives outside the journal, so erasing it changes no line."""
    vault: dict[int, tuple[bytes, str]] = {item.seq: (SALT, f"Person {item.seq}") for item in chain}
    assert all(opens(item.private["name"], vault[item.seq][1], salt=SALT) for item in chain)
    del vault[5]
    assert verify_chain(lines, head=entry_leaf(chain[-1])) == []
    assert b"Person" not in b"".join(lines)


@given(st.text(), st.text(), st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_a_commitment_opens_to_its_value_and_salt_only(
    one: str, other: str, salt: bytes, salt2: bytes
) -> None:
    made = commit(one, salt=salt)
    assert opens(made, one, salt=salt)
    assert opens(made, other, salt=salt2) == (one == other and salt == salt2)


def test_a_commitment_needs_a_whole_salt() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        commit("x", salt=b"short")
    assert not opens("é", "x", salt=SALT)
    assert not opens(commit("x", salt=SALT), object(), salt=SALT)


def test_the_check_needs_no_more_memory_for_a_longer_journal(entry_of: Callable[[int, str], Entry]) -> None:
    def journal(count: int) -> Iterator[bytes]:
        previous = GENESIS
        for seq in range(1, count + 1):
            item = entry_of(seq, previous)
            previous = entry_leaf(item)
            yield entry_bytes(item)

    def peak(count: int) -> int:
        tracemalloc.start()
        assert sum(len(step.faults) for step in walk_chain(journal(count))) == 0
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(10)
    assert peak(2000) < 2 * peak(100)


def test_a_withheld_line_keeps_its_place_and_its_hash(chain: list[Entry], lines: list[bytes]) -> None:
    """A published journal may withhold entries; moved, doubled or with another hash they are found."""

    def faults(published: list[bytes]) -> list[str]:
        return [fault.code for step in walk_chain(published, withheld=True) for fault in step.faults]

    hidden = [withheld_bytes(seq=item.seq, leaf=entry_leaf(item)) for item in chain]
    for shown in (
        [*lines[:4], hidden[4], *lines[5:]],
        [*lines[:4], *hidden[4:6], *lines[6:]],
        [*lines[:11], hidden[11]],
    ):
        assert faults(shown) == []
        assert verify_chain(shown)  # the journal itself withholds nothing
    other = withheld_bytes(seq=5, leaf=entry_leaf(chain[7]))
    assert faults([*lines[:4], other, *lines[5:]]) == ["trust.broken_link"]
    assert "trust.wrong_seq" in faults([*lines[:4], hidden[5], *lines[5:]])
    assert "trust.wrong_seq" in faults([*lines[:4], hidden[4], hidden[4], *lines[5:]])
    assert (
        faults([b'{"seq":1,"leaf":"' + entry_leaf(chain[0]).encode() + b'"}', *lines[1:]])[0]
        == "trust.unreadable"
    )

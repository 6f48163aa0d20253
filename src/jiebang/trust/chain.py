"""The journal as a chain of entries that an outsider can check, one line of `journal.jsonl` at a time.

An entry is canonical JSON and names the hash of the entry before it. That hash is a leaf hash of RFC 6962,
so the same entries can later become the leaves of a public log without being written again.

A reader who may not read an entry yet gets a line that withholds it: `{"leaf": ..., "seq": ...}`. The entry after it
names the same leaf, so that it cannot be replaced; which entry it follows is seen when it is given whole.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from jiebang.trust.canonical import Json, NotCanonicalError, canonical_bytes
from jiebang.trust.merkle import leaf_hash

GENESIS = "0" * 64  # what the first entry names as the one before it

_HASH = re.compile(r"[0-9a-f]{64}\Z")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened. People appear as pseudonyms, personal values as commitments."""

    seq: int  # from 1, without gaps
    at: str  # RFC 3339, UTC, six decimals
    event: str  # `area:what`
    actor: str  # pseudonym
    subject: str  # what it happened to
    rulebook: str | None  # SHA-256 of the rulebook in force
    body: Mapping[str, Json] = field(default_factory=dict)  # public
    private: Mapping[str, str] = field(default_factory=dict)  # name -> commitment
    previous: str  # leaf hash of the entry before


FIELDS = tuple(Entry.__dataclass_fields__)
_NAMES = frozenset(FIELDS)
_WITHHELD = frozenset({"leaf", "seq"})


@dataclass(frozen=True, slots=True)
class ChainFault:
    """What is wrong at a line (from 1; 0: not in a line); `code` and `params` render from the catalogue."""

    line: int
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One line as read: its leaf hash, the entry if it is given, its number if it can be read, what is wrong with it."""

    line: int
    leaf: str
    entry: Entry | None
    faults: tuple[ChainFault, ...]
    seq: int | None = None

    @property
    def withheld(self) -> bool:
        """Whether the line holds the number and leaf of an entry and not what it says."""
        return self.seq is not None and self.entry is None


def entry_bytes(entry: Entry) -> bytes:
    """The canonical line of an entry, without the newline."""
    return canonical_bytes(as_mapping(entry))


def as_mapping(entry: Entry) -> dict[str, object]:
    """The entry's fields by name, not copied."""
    return {name: getattr(entry, name) for name in FIELDS}


def entry_leaf(entry: Entry) -> str:
    """The hash by which the next entry and every receipt name this one."""
    return leaf_hash(entry_bytes(entry))


def withheld_bytes(*, seq: int, leaf: str) -> bytes:
    """The line that stands for an entry whose reader may not read it yet, without the newline."""
    return canonical_bytes({"leaf": leaf, "seq": seq})


def read_entry(data: bytes) -> Entry:
    """The entry on a line; raises NotCanonicalError when `entry_bytes` would write other bytes."""
    try:
        value = json.loads(data, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NotCanonicalError("the line is not JSON") from error
    entry = entry_from(value)
    if entry_bytes(entry) != data:
        raise NotCanonicalError("the line is not in canonical form")
    return entry


def entry_from(value: object) -> Entry:
    """An entry from parsed JSON; raises NotCanonicalError naming the fields that are wrong."""
    if not isinstance(value, dict) or value.keys() != _NAMES:
        raise NotCanonicalError(f"an entry has exactly the fields {', '.join(FIELDS)}")
    wrong = [name for name, right in _checks(value).items() if not right]
    if wrong:
        raise NotCanonicalError(f"wrong {', '.join(wrong)}")
    return Entry(**value)


def walk_chain(lines: Iterable[bytes], *, withheld: bool = False) -> Iterator[Step]:
    """Check line after line in constant memory. After a fault the check goes on from the line as it is.

    `withheld` accepts lines that withhold their entry, as a published journal has them; the journal itself has none.
    """
    seq, leaf = 0, GENESIS
    for number, raw in enumerate(lines, start=1):
        data = raw.removesuffix(b"\n")
        hidden = _withheld(number, data, seq=seq + 1) if withheld else None
        step = hidden or _step(number, data, seq=seq + 1, previous=leaf)
        seq, leaf = (seq + 1 if step.seq is None else step.seq), step.leaf
        yield step


def verify_chain(lines: Iterable[bytes], *, head: str | None = None) -> list[ChainFault]:
    """Every fault of a journal; empty when it holds.

    `head` is the leaf hash of the last entry as somebody else noted it: without it nobody can see
    that the end was cut off, or that the last entry was written anew.
    """
    faults: list[ChainFault] = []
    leaf, number = GENESIS, 0
    for step in walk_chain(lines):
        faults += step.faults
        leaf, number = step.leaf, step.line
    return faults + head_faults(head, leaf=leaf, line=number)


def head_faults(head: str | None, *, leaf: str, line: int) -> list[ChainFault]:
    """The fault of a journal that ends in `leaf` where it should end in `head`."""
    if head is None or head == leaf:
        return []
    return [ChainFault(line, "trust.other_head", {"found": leaf, "expected": head})]


def _step(number: int, data: bytes, *, seq: int, previous: str) -> Step:
    leaf = leaf_hash(data)
    try:
        entry = read_entry(data)
    except NotCanonicalError as problem:
        return Step(number, leaf, None, (ChainFault(number, "trust.unreadable", {"problem": str(problem)}),))
    faults = _seq_faults(number, entry.seq, expected=seq)
    if entry.previous != previous:
        params: dict[str, str | int] = {"found": entry.previous, "expected": previous}
        faults.append(ChainFault(number, "trust.broken_link", params))
    return Step(number, leaf, entry, tuple(faults), entry.seq)


def _withheld(number: int, data: bytes, *, seq: int) -> Step | None:
    """The step over a line that withholds its entry; None for every other line."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or value.keys() != _WITHHELD:
        return None
    if not _is_seq(value["seq"]) or not is_hash(value["leaf"]) or withheld_bytes(**value) != data:
        return None
    return Step(
        number, value["leaf"], None, tuple(_seq_faults(number, value["seq"], expected=seq)), value["seq"]
    )


def _seq_faults(number: int, found: int, *, expected: int) -> list[ChainFault]:
    if found == expected:
        return []
    return [ChainFault(number, "trust.wrong_seq", {"found": found, "expected": expected})]


def _checks(value: Mapping[str, object]) -> dict[str, bool]:
    private, rulebook = value["private"], value["rulebook"]
    return {
        "seq": _is_seq(value["seq"]),
        "at": isinstance(value["at"], str) and bool(_INSTANT.match(value["at"])),
        **{name: _is_name(value[name]) for name in ("event", "actor", "subject")},
        "rulebook": rulebook is None or is_hash(rulebook),
        "body": isinstance(value["body"], dict),
        "private": isinstance(private, dict) and all(is_hash(item) for item in private.values()),
        "previous": is_hash(value["previous"]),
    }


def is_hash(value: object) -> bool:
    """Whether this is a SHA-256 in 64 lower-case hex digits."""
    return isinstance(value, str) and bool(_HASH.match(value))


def _is_seq(value: object) -> bool:
    return type(value) is int and value >= 1


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _refuse(constant: str) -> Json:
    raise NotCanonicalError(f"{constant} is not JSON")

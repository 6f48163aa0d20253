"""Readers of single fields of an assignment problem: what is there, or a fault that says what would be right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from jiebang.adapters.json_lines import Path
from jiebang.engines.assignment.table import LARGEST

MOST_FAULTS = 100  # of one field, so that a table of a million wrong numbers can still be read
Pair = tuple[int, int]


@dataclass
class Notes:
    """What is wrong so far: the path of each wrong value and the words."""

    found: list[tuple[Path, str]] = field(default_factory=list)
    counts: dict[Path, int] = field(default_factory=dict)

    def add(self, path: Path, words: str) -> None:
        """Note a fault; of one field only so many."""
        top = path[:1]
        self.counts[top] = self.counts.get(top, 0) + 1
        if self.counts[top] == MOST_FAULTS + 1:
            self.found.append((top, f"and more faults like these; the first {MOST_FAULTS} are shown"))
        elif self.counts[top] <= MOST_FAULTS:
            self.found.append((path, words))


def said(value: object) -> str:
    """A value as a fault shows it."""
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


def is_number(value: object) -> bool:
    """A JSON number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def affinity(value: object, path: Path, notes: Notes) -> float:
    """A finite number of reasonable size; 0 with a fault otherwise."""
    if not is_number(value):
        notes.add(path, f"{said(value)} is no number; write one such as 0.75, with a point")
    elif not -LARGEST <= value <= LARGEST:  # type: ignore[operator]
        notes.add(
            path,
            f"{said(value)} is too large or no finite number; write one from -{LARGEST:g} to {LARGEST:g}",
        )
    else:
        return float(value)  # type: ignore[arg-type]
    return 0.0


def number(value: object, path: Path, notes: Notes, *, least: float, most: float) -> float | None:
    """A finite number from `least` to `most`, or None with a fault."""
    if is_number(value) and least <= value <= most:  # type: ignore[operator]
        return float(value)  # type: ignore[arg-type]
    notes.add(path, f"{said(value)} does not do; write a number from {least:g} to {most:g}")
    return None


def count(value: object, path: Path, notes: Notes) -> int:
    """A whole number from 0 to a million; 0 with a fault otherwise."""
    if is_number(value) and 0 <= value <= 1_000_000 and value == int(value):  # type: ignore[operator,call-overload]
        return int(value)  # type: ignore[call-overload,no-any-return]
    notes.add(path, f"{said(value)} does not do; write a whole number from 0 to 1,000,000")
    return 0


def identifiers(data: Mapping[str, Any], key: str, notes: Notes) -> tuple[str, ...]:
    """A list of different ids, texts or whole numbers."""
    value = data.get(key)
    if not isinstance(value, list) or not value:
        notes.add((key,), "write a list of ids, at least one")
        return ()
    names = [identifier(item) for item in value]
    first: dict[str, int] = {}
    for at, name in enumerate(names):
        if name is None:
            notes.add((key, at), f"{said(value[at])} is no id; write a text that is not empty")
        elif first.setdefault(name, at) < at:
            notes.add((key, at), f"{name} is there already, at place {first[name]}; each id once")
    return tuple(name or "" for name in names)


def identifier(item: object) -> str | None:
    """An id as text, or None where it is none."""
    if isinstance(item, int) and not isinstance(item, bool):
        return str(item)
    return item if isinstance(item, str) and item.strip() else None


def counts(
    data: Mapping[str, Any], key: str, ids: Sequence[str], notes: Notes, *, absent: int | None = None
) -> list[int]:
    """One whole number for all, a list in their order, or an object by id."""
    value = data.get(key, absent)
    if isinstance(value, list):
        if len(value) != len(ids):
            notes.add((key,), f"has {len(value)} numbers for {len(ids)}; write one number, or one for each")
            return [0] * len(ids)
        return [count(item, (key, at), notes) for at, item in enumerate(value)]
    if isinstance(value, dict):
        return _counts_by_id(value, key, ids, notes, absent)
    if value is None:
        notes.add((key,), "is missing; write a whole number, or one for each")
        return [0] * len(ids)
    return [count(value, (key,), notes)] * len(ids)


def _counts_by_id(
    value: Mapping[str, Any], key: str, ids: Sequence[str], notes: Notes, absent: int | None
) -> list[int]:
    for name in value:
        if name not in ids:
            notes.add((key, name), unknown(name, ids))
    if absent is None and (missing := [name for name in ids if name not in value]):
        notes.add((key,), f"has no number for {', '.join(missing[:5])}; write one for each")
    return [count(value.get(name, absent or 0), (key, name), notes) for name in ids]


def unknown(item: object, ids: Sequence[str], *, what: str = "id") -> str:
    """The words for an id that is not in the list, with the nearest one."""
    near = get_close_matches(str(item), ids[:2000], n=1)
    return f"unknown {what} {said(item)}" + (
        f"; is {near[0]} meant?" if near else "; use one of those listed"
    )


def pairs(
    data: Mapping[str, Any], key: str, places: tuple[Mapping[str, int], Mapping[str, int]], notes: Notes
) -> dict[Pair, str]:
    """Pairs [bid, expert] or [bid, expert, words], each once: their places, and the words or none."""
    value = data.get(key, [])
    if not isinstance(value, list):
        notes.add((key,), "write a list of pairs [bid, expert]")
        return {}
    found: dict[Pair, str] = {}
    for at, item in enumerate(value):
        if not isinstance(item, list) or len(item) not in (2, 3) or not all(map(identifier, item)):
            notes.add((key, at), f"{said(item)} is no pair; write [bid, expert]")
            continue
        pair = pair_places(item, (key, at), places, notes)
        if pair in found:
            notes.add((key, at), f"{item[0]}, {item[1]} is there already; each pair once")
        elif pair:
            found[pair] = str(item[2]) if len(item) == 3 else ""
    return found


def pair_places(
    item: Sequence[Any], path: Path, places: tuple[Mapping[str, int], Mapping[str, int]], notes: Notes
) -> Pair | None:
    """The places of [bid, expert, ...], or None with a fault for each that is unknown."""
    found = []
    for at, what in enumerate(("bid", "expert")):
        name = identifier(item[at])
        place = places[at].get(name) if name is not None else None
        if place is None:
            notes.add((*path, at), unknown(item[at], list(places[at]), what=what))
        else:
            found.append(place)
    return (found[0], found[1]) if len(found) == 2 else None

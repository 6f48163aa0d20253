"""An assignment problem from its JSON (docs/assignment.md has the keys): the whole problem, or every fault at once."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from jiebang.adapters import assignment_fields as fields
from jiebang.adapters.assignment_fields import Notes, Pair
from jiebang.adapters.assignment_marks import languages, marks, quotas
from jiebang.adapters.json_lines import lines_of
from jiebang.engines.assignment.problem import Problem
from jiebang.engines.assignment.table import LARGEST, Floats, Table
from jiebang.rules.faults import Fault
from jiebang.rules.texts import BROKEN

KEYS = (
    "bids", "experts", "affinity", "per_bid", "min_load", "max_load", "conflicts",
    "authors", "cap", "commitment", "floor", "keep", "languages", "least_total", "marks", "quotas",
)  # fmt: skip
BESIDE_CAP = ("quotas", "authors", "floor", "least_total", "keep")
Places = tuple[Mapping[str, int], Mapping[str, int]]


def read_problem(path: Path, /) -> tuple[Problem, str] | list[Fault]:
    """The problem of a file and the commitment to a seed in it ("" if none), or everything that is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        return [Fault(str(path), None, "file", f"cannot be read: {error.strerror}")]
    except UnicodeDecodeError:
        return [Fault(str(path), None, "file", "is not UTF-8; save it as UTF-8")]
    return problem_of(text, name=str(path))


def problem_of(text: str, /, *, name: str) -> tuple[Problem, str] | list[Fault]:
    """The same from the text of a file called `name`."""
    notes = Notes()
    try:
        data = json.loads(text, object_pairs_hook=lambda items: _object(items, notes))
    except json.JSONDecodeError as error:
        return [Fault(name, error.lineno, "json", f"this is not JSON: {error.msg}")]
    except (ValueError, RecursionError) as error:
        return [Fault(name, None, "json", f"this is not JSON that can be read: {error}")]
    if BROKEN.search(json.dumps(data, ensure_ascii=False)):
        return [Fault(name, None, "json", "holds control characters or halves of characters; take them out")]
    if not isinstance(data, dict):
        return [Fault(name, None, "json", f"write an object with the keys {', '.join(KEYS[:7])}")]
    problem = _problem(data, notes)
    if notes.found or problem is None:
        where = lines_of(text, {path for path, _ in notes.found})
        return [Fault(name, where.get(path), _field(path), words) for path, words in notes.found]
    return problem, str(data.get("commitment", "")).lower()


def _object(items: list[tuple[str, Any]], notes: Notes) -> dict[str, Any]:
    found = dict(items)
    if len(found) < len(items):
        names = [name for name, _ in items]
        for name in sorted({name for name in names if names.count(name) > 1}):
            notes.add((name,), "is there twice; write it once")
    return found


def _field(path: tuple[str | int, ...]) -> str:
    said = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return said.lstrip(".") or "json"


def _problem(data: Mapping[str, Any], notes: Notes) -> Problem | None:
    for key in data:
        if key not in KEYS:
            notes.add((key,), fields.unknown(key, KEYS, what="key"))
    bids, experts = fields.identifiers(data, "bids", notes), fields.identifiers(data, "experts", notes)
    places = {name: at for at, name in enumerate(bids)}, {name: at for at, name in enumerate(experts)}
    values = _affinity(data, places, notes)
    low = fields.counts(data, "min_load", experts, notes, absent=0)
    high = fields.counts(data, "max_load", experts, notes)
    _ordered(low, high, experts, data, notes)
    authors = fields.pairs(data, "authors", places, notes)
    barred = _barred(data, places, authors, notes)
    found: dict[str, Any] = {
        "per_bid": _whole(fields.counts(data, "per_bid", bids, notes)),
        "min_load": _whole(low), "max_load": _whole(high), "barred": barred, "authors": tuple(authors),
        "keep": tuple(pair for pair in fields.pairs(data, "keep", places, notes) if pair not in barred),
        "marks": marks(data, experts, notes), "quotas": quotas(data, places[0], notes), **_numbers(data, notes),
    }  # fmt: skip
    if notes.found:
        return None
    return Problem(bids=bids, experts=experts, affinity=Table(values, conflicts=barred), **found)


def _whole(numbers: list[int]) -> "np.ndarray[Any, np.dtype[np.int64]]":
    return np.array(numbers, dtype=np.int64)


def _ordered(
    low: list[int], high: list[int], experts: tuple[str, ...], data: Mapping[str, Any], notes: Notes
) -> None:
    for at, (least, most) in enumerate(zip(low, high, strict=True)):
        if least > most and "max_load" in data:
            value = data.get("min_load")
            path = ("min_load", at) if isinstance(value, list) else ("min_load",)
            notes.add(
                path, f"{experts[at]} has a least load of {least} above the greatest of {most}; lower it"
            )
            if not isinstance(value, list) and not isinstance(data["max_load"], list):
                return


def _barred(
    data: Mapping[str, Any], places: Places, authors: Mapping[Pair, str], notes: Notes
) -> dict[Pair, str]:
    """Every pair that must never meet with its reason; the first of these reasons that holds."""
    declared = {
        pair: words or "conflict" for pair, words in fields.pairs(data, "conflicts", places, notes).items()
    }
    return {**languages(data, places, notes), **dict.fromkeys(authors, "author"), **declared}


def _numbers(data: Mapping[str, Any], notes: Notes) -> dict[str, float | None]:
    limits = {"floor": (-1e9, 1e9), "least_total": (-1e12, 1e12), "cap": (1e-6, 1.0)}
    found = {
        key: fields.number(data[key], (key,), notes, least=low, most=high)
        for key, (low, high) in limits.items()
        if key in data
    }
    if "cap" in data and (also := [key for key in BESIDE_CAP if key in data]):
        notes.add(("cap",), f"a lottery keeps loads and conflicts only; leave out cap, or {', '.join(also)}")
    commitment = data.get("commitment", "")
    if "commitment" in data and not (
        isinstance(commitment, str)
        and len(commitment) == 64
        and set(commitment.lower()) <= set("0123456789abcdef")
    ):
        notes.add(("commitment",), "write the SHA-256 of the seed, 64 digits 0-9 a-f")
    return found


def _affinity(data: Mapping[str, Any], places: Places, notes: Notes) -> Floats:
    """The table of all pairs: given whole, or as [bid, expert, value] with 0 for pairs that are not named."""
    value = data.get("affinity")
    shape = len(places[0]), len(places[1])
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        notes.add(("affinity",), "write a list of rows, one a bid, or of [bid, expert, value]")
    elif _are_triples(value, places):
        return _triples(value, places, notes)
    elif len(value) != shape[0]:
        notes.add(("affinity",), f"has {len(value)} rows for {shape[0]} bids; write one for each")
    else:
        return _rows(value, shape, notes)
    return np.zeros(shape)


def _are_triples(value: list[list[Any]], places: Places) -> bool:
    """Rows that begin with a bid's id; where ids are numbers, only what cannot be the whole table."""
    if any(row and isinstance(row[0], str) for row in value) or not value:
        return all(row and not fields.is_number(row[0]) for row in value)
    fits = len(value) == len(places[0]) and all(len(row) == len(places[1]) for row in value)
    return not fits and all(len(row) == 3 and fields.identifier(row[0]) in places[0] for row in value)


def _rows(value: list[list[Any]], shape: tuple[int, int], notes: Notes) -> Floats:
    table = np.zeros(shape)
    for at, row in enumerate(value):
        if len(row) != shape[1]:
            notes.add(("affinity", at), f"has {len(row)} numbers for {shape[1]} experts; write one for each")
        elif set(map(type, row)) == {float} and max(map(abs, row)) <= LARGEST:
            table[at] = row
            if not np.isfinite(table[at]).all():  # a NaN compares as it likes
                _numbers_of(row, at, notes)
        else:
            table[at] = _numbers_of(row, at, notes)
    return table


def _numbers_of(row: list[Any], at: int, notes: Notes) -> list[float]:
    return [fields.affinity(item, ("affinity", at, place), notes) for place, item in enumerate(row)]


def _triples(value: list[list[Any]], places: Places, notes: Notes) -> Floats:
    table = np.zeros((len(places[0]), len(places[1])))
    seen = set()
    for at, row in enumerate(value):
        if len(row) != 3:
            notes.add(("affinity", at), f"{fields.said(row)} does not do; write [bid, expert, value]")
            continue
        pair = fields.pair_places(row, ("affinity", at), places, notes)
        number = fields.affinity(row[2], ("affinity", at, 2), notes)
        if pair in seen:
            notes.add(("affinity", at), f"{row[0]}, {row[1]} is there already; each pair once")
        elif pair:
            seen.add(pair)
            table[pair] = number
    return table

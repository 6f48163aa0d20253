"""What must hold between the files of a bundle: ids are unique and references lead somewhere."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from jiebang.decisions.words import NOT_SHOWN, SHOWN, said
from jiebang.rules.faults import Fault

Tables = Mapping[str, tuple[str, Sequence[Any]]]

UNIQUE: Mapping[str, tuple[str, ...]] = {
    "organisations": ("id",), "challenges": ("id",), "bids": ("id",), "experts": ("id",),
    "reviews": ("bid", "expert", "criterion"), "tallies": ("bid", "name"),
    "calibration": ("bid", "expert", "criterion"),
}  # fmt: skip
REFERENCES: Sequence[tuple[str, str, str]] = (
    ("evidence", "organisation", "organisations"), ("challenges", "owner", "organisations"), ("bids", "challenge", "challenges"),
    ("bids", "lead", "organisations"), ("members", "bid", "bids"), ("members", "organisation", "organisations"),
    ("modes", "bid", "bids"), ("experts", "organisation", "organisations"), ("conflicts", "expert", "experts"),
    ("conflicts", "organisation", "organisations"), ("conflicts", "bid", "bids"), ("reviews", "bid", "bids"),
    ("reviews", "expert", "experts"), ("tallies", "bid", "bids"),
)  # fmt: skip
_RIGHT = "write for example verified or refused, or leave it blank when it was simply shown"
_HINTS = 200  # looking for what was meant is slow; after so many faults nobody reads the hints


def cross_check(tables: Tables, *, known: Mapping[str, frozenset[str]]) -> list[Fault]:
    """Every duplicate and every reference to something that is not in the bundle.

    `tables` is table -> (file, records); `known` the ids of each table that could be read, rows with faults included.
    A file that is absent is not asked.
    """
    faults = [
        fault for table, keys in UNIQUE.items() if table in tables for fault in _twice(tables, table, keys)
    ]
    for table, column, target in REFERENCES:
        if table in tables and target in known:
            faults += _lost(tables, table, column, (target, known[target]), len(faults))
    return (
        faults
        + _opposed(tables)
        + _lonely(tables)
        + _counted_twice(tables)
        + _statuses(tables)
        + _scored_twice(tables)
    )


def _twice(tables: Tables, table: str, keys: tuple[str, ...]) -> list[Fault]:
    file, records = tables[table]
    first: dict[tuple[str, ...], int] = {}
    faults = []
    for record in records:
        key = tuple(getattr(record, name) for name in keys)
        if None in key:
            continue  # blank or faulty, and said so already
        if key in first:
            said = ", ".join(f"`{part}`" for part in key)
            message = f"{said} already stands in line {first[key]}; give each its own row once"
            faults.append(Fault(file, record.line, keys[-1] if len(keys) > 1 else "id", message))
        first.setdefault(key, record.line)
    return faults


def _lost(
    tables: Tables, table: str, column: str, aim: tuple[str, frozenset[str]], found: int
) -> list[Fault]:
    file, records = tables[table]
    target, known = aim
    faults: list[Fault] = []
    for record in records:
        name = getattr(record, column)
        if name is not None and name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.7) if found + len(faults) < _HINTS else []
            hint = f"did you mean `{near[0]}`?" if near else f"add it to {target} or correct the id"
            faults.append(Fault(file, record.line, column, f"`{name}` is not in {target}; {hint}"))
    return faults


def _opposed(tables: Tables) -> list[Fault]:
    """Pairs of times in the wrong order."""
    faults = []
    for table, start, end in (
        ("challenges", "opens_at", "closes_at"),
        ("evidence", "issued_on", "expires_on"),
    ):
        file, records = tables.get(table, ("", ()))
        for record in records:
            first, last = getattr(record, start), getattr(record, end)
            if first is not None and last is not None and last < first:
                faults.append(
                    Fault(file, record.line, end, f"{last} is before {start} {first}; correct one of them")
                )
    return faults


def _lonely(tables: Tables) -> list[Fault]:
    file, records = tables.get("conflicts", ("", ()))
    lonely = [record for record in records if record.organisation is None and record.bid is None]
    message = "a conflict names an `organisation` or a `bid`; fill one"
    return [Fault(file, record.line, "bid", message) for record in lonely]


def _counted_twice(tables: Tables) -> list[Fault]:
    """A tally with the name of an own column of bids: expressions could not tell them apart."""
    own = {name for record in tables.get("bids", ("", ()))[1] for name in record.facts}
    file, records = tables.get("tallies", ("", ()))
    clashes = {record.name: record.line for record in reversed(records) if record.name in own}
    return [
        Fault(file, line, "name", f"`{name}` is also a column of bids; rename one")
        for name, line in sorted(clashes.items())
    ]


def _scored_twice(tables: Tables) -> list[Fault]:
    """Reviews for calibration of a bid that the bundle decides: they would count twice."""
    decided = {record.id for record in tables.get("bids", ("", ()))[1]}
    file, records = tables.get("calibration", ("", ()))
    message = "is in bids, and calibration is for bids of other rounds of the call; put its scores in reviews"
    return [
        Fault(file, record.line, "bid", f"`{record.bid}` {message}")
        for record in records
        if record.bid in decided
    ]


def _statuses(tables: Tables) -> list[Fault]:
    """Words for evidence of which nobody could tell whether it counts."""
    file, records = tables.get("evidence", ("", ()))
    return [
        Fault(
            file,
            record.line,
            "status",
            f"`{record.status}` does not say whether the evidence counts; {_RIGHT}",
        )
        for record in records
        if said(record.status) not in {"", *SHOWN, *NOT_SHOWN}
    ]

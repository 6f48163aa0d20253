"""A round bundle as the text of its tables, and the hash of that text.

What is read from files and what an instance exports are hashed alike, so that anybody who holds the exported files
can recompute what a stored decision names as its inputs (docs/round-bundle.md, "The hash").
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jiebang.decisions import bundle as data
from jiebang.decisions.cells import harmless

FORMAT = "jiebang-round/1"
RECORDS: Mapping[str, Any] = {
    "organisations": data.Organisation, "evidence": data.Evidence, "challenges": data.Challenge, "bids": data.Bid,
    "members": data.Member, "modes": data.Mode, "experts": data.Expert, "conflicts": data.Conflict,
    "reviews": data.Review, "tallies": data.Tally, "calibration": data.Review,
}  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_WORDS = frozenset({"name", "title"})  # free text; everything else is an id, a code or a number
_NO_COLUMNS = ("facts", "line")

Rows = Sequence[Sequence[str]]


def digest_of(
    tables: Mapping[str, tuple[Sequence[str], Rows]],
    *,
    timezone: str | None,
    currency: str | None,
    as_of: datetime | None,
) -> str:
    """SHA-256 of what a bundle says, the same for a folder, a zip, a workbook and any order of files.

    `tables` maps each table to its headings and its rows of cells.
    """
    head = [FORMAT, timezone or None, currency or None, as_of and as_of.isoformat()]
    total = hashlib.sha256(json.dumps(head).encode())
    for name in sorted(tables):
        headings, rows = tables[name]
        total.update(json.dumps([name, headings, rows], ensure_ascii=False).encode())
    return total.hexdigest()


def digest(bundle: data.Bundle) -> str:
    """The hash of the files that the bundle is written as."""
    tables = {name: (rows[0], rows[1:]) for name, rows in tables_of(bundle).items()}
    return digest_of(tables, timezone=bundle.timezone, currency=bundle.currency, as_of=bundle.as_of)


def tables_of(bundle: data.Bundle) -> dict[str, list[list[str]]]:
    """Table -> rows of text with their headings first, the columns that the bundle carries and no others."""
    found = {name: getattr(bundle, name) for name in RECORDS}
    return {
        name: _rows(name, records, bundle.carried)
        for name, records in found.items()
        if records or (records is not None and name not in ("tallies", "calibration"))
    }


def cell(value: object) -> str:
    """A value as a cell; unknown is blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _rows(name: str, records: Sequence[Any], carried: frozenset[str]) -> list[list[str]]:
    columns = [item for item in fields(RECORDS[name]) if item.name not in _NO_COLUMNS]
    known = [item.name for item in columns if item.default is MISSING or f"{name}.{item.name}" in carried]
    start = f"{name}."
    own = sorted(item.removeprefix(start) for item in carried if item.startswith(start))
    own = [key for key in own if key not in {item.name for item in columns}]
    body = [
        [_text(key, getattr(item, key)) for key in known] + [_text(key, item.facts.get(key)) for key in own]
        for item in records
    ]
    return [[*known, *own], *body]


def _text(key: str, value: object) -> str:
    said = cell(value)
    return harmless(_CONTROL.sub(" ", said).strip(), typed=False) if key in _WORDS else said

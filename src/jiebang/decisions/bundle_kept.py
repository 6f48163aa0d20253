"""A round bundle as plain data and back, exactly: what an instance keeps of everything that a decision read.

A decimal, a day, a moment and a map say what they are; whatever else there is JSON knows itself.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jiebang.decisions.bundle import Bundle
from jiebang.decisions.bundle_text import RECORDS


def as_plain(bundle: Bundle) -> dict[str, Any]:
    """The bundle as values that JSON can hold; `line` numbers of files are left out."""
    return {item.name: _plain(getattr(bundle, item.name)) for item in fields(bundle)}


def from_plain(kept: Mapping[str, Any]) -> Bundle:
    """The bundle that `as_plain` described. Raises KeyError, TypeError, ValueError."""
    whole: dict[str, Any] = {name: _value(value) for name, value in kept.items() if name not in RECORDS}
    whole["carried"] = frozenset(whole["carried"])
    return Bundle(**whole | {name: _records(name, kept[name]) for name in RECORDS})


def _plain(value: object) -> Any:
    if isinstance(value, tuple):
        return [_record(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return {"map": {key: _plain(item) for key, item in value.items()}}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _record(item: Any) -> dict[str, Any]:
    given = {part.name: getattr(item, part.name) for part in fields(item) if part.compare}
    return {name: _plain(value) for name, value in given.items() if value is not None and value != {}}


def _records(name: str, rows: list[dict[str, Any]] | None) -> tuple[Any, ...] | None:
    made = RECORDS[name]
    return (
        None
        if rows is None
        else tuple(made(**{key: _value(item) for key, item in row.items()}) for row in rows)
    )


def _value(kept: Any) -> Any:
    if not isinstance(kept, Mapping):
        return kept
    ((kind, value),) = kept.items()
    if kind == "map":
        return {key: _value(item) for key, item in value.items()}
    if kind == "decimal":
        return Decimal(value)
    return (datetime if kind == "at" else date).fromisoformat(value)

"""Canonical bytes: the one spelling of a value that everybody hashes (RFC 8785, JSON canonicalisation).

Only values that survive being read back are accepted: what `json.loads` makes of the bytes
has the same bytes again.
"""

import hashlib
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeAlias

import rfc8785

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

# The largest integer a double holds exactly; beyond it two JSON readers may disagree (RFC 7493, 2.2).
SAFE = 2**53 - 1


class NotCanonicalError(ValueError):
    """The value has no canonical JSON form."""


def canonical_bytes(value: object) -> bytes:
    """RFC 8785 bytes of `plain(value)`; raises NotCanonicalError where there are none."""
    try:
        return rfc8785.dumps(plain(value))
    except (ValueError, RecursionError) as error:
        raise NotCanonicalError(str(error)) from error


def digest(value: object) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def plain(value: object) -> Json:
    """The JSON value that stands for `value`: decimals as written ("1.50"), instants in UTC, ISO 8601 dates.

    Raises NotCanonicalError for numbers a double cannot hold, instants without a zone, and other types.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)  # a member of a StrEnum becomes its text
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, date):
        return rfc3339(value) if isinstance(value, datetime) else value.isoformat()
    return _container(value)


def rfc3339(instant: datetime) -> str:
    """`2026-04-08T01:02:03.000000Z`: UTC, always six decimals, so that text order is time order."""
    if instant.utcoffset() is None:
        raise NotCanonicalError(f"{instant.isoformat()} has no time zone")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def _number(value: int | float | Decimal) -> Json:
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise NotCanonicalError(f"{value} is not a finite number")
        return format(value, "f")
    if isinstance(value, float) and not math.isfinite(value):
        raise NotCanonicalError(f"{value} is not a finite number")
    if abs(value) > SAFE:
        raise NotCanonicalError(f"a number beyond {SAFE} is written as text")
    return int(value) if isinstance(value, int) else float(value)


def _container(value: object) -> Json:
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise NotCanonicalError(f"{type(value).__name__} has no JSON form")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise NotCanonicalError(f"the key {key!r} is not text")
    return str.__str__(key)

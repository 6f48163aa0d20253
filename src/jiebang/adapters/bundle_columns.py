"""The columns of a round bundle, and how one cell is read. A reader answers a value or raises ValueError with advice."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from jiebang.decisions.cells import is_formula
from jiebang.decisions.money import parse_amount
from jiebang.rules.reasons import Reason
from jiebang.rules.texts import BROKEN

Read = Callable[[str, ZoneInfo], object]

_NUMBER = re.compile(r"[-+]?\d{1,40}(\.\d{1,40})?([eE][-+]?\d{1,2})?", re.ASCII)
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9]\d{0,39})(\.\d{1,40})?([eE][-+]?\d{1,2})?", re.ASCII)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Column:
    """A column's reader and whether it must be there and filled."""

    read: Read
    required: bool = False


def text(cell: str, _zone: ZoneInfo) -> object:
    """Any text, without spaces around it; no control characters, no formulas."""
    if BROKEN.search(cell):
        raise ValueError("holds a control character; type the text again")
    if is_formula(cell.strip()):
        raise ValueError(
            "begins like a formula; write the value itself, or a text that does not begin with it"
        )
    return cell.strip()


def identifier(cell: str, _zone: ZoneInfo) -> object:
    """An id, carried unchanged: up to 200 characters, no spaces around it."""
    text(cell, _zone)
    if cell != cell.strip() or "\n" in cell:
        raise ValueError(
            f"{cell!r} has a space or a line break around or in the id; write {' '.join(cell.split())!r}"
        )
    if len(cell) > 200:
        raise ValueError("is longer than 200 characters; give a shorter id")
    return cell


def amount(cell: str, _zone: ZoneInfo) -> object:
    """Money, not negative."""
    found = parse_amount(cell)
    if isinstance(found, Reason):
        raise ValueError(str(found))
    return found


def number(cell: str, _zone: ZoneInfo) -> object:
    """A finite decimal number."""
    if not _NUMBER.fullmatch(cell.strip()):
        raise ValueError(f"{cell!r} is not a number; write it with digits and a point, such as 4 or 3.5")
    return Decimal(cell.strip())


def day(cell: str, _zone: ZoneInfo) -> object:
    """A calendar day: 2026-04-08, 2026/4/8 or 2026年4月8日."""
    found = _DAY.fullmatch(cell.strip())
    if found is None and re.match(r"\d{4}-\d\d-\d\d[T ]", cell.strip()):
        found = _DAY.fullmatch(cell.strip()[:10])
    try:
        if found is None:
            raise ValueError
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise ValueError(f"{cell!r} is not a day; write year-month-day, such as 2026-04-08") from None


def moment(cell: str, zone: ZoneInfo) -> object:
    """A moment: ISO 8601, in the bundle's zone where it names none; a day alone is its beginning."""
    return _moment(cell, zone)


def closing(cell: str, zone: ZoneInfo) -> object:
    """The first moment at which something is closed; after a day alone the next midnight."""
    found = _moment(cell, zone)
    return found + timedelta(days=1) if _DAY.fullmatch(cell.strip()) else found


def _moment(cell: str, zone: ZoneInfo) -> datetime:
    plain = cell.strip()
    if _DAY.fullmatch(plain):
        plain = str(day(plain, zone))
    try:
        at = datetime.fromisoformat(re.sub(r"^(\d{4})[/.](\d\d)[/.](\d\d)", r"\1-\2-\3", plain))
        at = at if at.tzinfo else at.replace(tzinfo=zone)
        return at if 1900 <= at.year <= 2200 else at.replace(year=0)
    except (ValueError, OverflowError):
        raise ValueError(f"{cell!r} is not a time; write such as 2026-04-08T17:00+08:00") from None


def country(cell: str, _zone: ZoneInfo) -> object:
    """A country in ISO 3166-1, two letters."""
    code = cell.strip().upper()
    if not re.fullmatch(r"[A-Z]{2}", code):
        raise ValueError(
            f"{cell!r} is not a country code; write the two letters of ISO 3166, such as CN or LA"
        )
    return code


def currency(cell: str, _zone: ZoneInfo) -> object:
    """A currency in ISO 4217, three letters."""
    code = cell.strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise ValueError(f"{cell!r} is not a currency; write the three letters of ISO 4217, such as CNY")
    return code


def plain_number(cell: str) -> Decimal | None:
    """The number a cell of an office's own column holds; None for text, and for codes such as 007."""
    found = _PLAIN_NUMBER.fullmatch(cell.strip())
    return Decimal(cell.strip()) if found else None


_ID, _REF, _TEXT = Column(identifier, True), Column(identifier), Column(text)

COLUMNS: Mapping[str, Mapping[str, Column]] = {
    "organisations": {
        "id": _ID, "name": _TEXT, "country": Column(country), "region": _TEXT, "type": _TEXT, "registered_on": Column(day),
    },
    "evidence": {
        "organisation": _ID, "kind": Column(text, True), "issued_on": Column(day), "expires_on": Column(day), "status": _TEXT,
    },
    "challenges": {
        "id": _ID, "title": _TEXT, "owner": _REF, "budget": Column(amount), "currency": Column(currency),
        "opens_at": Column(moment), "closes_at": Column(closing),
    },
    "bids": {
        "id": _ID, "challenge": _ID, "lead": _REF, "lead_person": _TEXT, "title": _TEXT, "amount": Column(amount),
        "submitted_at": Column(moment),
    },
    "members": {"bid": _ID, "organisation": _ID, "role": _TEXT},
    "modes": {"bid": _ID, "mode": Column(text, True)},
    "experts": {"id": _ID, "organisation": _REF, "languages": _TEXT, "max_load": Column(number)},
    "conflicts": {"expert": _ID, "organisation": _REF, "bid": _REF, "kind": _TEXT},
    "reviews": {
        "bid": _ID, "expert": _ID, "criterion": Column(text, True), "score": Column(number, True), "confidence": _TEXT,
    },
    "calibration": {
        "bid": _ID, "expert": _ID, "criterion": Column(text, True), "score": Column(number, True), "confidence": _TEXT,
    },
    "tallies": {"bid": _ID, "name": Column(text, True), "value": Column(number, True)},
}  # fmt: skip

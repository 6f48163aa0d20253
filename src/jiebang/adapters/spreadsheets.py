"""The office's own spreadsheets: needs, organisations and results out of and into .xlsx and .csv.

Headings are data (`headings.yaml`), in English or Chinese; on reading either is understood, and the names that
registries use. Everything wrong is told at once; formulas are refused on the way in and impossible on the way out.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml

from jiebang.adapters import bundle_columns as cells
from jiebang.adapters.bundle_tables import MAX_BUNDLE, Row, csv_rows, decode, open_source
from jiebang.rules.faults import Fault

TableName = Literal["organisations", "needs", "results"]
_UTC = ZoneInfo("UTC")
_REQUIRED: Mapping[str, Sequence[str]] = {
    "organisations": ("id",),
    "needs": ("title", "owner"),
    "results": ("id",),
}
_READERS: Mapping[str, cells.Read] = {
    "id": cells.identifier, "country": cells.country, "currency": cells.currency, "budget": cells.amount,
    "amount": cells.amount, "registered_on": cells.day, "deadline": cells.day, "starts_on": cells.day, "ends_on": cells.day,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows read from a spreadsheet: known columns by name, the office's other columns under `facts`."""

    rows: tuple[Mapping[str, object], ...]
    unread: tuple[str, ...]  # headings that are none of ours: kept as facts


def headings(table: TableName, *, lang: str) -> dict[str, str]:
    """Column -> heading in a language, in the order of the sheet; English where the language is not there."""
    return {name: words.get(lang, words["en"]) for name, words in _known()[table].items()}


def write_csv(table: TableName, rows: Iterable[Mapping[str, object]], *, lang: str) -> bytes:
    """A CSV with the office's headings, with a byte order mark, so that a spreadsheet shows Chinese as Chinese.

    Text that begins with = + - @, a tab or a return gets an apostrophe before it (OWASP, CSV injection).
    """
    names = headings(table, lang=lang)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names.values())
    writer.writerows([_safe(row.get(name)) for name in names] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def write_xlsx(table: TableName, rows: Iterable[Mapping[str, object]], *, lang: str) -> bytes:
    """A workbook of one sheet; text is typed as text, so that nothing in it can become a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(table)
    names = headings(table, lang=lang)

    def cell(value: object) -> Any:
        made: Any = WriteOnlyCell(sheet, value=None)
        if isinstance(value, str) or value is None:
            made._value, made.data_type = value, "s" if value is not None else "n"
        else:
            made.value = value
        return made

    sheet.append([cell(heading) for heading in names.values()])
    for row in rows:
        sheet.append([cell(_typed(row.get(name))) for name in names])
    book.properties.created = book.properties.modified = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def read_sheet(
    path: Path,
    *,
    table: TableName,
    mapping: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
) -> Sheet | list[Fault]:
    """The rows of a .csv or of the first sheet of an .xlsx, or every fault at once.

    `mapping` is own heading -> column, before what is known of headings; `defaults` fills columns that a file lacks.
    """
    rows, faults = _rows(path)
    if faults or not rows:
        return faults or [Fault(str(path), None, "file", "is empty; begin with a row of headings")]
    (line, first), *rest = rows
    columns, faults = _columns(str(path), table, line, first, mapping or {}, defaults or {})
    if faults:
        return faults
    read: list[Mapping[str, object]] = []
    seen: dict[object, int] = {}
    for at, row in rest:
        values, wrong = _row(str(path), table, at, columns, row, defaults or {})
        faults += wrong + _twice(str(path), at, values.get("id"), seen)
        read.append(values)
    unread = tuple(name for name in columns if name not in _known()[table])
    return faults or Sheet(tuple(read), unread)


def lei_is_valid(code: str) -> bool:
    """Whether a Legal Entity Identifier has its check digits right (ISO 17442: ISO 7064, mod 97-10)."""
    if len(code) != 20 or not code.isascii() or not code.isalnum() or code != code.upper():
        return False
    return code[-2:].isdigit() and int("".join(str(int(sign, 36)) for sign in code)) % 97 == 1


@cache
def _known() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    text = resources.files(__package__).joinpath("headings.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, Mapping[str, Mapping[str, Any]]] = yaml.safe_load(text)
    return loaded


@cache
def _understood(table: TableName) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for column, words in _known()[table].items():
        for heading in (column, words["en"], words["zh-Hans"], *words["also"]):
            found.setdefault(heading.casefold(), column)
    return found


def _rows(path: Path) -> tuple[list[Row], list[Fault]]:
    name = str(path)
    if not path.is_file():
        return [], [Fault(name, None, "file", "is not there; name a .csv or .xlsx")]
    if path.stat().st_size > MAX_BUNDLE:
        return [], [Fault(name, None, "file", f"is larger than {MAX_BUNDLE:,} bytes")]
    data = path.read_bytes()
    if data.startswith(b"PK\x03\x04"):
        return _first_sheet(path)
    text, fault = decode(data, name)
    if fault is not None:
        return [], [fault]
    try:
        return list(csv_rows(text)), []
    except csv.Error as error:
        return [], [Fault(name, None, "file", f"is not valid CSV ({error}); check quotes and cells")]


def _first_sheet(path: Path) -> tuple[list[Row], list[Fault]]:
    source = open_source(path)
    if source.faults:
        return [], source.faults
    if not source.sheets:
        return [], [Fault(str(path), None, "file", "is an archive, not a workbook; name a .csv or .xlsx")]
    return next(iter(source.sheets.values())).rows, []


def _columns(
    file: str,
    table: TableName,
    line: int,
    row: Sequence[str],
    mapping: Mapping[str, str],
    defaults: Mapping[str, str],
) -> tuple[list[str], list[Fault]]:
    plain = [heading.strip() for heading in row]
    columns = [mapping.get(h) or _understood(table).get(h.casefold(), h) for h in plain]
    faults = [
        Fault(file, line, f"column {at}", "has no heading; give it one")
        for at, h in enumerate(columns, 1)
        if not h
    ]
    twice = dict.fromkeys(name for name in columns if name and columns.count(name) > 1)
    faults += [Fault(file, line, name, "is meant by two headings; keep one, or map them") for name in twice]
    words = headings(table, lang="en")
    for name in _REQUIRED[table]:
        if name not in columns and name not in defaults:
            faults.append(
                Fault(file, line, words[name], f"is required; add a column `{words[name]}` or map your own")
            )
    return columns, faults


def _row(
    file: str,
    table: TableName,
    line: int,
    columns: Sequence[str],
    row: Sequence[str],
    defaults: Mapping[str, str],
) -> tuple[dict[str, object], list[Fault]]:
    known = _known()[table]
    values: dict[str, object] = {**defaults}
    facts: dict[str, object] = {}
    if len(row) > len(columns):
        return values, [
            Fault(file, line, "row", f"has {len(row)} cells under {len(columns)} headings; quote commas")
        ]
    faults: list[Fault] = []
    for name, cell in zip(columns, row, strict=False):
        try:
            if cell.strip():
                if name in known:
                    values[name] = _READERS.get(name, cells.text)(cell.strip(), _UTC)
                else:  # a stray control character in a column that nobody interprets stops no import
                    facts[name] = cells.text(cells.CONTROL.sub("", cell), _UTC)
        except ValueError as error:
            faults.append(Fault(file, line, name, str(error)))
    missing = [
        name for name in _REQUIRED[table] if name not in values and not any(f.field == name for f in faults)
    ]
    faults += [Fault(file, line, name, "is blank; it is required") for name in missing]
    return {**values, "facts": facts}, faults


def _twice(file: str, line: int, key: object, seen: dict[object, int]) -> list[Fault]:
    if key is None:
        return []
    before = seen.setdefault(key, line)
    return (
        []
        if before == line
        else [Fault(file, line, "id", f"`{key}` already stands in line {before}; keep one")]
    )


def _typed(value: object) -> object:
    """A value as a workbook holds it: numbers and days as such, lists and all else as text."""
    if isinstance(value, Decimal):
        return value if abs(value) < 10**15 else f"{value:f}"
    if value is None or isinstance(value, bool | int | float | date):
        return value.replace(tzinfo=None) if isinstance(value, datetime) else value
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return str(value)


def _safe(value: object) -> object:
    typed = _typed(value)
    return (
        f"'{typed}"
        if isinstance(typed, str) and typed.startswith(("=", "+", "-", "@", "\t", "\r"))
        else typed
    )

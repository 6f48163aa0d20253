"""The office's own spreadsheets: .csv and .xlsx into rows of text under known columns, and rows into files.

Headings are data (`headings.yaml` and the rulebook's forms), in every language they are given in; on reading any of
them is understood, and whatever a mapping names. What a cell means is for the operations to say; formulas are
refused on the way in and impossible on the way out.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

import yaml

from jiebang.adapters.bundle_tables import Row, csv_rows, decode, open_source
from jiebang.adapters.sheet_mapping import Mapping as SheetMapping
from jiebang.rules.faults import Fault
from jiebang.rules.reasons import Reason, render
from jiebang.rules.schema import Rulebook
from jiebang.rules.texts import BROKEN

TableName = Literal["organisations", "needs", "bids", "results", "projects"]
TABLES: tuple[TableName, ...] = ("needs", "organisations", "bids", "results", "projects")
MAX_SHEET = 25_000_000
HELP = "※"  # a row whose first cell begins with this explains; it is not read
_OTHER_NAME = re.compile(r"(.+?)\s*\[([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\]")
_FACT = re.compile(r"facts\.[a-z][a-z0-9_]{0,59}")
_NOT_SHEETS = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"{\\rtf": "a text document",
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's words: heading and help by language, other headings understood, whether an import needs it."""

    words: Mapping[str, str]
    also: Sequence[str] = ()
    help: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    out: bool = False

    def said(self, lang: str) -> str:
        """The heading in a language, English where it is not there."""
        return self.words.get(lang, self.words.get("en", next(iter(self.words.values()))))


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read: rows of text by column, each with its `line`; own headings by column; headings not read; faults.

    `whole` is false when the file could not be read as a table, so that nothing can be said of its rows.
    """

    file: str
    rows: tuple[Mapping[str, object], ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    whole: bool = True


def columns_of(table: TableName, *, book: Rulebook | None = None) -> dict[str, Heading]:
    """The columns of a table in order; needs have a column for each question of the rulebook's form."""
    known = dict(_known()[table])
    form = book.forms.get("need") if book and table == "needs" else None
    for name, asked in form.fields.items() if form else ():
        old = known.pop(name, None)
        others = [*(old.also if old else ()), *(old.words.values() if old else ())]
        known[name] = Heading(asked.label, others, asked.help, required=bool(old and old.required))
    return known


def headings_of(
    table: TableName, *, book: Rulebook | None, lang: str, extra: Sequence[str] = ()
) -> dict[str, str]:
    """Column -> heading of an export; `extra` are columns such as `name [th]` and `facts.sectors`."""
    said = {name: words.said(lang) for name, words in columns_of(table, book=book).items()}
    return said | {
        name: name.replace("name", said["name"], 1) if name.startswith("name ") else name for name in extra
    }


def read_sheet(
    path: Path,
    *,
    table: TableName,
    book: Rulebook | None = None,
    mapping: SheetMapping | None = None,
    name: str = "",
) -> Sheet:
    """The rows of a .csv or of the first sheet of an .xlsx; `name` is how faults call the file."""
    shown = name or str(path)
    rows, found = _rows(path)
    faults = [replace(item, file=item.file.replace(str(path), shown)) for item in found]
    if not rows:
        return Sheet(
            shown,
            faults=tuple(faults or [Fault(shown, None, "file", "is empty; begin with a row of headings")]),
            whole=False,
        )
    mapping = mapping or SheetMapping()
    known = columns_of(table, book=book)
    (line, first), *rest = rows
    given = [heading.strip() for heading in first]
    columns = [_column(heading, table, known, mapping) for heading in given]
    if wrong := _wrong_headings(shown, line, given, columns, known, mapping):
        return Sheet(shown, faults=(*faults, *wrong), whole=False)
    made: list[Mapping[str, object]] = []
    for at, cells in rest:
        if cells[0].lstrip().startswith(HELP):
            continue
        if len(cells) > len(columns):
            faults.append(
                Fault(shown, at, "row", f"has {len(cells)} cells under {len(columns)} headings; quote commas")
            )
        made.append({"line": at, **_cells(cells, given, columns, mapping)})
    headings = {column: heading for column, heading in zip(columns, given, strict=True) if column}
    unread = tuple(
        h for h, column in zip(given, columns, strict=True) if h and not column and h not in mapping.used
    )
    return Sheet(shown, tuple(made), headings, unread, tuple(faults))


def told(sheet: Sheet, reasons: Iterable[Reason], *, lang: str = "en") -> list[Fault]:
    """All that is wrong with a sheet, by line: the file's own faults and what an operation said of its rows."""
    found = list(sheet.faults)
    places = {(item.line, item.field) for item in found}
    for why in reasons:
        column, _, inner = str(why.params.get("field") or "file").partition(".")
        name = f"{column}.{inner}" if f"{column}.{inner}" in sheet.headings else column
        place = sheet.headings.get(name, name) + (f".{inner}" if inner and name == column else "")
        row = why.params.get("row")
        line = row if isinstance(row, int) else None
        if why.code != "sheet.formula" or (line, place) not in places:
            found.append(Fault(sheet.file, line, place, render(why, lang=lang)))
    return sorted(found, key=lambda item: (item.line or 0, item.field))


@cache
def _known() -> Mapping[str, Mapping[str, Heading]]:
    text = resources.files(__package__).joinpath("headings.yaml").read_text(encoding="utf-8")
    own = {"also", "help", "required", "out"}
    return {
        table: {
            name: Heading({tag: word for tag, word in said.items() if tag not in own}, **{k: said[k] for k in own & said.keys()})
            for name, said in columns.items()
        }
        for table, columns in yaml.safe_load(text).items()
    }  # fmt: skip


def _column(heading: str, table: TableName, known: Mapping[str, Heading], mapping: SheetMapping) -> str:
    """The column a heading means; "" for none of ours."""
    if heading in mapping.columns:
        return mapping.columns[heading]
    if heading in mapping.used:
        return ""
    plain = heading.casefold()
    for name, words in known.items():
        if plain in {name, *(word.casefold() for word in (*words.words.values(), *words.also))}:
            return "" if words.out else name
    if table == "organisations":
        if _FACT.fullmatch(heading):
            return heading
        other = _OTHER_NAME.fullmatch(heading)
        if other and _column(other[1], table, known, SheetMapping()) == "name":
            return f"name [{other[2]}]"
    return ""


def _wrong_headings(
    shown: str,
    line: int,
    given: Sequence[str],
    columns: Sequence[str],
    known: Mapping[str, Heading],
    mapping: SheetMapping,
) -> list[Fault]:
    faults = [
        Fault(shown, line, f"column {at}", "has no heading; give it one")
        for at, h in enumerate(given, 1)
        if not h
    ]
    twice = dict.fromkeys(name for name in columns if name and columns.count(name) > 1)
    faults += [Fault(shown, line, name, "is meant by two headings; keep one, or map them") for name in twice]
    there = {*columns, *mapping.constants, *mapping.first_of}
    for name, words in known.items():
        if words.required and name not in there:
            shown_as = " / ".join(dict.fromkeys(words.words.values()))
            faults.append(
                Fault(
                    shown, line, words.said("en"), f"is required; add a column `{shown_as}` or map your own"
                )
            )
    absent = [h for h in mapping.used if h not in given]
    return faults + [
        Fault(shown, line, h, "is named by the mapping, but the sheet has no such heading") for h in absent
    ]


def _cells(
    cells: Sequence[str],
    given: Sequence[str],
    columns: Sequence[str],
    mapping: SheetMapping,
) -> dict[str, object]:
    values: dict[str, object] = dict(mapping.constants)
    cells = [
        BROKEN.sub("", cell) if h in mapping.tidy else cell for h, cell in zip(given, cells, strict=False)
    ]
    values |= {column: cell for column, cell in zip(columns, cells, strict=False) if column and cell.strip()}
    by_heading = dict(zip(given, cells, strict=False))
    for column, headings in mapping.first_of.items():
        filled = (by_heading[h] for h in headings if by_heading.get(h, "").strip())
        values[column] = next(filled, "")
    return values


def _rows(path: Path) -> tuple[list[Row], list[Fault]]:
    name = str(path)
    if not path.is_file():
        return [], [Fault(name, None, "file", "is not there; name a .csv or .xlsx")]
    if path.stat().st_size > MAX_SHEET:
        return [], [Fault(name, None, "file", f"is larger than {MAX_SHEET:,} bytes; split the sheet")]
    data = path.read_bytes()
    if data.startswith(b"PK\x03\x04"):
        return _first_sheet(path)
    for start, kind in _NOT_SHEETS.items():
        if data.startswith(start):
            return [], [Fault(name, None, "file", f"is {kind}, not a spreadsheet; give a .csv or .xlsx")]
    text, fault = decode(data, name)
    if fault is not None:
        return [], [fault]
    try:
        return list(csv_rows(text)), []
    except csv.Error as error:
        return [], [Fault(name, None, "file", f"is not valid CSV ({error}); check quotes and cells")]


def _first_sheet(path: Path) -> tuple[list[Row], list[Fault]]:
    source = open_source(path)
    if not source.sheets:
        known = source.faults or [
            Fault(str(path), None, "file", "is an archive, not a workbook; name a .csv or .xlsx")
        ]
        return [], [
            replace(item, message=item.message.replace("round bundle", "spreadsheet")) for item in known
        ]
    first = next(iter(source.sheets.values()))
    return first.rows, [item for item in source.faults if item.file == first.file]

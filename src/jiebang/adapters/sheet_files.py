"""Rows into a .csv or .xlsx with headings, and the empty sheet that an office hands out: help row and drop-down lists."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from jiebang.adapters.spreadsheets import HELP, Heading, TableName, columns_of
from jiebang.decisions.cells import harmless, printable
from jiebang.rules.forms import options_of
from jiebang.rules.schema import Rulebook
from jiebang.rules.texts import pick

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_MADE = datetime(2026, 1, 1, tzinfo=UTC).replace(
    tzinfo=None
)  # a file depends on its rows alone, not on the day
_FIRST, _LAST = 3, 2000  # rows of a template that have drop-down lists


def write_sheet(kind: str, *, headings: Mapping[str, str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """A file of `kind` csv or xlsx; `headings` maps columns to what stands above them, in order."""
    return (_csv if kind == "csv" else _xlsx)(headings, rows)


def template(
    *, columns: Mapping[str, Heading], choices: Mapping[str, Sequence[str]], lang: str, title: str
) -> bytes:
    """An empty .xlsx: headings, a row of help that imports pass over, and lists to choose from.

    `choices` maps a column to the labels it offers; where several may be chosen, the list is only a suggestion.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    shown = {name: words for name, words in columns.items() if not words.out}
    for at, (name, words) in enumerate(shown.items(), start=1):
        sheet.cell(1, at, words.said(lang)).font = Font(bold=True)
        help_text = pick(words.help, lang=lang)
        cell = sheet.cell(2, at, f"{HELP} {help_text}".strip() if at == 1 else help_text or None)
        cell.alignment, cell.font = Alignment(wrap_text=True, vertical="top"), Font(italic=True)
        sheet.column_dimensions[get_column_letter(at)].width = 24
        if choices.get(name):
            _list(book, sheet, at, choices[name])
    sheet.freeze_panes = "A3"
    return _saved(book)


def blank(table: TableName, *, book: Rulebook | None, lang: str) -> bytes:
    """The template of a table: its columns, with lists of what the rulebook lets one choose."""
    choices: dict[str, list[str]] = {}
    if table == "needs" and book and "need" in book.forms:
        for name, field in book.forms["need"].fields.items():
            choices[name] = [pick(label, lang=lang) for label in options_of(field, rulebook=book).values()]
    elif book:
        types = book.vocabulary.organisation_types.values()
        choices["type"] = [pick(term.label, lang=lang) for term in types]
    return template(columns=columns_of(table, book=book), choices=choices, lang=lang, title=table)


def _list(book: Any, sheet: Any, at: int, labels: Sequence[str]) -> None:
    """A drop-down list over a hidden sheet: a list in the cell itself ends at 255 characters."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    if "options" not in book.sheetnames:
        book.create_sheet("options").sheet_state = "hidden"
    options = book["options"]
    letter = get_column_letter(at)
    for row, label in enumerate(labels, start=1):
        options.cell(row, at, label)
    rule = DataValidation(
        type="list",
        formula1=f"options!${letter}$1:${letter}${len(labels)}",
        allow_blank=True,
        showErrorMessage=False,
    )
    rule.add(f"{letter}{_FIRST}:{letter}{_LAST}")
    sheet.add_data_validation(rule)


def _csv(headings: Mapping[str, str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """With a byte order mark, so that a spreadsheet shows Chinese as Chinese."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_text(heading, typed=False) for heading in headings.values()])
    writer.writerows([_text(_plain(row.get(name)), typed=False) for name in headings] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _xlsx(headings: Mapping[str, str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """Text is typed as text, so that nothing in it can become a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("sheet")

    def cell(value: object) -> Any:
        made: Any = WriteOnlyCell(sheet, value=None)
        if isinstance(value, str):
            made._value, made.data_type = _text(value, typed=True), "s"
        elif value is not None:
            made.value = value
        return made

    sheet.append([cell(heading) for heading in headings.values()])
    for row in rows:
        sheet.append([cell(_plain(row.get(name))) for name in headings])
    return _saved(book)


def _saved(book: Any) -> bytes:
    book.properties.created = book.properties.modified = _MADE
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _plain(value: object) -> object:
    """A value as a sheet holds it: numbers and days as such, moments in ISO 8601, all else as text."""
    if isinstance(value, Decimal):
        return value if abs(value) < 10**15 else f"{value:f}"
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | date):
        return value
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _text(value: object, *, typed: bool) -> object:
    return harmless(printable(value), typed=typed) if isinstance(value, str) else value

"""Lists as files: CSV that a spreadsheet reads as it is, XLSX, JSON."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.http import HttpResponse

from jiebang.decisions import cells

MOST_ROWS = 20_000  # held in memory while a file is made


def export(
    form: str, *, name: str, columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]
) -> HttpResponse:
    """A download of `rows`; `columns` maps keys to headings. `form` is csv, xlsx or json.

    The name of a file that does not hold all rows says how many it holds.
    """
    kept = list(islice(rows, MOST_ROWS + 1))
    if len(kept) > MOST_ROWS:
        kept.pop()
        name = f"{name}-first-{MOST_ROWS}"
    body, kind = _MAKERS[form](columns, kept)
    response = HttpResponse(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def harmless(value: object) -> object:
    """A cell that no spreadsheet takes for a formula, or refuses: a text that begins like one gets an apostrophe."""
    return cells.harmless(cells.printable(value), typed=False) if isinstance(value, str) else value


def _csv(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> tuple[bytes, str]:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns.values())
    for row in rows:
        writer.writerow(["" if row[key] is None else harmless(_plain(row[key])) for key in columns])
    return text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8"


def _xlsx(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> tuple[bytes, str]:
    from openpyxl import Workbook  # half a second that a server start need not wait for

    book = Workbook(write_only=True)
    sheet = book.create_sheet("list")
    sheet.append(list(columns.values()))
    for row in rows:
        sheet.append([harmless(_cell(row[key])) for key in columns])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _json(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> tuple[bytes, str]:
    plain = [{key: _plain(row[key]) for key in columns} for row in rows]
    return json.dumps(plain, ensure_ascii=False, indent=1).encode(), "application/json"


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()  # spreadsheets know no zones
    return float(value) if isinstance(value, Decimal) else value


_MAKERS = {"csv": _csv, "xlsx": _xlsx, "json": _json}

"""A round bundle back into files: a folder, a .zip or an .xlsx that `read_bundle` reads as the same bundle."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from jiebang.adapters.bundle_columns import COLUMNS
from jiebang.adapters.bundles import FORMAT
from jiebang.adapters.round_files import write_files
from jiebang.decisions.bundle import Bundle
from jiebang.decisions.cells import harmless
from jiebang.rules.faults import Fault
from jiebang.rules.texts import BROKEN

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same bundle gives the same zip
_WORDS = frozenset({"name", "title"})  # free text; everything else is an id, a code or a number

Rows = list[list[str]]


def write_bundle(bundle: Bundle, out: Path) -> list[Fault]:
    """Write a bundle to `out`, whose ending chooses the form; the faults that prevent it, if any."""
    form = out.suffix.lower()
    if form not in (".zip", ".xlsx") and out.is_file():
        return [Fault("--out", None, "out", f"{out} is a file; name a folder, a .zip or an .xlsx")]
    if form in (".zip", ".xlsx") and out.is_dir():
        return [Fault("--out", None, "out", f"{out} is a folder; name a file")]
    tables, manifest = tables_of(bundle), manifest_of(bundle)
    out.parent.mkdir(parents=True, exist_ok=True)
    if form == ".xlsx":
        write_files({out.name: _workbook(manifest, tables)}, folder=out.parent)
        return []
    files = {"bundle.yaml": yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True).encode()}
    files |= {f"{name}.csv": _csv(rows) for name, rows in tables.items()}
    if form == ".zip":
        write_files({out.name: _zip(files)}, folder=out.parent)
    else:
        write_files(files, folder=out)
    return []


def manifest_of(bundle: Bundle) -> dict[str, str]:
    """What bundle.yaml says."""
    said = {
        "format": FORMAT,
        "timezone": bundle.timezone,
        "currency": bundle.currency,
        "as_of": _cell(bundle.as_of),
    }
    return {key: value for key, value in said.items() if value}


def tables_of(bundle: Bundle) -> dict[str, Rows]:
    """Table -> rows of text with their headings first, the columns that the bundle carries and no others."""
    return {
        name: _rows(name, getattr(bundle, name), bundle.carried)
        for name in COLUMNS
        if getattr(bundle, name) is not None and name != "tallies"
    } | ({"tallies": _rows("tallies", bundle.tallies, bundle.carried)} if bundle.tallies else {})


def _rows(name: str, records: Sequence[Any], carried: frozenset[str]) -> Rows:
    known = [key for key, column in COLUMNS[name].items() if column.required or f"{name}.{key}" in carried]
    start = f"{name}."
    own = sorted(item.removeprefix(start) for item in carried if item.startswith(start))
    own = [key for key in own if key not in COLUMNS[name]]
    body = [
        [_text(key, getattr(item, key)) for key in known] + [_text(key, item.facts.get(key)) for key in own]
        for item in records
    ]
    return [[*known, *own], *body]


def _text(key: str, value: object) -> str:
    said = _cell(value)
    return harmless(" ".join(BROKEN.sub(" ", said).split()), typed=False) if key in _WORDS else said


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _zip(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _workbook(manifest: Mapping[str, str], tables: Mapping[str, Rows]) -> bytes:
    """Every cell as text, so that no spreadsheet turns an id into a number or a time into a float."""
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "bundle"
    for pair in manifest.items():
        sheet.append(pair)
    for name, rows in tables.items():
        page: Any = book.create_sheet(name)
        for row in rows:
            page.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()

"""From a folder, a zip or a workbook to plain tables of text, or every fault at once. Nothing is unpacked to disk.

Limits: 64 MB a file, 256 MB and 100 files a bundle, 1,000,000 rows and 200 columns a table, 100,000 characters a cell.
"""

import csv
import io
import os.path
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path, PurePosixPath

from jiebang.rules.faults import Fault

MAX_FILE = 64_000_000
MAX_BUNDLE = 256_000_000
MAX_FILES = 100
MAX_ROWS = 1_000_000
MAX_BLANK_ROWS = 20_000  # a lone cell far below would have each row up to it made up and read
MAX_COLUMNS = 200
MAX_CELL = 100_000
MAX_RATIO = 200

Row = tuple[int, list[str]]
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text with the line each begins on; the first row holds the headings."""

    file: str
    rows: list[Row]


@dataclass(slots=True)
class Source:
    """A bundle's files by name, each read when asked for; `table` reads one as rows."""

    name: str
    names: list[str]
    size: Callable[[str], int]
    read: Callable[[str], bytes]
    sheets: Mapping[str, Table] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def shown(self, name: str) -> str:
        """How a fault names a file of this bundle."""
        return f"{self.name}/{name}"


def open_source(path: Path) -> Source:
    """The files of a bundle, its own faults (not found, unsafe, too large) in `faults`."""
    name = str(path)
    if os.path.isdir(path):  # not Path.is_dir, which raises for a name no file system takes  # noqa: PTH112
        return _folder(path, name)
    if not os.path.isfile(path):  # noqa: PTH113
        return _broken(name, "is neither a folder, a zip nor an .xlsx; give the path of a round bundle")
    if path.stat().st_size > MAX_BUNDLE:
        return _broken(name, f"is larger than {MAX_BUNDLE:,} bytes")
    if not zipfile.is_zipfile(path):
        return _broken(name, "is not a round bundle; give a folder, a .zip or an .xlsx")
    try:
        return _zip(path, name)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        return _broken(name, f"cannot be unpacked ({error}); make the archive again")


def read_table(source: Source, name: str) -> tuple[Table, list[Fault]]:
    """The rows of one file (or sheet), and what is wrong with it as a table."""
    shown = source.shown(name)
    if name in source.sheets:
        return source.sheets[name], []
    text, fault = read_text(source, name)
    if fault is not None:
        return Table(shown, []), [fault]
    rows: list[Row] = []
    try:
        for row in csv_rows(text):
            rows.append(row)
            if len(rows) > MAX_ROWS:
                return Table(shown, []), [
                    Fault(shown, row[0], "file", f"has more than {MAX_ROWS:,} rows; split the round")
                ]
    except csv.Error as error:
        line = rows[-1][0] + 1 if rows else 1
        return Table(shown, []), [
            Fault(shown, line, "file", f"is not valid CSV here ({error}); check quotes and cells")
        ]
    return Table(shown, rows), []


def csv_rows(text: str) -> Iterator[Row]:
    """Rows of a CSV text with the line each begins on; rows without any content are left out."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def read_text(source: Source, name: str) -> tuple[str, Fault | None]:
    """A file as text: UTF-8 with or without a byte order mark, or the fault that says what it is instead."""
    shown = source.shown(name)
    if source.size(name) > MAX_FILE:
        return "", Fault(shown, None, "file", f"is larger than {MAX_FILE:,} bytes; split the round")
    try:
        data = source.read(name)
    except (OSError, RuntimeError, zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
        return "", Fault(shown, None, "file", f"cannot be read ({error}); save or pack it again")
    return decode(data, shown)


def decode(data: bytes, shown: str) -> tuple[str, Fault | None]:
    """Bytes as text, or the fault with the line of the first byte that is not UTF-8."""
    if data.startswith(_UTF16):
        return "", Fault(shown, 1, "encoding", "is UTF-16; save it as “CSV UTF-8”")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "", Fault(
            shown, 1, "file", "is a workbook or an archive, not text; save the sheet as “CSV UTF-8”"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return "", Fault(shown, line, "encoding", f"is not UTF-8{_looks_like(data)}; save it as “CSV UTF-8”")
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        return "", Fault(
            shown, line, "file", "contains a zero byte, so it is not text; save it as “CSV UTF-8”"
        )
    return text, None


def _looks_like(data: bytes) -> str:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    chinese = sum("\u4e00" <= letter <= "\u9fff" for letter in text)
    return " (it reads as GB18030, the Chinese spreadsheet default)" if chinese else ""


def _broken(name: str, message: str) -> Source:
    return Source(name, [], lambda _: 0, lambda _: b"", faults=[Fault(name, None, "bundle", message)])


def _folder(path: Path, name: str) -> Source:
    files = sorted(entry.name for entry in path.iterdir() if entry.is_file())
    return Source(name, files, lambda n: (path / n).stat().st_size, lambda n: (path / n).read_bytes())


def _zip(path: Path, name: str) -> Source:
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    faults = [fault for entry in entries if (fault := _unsafe(entry, name)) is not None]
    faults += _too_much(entries, name)
    if faults:
        return Source(name, [], lambda _: 0, lambda _: b"", faults=faults)
    if any(entry.filename == "xl/workbook.xml" for entry in entries):
        return _workbook(path, name)
    kept = {_inner(entry.filename): entry for entry in entries if not entry.filename.startswith("__MACOSX/")}

    def read(wanted: str) -> bytes:
        with zipfile.ZipFile(path) as archive, archive.open(kept[wanted]) as stream:
            return stream.read(MAX_FILE + 1)  # the size in the directory of the archive may be a lie

    return Source(name, sorted(kept), lambda n: kept[n].file_size, read)


def _inner(filename: str) -> str:
    """The name without the one folder that archivers put around."""
    parts = PurePosixPath(filename).parts
    return "/".join(parts[1:]) if len(parts) == 2 else filename


def _unsafe(entry: zipfile.ZipInfo, name: str) -> Fault | None:
    parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
    if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in entry.filename:
        return Fault(name, None, repr(entry.filename), "leads out of the archive; pack plain file names only")
    if stat.S_ISLNK(entry.external_attr >> 16):
        return Fault(name, None, repr(entry.filename), "is a link; pack the file itself")
    if entry.flag_bits & 1:
        return Fault(name, None, repr(entry.filename), "is encrypted; pack it without a password")
    return None


def _too_much(entries: list[zipfile.ZipInfo], name: str) -> list[Fault]:
    total, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    if len(entries) > MAX_FILES:
        return [Fault(name, None, "bundle", f"holds {len(entries)} files; at most {MAX_FILES} are read")]
    if total > MAX_BUNDLE or (total > 1_000_000 and total > packed * MAX_RATIO):
        return [
            Fault(name, None, "bundle", f"unpacks to {total:,} bytes, which is more than is safe to read")
        ]
    twice = sorted({e.filename for e in entries if sum(o.filename == e.filename for o in entries) > 1})
    return [Fault(name, None, repr(file), "stands twice in the archive; keep one") for file in twice]


def _workbook(path: Path, name: str) -> Source:
    from openpyxl import load_workbook

    sheets: dict[str, Table] = {}
    faults: list[Fault] = []
    try:
        with path.open("rb") as stream:  # by its content: an upload's copy has no ending
            book = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
            for sheet in book.worksheets:
                shown = f"{name}/{sheet.title}"
                rows, wrong = sheet_rows(sheet, shown)
                sheets[sheet.title] = Table(shown, rows)
                faults += wrong
            book.close()
    except Exception:  # openpyxl raises whatever its XML meets
        return _broken(name, "cannot be opened as a workbook; save it again as .xlsx")
    return Source(name, list(sheets), lambda _: 0, lambda _: b"", sheets=sheets, faults=faults)


def sheet_rows(sheet: object, shown: str) -> tuple[list[Row], list[Fault]]:
    """The rows of a worksheet as text; formulas and error cells are faults, never evaluated."""
    sheet.reset_dimensions()  # type: ignore[attr-defined]  # what a file says of its size may be a lie
    rows: list[Row] = []
    faults: list[Fault] = []
    headings: list[str] = []
    for line, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):  # type: ignore[attr-defined]
        if line > MAX_ROWS:
            return [], [Fault(shown, line, "sheet", f"has more than {MAX_ROWS:,} rows; split the round")]
        values = [cell_text(cell.value) for cell in cells]
        faults += [
            _bad_cell(shown, line, at, cell, headings) for at, cell in enumerate(cells) if _is_bad(cell)
        ]
        while values and not values[-1].strip():
            values.pop()
        if not values and line - (rows[-1][0] if rows else 0) > MAX_BLANK_ROWS:
            return [], [
                Fault(shown, line, "sheet", f"has over {MAX_BLANK_ROWS:,} empty rows in a row; delete them")
            ]
        if values:
            headings = headings or values
            rows.append((line, values + [""] * (len(headings) - len(values))))
    return rows, faults


def cell_text(value: object) -> str:
    """A cell's value as the text a CSV would hold: whole numbers without a point, days and times in ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _is_bad(cell: object) -> bool:
    return getattr(cell, "data_type", "") in ("f", "e")


def _bad_cell(shown: str, line: int, at: int, cell: object, headings: list[str]) -> Fault:
    where = headings[at] if at < len(headings) else f"column {at + 1}"
    if getattr(cell, "data_type", "") == "f":
        return Fault(shown, line, where, "holds a formula; paste the value itself (Paste special, values)")
    return Fault(shown, line, where, f"holds the error {getattr(cell, 'value', '')}; enter the value")

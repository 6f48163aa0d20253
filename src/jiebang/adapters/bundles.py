"""A round bundle (folder, zip or .xlsx) into one `Bundle`, or every fault at once with file, line and field.

The format is described in docs/round-bundle.md.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from jiebang.adapters.bundle_checks import cross_check
from jiebang.adapters.bundle_columns import COLUMNS, moment
from jiebang.adapters.bundle_rows import Rows, numeric_columns
from jiebang.adapters.bundle_tables import Source, Table, open_source, read_table, read_text
from jiebang.decisions.bundle import Bundle, Challenge
from jiebang.decisions.bundle_text import FORMAT, RECORDS, digest_of
from jiebang.rules.faults import Fault
from jiebang.rules.load import read as read_yaml

REQUIRED = ("challenges", "bids")
_KEYS = ("format", "timezone", "currency", "as_of", "files", "columns")


@dataclass(slots=True)
class _Manifest:
    """What bundle.yaml says. `columns`: table -> heading -> column."""

    zone: ZoneInfo
    timezone: str | None = None
    currency: str | None = None
    as_of: datetime | None = None
    files: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class _Read:
    """One table as read: values by column, the headings it carried, and the rows that the digest covers."""

    file: str
    drafts: Sequence[SimpleNamespace]
    headings: list[str]
    rows: list[list[str]]

    @property
    def ids(self) -> frozenset[str] | None:
        """The ids of all rows, faulty ones included; None where the table could not be read."""
        if "id" not in self.headings or not self.rows:
            return None if not self.rows else frozenset()
        at = self.headings.index("id")
        return frozenset(cells[at] for cells in self.rows if at < len(cells))


def read_bundle(path: Path, *, timezone: str = "UTC") -> Bundle | list[Fault]:
    """The bundle at `path`, or its faults, all at once. `timezone` holds for times where bundle.yaml names none."""
    source = open_source(path)
    if source.faults and not source.names:
        return source.faults
    manifest, faults = _manifest(source, timezone)
    faults = [*source.faults, *faults]
    chosen, missing = _choose(source, manifest)
    faults += missing
    found: dict[str, _Read] = {}
    for name, file in chosen.items():
        found[name], wrong = _table(source, name, file, manifest)
        faults += wrong
    read = {name: (item.file, item.drafts) for name, item in found.items()}
    faults += cross_check(
        read, known={name: item.ids for name, item in found.items() if item.ids is not None}
    )
    return sorted(set(faults), key=_order) if faults else _bundle(path, manifest, found)


def _order(fault: Fault) -> tuple[str, int, str, str]:
    return (fault.file, fault.line or 0, fault.field, fault.message)


def _bundle(path: Path, manifest: _Manifest, found: Mapping[str, _Read]) -> Bundle:
    records = {name: tuple(RECORDS[name](**vars(d)) for d in item.drafts) for name, item in found.items()}
    if manifest.currency:
        records["challenges"] = tuple(_in_currency(item, manifest.currency) for item in records["challenges"])
    carried = {f"{name}.{heading}" for name, item in found.items() for heading in item.headings} | set(found)
    texts = {name: (item.headings, item.rows) for name, item in found.items()}
    digest = digest_of(texts, timezone=manifest.timezone, currency=manifest.currency, as_of=manifest.as_of)
    return Bundle(
        name=path.name, digest=digest, timezone=manifest.timezone, currency=manifest.currency,
        as_of=manifest.as_of, carried=frozenset(carried), files={name: item.file for name, item in found.items()},
        **_with_tallies(records),
    )  # fmt: skip


def _in_currency(item: Challenge, currency: str) -> Challenge:
    return item if item.currency else replace(item, currency=currency)


def _with_tallies(records: dict[str, tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    """What was counted about a bid also stands among its facts."""
    counted: dict[str, dict[str, object]] = {}
    for tally in records.get("tallies", ()):
        counted.setdefault(tally.bid, {})[tally.name] = tally.value
    bids = tuple(
        replace(bid, facts={**bid.facts, **counted[bid.id]}) if bid.id in counted else bid
        for bid in records["bids"]
    )
    return {**records, "bids": bids}


def _manifest(source: Source, timezone: str) -> tuple[_Manifest, list[Fault]]:
    empty = _Manifest(ZoneInfo(timezone))
    name = next((n for n in ("bundle.yaml", "bundle.yml", "bundle") if n in source.names), None)
    if name is None:
        return empty, [
            Fault(source.shown("bundle.yaml"), None, "file", f"is missing; write it with `format: {FORMAT}`")
        ]
    shown = source.shown(name)
    text, fault = (
        (_sheet_yaml(source.sheets[name]), None) if name in source.sheets else read_text(source, name)
    )
    if fault is not None:
        return empty, [fault]
    if not text.strip():
        return empty, [Fault(shown, 1, "format", f"is missing; begin with `format: {FORMAT}`")]
    data, lines, faults = read_yaml(text, name=shown)
    if faults:
        return empty, faults
    return _read_manifest(data, lines, shown, timezone)


def _sheet_yaml(table: Table) -> str:
    """A sheet `bundle` of two columns as YAML: key and value, or whole lines in the first column."""
    lines = [""] * max((line for line, _ in table.rows), default=0)
    for line, cells in table.rows:
        value = cells[1] if len(cells) > 1 else ""
        lines[line - 1] = f"{cells[0]}: {json.dumps(value, ensure_ascii=False)}" if value else cells[0]
    return "\n".join(lines)


def _read_manifest(
    data: Mapping[str, Any], lines: Mapping[Any, int], shown: str, timezone: str
) -> tuple[_Manifest, list[Fault]]:
    faults: list[Fault] = []

    def wrong(key: str, message: str) -> None:
        faults.append(Fault(shown, lines.get(tuple(key.split("."))), key, message))

    if data.get("format") != FORMAT:
        wrong("format", f"is `{data.get('format')}`; write `format: {FORMAT}`")
    for key in data:
        if near := key not in _KEYS and get_close_matches(key, _KEYS, n=1, cutoff=0.8):
            wrong(key, f"is not a key of bundle.yaml; did you mean `{near[0]}`?")
    zone = _zone(str(data.get("timezone") or timezone))
    if zone is None:
        wrong("timezone", f"`{data['timezone']}` is not a time zone; write such as Asia/Shanghai")
    manifest = _Manifest(
        zone or ZoneInfo(timezone), str(data["timezone"]) if data.get("timezone") and zone else None
    )
    for key in ("currency", "as_of"):
        if data.get(key) is not None:
            try:
                reader = COLUMNS["challenges"]["currency"].read if key == "currency" else moment
                setattr(manifest, key, reader(str(data[key]), manifest.zone))
            except ValueError as error:
                wrong(key, str(error))
    manifest.files = _files(data.get("files") or {}, wrong)
    manifest.columns = _columns(data.get("columns") or {}, wrong)
    return manifest, faults


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None


def _files(data: Any, wrong: Any) -> dict[str, str]:
    """Own file or sheet names, as `table: name` or `name: table`."""
    if not isinstance(data, dict):
        wrong("files", "is not a mapping; write such as {bids: 揭榜书.csv}")
        return {}
    files: dict[str, str] = {}
    for key, value in data.items():
        table, name = (key, str(value)) if key in COLUMNS else (str(value), key)
        if table not in COLUMNS:
            wrong(f"files.{key}", f"names no table of a bundle; tables are {', '.join(COLUMNS)}")
        files[table] = name
    return files


def _columns(data: Any, wrong: Any) -> dict[str, dict[str, str]]:
    """Own headings of each table, as `column: heading` or `heading: column`."""
    result: dict[str, dict[str, str]] = {}
    if not isinstance(data, dict):
        wrong("columns", "is not a mapping; write such as {bids: {id: 编号, amount: 金额}}")
        return {}
    for table, pairs in data.items():
        if table not in COLUMNS or not isinstance(pairs, dict):
            wrong(f"columns.{table}", f"is not a table with its headings; tables are {', '.join(COLUMNS)}")
            continue
        for key, value in pairs.items():
            column, heading = (key, str(value)) if key in COLUMNS[table] else (str(value), key)
            if column in result.get(table, {}).values():
                wrong(f"columns.{table}.{key}", f"`{column}` is mapped twice; keep one")
            result.setdefault(table, {})[heading.strip()] = column
    return result


def _choose(source: Source, manifest: _Manifest) -> tuple[dict[str, str], list[Fault]]:
    """Which file or sheet holds which table; faults for required ones that are not there."""
    chosen: dict[str, str] = {}
    faults: list[Fault] = []
    for table in COLUMNS:
        names = [manifest.files[table]] if table in manifest.files else [f"{table}.csv", table]
        name = next((name for name in names if name in source.names), None)
        if name is not None:
            chosen[table] = name
        elif table in manifest.files or table in REQUIRED:
            faults.append(
                Fault(source.shown(names[0]), None, "file", f"is missing; a bundle needs it for `{table}`")
            )
    for name in source.names:
        stem = name.removesuffix(".csv")
        near = get_close_matches(stem, [t for t in COLUMNS if t not in chosen], n=1, cutoff=0.75)
        if near and name not in chosen.values():
            faults.append(
                Fault(source.shown(name), None, "file", f"is not read; did you mean `{near[0]}.csv`?")
            )
    return chosen, faults


def _table(source: Source, name: str, file: str, manifest: _Manifest) -> tuple[_Read, list[Fault]]:
    table, faults = read_table(source, file)
    if not table.rows:
        if not faults:
            faults = [
                Fault(
                    table.file, None, "file", f"is empty; begin with the headings {', '.join(COLUMNS[name])}"
                )
            ]
        return _Read(table.file, [], [], []), faults
    (line, heading_row), *rows = table.rows
    headings, faults = _headings(name, table.file, line, heading_row, manifest.columns.get(name, {}))
    if faults:
        return _Read(table.file, [], headings, []), faults
    if name in REQUIRED and not rows:
        faults = [
            Fault(table.file, line, "file", f"has headings and no row; a round has at least one of `{name}`")
        ]
    numeric = numeric_columns(name, headings, [cells for _, cells in rows])
    reader = Rows(name, table.file, headings, numeric, manifest.zone)
    drafts = []
    for line, cells in rows:
        draft, wrong = reader.read(line, cells)
        drafts += [draft] if draft is not None else []
        faults += wrong
    return _Read(table.file, drafts, headings, [cells for _, cells in rows]), faults


def _headings(
    name: str, file: str, line: int, cells: Sequence[str], mapping: Mapping[str, str]
) -> tuple[list[str], list[Fault]]:
    """The column each heading stands for; an office's own headings keep their names."""
    plain = [cell.strip() for cell in cells]
    while plain and not plain[-1]:
        plain.pop()
    headings = [mapping.get(cell, cell) for cell in plain]
    faults = [
        Fault(file, line, f"column {at}", "has no heading; give it one or remove it")
        for at, h in enumerate(headings, 1)
        if not h
    ]
    twice = dict.fromkeys(h for h in headings if h and headings.count(h) > 1)
    faults += [Fault(file, line, h, "stands twice among the headings; keep one") for h in twice]
    lost = [heading for heading in mapping if heading not in plain]
    faults += [Fault(file, line, h, "is mapped in bundle.yaml, and no column has this heading") for h in lost]
    required = [key for key, column in COLUMNS[name].items() if column.required]
    missing = [key for key in required if key not in headings]
    hint = (
        "; separate the columns with commas"
        if len(plain) == 1 and (";" in plain[0] or "\t" in plain[0])
        else ""
    )
    for key in missing:
        message = f"is required and no column has this heading; add it, or map your own in bundle.yaml{hint}"
        faults.append(Fault(file, line, key, message))
    return headings, faults

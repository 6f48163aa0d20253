"""A sheet of exchange rates: a CSV in UTF-8 with the headings day, base, quote, rate, source (English or Chinese)."""

import csv
import io
from collections.abc import Mapping

from jiebang.rules.faults import Fault

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "day": ("day", "date", "日期"), "base": ("base", "from", "币种"), "quote": ("quote", "to", "折算币种"),
    "rate": ("rate", "汇率"), "source": ("source", "来源"),
}  # fmt: skip
MOST_BYTES = 1_000_000


def read_rates(data: bytes, *, name: str) -> list[dict[str, str]] | list[Fault]:
    """The rows as typed, or every fault of the sheet: what a row means is the operation's to say."""
    if len(data) > MOST_BYTES:
        return [Fault(name, None, "file", f"is larger than {MOST_BYTES // 1000} kB; split it")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [Fault(name, None, "file", "is not UTF-8; save the sheet as CSV in UTF-8")]
    lines = list(csv.reader(io.StringIO(text, newline="")))
    places = _places(lines[0] if lines else [])
    missing = [key for key in COLUMNS if key not in places]
    if missing:
        return [
            Fault(name, 1, key, f"no column has this heading; write one of: {', '.join(COLUMNS[key])}")
            for key in missing
        ]
    long = [
        Fault(
            name,
            at,
            "line",
            f"has more than {len(lines[0])} cells; a comma inside a number needs quotes, or a point",
        )
        for at, line in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in line[len(lines[0]) :])
    ]
    rows = [line for line in lines[1:] if any(cell.strip() for cell in line)]
    return long or [
        {key: line[at].strip() if at < len(line) else "" for key, at in places.items()} for line in rows
    ]


def _places(headings: list[str]) -> dict[str, int]:
    known = [heading.strip().lower() for heading in headings]
    found = {
        key: next((known.index(word) for word in words if word in known), None)
        for key, words in COLUMNS.items()
    }
    return {key: at for key, at in found.items() if at is not None}

"""Rows of a spreadsheet before anybody asks what they mean: text cells by column, and every fault with its row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jiebang.decisions.cells import is_formula, plain_text
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.texts import BROKEN

MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number in the file, its filled cells, and the columns whose cells cannot be taken."""

    number: int
    cells: Mapping[str, str]
    bad: frozenset[str] = frozenset()

    def lacks(self, column: str) -> bool:
        """Whether nothing was written there, right or wrong."""
        return column not in self.cells and column not in self.bad


@dataclass
class Faults:
    """Every fault of a sheet; each reason carries `row` (a line of the file) and `field` (a column)."""

    found: list[Reason] = field(default_factory=list)

    def at(self, line: int, column: str, why: Reason) -> None:
        """Remember what is wrong with a cell."""
        self.found.append(Reason(why.code, {**why.params, "row": line, "field": column}))


def lines(rows: Sequence[Mapping[str, Any]], *, known: Callable[[str], bool], faults: Faults) -> list[Line]:
    """The rows as text. `line` of a row is where it stands in its file; without it rows count from 1."""
    if not rows:
        faults.found.append(reason("sheet.no_rows", field="file"))
    if len(rows) > MOST_ROWS:
        faults.found.append(reason("sheet.too_many_rows", field="file", count=len(rows), limit=MOST_ROWS))
        return []
    strangers = dict.fromkeys(name for row in rows for name in row if name != "line" and not known(name))
    for name in strangers:
        faults.at(1, name, reason("sheet.unknown_column", name=name))
    return [_line(row, at, known, faults) for at, row in enumerate(rows, 1)]


def once(values: Iterable[tuple[int, str]], *, column: str, faults: Faults) -> None:
    """A fault for every value that stands in two lines."""
    seen: dict[str, int] = {}
    for line, value in values:
        if value and seen.setdefault(value, line) != line:
            faults.at(line, column, reason("sheet.twice", value=value, line=seen[value]))


def within(line: Line, limits: Mapping[str, int], faults: Faults) -> None:
    """A fault for every cell that is longer than what is kept of it."""
    for name, limit in limits.items():
        if len(text := line.cells.get(name, "")) > limit:
            faults.at(line.number, name, reason("sheet.too_long", count=len(text), limit=limit))


def _line(row: Mapping[str, Any], at: int, known: Callable[[str], bool], faults: Faults) -> Line:
    given = row.get("line")
    number = given if isinstance(given, int) and not isinstance(given, bool) else at
    texts = {name: "" if value is None else str(value).strip() for name, value in row.items() if known(name)}
    cells: dict[str, str] = {}
    bad: set[str] = set()
    for name, text in texts.items():
        if why := _refused(text):
            faults.at(number, name, why)
            bad.add(name)
        elif text:
            cells[name] = plain_text(text)
    return Line(number, cells, frozenset(bad))


def _refused(text: str) -> Reason | None:
    if BROKEN.search(text):
        return reason("sheet.broken_text")
    return reason("sheet.formula") if is_formula(text) else None

"""Rows of a bundle's table into values by column, with the faults of every cell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from jiebang.adapters.bundle_columns import COLUMNS, plain_number, text
from jiebang.rules.faults import Fault


@dataclass(frozen=True, slots=True)
class Rows:
    """How to read the rows of one table; `numeric` are the office's own columns in which every cell is a number."""

    table: str
    file: str
    headings: Sequence[str]
    numeric: frozenset[str]
    zone: ZoneInfo

    def read(self, line: int, cells: Sequence[str]) -> tuple[SimpleNamespace | None, list[Fault]]:
        """The values of a row (None where blank or faulty), or None when its cells are not under their headings."""
        if len(cells) < len(self.headings) or any(cell.strip() for cell in cells[len(self.headings) :]):
            message = (
                f"has {len(cells)} cells under {len(self.headings)} headings; quote cells that hold commas"
            )
            return None, [Fault(self.file, line, "row", message)]
        columns, faults = COLUMNS[self.table], []
        values: dict[str, object] = dict.fromkeys(columns)
        own: dict[str, object] = {}
        for heading, cell in zip(self.headings, cells, strict=False):
            column = columns.get(heading)
            try:
                if not cell.strip():
                    if column is not None and column.required:
                        raise ValueError("is blank; it is required")
                elif column is not None:
                    values[heading] = column.read(cell, self.zone)
                else:
                    own[heading] = self._own(heading, cell)
            except ValueError as error:
                faults.append(Fault(self.file, line, heading, str(error)))
        return SimpleNamespace(**values, facts=own, line=line), faults

    def _own(self, heading: str, cell: str) -> object:
        """A cell of an office's own column: true and false are answers, all else is text."""
        if heading in self.numeric:
            return plain_number(cell)
        plain = str(text(cell, self.zone))
        return {"true": True, "false": False}.get(plain.lower(), plain)


def numeric_columns(table: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> frozenset[str]:
    """The office's own columns in which every filled cell is a number."""
    own = {at: heading for at, heading in enumerate(headings) if heading not in COLUMNS[table]}
    words: set[str] = set()
    for cells in rows if own else ():
        filled = (
            (heading, cells[at]) for at, heading in own.items() if at < len(cells) and cells[at].strip()
        )
        words |= {heading for heading, cell in filled if plain_number(cell) is None}
    return frozenset(own.values()) - words

"""Parts of a self-contained page: tables and plots with the numbers beneath."""

from collections.abc import Iterable, Sequence
from html import escape

from jiebang.adapters.drawing import Plot


def html_table(header: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """A table that scrolls by itself where it is too wide."""
    head = "".join(f"<th>{escape(word)}</th>" for word in header)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def folded(table: str, *, summary: str) -> str:
    """A table that opens when asked for."""
    return f"<details><summary>{escape(summary)}</summary>{table}</details>"


def figure(chart: Plot, level: str, *, summary: str, notes: Sequence[str] = ()) -> str:
    """A plot under its finding, what to know of it, and the numbers folded beneath it."""
    said = "".join(f"<p>{escape(note)}</p>" for note in notes)
    table = folded(html_table(chart.header, chart.rows), summary=summary)
    return f"<figure><{level}>{escape(chart.title)}</{level}>{chart.svg}{said}{table}</figure>"

"""A list of the office: search, filters in the address, sorting by column, paging, count, export, empty state."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.web import components as c
from jiebang.web import formats, listing
from jiebang.web.exports import export
from jiebang.web.site import language_tag

FORMATS = ("csv", "xlsx")
CHUNK = 500  # rows of a file that are read at once


@dataclass(frozen=True, kw_only=True)
class Col:
    """A column: `cell` makes what the page shows, `value` what a file holds.

    `sort` is the field it sorts by; `by` sorts rows that are in memory (what gives None comes last).
    """

    key: str
    label: str
    value: Callable[[Any], Any]
    cell: Callable[[Any], c.Cell] | None = None
    sort: str = ""
    by: Callable[[Any], Any] | None = None
    number: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """A whole list. `rows` are filtered already; `order` is the sort that the address does not name.

    Rows in memory are in that order already; `prepare` reads what only a page, or a part of a file, of them shows.
    """

    name: str
    title: str
    next: str
    rows: QuerySet[Any] | Sequence[Any]
    columns: Sequence[Col]
    fields: Sequence[c.Field]
    order: Sequence[str]
    empty: str
    above: Sequence[c.Part] = ()
    actions: Sequence[c.Link] = ()
    formats: Sequence[str] = FORMATS
    prepare: Callable[[Sequence[Any]], Sequence[Any]] | None = None


def page(request: HttpRequest, table: Table) -> HttpResponse:
    """The list as a page, or as the file that the address asks for."""
    rows = _sorted(request, table)
    if request.GET.get("format") in table.formats:
        columns = {column.key: column.label for column in table.columns}
        return export(request.GET["format"], name=table.name, columns=columns, rows=_records(table, rows))
    shown = listing.shown(request, rows)
    made = table.prepare(shown.rows) if table.prepare else shown.rows
    parts = {
        "intro": c.Intro(title=table.title, next=table.next),
        "crumbs": c.Breadcrumbs(links=[c.Link(_("My desk"), "/desk/")], here=table.title),
        "filters": listing.filters(request, table.fields, target="#list") if table.fields else None,
        "head": listing.list_head(request, count(shown.count), formats=table.formats),
        "table": _table(request, table, made) if made else None,
        "empty": None if shown.rows else _empty(request, table),
        "paging": listing.paging(request, shown),
        "above": table.above,
        "actions": table.actions,
    }
    return TemplateResponse(request, "office/list.html", parts)


def count(number: int) -> str:
    """`1 row`, `250 rows`."""
    return ngettext("%(n)s row", "%(n)s rows", number) % {"n": formats.number(number, lang=language_tag())}


def given(request: HttpRequest, name: str) -> str:
    """A parameter of the address, cut to a sane length."""
    return request.GET.get(name, "").strip()[:200]


def words_filter(request: HttpRequest) -> c.Field:
    """The free text of a list."""
    return listing.search(request, _("Words or number"))


def choice(request: HttpRequest, name: str, label: str, options: Mapping[str, str]) -> c.Field:
    """A filter of choices."""
    return listing.select(request, name, label, options.items())


def _sorted(request: HttpRequest, table: Table) -> Any:
    if isinstance(table.rows, QuerySet):
        return table.rows.order_by(*_order(request, table), "pk")
    wanted = request.GET.get("sort", "")
    by = next((col.by for col in table.columns if col.by and col.key == wanted.removeprefix("-")), None)
    if by is None:
        return table.rows
    known = [row for row in table.rows if by(row) is not None]
    rest = [row for row in table.rows if by(row) is None]
    return sorted(known, key=by, reverse=wanted.startswith("-")) + rest


def _order(request: HttpRequest, table: Table) -> list[str]:
    wanted = request.GET.get("sort", "")
    known = {column.key: column.sort for column in table.columns if column.sort}
    field = known.get(wanted.removeprefix("-"))
    return [("-" if wanted.startswith("-") else "") + field] if field else list(table.order)


def _table(request: HttpRequest, table: Table, rows: Sequence[Any]) -> c.DataTable:
    return c.DataTable(
        columns=[_head(request, column) for column in table.columns],
        rows=[[_cell(column, row) for column in table.columns] for row in rows],
    )


def _head(request: HttpRequest, column: Col) -> c.Column:
    if not (column.sort or column.by):
        return c.Column(label=column.label, number=column.number)
    now = request.GET.get("sort", "")
    state: Literal["", "ascending", "descending"] = (
        "ascending" if now == column.key else "descending" if now == f"-{column.key}" else ""
    )
    url = listing.address(request, page="", sort=f"-{column.key}" if now == column.key else column.key)
    return c.Column(label=column.label, sort_url=url, sorted=state, number=column.number)


def _cell(column: Col, row: Any) -> c.Cell:
    if column.cell:
        return column.cell(row)
    value = column.value(row)
    return c.Cell("" if value is None else str(value))


def _records(table: Table, rows: Any) -> Iterator[dict[str, Any]]:
    found = rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else iter(rows)
    while part := list(islice(found, CHUNK)):
        for row in table.prepare(part) if table.prepare else part:
            yield {column.key: column.value(row) for column in table.columns}


def _empty(request: HttpRequest, table: Table) -> c.EmptyState:
    if any(request.GET.get(field.name) for field in table.fields):
        return c.EmptyState(
            title=_("Nothing fits these filters"), sentence=_("Fewer filters or other words may help."),
            action=c.Link(_("Show all"), request.path),
        )  # fmt: skip
    return c.EmptyState(title=_("Nothing is here yet"), sentence=table.empty)

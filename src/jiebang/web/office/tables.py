"""A list of the office: search, filters in the address, sorting by column, paging, count, export, empty state."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, kw_only=True)
class Col:
    """A column: `cell` makes what the page shows, `value` what a file holds, `sort` is the field it sorts by."""

    key: str
    label: str
    value: Callable[[Any], Any]
    cell: Callable[[Any], c.Cell] | None = None
    sort: str = ""
    number: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """A whole list. `rows` are filtered already; `order` is the sort that the address does not name."""

    name: str
    title: str
    next: str
    rows: QuerySet[Any]
    columns: Sequence[Col]
    fields: Sequence[c.Field]
    order: Sequence[str]
    empty: str
    above: Sequence[c.Part] = ()
    actions: Sequence[c.Link] = ()


def page(request: HttpRequest, table: Table) -> HttpResponse:
    """The list as a page, or as the file that the address asks for."""
    rows = table.rows.order_by(*_order(request, table), "pk")
    if request.GET.get("format") in FORMATS:
        columns = {column.key: column.label for column in table.columns}
        return export(request.GET["format"], name=table.name, columns=columns, rows=_records(table, rows))
    shown = listing.shown(request, rows)
    parts = {
        "intro": c.Intro(title=table.title, next=table.next),
        "crumbs": c.Breadcrumbs(links=[c.Link(_("My desk"), "/desk/")], here=table.title),
        "filters": listing.filters(request, table.fields, target="#list") if table.fields else None,
        "head": listing.list_head(request, count(shown.count), formats=FORMATS),
        "table": _table(request, table, shown.rows) if shown.rows else None,
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
    if not column.sort:
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


def _records(table: Table, rows: QuerySet[Any]) -> Iterator[dict[str, Any]]:
    for row in rows.iterator(chunk_size=500):
        yield {column.key: column.value(row) for column in table.columns}


def _empty(request: HttpRequest, table: Table) -> c.EmptyState:
    if any(request.GET.get(field.name) for field in table.fields):
        return c.EmptyState(
            title=_("Nothing fits these filters"), sentence=_("Fewer filters or other words may help."),
            action=c.Link(_("Show all"), request.path),
        )  # fmt: skip
    return c.EmptyState(title=_("Nothing is here yet"), sentence=table.empty)

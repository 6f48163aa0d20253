"""`/projects/<number>/money/book/`: the rows behind every figure, on the page and as a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.records.ledger import queries
from jiebang.web import components as c
from jiebang.web.desk.gate import only
from jiebang.web.exports import export
from jiebang.web.office import cells
from jiebang.web.projects.money import SHOWN, account_name, act_name, fund_name, room_of
from jiebang.web.projects.room import Room, Section, page

KINDS = ("csv", "xlsx", "json")


@only()
def book(request: HttpRequest, number: str) -> HttpResponse:
    """Every movement in order; `?fund=` and `?account=` narrow it to those behind one figure."""
    room = room_of(request, number)
    fund, account = _asked(request)
    rows = list(queries.rows(room.row, fund=fund, account=account))
    narrowed = f"?{request.GET.urlencode()}" if request.GET else ""
    links = [c.Link(f".{kind}", f"{room.url}money/book.{kind}{narrowed}") for kind in KINDS]
    if narrowed:
        links.insert(0, c.Link(_("All rows"), f"{room.url}money/book/"))
    texts = [] if rows else [_("No row here.")]
    section = Section(
        heading=_heading(room, rows, account), id="rows", texts=texts, parts=[_table(room, rows)], links=links
    )
    told = _("Each row is drawn on one account and put into another.")
    return page(request, room, "money", next_=told, sections=[section], under=_("The book"))


@only()
def download(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The same rows as a file."""
    room = room_of(request, number)
    if kind not in KINDS:
        raise Http404
    fund, account = _asked(request)
    rows = (_plain(room, row) for row in queries.rows(room.row, fund=fund, account=account))
    return export(kind, name=f"{number}-book", columns=_columns(), rows=rows)


def _asked(request: HttpRequest) -> tuple[int | None, str]:
    given, account = request.GET.get("fund", ""), request.GET.get("account", "")
    if (account and account not in SHOWN) or (given and not given.isdecimal()):
        raise Http404
    return (int(given) if given else None), account


def _heading(room: Room, rows: Sequence[Any], account: str) -> str:
    if account and rows:
        return f"{fund_name(room, rows[0].fund)}: {account_name(account)}"
    return _("All rows")


def _columns() -> dict[str, str]:
    return {
        "row": _("Row"), "day": _("Day"), "what": _("What"), "source": _("Source"), "from": _("From"), "to": _("To"),
        "amount": _("Amount"), "currency": _("Currency"), "instalment": _("Instalment"), "reference": _("Reference"),
        "by": _("Entered by"), "at": _("Entered at"),
    }  # fmt: skip


def _plain(room: Room, row: Any) -> Mapping[str, Any]:
    return {
        "row": row.pk, "day": row.day.isoformat(), "what": act_name(row.act), "source": fund_name(room, row.fund),
        "from": account_name(row.drawn), "to": account_name(row.put), "amount": row.amount, "currency": row.fund.currency,
        "instalment": row.instalment.order if row.instalment else "", "reference": row.reference,
        "by": row.by.name if row.by else "", "at": row.at,
    }  # fmt: skip


def _table(room: Room, rows: Sequence[Any]) -> c.DataTable | None:
    heads = (
        _("Row"),
        _("Day"),
        _("What"),
        _("Source"),
        _("From"),
        _("To"),
        _("Amount"),
        _("Reference"),
        _("Entered by"),
    )
    made = [
        [c.Cell(str(row.pk)), c.Cell(cells.day(row.day)), c.Cell(_what(row)), c.Cell(fund_name(room, row.fund)),
         c.Cell(account_name(row.drawn)), c.Cell(account_name(row.put)), c.Cell(cells.money(row.amount, row.fund.currency)),
         c.Cell(row.reference), c.Cell(f"{row.by.name if row.by else '–'}, {cells.moment(row.at, room.book.timezone)}")]
        for row in rows
    ]  # fmt: skip
    columns = [c.Column(label=text, number=text == heads[6]) for text in heads]
    return c.DataTable(columns=columns, rows=made) if made else None


def _what(row: Any) -> str:
    part = _(" (instalment %(n)s)") % {"n": row.instalment.order} if row.instalment else ""
    return act_name(row.act) + part

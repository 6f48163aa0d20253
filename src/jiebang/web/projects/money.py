"""`/projects/<number>/money/`: the sources, what fell due, was paid and came back; every figure opens its rows."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.decisions import lifecycle
from jiebang.decisions.ledger import Account, Balances, balances, turnover
from jiebang.decisions.paying import ended_badly
from jiebang.operations.disputing import open_disputes
from jiebang.records.ledger import queries
from jiebang.records.people.roles import OFFICE, OFFICERS
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.desk.gate import only
from jiebang.web.office import cells
from jiebang.web.projects import other_currency
from jiebang.web.projects.room import Room, Section, page, room_or_404
from jiebang.web.site import language_tag, words

SHOWN: tuple[Account, ...] = ("awarded", "signed", "due", "paid", "lapsed", "owed", "returned")


def account_name(account: str) -> str:
    """What an account is called on the pages."""
    return {
        "source": _("Source"), "awarded": _("Announced"), "signed": _("Signed"), "due": _("Fallen due"),
        "paid": _("Paid"), "lapsed": _("Lapsed"), "owed": _("To be returned"), "returned": _("Returned"),
    }[account]  # fmt: skip


def act_name(act: str) -> str:
    """What a movement is called on the pages."""
    return {
        "award": _("announced"), "sign": _("signed"), "fall_due": _("fell due"), "pay": _("paid"), "spend": _("spent"),
        "lapse": _("lapsed with the end"), "claim_back": _("claimed back"), "give_back": _("returned"),
    }[act]  # fmt: skip


def room_of(request: HttpRequest, number: str) -> Room:
    """The project for those whose money it is and the office; who only tests there has no part in it."""
    room = room_or_404(request, number)
    if not room.held & {"owner", "lead", "partner", "country_desk"} and not room.reader.roles & OFFICE:
        raise Http404
    return room


@only()
def money(request: HttpRequest, number: str) -> HttpResponse:
    """The sources on each basis, the instalments, claims, what is to be returned, and what may be done."""
    room = room_of(request, number)
    rows, funds = list(queries.rows(room.row)), list(queries.funds(room.row))
    sections = [
        _sources(room, funds, rows),
        *other_currency.section(room, rows),
        _instalments(room),
        *_claims(room),
    ]
    return page(
        request, room, "money", next_=_next(room, rows), sections=[*sections, *_debts(room, funds, rows), _book(room, rows)],
        links=_acts(room, funds), banner=_banner(room),
    )  # fmt: skip


def fund_name(room: Room, fund: Any) -> str:
    """The source in the rulebook's words, with whose it is."""
    rule = room.book.money
    source = rule.sources.get(fund.source) if rule else None
    label = words(source.label) if source else _("The programme's own money")
    return f"{label}: {cells.party(fund.party)}" if fund.party else label


def may_pay(room: Room) -> bool:
    """Whether the reader pays for the office."""
    return bool(room.reader.roles & OFFICERS)


def today_in(room: Room) -> date:
    """The day at the programme's place."""
    return room.reader.at.astimezone(ZoneInfo(room.book.timezone)).date()


def _parts(room: Room) -> list[Any]:
    return sorted(room.row.instalments.all(), key=lambda item: item.order)


def _next(room: Room, rows: Sequence[Any]) -> str:
    flags = lifecycle.flags(room.book, kind="project", stage=room.row.stage)
    if ended_badly(flags):
        return _("The project has ended; nothing more is paid.")
    parts = [item for item in _parts(room) if not item.paid_on]
    due = [item for item in parts if item.due_since]
    if due:
        return _("Due now: %(part)s.") % {"part": words(due[0].label)}
    if parts:
        return _("Next: %(part)s, %(when)s.") % {
            "part": words(parts[0].label),
            "when": _occasion(room, parts[0]),
        }
    return _("Every instalment is paid.") if rows else _("No amount is agreed yet.")


def _banner(room: Room) -> c.Banner | None:
    count = open_disputes(room.row)
    if not count:
        return None
    text = ngettext(
        "%(n)s measured value is in dispute: payment waits.",
        "%(n)s measured values are in dispute: payment waits.",
        count,
    )
    link = c.Link(_("Open the indicators"), f"{room.url}indicators/#disputes")
    return c.Banner(text=text % {"n": count}, tone="warning", link=link)


def _sources(room: Room, funds: Sequence[Any], rows: Sequence[Any]) -> Section:
    moved = turnover(queries.transfers(rows))
    made = [
        [c.Cell(fund_name(room, fund)), *_figure(room, fund, rows, moved, account)]
        for fund in funds
        for account in SHOWN
        if (fund.pk, fund.currency, account) in moved
    ]
    heads = (_("Source"), _("Basis"), _("Amount"), _("Day of the last entry"))
    columns = [c.Column(label=text, number=text == heads[2]) for text in heads]
    texts = [_("Each figure is all that was ever entered on that basis; it opens its rows.")] if made else []
    table = c.DataTable(columns=columns, rows=made) if made else None
    return Section(heading=_("Money by source"), id="sources", texts=texts, parts=[table])


def _figure(room: Room, fund: Any, rows: Sequence[Any], moved: Balances, account: Account) -> list[c.Cell]:
    amount = cells.money(moved[fund.pk, fund.currency, account], fund.currency)
    url = f"{room.url}money/book/?fund={fund.pk}&account={account}"
    day = queries.last_day(rows, fund=fund.pk, account=account)
    return [c.Cell(account_name(account)), c.Cell(amount, url), c.Cell(cells.day(day))]


def _instalments(room: Room) -> Section:
    waiting = queries.open_orders(room.row)
    made = [
        [
            c.Cell(f"{item.order}. {words(item.label)}"),
            c.Cell(cells.money(item.amount, room.row.currency)),
            _state(room, item, waiting),
        ]
        for item in _parts(room)
    ]
    heads = (_("Instalment"), _("Amount"), _("State"))
    columns = [c.Column(label=text, number=text == heads[1]) for text in heads]
    texts = [] if made else [_("The agreement has no instalments.")]
    parts = [c.DataTable(columns=columns, rows=made)] if made else []
    return Section(heading=_("Instalments"), id="instalments", texts=texts, parts=parts)


def _state(room: Room, item: Any, waiting: dict[int, Any]) -> c.Cell:
    url = f"{room.url}money/pay/{item.order}/" if may_pay(room) else ""
    if item.paid_on:
        return c.Cell(_("paid %(day)s") % {"day": cells.day(item.paid_on)} + f" {item.reference}")
    if ended_badly(lifecycle.flags(room.book, kind="project", stage=room.row.stage)):
        return c.Cell(_("lapsed with the end"))
    if order := waiting.get(item.pk):
        return c.Cell(_("proposed by %(name)s, to be confirmed") % {"name": order.proposed_by.name}, url)
    if item.due_since:
        return c.Cell(_("due since %(day)s") % {"day": cells.day_of(item.due_since, room.book.timezone)}, url)
    return c.Cell(_occasion(room, item))


def _occasion(room: Room, item: Any) -> str:
    if item.due_milestone:
        return _("with milestone %(n)s accepted") % {"n": item.due_milestone}
    label = words(lifecycle.label(room.book, kind="project", command=item.due_command)) or item.due_command
    return _("with “%(act)s”") % {"act": label}


def _claims(room: Room) -> Iterator[Section]:
    claims = list(queries.claims(room.row))
    rows = [
        [
            c.Cell(item.contract),
            c.Cell(cells.money(item.settled, item.currency)),
            c.Cell(cells.money(item.instalment.amount, item.currency)),
            c.Cell(f"{item.by.name}, {cells.day_of(item.at, room.book.timezone)}"),
            c.Cell(_("Steps"), f"{room.url}money/claims/{item.instalment.order}/"),
        ]
        for item in claims
    ]
    heads = (_("Contract"), _("Settled"), _("Granted"), _("Reckoned by"), _("How it came about"))
    if rows:
        columns = [c.Column(label=text, number=text in heads[1:3]) for text in heads]
        parts = [c.DataTable(columns=columns, rows=rows)]
        yield Section(heading=_("Claims for an after-subsidy"), id="claims", parts=parts)


def _debts(room: Room, funds: Sequence[Any], rows: Sequence[Any]) -> Iterator[Section]:
    left = balances(queries.transfers(rows))
    for debt in queries.debts(room.row):
        fund = next(item for item in funds if item.pk == debt.fund_id)
        owed = left.get((fund.pk, fund.currency, "owed"), Decimal(0))
        said = {"amount": cells.money(owed, fund.currency), "day": cells.day(debt.due_on)}
        text = (
            _("%(amount)s are still to be returned, by %(day)s.") % said
            if owed
            else _("All of it was returned.")
        )
        links = [c.Link(_("Record a repayment"), f"{room.url}money/repay/")] if owed and may_pay(room) else []
        yield Section(heading=_("To be returned"), id="repayment", texts=[text], links=links)


def _book(room: Room, rows: Sequence[Any]) -> Section:
    sums: dict[str, Decimal] = {}
    for (_fund, currency, _account), amount in balances(queries.transfers(rows)).items():
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    said = formats.listed(
        [cells.money(amount, currency) for currency, amount in sorted(sums.items())], lang=language_tag()
    )
    text = ngettext(
        "%(n)s row; all accounts together: %(sums)s.",
        "%(n)s rows; all accounts together: %(sums)s.",
        len(rows),
    )
    links = [
        c.Link(_("Open the book"), f"{room.url}money/book/"),
        *(c.Link(f".{kind}", f"{room.url}money/book.{kind}") for kind in ("csv", "xlsx", "json")),
    ]
    texts = [text % {"n": len(rows), "sums": said or "0"}] if rows else [_("Nothing is entered yet.")]
    return Section(heading=_("The book"), id="book", texts=texts, links=links if rows else [])


def _acts(room: Room, funds: Sequence[Any]) -> list[c.Link]:
    rule = room.book.money
    flags = lifecycle.flags(room.book, kind="project", stage=room.row.stage)
    if rule is None or "final" in flags:
        return []
    found = []
    if rule.sources and (may_pay(room) or room.held & {"lead", "partner"}):
        found.append(c.Link(_("Add money of a source"), f"{room.url}money/sources/new/"))
    if any(fund.party_id in room.reader.acting_for("lead", "partner") for fund in funds):
        found.append(c.Link(_("Record what was spent"), f"{room.url}money/spend/"))
    if rule.after_subsidy and may_pay(room):
        found.append(c.Link(_("Reckon a subsidy"), f"{room.url}money/claim/"))
    return found

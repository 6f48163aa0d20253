"""Money of several currencies told in one, by rates that were entered, each with its day and source."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from jiebang.decisions.ledger import Account
from jiebang.decisions.money import Money
from jiebang.decisions.rates import Converted, Rate, convert, rounding_of
from jiebang.records.ledger import queries
from jiebang.rules.reasons import Reason
from jiebang.web import components as c
from jiebang.web.acting import render_reason
from jiebang.web.office import cells
from jiebang.web.projects.room import Room, Section

BASES: tuple[Account, ...] = ("awarded", "signed", "paid")


def section(room: Room, rows: Sequence[Any]) -> Iterator[Section]:
    """Announced, signed and paid in the project's currency, where there is more than one: each row by the rate of its day."""
    home = room.row.currency
    currencies = {row.fund.currency for row in rows} | {home}
    if len(currencies) < 2:
        return
    days = room.book.money.rate_days if room.book.money else 0
    rates = queries.rates_around(currencies, [row.day for row in rows], before=days)
    names = {"awarded": _("Announced"), "signed": _("Signed"), "paid": _("Paid")}
    told = {base: _converted(room, [row for row in rows if row.put == base], rates, days) for base in BASES}
    made = [[c.Cell(names[base]), _sum(room, told[base])] for base in BASES]
    columns = [
        c.Column(label=_("Basis")),
        c.Column(label=_("All sources in %(currency)s") % {"currency": home}, number=True),
    ]
    heading = _("Together in %(currency)s") % {"currency": home}
    parts = [c.DataTable(columns=columns, rows=made), _used(told)]
    text = _("Each row is converted by the rate of its own day, or of at most %(days)s days before it.") % {
        "days": days
    }
    yield Section(heading=heading, id="together", texts=[text], parts=parts)


def _converted(room: Room, rows: Sequence[Any], rates: Sequence[Rate], days: int) -> list[Converted | Reason]:
    home = room.row.currency
    rounding = rounding_of(room.book, home)
    return [
        convert(
            Money(row.amount, row.fund.currency),
            to=home,
            day=row.day,
            rates=rates,
            days=days,
            rounding=rounding,
        )
        for row in rows
    ]


def _sum(room: Room, told: Sequence[Converted | Reason]) -> c.Cell:
    if missing := next((item for item in told if isinstance(item, Reason)), None):
        return c.Cell(render_reason(missing))
    total = sum((item.money.amount for item in told if isinstance(item, Converted)), Decimal(0))
    return c.Cell(cells.money(total, room.row.currency))


def _used(told: dict[Account, list[Converted | Reason]]) -> c.DataTable | None:
    """The rates that these sums rest on."""
    rates = {
        item.rate for found in told.values() for item in found if isinstance(item, Converted) and item.rate
    }
    rows = [
        [
            c.Cell(cells.day(rate.day)),
            c.Cell(f"{rate.base}/{rate.quote}"),
            c.Cell(f"{rate.rate.normalize():f}"),
            c.Cell(rate.source),
        ]
        for rate in sorted(rates, key=lambda item: (item.day, item.base, item.quote))
    ]
    heads = (_("Day"), _("Pair"), _("Rate"), _("Source"))
    columns = [c.Column(label=text, number=text == heads[2]) for text in heads]
    return c.DataTable(columns=columns, rows=rows, caption=_("Rates used")) if rows else None

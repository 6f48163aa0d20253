"""Amounts in another currency by rates that somebody entered, each with its day and its source; never by a guess."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal, localcontext

from jiebang.decisions.money import Money, Rounding, round_money
from jiebang.rules.currencies import minor_units
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Rulebook

_WIDE = Context(prec=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """On `day` one `base` was worth so many `quote` (`rate` > 0), as `source` says."""

    day: date
    base: str
    quote: str
    rate: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Converted:
    """The amount, and the rate by which it came about; None where the currency stayed the same."""

    money: Money
    rate: Rate | None = None


def rate_of(rates: Iterable[Rate], *, base: str, quote: str, day: date, days: int) -> Rate | Reason:
    """The newest rate between two currencies, either way round, of `day` or at most `days` before it; or that there is none."""
    known = [
        item
        for item in rates
        if {item.base, item.quote} == {base, quote} and day - timedelta(days) <= item.day <= day
    ]
    if not known:
        return reason("money.no_rate", base=base, quote=quote, day=day.isoformat(), days=days)
    return max(known, key=lambda item: (item.day, item.base == base))


def convert(
    money: Money, *, to: str, day: date, rates: Iterable[Rate], days: int, rounding: Rounding
) -> Converted | Reason:
    """`money` in the currency `to` by the rate of `day`, rounded as declared; nothing is carried over a third currency."""
    if money.currency == to:
        return Converted(money)
    found = rate_of(rates, base=money.currency, quote=to, day=day, days=days)
    if isinstance(found, Reason):
        return found
    with localcontext(_WIDE):
        straight = found.base == money.currency
        amount = money.amount * found.rate if straight else money.amount / found.rate
    return Converted(round_money(Money(amount, to), rounding), found)


def rounding_of(book: Rulebook, currency: str) -> Rounding:
    """How amounts of a currency are rounded: as the rulebook declares, else to the decimals it has, half up."""
    rule = book.money
    if rule and (own := rule.currencies.get(currency)):
        return Rounding(own.places, own.rounding)
    places = minor_units(currency)
    if rule and currency == book.currency:
        return Rounding(rule.places if places is None else min(rule.places, places), rule.rounding)
    return Rounding(2 if places is None else places)

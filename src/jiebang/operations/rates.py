"""Rates between currencies, entered by the office: a day, a pair, a rate, a source; one or a sheet of them."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from jiebang.decisions.money import parse_amount
from jiebang.operations.amounts import Typed
from jiebang.operations.kernel import Act, Done, Outcome, Refused, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.statements import Why
from jiebang.records.ledger.models import Rate
from jiebang.rules.currencies import minor_units
from jiebang.rules.reasons import Reason, reason

MOST = 2000
_DECIMALS = 10


class RateRow(BaseModel):
    """One line of a sheet of rates, as typed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    day: str
    base: str
    quote: str
    rate: Typed
    source: str


@operation(permission=Permission.RATE_ENTER, event=Event.RATES_ENTERED)
def put_rates(act: Act, *, rates: list[RateRow], why: Why = "") -> Outcome:
    """Enter rates, all of them or none. One that corrects what was entered for its day needs a reason; the old one stays."""
    if not 0 < len(rates) <= MOST:
        raise Stop(reason("rates.count", count=len(rates), limit=MOST))
    read = [_read(row, f"rates.{place}", at=act.now.date()) for place, row in enumerate(rates)]
    faults = [item for row in read if isinstance(row, list) for item in row]
    found = [row for row in read if isinstance(row, Rate)]
    faults += list(_repeated(found))
    if faults:
        return Refused(tuple(faults))
    new = [row for row in found if not _known(row)]
    _replace(act, new, why)
    for row in new:
        row.at, row.by, row.why = act.now, act.person, why
    Rate.objects.bulk_create(new)
    body = {
        "count": len(new),
        "rates": [[row.day.isoformat(), row.base, row.quote, str(row.rate)] for row in new],
    }
    act.journal(Event.RATES_ENTERED, "rates:all", body={**body, "why": why})
    return Done({"count": len(new), "known": len(found) - len(new)})


def _read(row: RateRow, place: str, *, at: date) -> Rate | list[Reason]:
    day, rate = _day(row.day), parse_amount(row.rate)
    base, quote = row.base.upper(), row.quote.upper()
    faults = [
        reason("money.unknown_currency", currency=code, field=f"{place}.{name}")
        for name, code in (("base", base), ("quote", quote))
        if minor_units(code) is None
    ]
    if base == quote:
        faults.append(reason("rates.same", currency=base, field=f"{place}.quote"))
    if day is None or day > at:
        faults.append(reason("rates.day", text=row.day, field=f"{place}.day"))
    if isinstance(rate, Reason):
        faults.append(Reason(rate.code, {**rate.params, "field": f"{place}.rate"}))
    elif not 0 < rate < Decimal(10) ** 10 or rate != round(rate, _DECIMALS):
        faults.append(reason("rates.rate", text=row.rate, places=_DECIMALS, field=f"{place}.rate"))
    if not row.source or len(row.source) > 200:
        faults.append(reason("rates.source", field=f"{place}.source"))
    if faults or day is None or isinstance(rate, Reason):
        return faults
    return Rate(day=day, base=base, quote=quote, rate=rate, source=row.source)


def _repeated(rows: list[Rate]) -> Iterator[Reason]:
    seen: set[tuple[date, frozenset[str]]] = set()
    for place, row in enumerate(rows):
        key = (row.day, frozenset({row.base, row.quote}))
        if key in seen:
            yield reason(
                "rates.twice",
                day=row.day.isoformat(),
                base=row.base,
                quote=row.quote,
                field=f"rates.{place}.day",
            )
        seen.add(key)


def _known(row: Rate) -> bool:
    return Rate.objects.filter(
        day=row.day, base=row.base, quote=row.quote, rate=row.rate, replaced_at=None
    ).exists()


def _replace(act: Act, new: list[Rate], why: str) -> None:
    """What was entered before for the same day and pair, either way round, counts no more; it needs a reason."""
    for place, row in enumerate(new):
        pair = {row.base, row.quote}
        old = Rate.objects.filter(day=row.day, base__in=pair, quote__in=pair, replaced_at=None)
        if (first := old.first()) is None:
            continue
        if not why:
            said = {
                "day": row.day.isoformat(),
                "base": first.base,
                "quote": first.quote,
                "rate": f"{first.rate.normalize():f}",
            }
            raise Stop(reason("rates.differs", field=f"rates.{place}.rate", **said))
        old.update(replaced_at=act.now)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

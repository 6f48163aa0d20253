"""Deadlines of a call: its rulebook's clocks counted on the calendars it froze."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from jiebang.decisions.clock import Calendars, Deadline, Period, deadline
from jiebang.records.programme.models import CalendarVersion, Call
from jiebang.records.programme.queries import rulebook


def due(call: Call, clock: str | None, *, start: datetime, owner_country: str = "") -> Deadline | None:
    """When a clock of the call's rulebook that starts now runs out; None where the rulebook has no such clock."""
    book = rulebook(call.rulebook_id)
    rule = book.clocks.get(clock) if clock else None
    if rule is None:
        return None
    wanted = {owner_country if name == "owner" else name for name in rule.calendars}
    known = calendars_of(call)
    counted = known.only(*(name for name in sorted(wanted) if name in known))
    period = Period(rule.amount, rule.unit)
    return deadline(
        start, period=period, zone=book.timezone, calendars=counted, first_day_counts=rule.first_day_counts
    )


def due_at(call: Call, clock: str | None, *, start: datetime, owner_country: str = "") -> datetime | None:
    """The moment alone."""
    limit = due(call, clock, start=start, owner_country=owner_country)
    return limit.at if limit else None


def clock_of(call: Call, clock: str | None, *, start: datetime, owner_country: str) -> dict[str, Any]:
    """What a thing that enters a stage carries of its clock: `due_at`, `due_clock` and `due_provisional`."""
    limit = due(call, clock, start=start, owner_country=owner_country)
    if limit is None:
        return {"due_at": None, "due_clock": "", "due_provisional": False}
    return {"due_at": limit.at, "due_clock": clock, "due_provisional": limit.provisional}


def calendars_of(call: Call) -> Calendars:
    """The calendars that the call froze when it was opened."""
    return _calendars(call.calendars_id)


@lru_cache(maxsize=32)
def _calendars(digest: str) -> Calendars:
    return Calendars.from_data(CalendarVersion.objects.get(pk=digest).document)

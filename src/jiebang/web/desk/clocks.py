"""A time limit as a page shows it: both zones, working days left, provisional or not."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jiebang.decisions.clock import ZONES, working_days_between
from jiebang.operations.deadlines import calendars_of
from jiebang.records.programme.queries import rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.site import language_tag

SOON = 3  # working days
_DAY = timedelta(days=1)


def clock(
    due: datetime | None, *, call: Any, country: str, now: datetime, provisional: bool = False
) -> c.Clock | None:
    """The clock of a limit in a call; None where nothing runs."""
    if due is None:
        return None
    left, zone = days_left(due, call=call, country=country, now=now), rulebook(call.rulebook_id).timezone
    other = ZONES.get(country, (zone,))[0]
    first, second = formats.two_zones(due, lang=language_tag(), zone=zone, second_zone=other)
    return c.Clock(
        left=formats.working_days_left(left, lang=language_tag()), first=first, second=second,
        iso=due.isoformat(timespec="minutes"), provisional=provisional,
        urgency="late" if now >= due else "soon" if left <= SOON else "",
    )  # fmt: skip


def days_left(due: datetime, *, call: Any, country: str, now: datetime) -> int:
    """Working days of both sides after today until the last day; 0 on that day, below 0 once it is over."""
    zone = ZoneInfo(rulebook(call.rulebook_id).timezone)
    today, last = now.astimezone(zone).date(), (due - timedelta(microseconds=1)).astimezone(zone).date()
    known = calendars_of(call)
    counted = known.only(*(name for name in sorted({*_sides(call), country}) if name in known))
    if last < today:
        return min(-1, working_days_between(today, last, counted))
    return working_days_between(today + _DAY, last + _DAY, counted)


def end_of(day: date, zone: str) -> datetime:
    """The limit of what may still be done on a day: the midnight after it, in a zone."""
    after = day + _DAY
    return datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(zone))


def _sides(call: Any) -> set[str]:
    """Countries whose calendars the clocks of the call name."""
    clocks = rulebook(call.rulebook_id).clocks.values()
    return {name for rule in clocks for name in rule.calendars if name != "owner"}

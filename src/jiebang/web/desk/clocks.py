"""A time limit as a page shows it: both zones, working days left, provisional or not."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

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
    zone, lang = rulebook(call.rulebook_id).timezone, language_tag()
    left = days_left(due, call=call, country=country, now=now)
    other = ZONES.get(country, (zone,))[0]
    first, second = formats.two_zones(due, lang=lang, zone=zone, second_zone=other)
    return c.Clock(
        left=formats.working_days_left(left, lang=lang), first=first, second=second,
        worked=worked_in(call=call, country=country),
        iso=due.isoformat(timespec="minutes"), provisional=provisional,
        urgency="late" if now >= due else "soon" if left <= SOON else "",
    )  # fmt: skip


def days_left(due: datetime, *, call: Any, country: str, now: datetime) -> int:
    """Working days of both sides after today until the last day; 0 on that day, below 0 once it is over."""
    zone = ZoneInfo(rulebook(call.rulebook_id).timezone)
    today, last = now.astimezone(zone).date(), (due - timedelta(microseconds=1)).astimezone(zone).date()
    counted = calendars_of(call).only(*_sides(call, country))
    if last < today:
        return min(-1, working_days_between(today, last, counted))
    return working_days_between(today + _DAY, last + _DAY, counted)


def end_of(day: date, zone: str) -> datetime:
    """The limit of what may still be done on a day: the midnight after it, in a zone."""
    after = day + _DAY
    return datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(zone))


def worked_in(*, call: Any, country: str) -> tuple[str, str]:
    """The countries whose days off `days_left` leaves out: their codes, and a sentence with their names."""
    sides, lang = _sides(call, country), language_tag()
    places = formats.listed([formats.country(code, lang=lang) for code in sides], lang=lang)
    return ", ".join(sides), _("Days worked in %(places)s") % {"places": places} if sides else ""


def _sides(call: Any, country: str) -> list[str]:
    """The countries whose calendars the clocks of the call name, and the other side's, where they are known."""
    clocks, known = rulebook(call.rulebook_id).clocks.values(), calendars_of(call)
    named = {country if name == "owner" else name for rule in clocks for name in rule.calendars}
    return sorted(name for name in named if name in known)

"""Periods and deadlines: working days of several countries, months, days and hours, in a named time zone.

A working day is one that is worked in every given calendar. A period of days ends with its last day, at
24:00 local time, and something is in time if it is received before that instant (half-open). Calendars are
plain data with a hash, so that a call keeps those it was opened under; a year that no authority has
announced makes a deadline provisional. Nothing here reads a clock: the caller says what time it is.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal
from zoneinfo import ZoneInfo

import rfc8785

from jiebang.rules import days

Unit = Literal["working_days", "days", "months", "hours"]
_DAY = timedelta(days=1)
_LONGEST_CLOSURE = 366

# The zone of each country's capital; where Indonesia has three, the capital's stands first.
ZONES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "CN": ("Asia/Shanghai",),
        "BN": ("Asia/Brunei",),
        "KH": ("Asia/Phnom_Penh",),
        "ID": ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"),
        "LA": ("Asia/Vientiane",),
        "MY": ("Asia/Kuala_Lumpur",),
        "MM": ("Asia/Yangon",),
        "PH": ("Asia/Manila",),
        "SG": ("Asia/Singapore",),
        "TH": ("Asia/Bangkok",),
        "TL": ("Asia/Dili",),
        "VN": ("Asia/Ho_Chi_Minh",),
    }
)


@dataclass(frozen=True)
class Calendar:
    """The days one country works. `weekend`: weekdays, Monday 0; `workdays`: worked although at the weekend.

    `announced_through`: the last day an authority has decided; None when all of it is computed.
    `provisional`: single days that may still move, such as a feast that waits for the moon. `since`: the
    first day the data covers, None when it is not limited.
    """

    id: str
    weekend: frozenset[int]
    holidays: Mapping[date, str]
    workdays: frozenset[date]
    announced_through: date | None
    source: str
    provisional: frozenset[date] = frozenset()
    since: date | None = None

    def __post_init__(self) -> None:
        """Refuse a calendar in which no day could ever be worked."""
        if not self.weekend < frozenset(range(7)):
            raise ValueError("the weekend is a set of weekdays 0 to 6 that leaves a day to work")
        object.__setattr__(self, "holidays", MappingProxyType(dict(self.holidays)))

    def as_data(self) -> dict[str, Any]:
        """Plain data for YAML and JSON, days as ISO text, everything sorted."""
        return {
            "id": self.id,
            "weekend": sorted(self.weekend),
            "holidays": {day.isoformat(): self.holidays[day] for day in sorted(self.holidays)},
            "workdays": [day.isoformat() for day in sorted(self.workdays)],
            "announced_through": self.announced_through.isoformat() if self.announced_through else None,
            "since": self.since.isoformat() if self.since else None,
            "provisional": [day.isoformat() for day in sorted(self.provisional)],
            "source": self.source,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Calendar":
        """The calendar `as_data` described, days as text or date. Raises KeyError, TypeError, ValueError."""
        through, since = data.get("announced_through"), data.get("since")
        return cls(
            id=str(data["id"]),
            weekend=frozenset(int(day) for day in data["weekend"]),
            holidays={_day(day): str(name) for day, name in data["holidays"].items()},
            workdays=frozenset(_day(day) for day in data["workdays"]),
            announced_through=_day(through) if through else None,
            source=str(data["source"]),
            provisional=frozenset(_day(day) for day in data.get("provisional", ())),
            since=_day(since) if since else None,
        )

    def digest(self) -> str:
        """SHA-256 in hexadecimal of the canonical JSON (RFC 8785) of `as_data`."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(rfc8785.dumps(self.as_data())).hexdigest()

    def works(self, day: date) -> bool:
        """Whether `day` is worked: a make-up day is, else neither weekend nor holiday."""
        return day in self.workdays or (day.weekday() not in self.weekend and day not in self.holidays)

    def is_settled(self, day: date) -> bool:
        """Whether the day can no longer move: covered, announced, and not waiting for the moon."""
        if self.since is not None and day < self.since:
            return False
        announced = self.announced_through is not None and day <= self.announced_through
        return announced and day not in self.provisional


def _day(item: object) -> date:
    return item if isinstance(item, date) else date.fromisoformat(str(item))


@dataclass(frozen=True, slots=True)
class Calendars(Mapping[str, Calendar]):
    """The calendars that apply together, by country; a day is worked when all of them work."""

    by_id: Mapping[str, Calendar]

    def __getitem__(self, key: str) -> Calendar:
        return self.by_id[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_id)

    def __len__(self) -> int:
        return len(self.by_id)

    def only(self, *ids: str) -> "Calendars":
        """Those named, for a period that counts in some countries only. KeyError for an unknown one."""
        return Calendars({key: self.by_id[key] for key in ids})

    def as_data(self) -> list[dict[str, Any]]:
        """Plain data, in the order of the ids."""
        return [self[key].as_data() for key in sorted(self)]

    @classmethod
    def from_data(cls, data: Iterable[Mapping[str, Any]]) -> "Calendars":
        """The calendars `as_data` described. Raises KeyError, TypeError, ValueError."""
        return cls({calendar.id: calendar for calendar in map(Calendar.from_data, data)})

    def digest(self) -> str:
        """SHA-256 in hexadecimal over the digests, in the order of the ids."""
        return hashlib.sha256(rfc8785.dumps({key: self[key].digest() for key in sorted(self)})).hexdigest()


@dataclass(frozen=True, slots=True)
class Period:
    """How long something lasts: `amount` >= 0 of `unit`."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse a length no clock can run."""
        if self.amount < 0 or self.unit not in ("working_days", "days", "months", "hours"):
            raise ValueError(f"not a period: {self.amount} {self.unit}")


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a period ends: in time is what is received before `at`, an instant in `zone`.

    `days_counted`: the days that make up a period of working days or days. `provisional`: a day it touches
    may still move. `calendar_digest`: the calendars it was computed with.
    """

    at: datetime
    zone: str
    days_counted: tuple[date, ...]
    provisional: bool
    calendar_digest: str


def is_working(day: date, calendars: Calendars) -> bool:
    """Whether `day` is worked in all of `calendars` (with none given, every day is)."""
    return all(calendar.works(day) for calendar in calendars.values())


def working_days_from(
    start: date, days: int, calendars: Calendars, *, first_day_counts: bool
) -> tuple[date, ...]:
    """The `days` working days counted from `start`, in order.

    The starting day counts only when `first_day_counts` and it is worked. Raises ValueError when no working
    day is found within a year, which no real calendar has.
    """
    counted: list[date] = []
    day, idle = start if first_day_counts else start + _DAY, 0
    while len(counted) < days:
        if is_working(day, calendars):
            counted.append(day)
            idle = 0
        elif (idle := idle + 1) > _LONGEST_CLOSURE:
            raise ValueError(f"no working day in the year before {day}")
        day += _DAY
    return tuple(counted)


def working_days_between(start: date, end: date, calendars: Calendars) -> int:
    """Working days from `start` (included) to `end` (excluded); negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start, calendars)
    span = (start + timedelta(days=step) for step in range((end - start).days))
    return sum(1 for day in span if is_working(day, calendars))


def deadline(
    start: datetime, *, period: Period, zone: str, calendars: Calendars, first_day_counts: bool = False
) -> Deadline:
    """The end of `period` running from the instant `start`, on the clocks of `zone`.

    Hours run on without regard to days. Days and working days end at 24:00 of the last counted day; a month
    ends at 24:00 of the day with the same number (clamped to the month). With `first_day_counts` the day of
    `start` is the first day; a period in months then ends a day earlier. A period of none ends with the day
    of `start`. Raises ValueError for a start without a zone.
    """
    if start.tzinfo is None:
        raise ValueError("a period starts at an instant with a time zone")
    place = ZoneInfo(zone)
    first = start.astimezone(place).date()
    if period.unit == "hours":
        at = (start.astimezone(UTC) + timedelta(hours=period.amount)).astimezone(place)
        return Deadline(at, zone, (), False, calendars.digest())
    counted, last = _counted(first, period, calendars, first_day_counts=first_day_counts)
    provisional = period.unit == "working_days" and _is_provisional(first, last, calendars)
    return Deadline(_end_of(last, place), zone, counted, provisional, calendars.digest())


def _counted(
    first: date, period: Period, calendars: Calendars, *, first_day_counts: bool
) -> tuple[tuple[date, ...], date]:
    """The days that count, and the last day of the period."""
    if period.unit == "months":
        last = days.add_months(first, months=period.amount)
        is_clamped = last.day != first.day  # 31 January counted, one month: there is no 30th, so to the 28th
        return (), last - _DAY if first_day_counts and period.amount and not is_clamped else last
    everyday = calendars if period.unit == "working_days" else Calendars({})
    counted = working_days_from(first, period.amount, everyday, first_day_counts=first_day_counts)
    return counted, counted[-1] if counted else first


def _is_provisional(first: date, last: date, calendars: Calendars) -> bool:
    span = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    return not all(calendar.is_settled(day) for calendar in calendars.values() for day in span)


def _end_of(day: date, place: ZoneInfo) -> datetime:
    return datetime.combine(day + _DAY, datetime.min.time(), tzinfo=place)

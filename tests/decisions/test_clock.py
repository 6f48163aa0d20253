"""Working days across calendars, deadlines in zones, months that clamp, and what is provisional."""

from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiebang.decisions.clock import (
    ZONES,
    Calendar,
    Calendars,
    Deadline,
    Period,
    deadline,
    is_working,
    working_days_between,
    working_days_from,
)

WEEKEND = frozenset({5, 6})
# State Council notice for 2023: Labour Day 29 April to 3 May, worked on Sunday 23 April and Saturday 6 May.
LABOUR_DAY = {date(2023, 4, 29) + timedelta(days=step): "Labour Day" for step in range(5)}
CHINA = Calendar(
    id="CN",
    weekend=WEEKEND,
    holidays=LABOUR_DAY,
    workdays=frozenset({date(2023, 4, 23), date(2023, 5, 6)}),
    announced_through=date(2023, 12, 31),
    source="State Council notice for 2023",
)
BRUNEI = Calendar("BN", frozenset({4, 6}), {}, frozenset(), date(2023, 12, 31), "invented for this test")
CN = Calendars({"CN": CHINA})
BOTH = Calendars({"CN": CHINA, "BN": BRUNEI})
NONE = Calendars({})
DAYS = st.dates(date(2023, 1, 1), date(2023, 12, 31))


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def until(start: str, amount: int, unit: str, calendars: Calendars = NONE, **more: bool) -> Deadline:
    period = Period(amount, unit)  # type: ignore[arg-type]
    return deadline(at(start), period=period, zone="Asia/Shanghai", calendars=calendars, **more)


def test_nanning_publicity_of_five_working_days_crosses_labour_day() -> None:
    found = until("2023-04-26T09:00", 5, "working_days", CN, first_day_counts=True)
    assert [day.isoformat()[5:] for day in found.days_counted] == [
        "04-26",
        "04-27",
        "04-28",
        "05-04",
        "05-05",
    ]
    assert found.at.isoformat() == "2023-05-06T00:00:00+08:00"
    assert not found.provisional
    assert found.calendar_digest == CN.digest()


def test_make_up_days_at_the_weekend_are_worked() -> None:
    assert working_days_from(date(2023, 4, 21), 2, CN, first_day_counts=False) == (
        date(2023, 4, 23),
        date(2023, 4, 24),
    )
    assert working_days_from(date(2023, 5, 5), 1, CN, first_day_counts=False) == (date(2023, 5, 6),)


def test_a_day_is_worked_only_where_all_work() -> None:
    friday, saturday, monday = date(2023, 6, 2), date(2023, 6, 3), date(2023, 6, 5)
    assert [is_working(friday, CN), is_working(friday, BOTH)] == [True, False]
    assert [is_working(saturday, BOTH.only("BN")), is_working(saturday, BOTH)] == [True, False]
    assert is_working(monday, BOTH)
    assert is_working(saturday, NONE)


def test_a_starting_day_that_is_not_worked_never_counts() -> None:
    saturday = date(2023, 6, 3)
    for first in (True, False):
        assert working_days_from(saturday, 1, CN, first_day_counts=first) == (date(2023, 6, 5),)


@given(DAYS, st.integers(0, 40), st.booleans())
def test_counting_equals_a_walk_day_by_day(start: date, amount: int, first: bool) -> None:
    counted = working_days_from(start, amount, BOTH, first_day_counts=first)
    walked, day = [], start
    while len(walked) < amount:
        made_up = day in CHINA.workdays
        open_in_china = made_up or (day.weekday() < 5 and day not in LABOUR_DAY)
        if open_in_china and day.weekday() not in (4, 6) and (first or day > start):
            walked.append(day)
        day += timedelta(days=1)
    assert list(counted) == walked


@given(DAYS, DAYS)
def test_between_is_the_inverse_of_adding(start: date, end: date) -> None:
    count = working_days_between(start, end, BOTH)
    assert count == -working_days_between(end, start, BOTH)
    if start <= end:
        counted = working_days_from(start, count + 1, BOTH, first_day_counts=True)
        assert all(day < end for day in counted[:-1])
        assert counted[-1] >= end


def test_a_calendar_that_never_works_is_refused_and_a_closed_year_is_loud() -> None:
    with pytest.raises(ValueError, match="leaves a day"):
        Calendar("X", frozenset(range(7)), {}, frozenset(), None, "")
    closed = {date(2023, 1, 1) + timedelta(days=step): "closed" for step in range(800)}
    with pytest.raises(ValueError, match="no working day"):
        working_days_from(
            date(2023, 1, 1), 1, Calendars({"X": Calendar("X", WEEKEND, closed, frozenset(), None, "")}),
            first_day_counts=True,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "amount", "unit", "first", "ends"),
    [
        ("2023-01-31T10:00", 1, "months", False, "2023-03-01T00:00:00+08:00"),
        ("2024-01-31T10:00", 1, "months", False, "2024-03-01T00:00:00+08:00"),
        ("2023-12-15T10:00", 2, "months", False, "2024-02-16T00:00:00+08:00"),
        ("2023-12-15T10:00", 2, "months", True, "2024-02-15T00:00:00+08:00"),
        ("2023-01-31T10:00", 1, "months", True, "2023-03-01T00:00:00+08:00"),
        ("2023-06-01T00:00", 10, "days", False, "2023-06-12T00:00:00+08:00"),
        ("2023-06-01T23:59", 10, "days", True, "2023-06-11T00:00:00+08:00"),
        ("2023-06-01T10:30", 0, "days", False, "2023-06-02T00:00:00+08:00"),
        ("2023-06-01T10:30", 0, "months", True, "2023-06-02T00:00:00+08:00"),
        ("2023-06-01T10:30", 72, "hours", False, "2023-06-04T10:30:00+08:00"),
    ],
)
def test_each_unit_ends_where_it_should(start: str, amount: int, unit: str, first: bool, ends: str) -> None:
    assert until(start, amount, unit, first_day_counts=first).at.isoformat() == ends


def test_the_day_is_the_one_of_the_zone() -> None:
    start = datetime(
        2023, 6, 1, 17, 30, tzinfo=UTC
    )  # 2 June in Nanning and Jayapura, 1 June in Yangon at 24:00
    ends = {
        zone: deadline(start, period=Period(1, "days"), zone=zone, calendars=NONE).at.isoformat()
        for zone in ("Asia/Shanghai", "Asia/Yangon", "Asia/Jayapura", "Asia/Dili")
    }
    assert ends == {
        "Asia/Shanghai": "2023-06-04T00:00:00+08:00",
        "Asia/Yangon": "2023-06-04T00:00:00+06:30",
        "Asia/Jayapura": "2023-06-04T00:00:00+09:00",
        "Asia/Dili": "2023-06-04T00:00:00+09:00",
    }
    early = deadline(
        start - timedelta(seconds=1), period=Period(1, "days"), zone="Asia/Yangon", calendars=NONE
    )
    assert early.at.isoformat() == "2023-06-03T00:00:00+06:30"


def test_the_zones_of_the_programme_span_half_past_six_to_nine() -> None:
    offsets = {
        datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)).utcoffset() for zones in ZONES.values() for zone in zones
    }
    assert min(offsets) == timedelta(hours=6.5)  # type: ignore[type-var]
    assert max(offsets) == timedelta(hours=9)  # type: ignore[type-var]
    assert len(ZONES) == 12


def test_a_period_needs_an_instant_and_a_length() -> None:
    with pytest.raises(ValueError, match="time zone"):
        deadline(datetime(2023, 6, 1), period=Period(1, "days"), zone="Asia/Shanghai", calendars=NONE)  # noqa: DTZ001
    with pytest.raises(ValueError, match="not a period"):
        Period(-1, "days")
    with pytest.raises(ValueError, match="not a period"):
        Period(1, "weeks")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "amount", "unit", "moves"),
    [
        ("2023-12-01T09:00", 5, "working_days", False),
        ("2023-12-29T09:00", 5, "working_days", True),
        ("2023-12-29T09:00", 5, "days", False),
        ("2023-08-28T09:00", 1, "working_days", False),
        ("2023-08-28T09:00", 4, "working_days", True),
    ],
)
def test_what_is_not_settled_makes_working_days_provisional(
    start: str, amount: int, unit: str, moves: bool
) -> None:
    moon = Calendar(
        "MY", WEEKEND, {}, frozenset(), date(2023, 12, 31), "invented", frozenset({date(2023, 8, 31)})
    )
    calendars = Calendars({"CN": CHINA, "MY": moon})
    found = until(start, amount, unit, calendars)
    assert found.provisional is moves


def test_a_computed_calendar_is_always_provisional() -> None:
    computed = Calendars({"X": Calendar("X", WEEKEND, {}, frozenset(), None, "computed")})
    assert until("2023-06-01T09:00", 1, "working_days", computed).provisional


def test_the_digest_depends_on_content_only() -> None:
    backwards = dict(reversed(LABOUR_DAY.items()))
    same = Calendar("CN", WEEKEND, backwards, CHINA.workdays, CHINA.announced_through, CHINA.source)
    other = Calendar("CN", WEEKEND, backwards, frozenset(), CHINA.announced_through, CHINA.source)
    assert same.digest() == CHINA.digest() != other.digest()
    assert Calendars({"BN": BRUNEI, "CN": CHINA}).digest() == BOTH.digest() != CN.digest()
    assert isinstance(CHINA.holidays, MappingProxyType)

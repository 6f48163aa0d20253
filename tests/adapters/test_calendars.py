"""Calendars of China and ASEAN: real notices, true weekends, what is provisional, and freezing as text."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from jiebang.adapters.calendars import COUNTRIES, dump, load, parse
from jiebang.decisions.clock import ZONES, Calendars, Period, deadline, is_working, working_days_from
from jiebang.rules.reasons import Reason, render

YEARS = range(2023, 2029)
ALL = load(COUNTRIES, YEARS)


def ends(calendars: Calendars, start: date, amount: int) -> tuple[str, bool]:
    begun = datetime(start.year, start.month, start.day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    period = Period(amount, "working_days")
    found = deadline(begun, period=period, zone="Asia/Shanghai", calendars=calendars, first_day_counts=True)
    return found.days_counted[-1].isoformat(), found.provisional


def test_every_country_of_the_programme_has_a_calendar_and_a_zone() -> None:
    assert set(ALL) == set(COUNTRIES) == set(ZONES)
    assert all(len(ALL[code].holidays) >= 8 * len(YEARS) for code in COUNTRIES)


def test_nanning_publicity_follows_the_notice_of_2023() -> None:
    china = ALL.only("CN")
    counted = working_days_from(date(2023, 4, 26), 5, china, first_day_counts=True)
    assert [day.day for day in counted] == [26, 27, 28, 4, 5]
    assert is_working(date(2023, 4, 23), china)
    assert is_working(date(2023, 5, 6), china)
    assert ends(china, date(2023, 4, 26), 5) == ("2023-05-05", False)


def test_spring_festival_2026_follows_its_notice() -> None:
    china = ALL.only("CN")
    closed = [date(2026, 2, 15) + timedelta(days=step) for step in range(9)]
    assert not any(is_working(day, china) for day in closed)
    assert all(is_working(day, china) for day in (date(2026, 2, 14), date(2026, 2, 28), date(2026, 2, 24)))


def test_years_beyond_the_notices_are_computed_and_provisional() -> None:
    china = ALL.only("CN")
    assert china["CN"].announced_through == date(2026, 12, 31)
    assert not is_working(date(2027, 10, 1), china)
    assert ends(china, date(2026, 12, 28), 4) == ("2026-12-31", False)
    assert ends(china, date(2026, 12, 28), 5)[1]


def test_brunei_rests_on_friday_and_sunday_and_the_others_on_saturday_and_sunday() -> None:
    weekends = {code: ALL[code].weekend for code in COUNTRIES}
    assert weekends.pop("BN") == {4, 6}
    assert set(weekends.values()) == {frozenset({5, 6})}
    assert is_working(date(2026, 6, 6), ALL.only("BN"))
    assert not is_working(date(2026, 6, 6), ALL.only("BN", "CN"))


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("VN", date(2026, 9, 2)),
        ("TH", date(2026, 4, 13)),
        ("LA", date(2026, 12, 2)),
        ("ID", date(2026, 8, 17)),
        ("MY", date(2026, 8, 31)),
        ("SG", date(2026, 8, 10)),
        ("PH", date(2026, 6, 12)),
        ("KH", date(2026, 11, 9)),
        ("MM", date(2026, 1, 4)),
        ("BN", date(2026, 2, 23)),
        ("TL", date(2026, 5, 20)),
    ],
)
def test_a_national_day_is_not_worked(country: str, day: date) -> None:
    assert not is_working(day, ALL.only(country))


def test_vietnam_works_the_saturday_it_moved() -> None:
    assert is_working(date(2025, 4, 26), ALL.only("VN"))
    assert not is_working(date(2025, 5, 2), ALL.only("VN"))


def test_days_around_an_estimated_feast_are_provisional() -> None:
    timor = ALL["TL"]
    feast = next(day for day, name in timor.holidays.items() if "estimated" in name and day.year == 2026)
    assert {feast - timedelta(days=2), feast, feast + timedelta(days=2)} <= timor.provisional
    assert not timor.is_settled(feast)
    assert ALL["SG"].is_settled(date(2026, 11, 25))


def test_a_country_is_announced_only_as_far_as_its_lists_were_checked() -> None:
    assert ALL["VN"].announced_through == date(2026, 12, 31)
    assert ALL["MM"].announced_through == date(2025, 12, 31)
    assert ends(ALL.only("MM"), date(2026, 6, 1), 1)[1]


def test_a_frozen_calendar_reads_back_with_the_same_digest() -> None:
    some = ALL.only("CN", "BN", "TL")
    thawed = parse(dump(some))
    assert isinstance(thawed, Calendars)
    assert thawed.digest() == some.digest()
    assert parse(json.dumps(some.as_data())) == thawed
    corrected = parse(dump(some).replace("weekend:\n  - 4\n  - 6", "weekend:\n  - 5\n  - 6"))
    assert isinstance(corrected, Calendars)
    assert corrected["BN"].weekend == {5, 6}
    assert corrected.digest() != some.digest()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- id: CN", "weekend is missing"),
        ("- id: [", "expected"),
        ("12", "not iterable"),
        (dump(ALL.only("CN")).replace("2026-12-31", "2026-13-31"), "month"),
    ],
)
def test_an_unreadable_file_is_explained(text: str, says: str) -> None:
    found = parse(text)
    assert isinstance(found, Reason)
    assert says in render(found, lang="en")


def test_the_years_asked_for_are_the_years_given() -> None:
    one = load(["VN"], [2026])["VN"]
    assert {day.year for day in one.holidays} == {2026}
    assert one.announced_through == date(2026, 12, 31)
    assert one.is_settled(date(2026, 1, 1))
    assert not one.is_settled(date(2025, 12, 31))
    assert load(["CN"], [2040])["CN"].announced_through is None
    assert (
        load(["CN"], [2024, 2026])["CN"].holidays.keys()
        == load(["CN"], range(2024, 2027))["CN"].holidays.keys()
    )
    with pytest.raises(ValueError, match="XX"):
        load(["XX"], [2026])

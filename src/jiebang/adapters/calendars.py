"""Public holidays of China and the eleven ASEAN countries as calendars for a span of years.

China's breaks and the weekend days worked for them come from `chinesecalendar`, which encodes the yearly
notices of the State Council; the rest is from `holidays`. What comes out is plain data with a hash: an
operation freezes it into a call, and no upgrade of a package changes a deadline that was set. Limits:
national holidays only (no states, no collective leave such as Indonesia's cuti bersama), and where the
packages compute what no authority has yet announced, the calendar says so and its deadlines are
provisional.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from importlib.metadata import version
from typing import Any

import chinese_calendar.constants as china
import yaml

from jiebang.decisions.clock import Calendar, Calendars
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Rulebook

COUNTRIES = ("CN", "BN", "KH", "ID", "LA", "MY", "MM", "PH", "SG", "TH", "TL", "VN")

# The last year whose official lists the country modules of the installed `holidays` release cite; a package
# cannot be asked. Raise it with the release, after reading the references there.
_CHECKED_THROUGH = dict.fromkeys(COUNTRIES, 2026) | {"MM": 2025, "TH": 2025, "TL": 2025}
# A feast that waits for the moon may come a day early or late, and what stands in lieu of it moves along.
_MOON = 2


def load(countries: Iterable[str], years: Iterable[int]) -> Calendars:
    """The calendars of `countries` (ISO 3166 codes out of COUNTRIES) for `years` and those between them.

    Days outside the years have no holidays and are never settled, so give a span that reaches beyond every
    deadline. Raises ValueError for a country that is not covered or an empty span.
    """
    span = sorted(set(years))
    unknown = set(countries := list(countries)) - set(COUNTRIES)
    if unknown or not span:
        raise ValueError(f"no calendar for {', '.join(sorted(unknown)) or 'no years'}; known: {COUNTRIES}")
    return Calendars({code: _calendar(code, span[0], span[-1]) for code in countries})


def for_rulebook(book: Rulebook, *, year: int) -> Calendars:
    """What the clocks of a rulebook count by, for this year and two more: countries named there or by its places.

    A calendar that no package knows (a fictional country, a province) works Monday to Friday, provisional.
    """
    named = {name for clock in book.clocks.values() for name in clock.calendars if name != "owner"}
    named |= {code for place in book.places.values() for code in place.countries}
    years = range(year, year + 3)
    known = load(sorted(named & set(COUNTRIES)), years)
    return Calendars({**known, **{name: _plain(name) for name in sorted(named - set(COUNTRIES))}})


def _plain(name: str) -> Calendar:
    source = "Monday to Friday; nobody has entered the holidays yet"
    return Calendar(name, frozenset({5, 6}), {}, frozenset(), None, source)


def dump(calendars: Calendars) -> str:
    """The calendars as YAML that `parse` reads back with the same digest."""
    return yaml.safe_dump(calendars.as_data(), allow_unicode=True, sort_keys=False)


def parse(text: str) -> Calendars | Reason:
    """The calendars in YAML or JSON text, such as `dump` writes or an office corrects by hand."""
    try:
        return Calendars.from_data(yaml.safe_load(text))
    except KeyError as missing:
        return reason("clock.calendars_unreadable", detail=f"{missing.args[0]} is missing")
    except (AttributeError, TypeError, ValueError, yaml.YAMLError) as fault:
        return reason("clock.calendars_unreadable", detail=" ".join(str(fault).split()))


@cache
def _calendar(country: str, first: int, last: int) -> Calendar:
    return _china(first, last) if country == "CN" else _from_holidays(country, first, last)


def _china(first: int, last: int) -> Calendar:
    """Years with a notice as announced; others as `holidays` computes them, provisional."""
    computed = _from_holidays("CN", first, last)
    known = range(min(china.holidays).year, max(china.holidays).year + 1)
    announced = {day: item for day, item in china.holidays.items() if first <= day.year <= last}
    made_up = {day for day in china.workdays if first <= day.year <= last}
    beyond = {day: name for day, name in computed.holidays.items() if day.year not in known}
    return Calendar(
        id="CN",
        weekend=computed.weekend,
        holidays=beyond | announced,
        workdays=frozenset(made_up | {day for day in computed.workdays if day.year not in known}),
        announced_through=_through(first, min(last, known[-1])),
        source=f"chinesecalendar {version('chinesecalendar')}; {computed.source}",
        since=date(first, 1, 1),
    )


def _from_holidays(country: str, first: int, last: int) -> Calendar:
    import holidays  # reading its 250 countries takes a second: only who builds a calendar waits

    found = holidays.country_holidays(country, years=range(first, last + 1), language="en_US")
    inside = {day: name for day, name in sorted(found.items()) if first <= day.year <= last}
    return Calendar(
        id=country,
        weekend=frozenset(found.weekend),
        holidays=inside,
        workdays=frozenset(day for day in _made_up(found) if first <= day.year <= last),
        announced_through=_through(first, min(last, _CHECKED_THROUGH[country])),
        source=f"holidays {version('holidays')}",
        provisional=_around(day for day, name in inside.items() if "estimated" in name),
        since=date(first, 1, 1),
    )


def _made_up(found: Any) -> set[date]:
    return set(found.weekend_workdays)


def _through(first: int, last: int) -> date | None:
    return date(last, 12, 31) if last >= first else None


def _around(feasts: Iterable[date]) -> frozenset[date]:
    steps = [timedelta(days=step) for step in range(-_MOON, _MOON + 1)]
    return frozenset(day + step for day in feasts for step in steps)

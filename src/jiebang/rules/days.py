"""Arithmetic on calendar days: months, years and anniversaries, as rulebooks and statutes count them.

A period in months or years ends on the day with the same number; where that month has none, on its last day
(31 January + 1 month = 28 or 29 February; 29 February + 1 year = 28 February), as in article 202 of the Civil
Code of China and section 188 of the German BGB.
"""

from calendar import monthrange
from datetime import date, timedelta


def add_months(day: date, *, months: int) -> date:
    """The day `months` calendar months later (earlier when negative), clamped to the end of its month."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def add_years(day: date, *, years: int) -> date:
    """The anniversary `years` later; of 29 February the 28th in a common year."""
    return add_months(day, months=12 * years)


def whole_years(start: date, end: date) -> int:
    """Anniversaries of `start` reached by `end`, the day itself included; negative when `end` is earlier."""
    if end < start:
        return -whole_years(end, start)
    passed = end.year - start.year
    return passed if add_years(start, years=passed) <= end else passed - 1


def over_years(start: date, *, at: date) -> int:
    """The largest n for which "over n years" is true: it grows on the day after each anniversary."""
    return max(whole_years(start, at - timedelta(days=1)), 0)


def over_days(start: date, *, at: date, days: int) -> bool:
    """True when more than `days` days have passed, `end - start`, the start not counted."""
    return (at - start).days > days

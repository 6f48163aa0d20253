"""The functions an expression may call, beyond CEL's own operators and list macros.

dates    `date("2026-01-01")` a day; `date_in(moment, "Asia/Shanghai")` the day a moment falls on there;
         `days_between(a, b)` whole days from a to b (end - start: 1 Mar to 31 Dec is 305);
         `years_between(a, b)` anniversaries reached; `over_years(a, b, n)`, `over_days(a, b, n)` more than n;
         of a moment they take the day in UTC, so give them `date_in(moment, zone)`.
lists    `has_any(list, wanted)` at least one of `wanted`; `all_in(list, allowed)` nothing beyond `allowed`;
         `size(list or text)` elements or characters; `distinct(list)`.
numbers  `abs`, `floor`, `ceil`, `round(x)` (half away from zero), `min(...)`, `max(...)`, `sum(list)`,
         `mean(list)`, `mod(a, b)`; a division by 0 is unknown, not infinite.

Of CEL: `timestamp`, `duration`, `double`, `int`, `string`, `matches`, `contains`, `startsWith`, `endsWith`,
`has`, `all`, `exists`, `exists_one`, `map`, `filter` and the parts of a timestamp (`getFullYear()` ...).
A function given what it cannot use makes the expression unknown.
"""

import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from jiebang.rules import days
from jiebang.rules.expression_text import MACROS

# The binding turns a result it cannot convert into an evaluation fault. An exception would do the same,
# but it writes a line to the log for each.
_FAULT = object()
_DAY_SECONDS = 86_400


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()  # whatever zone it is written in, the same instant is the same day


def _date(text: str) -> datetime:
    return _moment(date.fromisoformat(text))


def _date_in(moment: datetime, zone: str) -> datetime:
    return _moment(moment.astimezone(ZoneInfo(zone)).date())


def _days_between(start: datetime, end: datetime) -> float:
    return float(math.trunc((end - start).total_seconds() / _DAY_SECONDS))


def _years_between(start: datetime, end: datetime) -> float:
    return float(days.whole_years(_day(start), _day(end)))


def _over_years(start: datetime, end: datetime, years: float) -> bool:
    return _day(end) > days.add_years(_day(start), years=_whole(years))


def _over_days(start: datetime, end: datetime, count: float) -> bool:
    return days.over_days(_day(start), at=_day(end), days=_whole(count))


def _whole(number: float) -> int:
    if number != int(number):
        raise ValueError(number)
    return int(number)


def _has_any(values: list[Any], wanted: list[Any]) -> bool:
    return any(value in wanted for value in _known(values))


def _all_in(values: list[Any], allowed: list[Any]) -> bool:
    return all(value in allowed for value in _known(values))


def _distinct(values: list[Any]) -> list[Any]:
    return [value for at, value in enumerate(values) if value not in values[:at]]


def _size(value: Any) -> float:
    return float(len(value))


def _known(values: list[Any]) -> list[Any]:
    if not isinstance(values, list) or None in values:
        raise ValueError("a list with an unknown element")
    return values


def _numbers(*values: Any) -> list[float]:
    listed = values[0] if len(values) == 1 and isinstance(values[0], list) else list(values)
    return [_number(value) for value in listed]


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(type(value).__name__)
    return float(value)


def _mean(*values: Any) -> float:
    listed = _numbers(*values)
    return math.fsum(listed) / len(listed)


def _mod(number: float, divisor: float) -> float:
    return _number(number) % _number(divisor)


def _nonzero(divisor: float) -> float:
    if _number(divisor) == 0:
        raise ZeroDivisionError
    return float(divisor)


def _round(value: float) -> float:
    return math.copysign(math.floor(abs(_number(value)) + 0.5), value)


def _guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except (ArithmeticError, AttributeError, KeyError, OSError, TypeError, ValueError):
            return _FAULT

    return call


_BODIES: dict[str, Callable[..., Any]] = {
    "date": _date,
    "date_in": _date_in,
    "days_between": _days_between,
    "years_between": _years_between,
    "over_years": _over_years,
    "over_days": _over_days,
    "has_any": _has_any,
    "all_in": _all_in,
    "distinct": _distinct,
    "size_": _size,
    "abs": lambda value: abs(_number(value)),
    "floor": lambda value: float(math.floor(_number(value))),
    "ceil": lambda value: float(math.ceil(_number(value))),
    "round": _round,
    "min": lambda *values: min(_numbers(*values)),
    "max": lambda *values: max(_numbers(*values)),
    "sum": lambda *values: math.fsum(_numbers(*values)),
    "mean": _mean,
    "mod": _mod,
    "nonzero_": _nonzero,
}
FUNCTIONS = {name: _guarded(function) for name, function in _BODIES.items()}

_CEL = """size has double int string bytes timestamp duration matches contains startsWith endsWith
getFullYear getMonth getDate getDayOfMonth getDayOfWeek getDayOfYear getHours getMinutes
getSeconds getMilliseconds"""

KNOWN: frozenset[str] = frozenset(FUNCTIONS) - {"size_", "nonzero_"} | frozenset(_CEL.split()) | MACROS

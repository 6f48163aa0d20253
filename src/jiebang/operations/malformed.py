"""What is wrong with a parameter, as a reason that people can read in their language: pydantic's types of errors as codes."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from jiebang.rules.reasons import Reason, reason

_PREFIXES = (
    ("missing", "request.missing"), ("string_too_short", "request.missing"), ("too_short", "request.missing"),
    ("bool_", "request.choose"), ("literal_", "request.choose"), ("enum", "request.choose"),
    ("int_", "request.not_a_number"), ("float_", "request.not_a_number"), ("finite_number", "request.not_a_number"),
    ("decimal_max", "request.number_long"), ("decimal_whole", "request.number_long"), ("decimal_", "request.not_a_number"),
    ("date_", "request.not_a_day"), ("datetime_", "request.not_a_day"), ("string_too_long", "request.too_long"),
    ("string_pattern", "request.not_its_form"), ("too_long", "request.too_many_items"),
    ("greater_than", "request.too_small"), ("less_than", "request.too_large"), ("string_", "request.not_a_text"),
    ("extra_forbidden", "request.unknown"),
)  # fmt: skip
EARLIEST, LATEST = 1800, 2200  # years; an organisation may be old, no plan reaches farther
_LIMITS = ("max_length", "ge", "gt", "le", "lt")


def input_reason(item: Mapping[str, Any]) -> Reason:
    """The reason for one error of pydantic; what it has no code for keeps pydantic's words."""
    where, told = ".".join(map(str, item["loc"])), item.get("ctx") or {}
    code = next((code for start, code in _PREFIXES if item["type"].startswith(start)), "")
    if code != "request.choose" and item.get("input") in ("", None):
        code = "request.missing"
    limit = next((str(told[name]) for name in _LIMITS if name in told), "")
    if code:
        return reason(code, field=where, **({"limit": limit} if limit else {}), **_choices(told))
    return reason("request.malformed", field=where, problem=str(item["msg"]).removeprefix("Value error, "))


def far_days(given: BaseModel) -> Iterator[Reason]:
    """Days that are slips of the hand, wherever they stand in the parameters: arithmetic on them would overflow."""
    for name in type(given).model_fields:
        for day in _days(getattr(given, name)):
            if not EARLIEST <= day.year <= LATEST:
                yield reason(
                    "request.day_far", field=name, day=f"{day:%Y-%m-%d}", first=EARLIEST, last=LATEST
                )


def _days(value: object) -> Iterator[date]:
    if isinstance(value, date):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _days(getattr(value, name))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _days(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _days(item)


def _choices(told: Mapping[str, Any]) -> dict[str, str]:
    """What may be chosen, for programs; a page shows the choices themselves."""
    return {"options": str(told["expected"])} if "expected" in told else {}

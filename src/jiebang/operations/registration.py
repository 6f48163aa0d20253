"""What a registry says of an organisation, in the form in which it is kept, or the reason why it cannot be kept."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale

from jiebang.decisions.cells import day_of, lei_is_valid, option_of
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Rulebook
from jiebang.rules.texts import HIDDEN

LANGUAGE = r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"  # a tag of BCP 47, as far as names need one
STATUSES = {
    "independent": {"en": "Independent legal person", "zh-Hans": "独立法人"},
    "branch": {"en": "Branch of another organisation", "zh-Hans": "分支机构"},
}
LIMITS = {"registry_number": 60, "name": 300}
_REGION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_NOWHERE = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}


def country_of(text: str, *, book: Rulebook | None) -> str | Reason:
    """The code of ISO 3166-1, from the code or a name in English or Chinese; the rulebook's places count, fictional too."""
    own = {code for place in book.places.values() for code in place.countries} if book else set()
    if text.upper() in own:
        return text.upper()
    found = _countries().get(" ".join(text.casefold().split()))
    return found or reason("organisation.country_unknown", value=text[:100])


def region_of(text: str, *, country: str, book: Rulebook | None) -> str | Reason:
    """The code of ISO 3166-2, from the code or a name that the rulebook gives to one; blank for the whole country."""
    for place in book.places.values() if book else ():
        if len(place.regions) == 1 and not place.countries and text in place.label.values():
            return place.regions[0]
    code = text.upper()
    if country and code == country:
        return ""
    if not _REGION.fullmatch(code) or (country and not code.startswith(f"{country}-")):
        return reason("organisation.region_wrong", value=text[:100], country=country or "?")
    return code


def registered_on(given: str | date, *, now: datetime) -> date | Reason:
    """The day of registration, from a day or its text; it has come already."""
    found = given if isinstance(given, date) else day_of(given)
    if isinstance(found, date) and found > now.date():
        return reason("organisation.future_day", text=found.isoformat())
    return found


def lei_of(text: str) -> str | Reason:
    """A Legal Entity Identifier whose check digits are right (ISO 17442)."""
    code = text.upper()
    return code if lei_is_valid(code) else reason("organisation.lei_wrong", value=text[:100])


def status_of(text: str) -> str | Reason:
    """`independent` or `branch`."""
    return option_of(text, STATUSES)


def zone_of(text: str) -> str | Reason:
    """A time zone of the IANA database."""
    if text in available_timezones():
        return str(ZoneInfo(text))
    return reason("form.not_an_option", value=text[:100], options="Asia/Shanghai, Asia/Vientiane, …")


def one_line(text: str, *, field: str, limit: int) -> list[Reason]:
    """What is wrong with a name or number: too long, or with signs that cannot be seen (UAX 9's overrides among them)."""
    found = [reason("request.too_long", field=field, limit=limit)] if len(text) > limit else []
    return [*found, reason("request.hidden_sign", field=field)] if HIDDEN.search(text) else found


def names_faults(names: Mapping[str, str]) -> list[Reason]:
    """What is wrong with names by language tag."""
    found = [
        reason("organisation.name_language", tag=tag[:20], field="names")
        for tag in names
        if not re.fullmatch(LANGUAGE, tag)
    ]
    wrong = (one_line(name, field="names", limit=LIMITS["name"]) for name in names.values())
    return [*found, *next(filter(None, wrong), [])]


def read_facts(
    given: Mapping[str, Any], *, country: str, book: Rulebook | None, now: datetime
) -> tuple[dict[str, Any], list[Reason]]:
    """The registry's facts as they are kept, and why others cannot be; what is blank stays as it is."""
    readers: Mapping[str, Callable[[Any], Any]] = {
        "region": lambda text: region_of(text, country=country, book=book),
        "registered_on": lambda day: registered_on(day, now=now),
        "lei": lei_of, "legal_status": status_of, "timezone": zone_of,
    }  # fmt: skip
    kept, found = dict(given), []
    for name, value in given.items():
        if value and name in readers:
            kept[name] = readers[name](value)
        elif value and name in LIMITS:
            found += one_line(value, field=name, limit=LIMITS[name])
    faults = {name: value for name, value in kept.items() if isinstance(value, Reason)}
    found += [Reason(why.code, {**why.params, "field": name}) for name, why in faults.items()]
    return {name: value for name, value in kept.items() if name not in faults}, found


@cache
def _countries() -> Mapping[str, str]:
    """Code or name, in English or Chinese -> code of ISO 3166-1."""
    found: dict[str, str] = {}
    for tag in ("en", "zh_Hans"):
        for code, name in Locale.parse(tag).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NOWHERE:
                found[code.casefold()] = found[name.casefold()] = code
    return found

"""Organisations out of a spreadsheet: what each row means, or every fault of every row."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from django.utils.text import slugify

from jiebang.decisions.cells import day_of, lei_is_valid, option_of, yes_or_no
from jiebang.operations.sheet_rows import Faults, Line, lines, once, within
from jiebang.records.people.models import Organisation, Party
from jiebang.records.programme.queries import current_rulebook
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Rulebook
from jiebang.rules.texts import pick

COLUMNS = (
    "id", "name", "type", "country", "region", "registered_on", "registry_number", "lei", "legal_status", "timezone", "fictional",
)  # fmt: skip
STATUSES = {
    "independent": {"en": "Independent legal person", "zh-Hans": "独立法人"},
    "branch": {"en": "Branch of another organisation", "zh-Hans": "分支机构"},
}
_NAME = re.compile(r"name \[([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\]")
_FACT = re.compile(r"facts\.[a-z][a-z0-9_]{0,59}")
_REGION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_LIMITS = {"registry_number": 60, "legal_status": 30, "name": 300}
_NOWHERE = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}


@dataclass(frozen=True, slots=True)
class Read:
    """What a sheet says: organisations to enter, with what each is made of; short names of those known already."""

    entries: tuple[Mapping[str, Any], ...]
    skipped: tuple[str, ...]
    faults: tuple[Reason, ...]


def known(column: str) -> bool:
    """Whether a column means something: a fixed one, `name [tag]`, or `facts.something`."""
    return column in COLUMNS or bool(_NAME.fullmatch(column) or _FACT.fullmatch(column))


def read(rows: Sequence[Mapping[str, Any]], *, now: datetime, lang: str, skip_known: bool) -> Read:
    """Every row as the fields of an organisation; `lang` is the language of names that name none."""
    faults, book = Faults(), current_rulebook()
    given = lines(rows, known=known, faults=faults)
    made = [_entry(line, book, now, lang or "en", faults) for line in given]
    for column, key in (("id", "slug"), ("registry_number", "registry_number"), ("lei", "lei")):
        once(
            ((line.number, item[key]) for line, item in zip(given, made, strict=True)),
            column=column,
            faults=faults,
        )
    entries, skipped = _without_known(given, made, skip_known=skip_known, faults=faults)
    return Read(tuple(entries), tuple(skipped), tuple(faults.found))


def _entry(line: Line, book: Rulebook | None, now: datetime, lang: str, faults: Faults) -> dict[str, Any]:
    cells = line.cells
    within(line, {**_LIMITS, **{name: 300 for name in cells if _NAME.fullmatch(name)}}, faults)

    def told(column: str, read: Callable[[str], Any], default: Any) -> Any:
        found = read(cells[column]) if column in cells else default
        if isinstance(found, Reason):
            faults.at(line.number, column, found)
            return default
        return found

    names = _names(cells, lang)
    if not names and line.lacks("name"):
        faults.at(line.number, "name", reason("sheet.blank"))
    for column in ("type", "country"):
        if line.lacks(column):
            faults.at(line.number, column, reason("sheet.blank"))
    country = told("country", _country, "")
    return {
        "slug": _slug(line, names, faults), "names": names, "name": pick(names, lang="en")[:300],
        "type": told("type", lambda text: _type(text, book), ""), "country": country,
        "region": told("region", lambda text: _region(text, country, book), ""),
        "registered_on": told("registered_on", lambda text: _registered(text, now), None),
        "registry_number": cells.get("registry_number", ""), "lei": told("lei", _lei, ""),
        "legal_status": told("legal_status", _status, ""), "timezone": told("timezone", _zone, ""),
        "facts": {name.removeprefix("facts."): text for name, text in cells.items() if _FACT.fullmatch(name)},
        "fictional": told("fictional", yes_or_no, False),
    }  # fmt: skip


def _names(cells: Mapping[str, str], lang: str) -> dict[str, str]:
    found = {match[1]: text for name, text in cells.items() if (match := _NAME.fullmatch(name))}
    plain = cells.get("name")
    return found if plain is None or plain in found.values() else {lang: plain, **found}


def _slug(line: Line, names: Mapping[str, str], faults: Faults) -> str:
    """The short name: of the id, else of a registry's number, else of the name in Latin letters."""
    cells = line.cells
    source = cells.get("id") or cells.get("registry_number") or cells.get("lei")
    made = (
        re.sub(r"[^a-z0-9]+", "-", source.lower()).strip("-")
        if source
        else slugify(pick(names, lang="en"))[:60].strip("-")
    )
    if not made or len(made) > 60 or (source and not source.isascii()):
        shown = source or pick(names, lang="en")
        faults.at(line.number, "id", reason("sheet.no_id", value=shown))
        return ""
    return made


def _type(text: str, book: Rulebook | None) -> str | Reason:
    if book is None or not book.vocabulary.organisation_types:
        return text
    return option_of(text, {key: term.label for key, term in book.vocabulary.organisation_types.items()})


def _country(text: str) -> str | Reason:
    return _countries().get(" ".join(text.casefold().split())) or reason("sheet.country_unknown", value=text)


@cache
def _countries() -> Mapping[str, str]:
    """Code or name, in English or Chinese -> code of ISO 3166-1."""
    found: dict[str, str] = {}
    for tag in ("en", "zh_Hans"):
        for code, name in Locale.parse(tag).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NOWHERE:
                found[code.casefold()] = found[name.casefold()] = code
    return found


def _region(text: str, country: str, book: Rulebook | None) -> str | Reason:
    for place in book.places.values() if book else ():
        if len(place.regions) == 1 and not place.countries and text in place.label.values():
            return place.regions[0]
    code = text.upper()
    if not _REGION.fullmatch(code) or (country and not code.startswith(f"{country}-")):
        return reason("sheet.region_wrong", value=text, country=country or "?")
    return code


def _registered(text: str, now: datetime) -> date | Reason:
    found = day_of(text)
    if isinstance(found, date) and found > now.date():
        return reason("sheet.future_day", text=found.isoformat())
    return found


def _lei(text: str) -> str | Reason:
    return text.upper() if lei_is_valid(text.upper()) else reason("sheet.lei_wrong", value=text)


def _status(text: str) -> str:
    """`independent`, `branch` or the registry's own word."""
    found = option_of(text, STATUSES)
    return text if isinstance(found, Reason) else found


def _zone(text: str) -> str | Reason:
    if text in available_timezones():
        return str(ZoneInfo(text))
    return reason("form.not_an_option", value=text, options="Asia/Shanghai, Asia/Vientiane, …")


def _without_known(
    given: Sequence[Line], made: Sequence[Mapping[str, Any]], *, skip_known: bool, faults: Faults
) -> tuple[list[Mapping[str, Any]], list[str]]:
    taken = {
        slug: slug
        for slug in Party.objects.filter(slug__in=[m["slug"] for m in made]).values_list("slug", flat=True)
    }
    by: dict[str, dict[str, str]] = {"id": taken}
    for column in ("registry_number", "lei"):
        values = [item[column] for item in made if item[column]]
        rows = Organisation.objects.filter(**{f"{column}__in": values}).values_list(column, "party__slug")
        by[column] = dict(rows)
    entries: list[Mapping[str, Any]] = []
    skipped: list[str] = []
    for line, item in zip(given, made, strict=True):
        keys = {"id": item["slug"], "registry_number": item["registry_number"], "lei": item["lei"]}
        hit = next(
            ((column, by[column][value]) for column, value in keys.items() if value in by[column]), None
        )
        if hit is None:
            entries.append(item)
        elif skip_known:
            skipped.append(hit[1])
        else:
            faults.at(line.number, hit[0], reason("sheet.known_already", value=keys[hit[0]], slug=hit[1]))
    return entries, skipped

"""Organisations out of a spreadsheet: what each row means, or every fault of every row."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import slugify

from jiebang.decisions.cells import option_of, yes_or_no
from jiebang.operations.registration import (
    LANGUAGE,
    LIMITS,
    country_of,
    lei_of,
    region_of,
    registered_on,
    status_of,
    zone_of,
)
from jiebang.operations.sheet_rows import Faults, Line, lines, once, within
from jiebang.records.people.models import Organisation, Party
from jiebang.records.programme.queries import current_rulebook
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Rulebook
from jiebang.rules.texts import HIDDEN, pick

COLUMNS = (
    "id", "name", "type", "country", "region", "registered_on", "registry_number", "lei", "legal_status", "timezone", "fictional",
)  # fmt: skip
_NAME = re.compile(rf"name \[({LANGUAGE})\]")
_FACT = re.compile(r"facts\.[a-z][a-z0-9_]{0,59}")
_LIMITS = {**LIMITS, "legal_status": 30}
_KEYS = ("id", "registry_number", "lei")  # what an organisation is known again by
Keys = Mapping[str, str]  # of one row, by column of _KEYS
Hit = tuple[str, str]  # one of _KEYS, and the short name of who is known by it


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
    keyed = [(line, _keys(line, lang or "en")) for line in given]
    hits = _registered_already([keys for _, keys in keyed])
    skipped = [hit[1] for hit in hits if hit and skip_known]
    if skip_known:  # nothing of what is registered is changed: what else such a row says is not judged
        keyed = [row for row, hit in zip(keyed, hits, strict=True) if not hit]
    else:
        _refuse_known(keyed, hits, faults)
    for column in _KEYS:
        once(((line.number, keys[column]) for line, keys in keyed), column=column, faults=faults)
    entries = [_entry(line, book, now, lang or "en", faults) for line, _ in keyed]
    return Read(tuple(entries), tuple(skipped), tuple(faults.found))


def _refuse_known(keyed: Sequence[tuple[Line, Keys]], hits: Sequence[Hit | None], faults: Faults) -> None:
    for (line, keys), hit in zip(keyed, hits, strict=True):
        if hit:
            column, slug = hit
            faults.at(line.number, column, reason("sheet.known_already", value=keys[column], slug=slug))


def _entry(line: Line, book: Rulebook | None, now: datetime, lang: str, faults: Faults) -> dict[str, Any]:
    cells = line.cells
    named = [name for name in cells if name == "name" or _NAME.fullmatch(name)]
    within(line, {**_LIMITS, **dict.fromkeys(named, LIMITS["name"])}, faults)
    for name in (*named, "registry_number"):
        if HIDDEN.search(cells.get(name, "")):
            faults.at(line.number, name, reason("request.hidden_sign"))

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
    country = told("country", lambda text: country_of(text, book=book), "")
    return {
        "slug": _slug(line, names, faults), "names": names, "name": pick(names, lang="en")[:300],
        "type": told("type", lambda text: _type(text, book), ""), "country": country,
        "region": told("region", lambda text: region_of(text, country=country, book=book), ""),
        "registered_on": told("registered_on", lambda text: registered_on(text, now=now), None),
        "registry_number": cells.get("registry_number", ""), "lei": told("lei", lei_of, ""),
        "legal_status": told("legal_status", _status, ""), "timezone": told("timezone", zone_of, ""),
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


def _status(text: str) -> str:
    """`independent`, `branch` or the registry's own word."""
    found = status_of(text)
    return text if isinstance(found, Reason) else found


def _keys(line: Line, lang: str) -> Keys:
    """By what a row would be known again: each of `_KEYS` as it is kept, "" where it cannot be told."""
    cells = line.cells
    short = _slug(line, _names(cells, lang), Faults())
    lei = lei_of(cells.get("lei", ""))
    return {
        "id": short,
        "registry_number": cells.get("registry_number", ""),
        "lei": "" if isinstance(lei, Reason) else lei,
    }


def _registered_already(rows: Sequence[Keys]) -> list[Hit | None]:
    """For each row that names an organisation which is here: by which of `_KEYS`, and its short name."""
    paths = {"id": "party__slug", "registry_number": "registry_number", "lei": "lei"}
    here: dict[str, dict[str, str]] = {}
    for column, path in paths.items():
        values = [row[column] for row in rows if row[column]]
        found = Organisation.objects.filter(**{f"{path}__in": values})
        here[column] = dict(found.values_list(path, "party__slug"))
    taken = Party.objects.filter(slug__in=[row["id"] for row in rows])  # a consortium's, too
    here["id"] |= {slug: slug for slug in taken.values_list("slug", flat=True)}
    return [
        next(((column, here[column][row[column]]) for column in _KEYS if row[column] in here[column]), None)
        for row in rows
    ]

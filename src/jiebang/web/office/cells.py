"""Cells that lists share: numbers that link, stamps, moments, countries, money."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from jiebang.operations.things import book_of, call_of
from jiebang.records.people.office import all_organisations
from jiebang.records.programme.queries import rulebook, rulebooks_in_use
from jiebang.rules.schema import Kind
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.desk.clocks import clock
from jiebang.web.desk.waiting import country_of
from jiebang.web.public.states import stage_stamp
from jiebang.web.site import language_tag, words

Show = Callable[[Any], c.Cell]


def linked(text: Callable[[Any], str], url: Callable[[Any], str]) -> Show:
    """A text that leads somewhere."""
    return lambda row: c.Cell(text(row), url(row))


def stage(kind: Kind) -> Show:
    """The stamp of a row's stage."""
    lang = language_tag()
    return lambda row: c.Cell(part=stage_stamp(call_of(row).rulebook_id, kind, row.stage, lang))


def stage_name(kind: Kind) -> Callable[[Any], str]:
    """The word of a row's stage."""
    lang = language_tag()
    return lambda row: stage_stamp(call_of(row).rulebook_id, kind, row.stage, lang).word


def limit(now: datetime) -> Show:
    """The clock of a row."""
    return lambda row: c.Cell(
        part=clock(
            row.due_at, call=call_of(row), country=country_of(row), now=now, provisional=row.due_provisional
        )
    )


def zone_of(row: Any) -> str:
    """The zone of the programme that a row belongs to."""
    return book_of(row).timezone


def moment(value: datetime | None, zone: str) -> str:
    """A moment in a zone; empty where there is none."""
    return "" if value is None else formats.date_time(value, lang=language_tag(), zone=zone)


def until(value: datetime, zone: str) -> str:
    """A limit in a zone; midnight belongs to the day before."""
    return formats.until(value, lang=language_tag(), zone=zone)


def day(value: date | None) -> str:
    """A day; empty where there is none."""
    return "" if value is None else formats.date(value, lang=language_tag())


def day_of(value: datetime | None, zone: str) -> str:
    """The day of a moment in a zone; empty where there is none."""
    return "" if value is None else day(value.astimezone(ZoneInfo(zone)).date())


def country(code: str) -> str:
    """A country's name."""
    return formats.country(code, lang=language_tag()) if code else ""


def organisation(item: Any) -> str:
    """An organisation's name in the reader's language."""
    return words(item.names) or str(item.name) if item is not None else ""


def party(item: Any) -> str:
    """A party's name: the organisation's, else its short name."""
    return organisation(getattr(item, "organisation", None)) or str(item or "")


def chip(item: Any, *, role: str = "", linked: bool = False, placed: bool = False) -> c.Party:
    """A party's chip; `linked` to its page in the office, `placed` with its country. What is invented says so."""
    known = getattr(item, "organisation", None)
    return c.Party(
        name=party(item), url=f"/office/organisations/{item.slug}/" if linked and known else "", role=role,
        place=country(known.country) if placed and known else "", sample=bool(known and known.fictional),
    )  # fmt: skip


def sector(row: Any) -> str:
    """The sector of a need or challenge in the rulebook's word."""
    return _sector(call_of(row).rulebook_id, row.sector, language_tag())


def money(amount: Any, currency: str) -> str:
    """An amount; empty where there is none."""
    return "" if amount is None else formats.money(amount, currency, lang=language_tag())


def stages(kind: Kind) -> dict[str, str]:
    """Every stage of a kind in the rulebooks in use, with its word."""
    found: dict[str, str] = {}
    for book in rulebooks_in_use():
        table = book.lifecycles.get(kind)
        found |= {name: words(item.label) for name, item in (table.stages if table else {}).items()}
    return found


def sectors() -> dict[str, str]:
    """Every sector of the rulebooks in use."""
    books = rulebooks_in_use()
    return {key: words(term.label) for book in books for key, term in book.vocabulary.sectors.items()}


def countries(codes: Any) -> dict[str, str]:
    """Names of countries by code, in the order of their names."""
    named = {code: country(code) for code in codes if code}
    return dict(sorted(named.items(), key=lambda item: item[1]))


def limits(book: Any) -> dict[str, str]:
    """What an appointment can be limited to, by key: a department's opinion, else a country."""
    opinions = {key: words(opinion.label) for key, opinion in (book.opinions if book else {}).items()}
    return {
        **opinions,
        **countries(all_organisations().order_by().values_list("country", flat=True).distinct()),
    }


def rulebook_name(pk: str) -> str:
    """The title and version of a rulebook."""
    book = rulebook(pk)
    return f"{words(book.title)}, {book.version}"


@lru_cache(maxsize=512)
def _sector(digest: str, key: str, lang: str) -> str:
    term = rulebook(digest).vocabulary.sectors.get(key)
    return words(term.label) if term else key

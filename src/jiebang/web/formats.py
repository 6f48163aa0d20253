"""Numbers, money, dates and clocks in the reader's own form (CLDR), once a row, never in a template.

`lang` is a language tag such as `en`, `zh-Hans` or Django's `zh-hans`; what CLDR does not know falls back
to English. Moments are aware datetimes; zones are IANA names such as `Asia/Shanghai` or tzinfo objects.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel import dates as cldr_dates
from babel import numbers as cldr_numbers
from babel.languages import get_official_languages
from babel.lists import format_list
from django.utils import translation
from django.utils.translation import gettext, ngettext

Zone = str | dt.tzinfo
# Names as ASEAN itself writes them, where CLDR's English differs.
ASEAN_ENGLISH = {"VN": "Viet Nam", "LA": "Lao PDR", "MM": "Myanmar", "BN": "Brunei Darussalam"}
SHORT_ENGLISH = {"BN": "Brunei"}
# Languages of the region that CLDR does not name in every language, as their speakers call them.
AUTONYMS = {
    "ban": "Basa Bali", "cfm": "Lai", "hil": "Hiligaynon", "hmn": "Hmoob", "iba": "Jaku Iban", "ilo": "Ilokano",
    "kac": "Jinghpaw", "ksw": "ကညီ", "mnw": "ဘာသာမန်", "shn": "လိၵ်ႈတႆး", "tet": "Tetun", "war": "Winaray",
}  # fmt: skip
ENGLISH = "en_001"  # international English: day before month, 24 hours, as in most of the region


@lru_cache(maxsize=64)
def locale_of(lang: str) -> Locale:
    """The CLDR locale of a language tag; international English where unknown."""
    if lang.lower() in ("en", "en-us", "en-gb"):
        return Locale.parse(ENGLISH)
    try:
        return Locale.parse(lang.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(ENGLISH)


def number(value: int | float | Decimal, *, lang: str, digits: int | None = None) -> str:
    """Grouped digits; `digits` fixes the decimals, else up to three are shown."""
    pattern = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    return cldr_numbers.format_decimal(value, format=pattern, locale=locale_of(lang))


def percent(share: float | Decimal, *, lang: str, digits: int = 0) -> str:
    """A share of 1 as percent."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
    return cldr_numbers.format_percent(share, format=pattern, locale=locale_of(lang))


def money(amount: Decimal | int, currency: str, *, lang: str) -> str:
    """Amount with its currency, never a bare symbol.

    `CNY 800,000` (Chinese: `800,000人民币`); no idle decimals.
    """
    decimals = None if amount == int(amount) else cldr_numbers.get_currency_precision(currency)
    digits = number(amount, lang=lang, digits=decimals or 0)
    if locale_of(lang).language == "zh":
        return digits + cldr_numbers.get_currency_name(currency, locale=locale_of(lang))
    return f"{currency}\N{NO-BREAK SPACE}{digits}"


@lru_cache(maxsize=4096)
def date(value: dt.date, *, lang: str) -> str:
    """`22 November 2026`, `2026年11月22日`."""
    return cldr_dates.format_date(value, format="long", locale=locale_of(lang))


def clock_time(moment: dt.datetime, *, lang: str, zone: Zone) -> str:
    """Hours, minutes, zone offset and its city: `17:00 UTC+8 (Shanghai)`."""
    local = moment.astimezone(_zone(zone))
    hours = cldr_dates.format_time(local, format="HH:mm", locale=locale_of(lang))
    city = _city_of(zone, lang)
    return f"{hours} {_offset(local)}" + (f" ({city})" if city else "")


def date_time(moment: dt.datetime, *, lang: str, zone: Zone) -> str:
    """The moment in one zone: `22 November 2026, 17:00 UTC+8 (Shanghai)`."""
    local = moment.astimezone(_zone(zone))
    comma = " " if locale_of(lang).language == "zh" else ", "
    return date(local.date(), lang=lang) + comma + clock_time(moment, lang=lang, zone=zone)


def until(moment: dt.datetime, *, lang: str, zone: Zone) -> str:
    """A limit in words. Limits are exclusive, so one at midnight is the end of the day before.

    `end of 30 June 2026, UTC+8 (Shanghai)`; any other limit reads as `date_time`.
    """
    local = moment.astimezone(_zone(zone))
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return date_time(moment, lang=lang, zone=zone)
    ended = local - dt.timedelta(minutes=1)
    place = _offset(local) + (f" ({city})" if (city := _city_of(zone, lang)) else "")
    with translation.override(lang.lower()):
        return gettext("end of %(day)s, %(place)s") % {"day": date(ended.date(), lang=lang), "place": place}


def moment_in(value: object) -> dt.datetime | None:
    """The moment that a reason carries as ISO 8601 text with its offset; None for all else."""
    if not isinstance(value, str) or len(value) < 19 or value[4:5] != "-":
        return None
    try:
        at = dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    return at if at.tzinfo else None


def two_zones(moment: dt.datetime, *, lang: str, zone: Zone, second_zone: Zone) -> tuple[str, str]:
    """The same limit for both sides, worded by `until`.

    The second is empty when their clocks agree, and repeats the day only when it differs.
    """
    last = moment - dt.timedelta(microseconds=1)
    here, there = last.astimezone(_zone(zone)), last.astimezone(_zone(second_zone))
    first = until(moment, lang=lang, zone=zone)
    if here.utcoffset() == there.utcoffset():
        return first, ""
    if here.date() == there.date():
        return first, clock_time(moment, lang=lang, zone=second_zone)
    return first, until(moment, lang=lang, zone=second_zone)


def working_days_left(days: int, *, lang: str) -> str:
    """`12 working days left`, `Last working day`, `3 working days late`.

    Days < 0 when the limit has passed.
    """
    with translation.override(lang.lower()):
        if days == 0:
            return gettext("Last working day")
        shown = number(abs(days), lang=lang)
        if days > 0:
            return ngettext("%(n)s working day left", "%(n)s working days left", days) % {"n": shown}
        return ngettext("%(n)s working day late", "%(n)s working days late", -days) % {"n": shown}


def file_size(size: int, *, lang: str) -> str:
    """Bytes as kB or MB (powers of 1000) with one decimal above 1 MB."""
    if size < 1_000_000:
        return f"{number(max(1, round(size / 1000)) if size else 0, lang=lang)} kB"
    return f"{number(size / 1_000_000, lang=lang, digits=1)} MB"


def country(code: str, *, lang: str) -> str:
    """Name of an ISO 3166 country in the reader's language (CLDR); the code itself where unknown."""
    if locale_of(lang).language == "en" and code in ASEAN_ENGLISH:
        return ASEAN_ENGLISH[code]
    return str(locale_of(lang).territories.get(code, code))


def official_language(code: str, *, among: Collection[str]) -> str:
    """The first official language of a country (CLDR) that is among these tags; empty where none is."""
    known = ("zh-Hans" if tag == "zh" else tag for tag in get_official_languages(code))
    return next((tag for tag in known if tag in among), "")


def listed(parts: Sequence[str], *, lang: str) -> str:
    """`China and Lao PDR`: parts joined as the language joins them."""
    return str(format_list(parts, locale=locale_of(lang)))


def short_country(code: str, *, lang: str) -> str:
    """A country's name where there is little room: `Brunei` for Brunei Darussalam."""
    return (
        SHORT_ENGLISH.get(code, country(code, lang=lang))
        if locale_of(lang).language == "en"
        else country(code, lang=lang)
    )


def language(tag: str, *, lang: str) -> str:
    """Name of a language in the reader's language, else in English, else in itself; failing all, what its tag is.

    CLDR names many languages it has no locale of, such as `tet`; scripts and places stand in brackets.
    """
    try:
        return Locale.parse(tag, sep="-").get_display_name(locale_of(lang)) or _named_language(tag, lang)
    except (UnknownLocaleError, ValueError):
        return _named_language(tag, lang)


def _named_language(tag: str, lang: str) -> str:
    base, *rest = tag.split("-")
    here, english = locale_of(lang), Locale.parse(ENGLISH)
    name = here.languages.get(base) or AUTONYMS.get(base) or english.languages.get(base)
    if name is None:
        with translation.override(lang.lower()):
            return gettext("language with the code %(tag)s") % {"tag": tag}
    more = [here.scripts.get(part.title()) or here.territories.get(part.upper()) or part for part in rest]
    return f"{name} ({', '.join(map(str, more))})" if more else str(name)


def _zone(zone: Zone) -> dt.tzinfo:
    return ZoneInfo(zone) if isinstance(zone, str) else zone


def _offset(local: dt.datetime) -> str:
    minutes = int((local.utcoffset() or dt.timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")


def _city_of(zone: Zone, lang: str) -> str:
    return _city(zone if isinstance(zone, str) else str(zone), lang)


@lru_cache(maxsize=512)
def _city(zone: str, lang: str) -> str:
    if "/" not in zone or zone.startswith("Etc/"):
        return ""
    return cldr_dates.get_timezone_location(zone, locale=locale_of(lang), return_city=True)

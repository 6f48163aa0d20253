"""The questions of registering an organisation, and what was answered."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from jiebang.decisions.clock import ZONES
from jiebang.records.programme.queries import programme_zone
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.forms import languages
from jiebang.web.site import language_tag, words

NAMES = {"names": "name", "slug": "name"}


def fields(book: Rulebook) -> list[c.Field]:
    """What the registry says."""
    types = [
        c.Option(value=key, label=words(term.label), help=words(term.help))
        for key, term in book.vocabulary.organisation_types.items()
    ]
    return [
        c.Field(name="name", label=_("Name in English or Latin letters")),
        c.Field(name="own_name", label=_("Name in your own language"), optional=True),
        c.Field(name="own_lang", label=_("Which language that is"), kind="select", options=_languages(book), optional=True),
        c.Field(name="type", label=_("Kind of organisation"), kind="radios", options=types),
        c.Field(name="country", label=_("Country of registration"), kind="select", options=_countries(book)),
        *registry_fields(("region", "registered_on", "registry_number", "legal_status")),
        c.Field(name="lei", label=_("LEI"), optional=True, short=True, help=_("Legal entity identifier, 20 characters")),
    ]  # fmt: skip


def registry_fields(names: Sequence[str], *, known: Callable[[str], str] = lambda _name: "") -> list[c.Field]:
    """The named facts of a registration, with what is known of each."""
    told = {name: known(name) for name in names}
    made = {
        "region": c.Field(name="region", label=_("Region (ISO 3166-2)"), optional=True, short=True,
            help=_("Such as CN-GX for Guangxi or VN-HN for Ha Noi")),
        "registered_on": c.Field(name="registered_on", label=_("Day of registration"), kind="date", short=True, optional=True),
        "registry_number": c.Field(name="registry_number", label=_("Number in the registry"), optional=True, short=True),
        "legal_status": c.Field(name="legal_status", label=_("Legal status"), kind="select", optional=True,
            options=[replace(item, chosen=item.value == told.get("legal_status")) for item in _statuses()]),
    }  # fmt: skip
    return [replace(made[name], value=told[name]) for name in names]


def zones(*also: str) -> list[str]:
    """The time zones that people of the programme live by."""
    return sorted({programme_zone(), *also, *(zone for some in ZONES.values() for zone in some)})


def params(sent: QueryDict) -> dict[str, Any]:
    """The parameters of `register_organisation`, from what was sent."""
    names = {"en": sent.get("name", "").strip()}
    if own := sent.get("own_name", "").strip():
        names[sent.get("own_lang") or "en"] = own
    plain = {
        name: sent.get(name, "")
        for name in ("type", "country", "region", "registry_number", "legal_status", "lei")
    }
    return {**plain, "names": names, "registered_on": sent.get("registered_on") or None}


def _countries(book: Rulebook) -> list[c.Option]:
    lang = language_tag()
    named = {
        code
        for place in book.places.values()
        for code in (*place.countries, *(item.split("-")[0] for item in place.regions))
    }
    codes = sorted(named | set(ZONES), key=lambda code: formats.country(code, lang=lang))
    return [
        c.Option(value="", label=_("Choose")),
        *(c.Option(value=code, label=formats.country(code, lang=lang)) for code in codes),
    ]


def status_word(status: str) -> str:
    """A legal status in words."""
    return next((option.label for option in _statuses() if option.value == status), status) if status else ""


def _statuses() -> list[c.Option]:
    return [
        c.Option(value="", label=_("Not stated")),
        c.Option(value="independent", label=_("Independent legal person")),
        c.Option(value="branch", label=_("Branch of another organisation")),
    ]


def _languages(book: Rulebook) -> list[c.Option]:
    return languages.options(book, chosen=language_tag())

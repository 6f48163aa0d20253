"""How a public page is answered: from memory for everybody who is not signed in, fresh for those who are."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jiebang.decisions.clock import ZONES
from jiebang.operations.statements import texts_of
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.cache import is_anonymous, public_page
from jiebang.web.site import language_tag, site_of, words

Parts = Callable[[], Mapping[str, Any]]


def page(request: HttpRequest, template: str, parts: Parts) -> HttpResponse:
    """The page of `template` with what `parts` builds (called only when it is not in memory).

    `parts` may raise Http404: that is not kept.
    """
    if is_anonymous(request):
        return public_page(request, lambda: _body(request, template, parts, signed_in=False))
    return HttpResponse(_body(request, template, parts, signed_in=True))


def zone_of(organisation: Any) -> str:
    """The clock of an organisation: its own, else its capital's; empty when neither is known."""
    return organisation.timezone or next(iter(ZONES.get(organisation.country, ())), "")


def moment(value: Any, *, book: Rulebook) -> str:
    """A time on the programme's clock."""
    return formats.date_time(value, lang=language_tag(), zone=book.timezone)


def until(value: Any, *, book: Rulebook) -> str:
    """A limit on the programme's clock; midnight belongs to the day before."""
    return formats.until(value, lang=language_tag(), zone=book.timezone)


def day(value: Any, *, book: Rulebook) -> str:
    """The day of a time on the programme's clock."""
    return formats.date(value.astimezone(ZoneInfo(book.timezone)).date(), lang=language_tag())


def party(organisation: Any, *, role: str = "") -> c.Party:
    """An organisation's chip in the reader's language, with its country; what is invented says so."""
    return c.Party(
        sample=organisation.fictional,
        name=words(organisation.names) or organisation.name,
        role=role,
        place=formats.country(organisation.country, lang=language_tag()) if organisation.country else "",
    )


def person_name(person: Any) -> str:
    """A name in its own script, with its Latin form for readers of other scripts."""
    latin = "" if language_tag().startswith("zh") else person.name_latin
    return f"{person.name} ({latin})" if latin and latin != person.name else str(person.name)


def role_words(book: Rulebook, roles: Any) -> str:
    """The rulebook's words for roles."""
    terms: Mapping[str, Any] = {str(key): term for key, term in book.vocabulary.roles.items()}
    comma = "、" if language_tag().startswith("zh") else ", "
    return comma.join(words(terms[role].label) if role in terms else role for role in roles)


def _body(request: HttpRequest, template: str, parts: Parts, *, signed_in: bool) -> str:
    context = {"site": site_of(request), **parts(), "signed_in": signed_in}
    return render_to_string(template, context, request if signed_in else None)


def need_title(row: Any) -> str:
    """The title of a need in the reader's language: `row` has `titles`, or a whole content."""
    said = row.titles if hasattr(row, "titles") else getattr(row, "content", {}).get("title")
    thing = getattr(row, "need", row)
    return words(texts_of(said)) or str(thing.title) or _("untitled")

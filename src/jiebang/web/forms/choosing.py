"""Finding an organisation by name, in any language, without JavaScript: search, then choose."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

from jiebang.records.people import own as people
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.site import language_tag, words

MOST = 12


@dataclass(frozen=True, kw_only=True)
class OrganisationChoice(c.Part):
    """The search (a GET form) and what it found (radios of the POST form around `found`)."""

    search: c.Field
    found: c.Field | None = None
    nothing: str = ""
    template: ClassVar[str] = "forms/choice.html"


def choice(request: HttpRequest, *, leave_out: Collection[int] = ()) -> OrganisationChoice:
    """What the address (`?find=`) looks for."""
    text = request.GET.get("find", "")[:100].strip()
    search = c.Field(name="find", label=_("Find an organisation by its name"), value=text)
    if not text:
        return OrganisationChoice(search=search)
    rows = [row for row in people.found_by(text, most=MOST + len(leave_out)) if row.pk not in leave_out][
        :MOST
    ]
    if not rows:
        told = _(
            "No organisation of that name is registered. Try fewer letters, or ask it to register first."
        )
        return OrganisationChoice(search=search, nothing=told)
    options = [
        c.Option(
            value=row.party.slug, label=words(row.names) or row.name, chosen=len(rows) == 1,
            help=formats.country(row.country, lang=language_tag()) if row.country else "",
        )
        for row in rows
    ]  # fmt: skip
    found = c.Field(name="organisation", label=_("Found"), kind="radios", options=options)
    return OrganisationChoice(search=search, found=found)

"""A need as a paper to fill in, and the frame that its pages share."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from jiebang.operations.things import book_of
from jiebang.records.challenges import own
from jiebang.rules.schema import Form
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.forms.standing import has_flag, roles
from jiebang.web.forms.steps import Paper
from jiebang.web.site import language_tag, reader_of, words


def need_or_404(request: HttpRequest, number: str) -> Any:
    """The need, whole, for those who may read it; the same 404 for all others."""
    found = own.find_need(number, reader=reader_of(request))
    if found is None:
        raise Http404
    return found


def writer_or_404(request: HttpRequest, number: str) -> Any:
    """The need for its own people while its stage lets them change it."""
    need = need_or_404(request, number)
    if not may_write(request, need):
        raise Http404
    return need


def may_write(request: HttpRequest, need: Any) -> bool:
    """Whether the reader is one of the need's people and it may be changed now."""
    return is_own(request, need) and has_flag(need, "editable")


def is_own(request: HttpRequest, need: Any) -> bool:
    """Whether the reader acts for an owner or keeps the desk of its country."""
    return bool(roles(need, reader=reader_of(request)) & {"owner", "country_desk"})


def paper(need: Any) -> Paper:
    """The need's form with its answers."""
    book = book_of(need)
    return Paper(
        form=book.forms.get("need") or _no_form(), content=need.content, book=book, address=address(need), title=title(need),
        kicker=kicker(need), organisation=need.owner.slug, crumbs=crumbs(need),
    )  # fmt: skip


def address(need: Any) -> str:
    """The need's page."""
    return f"/needs/{need.number}/"


def title(need: Any) -> str:
    """Its title in the version that prevails."""
    return need.title or _("Untitled need")


def kicker(need: Any) -> str:
    """`N-2026-003 · Lao PDR · Agriculture`."""
    sector = book_of(need).vocabulary.sectors.get(need.sector)
    country = formats.country(need.country, lang=language_tag()) if need.country else ""
    return " · ".join(part for part in (need.number, country, words(sector.label) if sector else "") if part)


def crumbs(need: Any) -> list[c.Link]:
    """The way back from a page under the need."""
    return [c.Link(_("Needs"), "/needs/"), c.Link(need.number, address(need))]


def _no_form() -> Form:
    return Form(label={"en": "Need"}, steps={})

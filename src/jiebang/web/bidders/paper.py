"""A bid as a paper to fill in, and the frame that its pages share."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from jiebang.operations.facts import indicators
from jiebang.operations.things import book_of
from jiebang.records.bids import own
from jiebang.rules.schema import Form
from jiebang.web import components as c
from jiebang.web.forms.standing import has_flag, roles
from jiebang.web.forms.steps import Paper
from jiebang.web.public import saying
from jiebang.web.site import reader_of, words


def bid_or_404(request: HttpRequest, number: str) -> Any:
    """The bid, whole, for those who may read it; the same 404 for all others."""
    found = own.find_bid(number, reader=reader_of(request))
    if found is None:
        raise Http404
    return found


def writer_or_404(request: HttpRequest, number: str) -> Any:
    """The bid for its lead while it may be changed."""
    bid = bid_or_404(request, number)
    if not may_write(request, bid):
        raise Http404
    return bid


def may_write(request: HttpRequest, bid: Any) -> bool:
    """Whether the reader acts for the lead, and the bid may be changed now."""
    return (
        is_lead(request, bid)
        and has_flag(bid, "editable")
        and reader_of(request).at < bid.challenge.closes_at
    )


def is_lead(request: HttpRequest, bid: Any) -> bool:
    """Whether the reader acts for the lead organisation."""
    return "lead" in roles(bid, reader=reader_of(request))


def paper(bid: Any) -> Paper:
    """The bid's form with the draft's answers."""
    book, content = book_of(bid), own.content_of(bid)
    return Paper(
        form=book.forms.get("bid") or Form(label={"en": "Bid"}, steps={}), content=content, book=book,
        address=address(bid), title=title(content), kicker=kicker(bid), organisation=bid.consortium.lead.slug,
        crumbs=crumbs(bid), indicators=indicators(bid.challenge),
    )  # fmt: skip


def address(bid: Any) -> str:
    """The bid's page."""
    return f"/bids/{bid.number}/"


def title(content: Any) -> str:
    """Its title in the reader's language."""
    return saying.plainly(content.get("title")) or _("Untitled bid")


def kicker(bid: Any) -> str:
    """`B-2026-012 · GX-2026-004 · the challenge's title`."""
    return f"{bid.number} · {bid.challenge.number} · {words(bid.challenge.title)}"


def crumbs(bid: Any) -> list[c.Link]:
    """The way back from a page under the bid."""
    return [c.Link(_("Bids"), "/bids/"), c.Link(bid.number, address(bid))]

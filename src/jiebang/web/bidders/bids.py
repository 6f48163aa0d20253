"""`/bids/`: the bids in which one's organisations lead or take part, and invitations that wait."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.records.bids import own
from jiebang.records.programme.queries import rulebook, rulebooks_in_use
from jiebang.web import components as c
from jiebang.web import formats, listing
from jiebang.web.desk.clocks import clock
from jiebang.web.desk.gate import only
from jiebang.web.exports import export
from jiebang.web.public.frame import day, party
from jiebang.web.public.states import stage_stamp
from jiebang.web.site import language_tag, reader_of, words


@only("lead", "partner", "owner")
def bids(request: HttpRequest) -> HttpResponse:
    """The list, with search, filters, paging and exports."""
    rows = own.bids(reader=reader_of(request), **_wanted(request))
    if request.GET.get("format") in listing.FORMATS:
        return export(request.GET["format"], name="bids", columns=_columns(), rows=_records(rows))
    page = listing.shown(request, rows)
    parts = {
        "intro": c.Intro(title=_("Bids"), next=_("What you answer, with whom, and what became of it.")),
        "invitations": _invitations(request),
        "filters": listing.filters(request, _fields(request), target="#list"),
        "head": listing.list_head(request, _count(page.count)),
        "table": _table(request, page.rows) if page.rows else None,
        "empty": None if page.rows else _empty(request),
        "paging": listing.paging(request, page),
    }
    return render(request, "forms/list.html", parts)


def _wanted(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "")[:100] for name in ("text", "stage", "sort")}


def _fields(request: HttpRequest) -> list[c.Field]:
    stages = {
        key: words(stage.label)
        for book in rulebooks_in_use()
        for key, stage in book.lifecycles["bid"].stages.items()
    }
    sorts = [("number", _("Number")), ("closing", _("Closing soonest"))]
    return [
        listing.search(request, _("Words")),
        listing.select(request, "stage", _("State"), stages.items()),
        listing.select(request, "sort", _("Order"), sorts, every=_("Last changed")),
    ]


def _table(request: HttpRequest, rows: Any) -> c.DataTable:
    columns = [
        c.Column(label=_("Bid")), c.Column(label=_("Lead organisation")), c.Column(label=_("State")),
        c.Column(label=_("Bids close")), c.Column(label=_("Last changed")),
    ]  # fmt: skip
    return c.DataTable(columns=columns, rows=[_row(request, row) for row in rows])


def _row(request: HttpRequest, row: Any) -> list[c.Cell]:
    call, challenge = row.challenge.call, row.challenge
    now = reader_of(request).at
    closing = (
        clock(challenge.closes_at, call=call, country=challenge.country, now=now)
        if challenge.closes_at > now
        else None
    )
    return [
        c.Cell(f"{row.number} · {words(challenge.title)}", f"/bids/{row.number}/"),
        c.Cell(part=party(row.consortium.lead.organisation)),
        c.Cell(part=stage_stamp(call.rulebook_id, "bid", row.stage, language_tag())),
        c.Cell(part=closing) if closing else c.Cell(_("closed")),
        c.Cell(day(row.updated_at, book=rulebook(call.rulebook_id))),
    ]


def _invitations(request: HttpRequest) -> c.DataTable | None:
    reader = reader_of(request)
    waiting = [
        row
        for row in own.invitations_for(reader=reader).filter(status="invited")[:50]
        if reader.at < row.expires_at
    ]
    if not waiting:
        return None
    columns = [
        c.Column(label=_("Challenge")),
        c.Column(label=_("Invited by")),
        c.Column(label=_("Answer by")),
    ]
    rows = [
        [c.Cell(words(row.consortium.bid.challenge.title), f"/invitations/{row.pk}/"),
         c.Cell(part=party(row.consortium.lead.organisation)),
         c.Cell(part=clock(row.expires_at, call=row.consortium.bid.challenge.call,
             country=row.partner.organisation.country, now=reader.at))]
        for row in waiting
    ]  # fmt: skip
    return c.DataTable(columns=columns, rows=rows, caption=_("You are invited"))


def _count(count: int) -> str:
    return ngettext("%(n)s bid", "%(n)s bids", count) % {"n": formats.number(count, lang=language_tag())}


def _empty(request: HttpRequest) -> c.EmptyState:
    if any(_wanted(request).values()):
        return c.EmptyState(title=_("No bid matches these filters"), action=c.Link(_("Show all"), "/bids/"))
    return c.EmptyState(
        title=_("You have not taken up a challenge yet"),
        sentence=_("Open a challenge that fits and take it up there; partners are invited afterwards."),
        action=c.Link(_("See the challenges"), "/challenges/"),
    )


def _columns() -> dict[str, str]:
    return {
        "number": _("Number"), "challenge": _("Challenge"), "title": _("Title"), "lead": _("Lead organisation"),
        "state": _("State"), "submitted_at": _("Sent"), "closes_at": _("Bids close"),
    }  # fmt: skip


def _records(rows: Any) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {
            "number": row.number, "challenge": row.challenge.number, "title": words(row.challenge.title),
            "lead": words(row.consortium.lead.organisation.names), "submitted_at": row.submitted_at,
            "state": stage_stamp(row.challenge.call.rulebook_id, "bid", row.stage, language_tag()).word,
            "closes_at": row.challenge.closes_at,
        }  # fmt: skip

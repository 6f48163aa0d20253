"""`/inbox/`: what was written to the signed-in person, read and unread, page by page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from jiebang.records.outbox.queries import inbox as messages_of
from jiebang.records.outbox.queries import unread_count
from jiebang.records.outbox.words import shown
from jiebang.records.outbox.write import mark_read
from jiebang.web import components as c
from jiebang.web import formats, listing
from jiebang.web.desk.gate import only
from jiebang.web.site import language_tag, now_of, reader_of

PER_PAGE = 25


@only()
def inbox(request: HttpRequest) -> HttpResponse:
    """The list, unread first on request."""
    person = _person(request)
    rows = messages_of(person)
    if request.GET.get("unread"):
        rows = rows.filter(read_at=None)
    page, unread = listing.shown(request, rows, per_page=PER_PAGE), unread_count(person)
    parts = {
        "intro": c.Intro(title=_("Messages"), next=_unread(unread)),
        "tabs": c.Tabs(label=_("Which messages"), links=_tabs(request, unread)),
        "table": _table(request, page.rows) if page.rows else None,
        "empty": None if page.rows else c.EmptyState(title=_("Nothing here"),
            sentence=_("What happens to your needs, bids and projects is told here.")),
        "paging": listing.paging(request, page), "unread": unread,
    }  # fmt: skip
    return render(request, "people/inbox.html", parts)


@only()
def message(request: HttpRequest, number: int) -> HttpResponse:
    """One message; opening it marks it as read."""
    person = _person(request)
    row = messages_of(person).filter(pk=number).first()
    if row is None:
        raise Http404
    mark_read(user=person, ids=[number], now=now_of(request))
    return render(request, "people/message.html", letter(row, zone=person.timezone, back="/inbox/"))


@require_POST
@only()
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    person = _person(request)
    mark_read(
        user=person,
        ids=list(messages_of(person).filter(read_at=None).values_list("pk", flat=True)),
        now=now_of(request),
    )
    return HttpResponseRedirect("/inbox/")


def letter(row: Any, *, zone: str, back: str, to: str = "") -> dict[str, Any]:
    """What the page of one message shows; an address of ours at the end of its text becomes a button."""
    lang, link = language_tag(), str(row.params.get("link") or "")
    subject, body = shown(row, lang=lang)
    when, link = formats.date_time(row.created_at, lang=lang, zone=zone), link if link.startswith("/") else ""
    return {
        "crumbs": c.Breadcrumbs(links=[c.Link(_("Messages"), back)], here=subject),
        "intro": c.Intro(title=subject, kicker=" · ".join(part for part in (when, to) if part)),
        "body": body.removesuffix("\n").removesuffix(link).rstrip(), "link": link, "back": back,
    }  # fmt: skip


def _person(request: HttpRequest) -> Any:
    return reader_of(request).person


def _unread(count: int) -> str:
    return (
        ngettext("%(n)s message is unread.", "%(n)s messages are unread.", count) % {"n": count}
        if count
        else _("You have read everything.")
    )


def _tabs(request: HttpRequest, unread: int) -> list[c.Link]:
    only_unread = bool(request.GET.get("unread"))
    return [
        c.Link(_("All"), "/inbox/", current=not only_unread),
        c.Link(_("Unread"), "/inbox/?unread=1", current=only_unread, note=str(unread)),
    ]


def _table(request: HttpRequest, rows: Any) -> c.DataTable:
    lang, zone = language_tag(), _person(request).timezone
    columns = [c.Column(label=_("Subject")), c.Column(label=_("When")), c.Column(label=_("State"))]
    made = [
        [c.Cell(shown(row, lang=lang)[0], f"/inbox/{row.pk}/"), c.Cell(formats.date_time(row.created_at, lang=lang, zone=zone)),
         c.Cell(part=c.Stamp(_("Read"), "done") if row.read_at else c.Stamp(_("New"), "open"))]
        for row in rows
    ]  # fmt: skip
    return c.DataTable(columns=columns, rows=made)

"""`/challenges/`: the board, with search, filters, sorting, paging and exports."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.records.challenges import queries
from jiebang.records.programme.queries import rulebook, rulebooks_in_use
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web import formats, listing
from jiebang.web.cache import fragment, is_anonymous, public_page
from jiebang.web.desk.clocks import days_left
from jiebang.web.exports import export
from jiebang.web.public.states import label_language, open_stages, public_stages, stage_stamp
from jiebang.web.site import language_tag, now_of, reader_of, site_of, words


def challenges(request: HttpRequest) -> HttpResponse:
    """The board as a page, or as a file of what the page shows."""
    if request.GET.get("format") in listing.FORMATS:
        return _file(request)
    if is_anonymous(request):
        return public_page(request, lambda: _page(request, signed_in=False))
    return HttpResponse(_page(request, signed_in=True))


def wanted(request: HttpRequest) -> queries.Filters:
    """What the address narrows the board to; `q` of the page's head and `text` of the filter are one."""
    given = {name: request.GET.get(name, "")[:60] for name in ("country", "sector", "stage", "mode")}
    sort = request.GET.get("sort", "")
    text = request.GET.get("text") or request.GET.get("q") or ""
    return queries.Filters(**given, text=text[:200], sort=sort if sort in queries.SORTS else "closing")


def cards(request: HttpRequest, rows: Sequence[Any]) -> list[c.NoticeCard]:
    """A notice for each challenge, worded once."""
    lang, now = language_tag(), now_of(request)
    return [_card(row, lang=lang, now=now) for row in rows]


def _page(request: HttpRequest, *, signed_in: bool) -> str:
    books = rulebooks_in_use()
    made = fragment(request, "board", lambda: _list(request, books))
    context = {"site": site_of(request), "intro": _intro(), "board": made}
    return render_to_string("public/board.html", context, request if signed_in else None)


def _intro() -> c.Intro:
    return c.Intro(
        title=_("Challenges"), next=_("Each notice is a need that waits for a team, or what became of it.")
    )


def _list(request: HttpRequest, books: Sequence[Rulebook]) -> str:
    filters = wanted(request)
    rows = queries.board(reader=reader_of(request), filters=filters, open_stages=open_stages(books))
    page = listing.shown(request, rows)
    parts = {
        "filters": listing.filters(request, _fields(request, books), target="#list"),
        "head": listing.list_head(request, _count(page.count)),
        "cards": cards(request, page.rows),
        "paging": listing.paging(request, page),
        "empty": None if page.count else _empty(request),
    }
    return render_to_string("public/board_list.html", parts)


def _fields(request: HttpRequest, books: Sequence[Rulebook]) -> list[c.Field]:
    lang = language_tag()
    countries, sectors, stages = queries.places_and_fields(reader=reader_of(request))
    named = {key: words(term.label) for book in books for key, term in book.vocabulary.sectors.items()}
    modes = {key: words(term.label) for book in books for key, term in book.vocabulary.modes.items()}
    words_of = public_stages(books, "challenge")
    text = c.Field(name="text", label=_("Words"), value=wanted(request).text)
    return [
        text,
        listing.select(request, "sector", _("Sector"), [(key, named.get(key, key)) for key in sectors]),
        listing.select(
            request, "country", _("Country"), [(code, formats.country(code, lang=lang)) for code in countries]
        ),
        listing.select(
            request, "stage", _("State"), [(name, word) for name, word in words_of.items() if name in stages]
        ),
        listing.select(request, "mode", _("Cooperation"), modes.items()),
        listing.select(request, "sort", _("Order"), _sorts(), every=_("Closing soonest")),
    ]


def _sorts() -> list[tuple[str, str]]:
    return [("newest", _("Newest first")), ("budget", _("Largest budget")), ("number", _("Number"))]


def _count(count: int) -> str:
    shown = formats.number(count, lang=language_tag())
    return ngettext("%(n)s challenge", "%(n)s challenges", count) % {"n": shown}


def _empty(request: HttpRequest) -> c.EmptyState:
    narrowed = listing.address(request) != request.path
    if not narrowed:
        return c.EmptyState(
            title=_("Nothing is posted yet"),
            sentence=_("Challenges appear here as soon as the office lists them."),
        )
    return c.EmptyState(
        title=_("No challenge fits these filters"),
        sentence=_(
            "Fewer filters or other words may help; names are found in every language they are written in."
        ),
        action=c.Link(_("Show all challenges"), request.path),
    )


def _card(row: Any, *, lang: str, now: datetime) -> c.NoticeCard:
    book = rulebook(row.call.rulebook_id)
    sector = book.vocabulary.sectors.get(row.sector)
    kicker = (
        row.number,
        formats.country(row.country, lang=lang),
        words(sector.label) if sector else row.sector,
    )
    left = days_left(row.closes_at, call=row.call, country=row.country, now=now)
    closing = formats.date(
        (row.closes_at - timedelta(microseconds=1)).astimezone(ZoneInfo(book.timezone)).date(), lang=lang
    )
    facts = [closing] if row.closes_at <= now else [formats.working_days_left(left, lang=lang), closing]
    if row.budget is not None:
        facts.append(formats.money(row.budget, row.currency, lang=lang))
    return c.NoticeCard(
        title=words(row.title),
        url=f"/challenges/{row.number}/",
        stamp=stage_stamp(row.call.rulebook_id, "challenge", row.stage, lang),
        kicker=" · ".join(part for part in kicker if part),
        facts=facts if _takes_bids(book, row.stage) or row.closes_at <= now else facts[1:],
        lang=label_language(row.title),
    )


def _takes_bids(book: Rulebook, stage: str) -> bool:
    return stage in open_stages([book])


def _file(request: HttpRequest) -> HttpResponse:
    books = rulebooks_in_use()
    rows = queries.board(reader=reader_of(request), filters=wanted(request), open_stages=open_stages(books))
    columns = {
        "number": _("Number"), "title": _("Title"), "state": _("State"), "country": _("Country"), "sector": _("Sector"),
        "budget": _("Budget"), "currency": _("Currency"), "listed_at": _("Listed"), "closes_at": _("Closes"),
    }  # fmt: skip
    return export(request.GET["format"], name="challenges", columns=columns, rows=_records(rows))


def _records(rows: Any) -> Iterator[dict[str, Any]]:
    lang = language_tag()
    for row in rows.iterator(chunk_size=500):
        sector = rulebook(row.call.rulebook_id).vocabulary.sectors.get(row.sector)
        yield {
            "number": row.number, "title": words(row.title), "country": row.country, "budget": row.budget,
            "state": stage_stamp(row.call.rulebook_id, "challenge", row.stage, lang).word,
            "sector": words(sector.label) if sector else row.sector, "currency": row.currency,
            "listed_at": row.listed_at, "closes_at": row.closes_at,
        }  # fmt: skip

"""`/needs/`: the needs of one's organisations, or of the country whose desk one keeps."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.records.challenges import own
from jiebang.records.programme.queries import rulebook, rulebooks_in_use
from jiebang.web import components as c
from jiebang.web import formats, listing
from jiebang.web.desk.clocks import clock
from jiebang.web.desk.gate import only
from jiebang.web.exports import export
from jiebang.web.public.frame import day, need_title, party
from jiebang.web.public.states import stage_stamp
from jiebang.web.site import language_tag, reader_of, words


@only("owner", "country_desk")
def needs(request: HttpRequest) -> HttpResponse:
    """The list, with search, filters, paging and exports."""
    rows = own.needs(reader=reader_of(request), **_wanted(request))
    if request.GET.get("format") in listing.FORMATS:
        return export(request.GET["format"], name="needs", columns=_columns(), rows=_records(rows))
    page = listing.shown(request, rows)
    parts = {
        "intro": c.Intro(
            title=_("Needs"), next=_("What your organisation has asked for, and how far each need has come.")
        ),
        "filters": listing.filters(request, _fields(request), target="#list"),
        "head": listing.list_head(request, _count(page.count)),
        "table": _table(request, page.rows) if page.rows else None,
        "empty": None if page.rows else _empty(request),
        "paging": listing.paging(request, page),
        "begin": c.Link(_("State a need"), "/needs/new/"),
    }
    return render(request, "forms/list.html", parts)


def _wanted(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "")[:100] for name in ("text", "stage", "sector", "country", "sort")}


def _fields(request: HttpRequest) -> list[c.Field]:
    books, reader = rulebooks_in_use(), reader_of(request)
    stages = {
        key: words(stage.label) for book in books for key, stage in book.lifecycles["need"].stages.items()
    }
    sectors = {key: words(term.label) for book in books for key, term in book.vocabulary.sectors.items()}
    fields = [
        listing.search(request, _("Words")),
        listing.select(request, "stage", _("State"), stages.items()),
        listing.select(request, "sector", _("Sector"), sectors.items()),
    ]
    if len(reader.countries) > 1:
        named = [(code, formats.country(code, lang=language_tag())) for code in sorted(reader.countries)]
        fields.append(listing.select(request, "country", _("Country"), named))
    sorts = [("number", _("Number")), ("title", _("Title")), ("due", _("Time limit"))]
    return [*fields, listing.select(request, "sort", _("Order"), sorts, every=_("Last changed"))]


def _table(request: HttpRequest, rows: Any) -> c.DataTable:
    columns = [
        c.Column(label=_("Need")), c.Column(label=_("Demand owner")), c.Column(label=_("State")),
        c.Column(label=_("By when")), c.Column(label=_("Last changed")),
    ]  # fmt: skip
    return c.DataTable(columns=columns, rows=[_row(request, row) for row in rows])


def _row(request: HttpRequest, row: Any) -> list[c.Cell]:
    book = rulebook(row.call.rulebook_id)
    limit = clock(
        row.due_at,
        call=row.call,
        country=row.country,
        now=reader_of(request).at,
        provisional=row.due_provisional,
    )
    return [
        c.Cell(f"{row.number} · {need_title(row)}", f"/needs/{row.number}/"),
        c.Cell(part=party(row.owner.organisation)),
        c.Cell(part=stage_stamp(row.call.rulebook_id, "need", row.stage, language_tag())),
        c.Cell(part=limit) if limit else c.Cell(_("no limit")),
        c.Cell(day(row.updated_at, book=book)),
    ]  # fmt: skip


def _count(count: int) -> str:
    return ngettext("%(n)s need", "%(n)s needs", count) % {"n": formats.number(count, lang=language_tag())}


def _empty(request: HttpRequest) -> c.EmptyState:
    if any(_wanted(request).values()):
        return c.EmptyState(title=_("No need matches these filters"), action=c.Link(_("Show all"), "/needs/"))
    return c.EmptyState(
        title=_("You have not stated a need yet"),
        sentence=_("It takes about twenty minutes, in your own language, and saves itself as you write."),
        action=c.Link(_("State a need"), "/needs/new/"),
    )


def _columns() -> dict[str, str]:
    return {
        "number": _("Number"), "title": _("Title"), "owner": _("Demand owner"), "country": _("Country"), "sector": _("Sector"),
        "state": _("State"), "submitted_at": _("Submitted"), "due_at": _("Time limit"), "challenges": _("Challenges"),
    }  # fmt: skip


def _records(rows: Any) -> Iterator[dict[str, Any]]:
    lang = language_tag()
    for row in rows:
        sector = rulebook(row.call.rulebook_id).vocabulary.sectors.get(row.sector)
        yield {
            "number": row.number, "title": need_title(row), "owner": words(row.owner.organisation.names), "country": row.country,
            "sector": words(sector.label) if sector else row.sector, "submitted_at": row.submitted_at, "due_at": row.due_at,
            "state": stage_stamp(row.call.rulebook_id, "need", row.stage, lang).word,
            "challenges": " ".join(item.number for item in row.challenges.all()),
        }  # fmt: skip

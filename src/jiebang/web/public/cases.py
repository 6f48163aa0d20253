"""`/cases/`: every validated result, with where it went from there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.records.programme.queries import rulebook, rulebooks_in_use
from jiebang.records.replications import queries
from jiebang.web import components as c
from jiebang.web import formats, listing
from jiebang.web.exports import export
from jiebang.web.office import cells
from jiebang.web.public.board import wanted
from jiebang.web.public.frame import day, page
from jiebang.web.public.results import nothing_matches, tabs
from jiebang.web.site import language_tag, reader_of, words


def cases(request: HttpRequest) -> HttpResponse:
    """The list, or a file of what it shows."""
    if request.GET.get("format") in listing.FORMATS:
        return _file(request)
    return page(request, "public/results.html", lambda: _list(request))


def _list(request: HttpRequest) -> Mapping[str, Any]:
    shown, lang = listing.shown(request, _rows(request)), language_tag()
    count = ngettext("%(n)s case", "%(n)s cases", shown.count) % {"n": formats.number(shown.count, lang=lang)}
    return {
        "intro": c.Intro(title=_("Cases"), next=_("Results that their owners validated, and where else they are in use.")),
        "tabs": tabs("/cases/"),
        "filters": listing.filters(request, _narrowing(request)),
        "head": listing.list_head(request, count),
        "table": _table(shown.rows) if shown.count else None,
        "empty": None if shown.count else _empty(request),
        "paging": listing.paging(request, shown),
    }  # fmt: skip


def _rows(request: HttpRequest) -> Any:
    return queries.cases(reader=reader_of(request), filters=wanted(request))


def _narrowing(request: HttpRequest) -> list[c.Field]:
    countries, sectors = queries.places_and_sectors(reader=reader_of(request))
    lang = language_tag()
    named = {
        key: words(term.label) for book in rulebooks_in_use() for key, term in book.vocabulary.sectors.items()
    }
    return [
        c.Field(name="text", label=_("Words"), value=wanted(request).text),
        listing.select(request, "sector", _("Sector"), [(key, named.get(key, key)) for key in sectors]),
        listing.select(request, "country", _("Country"), [(code, formats.country(code, lang=lang)) for code in countries]),
    ]  # fmt: skip


def _empty(request: HttpRequest) -> c.EmptyState:
    return nothing_matches(request, _("No case matches these filters")) or c.EmptyState(
        title=_("No case here yet"), sentence=_("A case begins when an owner validates a result in use."),
        action=c.Link(_("See the projects"), "/projects/"),
    )  # fmt: skip


def _table(rows: Sequence[Any]) -> c.DataTable:
    lang, copies = language_tag(), queries.spread([row.pk for row in rows])
    heads = [
        _("Case"),
        _("Number"),
        _("Country"),
        _("Sector"),
        _("Validated"),
        _("In use at"),
        _("Countries"),
        _("On the way"),
    ]
    made = []
    for row in rows:
        counts = queries.counted(row.challenge.country, copies.get(row.pk, []))
        made.append([
            c.Cell(words(row.challenge.title), f"/cases/{row.number}/"), c.Cell(row.number),
            c.Cell(formats.country(row.challenge.country, lang=lang)), c.Cell(cells.sector(row.challenge)),
            c.Cell(day(row.validation.at, book=rulebook(row.challenge.call.rulebook_id))),
            c.Cell(formats.number(counts["places"], lang=lang), f"/cases/{row.number}/#copies"),
            *(c.Cell(formats.number(counts[name], lang=lang)) for name in ("countries", "on_the_way")),
        ])  # fmt: skip
    columns = [c.Column(label=label, number=place > 4) for place, label in enumerate(heads)]
    return c.DataTable(columns=columns, rows=made)


def _file(request: HttpRequest) -> HttpResponse:
    columns = {
        "number": _("Number"), "challenge": _("Challenge"), "title": _("Title"), "country": _("Country"),
        "sector": _("Sector"), "validated": _("Validated"), "places": _("In use at"), "countries": _("Countries"),
        "on_the_way": _("On the way"),
    }  # fmt: skip
    return export(request.GET["format"], name="cases", columns=columns, rows=_records(_rows(request)))


def _records(rows: Any) -> Iterator[dict[str, Any]]:
    listed = list(rows[:20_001])
    copies = queries.spread([row.pk for row in listed])
    for row in listed:
        yield {
            "number": row.number, "challenge": row.challenge.number, "title": words(row.challenge.title),
            "country": row.challenge.country, "sector": row.challenge.sector, "validated": row.validation.at,
            **queries.counted(row.challenge.country, copies.get(row.pk, [])),
        }  # fmt: skip

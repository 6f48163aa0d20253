"""`/`: what this is, in five seconds; what is open; how it goes on; figures that open to their rows."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.records.challenges import queries
from jiebang.records.programme.queries import rulebooks_in_use
from jiebang.records.projects.queries import project_counts
from jiebang.rules.schema import Kind, Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.public import states
from jiebang.web.public.board import cards
from jiebang.web.public.frame import page
from jiebang.web.site import language_tag, reader_of, words
from jiebang.web.tiles import TileMap, tile_map

SHOWN = 6
_ON_THE_WAY = {"takes_bids", "reviewing", "takes_objections", "success"}


def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    return page(request, "public/home.html", lambda: _parts(request))


def way(book: Rulebook) -> list[str]:
    """From a need to its validated use in a few words, all of them the rulebook's."""
    stations = [words(book.forms["need"].label)] if "need" in book.forms else []
    for kind in ("challenge", "project"):
        if table := book.lifecycles.get(kind):
            path, stages = states.main_path(table), table.stages
            shown = path[1:] if kind == "project" else [n for n in path if _ON_THE_WAY & set(stages[n].flags)]
            stations += [words(stages[name].label) for name in shown]
    return stations


def _parts(request: HttpRequest) -> Mapping[str, Any]:
    books, reader = rulebooks_in_use(), reader_of(request)
    if not books:
        return {"intro": c.Intro(title=_("No programme is set up here yet"))}
    book, open_now = books[0], states.open_stages(books)
    rows = queries.board(reader=reader, filters=queries.Filters(), open_stages=open_now).filter(
        stage__in=open_now
    )
    found = cards(request, list(rows[:SHOWN]))
    latest = [] if found else cards(request, _latest(request))
    return {
        "intro": c.Intro(title=_slogan(book), next=_in_short()),
        "about": words(book.summary).removeprefix(_slogan(book)).strip(),
        "cards": found,
        "latest": latest,
        "way": way(book),
        "figures": _figures(request, books),
        "tiles": _tiles(request, book),
    }


def _latest(request: HttpRequest) -> list[Any]:
    filters = queries.Filters(sort="newest")
    return list(queries.board(reader=reader_of(request), filters=filters, open_stages=())[:4])


def _in_short() -> str:
    return _(
        "An organisation states a problem that it cannot solve alone. Teams answer in the open, experts judge, "
        "and the organisation itself says whether the result works."
    )


def _slogan(book: Rulebook) -> str:
    first = next(iter(book.principles.values()), None)
    return words(first.text) if first else words(book.title)


def _figures(request: HttpRequest, books: list[Rulebook]) -> list[dict[str, str]]:
    reader, lang = reader_of(request), language_tag()
    found = [
        _figure(books, "challenge", queries.counts_by_stage(reader=reader), "/challenges/"),
        _figure(books, "project", project_counts(reader=reader), "/projects/"),
    ]
    return [
        {"value": formats.number(count, lang=lang), "label": label, "url": url}
        for group in found
        for count, label, url in group
    ]


def _figure(
    books: list[Rulebook], kind: Kind, counts: Mapping[str, int], page_url: str
) -> list[tuple[int, str, str]]:
    named = states.public_stages(books, kind)
    return [
        (counts[name], word, f"{page_url}?stage={name}") for name, word in named.items() if counts.get(name)
    ]


def _tiles(request: HttpRequest, book: Rulebook) -> TileMap:
    lang, counts = language_tag(), queries.counts_by_country(reader=reader_of(request))
    asked = {code for place in book.places.values() for code in place.countries} | set(counts)
    named = {code: words(place.label) for place in book.places.values() for code in place.regions}
    regions = dict(
        list(named.items())[:1]
    )  # home; where others do research says nothing of where challenges come from
    names = {code: formats.short_country(code, lang=lang) for code in sorted(asked)} | regions
    return tile_map(
        title=_("Where the challenges come from"),
        names=names,
        values={code: formats.number(count, lang=lang) for code, count in counts.items()},
        urls={code: f"/challenges/?country={code}" for code in counts},
        home=next(iter(regions), ""),
    )

"""`/programme/chain/`: where projects are researched, put together and used; every flow opens to its projects."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.adapters.drawing import shorten
from jiebang.adapters.sankey import Band, Box, sankey
from jiebang.decisions.chain import Flow, Node, Part, flows
from jiebang.operations.statements import texts_of
from jiebang.records.programme.queries import rulebooks_in_use
from jiebang.records.projects import chain as queries
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.public.frame import page
from jiebang.web.site import language_tag, reader_of, words
from jiebang.web.tiles import TileMap, tile_map

URL = "/programme/chain/"
TILE = 80.0  # px for the words on a tile


@dataclass(frozen=True)
class Drawn:
    """The flow of some parts: its nodes and flows, and how a place of it is called."""

    book: Rulebook
    nodes: Sequence[Node]
    flows: Sequence[Flow]
    name: Callable[[Any], str]


def chain(request: HttpRequest) -> HttpResponse:
    """The flow and the map over all public projects, and the projects behind what was chosen."""
    return page(request, "public/chain.html", lambda: _parts(request))


def of_project(project: Any, book: Rulebook) -> list[c.Part]:
    """Who does what in one project, and where: flow, map and table; nothing where nothing was recorded."""
    rows = list(queries.parts_of(project))
    if not rows:
        return []
    found: list[c.Part] = [project_figure(rows, book), table(rows, book), map_of(rows, book, url="")]
    return found


def project_figure(rows: Sequence[Any], book: Rulebook) -> c.Figure:
    """The flow between the organisations of a project."""
    names = {row.party_id: words(row.party.organisation.names) or row.party.organisation.name for row in rows}
    places = names_of(rows, book)
    drawn = _drawn(rows, book, at=lambda row: row.party_id, name=lambda key: names[key])
    notes = {(row.link, row.party_id): places[code_of(row, book)] for row in rows}
    boxes = [_box(drawn, node, note=notes[node.link, node.place], url="") for node in drawn.nodes]
    bands = [
        Band(start=flow.start, end=flow.end, value=1, label=_between(drawn, flow)) for flow in drawn.flows
    ]
    header = (_("Organisation"), _("Part"), _("Where"))
    cells = [(names[row.party_id], label(book, row.link), where(row, book, places)) for row in rows]
    return c.Figure(plot=sankey(
        title=_("Who does which part, and where"), columns=_columns(book), boxes=boxes, bands=bands, header=header, rows=cells,
    ))  # fmt: skip


def table(rows: Sequence[Any], book: Rulebook) -> c.DataTable:
    """Each part in words."""
    places = names_of(rows, book)
    made = [[c.Cell(text) for text in told(row, book, places)] for row in rows]
    return c.DataTable(columns=[c.Column(label=text) for text in heads()], rows=made)


def heads() -> tuple[str, ...]:
    """The columns of `told`."""
    return _("Organisation"), _("Part"), _("Where"), _("What it does"), _("Share"), _("Since")


def told(row: Any, book: Rulebook, places: Mapping[str, str]) -> tuple[str, ...]:
    """One part in words."""
    organisation = row.party.organisation
    return (
        words(organisation.names) or organisation.name, label(book, row.link), where(row, book, places),
        words(texts_of(row.does)), share(row) or "–", formats.date(row.since, lang=language_tag()),
    )  # fmt: skip


def label(book: Rulebook, link: str) -> str:
    """A link of the chain in the rulebook's word."""
    term = book.vocabulary.chain.get(link)
    return words(term.label) if term else link


def share(row: Any) -> str:
    """`30 % of the effort`; empty where it is not known."""
    if row.share is None:
        return ""
    number = formats.number(row.share.normalize(), lang=language_tag())
    of = {"effort": _("%(n)s %% of the effort"), "money": _("%(n)s %% of the money")}
    return of[row.share_of] % {"n": number}


def where(row: Any, book: Rulebook, places: Mapping[str, str]) -> str:
    """`Nanning, Guangxi`; the place as it was written once, where it is what the larger one is called."""
    code = code_of(row, book)
    called = {
        text for place in book.places.values() if place.regions == [code] for text in place.label.values()
    }
    return places[code] if row.place in called | {places[code]} else f"{row.place}, {places[code]}"


def code_of(row: Any, book: Rulebook) -> str:
    """The place on the map: a region in countries of which the rulebook names regions, else the country."""
    named = {region[:2] for place in book.places.values() for region in place.regions}
    return str(row.region if row.region and row.country in named else row.country)


def map_of(rows: Sequence[Any], book: Rulebook, *, url: str) -> TileMap:
    """How many parts are done where; the places of the rulebook stand there too, empty."""
    lang, counts = language_tag(), Counter(code_of(row, book) for row in rows)
    known = {
        code: formats.short_country(code, lang=lang)
        for place in book.places.values()
        for code in place.countries
    }
    regions = [code for place in book.places.values() for code in place.regions]
    names = {**known, **names_of(rows, book), **_regions(book)}
    home = regions[0] if regions else ""
    shown = {
        code: shorten(name, TILE, 14) if "-" in code else name
        for code, name in names.items()
        if code in known or code in counts or code == home
    }
    return tile_map(
        title=_("Where the parts are done"), names=shown, home=home, whole=True,
        values={code: formats.number(count, lang=lang) for code, count in counts.items()},
        urls={code: f"{url}?place={code}#projects" for code in counts} if url else {},
    )  # fmt: skip


def _parts(request: HttpRequest) -> Mapping[str, Any]:
    books = rulebooks_in_use()
    book = next((item for item in books if item.vocabulary.chain), None)
    rows = list(queries.parts(reader=reader_of(request))) if book else []
    rows = [row for row in rows if book and row.link in book.vocabulary.chain]
    parts: dict[str, Any] = {
        "crumbs": c.Breadcrumbs(
            links=[c.Link(_("How it works"), "/programme/")], here=_("From research to use")
        ),
        "intro": c.Intro(title=_("From research to use"), next=_sentence(book)),
    }
    if book is None or not rows:
        sentence = _("The leads and the office record it as projects are carried out.")
        parts["empty"] = c.EmptyState(
            title=_("Nothing is recorded yet"),
            sentence=sentence,
            action=c.Link(_("See the projects"), "/projects/"),
        )
        return parts
    names = names_of(rows, book)
    drawn = _drawn(rows, book, at=lambda row: code_of(row, book), name=lambda code: names[code])
    chosen, heading = _chosen(request, rows, drawn)
    return {
        **parts, "figure": _figure(drawn), "flows": _flows(drawn), "map": map_of(rows, book, url=URL),
        "projects": _projects(chosen, book) if heading else None, "heading": heading,
    }  # fmt: skip


def _sentence(book: Rulebook | None) -> str:
    if book is None:
        return ""
    helps = [
        f"{words(term.label)}: {words(term.help)}" for term in book.vocabulary.chain.values() if term.help
    ]
    return " ".join(helps)


def _figure(drawn: Drawn) -> c.Figure:
    boxes = [
        _box(drawn, node, note=_count(len(node.projects)), url=f"{URL}?from={_key(node)}#projects")
        for node in drawn.nodes
    ]
    bands = [
        Band(start=flow.start, end=flow.end, value=len(flow.projects), url=_address(drawn, flow),
             label=f"{_between(drawn, flow)}: {_count(len(flow.projects))}")
        for flow in drawn.flows
    ]  # fmt: skip
    rows = [(*_ends(drawn, flow), _count(len(flow.projects))) for flow in drawn.flows]
    return c.Figure(plot=sankey(
        title=_("Where projects are researched, put together and used"), columns=_columns(drawn.book), boxes=boxes, bands=bands,
        header=(_("From"), _("To"), _("Projects")), rows=rows,
    ))  # fmt: skip


def _flows(drawn: Drawn) -> c.DataTable | None:
    rows = [
        [
            *(c.Cell(text) for text in _ends(drawn, flow)),
            c.Cell(_count(len(flow.projects)), _address(drawn, flow)),
        ]
        for flow in drawn.flows
    ]
    columns = [c.Column(label=text) for text in (_("From"), _("To"), _("Projects"))]
    return c.DataTable(columns=columns, rows=rows) if rows else None


def _chosen(request: HttpRequest, rows: Sequence[Any], drawn: Drawn) -> tuple[list[Any], str]:
    """The parts of the projects behind a flow, a box or a tile, and what was chosen in words."""
    keys = {_key(node): node for node in drawn.nodes}
    ends = [keys.get(request.GET.get(name, "")) for name in ("from", "to")]
    given = [node for node in ends if node]
    if place := request.GET.get("place", ""):
        here = {row.project_id for row in rows if code_of(row, drawn.book) == place}
        heading = drawn.name(place) if here else ""
        return [row for row in rows if row.project_id in here], heading
    if not given:
        return [], ""
    numbers = set(given[0].projects)
    if len(given) == 2:
        pairs = {(flow.start, flow.end): flow.projects for flow in drawn.flows}
        numbers = set(pairs.get((drawn.nodes.index(given[0]), drawn.nodes.index(given[1])), ()))
    heading = " → ".join(_node(drawn, node) for node in given)
    return [row for row in rows if row.project.number in numbers], heading


def _projects(rows: Sequence[Any], book: Rulebook) -> c.DataTable | None:
    places = names_of(rows, book)
    made = [
        [c.Cell(row.project.number, f"/projects/{row.project.number}/"), c.Cell(words(row.project.challenge.title)),
         *(c.Cell(text) for text in told(row, book, places))]
        for row in rows
    ]  # fmt: skip
    columns = [c.Column(label=text) for text in (_("Project"), _("Challenge"), *heads())]
    return c.DataTable(columns=columns, rows=made) if made else None


def _drawn(
    rows: Iterable[Any], book: Rulebook, *, at: Callable[[Any], Hashable], name: Callable[[Any], str]
) -> Drawn:
    parts = [Part(row.project.number, row.link, at(row)) for row in rows if row.link in book.vocabulary.chain]
    nodes, found = flows(parts, list(book.vocabulary.chain))
    return Drawn(book, nodes, found, name)


def _box(drawn: Drawn, node: Node, *, note: str, url: str) -> Box:
    column = list(drawn.book.vocabulary.chain).index(node.link)
    return Box(column=column, value=len(node.projects), label=drawn.name(node.place), note=note, url=url)


def _columns(book: Rulebook) -> list[str]:
    return [words(term.label) for term in book.vocabulary.chain.values()]


def names_of(rows: Iterable[Any], book: Rulebook) -> dict[str, str]:
    """By code what each place is called: by the rulebook, as a country, else as most of its parts wrote it."""
    written: dict[str, Counter[str]] = {}
    for row in rows:
        written.setdefault(code_of(row, book), Counter())[row.place] += 1
    named, lang = _regions(book), language_tag()
    return {
        code: named.get(code)
        or (count.most_common(1)[0][0] if "-" in code else formats.short_country(code, lang=lang))
        for code, count in written.items()
    }


def _regions(book: Rulebook) -> dict[str, str]:
    return {
        code: words(place.label)
        for place in book.places.values()
        for code in place.regions
        if len(place.regions) == 1
    }


def _key(node: Node) -> str:
    return f"{node.link}.{node.place}"


def _address(drawn: Drawn, flow: Flow) -> str:
    return f"{URL}?from={_key(drawn.nodes[flow.start])}&to={_key(drawn.nodes[flow.end])}#projects"


def _ends(drawn: Drawn, flow: Flow) -> tuple[str, str]:
    return _node(drawn, drawn.nodes[flow.start]), _node(drawn, drawn.nodes[flow.end])


def _between(drawn: Drawn, flow: Flow) -> str:
    return " → ".join(_ends(drawn, flow))


def _node(drawn: Drawn, node: Node) -> str:
    return f"{label(drawn.book, node.link)}, {drawn.name(node.place)}"


def _count(number: int) -> str:
    return ngettext("%(n)s project", "%(n)s projects", number) % {
        "n": formats.number(number, lang=language_tag())
    }

"""`/office/deliverables/`: laboratories, transfer centres and training of all projects, one line for each measure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.decisions.deliverables import Tally
from jiebang.operations.deliverables import tallies_of
from jiebang.operations.things import book_of
from jiebang.records.deliverables import queries
from jiebang.records.people.roles import CASE_READERS
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web import formats, listing
from jiebang.web.cache import kept
from jiebang.web.desk.gate import only
from jiebang.web.office import cells
from jiebang.web.office.tables import Col, Table, choice, given, page, words_filter
from jiebang.web.public import deliverables as shown
from jiebang.web.site import language_tag, reader_of


@dataclass(frozen=True)
class Line:
    """One measure of one deliverable."""

    row: Any
    told: Tally

    @property
    def book(self) -> Rulebook:
        """The rulebook that rules its project."""
        return book_of(self.row.project)

    @property
    def kind(self) -> str:
        """The kind in words."""
        return shown.kind_name(self.book, self.row.kind)

    @property
    def measure(self) -> str:
        """The measure in words, with its unit where that says more."""
        return shown.asked(self.book, self.told.measure)

    @property
    def url(self) -> str:
        """The page with every value of the deliverable."""
        return f"/projects/{self.row.project.number}/deliverables/{self.row.pk}/"


Lines = Sequence[Line]


@only(*CASE_READERS)
@kept
def deliverables(request: HttpRequest) -> HttpResponse:
    """The list with its totals."""
    every = [
        Line(row, told) for row in queries.deliverables(reader=reader_of(request)) for told in tallies_of(row)
    ]
    rows = [line for line in every if _fits(request, line)]
    above = [part for part in (_totals(request, rows), _by_country(request, rows)) if part]
    return page(request, Table(
        name="deliverables", title=_("Laboratories and training"), rows=rows, columns=_columns(),
        fields=_fields(request, every), order=(), above=above, formats=listing.FORMATS,
        next=_("What projects leave beside their results. Only confirmed values are added up."),
        empty=_("The leads of projects and the office plan them."),
    ))  # fmt: skip


def _fields(request: HttpRequest, every: Lines) -> list[c.Field]:
    return [
        words_filter(request),
        choice(request, "kind", _("Kind"), {line.row.kind: line.kind for line in every}),
        choice(request, "measure", _("Measure"), {line.told.measure: line.measure for line in every}),
        choice(request, "country", _("Country"), cells.countries({line.row.country for line in every})),
        choice(request, "call", _("Call"), {name: name for name in sorted({_call(line) for line in every})}),
        choice(request, "waiting", _("Waiting"), {"yes": _("With values to confirm")}),
    ]  # fmt: skip


def _fits(request: HttpRequest, line: Line) -> bool:
    wanted = {
        "kind": line.row.kind, "measure": line.told.measure, "country": line.row.country, "call": _call(line),
        "waiting": "yes" if line.told.waiting else "",
    }  # fmt: skip
    if any(given(request, name) not in ("", value) for name, value in wanted.items()):
        return False
    told = (line.row.project.number, shown.name_of(line.row), shown.host(line.row), line.row.place)
    return given(request, "text").casefold() in " ".join(told).casefold()


def _call(line: Line) -> str:
    return str(line.row.project.challenge.call.number)


def _totals(request: HttpRequest, rows: Lines) -> c.Figures | None:
    """What is confirmed of each kind and measure; each figure is the list cut down to what it adds up."""
    sums = _sums(rows, by=lambda line: (line.row.kind, line.told.measure))
    links = [
        c.Link(
            f"{line.kind}: {line.measure}", listing.address(request, page="", kind=kind, measure=measure),
            note=_number(value),
        )
        for (kind, measure), (line, value) in sums.items()
        if value
    ]  # fmt: skip
    return c.Figures(links) if links else None


def _by_country(request: HttpRequest, rows: Lines) -> c.DataTable | None:
    """What is confirmed in each country, by kind and measure."""
    sums = _sums(rows, by=lambda line: (line.row.country, line.row.kind, line.told.measure))
    made = [
        [
            c.Cell(cells.country(country)), c.Cell(line.kind), c.Cell(line.measure),
            c.Cell(_number(value), listing.address(request, page="", country=country, kind=kind, measure=measure)),
        ]
        for (country, kind, measure), (line, value) in sorted(sums.items(), key=lambda item: cells.country(item[0][0]))
        if value
    ]  # fmt: skip
    heads = (_("Country"), _("Kind"), _("Measure"), _("Confirmed"))
    columns = [c.Column(label=text, number=place == 3) for place, text in enumerate(heads)]
    return c.DataTable(columns=columns, rows=made, caption=_("Confirmed by country")) if made else None


def _sums(rows: Lines, *, by: Any) -> dict[Any, tuple[Line, Decimal]]:
    found: dict[Any, tuple[Line, Decimal]] = {}
    for line in rows:
        _first, before = found.get(by(line), (line, Decimal(0)))
        found[by(line)] = (_first, before + line.told.confirmed)
    return found


def _columns() -> list[Col]:
    return [*_about(), *_numbers()]


def _about() -> list[Col]:
    return [
        Col(key="project", label=_("Project"), value=lambda r: r.row.project.number, by=lambda r: r.row.project.number,
            cell=cells.linked(lambda r: r.row.project.number, lambda r: f"/office/projects/{r.row.project.number}/")),
        Col(key="name", label=_("Name"), value=lambda r: shown.name_of(r.row), by=lambda r: shown.name_of(r.row),
            cell=cells.linked(lambda r: shown.name_of(r.row), lambda r: r.url)),
        Col(key="kind", label=_("Kind"), value=lambda r: r.kind, by=lambda r: r.kind),
        Col(key="host", label=_("Host"), value=lambda r: shown.host(r.row), by=lambda r: shown.host(r.row)),
        Col(key="country", label=_("Country"), value=lambda r: cells.country(r.row.country), by=lambda r: r.row.country),
        Col(key="place", label=_("Place"), value=lambda r: r.row.place),
        Col(key="since", label=_("Since"), value=lambda r: r.row.since.isoformat(), by=lambda r: r.row.since,
            cell=lambda r: c.Cell(cells.day(r.row.since))),
    ]  # fmt: skip


def _numbers() -> list[Col]:
    return [
        Col(key="measure", label=_("Measure"), value=lambda r: r.measure, by=lambda r: r.measure),
        Col(key="planned", label=_("Planned"), value=lambda r: r.told.planned, by=lambda r: r.told.planned, number=True,
            cell=lambda r: c.Cell("–" if r.told.planned is None else _number(r.told.planned))),
        _counted("confirmed", _("Confirmed")), _counted("waiting", _("Waiting")),
    ]  # fmt: skip


def _counted(state: str, label: str) -> Col:
    def value(line: Line) -> Decimal:
        return Decimal(getattr(line.told, state))

    def cell(line: Line) -> c.Cell:
        if not value(line):
            return c.Cell("–")
        return c.Cell(_number(value(line)), f"{line.url}?measure={line.told.measure}&state={state}#values")

    return Col(key=state, label=label, value=value, by=value, cell=cell, number=True)


def _number(value: Decimal) -> str:
    return formats.number(value.normalize(), lang=language_tag())

"""The office's lists of cases: needs, challenges, bids, objections."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.records.awards import office as awards
from jiebang.records.bids import office as bids_read
from jiebang.records.challenges import office as cases
from jiebang.records.challenges.queries import normalised
from jiebang.records.people.roles import CASE_READERS
from jiebang.web import components as c
from jiebang.web.cache import kept
from jiebang.web.desk.gate import only
from jiebang.web.office import cells
from jiebang.web.office.tables import Col, Table, choice, given, page, words_filter
from jiebang.web.public.frame import need_title
from jiebang.web.site import now_of, reader_of, words


@only(*CASE_READERS, "country_desk")
@kept
def needs(request: HttpRequest) -> HttpResponse:
    """`/office/needs/`."""
    rows = cases.needs(reader=reader_of(request)).defer("content")
    rows, fields = _narrowed(request, "need", rows, text=("title", "number", "owner__organisation__name"))
    columns = [
        Col(key="number", label=_("Number"), value=lambda r: r.number, sort="number",
            cell=cells.linked(lambda r: r.number, lambda r: f"/office/needs/{r.number}/")),
        Col(key="title", label=_("Title"), value=need_title, sort="title"),
        Col(key="owner", label=_("Owner"), value=lambda r: cells.party(r.owner), sort="owner__organisation__name"),
        Col(key="country", label=_("Country"), value=lambda r: cells.country(r.country), sort="country"),
        Col(key="sector", label=_("Sector"), value=cells.sector, sort="sector"),
        Col(key="state", label=_("State"), value=cells.stage_name("need"), cell=cells.stage("need"), sort="stage"),
        Col(key="due_at", label=_("By when"), value=lambda r: r.due_at, cell=cells.limit(now_of(request)), sort="due_at"),
    ]  # fmt: skip
    return page(request, Table(
        name="needs", title=_("Needs"), next=_("What organisations say they lack, from draft to listing."), rows=rows,
        columns=columns, fields=fields, order=("-stage_since",),
        empty=_("A need appears here when its owner begins to state it."),
    ))  # fmt: skip


@only(*CASE_READERS)
@kept
def challenges(request: HttpRequest) -> HttpResponse:
    """`/office/challenges/`."""
    rows = cases.challenges(reader=reader_of(request))
    rows, fields = _narrowed(request, "challenge", rows, text=("search", "number"))
    rows = cases.with_progress(rows)
    columns = [
        Col(key="number", label=_("Number"), value=lambda r: r.number, sort="number",
            cell=cells.linked(lambda r: r.number, lambda r: f"/office/challenges/{r.number}/")),
        Col(key="title", label=_("Title"), value=lambda r: words(r.title)),
        Col(key="owner", label=_("Owner"), value=lambda r: cells.party(r.need.owner)),
        Col(key="country", label=_("Country"), value=lambda r: cells.country(r.country), sort="country"),
        Col(key="state", label=_("State"), value=cells.stage_name("challenge"), cell=cells.stage("challenge"), sort="stage"),
        Col(key="budget", label=_("Budget"), value=lambda r: r.budget, number=True, sort="budget",
            cell=lambda r: c.Cell(cells.money(r.budget, r.currency))),
        Col(key="reviews", label=_("Reviews signed"), number=True, value=lambda r: f"{r.signed}/{r.asked}" if r.asked else ""),
        Col(key="due_at", label=_("By when"), value=lambda r: r.due_at, cell=cells.limit(now_of(request)), sort="due_at"),
    ]  # fmt: skip
    return page(request, Table(
        name="challenges", title=_("Challenges"), next=_("What is posted, and how far each notice has come."), rows=rows,
        columns=columns, fields=fields, order=("-listed_at",),
        empty=_("A challenge appears here when two officers list a need."),
    ))  # fmt: skip


@only(*CASE_READERS)
@kept
def bids(request: HttpRequest) -> HttpResponse:
    """`/office/bids/`: only what was opened."""
    rows = bids_read.bids(reader=reader_of(request))
    text = ("number", "challenge__number", "challenge__search", "consortium__lead__organisation__name")
    rows, fields = _narrowed(request, "bid", rows, text=text, through="challenge__")
    columns = [
        Col(key="number", label=_("Number"), value=lambda r: r.number, sort="number",
            cell=cells.linked(lambda r: r.number, lambda r: f"/office/bids/{r.number}/")),
        Col(key="challenge", label=_("Challenge"), value=lambda r: f"{r.challenge.number} {words(r.challenge.title)}",
            sort="challenge__number"),
        Col(key="lead", label=_("Lead"), value=lambda r: cells.party(r.consortium.lead),
            sort="consortium__lead__organisation__name"),
        Col(key="state", label=_("State"), value=cells.stage_name("bid"), cell=cells.stage("bid"), sort="stage"),
        Col(key="reviews", label=_("Reviews signed"), number=True, value=lambda r: f"{r.signed}/{r.asked}" if r.asked else ""),
        Col(key="submitted_at", label=_("Sent"), value=lambda r: r.submitted_at, sort="submitted_at",
            cell=lambda r: c.Cell(cells.moment(r.submitted_at, cells.zone_of(r)))),
    ]  # fmt: skip
    return page(request, Table(
        name="bids", title=_("Bids"), next=_("Bids of challenges whose closing time is over; nobody reads one before."),
        rows=rows, columns=columns, fields=fields, order=("-submitted_at",),
        empty=_("Bids appear here when the office opens them."),
    ))  # fmt: skip


@only(*CASE_READERS)
@kept
def objections(request: HttpRequest) -> HttpResponse:
    """`/office/objections/`: who objected is known to those who handle it alone."""
    rows = awards.objections(reader=reader_of(request))
    if text := given(request, "text"):
        rows = rows.filter(Q(number__icontains=text) | Q(challenge__number__icontains=text))
    states = {
        "open": _("Open"), "upheld": _("Upheld"), "partly": _("Upheld in part"), "not_upheld": _("Not upheld"),
    }  # fmt: skip
    if (state := given(request, "stage")) in states:
        rows = rows.filter(status=state)
    columns = [
        Col(key="number", label=_("Number"), value=lambda r: r.number, sort="number",
            cell=cells.linked(lambda r: r.number, lambda r: f"/office/objections/{r.number}/")),
        Col(key="against", label=_("Appeal against"), value=lambda r: r.appeal_of.number if r.appeal_of else ""),
        Col(key="challenge", label=_("Challenge"), value=lambda r: f"{r.challenge.number} {words(r.challenge.title)}"),
        Col(key="state", label=_("State"), value=lambda r: states[r.status], sort="status"),
        Col(key="received_at", label=_("Received"), value=lambda r: r.received_at, sort="received_at",
            cell=lambda r: c.Cell(cells.moment(r.received_at, cells.zone_of(r.challenge)))),
        Col(key="due_at", label=_("By when"), value=lambda r: r.due_at, sort="due_at",
            cell=lambda r: c.Cell(cells.until(r.due_at, cells.zone_of(r.challenge)) if r.status == "open" and r.due_at else "")),
    ]  # fmt: skip
    return page(request, Table(
        name="objections", title=_("Objections"), rows=rows, columns=columns, order=("due_at",),
        next=_("Written and named, inside the publicity period, answered by people other than the scorers."),
        fields=[words_filter(request), choice(request, "stage", _("State"), states)],
        empty=_("An objection appears here when somebody raises one and you are among those who handle it."),
    ))  # fmt: skip


def _narrowed(
    request: HttpRequest, kind: Any, rows: QuerySet[Any], *, text: tuple[str, ...], through: str = ""
) -> tuple[QuerySet[Any], list[c.Field]]:
    """The rows that the address asks for, and its filters; a challenge tells country and sector `through` itself."""
    places = cells.countries(rows.order_by().values_list(f"{through}country", flat=True).distinct())
    fields = [
        words_filter(request),
        choice(request, "stage", _("State"), cells.stages(kind)),
        choice(request, "country", _("Country"), places),
        choice(request, "sector", _("Sector"), cells.sectors()),
    ]
    for word in normalised(given(request, "text")).split()[:8]:
        wanted = Q()
        for name in text:
            wanted |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(wanted)
    for name, field in (("stage", "stage"), ("country", f"{through}country"), ("sector", f"{through}sector")):
        if value := given(request, name):
            rows = rows.filter(**{field: value})
    return rows, fields

"""`/office/rates/`: the table of exchange rates; one is typed, or a sheet of them is uploaded."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.adapters.rate_sheets import read_rates
from jiebang.operations.kernel import Done, Outcome, Refused
from jiebang.records.ledger import queries
from jiebang.records.people.roles import CASE_READERS, OFFICERS
from jiebang.records.programme.queries import programme_zone
from jiebang.rules.faults import Fault
from jiebang.rules.reasons import Reason, reason
from jiebang.web import components as c
from jiebang.web import listing
from jiebang.web.acting import act, bound, done, summary
from jiebang.web.desk.gate import only
from jiebang.web.exports import export
from jiebang.web.office import cells
from jiebang.web.site import reader_of

ROW = ("day", "base", "quote", "rate", "source")


@only(*CASE_READERS)
def rates(request: HttpRequest) -> HttpResponse:
    """Every rate, the newest day first; the form for officers."""
    form = request.GET.get("format", "")
    if form in listing.FORMATS:
        columns = {"day": _("Day"), "base": _("From"), "quote": _("To"), "rate": _("Rate"), "source": _("Source"),
                   "at": _("Entered at"), "replaced_at": _("Replaced at"), "why": _("Why")}  # fmt: skip
        return export(form, name="rates", columns=columns, rows=map(_plain, queries.rates(replaced=True)))
    may = bool(reader_of(request).roles & OFFICERS)
    outcome = _put(request) if request.method == "POST" and may else None
    if isinstance(outcome, Done):
        count = int(outcome.answer["count"])
        text = ngettext("%(n)s rate was entered.", "%(n)s rates were entered.", count) % {"n": count}
        return done(request, outcome, text=text, to="/office/rates/")
    names = {f"rates.0.{name}": name for name in ROW}
    fields = _fields() if may else []
    parts = {
        "crumbs": c.Breadcrumbs(links=[c.Link(_("My desk"), "/desk/")], here=_("Exchange rates")),
        "intro": c.Intro(
            title=_("Exchange rates"),
            next=_("Amounts are converted only by rates that stand here."),
        ),
        "errors": summary(outcome, fields=fields, names=names),
        "fields": bound(fields, request.POST, outcome, names=names),
        **_listed(request),
    }
    return render(request, "office/rates.html", parts)


def _put(request: HttpRequest) -> Outcome:
    upload: Any = request.FILES.get("file")
    why = request.POST.get("why", "").strip()
    if upload is None:
        row = {name: request.POST.get(name, "").strip() for name in ROW}
        return act(request, "put_rates", {"rates": [row], "why": why})
    read = read_rates(upload.read(), name=str(upload.name))
    if faults := [item for item in read if isinstance(item, Fault)]:
        return Refused(tuple(_fault(item) for item in faults))
    return act(request, "put_rates", {"rates": read, "why": why})


def _fault(item: Fault) -> Reason:
    return reason("rates.sheet", field="file", place=item.field, problem=item.message)


def _fields() -> list[c.Field]:
    return [
        c.Field(name="day", label=_("Day"), kind="date", short=True, optional=True),
        c.Field(
            name="base",
            label=_("One unit of"),
            short=True,
            maxlength=3,
            optional=True,
            help=_("Such as CNY or VND"),
        ),
        c.Field(name="quote", label=_("is worth so many"), short=True, maxlength=3, optional=True),
        c.Field(name="rate", label=_("Rate"), short=True, inputmode="decimal", optional=True),
        c.Field(name="source", label=_("Where the rate comes from"), optional=True, maxlength=200),
        c.Field(
            name="file",
            label=_("Or a sheet of rates"),
            kind="file",
            accept=".csv",
            optional=True,
            help=_("A .csv in UTF-8 with the headings day, base, quote, rate, source."),
        ),
        c.Field(name="why", label=_("Why an earlier rate is corrected"), optional=True, maxlength=500),
    ]


def _listed(request: HttpRequest) -> dict[str, Any]:
    shown = listing.shown(request, queries.rates(replaced=True))
    heads = (_("Day"), _("Pair"), _("Rate"), _("Source"), _("Entered by"), _("State"))
    zone = programme_zone()
    rows = [
        [c.Cell(cells.day(row.day)), c.Cell(f"{row.base}/{row.quote}"), c.Cell(f"{row.rate.normalize():f}"), c.Cell(row.source),
         c.Cell(f"{row.by.name}, {cells.moment(row.at, zone)}"),
         c.Cell(_("replaced %(when)s") % {"when": cells.moment(row.replaced_at, zone)} if row.replaced_at else _("counts"))]
        for row in shown.rows
    ]  # fmt: skip
    columns = [c.Column(label=text, number=text == heads[2]) for text in heads]
    table = c.DataTable(columns=columns, rows=rows) if rows else None
    empty = None if rows else c.EmptyState(title=_("No rate is entered yet."))
    links = [c.Link(f".{kind}", listing.address(request, format=kind)) for kind in listing.FORMATS]
    return {
        "table": table,
        "empty": empty,
        "paging": listing.paging(request, shown),
        "exports": links if rows else [],
    }


def _plain(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (*ROW, "at", "replaced_at", "why")} | {
        "day": row.day.isoformat()
    }

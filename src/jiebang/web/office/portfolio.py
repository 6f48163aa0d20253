"""`/office/projects/`: every project with its figures, its next deadline and its early warnings; each figure opens its rows."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.decisions.warnings import SEVERITIES
from jiebang.operations.portfolio import Deadline, Standing, measured, standings
from jiebang.records.people.roles import CASE_READERS
from jiebang.records.projects import portfolio
from jiebang.web import components as c
from jiebang.web import formats, listing
from jiebang.web.acting import render_reason
from jiebang.web.cache import kept
from jiebang.web.desk.gate import only
from jiebang.web.office import cells
from jiebang.web.office.tables import Col, Table, choice, given, page, words_filter
from jiebang.web.projects import warned
from jiebang.web.public.states import stage_stamp
from jiebang.web.site import language_tag, now_of, reader_of, words

Rows = Sequence[Standing]


@only(*CASE_READERS)
@kept
def projects(request: HttpRequest) -> HttpResponse:
    """The portfolio."""
    reader = reader_of(request)
    rows = portfolio.projects(
        reader=reader, text=given(request, "text"), mine=given(request, "mine") == "yes"
    )
    every = standings(rows, now=now_of(request))
    here = _chosen(request, every, ("stage", "country", "call"))
    shown = sorted(_chosen(request, here, ("warning", "severity")), key=_gravest)
    return page(request, Table(
        name="projects", title=_("Projects"), rows=shown, columns=_columns(), fields=_fields(request, every), order=(),
        next=_("Awards being carried out, from agreement to follow-up; those with the gravest warnings first."),
        empty=_("A project begins when an award is decided."), above=[_figures(request, here)] if here else [],
        formats=listing.FORMATS, prepare=measured,
    ))  # fmt: skip


def _fields(request: HttpRequest, every: Rows) -> list[c.Field]:
    stages = {row.line.stage: _stage(row).word for row in every}
    return [
        words_filter(request),
        choice(request, "warning", _("Warning"), {"any": _("Any warning"), **warned.kinds(), "none": _("No warning")}),
        choice(request, "severity", _("Severity"), warned.severities()),
        choice(request, "stage", _("State"), stages),
        choice(request, "country", _("Country"), cells.countries({row.line.country for row in every})),
        choice(request, "call", _("Call"), {call: call for call in sorted({row.line.call for row in every})}),
        choice(request, "mine", _("Whose"), {"yes": _("That I have acted on")}),
    ]  # fmt: skip


def _chosen(request: HttpRequest, rows: Rows, names: Sequence[str]) -> Rows:
    for name in names:
        if value := given(request, name):
            rows = [row for row in rows if _fits(row, name, value)]
    return rows


def _fits(row: Standing, name: str, value: str) -> bool:
    if name == "severity":
        return any(item.severity == value for item in row.warnings)
    if name == "warning":
        held = {item.kind for item in row.warnings}
        return {"any": bool(held), "none": not held}.get(value, value in held)
    return str(getattr(row.line, name)) == value


def _gravest(row: Standing) -> tuple[int, int]:
    count = [sum(item.severity == name for item in row.warnings) for name in SEVERITIES]
    return -count[0], -count[1]


def _figures(request: HttpRequest, rows: Rows) -> c.Figures:
    """What the list counts; each figure is the list cut down to the projects behind it."""
    bare = {"page": "", "warning": "", "severity": "", "sort": ""}
    links = [_figure(_("Projects"), len(rows), listing.address(request, **bare))]
    counted: list[tuple[str, str, str]] = [
        ("severity", "serious", _("With a serious warning")), ("warning", "any", _("With a warning")),
    ]  # fmt: skip
    counted += [("warning", kind, label) for kind, label in warned.kinds().items()]
    for name, value, label in counted:
        if count := sum(_fits(row, name, value) for row in rows):
            links.append(_figure(label, count, listing.address(request, **{**bare, name: value})))
    for account, label in (("paid", _("Paid")), ("awarded", _("Promised"))):
        for currency, amount in sorted(_sums(rows, account).items()):
            url = listing.address(request, **{**bare, "sort": f"-{account}"})
            links.append(c.Link(label, url, note=cells.money(amount, currency)))
    return c.Figures(links)


def _figure(label: str, count: int, url: str) -> c.Link:
    return c.Link(label, url, note=formats.number(count, lang=language_tag()))


def _sums(rows: Rows, account: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in rows:
        for item in row.sums:
            if item.account == account:
                found[item.currency] = found.get(item.currency, Decimal(0)) + item.amount
    return found


def _columns() -> list[Col]:
    return [*_about(), *_time(), *_progress()]


def _about() -> list[Col]:
    return [
        Col(key="number", label=_("Number"), value=lambda r: r.line.number, by=lambda r: r.line.number,
            cell=cells.linked(lambda r: r.line.number, lambda r: f"/office/projects/{r.line.number}/")),
        Col(key="title", label=_("Challenge"), value=lambda r: words(r.line.title)),
        Col(key="lead", label=_("Lead"), value=lambda r: _name(r.line.lead_names, r.line.lead), by=lambda r: r.line.lead),
        Col(key="country", label=_("Owner in"), value=lambda r: cells.country(r.line.country),
            by=lambda r: r.line.country),
        Col(key="state", label=_("State"), value=lambda r: _stage(r).word, by=lambda r: r.line.stage,
            cell=lambda r: c.Cell(part=_stage(r))),
        Col(key="warnings", label=_("Warnings"), by=_gravest, value=lambda r: " ".join(_said(r)), cell=_warnings),
    ]  # fmt: skip


def _progress() -> list[Col]:
    return [
        Col(key="milestones", label=_("Milestones"), by=lambda r: r.days_late, value=_milestones,
            cell=cells.linked(_milestones, lambda r: f"/office/projects/{r.line.number}/#milestones")),
        Col(key="indicators", label=_("Indicators"), value=_indicators,
            cell=cells.linked(_indicators, lambda r: f"/projects/{r.line.number}/indicators/")),
        _money("paid", _("Paid")), _money("awarded", _("Promised")),
    ]  # fmt: skip


def _money(account: str, label: str) -> Col:
    def amount(row: Standing) -> Decimal | None:
        found = row.sum_of(account)
        return found.amount if found else None

    return Col(key=account, label=label, value=amount, by=amount, cell=lambda row: _opened(row, account))


def _opened(row: Standing, account: str) -> c.Cell:
    """The sum and the day of its last row; where several funds moved, each, and the page that has them all."""
    parts = [item for item in row.sums if item.account == account]
    told = "; ".join(f"{cells.money(item.amount, item.currency)}, {cells.day(item.day)}" for item in parts)
    room = f"/projects/{row.line.number}/money/"
    found = row.sum_of(account)
    return c.Cell(told, f"{room}book/?fund={found.fund}&account={account}" if found else room if told else "")


def _time() -> list[Col]:
    return [
        Col(key="deadline", label=_("Next deadline"), value=lambda r: _iso(r.next.day if r.next else None),
            by=lambda r: r.next.day if r.next else None, cell=_deadline),
        Col(key="heard", label=_("Owner heard"), value=lambda r: _iso(r.heard), by=lambda r: r.heard,
            cell=_heard),
    ]  # fmt: skip


def _stage(row: Standing) -> c.Stamp:
    return stage_stamp(row.line.rulebook, "project", row.line.stage, language_tag())


def _name(names: Mapping[str, str] | None, name: str | None) -> str:
    return words(names) or str(name or "")


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _milestones(row: Standing) -> str:
    if not row.milestones:
        return "–"
    told = _("%(done)s of %(all)s accepted") % {"done": row.accepted, "all": row.milestones}
    late = _("%(n)s late, up to %(days)s days") % {"n": len(row.overdue), "days": row.days_late}
    return f"{told}; {late}" if row.overdue else told


def _indicators(row: Standing) -> str:
    found = row.found
    if found is None or not (found.met or found.missed or found.unmeasured):
        return "–"
    counts = {"met": found.met, "missed": found.missed, "none": found.unmeasured}
    return _("%(met)s met, %(missed)s missed, %(none)s open") % counts


def _deadline(row: Standing) -> c.Cell:
    if row.next is None:
        return c.Cell("–")
    url = {
        "clock": f"/office/projects/{row.line.number}/", "check": f"/projects/{row.line.number}/agreement/",
        "milestone": f"/office/projects/{row.line.number}/#milestones",
        "follow_up": f"/office/projects/{row.line.number}/#follow-up",
    }[row.next.kind]  # fmt: skip
    return c.Cell(f"{cells.day(row.next.day)} · {_what(row, row.next)}", url)


def _what(row: Standing, found: Deadline) -> str:
    if found.kind == "milestone":
        return _("milestone %(n)s") % {"n": found.about}
    if found.kind == "follow_up":
        return _("follow-up")
    known: Mapping[str, Any] = row.book.clocks if found.kind == "clock" else row.book.gates
    return words(known[found.about].label) if found.about in known else found.about


def _heard(row: Standing) -> c.Cell:
    if row.heard is None:
        return c.Cell(_("none yet"))
    return c.Cell(cells.day(row.heard), warned.entries_of_day(row.line.number, row.heard))


def _said(row: Standing) -> list[str]:
    return [render_reason(item.said) for item in row.warnings]


def _warnings(row: Standing) -> c.Cell:
    """The gravest by its kind, how many more there are, and the page that says what to do."""
    if not row.warnings:
        return c.Cell("–")
    first, more = row.warnings[0], len(row.warnings) - 1
    told = f"{warned.severities()[first.severity]}: {warned.kinds()[first.kind]}"
    if more:
        told = _("%(first)s and %(n)s more") % {"first": told, "n": more}
    return c.Cell(told, f"/office/projects/{row.line.number}/#warnings")

"""Calls: a round of the programme under a frozen rulebook; open one, install a rulebook, print the guidelines."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.adapters import calendars as holidays
from jiebang.operations.deadlines import calendars_of
from jiebang.operations.judging import awarded_together
from jiebang.operations.proposing import scope_of_call
from jiebang.records.people.roles import APPOINTERS, CASE_READERS, OFFICERS, STAFF
from jiebang.records.programme import office as programme
from jiebang.records.programme.queries import rulebook
from jiebang.records.reviews.experts import last_slate_of_call
from jiebang.web import components as c
from jiebang.web.desk.clocks import end_of
from jiebang.web.desk.gate import for_roles, only
from jiebang.web.office import cells
from jiebang.web.office.one_form import OneForm, select, serve
from jiebang.web.office.tables import Col, Table, page
from jiebang.web.public.programme import printed, statuses
from jiebang.web.site import language_tag, now_of, reader_of, words


@only(*STAFF)
def calls(request: HttpRequest) -> HttpResponse:
    """`/office/calls/`."""
    rows = programme.calls()
    columns = _columns()
    return page(
        request,
        Table(
            name="calls",
            title=_("Calls"),
            next=_("Each call freezes its rulebook and calendars; old decisions keep theirs."),
            rows=rows,
            columns=columns,
            order=("-opened_at",),
            fields=[],
            empty=_("Open a call from an installed rulebook."),
            actions=_ways(request),
        ),
    )


def _ways(request: HttpRequest) -> list[c.Link]:
    """What the reader may do; a button never leads to a page that is closed to them."""
    ways = [
        (APPOINTERS, c.Link(_("Open a call"), "/office/calls/new/")),
        (frozenset({"administrator"}), c.Link(_("Install a rulebook"), "/office/rulebooks/new/")),
    ]
    return [link for who, link in ways if reader_of(request).roles & who]


@only(*STAFF)
def call(request: HttpRequest, number: str) -> HttpResponse:
    """One call: its rulebook, its calendars, its guidelines in every language."""
    row = programme.find_call(number)
    if row is None:
        raise Http404
    book, counts = rulebook(row.rulebook_id), statuses(rulebook(row.rulebook_id))
    items: list[tuple[str, Any]] = [
        (_("Rulebook"), f"{words(book.title)}, {book.version}"),
        (_("Fingerprint"), row.rulebook_id[:16]),
        (_("Opened"), cells.moment(row.opened_at, book.timezone)),
        (_("Needs until"), cells.until(row.needs_until, book.timezone) if row.needs_until else "–"),
        (_("Calendars"), row.calendars_id[:16]),
        (_("Rules"), _("%(reported)s reported, %(assumed)s assumed, %(local)s local") % counts),
    ]
    days = [
        [c.Cell(cells.country(name)), c.Cell(cells.day(known.announced_through) or _("none: provisional"))]
        for name, known in sorted(calendars_of(row).items())
    ]
    columns = [c.Column(label=_("Calendar")), c.Column(label=_("Holidays announced until"))]
    change = c.Link(_("Change until when it takes needs"), f"/office/calls/{number}/change/")
    may = [
        *_of_experts(request, row),
        *_of_results(request, row),
        *([change] if reader_of(request).roles & APPOINTERS else []),
    ]
    parts = {
        "crumbs": c.Breadcrumbs(links=[c.Link(_("My desk"), "/desk/"), c.Link(_("Calls"), "/office/calls/")], here=number),
        "intro": c.Intro(title=words(row.title) or number, kicker=number, next=words(book.summary)),
        "facts": c.Facts(items=items), "above": [(_("Calendars it counts by"), c.DataTable(columns=columns, rows=days))],
        "actions": [c.Link(_("Print the guidelines in all languages"), f"/office/calls/{number}/guidelines/"), *may],
    }  # fmt: skip
    return render(request, "office/reading.html", parts)


def _of_experts(request: HttpRequest, row: Any) -> list[c.Link]:
    """Experts for the whole call: to propose while a challenge is under review, and as they were appointed."""
    reader, url = reader_of(request), f"/office/calls/{row.number}/experts/"
    links = []
    if reader.roles & OFFICERS and scope_of_call(row, reader=reader).challenges:
        links.append(c.Link(_("Propose experts for the whole call"), f"{url}proposal/"))
    if reader.roles & CASE_READERS and last_slate_of_call(row):
        links.append(c.Link(_("How the experts of the whole call were appointed"), f"{url}appointed/"))
    return links


def _of_results(request: HttpRequest, row: Any) -> list[c.Link]:
    """The results of the whole call, where the rulebook awards its challenges together."""
    if not awarded_together(rulebook(row.rulebook_id)):
        return []
    return for_roles(
        request, CASE_READERS, c.Link(_("Results of the whole call"), f"/office/calls/{row.number}/award/")
    )


@only(*APPOINTERS)
def change(request: HttpRequest, number: str) -> HttpResponse:
    """Say anew until when a call takes needs, or that it takes none from now on."""
    row = programme.find_call(number)
    if row is None:
        raise Http404
    zone = rulebook(row.rulebook_id).timezone
    url = f"/office/calls/{number}/"
    return serve(request, OneForm(
        operation="change_call", params=lambda post: _changed(number, post, zone), label=_("Change"),
        said=_("The call is changed."), to=url, back=url,
        fields=[
            c.Field(name="needs_until", label=_("Needs until"), kind="date", optional=True, short=True,
                    help=_("To the end of this day. Left empty, the call takes no more needs from now on.")),
            c.Field(name="why", label=_("Why"), kind="textarea"),
        ],
        intro=c.Intro(title=_("Change until when it takes needs"), kicker=number,
                      next=_("Needs that were sent go on; drafts wait for another call.")),
        crumbs=c.Breadcrumbs(links=[c.Link(_("Calls"), "/office/calls/"), c.Link(number, url)], here=_("Change")),
    ))  # fmt: skip


def _changed(number: str, post: Any, zone: str) -> dict[str, Any]:
    until = post.get("needs_until", "").strip()
    given = {"number": number, "why": post.get("why", "").strip()}
    return {**given, "needs_until": _end_of(until, zone)} if until else given


@only(*STAFF)
def guidelines(request: HttpRequest, number: str) -> HttpResponse:
    """The call's guidelines for paper, in every language of its rulebook, one after the other."""
    row = programme.find_call(number)
    if row is None:
        raise Http404
    book = rulebook(row.rulebook_id)
    versions = [
        (tag, (row.title.get(tag) or words(row.title)), printed(row.rulebook_id, tag))
        for tag in book.languages
    ]
    parts = {
        "crumbs": c.Breadcrumbs(
            links=[c.Link(_("Calls"), "/office/calls/"), c.Link(number, f"/office/calls/{number}/")],
            here=_("Guidelines"),
        ),
        "intro": c.Intro(
            title=_("Guidelines"),
            kicker=f"{words(row.title)} · {words(book.title)}, {book.version}",
            next=words(book.summary),
        ),
        "versions": versions,
        "seal": row.rulebook_id,
        "office": words(book.office),
    }
    return render(request, "office/guidelines.html", parts)


@only(*APPOINTERS)
def new(request: HttpRequest) -> HttpResponse:
    """Open a call: number, title, rulebook; calendars of its countries are frozen with it."""
    known = programme.versions()
    options = {row.pk: cells.rulebook_name(row.pk) for row in known}
    other = "zh-Hans" if language_tag() == "en" else "en"
    return serve(
        request,
        OneForm(
            operation="open_call",
            params=lambda post: _call(request, post, other),
            label=_("Open the call"),
            said=_("The call is open."),
            to=lambda done: f"/office/calls/{done.answer['number']}/",
            back="/office/calls/",
            fields=_opening(options, other),
            intro=c.Intro(title=_("Open a call"), next=_("Owners can then state needs under its rules.")),
            crumbs=c.Breadcrumbs(
                links=[c.Link(_("My desk"), "/desk/"), c.Link(_("Calls"), "/office/calls/")],
                here=_("Open a call"),
            ),
        ),
    )


@only("administrator")
def install(request: HttpRequest) -> HttpResponse:
    """Check a rulebook file and keep it; every fault is told at once, and nothing is half saved."""
    return serve(
        request,
        OneForm(
            operation="install_rulebook",
            params=lambda post: {"text": _text(request, post)},
            label=_("Check and install"),
            said=_("The rulebook is installed. Open a call to use it."),
            to="/office/calls/",
            names={"text": "text"},
            fields=[
                c.Field(
                    name="text",
                    label=_("Rulebook (YAML)"),
                    kind="textarea",
                    help=_("Paste the whole file. `jiebang rulebook check FILE` says the same beforehand."),
                )
            ],
            intro=c.Intro(
                title=_("Install a rulebook"),
                next=_("What was installed before stays for the decisions made under it."),
            ),
            crumbs=c.Breadcrumbs(
                links=[c.Link(_("My desk"), "/desk/"), c.Link(_("Calls"), "/office/calls/")],
                here=_("Install a rulebook"),
            ),
        ),
    )


def _text(request: HttpRequest, post: Any) -> str:
    return str(post.get("text", ""))


def _call(request: HttpRequest, post: Any, other: str) -> dict[str, Any]:
    titles = {language_tag(): post.get("title", "").strip(), other: post.get("title_other", "").strip()}
    chosen = post.get("rulebook", "")
    book = rulebook(chosen) if programme.find_version(chosen) else None
    counted = holidays.for_rulebook(book, year=now_of(request).year).as_data() if book else []
    given = {
        "number": post.get("number", "").strip(),
        "title": {tag: text for tag, text in titles.items() if text},
    }
    until = post.get("needs_until", "").strip()
    more = {"needs_until": _end_of(until, book.timezone)} if until and book else {}
    return {**given, "rulebook": chosen, "calendars": counted, **more}


def _end_of(day: str, zone: str) -> str:
    try:
        return end_of(date.fromisoformat(day), zone).isoformat()
    except ValueError:
        return day  # the operation refuses it beside its field


def _opening(options: dict[str, str], other: str) -> list[c.Field]:
    return [
        c.Field(
            name="number",
            label=_("Number"),
            short=True,
            maxlength=40,
            help=_("Such as GX-2026; it stands in addresses."),
        ),
        c.Field(name="title", label=_("Title")),
        c.Field(
            name="title_other",
            label=_("Title in Chinese") if other == "zh-Hans" else _("Title in English"),
            optional=True,
            lang=other,
        ),
        select(
            "rulebook",
            _("Rulebook"),
            options,
            help_text=_("It is frozen into the call; a later version changes no decision of this one."),
        ),
        c.Field(name="needs_until", label=_("Needs until"), kind="date", optional=True, short=True),
    ]


def _columns() -> list[Col]:
    return [
        Col(
            key="number",
            label=_("Number"),
            value=lambda r: r.number,
            sort="number",
            cell=cells.linked(lambda r: r.number, lambda r: f"/office/calls/{r.number}/"),
        ),
        Col(key="title", label=_("Title"), value=lambda r: words(r.title)),
        Col(key="rulebook", label=_("Rulebook"), value=lambda r: cells.rulebook_name(r.rulebook_id)),
        Col(
            key="opened_at",
            label=_("Opened"),
            value=lambda r: r.opened_at,
            sort="opened_at",
            cell=lambda r: c.Cell(cells.day_of(r.opened_at, rulebook(r.rulebook_id).timezone)),
        ),
        Col(key="many", label=_("Needs"), value=lambda r: r.many, number=True, sort="many"),
        Col(key="posted", label=_("Challenges"), value=lambda r: r.posted, number=True, sort="posted"),
    ]

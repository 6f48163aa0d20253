"""`/projects/<number>/chain/`: who does which part of a project from research to use, and where."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.decisions.lifecycle import flags
from jiebang.operations.things import interested
from jiebang.records.people.queries import organisations
from jiebang.records.people.roles import OFFICERS
from jiebang.records.projects import chain as queries
from jiebang.web import components as c
from jiebang.web.desk.gate import only
from jiebang.web.office import cells
from jiebang.web.office.one_form import OneForm, radios, select, typed
from jiebang.web.projects.room import Room, Section, form, head, page, room_or_404, table
from jiebang.web.public import chain as shown
from jiebang.web.site import language_tag


@only()
def chain(request: HttpRequest, number: str) -> HttpResponse:
    """The flow between the organisations, the map, every part in words, and what was withdrawn."""
    room = room_or_404(request, number)
    rows = list(queries.parts_of(room.row))
    sections = [_flow(room, rows), _told(room, rows), _withdrawn(room)]
    links = [c.Link(_("Record a part"), f"{room.url}chain/record/", current=True)] if may_record(room) else []
    return page(
        request,
        room,
        "chain",
        next_=_("Who does which part, and where: from research to use."),
        sections=[section for section in sections if section],
        links=links,
    )


@only(*OFFICERS, "lead")
def record(request: HttpRequest, number: str) -> HttpResponse:
    """Record a part: the lead of the project's parties, the office of any organisation."""
    room = _open(request, number)
    wanted = typed("link", "place", "country", "region", "does", "share", "share_of", "since")
    return form(request, room, "chain", OneForm(
        operation="record_chain_part", fields=_fields(room), to=f"{room.url}chain/",
        params=lambda post: {
            "project": number, "organisation": post.get("other", "").strip() or post.get("organisation", ""),
            "lang": language_tag(), **wanted(post),
        },
        intro=head(room, _("Record a part"), _("It stands on the public page of the project.")), label=_("Record it"),
        said=_("The part is recorded."),
    ))  # fmt: skip


@only(*OFFICERS, "lead")
def withdraw(request: HttpRequest, number: str, part: int) -> HttpResponse:
    """Withdraw a part, with why."""
    room = _open(request, number)
    row = next((row for row in queries.parts_of(room.row) if row.pk == part), None)
    if row is None:
        raise Http404
    why = c.Field(
        name="why", label=_("Why"), kind="textarea", maxlength=500, help=_("It is over, or it was wrong.")
    )
    told = f"{cells.party(row.party)} – {shown.label(room.book, row.link)}, {row.place}"
    return form(request, room, "chain", OneForm(
        operation="withdraw_chain_part", fields=[why], to=f"{room.url}chain/", label=_("Withdraw it"),
        params=lambda post: {"project": number, "part": part, "why": post.get("why", "").strip()},
        intro=head(room, _("Withdraw a part"), told), said=_("The part is withdrawn; it stays in the record."),
    ))  # fmt: skip


def may_record(room: Room) -> bool:
    """Whether the reader may record a part: the lead and the office, until the project has ended."""
    over = "final" in flags(room.book, kind="project", stage=room.row.stage)
    return (
        bool(room.book.vocabulary.chain)
        and not over
        and (room.holds("lead") or bool(room.reader.roles & OFFICERS))
    )


def _open(request: HttpRequest, number: str) -> Room:
    room = room_or_404(request, number)
    if not may_record(room):
        raise Http404
    return room


def _flow(room: Room, rows: Sequence[Any]) -> Section | None:
    if not rows:
        return None
    parts = [shown.project_figure(rows, room.book), shown.map_of(rows, room.book, url="")]
    return Section(heading=_("The chain"), id="chain", parts=parts)


def _told(room: Room, rows: Sequence[Any]) -> Section:
    may, places = may_record(room), shown.names_of(rows, room.book)
    heads = (*shown.heads(), _("Recorded"), *([""] if may else []))
    made = [
        [
            *(c.Cell(text) for text in shown.told(row, room.book, places)),
            c.Cell(f"{row.recorded_by.name}, {cells.day_of(row.recorded_at, room.book.timezone)}"),
            *([c.Cell(_("Withdraw"), f"{room.url}chain/{row.pk}/withdraw/")] if may else []),
        ]
        for row in rows
    ]
    texts = [] if made else [_("Nothing is recorded yet.")]
    return Section(heading=_("Parts"), id="parts", texts=texts, parts=[table(heads, made)])


def _withdrawn(room: Room) -> Section | None:
    rows = list(queries.withdrawn_from(room.row))
    if not rows:
        return None
    made = [
        [
            c.Cell(cells.party(row.party)), c.Cell(shown.label(room.book, row.link)), c.Cell(row.place), c.Cell(row.why),
            c.Cell(f"{row.withdrawn_by}, {cells.day_of(row.withdrawn_at, room.book.timezone)}"),
        ]
        for row in rows
    ]  # fmt: skip
    heads = (_("Organisation"), _("Part"), _("Where"), _("Why"), _("Withdrawn by"))
    return Section(heading=_("Withdrawn"), id="withdrawn", parts=[table(heads, made)])


def _fields(room: Room) -> list[c.Field]:
    book, known = (
        room.book,
        list(organisations().filter(party__in=interested(room.row)).select_related("party")),
    )
    countries = {code for place in book.places.values() for code in place.countries}
    countries |= {item.country for item in known if item.country}
    links = {key: shown.label(book, key) for key in book.vocabulary.chain}
    office = bool(room.reader.roles & OFFICERS)
    other = c.Field(name="other", label=_("Another organisation (its short name)"), optional=True,
                    help=_("The office may record one that is no party of the project."))  # fmt: skip
    return [
        select("organisation", _("Organisation"), {item.party.slug: cells.organisation(item) for item in known}),
        *([other] if office else []),
        radios("link", _("Part"), links, chosen=next(iter(links), "")),
        c.Field(name="does", label=_("What it does"), kind="textarea", maxlength=2000),
        c.Field(name="place", label=_("City or place"), maxlength=200),
        select("country", _("Country"), {"": _("The organisation's own"), **cells.countries(countries)}),
        c.Field(name="region", label=_("Region"), optional=True, short=True, help=_("ISO 3166-2, as CN-GX; its own if blank.")),
        c.Field(name="share", label=_("Share, in per cent"), optional=True, short=True, inputmode="decimal"),
        radios("share_of", _("Share of what"), {"": _("Not known"), "effort": _("The effort"), "money": _("The money")}),
        c.Field(name="since", label=_("Since"), kind="date", optional=True, short=True),
    ]  # fmt: skip

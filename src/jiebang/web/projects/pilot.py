"""`/projects/<number>/pilot/`: the protocol, what happened under it, what is still missing before the owner may sign."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.operations.pilot_facts import InForce, in_force
from jiebang.operations.things import owners
from jiebang.records.people.roles import OFFICERS
from jiebang.records.pilots.queries import site_keys, with_pilot
from jiebang.web import components as c
from jiebang.web.acting import render_reason
from jiebang.web.desk.gate import only
from jiebang.web.forms.standing import has_flag
from jiebang.web.projects import pilot_tables as tables
from jiebang.web.projects.room import Room, Section, page, room_or_404

HERE = "pilot"


@only()
def pilot(request: HttpRequest, number: str) -> HttpResponse:
    """The whole matter on one page."""
    room = room_or_404(request, number)
    row = with_pilot(room.row)
    held = in_force(row)
    sections = [
        _protocol(room), _runs(room, held), _incidents(room, held), _packages(room), _handover(room, held),
        _reports(room), _use(room),
    ]  # fmt: skip
    return page(request, room, HERE, next_=_next(room, held), sections=sections, banner=_banner(room, held))


def going(room: Room) -> bool:
    """Whether anything may be recorded: the agreement is in force and the project neither paused nor over."""
    stopped = has_flag(room.row, "final") or has_flag(room.row, "paused")
    return room.row.signed_at is not None and not room.ended and not stopped


def link(room: Room, text: str, path: str, *, main: bool = False) -> c.Link:
    """A way to a page of this matter; `main` for the one act that comes next."""
    return c.Link(text, f"{room.url}{HERE}/{path}", current=main)


def open_version(room: Room) -> Any:
    """The proposed version that nobody has agreed to yet; None when there is none."""
    rows = list(room.row.protocols.all())
    return rows[-1] if rows and not rows[-1].agreed_at else None


def may_agree(room: Room, version: Any) -> bool:
    """Whether the reader speaks for the side that is asked."""
    other = {"owner": "lead", "lead": "owner"}[version.side]
    return going(room) and room.holds(other) and not room.holds(version.side)


def _next(room: Room, held: InForce | None) -> str:
    version = open_version(room)
    if room.book.pilot is None:
        return _("The rulebook of this call asks for no pilot.")
    if hasattr(room.row, "validation"):
        return _("The owner has signed. What the signature rests on stands below.")
    if version is not None:
        return _("Version %(n)s of the protocol waits for the other side to agree.") % {"n": version.version}
    if held is None:
        return _("Owner and lead agree to a protocol first; nothing begins before.")
    if held.standing.reasons():
        return _("The pilot is under way. What is still missing stands below.")
    return _("Everything that the protocol asks for is there: the owner can sign the validation.")


def _banner(room: Room, held: InForce | None) -> c.Banner | None:
    if held is None or hasattr(room.row, "validation"):
        return None
    missing = [render_reason(item) for item in held.standing.reasons()]
    return (
        c.Banner(text=" ".join([_("Before the owner can sign:"), *missing]), tone="warning")
        if missing
        else None
    )


def _protocol(room: Room) -> Section:
    links, version = [], open_version(room)
    if version is not None and may_agree(room, version):
        links.append(link(room, _("Read it and agree"), f"protocol/{version.version}/", main=True))
    if going(room) and room.book.pilot and room.holds("owner", "lead"):
        text = _("Propose another version") if room.row.protocols.all() else _("Propose a protocol")
        links.append(link(room, text, "protocol/", main=not links and version is None))
    told = _(
        "Both sides agree to it before anything is run. A change is a new version that both agree to again."
    )
    return Section(
        heading=_("Protocol"), id="protocol", texts=[told], parts=[tables.versions(room)], links=links
    )


def _runs(room: Room, held: InForce | None) -> Section:
    side = held.terms.measured_by if held else ""
    measures = {"owner": ("owner",), "lead": ("lead",), "third_party": ("owner", *OFFICERS)}.get(side, ())
    links = [link(room, _("Record a run"), "run/")] if held and going(room) and room.holds(*measures) else []
    asked = tables.asked(room, held) if held else None
    return Section(heading=_("Runs"), id="runs", parts=[asked, tables.runs(room)], links=links,
                   texts=[] if held else [_("No protocol is agreed yet.")])  # fmt: skip


def _incidents(room: Room, held: InForce | None) -> Section:
    may = held and going(room) and room.holds("owner", "lead", *OFFICERS)
    links = [link(room, _("Report an incident"), "incident/")] if may else []
    shown = tables.incidents(room, held, acting=bool(may) and room.holds("owner", "lead"))
    texts = [] if shown else [_("None was reported.")]
    return Section(heading=_("Incidents"), id="incidents", texts=texts, parts=[shown], links=links)


def _packages(room: Room) -> Section:
    acting = going(room) and room.book.pilot is not None
    keys = list(site_keys(owners(room.row.challenge.need)))
    links = []
    if acting and keys and room.holds("owner", "lead", *OFFICERS):
        links.append(link(room, _("Take in a package"), "package/"))
    if acting and room.holds("owner"):
        links.append(link(room, _("Register the site's key"), "key/"))
    told = _(
        "The owner's site signs what it measured and carries it here on a stick. Each package names the one before it; "
        "“jiebang package verify” checks them without this server."
    )
    parts = [tables.packages(room), tables.keys(room, keys)]
    return Section(heading=_("Signed result packages"), id="packages", texts=[told], parts=parts, links=links)


def _handover(room: Room, held: InForce | None) -> Section:
    links = []
    if held and going(room) and room.holds("owner"):
        under_way = any(row.ended_on is None for row in room.row.handovers.all())
        pair = (
            (_("Say how it ended"), "handover/end/") if under_way else (_("Begin the handover"), "handover/")
        )
        links.append(link(room, *pair))
    told = _("The owner's own staff run it without the lead.")
    if held and held.terms.handover_days:
        days = held.terms.handover_days
        told = ngettext(
            "The owner's own staff run it for %(n)s day without the lead.",
            "The owner's own staff run it for %(n)s days without the lead.",
            days,
        ) % {"n": days}
    return Section(
        heading=_("Handover"), id="handover", texts=[told], parts=[tables.handovers(room, held)], links=links
    )


def _reports(room: Room) -> Section:
    links = [link(room, _("Add a user's report"), "report/")] if going(room) and room.holds("owner") else []
    shown = tables.reports(room)
    texts = [] if shown else [_("None was added.")]
    return Section(heading=_("Reports of users"), id="reports", texts=texts, parts=[shown], links=links)


def _use(room: Room) -> Section:
    links = [link(room, _("Record a cost"), "cost/")] if going(room) and room.holds("owner", "lead") else []
    texts, shown = tables.from_need_to_use(room)
    parts = [shown, tables.costs(room)]
    return Section(heading=_("From need to use"), id="use", texts=texts, parts=parts, links=links)

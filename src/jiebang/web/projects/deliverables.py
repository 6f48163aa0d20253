"""`/projects/<number>/deliverables/`: what was planned beside the result, what is confirmed of it, and what waits."""

from collections.abc import Sequence
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jiebang.adapters import files
from jiebang.decisions.deliverables import Tally
from jiebang.decisions.lifecycle import flags
from jiebang.operations.deliverables import recorder, tallies_of
from jiebang.records.deliverables import queries
from jiebang.records.people.roles import OFFICERS
from jiebang.web import components as c
from jiebang.web.desk.gate import only
from jiebang.web.forms import uploads
from jiebang.web.office import cells
from jiebang.web.projects.room import Room, Section, page, room_or_404, table
from jiebang.web.public import deliverables as shown
from jiebang.web.site import words

HERE = "deliverables"


@only()
def deliverables(request: HttpRequest, number: str) -> HttpResponse:
    """All of a project, each with its figures and the acts open to the reader; what was withdrawn below."""
    room = room_or_404(request, number)
    rows = [of_room(room, row) for row in queries.standing_in(room.row)]
    sections = [_one(room, row) for row in rows] or [_none(room)]
    gone = _withdrawn(room)
    return page(
        request, room, HERE, next_=_next(room, rows), links=_plans(room), sections=[*sections, *([gone] if gone else [])]
    )  # fmt: skip


@only()
def deliverable(request: HttpRequest, number: str, deliverable: int) -> HttpResponse:
    """One with every value that was recorded; `?measure=` and `?state=` leave those behind one figure."""
    room = room_or_404(request, number)
    row = found_or_404(room, deliverable)
    about = Section(
        heading=_("Planned, confirmed, waiting"), id="figures", texts=[_about(room, row)], parts=[_figures(room, row)],
        links=_acts(room, row),
    )  # fmt: skip
    next_ = _("It was withdrawn: %(why)s") % {"why": row.why} if row.withdrawn_at else _next(room, [row])
    return page(
        request,
        room,
        HERE,
        next_=next_,
        under=shown.name_of(row),
        sections=[about, _values(request, room, row)],
    )


@only()
def file(request: HttpRequest, number: str, deliverable: int, sha256: str) -> FileResponse:
    """`files/<sha256>/`: what shows a value, handed out only while it is what was recorded."""
    row = found_or_404(room_or_404(request, number), deliverable)
    kept = next((item.file for item in row.attainments.all() if item.file.get("sha256") == sha256), None)
    if kept is None or not files.unchanged(sha256):
        raise Http404
    return uploads.handed_out(sha256, name=str(kept["name"]))


def of_room(room: Room, row: Any) -> Any:
    """The row with the project that is read already."""
    row.project = room.row
    return row


def found_or_404(room: Room, key: int, *, standing: bool = False) -> Any:
    """One of the project; `standing`: not withdrawn, and the project has not ended."""
    row = queries.find_deliverable(room.row, key)
    if row is None or (standing and (row.withdrawn_at or over(room))):
        raise Http404
    return of_room(room, row)


def over(room: Room) -> bool:
    """Whether nothing is recorded any more."""
    return "final" in flags(room.book, kind="project", stage=room.row.stage)


def may_plan(room: Room) -> bool:
    """The lead and the office, until the project has ended."""
    return (
        bool(room.book.deliverables)
        and not over(room)
        and (room.holds("lead") or bool(room.reader.roles & OFFICERS))
    )


def may_withdraw(room: Room, row: Any) -> bool:
    """The lead until a value is confirmed, the office at any time."""
    confirmed = any(item.state == queries.CONFIRMED for item in row.attainments.all())
    return may_plan(room) and (not confirmed or bool(room.reader.roles & OFFICERS))


def may_record(room: Room) -> bool:
    """The lead and the partners at work, until the project has ended."""
    return not over(room) and recorder(room.reader, room.row) is not None


def to_answer(room: Room, row: Any, *, state: str = queries.WAITING) -> list[Any]:
    """The values that the reader may confirm or refuse: of the owner or the office, and recorded by neither of them."""
    holds = room.holds("owner") if state == queries.WAITING else False
    if over(room) or not (holds or room.reader.roles & OFFICERS):
        return []
    return [
        item
        for item in row.attainments.all()
        if item.state == state
        and item.recorded_by != room.reader.person
        and item.party_id not in room.reader.parties
    ]


def value_cells(room: Room, row: Any, item: Any) -> list[c.Cell]:
    """A recorded value: its measure, how much, of which days, what shows it, who recorded it and when."""
    kept, zone = item.file, room.book.timezone
    shows = (
        c.Cell(kept["name"], f"{room.url}{HERE}/{row.pk}/files/{kept['sha256']}/") if kept else c.Cell("–")
    )
    return [
        c.Cell(shown.measure_name(room.book, item.measure)), c.Cell(shown.figure(room.book, item.measure, item.value)),
        c.Cell(days(item)), shows,
        c.Cell(f"{item.recorded_by.name}, {cells.party(item.party)}, {cells.day_of(item.recorded_at, zone)}"),
    ]  # fmt: skip


def value_heads() -> tuple[str, ...]:
    """The columns of `value_cells`."""
    return _("Measure"), _("Value"), _("Days"), _("Shown by"), _("Recorded")


def days(item: Any) -> str:
    """`1 June 2026 – 30 June 2026`; one day once."""
    if item.first_day == item.last_day:
        return cells.day(item.first_day)
    return f"{cells.day(item.first_day)} – {cells.day(item.last_day)}"


def _next(room: Room, rows: Sequence[Any]) -> str:
    if room.book.deliverables is None:
        return _("The rulebook of this call names no deliverables.")
    if any(to_answer(room, row) for row in rows):
        return _("Values wait for your answer: confirm them, or refuse them with a reason.")
    return _(
        "The lead and the partners record what was attained; only what the owner or the office confirms counts."
    )


def _plans(room: Room) -> list[c.Link]:
    """A way to plan each kind that the rulebook knows."""
    kinds = room.book.deliverables.kinds if room.book.deliverables and may_plan(room) else {}
    return [
        c.Link(_("Plan: %(kind)s") % {"kind": words(kind.label)}, f"{room.url}{HERE}/plan/{key}/")
        for key, kind in kinds.items()
    ]


def _none(room: Room) -> Section:
    return Section(heading=_("Planned"), id="none", texts=[_("Nothing is planned yet.")])


def _one(room: Room, row: Any) -> Section:
    values = c.Link(_("Every value"), f"{room.url}{HERE}/{row.pk}/")
    return Section(
        heading=shown.name_of(row), id=f"d{row.pk}", texts=[_about(room, row)], parts=[_figures(room, row)],
        links=[*_acts(room, row), values],
    )  # fmt: skip


def _about(room: Room, row: Any) -> str:
    _name, *rest, since = shown.told(row, room.book)
    return " · ".join([*rest, _("from %(day)s on") % {"day": since}])


def _figures(room: Room, row: Any) -> c.DataTable:
    """Planned, confirmed and waiting of each measure; each figure opens to the values behind it."""
    heads = (_("Measure"), _("Planned"), _("Confirmed"), _("Waiting"))
    columns = [c.Column(label=text, number=place > 0) for place, text in enumerate(heads)]
    return c.DataTable(columns=columns, rows=[_row(room, row, item) for item in tallies_of(row)])


def _row(room: Room, row: Any, item: Tally) -> list[c.Cell]:
    planned = "–" if item.planned is None else shown.figure(room.book, item.measure, item.planned)
    return [
        c.Cell(shown.measure_name(room.book, item.measure)), c.Cell(planned),
        *(_behind(room, row, item, state) for state in (queries.CONFIRMED, queries.WAITING)),
    ]  # fmt: skip


def _behind(room: Room, row: Any, item: Tally, state: str) -> c.Cell:
    if not any(one.measure == item.measure and one.state == state for one in row.attainments.all()):
        return c.Cell("–")
    value = item.confirmed if state == queries.CONFIRMED else item.waiting
    url = f"{room.url}{HERE}/{row.pk}/?measure={item.measure}&state={state}#values"
    return c.Cell(shown.figure(room.book, item.measure, value), url)


def _acts(room: Room, row: Any) -> list[c.Link]:
    if row.withdrawn_at:
        return []
    at, links = f"{room.url}{HERE}/{row.pk}/", []
    if to_answer(room, row):
        links.append(c.Link(_("Confirm or refuse"), f"{at}confirm/", current=True))
    if may_record(room):
        links.append(c.Link(_("Record what was attained"), f"{at}record/", current=not links))
    if may_withdraw(room, row):
        links.append(c.Link(_("Withdraw"), f"{at}withdraw/"))
    return links


def _values(request: HttpRequest, room: Room, row: Any) -> Section:
    measure, state = request.GET.get("measure", ""), request.GET.get("state", "")
    rows = [
        item
        for item in row.attainments.all()
        if (not measure or item.measure == measure) and (not state or item.state == state)
    ]
    aside = (
        {item.pk for item in to_answer(room, row, state=queries.CONFIRMED)} if not row.withdrawn_at else set()
    )
    made = [
        [
            *value_cells(room, row, item),
            _state(item),
            c.Cell(_answer(room, item)),
            _aside(room, row, item, aside),
        ]
        for item in rows
    ]
    heads = (*value_heads(), _("State"), _("Answered"), "")
    if not any(line[-1].text for line in made):
        heads, made = heads[:-1], [line[:-1] for line in made]
    narrowed = bool(measure or state)
    links = [c.Link(_("Every value"), f"{room.url}{HERE}/{row.pk}/#values")] if narrowed else []
    texts = [] if made else [_("No value here.") if narrowed else _("Nothing is recorded yet.")]
    return Section(heading=_("The values"), id="values", texts=texts, parts=[table(heads, made)], links=links)


def _state(item: Any) -> c.Cell:
    stamps = {
        queries.WAITING: c.Stamp(_("Waiting"), "waiting"), queries.CONFIRMED: c.Stamp(_("Confirmed"), "done"),
        queries.REFUSED: c.Stamp(_("Refused"), "stopped"),
    }  # fmt: skip
    return c.Cell(part=stamps[item.state])


def _answer(room: Room, item: Any) -> str:
    if item.answered_by is None or item.answered_at is None:
        return "–"
    told = f"{item.answered_by.name}, {cells.day_of(item.answered_at, room.book.timezone)}"
    return f"{told}: {item.why}" if item.why else told


def _aside(room: Room, row: Any, item: Any, may: set[int]) -> c.Cell:
    if item.pk not in may:
        return c.Cell()
    return c.Cell(_("Set aside"), f"{room.url}{HERE}/{row.pk}/confirm/?value={item.pk}")


def _withdrawn(room: Room) -> Section | None:
    rows = list(queries.withdrawn_from(room.row))
    made = [
        [
            c.Cell(shown.name_of(row), f"{room.url}{HERE}/{row.pk}/"), c.Cell(shown.kind_name(room.book, row.kind)),
            c.Cell(shown.where(row)), c.Cell(row.why),
            c.Cell(f"{row.withdrawn_by}, {cells.day_of(row.withdrawn_at, room.book.timezone)}"),
        ]
        for row in rows
    ]  # fmt: skip
    heads = (_("Name"), _("Kind"), _("Where"), _("Why"), _("Withdrawn by"))
    return Section(heading=_("Withdrawn"), id="withdrawn", parts=[table(heads, made)]) if made else None

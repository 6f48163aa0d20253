"""`/projects/<number>/indicators/`: what was wanted and promised, every value ever measured, disputes, and the grade."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.decisions.measuring import Found
from jiebang.operations.facts import indicators as wanted_of
from jiebang.operations.facts import result_of
from jiebang.operations.testing import tests
from jiebang.records.indicators import queries
from jiebang.records.people.roles import OFFICERS
from jiebang.web import components as c
from jiebang.web.desk.gate import only
from jiebang.web.office import cells
from jiebang.web.projects import acceptance
from jiebang.web.projects.measured import Known, figure_of, role_name, state_of, with_unit
from jiebang.web.projects.room import Room, Section, page, room_or_404
from jiebang.web.public import findings, saying
from jiebang.web.site import words


@only()
def indicators(request: HttpRequest, number: str) -> HttpResponse:
    """The result as it stands, a plot for each indicator, all values, disputes, who tests."""
    room = room_or_404(request, number)
    known = Known.of(room)
    found, grading = result_of(room.row), queries.grading_of(room.row)
    disputes = list(queries.disputes(room.row))
    sections = [
        _result(room, known, found, grading),
        _plots(known),
        _values(room, known),
        *_disputes(room, known, disputes),
        _tester(room),
    ]
    return page(
        request,
        room,
        "indicators",
        next_=_next(found, disputes),
        sections=sections,
        links=_acts(room),
        banner=_banner(known),
    )


def may_measure(room: Room) -> bool:
    """Whether the reader may record a value: the office, the owner, the lead, or the independent tester."""
    if room.ended:
        return False
    return (
        room.holds("owner", "lead")
        or bool(room.reader.roles & OFFICERS)
        or tests(room.row, room.reader) is not None
    )


def _next(found: Sequence[Found], disputes: Sequence[Any]) -> str:
    if count := sum(item.status != "decided" for item in disputes):
        text = ngettext(
            "%(n)s value is in dispute: acceptance and payment wait.",
            "%(n)s values are in dispute: acceptance and payment wait.",
            count,
        )
        return text % {"n": count}
    if lacking := sum(item.met is None for item in found):
        text = ngettext(
            "%(n)s indicator has no value that counts yet.",
            "%(n)s indicators have no value that counts yet.",
            lacking,
        )
        return text % {"n": lacking}
    missed = sum(item.met is False for item in found)
    if missed:
        return ngettext("%(n)s indicator is missed.", "%(n)s indicators are missed.", missed) % {"n": missed}
    return _("Every indicator is reached.")


def _banner(known: Known) -> c.Banner | None:
    if not known.altered:
        return None
    text = ngettext(
        "%(n)s value or its evidence is no longer what was signed. It does not count; the journal has what it was.",
        "%(n)s values or their evidence are no longer what was signed. They do not count; the journal has what they were.",
        len(known.altered),
    )
    return c.Banner(text=text % {"n": len(known.altered)}, tone="error")


def _result(room: Room, known: Known, found: Sequence[Found], grading: Any) -> Section:
    heads = (
        _("Indicator"),
        _("Before"),
        _("Wanted"),
        _("Promised"),
        _("Counts"),
        _("Measured by"),
        _("As wanted"),
        _("As promised"),
    )
    rows = [_result_row(known, item) for item in found]
    columns = [c.Column(label=text, number=place in (1, 2, 3, 4)) for place, text in enumerate(heads)]
    texts = [_grade(room, grading)] if grading else []
    parts = [c.DataTable(columns=columns, rows=rows)] if rows else []
    return Section(heading=_("The result as it stands"), id="result", texts=texts, parts=parts)


def _result_row(known: Known, item: Found) -> list[c.Cell]:
    rule, value = known.rules[item.indicator], item.value
    base = rule.get("baseline")
    return [
        c.Cell(saying.plainly(rule.get("name")) or item.indicator),
        c.Cell(saying.figure(base) if base not in (None, "") else "–"),
        c.Cell(saying.threshold(rule)), c.Cell(saying.figure(known.promised.get(item.indicator)) or "–"),
        c.Cell(with_unit(value.value, rule), f"{known.url}values/{value.key}/") if value else c.Cell("–"),
        c.Cell(role_name(value.role) if value else "–"), _answer(item.met), _answer(item.kept),
    ]  # fmt: skip


def _answer(yes: bool | None) -> c.Cell:
    return c.Cell("–") if yes is None else c.Cell(part=findings.reached(yes))


def _grade(room: Room, grading: Any) -> str:
    rule = room.book.measuring
    known = rule.grades.get(grading.grade) if rule else None
    said = {
        "grade": words(known.label) if known else grading.grade,
        "day": cells.day_of(grading.at, room.book.timezone),
    }
    return _("Accepted on %(day)s as: %(grade)s.") % said


def _plots(known: Known) -> Section:
    parts = [figure_of(known, key) for key in known.rules if known.of_indicator(key)]
    texts = [] if parts else [_("Nothing has been measured yet.")]
    if parts:
        texts = [
            _(
                "Ring: the lead. Dot: the owner. Square: the office. Diamond: the tester. Crossed out: set aside."
            )
        ]
    return Section(heading=_("Over time"), id="plots", texts=texts, parts=parts)


def _values(room: Room, known: Known) -> Section:
    heads = (_("Indicator"), _("Value"), _("Measured by"), _("When"), _("Evidence"), _("State"))
    rows = [
        [
            c.Cell(known.name(row.indicator)),
            c.Cell(with_unit(row.value, known.rule(row.indicator)), f"{known.url}values/{row.pk}/"),
            c.Cell(f"{role_name(queries.role_of(row))}: {row.by.name}"),
            c.Cell(cells.moment(row.at, room.book.timezone)),
            c.Cell(_files(row)),
            c.Cell(part=state_of(known, row)),
        ]
        for row in reversed(known.rows)
    ]
    columns = [c.Column(label=text, number=text == heads[1]) for text in heads]
    parts = [c.DataTable(columns=columns, rows=rows)] if rows else []
    return Section(
        heading=_("Every value measured"), id="values", parts=parts, texts=[] if rows else [_("None yet.")]
    )


def _files(row: Any) -> str:
    count = len(row.evidence.all())
    return ngettext("%(n)s file", "%(n)s files", count) % {"n": count} if count else "–"


def _disputes(room: Room, known: Known, disputes: Sequence[Any]) -> Iterator[Section]:
    if not disputes:
        return
    states = {
        "open": (_("waits for the re-run"), "deciding"),
        "measured": (_("waits to be decided"), "deciding"),
        "decided": (_("decided"), "done"),
    }
    rows = [
        [c.Cell(str(row.order), f"{known.url}disputes/{row.order}/"), c.Cell(known.name(row.measurement.indicator)),
         c.Cell(with_unit(row.measurement.value, known.rule(row.measurement.indicator))), c.Cell(row.why),
         c.Cell(with_unit(row.rerun.value, known.rule(row.measurement.indicator)) if row.rerun else "–"),
         c.Cell(part=c.Stamp(*states[row.status]))]  # type: ignore[arg-type]
        for row in disputes
    ]  # fmt: skip
    heads = (_("Number"), _("Indicator"), _("Disputed value"), _("Why"), _("Measured anew"), _("State"))
    columns = [c.Column(label=text, number=text in (heads[2], heads[4])) for text in heads]
    yield Section(heading=_("Disputes"), id="disputes", parts=[c.DataTable(columns=columns, rows=rows)])


def _tester(room: Room) -> Section:
    row = queries.tester_of(room.row)
    may = bool(room.reader.roles & OFFICERS) and not room.ended
    links = [c.Link(_("Name an independent tester"), f"{room.url}indicators/tester/")] if may else []
    if row is None:
        return Section(
            heading=_("Independent tester"), id="tester", texts=[_("Nobody is named yet.")], links=links
        )
    said = {
        "name": cells.party(row.party),
        "day": cells.day_of(row.named_at, room.book.timezone),
        "why": row.why,
    }
    text = _("%(name)s, named on %(day)s: %(why)s") % said
    checked = _("No tie to the owner, the lead, the partners or the other bidders was on record on that day.")
    return Section(heading=_("Independent tester"), id="tester", texts=[text, checked], links=links)


def _acts(room: Room) -> list[c.Link]:
    measure = [c.Link(_("Record a measured value"), f"{room.url}indicators/measure/")]
    return [*(measure if may_measure(room) else []), acceptance.link(room)]


def shown(rule: Mapping[str, Any]) -> str:
    """An indicator in a list of choices: its name and what is wanted."""
    return f"{saying.plainly(rule.get('name')) or rule['id']} ({saying.threshold(rule)})"


def choices(room: Room) -> dict[str, str]:
    """The indicators of the challenge by id."""
    return {str(item["id"]): shown(item) for item in wanted_of(room.row.challenge)}

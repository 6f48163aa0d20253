"""`/office/challenges/<number>/panel/`: panels of a challenge, convened, held and closed; a pitch on one screen for the room."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.decisions.scores import OVERALL
from jiebang.operations.judging import judged
from jiebang.records.panels.queries import find_panel, panels_on
from jiebang.records.people.roles import CASE_READERS, OFFICERS
from jiebang.rules.schema import PanelRule, Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.desk.gate import only
from jiebang.web.office import cells
from jiebang.web.office import preview as shown
from jiebang.web.office.case import Case, case_or_404, crumbs
from jiebang.web.office.challenges import frame
from jiebang.web.office.one_form import OneForm, radios, serve, typed
from jiebang.web.public import saying
from jiebang.web.public.frame import person_name
from jiebang.web.site import language_tag, reader_of, words


@only(*CASE_READERS)
def panel(request: HttpRequest, number: str) -> HttpResponse:
    """Every panel of the challenge, the latest first, with what was said there."""
    case = case_or_404("challenge", number, reader_of(request))
    rows = list(panels_on(case.thing))
    stage = case.book.lifecycles["challenge"].stages[case.thing.stage]
    acting = bool(case.reader.roles & OFFICERS)
    may = acting and case.book.panel is not None and "reviewing" in stage.flags
    parts = {
        **frame(case, "panel"),
        "panels": [block(row, case.book, at=case.reader.at, acting=acting) for row in rows],
        "convene": f"{case.url}panel/new/" if may and all(row.closed_at for row in rows) else "",
    }
    return render(request, "office/panel.html", parts)


@only(*OFFICERS)
def convene(request: HttpRequest, number: str) -> HttpResponse:
    """Call the experts together; a pitch gives each bid its minutes."""
    case = case_or_404("challenge", number, reader_of(request))
    rule = case.book.panel
    if rule is None:
        raise Http404
    kinds = {"meeting": _("The experts meet among themselves"), "pitch": _pitch(rule)}
    fields = [radios("kind", _("What kind of panel"), kinds, chosen="meeting"), *_when(case.book), _agenda()]
    return serve(request, OneForm(
        operation="convene_panel", label=_("Call the panel"), fields=fields, to=f"{case.url}panel/",
        params=lambda post: {"challenge": number, **typed("kind", "place", "agenda")(post), **_moment(post, case.book)},
        said=_("The panel is called; its experts, and the leads of a pitch, were told."),
        intro=c.Intro(title=_("Call a panel"), kicker=f"{number} · {shown.title(case)}",
                      next=_("The experts who judge these bids are told; bids come in the order of their numbers.")),
        crumbs=crumbs(case, list_name=_("Challenges"), here=_("Call a panel")),
    ))  # fmt: skip


@only(*OFFICERS)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time or place for a panel that has not begun."""
    row, case = _found(request, pk)
    local = row.held_at.astimezone(ZoneInfo(case.book.timezone))
    return _one(request, case, "move_panel", _("Move the panel"),
                fields=_when(case.book, at=f"{local:%Y-%m-%dT%H:%M}", place=row.place),
                params=lambda post: {"panel": pk, **typed("place")(post), **_moment(post, case.book)},
                said=_("The panel is moved; everybody was told."))  # fmt: skip


@only(*OFFICERS)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the minutes; then no score of the panel changes any more."""
    _row, case = _found(request, pk)
    field = c.Field(name="minutes", label=_("Minutes"), kind="textarea",
                    help=_("Who was there, what was weighed, how the panel came to its view. The auditor reads it."))  # fmt: skip
    return _one(request, case, "close_panel", _("Close the panel"), fields=[field],
                params=lambda post: {"panel": pk, "minutes": post.get("minutes", "").strip(), "lang": language_tag()},
                said=_("The panel is closed."))  # fmt: skip


@only(*OFFICERS)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call off a panel in which nothing was said."""
    _row, case = _found(request, pk)
    field = c.Field(
        name="why", label=_("Reason"), kind="textarea", help=_("Everybody who was called reads it.")
    )
    return _one(request, case, "cancel_panel", _("Call the panel off"), fields=[field],
                params=lambda post: {"panel": pk, "why": post.get("why", "").strip()},
                said=_("The panel is called off; everybody was told."))  # fmt: skip


@only(*CASE_READERS)
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """One screen for the room: who is on, until when, and every total that was signed, as it is signed."""
    row, case = _found(request, pk, closed=True)
    at = case.reader.at
    parts = {
        "intro": c.Intro(title=shown.title(case), kicker=_title(row, case.book), next=_now(row, case.book, at)),
        "slots": slots(row, case.book, at=at), "here": request.path, "live": row.closed_at is None,
        "back": f"{case.url}panel/",
    }  # fmt: skip
    template = "office/panel_slots.html" if request.headers.get("HX-Request") else "office/panel_board.html"
    return render(request, template, parts)


def block(row: Any, book: Rulebook, *, at: datetime, acting: bool = False) -> Mapping[str, Any]:
    """One panel: when and where, agenda, bids, changes, minority views, minutes, and what may be done with it."""
    ways = [] if row.closed_at or not acting else _ways(row, at)
    return {
        "title": _title(row, book), "stamp": _stamp(row, at), "place": row.place, "agenda": saying.say(row.agenda),
        "slots": slots(row, book, at=at), "changes": changes(row, book), "views": _views(row),
        "minutes": saying.say(row.minutes), "ways": ways, "board": f"/office/panels/{row.pk}/board/",
    }  # fmt: skip


def slots(row: Any, book: Rulebook, *, at: datetime) -> c.DataTable:
    """The bids in order with the totals signed so far; nobody's name stands at a total."""
    overall = {
        score.bid: score for score in judged(row.challenge, now=at).scores if score.criterion == OVERALL
    }
    columns = [
        c.Column(label="#"), c.Column(label=_("Bid")), c.Column(label=_("Lead")), c.Column(label=_("Begins")),
        c.Column(label=_("Signed totals")), c.Column(label=_("Score that ranks"), number=True),
    ]  # fmt: skip
    rows = []
    for slot in row.slots.all():
        score = overall.get(slot.bid.number)
        totals = " · ".join(_number(total) for total in score.totals) if score else ""
        rows.append([
            c.Cell(str(slot.order)), c.Cell(slot.bid.number), c.Cell(cells.party(slot.bid.consortium.lead)),
            c.Cell(_clock(slot.starts_at, book) if slot.starts_at else "–"), c.Cell(totals or "–"),
            c.Cell(_number(score.adjusted) if score and score.adjusted is not None else "–"),
        ])  # fmt: skip
    return c.DataTable(columns=columns, rows=rows)


def changes(row: Any, book: Rulebook) -> c.DataTable | None:
    """Scores changed in the panel, each with what it was and why."""
    made = [
        [
            c.Cell(item.assignment.bid.number), c.Cell(words(book.criteria[item.criterion].label)),
            c.Cell(f"{_number(item.before)} → {_number(item.after)}"), c.Cell(item.why),
            c.Cell(person_name(item.assignment.expert)), c.Cell(cells.moment(item.at, book.timezone)),
        ]
        for item in row.changes.all()
        if item.criterion in book.criteria
    ]  # fmt: skip
    heads = (_("Bid"), _("Criterion"), _("Score"), _("Reason"), _("Expert"), _("When"))
    return c.DataTable(columns=[c.Column(label=text) for text in heads], rows=made) if made else None


def _views(row: Any) -> list[Mapping[str, Any]]:
    return [
        {
            "who": person_name(view.expert),
            "bid": view.bid.number if view.bid else "",
            "text": saying.say(view.text),
        }
        for view in row.minority_views.all()
    ]


def _found(request: HttpRequest, pk: int, *, closed: bool = False) -> tuple[Any, Case]:
    row = find_panel(pk)
    if row is None or (row.closed_at is not None and not closed):
        raise Http404
    return row, case_or_404("challenge", row.challenge.number, reader_of(request))


def _one(request: HttpRequest, case: Case, operation: str, label: str, **given: Any) -> HttpResponse:
    intro = c.Intro(title=label, kicker=f"{case.thing.number} · {shown.title(case)}")
    return serve(request, OneForm(operation=operation, label=label, to=f"{case.url}panel/", intro=intro,
                                  crumbs=crumbs(case, list_name=_("Challenges"), here=label), **given))  # fmt: skip


def _ways(row: Any, at: datetime) -> list[c.Link]:
    url = f"/office/panels/{row.pk}/"
    if row.held_at <= at:
        begun = [c.Link(_("Close the panel"), f"{url}close/")]
        quiet = not row.changes.all() and not row.minority_views.all()
        return [*begun, *([c.Link(_("Call the panel off"), f"{url}cancel/")] if quiet else [])]
    return [c.Link(_("Move the panel"), f"{url}move/"), c.Link(_("Call the panel off"), f"{url}cancel/")]


def _title(row: Any, book: Rulebook) -> str:
    kind = _("Pitch") if row.kind == "pitch" else _("Panel")
    return f"{kind} · {cells.moment(row.held_at, book.timezone)}"


def _stamp(row: Any, at: datetime) -> c.Stamp:
    if row.closed_at:
        return c.Stamp(_("Closed"), "done")
    return c.Stamp(_("Meets now"), "open") if row.held_at <= at else c.Stamp(_("Called"), "waiting")


def _now(row: Any, book: Rulebook, at: datetime) -> str:
    """Who is on the stage now and until when, in a pitch."""
    rule, on = book.panel, [slot for slot in row.slots.all() if slot.starts_at and slot.starts_at <= at]
    if row.closed_at or rule is None or not on:
        return ""
    slot = on[-1]
    speaks = slot.starts_at + timedelta(minutes=rule.pitch_minutes)
    ends = speaks + timedelta(minutes=rule.question_minutes)
    if at >= ends:
        return _("All bids were heard; scores can be signed.")
    who = {"bid": slot.bid.number, "speaks": _clock(speaks, book), "ends": _clock(ends, book)}
    return _("Now: %(bid)s. On stage until %(speaks)s, questions until %(ends)s.") % who


def _clock(moment: datetime, book: Rulebook) -> str:
    return formats.clock_time(moment, lang=language_tag(), zone=book.timezone)


def _pitch(rule: PanelRule) -> str:
    given = {"pitch": rule.pitch_minutes, "questions": rule.question_minutes}
    return (
        _(
            "Pitch: each lead has %(pitch)s minutes, then %(questions)s of questions; scores are signed on the spot"
        )
        % given
    )


def _when(book: Rulebook, *, at: str = "", place: str = "") -> list[c.Field]:
    return [
        c.Field(name="held_at", label=_("It begins"), kind="datetime-local", short=True, value=at,
                help=_("Day and time in %(zone)s.") % {"zone": book.timezone}),
        c.Field(name="place", label=_("Place"), maxlength=300, value=place,
                help=_("A room, or the address of a meeting on line.")),
    ]  # fmt: skip


def _agenda() -> c.Field:
    return c.Field(
        name="agenda",
        label=_("Agenda"),
        kind="textarea",
        optional=True,
        help=_("What is to be weighed beside the scores."),
    )


def _moment(post: QueryDict, book: Rulebook) -> dict[str, str]:
    """The typed day and time on the programme's clock; what is no time goes to the operation as it is."""
    text = post.get("held_at", "").strip()
    try:
        return {"held_at": datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(book.timezone)).isoformat()}
    except ValueError:
        return {"held_at": text}


def _number(value: Any) -> str:
    return formats.number(round(float(value), 2), lang=language_tag())

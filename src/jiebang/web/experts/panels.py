"""`/reviews/panels/<id>/`: a panel as its experts see it; change a score with a reason, or put a minority view on record."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.operations.things import book_of
from jiebang.records.panels.queries import find_panel, sits_on
from jiebang.records.reviews.queries import OVER, assignments_of
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web.desk.gate import only
from jiebang.web.experts.review import mine
from jiebang.web.office import panels as held
from jiebang.web.office.judged import status
from jiebang.web.office.one_form import OneForm, select, serve, typed
from jiebang.web.site import language_tag, reader_of, words


@only("expert")
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """Agenda, bids and totals without names; one's own reviews with what may be done."""
    row, book = _found(request, pk)
    at, person = reader_of(request).at, reader_of(request).person
    meets = row.closed_at is None and row.held_at <= at
    own = assignments_of(person).filter(bid__challenge=row.challenge).exclude(status__in=OVER)
    block = held.block(row, book, at=at)
    parts = {
        "crumbs": _crumbs(block["title"]),
        "intro": c.Intro(title=words(row.challenge.title), kicker=f"{row.challenge.number} · {block['title']}",
                         stamp=block["stamp"], next=_next(row, meets=meets)),
        "panel": block, "own": _own(own, pk, meets=meets), "minority": f"/reviews/panels/{pk}/minority/" if meets else "",
    }  # fmt: skip
    return render(request, "experts/panel.html", parts)


@only("expert")
def change(request: HttpRequest, pk: int, assignment: int) -> HttpResponse:
    """Change one score of one's own signed review; it stays visible what it was."""
    row, book = _found(request, pk)
    asked = mine(request, assignment)
    if asked.bid.challenge_id != row.challenge_id or row.closed_at is not None:
        raise Http404
    given = {score.criterion: score.value for score in asked.scores.all()}
    criteria = {
        key: f"{words(rule.label)}: {given[key]:f}".rstrip("0").rstrip(".")
        for key, rule in book.criteria.items()
        if key in given
    }
    fields = [
        select("criterion", _("Which score"), criteria),
        c.Field(name="value", label=_("The new score"), kind="number", short=True),
        c.Field(
            name="why",
            label=_("Reason"),
            kind="textarea",
            help=_("The office, the auditor and the panel read it."),
        ),
    ]
    return serve(request, OneForm(
        operation="change_score", label=_("Change the score"), fields=fields, to=f"/reviews/panels/{pk}/",
        params=lambda post: {"assignment": assignment, **typed("criterion", "value", "why")(post)},
        said=_("The score is changed; what it was stays on record."),
        intro=c.Intro(title=_("Change a score"), kicker=asked.bid.number), crumbs=_crumbs(_("Change a score")),
    ))  # fmt: skip


@only("expert")
def minority(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one sees it otherwise than the others."""
    row, _book = _found(request, pk)
    if row.closed_at is not None:
        raise Http404
    bids = {slot.bid.number: slot.bid.number for slot in row.slots.all()}
    fields = [
        select("bid", _("About"), {"": _("All bids"), **bids}),
        c.Field(
            name="text",
            label=_("Your view"),
            kind="textarea",
            help=_("It stands in the record of the panel under your name."),
        ),
    ]
    return serve(request, OneForm(
        operation="give_minority_view", label=_("Put it on record"), fields=fields, to=f"/reviews/panels/{pk}/",
        params=lambda post: {"panel": pk, "lang": language_tag(), **typed("bid", "text")(post)},
        said=_("Your view is on record."), intro=c.Intro(title=_("A minority view"), kicker=row.challenge.number),
        crumbs=_crumbs(_("A minority view")),
    ))  # fmt: skip


def _found(request: HttpRequest, pk: int) -> tuple[Any, Rulebook]:
    row = find_panel(pk)
    if row is None or not sits_on(row, reader_of(request).person):
        raise Http404
    return row, book_of(row.challenge)


def _own(rows: Any, pk: int, *, meets: bool) -> c.DataTable:
    columns = [c.Column(label=_("Bid")), c.Column(label=_("State")), c.Column(label=_("What you can do"))]
    made = [
        [c.Cell(row.bid.number, f"/reviews/{row.pk}/"), c.Cell(part=status(row)),
         c.Cell(_("Change a score"), f"/reviews/panels/{pk}/change/{row.pk}/") if meets and row.status == "signed"
         else c.Cell(_("Score and sign"), f"/reviews/{row.pk}/") if row.status != "signed" else c.Cell("–")]
        for row in rows
    ]  # fmt: skip
    return c.DataTable(columns=columns, rows=made)


def _next(row: Any, *, meets: bool) -> str:
    if row.closed_at:
        return _("The panel is closed; its scores stay.")
    if meets:
        return _(
            "The panel meets: discuss, change a signed score with a reason if you must, and say if you see it otherwise."
        )
    return _("Score and sign your bids before; in a pitch you sign on the spot.")


def _crumbs(here: str) -> c.Breadcrumbs:
    return c.Breadcrumbs(links=[c.Link(_("My desk"), "/desk/"), c.Link(_("Reviews"), "/reviews/")], here=here)

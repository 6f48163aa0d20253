"""`/reviews/`: everything an expert was asked: bids to judge, needs to argue."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.records.challenges.office import arguments_of
from jiebang.records.programme.queries import rulebook
from jiebang.records.reviews.queries import OPEN, assignments_of
from jiebang.web import components as c
from jiebang.web.desk.clocks import clock
from jiebang.web.desk.gate import only
from jiebang.web.desk.items import waiting_words
from jiebang.web.office.judged import status
from jiebang.web.public.frame import need_title
from jiebang.web.public.states import stage_of
from jiebang.web.site import now_of, reader_of, words


@only("expert")
def reviews(request: HttpRequest) -> HttpResponse:
    """All assignments, open ones first, with their clocks."""
    rows = sorted(
        assignments_of(reader_of(request).person), key=lambda row: (not is_open(row), row.bid.number)
    )
    needs = list(arguments_of(reader_of(request).person))
    waiting = sum(1 for row in rows if is_open(row)) + sum(1 for row in needs if row.given_at is None)
    following = waiting_words(waiting)
    parts = {
        "intro": c.Intro(title=_("Reviews"), next=following),
        "crumbs": c.Breadcrumbs(links=[c.Link(_("My desk"), "/desk/")], here=_("Reviews")),
        "bids": _bids(request, rows),
        "needs": _needs(request, needs),
        "empty": None
        if rows or needs
        else c.EmptyState(
            title=_("You were not asked yet"),
            sentence=_("When the office asks you to judge a bid or argue a need, it stands here."),
        ),
    }
    return render(request, "experts/list.html", parts)


def is_open(row: Any) -> bool:
    """Whether an assignment can still be worked on."""
    posted = row.bid.challenge
    stage = stage_of(rulebook(posted.call.rulebook_id), "challenge", posted.stage)
    return row.status in OPEN and stage is not None and "reviewing" in stage.flags


def _bids(request: HttpRequest, rows: list[Any]) -> c.DataTable | None:
    if not rows:
        return None
    heads = (_("Bid"), _("Challenge"), _("State"), _("By when"))
    return c.DataTable(
        columns=[c.Column(label=text) for text in heads],
        rows=[
            [
                c.Cell(row.bid.number, f"/reviews/{row.pk}/"),
                c.Cell(f"{row.bid.challenge.number} · {words(row.bid.challenge.title)}"),
                c.Cell(part=status(row)),
                _limit(request, row.bid.challenge) if is_open(row) else c.Cell("–"),
            ]
            for row in rows
        ],
    )


def _needs(request: HttpRequest, rows: list[Any]) -> c.DataTable | None:
    if not rows:
        return None
    heads = (_("Need"), _("Title"), _("State"), _("By when"))
    return c.DataTable(columns=[c.Column(label=text) for text in heads], rows=[
        [
            c.Cell(row.need.number, f"/reviews/needs/{row.need.number}/"), c.Cell(need_title(row)), c.Cell(part=_given(row)),
            _limit(request, row.need) if row.given_at is None else c.Cell("–"),
        ]
        for row in rows
    ])  # fmt: skip


def _given(row: Any) -> c.Stamp:
    return c.Stamp(_("Given"), "done") if row.given_at else c.Stamp(_("Asked"), "waiting")


def _limit(request: HttpRequest, thing: Any) -> c.Cell:
    made = clock(
        thing.due_at,
        call=thing.call,
        country=thing.country,
        now=now_of(request),
        provisional=thing.due_provisional,
    )
    return c.Cell(part=made) if made else c.Cell("–")

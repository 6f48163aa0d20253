"""`/objections/<number>/`: an objection and its answer, for whoever raised it and those who may read it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.records.awards.office import objections
from jiebang.records.programme.queries import rulebook
from jiebang.web import components as c
from jiebang.web.desk.clocks import clock
from jiebang.web.desk.gate import only
from jiebang.web.office.objections import outcome_stamp
from jiebang.web.public import saying
from jiebang.web.public.frame import moment
from jiebang.web.public.notice import crumbs
from jiebang.web.site import now_of, reader_of, words


@only()
def objection(request: HttpRequest, number: str) -> HttpResponse:
    """What was objected, where it stands and what was answered; no names."""
    row = objections(reader=reader_of(request)).filter(number=number).first()
    if row is None:
        raise Http404
    posted = row.challenge
    answer = [(_("The answer"), saying.say(row.answer))] if row.answered_at else []
    parts = {
        "crumbs": crumbs(posted, row.number),
        "intro": c.Intro(
            title=_("Objection %(number)s") % {"number": row.number}, stamp=outcome_stamp(row), next=_next(row),
            kicker=f"{posted.number} · {words(posted.title)}",
        ),
        "facts": _facts(row, now_of(request)),
        "above": [(_("The objection"), saying.say(row.text)), *answer],
        "actions": [c.Link(_("See the result"), f"/challenges/{posted.number}/result/")],
    }  # fmt: skip
    return render(request, "office/reading.html", parts)


def _next(row: Any) -> str:
    if row.answered_at:
        return _("It was answered in writing; the reasons stand below.")
    return _("Somebody who judged no bid here answers in writing. You are told by mail and on your desk.")


def _facts(row: Any, now: Any) -> c.Facts:
    posted = row.challenge
    book = rulebook(posted.call.rulebook_id)
    items: list[tuple[str, Any]] = [(_("Received"), moment(row.received_at, book=book))]
    if row.answered_at:
        items.append((_("Answered"), moment(row.answered_at, book=book)))
    elif row.due_at:
        limit = clock(row.due_at, call=posted.call, country=posted.country, now=now)
        items.append((_("Answer by"), limit))
    return c.Facts(items=items, title=_("At a glance"))

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
from jiebang.web.office.objections import heading, outcome_stamp
from jiebang.web.office.one_form import OneForm, serve
from jiebang.web.public import saying
from jiebang.web.public.frame import moment
from jiebang.web.public.notice import crumbs
from jiebang.web.site import language_tag, now_of, reader_of, words


@only()
def objection(request: HttpRequest, number: str) -> HttpResponse:
    """What was objected, where it stands and what was answered; no names."""
    row = objections(reader=reader_of(request)).filter(number=number).first()
    if row is None:
        raise Http404
    posted = row.challenge
    answer = [(_("The answer"), saying.say(row.answer))] if row.answered_at else []
    now = now_of(request)
    parts = {
        "crumbs": crumbs(posted, row.number),
        "intro": c.Intro(
            title=heading(row), stamp=outcome_stamp(row), next=_next(row, now),
            kicker=f"{posted.number} · {words(posted.title)}",
        ),
        "facts": _facts(row, now),
        "above": [(_("The objection"), saying.say(row.text)), *answer],
        "actions": [*_appeal(row, now), c.Link(_("See the result"), f"/challenges/{posted.number}/result/")],
    }  # fmt: skip
    return render(request, "office/reading.html", parts)


@only()
def appeal(request: HttpRequest, number: str) -> HttpResponse:
    """`/objections/<number>/appeal/`: against the answer, once, by who objected."""
    person = reader_of(request).person
    row = objections(reader=reader_of(request)).filter(number=number, by=person).first()
    if row is None or row.answered_at is None:
        raise Http404
    field = c.Field(name="text", label=_("Why the answer is wrong"), kind="textarea", maxlength=4000,
                    help=_("Name what it overlooked and where that can be checked."))  # fmt: skip
    return serve(request, OneForm(
        operation="raise_appeal", label=_("Appeal"), fields=[field], back=f"/objections/{number}/",
        params=lambda post: {"objection": number, "text": post.get("text", "").strip(), "lang": language_tag()},
        to=lambda done: f"/objections/{done.answer['number']}/",
        said=_("Your appeal was received; the award waits for its answer."),
        intro=c.Intro(title=_("Appeal against the answer"), kicker=f"{number} · {words(row.challenge.title)}",
                      next=_("Somebody who did not answer your objection decides. There is one appeal.")),
        above=[(_("The objection"), saying.say(row.text)), (_("The answer"), saying.say(row.answer))],
        crumbs=crumbs(row.challenge, _("Appeal")),
    ))  # fmt: skip


def _appeal(row: Any, now: Any) -> list[c.Link]:
    """What leads on from an objection: to its appeal, or to making one."""
    if raised := getattr(row, "appeal", None):
        return [c.Link(_("See the appeal"), f"/objections/{raised.number}/")]
    if row.appeal_of:
        return [c.Link(_("See the objection"), f"/objections/{row.appeal_of.number}/")]
    if row.appeal_until and now < row.appeal_until:
        return [c.Link(_("Appeal against the answer"), f"/objections/{row.number}/appeal/")]
    return []


def _next(row: Any, now: Any) -> str:
    if row.appeal_until and now < row.appeal_until and not hasattr(row, "appeal"):
        return _("It was answered in writing. You may appeal once while the time below runs.")
    if row.answered_at:
        return _("It was answered in writing; the reasons stand below.")
    return _("Somebody who judged no bid here answers in writing. You are told by mail and on your desk.")


def _facts(row: Any, now: Any) -> c.Facts:
    posted = row.challenge
    book = rulebook(posted.call.rulebook_id)
    items: list[tuple[str, Any]] = [(_("Received"), moment(row.received_at, book=book))]
    if row.answered_at:
        items.append((_("Answered"), moment(row.answered_at, book=book)))
        if row.appeal_until:
            made = clock(row.appeal_until, call=posted.call, country=posted.country, now=now)
            items.append((_("Appeal until"), made))
    elif row.due_at:
        limit = clock(row.due_at, call=posted.call, country=posted.country, now=now)
        items.append((_("Answer by"), limit))
    return c.Facts(items=items, title=_("At a glance"))

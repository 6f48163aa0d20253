"""`/projects/<number>/diligence/`: what was done with due care, what was learned, and what the owner says to it."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from jiebang.records.people.roles import OFFICERS
from jiebang.records.projects.queries import diligence_of
from jiebang.rules.schema import FormName
from jiebang.web import components as c
from jiebang.web.desk.gate import only
from jiebang.web.forms import answers
from jiebang.web.office.one_form import OneForm, radios
from jiebang.web.projects.room import Room, Section, Written, form, head, page, room_or_404, write
from jiebang.web.public import saying
from jiebang.web.public.frame import moment
from jiebang.web.site import language_tag, words

HERE = "agreement"
FORM: FormName = "due_diligence"


@only()
def diligence(request: HttpRequest, number: str) -> HttpResponse:
    """The text with the owner's answer, and what each may do about it."""
    room = room_or_404(request, number)
    if FORM not in room.book.forms:
        raise Http404
    next_ = _(
        "Honest failure is not punished: say what was done, what stood in the way and what others can learn."
    )
    title = words(room.book.forms[FORM].label)
    return page(request, room, HERE, next_=next_, sections=list(_text(room)), links=_links(room), under=title)


@only("lead", *OFFICERS)
def state(request: HttpRequest, number: str) -> HttpResponse:
    """`state/`: write it, or write it anew before the owner answers."""
    room = room_or_404(request, number)
    if not may_state(room):
        raise Http404
    row = diligence_of(room.row)
    lead = room.row.bid.consortium.lead
    return write(request, room, HERE, Written(
        name=FORM, content=row.content if row else {}, operation="state_diligence", to=f"{room.url}diligence/",
        organisation=lead.slug if room.holds("lead") else "", button=_("Send it"),
        next_=_("The owner reads it and says whether it was so; two people of the office decide."),
        said=_("Sent; the owner was told."),
    ))  # fmt: skip


@only("owner")
def answer(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """`answer/<hash>/`: the demand owner says whether it was so; a text that was changed since is shown anew."""
    room = room_or_404(request, number)
    row = diligence_of(room.row)
    if row is None or not _may_answer(room, row):
        raise Http404
    if request.method == "GET" and row.sha256 != sha256:
        return HttpResponseRedirect(f"{room.url}diligence/answer/{row.sha256}/")
    choices = {"true": _("It was so"), "false": _("It was not so")}
    fields = [
        radios("agree", _("Your answer"), choices),
        c.Field(name="text", label=_("In your own words"), kind="textarea"),
    ]
    told = _("The office decides; what you say stands beside it.")
    return form(request, room, HERE, OneForm(
        operation="answer_diligence", fields=fields, intro=head(room, _("Was it so?"), told), label=_("Send the answer"),
        params=lambda post: {
            "project": number, "sha256": sha256, "agree": post.get("agree", ""), "text": post.get("text", ""),
            "lang": language_tag(),
        },
        said=_("Recorded."), to=f"{room.url}diligence/", above=list(_said(room, row)),
    ))  # fmt: skip


def may_state(room: Room) -> bool:
    """Whether the reader may write it now."""
    if FORM not in room.book.forms or room.ended or not (room.holds("lead") or room.reader.roles & OFFICERS):
        return False
    row = diligence_of(room.row)
    return row is None or row.answered_at is None


def link(room: Room) -> list[c.Link]:
    """The way to it from the project's pages, once there is something to read or to write."""
    known = FORM in room.book.forms and diligence_of(room.row) is not None
    return (
        [c.Link(_("If the goal cannot be reached"), f"{room.url}diligence/")]
        if known or may_state(room)
        else []
    )


def _may_answer(room: Room, row: Any) -> bool:
    return room.holds("owner") and row.answered_at is None


def _links(room: Room) -> list[c.Link]:
    row, here = diligence_of(room.row), f"{room.url}diligence/"
    found = []
    if row is not None and _may_answer(room, row):
        found.append(c.Link(_("Say whether it was so"), f"{here}answer/{row.sha256}/", current=True))
    if may_state(room):
        found.append(
            c.Link(_("Write it anew") if row else _("Write it"), f"{here}state/", current=row is None)
        )
    return found


def _text(room: Room) -> Iterator[Section]:
    row = diligence_of(room.row)
    if row is None:
        yield Section(heading=_("What was stated"), texts=[_("Nothing is stated yet.")])
        return
    when = {"who": row.by.name, "when": moment(row.at, book=room.book)}
    yield Section(heading=_("What was stated"), texts=[_("By %(who)s, %(when)s.") % when])
    yield from (Section(heading=heading, parts=[block]) for heading, block in _said(room, row))
    if row.answered_at is None:
        yield Section(heading=_("What the owner says"), texts=[_("Nothing yet.")])
        return
    told = {
        "who": row.answered_by.name if row.answered_by else "",
        "when": moment(row.answered_at, book=room.book),
    }
    stamp = c.Stamp(_("It was so"), "done") if row.agrees else c.Stamp(_("It was not so"), "stopped")
    yield Section(
        heading=_("What the owner says"),
        texts=[_("By %(who)s, %(when)s.") % told],
        parts=[stamp, saying.say(row.answer)],
    )


def _said(room: Room, row: Any) -> Iterator[tuple[str, c.Answers]]:
    return answers.by_step(room.book.forms[FORM], row.content, book=room.book)

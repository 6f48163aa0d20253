"""Buttons of the lifecycle for owners, desks, leads and partners: what one may do, and the page that asks once."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.decisions.lifecycle import Offer
from jiebang.operations.kernel import Done
from jiebang.operations.things import book_of, call_of, kind_of, need_of
from jiebang.operations.turns import turn
from jiebang.records.access import Reader
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web.acting import act, bound, done, render_reason, summary
from jiebang.web.desk.clocks import clock
from jiebang.web.forms.standing import offer, offers
from jiebang.web.public.course import next_sentence
from jiebang.web.public.frame import moment, person_name, role_words
from jiebang.web.public.states import stage_of, stage_word, stamp
from jiebang.web.site import reader_of, words


def buttons(
    thing: Any, *, reader: Reader, address: str, special: Mapping[str, str] | None = None
) -> list[c.Link]:
    """What the reader may do now, the way forward first; `special` commands have pages of their own."""
    found = [
        (item, (special or {}).get(item.command, f"{address}do/{item.command}/"))
        for item in offers(thing, reader=reader)
    ]
    ordered = sorted(found, key=lambda pair: not _forward(thing, pair[0]))
    return [
        c.Link(words(item.move.label), url, current=_forward(thing, item), note=_in_the_way(item))
        for item, url in ordered if url
    ]  # fmt: skip


def command(
    request: HttpRequest,
    thing: Any,
    name: str,
    *,
    address: str,
    title: str,
    crumbs: Sequence[c.Link],
    sheet: Any = None,
) -> HttpResponse:
    """The page of one command: what it brings about, what will be lost, one button; and doing it."""
    found = offer(thing, name, reader=reader_of(request))
    if found is None:
        raise Http404
    outcome = None
    if request.method == "POST":
        params = {
            "kind": kind_of(thing),
            "number": thing.number,
            "command": name,
            "why": request.POST.get("why", ""),
        }
        outcome = act(request, "move", params)
    if isinstance(outcome, Done):
        return done(request, outcome, text=_done_text(thing, found), to=address)
    label = words(found.move.label)
    parts = {
        "crumbs": c.Breadcrumbs(links=crumbs, here=label),
        "intro": c.Intro(title=label, kicker=f"{thing.number} · {title}", next=_brings(thing, found)),
        "errors": summary(outcome),
        "in_the_way": [render_reason(item) for item in found.reasons],
        "warning": c.Banner(text=_lost(thing, found), tone="warning") if _ends(book_of(thing), thing, found) else None,
        "fields": bound(_fields(found), request.POST, outcome),
        "sheet": sheet, "button": label, "back": address, "ready": not found.reasons,
    }  # fmt: skip
    return render(request, "forms/command.html", parts)


def head(thing: Any, *, title: str, kicker: str, lang: str = "") -> c.Intro:
    """The head of a thing's page: state, what happens next, last change."""
    book, kind = book_of(thing), kind_of(thing)
    return c.Intro(
        title=title, kicker=kicker, stamp=stamp(book, kind, thing.stage), lang=lang,
        next=next_sentence(thing, kind=kind, book=book), changed=changed(thing, book),
    )  # fmt: skip


def changed(thing: Any, book: Rulebook) -> str:
    """When it was last changed and by whom."""
    given = {
        "when": moment(thing.updated_at, book=book),
        "who": person_name(thing.updated_by) if thing.updated_by else "",
    }
    return (
        _("Last changed %(when)s by %(who)s") % given
        if thing.updated_by
        else _("Last changed %(when)s") % given
    )


def running(thing: Any, *, reader: Reader) -> list[tuple[str, Any]]:
    """The clock that runs in this stage, and who must act before it is over."""
    book = book_of(thing)
    shown = clock(
        thing.due_at,
        call=call_of(thing),
        country=need_of(thing).country,
        now=reader.at,
        provisional=thing.due_provisional,
    )
    if shown is None:
        return []
    rule = book.clocks.get(thing.due_clock)
    told: list[tuple[str, Any]] = [(words(rule.label) if rule else _("Time limit"), shown)]
    if roles := turn(thing, now=reader.at).roles:
        told.append((_("Must act"), role_words(book, roles)))
    return told


def _fields(found: Offer) -> list[c.Field]:
    optional = not found.move.reason_required
    text = _("It is kept in the journal, and the others are told.")
    return [c.Field(name="why", label=_("Reason"), kind="textarea", optional=optional, help=text)]


def _brings(thing: Any, found: Offer) -> str:
    stage = stage_of(book_of(thing), kind_of(thing), found.move.to)
    then = words(stage.next) if stage else ""
    text = _("It will then be: %(stage)s.") % {
        "stage": stage_word(book_of(thing), kind_of(thing), found.move.to)
    }
    return f"{text} {then}".strip()


def _lost(thing: Any, found: Offer) -> str:
    back = [
        move for move in book_of(thing).lifecycles[kind_of(thing)].moves.values()
        if found.move.to in move.origin and move.to != found.move.to
    ]  # fmt: skip
    if not back:
        return _("This ends it and cannot be undone. What was written stays readable for its own people.")
    who = role_words(book_of(thing), dict.fromkeys(role for move in back for role in move.by))
    return _(
        "This ends it. Only %(who)s can take it up again. What was written stays readable for its own people."
    ) % {"who": who}


def _ends(book: Rulebook, thing: Any, found: Offer) -> bool:
    stage = stage_of(book, kind_of(thing), found.move.to)
    return bool(stage and "failure" in stage.flags)


def _forward(thing: Any, found: Offer) -> bool:
    """Whether a command takes a thing on; a step back or an end has its reason to give."""
    return not found.move.reason_required and not _ends(book_of(thing), thing, found)


def _in_the_way(found: Offer) -> str:
    return " ".join(render_reason(item) for item in found.reasons)


def _done_text(thing: Any, found: Offer) -> str:
    stage = stage_word(book_of(thing), kind_of(thing), found.move.to)
    return _("Done: %(what)s. %(number)s is now: %(stage)s.") % {
        "what": words(found.move.label), "number": thing.number, "stage": stage,
    }  # fmt: skip

"""`/needs/<number>/`: the need of an owner: what to do, what happens next, what was said."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.operations.kernel import Done
from jiebang.operations.rehearsal import rehearse_need
from jiebang.operations.things import book_of
from jiebang.records.challenges import own
from jiebang.records.people.own import evidence_of
from jiebang.web import components as c
from jiebang.web.acting import act, done, summary
from jiebang.web.desk.gate import only
from jiebang.web.forms import moves, steps, uploads
from jiebang.web.forms.evidence import evidence_part, still_to_show
from jiebang.web.forms.standing import offer
from jiebang.web.forms.verdicts import Findings, live_parts, verdict_parts
from jiebang.web.owners import views
from jiebang.web.owners.paper import (
    address,
    crumbs,
    is_own,
    kicker,
    may_write,
    need_or_404,
    paper,
    title,
    writer_or_404,
)
from jiebang.web.public.course import progress, timeline
from jiebang.web.public.frame import party
from jiebang.web.public.states import label_language, stage_stamp
from jiebang.web.site import language_tag, now_of, reader_of, words

SENDING = ("submit", "hand_to_owner")


@only()
def need(request: HttpRequest, number: str) -> HttpResponse:
    """The need as its people, the office and the experts asked about it read it."""
    row = need_or_404(request, number)
    book, writing, reader = book_of(row), may_write(request, row), reader_of(request)
    sheet = paper(row)
    special = {name: f"{address(row)}check/" for name in SENDING}
    buttons = moves.buttons(row, reader=reader, address=address(row), special=special)
    parts = {
        "crumbs": c.Breadcrumbs(links=[c.Link(_("Needs"), "/needs/")], here=row.number),
        "intro": moves.head(row, title=title(row), kicker=kicker(row)),
        "lifecycle": progress(row, kind="need", book=book),
        "remark": row.remark,
        "tasks": steps.task_list(sheet, more=_more_tasks(request, row, sheet)) if writing else None,
        "ready": f"{address(row)}check/" if writing and not sheet.faults(complete=True) else "",
        "sections": [] if writing else steps.sections(sheet, editable=False),
        "verdicts": _verdicts(request, row, writing=writing) if is_own(request, row) else None,
        "buttons": [link for link in buttons if not (writing and link.current)],
        "facts": _facts(request, row),
        "timeline": timeline(row, kind="need", book=book, begin=_("Begun"), began=row.created_at, now=now_of(request)),
        "challenges": _challenges(request, row),
        "bids": views.table(request, row),
        "number": row.number, "writing": writing, "own": is_own(request, row),
    }  # fmt: skip
    return render(request, "owners/need.html", parts)


@only("owner", "country_desk")
def edit(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """`/needs/<number>/edit/<step>/`."""
    sheet = paper(writer_or_404(request, number))
    return steps.edit_step(request, sheet, step, operation="save_need", number=number)


@only("owner", "country_desk")
def check(request: HttpRequest, number: str) -> HttpResponse:
    """`/needs/<number>/check/`: all answers once more, then one button."""
    row = writer_or_404(request, number)
    command = next((name for name in SENDING if offer(row, name, reader=reader_of(request))), SENDING[0])
    outcome = None
    if request.method == "POST":
        params = {"kind": "need", "number": number, "command": command, "why": request.POST.get("why", "")}
        outcome = act(request, "move", params)
    if isinstance(outcome, Done):
        return done(request, outcome, text=_("Sent: %(title)s.") % {"title": title(row)}, to=address(row))
    sheet = paper(row)
    missing = steps.missing(sheet)
    found = offer(row, command, reader=reader_of(request))
    parts = {
        "crumbs": c.Breadcrumbs(links=crumbs(row), here=_("Check your answers")),
        "intro": c.Intro(
            title=_("Check your answers"), kicker=f"{row.number} · {title(row)}", next=_next(command)
        ),
        "errors": None if missing else summary(outcome),
        "missing": missing,
        "sections": steps.sections(sheet, editable=True),
        "button": words(found.move.label) if found else "",
        "back": address(row),
    }
    return render(request, "forms/check.html", parts)


@only("owner", "country_desk")
def do(request: HttpRequest, number: str, command: str) -> HttpResponse:
    """`/needs/<number>/do/<command>/`: withdraw, and whatever else the rulebook gives its people."""
    row = need_or_404(request, number)
    return moves.command(request, row, command, address=address(row), title=title(row), crumbs=crumbs(row))


@only()
def file(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """An attached file, for whoever may read the need."""
    row = need_or_404(request, number)
    return uploads.download(row.content, sha256, parties=[row.owner_id])  # type: ignore[return-value]


def _next(command: str) -> str:
    if command == "hand_to_owner":
        return _("The owner gets a message, reads this, and confirms or changes it.")
    return _("After this the office checks the owner and the evidence. It can come back to you with remarks.")


def _more_tasks(request: HttpRequest, row: Any, sheet: Any) -> list[c.Task]:
    open_kinds = still_to_show(book_of(row), "owner", evidence_of(row.owner_id))
    whole = not sheet.faults(complete=True)
    return [
        c.Task(
            name=_("Evidence of the organisation"), url=f"/organisations/{row.owner.slug}/#evidence",
            status="doing" if open_kinds else "done",
            hint=_evidence_hint(open_kinds),
        ),
        c.Task(
            name=_("Check your answers and send"), url=f"{address(row)}check/", status="todo" if whole else "blocked",
            hint="" if whole else _("when all other parts are done"),
        ),
    ]  # fmt: skip


def _verdicts(request: HttpRequest, row: Any, *, writing: bool) -> Findings | None:
    """Live while it is being written, as stored once it was sent."""
    if writing:
        return live_parts(rehearse_need(row, now=now_of(request)), book=book_of(row))
    return verdict_parts(own.verdicts_of(row), book=book_of(row))


def _evidence_hint(open_kinds: list[str]) -> str:
    told = _("Given once, used for every later need.")
    return f"{told} " + _("Still open: %(kinds)s") % {"kinds": ", ".join(open_kinds)} if open_kinds else told


def _facts(request: HttpRequest, row: Any) -> c.Facts:
    book = book_of(row)
    items = moves.running(row, reader=reader_of(request))
    owners = [
        party(row.owner.organisation, role=""),
        *(party(item.organisation) for item in row.co_owners.all()),
    ]
    items.append((_("Demand owner"), owners))
    if row.filed_by:
        items.append((_("Written down by"), party(row.filed_by.organisation)))
    items.append((_("Call"), words(row.call.title) or row.call.number))
    if row.revision:
        items.append((_("Version sent"), str(row.revision)))
    items.append((_("Evidence"), evidence_part(book, evidence_of(row.owner_id), short=True)))
    return c.Facts(items=items, title=_("At a glance"))


def _challenges(request: HttpRequest, row: Any) -> list[c.NoticeCard]:
    return [
        c.NoticeCard(
            title=words(item.title), url=f"/challenges/{item.number}/", kicker=item.number, lang=label_language(item.title),
            stamp=stage_stamp(item.call.rulebook_id, "challenge", item.stage, language_tag()),
        )
        for item in own.challenges_of(row, reader=reader_of(request))
    ]  # fmt: skip

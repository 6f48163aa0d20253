"""`/bids/<number>/`: a bid of a consortium: what to do, what the rules say now, what became of it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.operations.kernel import Done, Outcome, Refused
from jiebang.operations.rehearsal import rehearse_bid
from jiebang.operations.things import book_of
from jiebang.records.bids import own
from jiebang.records.journal.queries import entries, entry_of, receipt_text
from jiebang.records.people.own import evidence_of
from jiebang.rules.reasons import reason
from jiebang.web import components as c
from jiebang.web.acting import act, bound, done, summary
from jiebang.web.bidders.outcome import may_object, outcome_parts
from jiebang.web.bidders.paper import (
    address,
    bid_or_404,
    crumbs,
    is_lead,
    kicker,
    may_write,
    paper,
    writer_or_404,
)
from jiebang.web.bidders.team import members_part
from jiebang.web.desk.gate import only
from jiebang.web.forms import moves, steps, uploads
from jiebang.web.forms.evidence import still_to_show
from jiebang.web.forms.standing import offer
from jiebang.web.forms.verdicts import Findings, live_parts, verdict_parts
from jiebang.web.public.course import progress, timeline
from jiebang.web.public.frame import moment, until
from jiebang.web.public.notice import closing_clock
from jiebang.web.site import now_of, reader_of, words

SENDING = "submit_bid"


@only()
def bid(request: HttpRequest, number: str) -> HttpResponse:
    """The bid as its consortium (and whoever the rulebook lets read it) sees it."""
    row = bid_or_404(request, number)
    sheet, writing, book = paper(row), may_write(request, row), book_of(row)
    buttons = moves.buttons(
        row, reader=reader_of(request), address=address(row), special={SENDING: f"{address(row)}check/"}
    )
    parts = {
        "crumbs": c.Breadcrumbs(links=[c.Link(_("Bids"), "/bids/")], here=row.number),
        "intro": moves.head(row, title=sheet.title, kicker=kicker(row)),
        "lifecycle": progress(row, kind="bid", book=book),
        "banner": _unsent(row) if writing else None,
        "tasks": steps.task_list(sheet, more=_more_tasks(request, row, sheet)) if writing else None,
        "ready": f"{address(row)}check/" if writing and _unfinished(row, sheet) else "",
        "sections": [] if writing else steps.sections(sheet, editable=False),
        "verdicts": _verdicts(request, row, sheet, writing=writing),
        "outcome": outcome_parts(row, reader=reader_of(request)),
        "object": may_object(row, reader=reader_of(request)),
        "members": members_part(row, now=now_of(request)),
        "buttons": buttons if not writing else [link for link in buttons if not link.current],
        "facts": _facts(request, row),
        "timeline": timeline(row, kind="bid", book=book, begin=_("Begun"), began=row.created_at, now=now_of(request)),
        "number": row.number, "challenge": row.challenge.number, "lead": is_lead(request, row),
        "sent": row.submitted_at is not None,
    }  # fmt: skip
    return render(request, "bidders/bid.html", parts)


@only("lead")
def edit(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """`/bids/<number>/edit/<step>/`."""
    sheet = paper(writer_or_404(request, number))
    return steps.edit_step(request, sheet, step, operation="save_bid", number=number)


@only("lead")
def check(request: HttpRequest, number: str) -> HttpResponse:
    """`/bids/<number>/check/`: the rules' answers and all of one's own, then one button."""
    row = writer_or_404(request, number)
    sheet = paper(row)
    verdicts = _verdicts(request, row, sheet, writing=True)
    fields = _knowing(verdicts)
    outcome = _send(request, number, fields) if request.method == "POST" else None
    if isinstance(outcome, Done):
        return done(
            request,
            outcome,
            text=_("Your bid is sent. Keep its receipt; it proves what you sent and when."),
            to=f"{address(row)}receipt/",
        )
    found = offer(row, SENDING, reader=reader_of(request))
    missing = steps.missing(sheet)
    parts = {
        "crumbs": c.Breadcrumbs(links=crumbs(row), here=_("Check your answers")),
        "intro": c.Intro(
            title=_("Check your answers"), kicker=kicker(row),
            next=_("Nobody but your consortium reads it before bids close. Until then you may change it and send it again."),
        ),
        "errors": None if missing else summary(outcome),
        "missing": missing,
        "warnings": steps.warnings(sheet),
        "verdicts": verdicts,
        "fields": bound(fields, request.POST, outcome),
        "sections": [(_("Consortium"), members_part(row, now=now_of(request))), *steps.sections(sheet, editable=True)],
        "button": words(found.move.label) if found else "",
        "back": address(row),
    }  # fmt: skip
    return render(request, "forms/check.html", parts)


@only("lead", "partner")
def do(request: HttpRequest, number: str, command: str) -> HttpResponse:
    """`/bids/<number>/do/<command>/`: withdraw, and whatever else the rulebook gives the lead."""
    row = bid_or_404(request, number)
    title = paper(row).title
    return moves.command(request, row, command, address=address(row), title=title, crumbs=crumbs(row))


@only()
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """`/bids/<number>/receipt/`: what was sent and when, provable without this server (`?format=json`)."""
    row = bid_or_404(request, number)
    if not _is_member(request, row) or row.submitted_at is None:
        raise Http404
    entry = _sending(row)
    if entry is None:
        raise Http404
    if request.GET.get("format") == "json":
        text = receipt_text(entry.pk, with_private=True)
        response = HttpResponse(text, content_type="application/json")
        response.headers["Content-Disposition"] = f'attachment; filename="receipt-{row.number}.json"'
        return response
    parts = {
        "crumbs": c.Breadcrumbs(links=crumbs(row), here=_("Receipt")),
        "intro": c.Intro(
            title=_("Receipt of your bid"), kicker=kicker(row),
            next=_("Keep the file. With it anybody can check that this bid was received then, without trusting this server."),
        ),
        "facts": c.Facts(items=_receipt_facts(row, entry)), "banner": _sent_against(request, row),
        "file": f"{address(row)}receipt/?format=json", "name": f"receipt-{row.number}.json", "back": address(row),
    }  # fmt: skip
    return render(request, "bidders/receipt.html", parts)


@only()
def file(request: HttpRequest, number: str, sha256: str) -> HttpResponse:
    """An attached file, for whoever may read the bid."""
    row = bid_or_404(request, number)
    return uploads.download(own.content_of(row), sha256, parties=[row.consortium.lead_id])  # type: ignore[return-value]


def _send(request: HttpRequest, number: str, fields: list[c.Field]) -> Outcome:
    """Send it; a bid that fails a rule only when the lead says that this is known."""
    if fields and not request.POST.get("known"):
        return Refused((reason("bid.not_known", field="known"),))
    return act(request, "move", {"kind": "bid", "number": number, "command": SENDING})


def _failing(verdicts: Findings | None) -> list[str]:
    """The rules that are not met as things stand."""
    return [item.sentence for item in verdicts.open if item.outcome == "fail"] if verdicts else []


def _knowing(verdicts: Findings | None) -> list[c.Field]:
    """One tick, where a rule is not met."""
    failing = _failing(verdicts)
    if not failing:
        return []
    label = _("I know that a rule is not met, and that the office may find the bid ineligible for it.")
    return [c.Field(name="known", label=label, kind="checkbox", help=" ".join(failing))]


def _sent_against(request: HttpRequest, row: Any) -> c.Banner | None:
    """What the sent bid does not meet, while it may still be mended."""
    if not may_write(request, row):
        return None
    failing = _failing(_verdicts(request, row, paper(row), writing=True))
    text = _("It was received. As things stand it does not meet this: %(what)s") % {"what": " ".join(failing)}
    link = c.Link(_("Back to the bid"), address(row))
    return c.Banner(text=text, tone="warning", link=link) if failing else None


def _is_member(request: HttpRequest, row: Any) -> bool:
    return own.bids(reader=reader_of(request)).filter(pk=row.pk).exists()


def _sending(row: Any) -> Any:
    """The journal's entry of the last sending."""
    for entry in entries(subject=f"bid:{row.number}", event="stage:moved"):
        if entry_of(entry).body.get("command") == SENDING:
            return entry
    return None


def _receipt_facts(row: Any, entry: Any) -> list[tuple[str, Any]]:
    return [
        (_("Received"), moment(row.submitted_at, book=book_of(row))),
        (_("Bids close"), until(row.challenge.closes_at, book=book_of(row))),
        (_("Fingerprint of what was sent (SHA-256)"), row.content_sha256),
        (_("Entry of the journal"), str(entry.pk)),
        (_("Leaf of the journal"), entry.leaf),
        (_("Check it with"), f"jiebang verify --receipt receipt-{row.number}.json"),
    ]


def _unsent(row: Any) -> c.Banner | None:
    if row.submitted_at and own.has_draft(row):
        text = _(
            "You have changed something since you sent it. The version sent still counts until you send again."
        )
        return c.Banner(
            text=text, tone="warning", link=c.Link(_("Check and send again"), f"{address(row)}check/")
        )
    return None


def _verdicts(request: HttpRequest, row: Any, sheet: Any, *, writing: bool) -> Findings | None:
    if writing:
        return live_parts(rehearse_bid(row, content=sheet.content, now=now_of(request)), book=sheet.book)
    return verdict_parts(own.verdicts_of(row), book=sheet.book)


def _more_tasks(request: HttpRequest, row: Any, sheet: Any) -> list[c.Task]:
    book, waiting = sheet.book, own.invitations_of(row).filter(status="invited").count()
    open_kinds = still_to_show(book, "lead", evidence_of(row.consortium.lead_id))
    whole = not sheet.faults(complete=True)
    return [
        c.Task(
            name=_("Partners"), url=f"{address(row)}team/", status="doing" if waiting else "done",
            hint=_("%(n)s invited, not answered yet") % {"n": waiting} if waiting else _("optional; each accepts or declines"),
        ),
        c.Task(
            name=_("Evidence of the lead"), url=f"/organisations/{row.consortium.lead.slug}/#evidence",
            status="doing" if open_kinds else "done",
            hint=_("Still open: %(kinds)s") % {"kinds": ", ".join(open_kinds)} if open_kinds else "",
        ),
        c.Task(name=_("Check your answers and send"), url=f"{address(row)}check/", **_sending_task(row, whole=whole)),
    ]  # fmt: skip


def _unfinished(row: Any, sheet: Any) -> bool:
    """Whether all is filled in and only the sending is left."""
    return not sheet.faults(complete=True) and (row.submitted_at is None or own.has_draft(row))


def _sending_task(row: Any, *, whole: bool) -> dict[str, Any]:
    if row.submitted_at and not own.has_draft(row):
        when = moment(row.submitted_at, book=book_of(row))
        return {"status": "done", "hint": _("sent on %(when)s") % {"when": when}}
    return {
        "status": "todo" if whole else "blocked",
        "hint": "" if whole else _("when all other parts are done"),
    }


def _facts(request: HttpRequest, row: Any) -> c.Facts:
    items: list[tuple[str, Any]] = [
        (_("Bids close"), closing_clock(row.challenge, book_of(row), now=now_of(request))),
        (_("Challenge"), c.EvidenceItem(title=f"{row.challenge.number} · {words(row.challenge.title)}",
            url=f"/challenges/{row.challenge.number}/")),
    ]  # fmt: skip
    if row.lead_person:
        items.append((_("Lead researcher"), c.Party(name=row.lead_person.name, kind="person")))
    if row.submitted_at:
        items.append((_("Sent"), moment(row.submitted_at, book=book_of(row))))
    return c.Facts(items=items, title=_("At a glance"))

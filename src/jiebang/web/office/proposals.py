"""`/office/proposals/<id>/`: what was proposed beside the rule and the facts; agree, or refuse with a reason."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.decisions import lifecycle
from jiebang.decisions.lifecycle import Offer
from jiebang.operations.facts import blocking_opinions
from jiebang.operations.kernel import Done, Outcome
from jiebang.operations.things import MODELS, call_of
from jiebang.records.awards.office import find_proposal
from jiebang.web import components as c
from jiebang.web.acting import act, bound, done, render_reason, summary
from jiebang.web.desk.clocks import clock
from jiebang.web.desk.gate import only
from jiebang.web.desk.waiting import country_of
from jiebang.web.office import cells, preview
from jiebang.web.office.case import Case, case_or_404
from jiebang.web.office.moving import rule_sheet, shown_params
from jiebang.web.office.one_form import radios
from jiebang.web.site import reader_of, words


@only("officer", "second_officer", "auditor")
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare and answer on one page; who proposed sees where it stands."""
    found = find_proposal(pk)
    if found is None:
        raise Http404
    kind, number = found.subject.split(":", 1)
    if kind not in MODELS:
        raise Http404
    case = case_or_404(kind, number, reader_of(request))
    outcome = _answer(request, found) if request.method == "POST" else None
    if isinstance(outcome, Done):
        said = (
            _("Agreed and done.")
            if outcome.answer.get("agreed", True)
            else _("Refused; the proposer reads your reason.")
        )
        return done(request, outcome, text=said, to=case.url)
    return render(request, "office/proposal.html", _parts(request, found, case, outcome))


def _answer(request: HttpRequest, found: Any) -> Outcome:
    params = {
        "proposal": found.pk,
        "agree": request.POST.get("agree", ""),  # nothing chosen is no answer
        "why": request.POST.get("why", "").strip(),
    }
    return act(request, "answer_proposal", params)


def _parts(request: HttpRequest, found: Any, case: Case, outcome: Outcome | None) -> dict[str, Any]:
    offer = _offer(case, found.operation)
    label = words(offer.move.label) if offer else found.operation
    person = reader_of(request).person
    own = person is not None and found.proposed_by_id == person.pk
    may = found.status == "open" and not own and bool(case.reader.roles & {"officer", "second_officer"})
    links = [c.Link(_("My desk"), "/desk/"), c.Link(case.thing.number, case.url)]
    zone = case.book.timezone
    return {
        "crumbs": c.Breadcrumbs(links=links, here=label),
        "intro": c.Intro(
            title=_("Compare: %(act)s") % {"act": label}, kicker=f"{case.thing.number} · {preview.title(case)}",
            stamp=_stamp(found), next=_next(found, own=own),
            changed=_("Proposed %(when)s by %(who)s") % {"when": cells.moment(found.proposed_at, zone),
                "who": found.proposed_by.name},
        ),
        "facts": rule_sheet(case, offer) if offer and found.status == "open" else None,
        "proposed": _proposed(found, case), "against": _against(case, offer) if found.status == "open" else [],
        "preview": preview.of(case, found.operation, found.params) if found.status == "open" else [],
        "errors": summary(outcome, fields=_fields()), "may": may, "case_url": case.url, "answer": found.answer,
        "answered": f"{found.answered_by.name}, {cells.moment(found.answered_at, zone)}" if found.answered_by else "",
        "fields": bound(_fields(), request.POST, outcome) if may else [],
        "log": f"/log/?subject={found.subject}",
    }  # fmt: skip


def _fields() -> list[c.Field]:
    options = {"1": _("Agree: it is done at once"), "0": _("Refuse: nothing changes")}
    help_text = _("Needed when you refuse; the proposer reads it and it stands in the journal.")
    return [
        radios("agree", _("Your answer"), options),
        c.Field(name="why", label=_("Reason"), kind="textarea", optional=True, help=help_text),
    ]


def _offer(case: Case, command: str) -> Offer | None:
    table = case.book.lifecycles.get(case.kind)
    roles = {"officer", "second_officer"}
    for key, move in lifecycle.moves(table).items():
        if move.command == command and case.thing.stage in move.origin:
            return Offer(
                key, command, move, lifecycle.against(case.book, move, roles=roles, facts=case.facts)
            )
    return None


def _against(case: Case, offer: Offer | None) -> list[str]:
    if offer is None:
        return [_("The case has moved on; this can no longer be done.")]
    found = [render_reason(item) for item in offer.reasons]
    if waiting := blocking_opinions(case.thing, command=offer.command):
        found.append(
            _("Open: %(what)s") % {"what": ", ".join(words(case.book.opinions[key].label) for key in waiting)}
        )
    return found


def _proposed(found: Any, case: Case) -> c.Facts:
    items: list[tuple[str, Any]] = [
        (_("Proposed by"), found.proposed_by.name),
        (_("Reason given"), found.reason or "–"),
    ]
    items += shown_params(case, found.params)
    if found.due_at and found.status == "open":
        limit = clock(
            found.due_at, call=call_of(case.thing), country=country_of(case.thing), now=case.reader.at
        )
        if limit:
            items.append((_("Answer by"), limit))
    return c.Facts(items=items)


def _stamp(found: Any) -> c.Stamp:
    stamps: dict[str, tuple[str, c.Tone]] = {
        "open": (_("To compare"), "deciding"), "agreed": (_("Agreed"), "done"), "refused": (_("Refused"), "stopped"),
    }  # fmt: skip
    return c.Stamp(*stamps[found.status])


def _next(found: Any, *, own: bool) -> str:
    if found.status != "open":
        return _("This proposal was answered.")
    if own:
        return _("You proposed this. Another officer compares it with the rule and the facts.")
    return _("Compare what was proposed with the rule and the facts as they are now, then agree or refuse.")

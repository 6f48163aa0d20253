"""`/office/calls/<number>/experts/proposal/`: the best experts for all bids of a call, challenge by challenge, in one act."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.operations.kernel import Done
from jiebang.operations.proposing import Proposal, Scope, propose, scope_of_call
from jiebang.records.people.roles import CASE_READERS, OFFICERS
from jiebang.records.programme.office import find_call
from jiebang.records.reviews.experts import last_slate_of_call
from jiebang.web import components as c
from jiebang.web.acting import act, done, summary
from jiebang.web.desk.gate import only
from jiebang.web.office import slate_parts as slates
from jiebang.web.office.slate_parts import Told, number
from jiebang.web.site import reader_of, words

if TYPE_CHECKING:
    from jiebang.decisions.slate import Slate


@only(*OFFICERS)
def proposal(request: HttpRequest, number: str) -> HttpResponse:
    """Every challenge under review with its bids and their proposed experts; POST appoints them all."""
    call = call_or_404(number)
    outcome = None
    if request.method == "POST":
        given = {"call": number, "digest": request.POST.get("digest", "")}
        outcome = act(request, "appoint_call_experts", given)
        if isinstance(outcome, Done):
            said = _("Experts asked: %(n)s.") % {"n": outcome.answer["asked"]}
            return done(request, outcome, text=said, to=f"/office/calls/{number}/experts/appointed/")
    parts = {
        **frame(call, _("Experts for the whole call")),
        "errors": summary(outcome),
        **_proposed(request, call),
    }
    return render(request, "office/call_slate.html", parts)


@only(*CASE_READERS)
def appointed(request: HttpRequest, number: str) -> HttpResponse:
    """The experts last appointed to the whole call: the stored answer, checked against every condition."""
    call = call_or_404(number)
    kept = last_slate_of_call(call)
    if kept is None:
        raise Http404
    zone = Scope(call=call, challenges=()).book.timezone
    parts = {
        **frame(call, _("How the experts were appointed")), "above": slates.kept(kept, zone=zone),
        "actions": slates.files(f"/office/calls/{number}/experts/appointed/"),
    }  # fmt: skip
    return render(request, "office/appointed.html", parts)


@only(*CASE_READERS)
def download(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The problem last solved and its answer as files."""
    return slates.download(last_slate_of_call(call_or_404(number)), kind, number=number)


def frame(call: Any, here: str) -> dict[str, Any]:
    """Crumbs and head of a page of a call."""
    links = [
        c.Link(_("My desk"), "/desk/"),
        c.Link(_("Calls"), "/office/calls/"),
        c.Link(call.number, f"/office/calls/{call.number}/"),
    ]
    intro = c.Intro(title=here, kicker=f"{call.number} · {words(call.title)}")
    return {"crumbs": c.Breadcrumbs(links=links, here=here), "intro": intro, "facts": None, "tabs": None}


def call_or_404(number: str) -> Any:
    """The call of this number."""
    call = find_call(number)
    if call is None:
        raise Http404
    return call


def _proposed(request: HttpRequest, call: Any) -> dict[str, Any]:
    from jiebang.engines.assignment.problem import Infeasible

    reader = reader_of(request)
    scope = scope_of_call(call, reader=reader)
    if not scope.challenges:
        return {}
    made = propose(scope, at=reader.at)
    told = Told(made, scope)
    parts: dict[str, Any] = {"wishes": slates.wishes(scope, back="?call")}
    if isinstance(made.found, Infeasible):
        return parts | slates.infeasible(made.found, told)
    if made.found is not None:
        parts |= slates.answered(scope, made, made.found)
        parts["said"] = _summed(scope, made, made.found)
        parts["sections"] = list(_sections(scope, made, made.found, told, parts["live"]))
    return parts


def _summed(scope: Scope, made: Proposal, found: "Slate") -> str:
    return _("%(pairs)s reviews of %(bids)s bids on %(challenges)s challenges, by %(experts)s of %(pool)s experts.") % {
        "pairs": len(found.pairs), "bids": len(made.bids), "challenges": len(scope.challenges),
        "experts": sum(load > 0 for load in found.loads), "pool": len(made.people),
    }  # fmt: skip


def _sections(
    scope: Scope, made: Proposal, found: "Slate", told: Told, live: Any
) -> Iterator[dict[str, Any]]:
    """A challenge, how its bids fare, and the table of its pairs."""
    here: dict[int, set[int]] = {}
    for place, bid in enumerate(made.bids):
        here.setdefault(bid.challenge_id, set()).add(place)
    for challenge in scope.challenges:
        bids = here.get(challenge.pk, set())
        fits = [found.fits[pair].total for pair in found.pairs if pair[0] in bids]
        yield {
            "number": challenge.number, "title": words(challenge.title), "bids": len(bids),
            "url": f"/office/challenges/{challenge.number}/experts/",
            "mean": number(sum(fits) / len(fits)) if fits else "–",
            "table": slates.pairs(made, found, told, live, bids=bids, back="?call") if bids else None,
        }  # fmt: skip

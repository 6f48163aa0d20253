"""`/office/challenges/<number>/experts/proposal/`: the best experts for all bids, why each, and one button to appoint them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.operations.kernel import Done
from jiebang.operations.proposing import propose, scope_of
from jiebang.records.people.roles import CASE_READERS, OFFICERS
from jiebang.records.reviews.experts import find_expert, last_slate, wish_on
from jiebang.web import components as c
from jiebang.web.acting import act, done, summary
from jiebang.web.desk.gate import only
from jiebang.web.office import preview as shown
from jiebang.web.office import slate_parts as slates
from jiebang.web.office.case import Case, case_or_404
from jiebang.web.office.challenges import frame
from jiebang.web.office.one_form import OneForm, radios, serve
from jiebang.web.public.frame import person_name
from jiebang.web.site import reader_of


@only(*OFFICERS)
def proposal(request: HttpRequest, number: str) -> HttpResponse:
    """Every bid with its proposed experts; POST appoints them all."""
    case = _reviewing(request, number)
    outcome = None
    if request.method == "POST":
        given = {"challenge": number, "digest": request.POST.get("digest", "")}
        outcome = act(request, "appoint_experts", given)
        if isinstance(outcome, Done):
            said = _("Experts asked: %(n)s.") % {"n": outcome.answer["asked"]}
            return done(request, outcome, text=said, to=f"{case.url}experts/")
    parts = {**frame(case, "experts"), "errors": summary(outcome), **_proposed(case)}
    return render(request, "office/slate.html", parts)


def _proposed(case: Case) -> dict[str, Any]:
    from jiebang.engines.assignment.problem import Infeasible

    scope = scope_of(case.thing)
    made = propose(scope, at=case.reader.at)
    told = slates.Told(made, scope)
    parts: dict[str, Any] = {"wishes": slates.wishes(scope)}
    if isinstance(made.found, Infeasible):
        return parts | slates.infeasible(made.found, told)
    if made.found is not None:
        parts |= slates.answered(scope, made, made.found)
        parts["pairs"] = slates.pairs(made, made.found, told, parts["live"])
    return parts


@only(*OFFICERS)
def wish(request: HttpRequest, number: str, expert: int) -> HttpResponse:
    """Pin an expert to a bid or keep the two apart, with the reason."""
    case = case_or_404("bid", number, reader_of(request))
    person = find_expert(expert, at=case.reader.at)
    if person is None:
        raise Http404
    now = wish_on(case.thing.pk, expert)
    options = {
        "pin": _("This expert judges this bid"),
        "forbid": _("This expert does not judge this bid"),
        "none": _("No wish: the best proposal decides"),
    }
    where, back = _back(request, case.thing)
    return serve(
        request,
        OneForm(
            operation="wish_pair",
            label=_("Note it and solve again"),
            said=_("Noted. The proposal below keeps to it."),
            params=lambda post: {
                "bid": number,
                "expert": person.email,
                "wish": post.get("wish", ""),
                "why": post.get("why", "").strip(),
            },
            fields=[
                radios("wish", _("What the proposal keeps to"), options, chosen=now.wish if now else ""),
                c.Field(name="why", label=_("Reason"), kind="textarea", maxlength=1000, value=now.why if now else "",
                        help=_("It stays in the journal.")),
            ],
            to=back,
            intro=c.Intro(
                title=_("%(expert)s and %(bid)s") % {"expert": person_name(person), "bid": number}, kicker=shown.title(case)
            ),
            crumbs=c.Breadcrumbs(
                links=[c.Link(_("My desk"), "/desk/"), c.Link(where, back)], here=number
            ),
        ),
    )  # fmt: skip


def _back(request: HttpRequest, bid: Any) -> tuple[str, str]:
    """The call or the challenge, and its proposal, whichever the reader came from."""
    if "call" in request.GET:
        number = bid.challenge.call.number
        return number, f"/office/calls/{number}/experts/proposal/"
    return bid.challenge.number, f"/office/challenges/{bid.challenge.number}/experts/proposal/"


@only(*CASE_READERS)
def appointed(request: HttpRequest, number: str) -> HttpResponse:
    """The experts last appointed at once: the stored answer, checked against every condition of the stored problem."""
    case = case_or_404("challenge", number, reader_of(request))
    kept = last_slate(case.thing)
    if kept is None:
        raise Http404
    parts = {
        **frame(case, "experts"), "facts": None, "above": slates.kept(kept, zone=case.book.timezone),
        "actions": slates.files(f"{case.url}experts/appointed/"),
    }  # fmt: skip
    return render(request, "office/appointed.html", parts)


@only(*CASE_READERS)
def download(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The problem last solved and its answer as files."""
    case = case_or_404("challenge", number, reader_of(request))
    return slates.download(last_slate(case.thing), kind, number=number)


def _reviewing(request: HttpRequest, number: str) -> Case:
    case = case_or_404("challenge", number, reader_of(request))
    if "reviewing" not in case.book.lifecycles["challenge"].stages[case.thing.stage].flags:
        raise Http404
    return case

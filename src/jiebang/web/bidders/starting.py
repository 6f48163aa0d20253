"""`/bids/new/?challenge=`: take up a challenge for an organisation that may lead."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.decisions import lifecycle
from jiebang.operations.kernel import Done
from jiebang.operations.things import book_of
from jiebang.records.bids import own
from jiebang.records.people import own as people
from jiebang.web import components as c
from jiebang.web.acting import act, bound, done, summary
from jiebang.web.desk.gate import only
from jiebang.web.public.notice import challenge_or_404, closing_clock, kicker
from jiebang.web.site import now_of, reader_of, words


@only()
def new(request: HttpRequest) -> HttpResponse:
    """For whom; everything else is asked step by step."""
    number = request.GET.get("challenge") or request.POST.get("challenge") or ""
    posted, book = challenge_or_404(request, number)
    if "takes_bids" not in lifecycle.flags(book, kind="challenge", stage=posted.stage):
        raise Http404
    outcome = None
    if request.method == "POST":
        outcome = act(request, "start_bid", {"challenge": number, "lead": request.POST.get("lead", "")})
    if isinstance(outcome, Done):
        where = f"/bids/{outcome.answer['number']}/"
        return done(
            request,
            outcome,
            text=_("Your bid has the number %(number)s. Only your own people see it.") % outcome.answer,
            to=where,
        )
    mine = people.acted_for(reader=reader_of(request), roles=("lead",))
    parts = {
        "crumbs": c.Breadcrumbs(links=[c.Link(posted.number, f"/challenges/{posted.number}/")], here=_("Take up")),
        "intro": c.Intro(
            title=_("Take up this challenge"), kicker=f"{kicker(posted, book)} · {words(posted.title)}",
            next=_("You lead; partners are invited next. Nothing is sent before you say so."),
        ),
        "errors": summary(outcome),
        "fields": bound([_leads(mine)], request.POST, outcome) if mine else [],
        "nobody": None if mine else _nobody(),
        "already": _already(request, number),
        "clock": closing_clock(posted, book, now=now_of(request)),
        "steps": _steps(book),
        "back": f"/challenges/{posted.number}/",
    }  # fmt: skip
    return render(request, "bidders/new.html", parts)


def _leads(mine: list[Any]) -> c.Field:
    options = [
        c.Option(value=row.party.slug, label=words(row.names) or row.name, chosen=len(mine) == 1)
        for row in mine
    ]
    return c.Field(name="lead", label=_("Which organisation leads"), kind="radios", options=options)


def _nobody() -> c.EmptyState:
    return c.EmptyState(
        title=_("You act for no organisation that may lead"),
        sentence=_("Register your organisation, or ask the one you work for to name you."),
        action=c.Link(_("Register an organisation"), "/organisations/new/"),
    )


def _already(request: HttpRequest, number: str) -> list[c.Banner]:
    rows = own.bids(reader=reader_of(request), text=number)[:5]
    text = _("You have a bid on this challenge already: %(number)s.")
    return [
        c.Banner(text=text % {"number": row.number}, tone="warning", link=c.Link(_("Open it"), f"/bids/{row.number}/"))
        for row in rows if "failure" not in lifecycle.flags(book_of(row), kind="bid", stage=row.stage)
    ]  # fmt: skip


def _steps(book: Any) -> list[tuple[str, str]]:
    form = book.forms.get("bid")
    return [
        (words(step.label), ", ".join(words(field.label) for field in step.fields.values())) for step in form.steps.values()
    ] if form else []  # fmt: skip

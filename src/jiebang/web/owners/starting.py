"""`/needs/new/` and `/needs/<number>/share/`: begin a need for an organisation; let another own it too."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.operations.kernel import Done
from jiebang.records.people import own as people
from jiebang.records.programme.queries import current_call, rulebook
from jiebang.web import components as c
from jiebang.web.acting import act, bound, done, summary
from jiebang.web.desk.gate import only
from jiebang.web.forms.choosing import OrganisationChoice, choice
from jiebang.web.forms.evidence import kind_word, wanted
from jiebang.web.owners.paper import address, crumbs, title, writer_or_404
from jiebang.web.site import reader_of, words


@only()
def new(request: HttpRequest) -> HttpResponse:
    """Choose for whom; the rest is asked step by step. Who acts for nobody yet is told how to begin."""
    if not reader_of(request).roles & {"owner", "country_desk"}:
        return _not_yet(request)
    call = current_call()
    outcome = None
    if request.method == "POST" and call:
        outcome = act(request, "start_need", {"call": call.number, "owner": request.POST.get("owner", "")})
    if isinstance(outcome, Done):
        where = f"/needs/{outcome.answer['number']}/"
        return done(
            request, outcome, text=_("Your need has the number %(number)s.") % outcome.answer, to=where
        )
    parts = {
        "crumbs": c.Breadcrumbs(links=[c.Link(_("Needs"), "/needs/")], here=_("State a need")),
        "intro": c.Intro(
            title=_("State a need"), kicker=words(call.title) if call else "",
            next=_("It takes about twenty minutes, in your own language. Every answer saves itself; stop and go on as you like."),
        ),
        "errors": summary(outcome),
        "fields": bound([_owners(request)], request.POST, outcome) if call else [],
        "steps": _steps(call) if call else [],
        "shown": _shown(call) if call else [],
        "call": call,
    }  # fmt: skip
    return render(request, "owners/new.html", parts)


def _not_yet(request: HttpRequest) -> HttpResponse:
    parts = {
        "intro": c.Intro(
            title=_("State a need"), next=_("A need belongs to an organisation that acts on it.")
        ),
        "nobody": c.EmptyState(
            title=_("You act for no organisation that may state a need"),
            sentence=_("Register your organisation, or ask the one you work for to name you."),
            action=c.Link(_("Register an organisation"), "/organisations/new/"),
        ),
    }
    return render(request, "owners/not_yet.html", parts)


@only("owner", "country_desk")
def share(request: HttpRequest, number: str) -> HttpResponse:
    """Find another organisation and let it own the need too."""
    need = writer_or_404(request, number)
    outcome = None
    if request.method == "POST" and request.POST.get("organisation"):
        outcome = act(request, "share_need", {"number": number, "owner": request.POST["organisation"]})
    if isinstance(outcome, Done):
        return done(request, outcome, text=_("The need now has another owner."), to=address(need))
    picked: OrganisationChoice = choice(
        request, leave_out={need.owner_id, *(item.pk for item in need.co_owners.all())}
    )
    parts = {
        "crumbs": c.Breadcrumbs(links=crumbs(need), here=_("Share")),
        "intro": c.Intro(
            title=_("Share this need with another owner"), kicker=f"{number} · {title(need)}",
            next=_(
                "Its people can then read, change, submit and withdraw it as you can. Only the office can undo this."
            ),
        ),
        "errors": summary(outcome), "choice": picked, "button": _("Share the need"), "back": address(need),
    }  # fmt: skip
    return render(request, "forms/choose.html", parts)


def _owners(request: HttpRequest) -> c.Field:
    reader = reader_of(request)
    mine = people.acted_for(reader=reader, roles=("owner",))
    others = list(people.of_countries(reader.countries)) if reader.countries else []
    rows = list({item.pk: item for item in [*mine, *others]}.values())
    asked = request.GET.get("owner", "")
    options = [_option(row, chosen=row.party.slug == asked or len(rows) == 1) for row in rows]
    desk = _(
        "As the country desk you may write for any organisation of your country; it reads and confirms what you wrote."
    )
    kind: Any = "radios" if len(options) <= 6 else "select"
    return c.Field(
        name="owner", label=_("Who has the need"), kind=kind, options=options, help=desk if others else ""
    )


def _option(row: Any, *, chosen: bool) -> c.Option:
    return c.Option(value=row.party.slug, label=words(row.names) or row.name, chosen=chosen)


def _steps(call: Any) -> list[tuple[str, str]]:
    form = rulebook(call.rulebook_id).forms.get("need")
    return (
        [
            (words(step.label), ", ".join(words(field.label) for field in step.fields.values()))
            for step in form.steps.values()
        ]
        if form
        else []
    )


def _shown(call: Any) -> list[str]:
    book = rulebook(call.rulebook_id)
    return [kind_word(book, kind) for kind in wanted(book, "owner")]

"""Ask a question on an open challenge; object to a published result. Both need an account, neither shows a name."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.operations.kernel import Done
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web.acting import act, bound, done, summary
from jiebang.web.forms import languages
from jiebang.web.public.notice import challenge_or_404, crumbs, kicker
from jiebang.web.site import language_tag, words


@login_required
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """`/challenges/<number>/ask/`."""
    return _write(request, number, "ask_question", _asking())


@login_required
def object_to(request: HttpRequest, number: str) -> HttpResponse:
    """`/challenges/<number>/object/`."""
    return _write(request, number, "raise_objection", _objecting())


def _write(request: HttpRequest, number: str, operation: str, wording: tuple[str, ...]) -> HttpResponse:
    challenge, book = challenge_or_404(request, number)
    title, next_, label, help_text, thanks = wording
    outcome = None
    if request.method == "POST":
        params = {
            "challenge": number,
            "text": request.POST.get("text", ""),
            "lang": request.POST.get("lang", "en"),
        }
        outcome = act(request, operation, params)
    if isinstance(outcome, Done):
        raised = outcome.answer.get("number")
        to = f"/objections/{raised}/" if raised else f"/challenges/{number}/"
        return done(request, outcome, text=thanks, to=to)
    parts: dict[str, Any] = {
        "crumbs": crumbs(challenge, title),
        "intro": c.Intro(
            title=title, kicker=f"{kicker(challenge, book)} · {words(challenge.title)}", next=next_
        ),
        "errors": summary(outcome),
        "fields": bound(_fields(label, help_text, book), request.POST, outcome),
        "back": f"/challenges/{number}/",
    }
    return render(request, "public/write.html", parts)


def _fields(label: str, help_text: str, book: Rulebook) -> list[c.Field]:
    options = languages.options(book, chosen=language_tag())
    return [
        c.Field(name="text", label=label, kind="textarea", help=help_text, maxlength=4000),
        c.Field(name="lang", label=_("Language of your text"), kind="select", options=options),
    ]


def _asking() -> tuple[str, str, str, str, str]:
    return (
        _("Ask a question"),
        _("The answer is published on the notice for everyone. Your name is not."),
        _("Your question"),
        _("Say nothing that would give away your solution: the question is published with its answer."),
        _("Your question was sent to the office and the demand owner."),
    )


def _objecting() -> tuple[str, str, str, str, str]:
    return (
        _("Object to this result"),
        _("Only the second officer and the auditor learn who objects. You get a written answer."),
        _("What is wrong, and what shows it"),
        _("Name the bid or the rule, the fact, and where it can be checked."),
        _("Your objection was received; the award waits for its answer."),
    )

"""`/needs/<number>/questions/`: bidders' questions on the challenge, and the owner's answers for all to read."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.operations.kernel import Done, Refused
from jiebang.operations.things import book_of
from jiebang.records.challenges import own
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web.acting import act, done, key_of, summary
from jiebang.web.desk.gate import only
from jiebang.web.forms import languages
from jiebang.web.owners.paper import crumbs, is_own, need_or_404, title
from jiebang.web.public import saying
from jiebang.web.public.frame import day, until
from jiebang.web.site import language_tag, reader_of


@only("owner")
def questions(request: HttpRequest, number: str) -> HttpResponse:
    """All questions, those that wait first, each with a form for its answer."""
    need = need_or_404(request, number)
    posted = list(own.challenges_of(need, reader=reader_of(request)))
    if not is_own(request, need) or not posted:
        raise Http404
    rows, book = list(own.questions_of([item.pk for item in posted])), book_of(need)
    outcome = _answer(request, rows) if request.method == "POST" else None
    if isinstance(outcome, Done):
        return done(request, outcome, text=_("Your answer is published."), to=request.path)
    refused = isinstance(outcome, Refused)
    ends = next((item.questions_until for item in posted if item.questions_until), None)
    parts = {
        "crumbs": c.Breadcrumbs(links=crumbs(need), here=_("Questions")),
        "intro": c.Intro(
            title=_("Questions of bidders"), kicker=f"{number} · {title(need)}",
            next=_("You answer for everyone to read. Nobody is told who asked.")
            + (" " + _("Questions can be asked until %(when)s.") % {"when": until(ends, book=book)} if ends else ""),
        ),
        "errors": summary(outcome, names={"text": f"text{request.POST.get('question', '')}"}),
        "rows": [_row(request, row, book, refused=refused) for row in rows],
        "empty": None if rows else c.EmptyState(title=_("Nobody has asked yet"),
            sentence=_("You are told here and by mail when somebody does.")),
        "key": key_of(request),
    }  # fmt: skip
    return render(request, "owners/questions.html", parts)


def _answer(request: HttpRequest, rows: list[Any]) -> Any:
    asked = request.POST.get("question", "")
    if not any(str(row.pk) == asked for row in rows):
        raise Http404
    text = request.POST.get(f"text{asked}", "")
    translations = {request.POST.get(f"newlang{asked}", ""): request.POST.get(f"new{asked}", "").strip()}
    question = {request.POST.get(f"newlang{asked}", ""): request.POST.get(f"question{asked}", "").strip()}
    params = {
        "question": int(asked), "text": text, "lang": request.POST.get(f"lang{asked}", ""),
        "translations": {tag: said for tag, said in translations.items() if tag and said} or None,
        "question_translations": {tag: said for tag, said in question.items() if tag and said} or None,
    }  # fmt: skip
    return act(request, "answer_question", params)


def _row(request: HttpRequest, row: Any, book: Rulebook, *, refused: bool) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "text": saying.say(row.text),
        "when": day(row.asked_at, book=book),
        "number": row.challenge.number,
        "answer": saying.say(row.answer) if row.answered_at else None,
        "fields": [] if row.answered_at else _fields(request, row, book, refused=refused),
        "more": [] if row.answered_at else _more(request, row, book),
    }


def _fields(request: HttpRequest, row: Any, book: Rulebook, *, refused: bool) -> list[c.Field]:
    typed = request.POST.get(f"text{row.pk}", "") if refused else ""
    chosen = request.POST.get(f"lang{row.pk}", language_tag())
    return [
        c.Field(name=f"text{row.pk}", label=_("Your answer"), kind="textarea", value=typed),
        c.Field(
            name=f"lang{row.pk}", label=_("Language of your answer"), kind="select",
            options=languages.options(book, chosen=chosen),
        ),
    ]  # fmt: skip


def _more(request: HttpRequest, row: Any, book: Rulebook) -> list[c.Field]:
    other = next((tag for tag in book.languages if tag != language_tag()), "en")
    return [
        c.Field(name=f"newlang{row.pk}", label=_("Add a translation into"), kind="select",
            options=languages.options(book, chosen=other)),
        c.Field(name=f"new{row.pk}", label=_("Translated answer"), kind="textarea", optional=True,
            value=request.POST.get(f"new{row.pk}", "")),
        c.Field(
            name=f"question{row.pk}", label=_("Translated question"), kind="textarea", optional=True,
            value=request.POST.get(f"question{row.pk}", ""),
        ),
    ]  # fmt: skip

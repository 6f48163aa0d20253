"""`/follow-up/<token>/`: the page that the letter's link opens. One question, one minute, in the owner's language, no sign-in."""

from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jiebang.operations.facts import indicators
from jiebang.operations.follow_ups import Link, read_link
from jiebang.operations.kernel import Done
from jiebang.operations.things import book_of
from jiebang.rules.reasons import Reason, catalogue
from jiebang.rules.schema import Form
from jiebang.web import components as c
from jiebang.web.acting import act, done, render_reason
from jiebang.web.forms import steps
from jiebang.web.public.frame import moment
from jiebang.web.site import now_of, words


@never_cache
@require_http_methods(["GET", "POST"])
def follow_up(request: HttpRequest, token: str) -> HttpResponse:
    """The question, or what became of the link: answered, over, or none."""
    link = read_link(token, now=now_of(request))
    with _language(request, link):
        if isinstance(link, Reason) or link.row.at:
            return _told(request, link)
        return _asked(request, link, token)


def _asked(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    project = link.row.project
    book = book_of(project)
    sheet = steps.Paper(
        form=book.forms.get("follow_up") or Form(label={"en": "Follow-up"}, steps={}), content={}, book=book,
        address=f"/projects/{project.number}/", title=_say("follow_up.title", month=link.row.month),
        kicker=f"{project.number} · {words(project.challenge.title)}", organisation="", indicators=indicators(project.challenge),
    )  # fmt: skip
    outcome = None
    if request.method == "POST":
        sheet = steps.posted(request, sheet)
    if steps.is_sent(request, sheet):
        outcome = act(request, "answer_follow_up", {"token": token, "content": sheet.content})
    if isinstance(outcome, Done):
        return done(request, outcome, text=_say("follow_up.thanks"), to=request.path)
    next_ = _say("follow_up.next", person=link.person.name)
    return steps.one_page(request, sheet, next_=next_, button=_say("follow_up.button"), outcome=outcome)


def _told(request: HttpRequest, link: Link | Reason) -> HttpResponse:
    """A clear page for a link that asks nothing (more)."""
    if isinstance(link, Reason):
        title, said = _say("follow_up.no_more"), render_reason(link)
        actions = [c.Link(_say("follow_up.sign_in"), "/sign-in/")]
    else:
        project = link.row.project
        at = moment(link.row.at, book=book_of(project))
        title, said = _say("follow_up.answered"), _say("follow_up.answered_at", at=at, month=link.row.month)
        actions = [c.Link(project.number, f"/projects/{project.number}/")]
    parts = {"intro": c.Intro(title=title, next=said), "above": [], "actions": actions}
    return render(request, "office/reading.html", parts)


def _say(code: str, /, **params: str | int) -> str:
    """The page's few words, from the catalogue: it has them in more languages than the interface."""
    return render_reason(Reason(code, params))


def _language(request: HttpRequest, link: Link | Reason) -> AbstractContextManager[Any]:
    """The language in which the owner stated the need, unless the reader chose another in the address."""
    chosen = request.GET.get("lang", "").lower() in {code.lower() for code, _ in settings.LANGUAGES}
    tag = "" if chosen or isinstance(link, Reason) else _stated_in(link)
    return translation.override(tag or translation.get_language() or "en")


def _stated_in(link: Link) -> str:
    title = link.row.project.challenge.need.content.get("title")
    tag = str(title.get("lang") or "") if isinstance(title, dict) else ""
    return tag.lower() if tag in catalogue()["follow_up.title"] else ""  # what the page can say


urlpatterns = [path("follow-up/<str:token>/", follow_up, name="follow_up")]

"""A last look at what cannot be changed once it is signed: all answers, what misses, then the signature.

Such a form is sent whole, so nothing of it is saved yet: the page carries the answers along, under the instance's seal.
"""

from dataclasses import replace
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.operations.kernel import Outcome
from jiebang.web import components as c
from jiebang.web.acting import summary
from jiebang.web.forms import faults, steps
from jiebang.web.site import words

CARRIED = "carried"
LASTS = 24 * 3600  # seconds


def page(
    request: HttpRequest, paper: steps.Paper, *, button: str, next_: str, outcome: Outcome | None = None
) -> HttpResponse:
    """Every answer with each value against what is wanted; one button signs, one goes back to change."""
    parts = {
        "crumbs": c.Breadcrumbs(links=paper.crumbs, here=_("Check your answers")),
        "intro": c.Intro(title=_("Check your answers"), kicker=paper.kicker, next=next_),
        "errors": summary(outcome), "warning": _doubt(paper), "sections": steps.sections(paper, editable=False),
        "name": CARRIED, "carried": signing.dumps(dict(paper.content), salt=_salt(request), compress=True),
        "button": button, "back": paper.address,
    }  # fmt: skip
    return render(request, "forms/last_look.html", parts)


def read(request: HttpRequest, paper: steps.Paper) -> steps.Paper | None:
    """The paper with the answers that were looked at; None where none came along, or not from this page and person."""
    try:
        content: Any = signing.loads(request.POST.get(CARRIED, ""), salt=_salt(request), max_age=LASTS)
    except signing.BadSignature:
        return None
    return replace(paper, content=content)


def _salt(request: HttpRequest) -> str:
    return f"{request.path}:{request.user.pk}"


def _doubt(paper: steps.Paper) -> c.Banner | None:
    """Values that miss what is wanted; the more so beside a question that was answered with yes."""
    found = faults.missed(paper.form, paper.content, book=paper.book, indicators=paper.indicators)
    if not found:
        return None
    told = ngettext("%(n)s value misses what is wanted.", "%(n)s values miss what is wanted.", len(found)) % {
        "n": len(found)
    }
    said = [
        words(field.label)
        for name, field in paper.form.fields.items()
        if field.kind == "yes_no" and paper.content.get(name) is True
    ]
    for question in said:
        told += " " + _("You answer with yes all the same: “%(question)s”") % {"question": question}
    return c.Banner(text=told, tone="warning")

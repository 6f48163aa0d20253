"""A page with one form for one operation: shown, sent, refused with every fault beside its field, or done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.operations.kernel import Done, Outcome
from jiebang.web import components as c
from jiebang.web.acting import act, bound, done, summary

Params = Callable[[QueryDict], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class OneForm:
    """`operation` is performed with `params` of what was typed; `to` is where the reader goes on, `said` what is said.

    `operation` may follow from what was chosen.
    `refused`: what was found wrong with what was sent before anything could be tried.
    `closed`: it is answered, or not the reader's to answer; only what stands `above` is shown.
    """

    operation: str | Callable[[QueryDict], str]
    params: Params
    fields: Sequence[c.Field]
    intro: c.Intro
    label: str
    said: str | Callable[[Done], str]
    to: str | Callable[[Done], str]
    crumbs: c.Breadcrumbs | None = None
    above: Sequence[tuple[str, Any]] = ()
    facts: c.Facts | None = None
    back: str = ""
    why_not: Sequence[str] = ()
    names: Mapping[str, str] | None = None
    closed: bool = False
    refused: Outcome | None = None


def serve(request: HttpRequest, form: OneForm) -> HttpResponse:
    """GET shows the form; POST performs the operation and goes on, or shows the form again with what was typed."""
    if form.closed:
        read = {"intro": form.intro, "crumbs": form.crumbs, "facts": form.facts, "above": form.above}
        return render(request, "office/reading.html", read)
    outcome = form.refused
    if request.method == "POST" and outcome is None:
        name = form.operation if isinstance(form.operation, str) else form.operation(request.POST)
        outcome = act(request, name, form.params(request.POST))
        if isinstance(outcome, Done):
            to = form.to if isinstance(form.to, str) else form.to(outcome)
            said = form.said if isinstance(form.said, str) else form.said(outcome)
            return done(request, outcome, text=said, to=to)
    back = form.back or (form.to if isinstance(form.to, str) else "")
    parts = {
        "intro": form.intro, "crumbs": form.crumbs, "facts": form.facts, "above": form.above, "back": back,
        "label": form.label, "errors": summary(outcome, names=form.names, fields=form.fields), "why_not": form.why_not,
        "fields": bound(form.fields, request.POST, outcome, names=form.names),
    }  # fmt: skip
    return render(request, "office/one_form.html", parts)


def milestone_answer() -> list[c.Field]:
    """The fields by which a reported milestone is accepted or asked back; `milestone_operation` reads them."""
    choices = {"accept": _("Accept this milestone"), "return": _("Ask the lead to report again")}
    remark = c.Field(name="remark", label=_("Remark"), kind="textarea", optional=True,
                     help=_("Say what is missing when you ask back."))  # fmt: skip
    return [radios("answer", _("Your answer"), choices, chosen="accept"), remark]


def milestone_operation(post: QueryDict) -> str:
    """The operation that was chosen for a reported milestone."""
    return "return_milestone" if post.get("answer") == "return" else "accept_milestone"


def typed(*names: str) -> Params:
    """The named inputs as they were typed, without blank ones."""
    return lambda post: {name: text for name in names if (text := post.get(name, "").strip())}


def radios(
    name: str, label: str, options: Mapping[str, str], *, chosen: str = "", help_text: str = ""
) -> c.Field:
    """One choice of few."""
    made = [c.Option(value=value, label=text, chosen=value == chosen) for value, text in options.items()]
    return c.Field(name=name, label=label, kind="radios", options=made, help=help_text)


def select(
    name: str, label: str, options: Mapping[str, str], *, chosen: str = "", help_text: str = ""
) -> c.Field:
    """One choice of many."""
    made = [c.Option(value=value, label=text, chosen=value == chosen) for value, text in options.items()]
    return c.Field(name=name, label=label, kind="select", options=made, help=help_text)

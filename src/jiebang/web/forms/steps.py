"""A form filled step by step: a page each, saved as often as one likes, never lost, sent when it is whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jiebang.operations.kernel import Outcome, Refused
from jiebang.rules.schema import Form, FormStep, Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.acting import act, new_key, render_reason, summary
from jiebang.web.forms import answers, faults, uploads
from jiebang.web.forms.parts import Doubts, Missing, Saved
from jiebang.web.forms.reading import read
from jiebang.web.forms.showing import Sheet, questions
from jiebang.web.site import language_tag, now_of, words


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What is being filled in: `address` is the thing's page, its steps lie under `edit/<step>/`."""

    form: Form
    content: Mapping[str, Any]
    book: Rulebook
    address: str
    title: str
    kicker: str
    organisation: str
    crumbs: Sequence[c.Link] = ()
    indicators: Sequence[Mapping[str, Any]] = ()

    @property
    def edit(self) -> str:
        """The address under which the steps lie."""
        return f"{self.address}edit/"

    @property
    def ids(self) -> list[str] | None:
        """Ids of the challenge's indicators; None where the form asks for none."""
        return [str(item.get("id")) for item in self.indicators] or None

    def faults(self, *, complete: bool) -> list[faults.Wrong]:
        """What is wrong with the answers, or (complete) still missing."""
        return faults.wrong(self.form, self.content, book=self.book, complete=complete, indicators=self.ids)

    def file_url(self, about: Mapping[str, Any]) -> str:
        """Where an attached file is handed out."""
        return f"{self.address}files/{about.get('sha256')}/"


def task_list(paper: Paper, *, more: Sequence[c.Task] = (), title: str = "") -> c.TaskList:
    """The steps with how far each has come."""
    shape, missing = paper.faults(complete=False), paper.faults(complete=True)
    tasks = [
        c.Task(
            name=words(step.label), url=f"{paper.edit}{key}/", hint=words(step.help),
            status=faults.status(step, paper.content, missing, shape),
        )
        for key, step in paper.form.steps.items()
    ]  # fmt: skip
    return c.TaskList(tasks=[*tasks, *more], title=title)


def edit_step(request: HttpRequest, paper: Paper, key: str, *, operation: str, number: str) -> HttpResponse:
    """One page of questions: shows them, saves them by `operation` on the thing of that number, goes on."""
    step = paper.form.steps.get(key)
    if step is None:
        raise Http404
    if request.method != "POST":
        return _page(request, paper, key, step)
    taken, refused = uploads.stored(request, step.fields, organisation=paper.organisation)
    content = read(step.fields, request.POST, old=paper.content, book=paper.book, files=taken)
    # saving the same answers twice changes nothing, so each saving is its own act
    outcome = act(request, operation, {"number": number, "content": content}, key=new_key())
    filled = _with(paper, content)
    if isinstance(outcome, Refused) or refused:
        return _refused(request, filled, key, step, outcome, refused)
    if request.headers.get("HX-Request"):
        return HttpResponse(_saved(request))
    return _onward(request, filled, key, step)


def missing(paper: Paper) -> Missing | None:
    """What is in the way of sending, each with the way to it."""
    title = _("Before this can be sent")
    return faults.missing(paper.form, paper.faults(complete=True), title=title, edit=paper.edit)


def warnings(paper: Paper) -> Doubts | None:
    """What may be sent but should be looked at again: promised values that miss what is wanted."""
    found = faults.missed(paper.form, paper.content, book=paper.book, indicators=paper.indicators)
    told = faults.missing(paper.form, found, title=_("Look at this again"), edit=paper.edit)
    return Doubts(title=told.title, links=told.links) if told else None


def sections(paper: Paper, *, editable: bool) -> list[tuple[str, c.Answers]]:
    """All answers by step."""
    edit = paper.edit if editable else ""
    return list(
        answers.by_step(paper.form, paper.content, book=paper.book, edit=edit, indicators=paper.indicators)
    )


def one_page(
    request: HttpRequest,
    paper: Paper,
    *,
    next_: str,
    button: str,
    outcome: Outcome | None = None,
    before: Any = None,
) -> HttpResponse:
    """A form of which all steps stand on one page and that is sent at once."""
    checked = request.method == "POST"
    wrong = paper.faults(complete=True) if checked else []
    fields = paper.form.fields
    plain = questions(fields, Sheet(book=paper.book, content=paper.content, indicators=paper.indicators))
    errors = faults.at_inputs(wrong, plain)
    sheet = Sheet(
        book=paper.book, content=paper.content, indicators=paper.indicators, errors=errors, more=request.POST.get("add", ""),
        file_url=paper.file_url,
    )  # fmt: skip
    parts = {
        "crumbs": c.Breadcrumbs(links=paper.crumbs, here=paper.title),
        "intro": c.Intro(title=paper.title, kicker=paper.kicker, next=next_),
        "errors": faults.summary(paper.form, wrong, plain) or summary(outcome),
        "before": before,
        "groups": [
            (words(step.label) if len(paper.form.steps) > 1 else "", questions(step.fields, sheet))
            for step in paper.form.steps.values()
        ],
        "button": button,
        "back": paper.address,
    }  # fmt: skip
    return render(request, "forms/one_page.html", parts)


def posted(request: HttpRequest, paper: Paper) -> Paper:
    """The paper with what was typed on its one page."""
    taken, _refused_files = uploads.stored(request, paper.form.fields, organisation=paper.organisation)
    content = read(paper.form.fields, request.POST, old=paper.content, book=paper.book, files=taken)
    return _with(paper, content)


def is_sent(request: HttpRequest, paper: Paper) -> bool:
    """Whether the page asks to be sent and nothing is wrong with it; adding a row is not sending."""
    turning = "add" in request.POST or "remove" in request.POST
    return request.method == "POST" and not turning and not paper.faults(complete=True)


def _page(
    request: HttpRequest, paper: Paper, key: str, step: FormStep, *, extra: Mapping[str, str] | None = None,
    errors: c.ErrorSummary | None = None,
) -> HttpResponse:  # fmt: skip
    complete = request.method == "GET" and "check" in request.GET
    wrong = faults.in_step(paper.faults(complete=complete), step)
    plain = questions(step.fields, Sheet(book=paper.book, content=paper.content, indicators=paper.indicators))
    beside = {**faults.at_inputs(wrong, plain), **(extra or {})}
    sheet = Sheet(
        book=paper.book, content=paper.content, errors=beside, indicators=paper.indicators, more=request.GET.get("add", ""),
        file_url=paper.file_url,
    )  # fmt: skip
    keys = list(paper.form.steps)
    place = keys.index(key)
    count = _("Step %(n)s of %(all)s") % {"n": place + 1, "all": len(keys)}
    parts = {
        "crumbs": c.Breadcrumbs(links=paper.crumbs, here=words(step.label)),
        "intro": c.Intro(title=words(step.label), kicker=f"{paper.kicker} · {count}", next=words(step.help)),
        "errors": errors or faults.summary(paper.form, wrong, plain),
        "questions": questions(step.fields, sheet),
        "saved": Saved(text=_("Every change saves itself. Only your own people read it before it is sent.")),
        "last": place == len(keys) - 1,
        "back": paper.address,
    }
    return render(request, "forms/step.html", parts)


def _refused(
    request: HttpRequest, paper: Paper, key: str, step: FormStep, outcome: Outcome, refused: Mapping[str, Any]
) -> HttpResponse:
    """The page again with everything typed; what was refused stands above and beside its input."""
    beside = {name: render_reason(reasons[0]) for name, reasons in refused.items()}
    told = [c.Fault(text=text, field=f"id_{name}") for name, text in beside.items()]
    other = summary(outcome)
    errors = c.ErrorSummary(faults=[*told, *(other.faults if other else ())])
    if request.headers.get("HX-Request"):
        text = " ".join(fault.text for fault in errors.faults)
        return HttpResponse(_saved(request, _("Not saved: %(why)s") % {"why": text}))
    return _page(request, paper, key, step, extra=beside, errors=errors)


def _onward(request: HttpRequest, paper: Paper, key: str, step: FormStep) -> HttpResponse:
    here = f"{paper.edit}{key}/"
    if added := request.POST.get("add"):
        rows = paper.content.get(added)
        return _to(f"{here}?add={added}#id_{added}.{len(rows) if isinstance(rows, list) else 0}")
    if removed := request.POST.get("remove"):
        return _to(f"{here}#id_{removed.split('.')[0]}")
    if faults.in_step(paper.faults(complete=False), step):
        return _to(here)
    messages.success(request, _("“%(step)s” is saved.") % {"step": words(step.label)})
    keys = list(paper.form.steps)
    following = keys[keys.index(key) + 1 :]
    return _to(f"{paper.edit}{following[0]}/" if following and "leave" not in request.POST else paper.address)


def _to(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def _saved(request: HttpRequest, text: str = "") -> str:
    at = formats.clock_time(now_of(request), lang=language_tag(), zone=_zone(request))
    told = text or _("Saved at %(time)s.") % {"time": at}
    return render_to_string("forms/saved.html", {"c": Saved(text=told)})


def _zone(request: HttpRequest) -> str:
    return str(getattr(request.user, "timezone", "") or "UTC")


def _with(paper: Paper, content: Mapping[str, Any]) -> Paper:
    return replace(paper, content=content)

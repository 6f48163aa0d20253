"""Under `/projects/<number>/work/`: report or accept a milestone, and record what was measured."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.operations.kernel import Done, Outcome
from jiebang.operations.things import book_of
from jiebang.rules.schema import Form, FormField, FormStep
from jiebang.web import components as c
from jiebang.web.acting import act, bound, done, summary
from jiebang.web.bidders.project import address, crumbs, kicker, project_or_404, title, wanted
from jiebang.web.desk.gate import only
from jiebang.web.forms import answers, reading, steps
from jiebang.web.forms.standing import has_flag, roles
from jiebang.web.office.one_form import milestone_answer, milestone_operation
from jiebang.web.public import saying
from jiebang.web.site import reader_of, words

PLAIN = Form(
    label={"en": "Report"},
    steps={
        "report": FormStep(
            label={"en": "Report", "zh-Hans": "报告"},
            fields={"done": FormField(kind="text", label={"en": "What was done", "zh-Hans": "完成内容"})},
        )
    },
)


@only("lead", "owner")
def milestone(request: HttpRequest, number: str, order: int) -> HttpResponse:
    """`milestones/<order>/`: the lead writes the report; the owner reads it and accepts."""
    row = project_or_404(request, number)
    held, step = roles(row, reader=reader_of(request)), _step(row, order)
    if not has_flag(row, "live") or step.accepted_at:
        raise Http404
    if "lead" in held:
        return _report(request, row, step)
    if "owner" in held and step.reported_at:
        return _accept(request, row, step)
    raise Http404


@only("lead", "owner")
def measure(request: HttpRequest, number: str) -> HttpResponse:
    """`measure/`: one measured value of one indicator."""
    row = project_or_404(request, number)
    if not roles(row, reader=reader_of(request)) & {"lead", "owner"} or row.ended_at is not None:
        raise Http404
    outcome = _measured(request, number) if request.method == "POST" else None
    if isinstance(outcome, Done):
        told = (
            _("Recorded: the indicator is reached.")
            if outcome.answer["met"]
            else _("Recorded: the indicator is missed.")
        )
        return done(request, outcome, text=told, to=address(row))
    parts = {
        "crumbs": c.Breadcrumbs(links=crumbs(row), here=_("Measured value")),
        "intro": c.Intro(
            title=_("Record a measured value"), kicker=kicker(row),
            next=_("Whether it is reached follows from what the notice asked for. Earlier values stay in the record."),
        ),
        "errors": summary(outcome),
        "fields": bound(_measuring(row), request.POST, outcome),
        "button": _("Record the value"), "back": address(row),
    }  # fmt: skip
    return render(request, "people/form.html", parts)


def paper(
    row: Any, form: Form | None, *, content: Any, heading: str, where: str, organisation: str
) -> steps.Paper:
    """A report on one page; it is sent whole, so nothing saves itself."""
    return steps.Paper(
        form=form or PLAIN, content=content, book=book_of(row), address=where, title=heading,
            kicker=f"{row.number} · {title(row)}",
        organisation=organisation, crumbs=crumbs(row), indicators=wanted(row),
    )  # fmt: skip


def _report(request: HttpRequest, row: Any, step: Any) -> HttpResponse:
    heading = _("Report: %(milestone)s") % {"milestone": words(step.title)}
    lead = row.bid.consortium.lead.slug
    sheet = paper(
        row,
        book_of(row).forms.get("milestone"),
        content=step.report,
        heading=heading,
        where=address(row),
        organisation=lead,
    )
    outcome: Outcome | None = None
    if request.method == "POST":
        sheet = steps.posted(request, sheet)
    if steps.is_sent(request, sheet):
        outcome = act(
            request, "report_milestone", {"project": row.number, "order": step.order, "report": sheet.content}
        )
    if isinstance(outcome, Done):
        return done(
            request, outcome, text=_("Your report is with the office and the owner."), to=address(row)
        )
    return steps.one_page(
        request,
        sheet,
        next_=_("The office or the owner reads it and accepts, or asks back."),
        button=_("Send the report"),
        outcome=outcome,
    )


def _accept(request: HttpRequest, row: Any, step: Any) -> HttpResponse:
    outcome = None
    if request.method == "POST":
        params = {"project": row.number, "order": step.order, "remark": request.POST.get("remark", "")}
        outcome = act(request, milestone_operation(request.POST), params)
    if isinstance(outcome, Done):
        return done(
            request, outcome, text=_("The lead reads your answer on the project's page."), to=address(row)
        )
    book = book_of(row)
    told = answers.by_step(
        book.forms.get("milestone") or PLAIN, step.report, book=book, indicators=wanted(row)
    )
    parts = {
        "crumbs": c.Breadcrumbs(links=crumbs(row), here=words(step.title)),
        "intro": c.Intro(title=words(step.title), kicker=kicker(row),
            next=_("Accept it if it is what was promised; else say what is missing.")),
        "errors": summary(outcome), "sections": list(told), "fields": bound(milestone_answer(), request.POST, outcome),
        "button": _("Send the answer"), "back": address(row),
    }  # fmt: skip
    return render(request, "bidders/accept.html", parts)


def _measured(request: HttpRequest, number: str) -> Outcome:
    sent = request.POST
    params = {
        "project": number, "indicator": sent.get("indicator", ""), "value": str(reading.number(sent.get("value", ""))),
        "note": sent.get("note", "")[:500], "occasion": sent.get("occasion") or "acceptance",
    }  # fmt: skip
    return act(request, "measure", params)


def _measuring(row: Any) -> list[c.Field]:
    items = wanted(row)
    chosen = [
        c.Option(
            value=str(item["id"]), label=saying.plainly(item.get("name")) or str(item["id"]), chosen=len(items) == 1,
            help=_("Wanted: %(wanted)s") % {"wanted": saying.threshold(item)},
        )
        for item in items
    ]  # fmt: skip
    occasions = [
        ("milestone", _("at a milestone")),
        ("acceptance", _("for acceptance")),
        ("validation", _("in daily use")),
    ]
    return [
        c.Field(name="indicator", label=_("Indicator"), kind="radios", options=chosen),
        c.Field(name="value", label=_("Measured value"), kind="number", short=True),
        c.Field(name="occasion", label=_("Measured"), kind="select", options=[c.Option(value=key, label=text) for key,
            text in occasions]),
        c.Field(name="note", label=_("How it was measured"), optional=True),
    ]  # fmt: skip


def _step(row: Any, order: int) -> Any:
    for item in row.milestones.all():
        if item.order == order:
            return item
    raise Http404

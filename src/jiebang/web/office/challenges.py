"""`/office/challenges/<number>/`: a challenge at work, on tabs: the case, bids and check, experts, scores, panel, questions."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.records.awards.office import amendments_on, objections, open_or_held
from jiebang.records.challenges.office import open_question
from jiebang.records.challenges.own import questions_of
from jiebang.records.people.roles import CASE_READERS, OFFICERS
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.desk.gate import only
from jiebang.web.forms import answers
from jiebang.web.office import cells
from jiebang.web.office import preview as shown
from jiebang.web.office.case import Case, case_or_404, course, crumbs, intro, limit, shared
from jiebang.web.office.one_form import OneForm, serve
from jiebang.web.public import saying, undone
from jiebang.web.site import language_tag, reader_of, words


@only(*CASE_READERS)
def challenge(request: HttpRequest, number: str) -> HttpResponse:
    """The case: where it stands, what may be done, the result so far, its course."""
    case = case_or_404("challenge", number, reader_of(request))
    row, form = case.thing, case.book.forms.get("need")
    against = objections(reader=case.reader).filter(challenge=row).order_by("number")
    parts = {
        **frame(case, ""),
        **shared(case),
        "facts": _facts(case),
        "ranking": shown.ranking(shown.decided(case)),
        "changes": undone.changes(amendments_on(row), case.book),
        "objections": [c.Link(item.number, f"/office/objections/{item.number}/") for item in against],
        "steps": list(answers.by_step(shown.public_form(form), row.content, book=case.book)) if form else [],
        "course": course(case, begin=_("Listed"), began=row.listed_at),
    }
    return render(request, "office/challenge.html", parts)


@only(*CASE_READERS)
def questions(request: HttpRequest, number: str) -> HttpResponse:
    """The question log: what waits first."""
    case = case_or_404("challenge", number, reader_of(request))
    log = [
        {
            "text": saying.say(row.text), "answer": saying.say(row.answer) if row.answered_at else None,
            "when": cells.moment(row.asked_at, case.book.timezone),
            "url": "" if row.answered_at else f"/office/questions/{row.pk}/",
        }
        for row in questions_of([case.thing.pk])
    ]  # fmt: skip
    may = bool(case.reader.roles & OFFICERS)
    return render(request, "office/questions.html", {**frame(case, "questions"), "log": log, "may": may})


@only(*OFFICERS)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a question for all to read; who asked is not shown."""
    asked = open_question(pk, reader=reader_of(request))
    if asked is None:
        raise Http404
    case = case_or_404("challenge", asked.challenge.number, reader_of(request))
    tags = [tag for tag in case.book.languages if tag != language_tag()]
    fields = [c.Field(name="text", label=_("Answer"), kind="textarea")]
    for tag in tags:
        name = formats.language(tag, lang=language_tag())
        label = _("The same in %(language)s") % {"language": name}
        fields.append(c.Field(name=f"tr-{tag}", label=label, kind="textarea", optional=True, lang=tag))
    return serve(request, OneForm(
        operation="answer_question", fields=fields, label=_("Publish the answer"), to=f"{case.url}questions/",
        params=lambda post: {
            "question": pk, "text": post.get("text", "").strip(), "lang": language_tag(),
            "translations": {tag: text for tag in tags if (text := post.get(f"tr-{tag}", "").strip())},
        },
        intro=c.Intro(title=_("Answer a question"), kicker=f"{case.thing.number} · {shown.title(case)}",
                      next=_("Question and answer are public; who asked is not.")),
        above=[(_("The question"), saying.say(asked.text))], said=_("The answer is public."),
        crumbs=crumbs(case, list_name=_("Challenges"), here=_("Answer a question")),
    ))  # fmt: skip


def frame(case: Case, here: str) -> dict[str, Any]:
    """Crumbs, head and tabs that the pages of one challenge share."""
    return {
        "crumbs": crumbs(case, list_name=_("Challenges")),
        "intro": intro(case, title=shown.title(case), kicker=_kicker(case)),
        "tabs": tabs(case, here),
    }


def tabs(case: Case, here: str) -> c.Tabs:
    """The pages of one challenge."""
    names = {
        "": _("The case"), "bids": _("Bids and check"), "experts": _("Experts"), "scores": _("Scores"),
        "panel": _("Panel"), "questions": _("Questions"),
    }  # fmt: skip
    if case.book.award and case.book.award.rule == "lottery" and open_or_held(case.thing):
        names["draw"] = _("The draw")
    if case.book.panel is None:
        del names["panel"]
    links = [
        c.Link(label, f"{case.url}{key}/" if key else case.url, current=key == here)
        for key, label in names.items()
    ]
    return c.Tabs(links=links, label=_("Pages of this challenge"))


def _kicker(case: Case) -> str:
    parts = (case.thing.number, cells.country(case.thing.country), cells.sector(case.thing))
    return " · ".join(part for part in parts if part)


def _facts(case: Case) -> c.Facts:
    row = case.thing
    items: list[tuple[str, Any]] = [(_("Owner"), cells.chip(row.need.owner, linked=True, placed=True))]
    if clock := limit(case):
        rule = case.book.clocks.get(row.due_clock)
        items.append((words(rule.label) if rule else _("By when"), clock))
    items += [
        (_("Budget"), cells.money(row.budget, row.currency) or "–"),
        (_("Leads to appoint"), str(row.max_leads)),
    ]
    if row.listed_at:
        items.append((_("Listed"), cells.moment(row.listed_at, case.book.timezone)))
    moments = {
        _("Questions until"): row.questions_until, _("Bids close"): row.closes_at,
        _("Publicity until"): row.publicity_until,
    }  # fmt: skip
    items += [(label, cells.until(at, case.book.timezone)) for label, at in moments.items() if at]
    items.append((_("Need"), _cell(row.need.number, f"/office/needs/{row.need.number}/")))
    items.append((_("Public page"), _cell(row.number, f"/challenges/{row.number}/")))
    if row.relisted_from:
        items.append(
            (
                _("Listed again from"),
                _cell(row.relisted_from.number, f"/office/challenges/{row.relisted_from.number}/"),
            )
        )
    if again := getattr(row, "relisted_as", None):
        items.append((_("Listed again as"), _cell(again.number, f"/office/challenges/{again.number}/")))
    return c.Facts(items=items, title=_("In short"))


def _cell(text: str, url: str) -> c.Part:
    return c.EvidenceItem(title=text, url=url)

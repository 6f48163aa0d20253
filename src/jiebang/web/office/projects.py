"""`/office/projects/<number>/`: a project at work: checks, signatures, milestones, measures, money, follow-up."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.decisions import lifecycle
from jiebang.operations import portfolio as standing
from jiebang.operations.facts import indicators
from jiebang.operations.gates import may_close
from jiebang.operations.things import day_of
from jiebang.records.awards.queries import revocations_of
from jiebang.records.people.roles import OFFICERS
from jiebang.records.projects.office import find_milestone, rivals_of, with_steps
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.desk.gate import only
from jiebang.web.forms import answers
from jiebang.web.office import cells
from jiebang.web.office import preview as shown
from jiebang.web.office.case import Case, case_or_404, course, crumbs, intro, limit, shared
from jiebang.web.office.one_form import OneForm, milestone_answer, milestone_operation, select, serve, typed
from jiebang.web.projects import warned
from jiebang.web.projects.room import Room, tabs
from jiebang.web.public import findings, saying, undone
from jiebang.web.site import language_tag, reader_of, words


@only(*OFFICERS, "auditor")
def project(request: HttpRequest, number: str) -> HttpResponse:
    """The whole project on one page."""
    case = case_or_404("project", number, reader_of(request))
    row, may = with_steps(case.thing), bool(reader_of(request).roles & OFFICERS)
    validation = getattr(row, "validation", None)
    form = case.book.forms.get("validation")
    parts = {
        **shared(case),
        "crumbs": crumbs(case, list_name=_("Projects")),
        "intro": intro(case, title=shown.title(case), kicker=f"{row.number} · {row.challenge.number}"),
        "facts": _facts(case),
        "tabs": tabs(Room(row=row, reader=case.reader, held=case.roles)),
        "warnings": _warnings(case),
        "questions": [undone.question(item, case.book, names=True) for item in revocations_of(row)],
        "gates": _gates(case, may),
        "signatures": _signatures(case),
        "milestones": _milestones(case, may),
        "indicators": findings.table(row, promised=findings.promises(row)),
        "measures": _measures(case),
        "measure_url": f"{case.url}measure/" if may else "",
        "to_confirm": findings.to_confirm(row),
        "agree_url": f"{case.url}measure/" if may and row.ended_at is None else "",
        "money": _money(case, may),
        "validation": list(
            answers.by_step(form, validation.content, book=case.book, indicators=indicators(row.challenge))
        )
        if form and validation
        else [],
        "follow_ups": _follow_ups(case),
        "course": course(case, begin=_("Awarded"), began=row.started_at),
    }
    return render(request, "office/project.html", parts)


@only(*OFFICERS)
def milestone(request: HttpRequest, number: str, order: int) -> HttpResponse:
    """Read a report and accept it."""
    case = case_or_404("project", number, reader_of(request))
    row = find_milestone(case.thing, order)
    if row is None:
        raise Http404
    form = case.book.forms.get("milestone")
    known = indicators(case.thing.challenge)
    blocks = (
        list(answers.by_step(form, row.report, book=case.book, indicators=known))
        if form and row.report
        else []
    )
    why_not = [] if row.reported_at else [_("The lead has not reported on it yet.")]
    return _one(
        request,
        case,
        OneForm(
            operation=milestone_operation,
            above=[(heading, block) for heading, block in blocks],
            why_not=why_not,
            params=lambda post: {"project": number, "order": order, "remark": post.get("remark", "").strip()},
            fields=milestone_answer(),
            to=case.url,
            intro=_intro(case, f"{order}. {words(row.title)}", ""),
            label=_("Send the answer"),
            said=_("The lead reads your answer on the project's page."),
        ),
    )


@only(*OFFICERS)
def measure(request: HttpRequest, number: str) -> HttpResponse:
    """Record a measured value; met or not follows from the threshold that was listed."""
    case = case_or_404("project", number, reader_of(request))
    options = {
        str(i["id"]): f"{saying.plainly(i.get('name'))} ({saying.threshold(i)})"
        for i in indicators(case.thing.challenge)
    }
    fields = [
        select("indicator", _("Indicator"), options), c.Field(name="value", label=_("Measured value"), kind="number", short=True),
        select("occasion", _("On the occasion of"), _occasions(), chosen="acceptance"),
        c.Field(name="note", label=_("Note"), optional=True, maxlength=500, help=_("How and where it was measured.")),
    ]  # fmt: skip
    wanted = typed("indicator", "value", "occasion", "note")
    return _one(request, case, OneForm(
        operation="measure", params=lambda post: {"project": number, **wanted(post)}, fields=fields, to=case.url,
        intro=_intro(case, _("Record a measured value"), _("Met or not follows from the threshold that was listed.")),
        label=_("Record it"), said=_("The value is recorded."),
    ))  # fmt: skip


def _one(request: HttpRequest, case: Case, form: OneForm) -> HttpResponse:
    return serve(request, replace(form, crumbs=crumbs(case, list_name=_("Projects"), here=form.intro.title)))


def _intro(case: Case, title: str, following: str) -> c.Intro:
    return c.Intro(title=title, kicker=f"{case.thing.number} · {shown.title(case)}", next=following)


def _facts(case: Case) -> c.Facts:
    row = case.thing
    lead, owner = row.bid.consortium.lead, row.challenge.need.owner
    items: list[tuple[str, Any]] = [
        (_("Lead"), cells.chip(lead, linked=True)),
        (_("Owner"), cells.chip(owner, linked=True)),
        (_("Amount"), cells.money(row.amount, row.currency) or "–"),
    ]
    if clock := limit(case):
        rule = case.book.clocks.get(row.due_clock)
        items.append((words(rule.label) if rule else _("By when"), clock))
    items += [
        (_("Awarded"), cells.moment(row.started_at, case.book.timezone)),
        (_("Agreement signed"), cells.moment(row.signed_at, case.book.timezone) or "–"),
        (_("Bid"), c.EvidenceItem(title=row.bid.number, url=f"/office/bids/{row.bid.number}/")),
        (
            _("Challenge"),
            c.EvidenceItem(title=row.challenge.number, url=f"/office/challenges/{row.challenge.number}/"),
        ),
        (_("Public page"), c.EvidenceItem(title=row.number, url=f"/projects/{row.number}/")),
        (
            _("Acceptance report"),
            c.EvidenceItem(title=_("As PDF"), url=f"/projects/{row.number}/acceptance.pdf"),
        ),
    ]
    if row.challenge.max_leads > 1:
        items.append(
            (
                _("Races against"),
                [c.EvidenceItem(title=o.number, url=f"/office/projects/{o.number}/") for o in rivals_of(row)],
            )
        )
    return c.Facts(items=items, title=_("In short"))


def _warnings(case: Case) -> c.DataTable | None:
    row, owner = case.thing, case.thing.challenge.need.owner
    found = standing.warned(row, now=case.reader.at)
    return warned.table(found, number=row.number, held=case.roles, owner=owner.slug)


def _signatures(case: Case) -> list[str]:
    return [
        f"{cells.party(s.party)} – {s.by.name}, {cells.moment(s.at, case.book.timezone)}"
        for s in case.thing.signatures.all()
    ]


def _gates(case: Case, may: bool) -> c.TaskList | None:
    tasks, today = [], day_of(case.reader.at, case.thing)
    checks = f"/projects/{case.thing.number}/agreement/checks/"
    for row in case.thing.gates.all():
        rule, open_ = case.book.gates.get(row.gate), row.open_on(today)
        found = f"{row.finding} {row.reference}".strip()
        hint = f"{found} ({_who(case, row.closed_by, row.closed_at)})" if row.closed_by else ""
        hint = hint or (words(rule.why) if rule and rule.why else "")
        tasks.append(c.Task(
            name=words(rule.label) if rule else row.gate, status="todo" if open_ else "done", hint=hint,
            url=f"{checks}{row.gate}/" if may and open_ and may_close(case.reader, rule) else "",
        ))  # fmt: skip
    return c.TaskList(tasks=tasks) if tasks else None


def _milestones(case: Case, may: bool) -> c.DataTable | None:
    rows = [
        [
            c.Cell(f"{m.order}. {words(m.title)}", f"{case.url}milestones/{m.order}/" if may else ""),
            c.Cell(cells.day(m.due_on) or "–"), c.Cell(cells.day_of(m.reported_at, case.book.timezone) or "–"),
            c.Cell(part=_milestone(m)), c.Cell(_who(case, m.accepted_by, m.accepted_at) if m.accepted_at else ""),
        ]
        for m in case.thing.milestones.all()
    ]  # fmt: skip
    heads = (_("Milestone"), _("Due"), _("Reported"), _("State"), _("By"))
    return c.DataTable(columns=[c.Column(label=text) for text in heads], rows=rows) if rows else None


def _who(case: Case, person: Any, at: Any) -> str:
    return f"{person.name}, {cells.day_of(at, case.book.timezone)}"


def _milestone(row: Any) -> c.Stamp:
    if row.accepted_at:
        return c.Stamp(_("Accepted"), "done")
    return c.Stamp(_("Reported"), "deciding") if row.reported_at else c.Stamp(_("To come"), "waiting")


def _occasions() -> dict[str, str]:
    return {
        "milestone": _("Milestone"),
        "acceptance": _("Acceptance"),
        "pilot": _("Pilot"),
        "validation": _("Validation"),
        "follow_up": _("Follow-up"),
    }


def _measures(case: Case) -> c.DataTable | None:
    known = {str(item["id"]): item for item in indicators(case.thing.challenge)}
    rows = []
    for row in case.thing.measurements.all():
        item: Any = known.get(row.indicator, {})
        value = f"{formats.number(row.value, lang=language_tag())} {saying.plainly(item.get('unit'))}".strip()
        rows.append([
            c.Cell(saying.plainly(item.get("name")) or row.indicator), c.Cell(saying.threshold(item)), c.Cell(value),
            c.Cell(part=findings.stamp(row)), c.Cell(_occasions().get(row.occasion, row.occasion)),
            c.Cell(_who(case, row.by, row.at)),
        ])  # fmt: skip
    heads = (_("Indicator"), _("Wanted"), _("Measured"), _("Answer"), _("On the occasion of"), _("By"))
    return (
        c.DataTable(columns=[c.Column(label=text, number=text == _("Measured")) for text in heads], rows=rows)
        if rows
        else None
    )


def _money(case: Case, may: bool) -> c.DataTable | None:
    rows = []
    for row in case.thing.instalments.all():
        if row.paid_on:
            state = c.Cell(_("paid %(day)s") % {"day": cells.day(row.paid_on)} + f" {row.reference}")
        elif row.due_since:
            state = c.Cell(
                _("due since %(day)s") % {"day": cells.day_of(row.due_since, case.book.timezone)},
                f"/projects/{case.thing.number}/money/pay/{row.order}/" if may else "",
            )
        else:
            state = c.Cell(_occasion(case, row))
        rows.append([c.Cell(words(row.label)), c.Cell(cells.money(row.amount, case.thing.currency)), state])
    heads = (_("Instalment"), _("Amount"), _("State"))
    return (
        c.DataTable(columns=[c.Column(label=text, number=text == _("Amount")) for text in heads], rows=rows)
        if rows
        else None
    )


def _occasion(case: Case, row: Any) -> str:
    if row.due_milestone:
        return _("with milestone %(n)s accepted") % {"n": row.due_milestone}
    return _("with “%(act)s”") % {"act": _command(case, row.due_command)}


def _follow_ups(case: Case) -> c.DataTable | None:
    rows = [
        [
            c.Cell(saying.after_months(row.month)),
            c.Cell(cells.day(row.due_on)),
            c.Cell(part=saying.use_stamp(row)),
            c.Cell(saying.use_said(row.content)),
        ]
        for row in case.thing.follow_ups.all()
    ]
    heads = (_("Follow-up"), _("Due"), _("Answer"), _("What was said"))
    return c.DataTable(columns=[c.Column(label=text) for text in heads], rows=rows) if rows else None


def _command(case: Case, command: str) -> str:
    return words(lifecycle.label(case.book, kind="project", command=command)) or command

"""Reviews and scores in the office: who was asked and how far, scores with their uncertainty, the line of decision."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.adapters import charts
from jiebang.decisions import shortlist
from jiebang.decisions.scores import OVERALL, Score, is_calibrated, lower_wins
from jiebang.operations.effects_challenges import judged_stages
from jiebang.operations.interests import against, told
from jiebang.operations.judging import weighed
from jiebang.operations.proposing import scope_of_call
from jiebang.records.bids.office import bids_on, scored_on
from jiebang.records.people.queries import people_with
from jiebang.records.people.roles import CASE_READERS, OFFICERS
from jiebang.records.reviews.experts import blocks_on_bids, last_slate
from jiebang.records.reviews.queries import OVER, reviews
from jiebang.rules.reasons import Reason
from jiebang.rules.schema import Rulebook
from jiebang.rules.threshold import Threshold, threshold
from jiebang.web import components as c
from jiebang.web.acting import render_reason
from jiebang.web.desk.gate import only
from jiebang.web.forms import languages
from jiebang.web.office import cells, committee
from jiebang.web.office import preview as shown
from jiebang.web.office.case import Case, case_or_404
from jiebang.web.office.challenges import frame
from jiebang.web.office.committee import number
from jiebang.web.office.one_form import OneForm, serve
from jiebang.web.public import saying
from jiebang.web.public.frame import person_name
from jiebang.web.site import reader_of, words


@only(*CASE_READERS)
def experts(request: HttpRequest, number: str) -> HttpResponse:
    """For each eligible bid: who judges it and how far they are."""
    case = case_or_404("challenge", number, reader_of(request))
    needed = case.book.scoring.reviews_needed if case.book.scoring else 0
    rows = [_bid_block(case, row, needed) for row in _judged_bids(case)]
    signed, asked = sum(row["signed"] for row in rows), needed * len(rows)
    progress = c.Progress(
        value=min(signed, asked),
        maximum=asked,
        text=_("%(n)s of %(all)s reviews signed") % {"n": signed, "all": asked},
    )
    may = bool(case.reader.roles & OFFICERS) and any(row["assign"] for row in rows)
    parts = {
        **frame(case, "experts"),
        "rows": rows,
        "progress": progress if asked else None,
        "propose": f"{case.url}experts/proposal/" if may else "",
        "whole": f"/office/calls/{case.thing.call.number}/experts/proposal/"
        if may and _among_others(case)
        else "",
        "appointed": f"{case.url}experts/appointed/" if last_slate(case.thing) else "",
        "first": any(row["missing"] for row in rows),
    }
    return render(request, "office/experts.html", parts)


def _among_others(case: Case) -> bool:
    """Whether another challenge of the call is under review too."""
    return len(scope_of_call(case.thing.call, reader=case.reader).challenges) > 1


@only(*OFFICERS)
def assign(request: HttpRequest, number: str) -> HttpResponse:
    """Choose an expert for a bid; whoever must not judge it stands below with the reason."""
    case = case_or_404("bid", number, reader_of(request))
    free: list[tuple[Any, Sequence[Reason]]] = []
    barred: list[tuple[Any, Sequence[Reason]]] = []
    for person in people_with("expert", at=case.reader.at).select_related("expert"):
        reasons = against(case.thing, person, at=case.reader.at)
        (barred if reasons else free).append((person, reasons))
    options = [c.Option(value=p.email, label=p.name, help=_skills(p)) for p, _reasons in free]
    rows = [[c.Cell(p.name), c.Cell(" ".join(render_reason(item) for item in found))] for p, found in barred]
    columns = [c.Column(label=_("Expert")), c.Column(label=_("Why not"))]
    back = f"/office/challenges/{case.thing.challenge.number}/experts/"
    return serve(
        request,
        OneForm(
            operation="assign_expert",
            params=lambda post: {"bid": number, "expert": post.get("expert", "")},
            label=_("Assign"),
            fields=[c.Field(name="expert", label=_("Who may judge it"), kind="radios", options=options)],
            to=back,
            intro=c.Intro(
                title=_("Assign an expert"),
                kicker=f"{number} · {shown.title(case)}",
                next=_("The expert declares before reading; an interest ends the assignment."),
            ),
            said=_("The expert was asked."),
            crumbs=c.Breadcrumbs(
                links=[c.Link(_("My desk"), "/desk/"), c.Link(case.thing.challenge.number, back)], here=number
            ),
            above=[(_("Who must not"), c.DataTable(columns=columns, rows=rows))] if rows else [],
        ),
    )


@only(*CASE_READERS)
def scores(request: HttpRequest, number: str) -> HttpResponse:
    """Scores by criterion, the plain mean beside what ranks, intervals and the line of decision."""
    case = case_or_404("challenge", number, reader_of(request))
    known = [row.number for row in scored_on(case.thing, reader=case.reader)]
    result, rests = weighed(case.thing, now=case.reader.at) if known else (None, None)
    found = [score for score in result.scores if score.bid in known] if result else []
    sign = 1 if lower_wins(case.book) else -1
    overall = sorted(
        (s for s in found if s.criterion == OVERALL and s.adjusted is not None),
        key=lambda s: sign * (s.adjusted or 0),
    )
    parts = {
        **(
            committee.parts(case, result, rests)
            if overall and result and rests and committee.complete(result, known)
            else {}
        ),
        **frame(case, "scores"),
        "figure": c.Figure(plot=_plot(case, overall), note=_note(case)) if overall else None,
        "table": _score_table(case, found, [s.bid for s in overall]) if overall else None,
        "ranking": shown.ranking(shown.computed(case, result)) if overall else None,
    }
    return render(request, "office/scores.html", parts)


def review_block(row: Any, book: Rulebook) -> Mapping[str, Any]:
    """One review: scores with comments, the word to the bidder, the note to the office."""
    given = {score.criterion: score for score in row.scores.all()}
    columns = [
        c.Column(label=_("Criterion")),
        c.Column(label=_("Score"), number=True),
        c.Column(label=_("Comment")),
    ]
    table = [
        [c.Cell(words(rule.label)), c.Cell(number(given[key].value)), c.Cell(given[key].comment)]
        for key, rule in book.criteria.items()
        if key in given
    ]
    return {
        "name": person_name(row.expert), "stamp": status(row),
        "scores": c.DataTable(columns=columns, rows=table) if table else None,
        "comment": saying.say(row.comment), "note": row.note or row.recused_why,
    }  # fmt: skip


def status(row: Any) -> c.Stamp:
    """How far a review is."""
    stamps: Mapping[str, tuple[str, c.Tone]] = {
        "asked": (_("Asked"), "waiting"), "declared": (_("Declared"), "open"), "draft": (_("Being written"), "open"),
        "signed": (_("Signed"), "done"), "recused": (_("Stepped aside"), "stopped"),
        "released": (_("Let go"), "stopped"), "struck": (_("Struck by a correction"), "stopped"),
    }  # fmt: skip
    return c.Stamp(*stamps[row.status])


def _judged_bids(case: Case) -> list[Any]:
    return list(bids_on(case.thing, reader=case.reader).filter(stage__in=judged_stages(case.book)))


def _bid_block(case: Case, row: Any, needed: int) -> dict[str, Any]:
    found = list(reviews(reader=case.reader).filter(bid=row))
    live = [item for item in found if item.status not in OVER]
    against_bid = blocks_on_bids([row.pk])
    stage = case.book.lifecycles["challenge"].stages[case.thing.stage]
    may = bool(case.reader.roles & OFFICERS) and "reviewing" in stage.flags
    people = [
        {
            "name": person_name(item.expert),
            "stamp": status(item),
            "when": cells.moment(item.signed_at or item.assigned_at, case.book.timezone),
            "why": item.recused_why,
            "blocks": [
                render_reason(said)
                for said in told(block for block in against_bid if block.expert_id == item.expert_id)
            ],
        }
        for item in found
    ]
    return {
        "number": row.number, "lead": cells.party(row.consortium.lead), "people": people, "url": f"/office/bids/{row.number}/",
        "missing": max(0, needed - len(live)), "assign": f"/office/bids/{row.number}/experts/" if may else "",
        "signed": sum(1 for item in live if item.status == "signed"),
    }  # fmt: skip


def _skills(person: Any) -> str:
    profile = getattr(person, "expert", None)
    if profile is None:
        return ""
    return ", ".join([*map(str, profile.expertise[:5]), *map(languages.name, profile.languages[:4])])


def _plot(case: Case, overall: Sequence[Score]) -> charts.Plot:
    plain = is_calibrated(
        case.book
    )  # then the score that ranks may be on another scale, and has a figure of its own
    line = threshold(case.book.award)
    rows = [_dot(s, line, plain) for s in overall]
    above = sum(1 for row in rows if row.chosen)
    title = (
        _("%(n)s of %(all)s bids reach the line") % {"n": above, "all": len(rows)}
        if line is not None
        else _("Scores of the bids")
    )
    return charts.dot_plot(
        title=title, rows=rows, show=number,
        header=[_("Bid"), _("Experts"), _("Plain mean") if plain else _("Score that ranks"), _("Low"), _("High")],
        line_at=None if plain or not line else charts.Line(float(line.value), _needed(line)),
    )  # fmt: skip


def _needed(line: Threshold) -> str:
    return _("needed: %(line)s") % {"line": number(line.value)}


def _dot(score: Score, line: Threshold | None, plain: bool) -> charts.DotRow:
    middle, low, high = score.spread(plain=plain)
    return charts.DotRow(
        label=score.bid, points=score.totals, mean=middle, low=low, high=high,
        chosen=line is not None and score.adjusted is not None and line.reached(score.adjusted),
    )  # fmt: skip


def _note(case: Case) -> str:
    if is_calibrated(case.book):
        return _(
            "Faint: each expert's total. Strong: their plain mean. Band: one standard deviation of the totals on each side."
        )
    return _(
        "Faint: each expert's total. Strong: the score that ranks. Band: one standard deviation of the totals on each side."
    )


def _score_table(case: Case, found: Sequence[Score], order: Sequence[str]) -> c.DataTable:
    by = {(s.bid, s.criterion): s for s in found}
    columns = [c.Column(label=_("Criterion")), *(c.Column(label=number, number=True) for number in order)]
    rows = []
    for key, rule in case.book.criteria.items():
        label = f"{words(rule.label)} ({number(rule.weight)})"
        rows.append([c.Cell(label), *(c.Cell(_shown(by.get((number, key)))) for number in order)])
    if any(s.criterion == shortlist.SCORE for s in found):
        first = (by.get((number, shortlist.SCORE)) for number in order)
        rows.append([c.Cell(_("Score of the first stage")), *(c.Cell(_shown(s)) for s in first)])
    whole = [by[(number, OVERALL)] for number in order]
    for label, values in (
        (_("Plain mean"), [_maybe(s.mean) for s in whole]), (_("Score that ranks"), [_maybe(s.adjusted) for s in whole]),
        (_("Uncertainty of the score"), [_maybe(s.se) for s in whole]),
        (_("Spread"), [_maybe(s.sd) for s in whole]), (_("Experts"), [str(s.n) for s in whole]),
    ):  # fmt: skip
        rows.append([c.Cell(label), *(c.Cell(text) for text in values)])
    return c.DataTable(columns=columns, rows=rows)


def _shown(score: Score | None) -> str:
    return _maybe(score.adjusted) if score else "–"


def _maybe(value: float | None) -> str:
    return "–" if value is None else number(value)

"""Bids as the office sees them once they are opened: the check of all at once, and one bid with all that was said."""

from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.operations.facts import unchecked
from jiebang.operations.kernel import Done, Outcome
from jiebang.records.awards.office import decision_of, verdicts_on
from jiebang.records.bids.office import bids_on
from jiebang.records.bids.own import verdicts_of
from jiebang.records.bids.queries import may_read_content, partners_on
from jiebang.records.bundles import amount_of, sent_content
from jiebang.records.people.roles import CASE_READERS
from jiebang.records.reviews.queries import reviews
from jiebang.web import components as c
from jiebang.web.acting import act, done, summary
from jiebang.web.desk.gate import only
from jiebang.web.forms import answers
from jiebang.web.office import cells, verdicts
from jiebang.web.office import preview as shown
from jiebang.web.office.case import Case, case_or_404, course, crumbs, intro, shared
from jiebang.web.office.challenges import frame
from jiebang.web.office.judged import review_block
from jiebang.web.owners import views as owner_views
from jiebang.web.public.frame import person_name
from jiebang.web.public.saying import versions
from jiebang.web.public.states import stamp
from jiebang.web.site import reader_of, words


@only(*CASE_READERS)
def check(request: HttpRequest, number: str) -> HttpResponse:
    """All bids with every rule's answer; one button lets each verdict stand."""
    case = case_or_404("challenge", number, reader_of(request))
    outcome: Outcome | None = None
    if request.method == "POST":
        outcome = act(request, "check_bids", {"challenge": number})
        if isinstance(outcome, Done):
            return done(request, outcome, text=_("Every bid is checked."), to=f"{case.url}bids/")
    rows = list(bids_on(case.thing, reader=case.reader))
    found = verdicts_on(rows)
    waiting = len({row.pk for row in rows} & set(unchecked(case.thing).values_list("pk", flat=True)))
    parts = {
        **frame(case, "bids"),
        "errors": summary(outcome),
        "bids": _bids(case, rows, found) if rows else None,
        "matrix": _matrix(case, rows, found) if found else None,
        "waiting": waiting,
        "may": waiting and case.reader.roles & {"officer", "second_officer"},
    }
    return render(request, "office/check.html", parts)


@only(*CASE_READERS)
def bid(request: HttpRequest, number: str) -> HttpResponse:
    """One bid: who, what, the verdicts, the reviews, the outcome."""
    case = case_or_404("bid", number, reader_of(request))
    row, form = case.thing, case.book.forms.get("bid")
    open_content = may_read_content(row, reader=case.reader)
    content = sent_content(row) if open_content else {}
    found = list(verdicts_of(row))
    said = reviews(reader=case.reader).filter(bid=row)
    decision = decision_of(row)
    parts = {
        **shared(case),
        "crumbs": crumbs(case, list_name=_("Bids")),
        "intro": intro(
            case, title=words(_title(content)) or row.number, kicker=f"{row.number} · {shown.title(case)}"
        ),
        "facts": _facts(case, content),
        "tally": verdicts.tally(found) if found else "",
        "verdicts": verdicts.table(found, case.book),
        "owner_says": owner_views.shown([row]) if open_content else [],
        "steps": list(answers.by_step(form, content, book=case.book, indicators=_indicators(case)))
        if form and content
        else [],
        "reviews": [review_block(item, case.book) for item in said],
        "explain": f"/log/explain/{row.number}/" if decision else "",
        "course": course(case, begin=_("Begun"), began=row.created_at),
    }
    return render(request, "office/bid.html", parts)


def _bids(case: Case, rows: list[Any], found: dict[int, list[Any]]) -> c.DataTable:
    columns = [c.Column(label=text) for text in (_("Bid"), _("Lead"), _("Sent"), _("State"), _("Rules"))]
    return c.DataTable(columns=columns, rows=[
        [
            c.Cell(row.number, f"/office/bids/{row.number}/"), c.Cell(cells.party(row.consortium.lead)),
            c.Cell(cells.moment(row.submitted_at, case.book.timezone)), c.Cell(part=stamp(case.book, "bid", row.stage)),
            c.Cell(verdicts.tally(found[row.pk]) if row.pk in found else _("not asked yet")),
        ]
        for row in rows
    ])  # fmt: skip


def _matrix(case: Case, rows: list[Any], found: dict[int, list[Any]]) -> c.DataTable:
    """Rules down, bids across: what fails is met first."""
    names = {"pass": _("Pass"), "fail": _("Fail")}
    tones: dict[str, c.Tone] = {"pass": "done", "fail": "stopped"}
    answers_of: dict[str, dict[int, str]] = defaultdict(dict)
    worst = {"fail": 2, "pass": 0}
    for pk, items in found.items():
        for item in items:
            now = answers_of[item.rule].get(pk)
            if now is None or worst.get(item.outcome, 1) > worst.get(now, 1):
                answers_of[item.rule][pk] = item.outcome
    order = sorted(answers_of, key=lambda rule: -max(worst.get(o, 1) for o in answers_of[rule].values()))

    def cell(rule: str, pk: int) -> c.Cell:
        outcome = answers_of[rule].get(pk)
        if outcome is None:
            return c.Cell("–")
        return c.Cell(part=c.Stamp(names.get(outcome, _("Cannot tell")), tones.get(outcome, "deciding")))

    columns = [c.Column(label=_("Rule")), *(c.Column(label=row.number) for row in rows)]
    made = [
        [c.Cell(verdicts.rule_words(rule, case.book)), *(cell(rule, row.pk) for row in rows)]
        for rule in order
    ]
    return c.DataTable(columns=columns, rows=made)


def _title(content: Any) -> dict[str, str]:
    return versions(content.get("title"))


def _indicators(case: Case) -> Any:
    return case.thing.challenge.content.get("indicators") or []


def _facts(case: Case, content: Any) -> c.Facts:
    row = case.thing
    lead = row.consortium.lead
    chip = cells.chip(lead, role=_("Lead"), linked=True)
    partners = [cells.chip(item.partner, linked=True) for item in partners_on(row)]
    posted = row.challenge
    items: list[tuple[str, Any]] = [(_("Lead"), chip)]
    if row.lead_person:
        items.append((_("Lead researcher"), c.Party(name=person_name(row.lead_person), kind="person")))
    if partners:
        items.append((_("Partners"), partners))
    amount = amount_of(content)
    items += [
        (_("Amount asked for"), cells.money(amount, posted.currency) or "–"),
        (_("Sent"), cells.moment(row.submitted_at, case.book.timezone)),
        (_("Challenge"), c.EvidenceItem(title=posted.number, url=f"/office/challenges/{posted.number}/")),
        (_("Fingerprint"), row.content_sha256[:16] or "–"),
    ]
    return c.Facts(items=items, title=_("In short"))

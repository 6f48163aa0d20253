"""`/office/calls/<number>/award/`: the results of a call whose challenges are awarded together: who falls to which quota and why,
proposed by one officer, published by another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jiebang.decisions import lifecycle
from jiebang.decisions import round as headless
from jiebang.decisions.bundle import Bundle
from jiebang.decisions.outcomes import Outcome
from jiebang.operations.call_awards import (
    PROPOSE,
    PUBLISH,
    Together,
    decide_together,
    differing,
    digest_of,
    moved_by,
    together_in,
)
from jiebang.operations.call_facts import facts_in
from jiebang.operations.judging import awarded_together
from jiebang.operations.kernel import Done
from jiebang.records import bundles
from jiebang.records.access import Reader
from jiebang.records.bids.office import leads_in
from jiebang.records.people.roles import CASE_READERS
from jiebang.rules.schema import Rulebook
from jiebang.web import components as c
from jiebang.web.acting import act, bound, done, summary
from jiebang.web.desk.gate import only
from jiebang.web.office import call_quotas as seats
from jiebang.web.office import cells, preview, verdicts
from jiebang.web.office.call_slate import call_or_404, frame
from jiebang.web.office.case import guard_words
from jiebang.web.public import states
from jiebang.web.site import reader_of, words


@dataclass(frozen=True, kw_only=True)
class Page:
    """What the page tells: the call by what is to come of its challenges, and the decision shown."""

    found: Together
    reader: Reader
    read: Bundle
    result: headless.RoundResult
    now: bool  # what the rule gives now, and not what was proposed

    @property
    def challenges(self) -> list[Any]:
        """Those that the decision is about, by number."""
        kept = [*self.found.ready, *self.found.proposed, *self.found.public]
        return sorted(kept, key=lambda item: item.number)


@only(*CASE_READERS)
def award(request: HttpRequest, number: str) -> HttpResponse:
    """Every challenge with its ranking and reasons, the quotas with who holds their seats; POST proposes or publishes."""
    call = call_or_404(number)
    found = together_in(call)
    if not awarded_together(found.book):
        raise Http404
    command = PROPOSE if found.ready else PUBLISH
    outcome = _performed(request, number, command) if request.method == "POST" else None
    if isinstance(outcome, Done):
        said = (
            _("Results proposed: another officer compares and publishes them.")
            if command == PROPOSE
            else _("Results published.")
        )
        return done(request, outcome, text=said, to=f"/office/calls/{number}/award/")
    reader = reader_of(request)
    parts = {
        **frame(call, _("Results of the whole call")),
        "errors": summary(outcome),
        **_parts(found, reader),
    }
    if parts["may"]:
        parts["fields"] = bound([_why()], request.POST, outcome)
    return render(request, "office/call_award.html", parts)


def _performed(request: HttpRequest, number: str, command: str) -> Any:
    given = {"call": number, "why": request.POST.get("why", "").strip()}
    if command == PUBLISH:
        return act(request, "publish_call_award", given)
    return act(request, "propose_call_award", {**given, "digest": request.POST.get("digest", "")})


def _why() -> c.Field:
    help_text = _("Those concerned read it, and it stands in the journal.")
    return c.Field(name="why", label=_("Reason"), kind="textarea", optional=True, help=help_text)


def _parts(found: Together, reader: Reader) -> dict[str, Any]:
    page = _page(found, reader)
    held = _held(found, reader)
    shown = {
        "stand": _stand(found, held), "way": [*_in_the_way(found, page), *_waiting(found)],
        "may": _may(found, reader), "command": _label(found), "publish": not found.ready, "held": bool(held),
    }  # fmt: skip
    if page is None:
        return shown
    names = seats.institutions(found.book, page.result)
    return {
        **shown, "facts": _facts(page), "quotas": seats.table(found.book, page.result, names),
        "digest": digest_of(page.result) if page.now else "", "now": page.now, "changed": _changed(page),
        "sections": _sections(page, names),
    }  # fmt: skip


def _page(found: Together, reader: Reader) -> Page | None:
    """What the rule gives now while results are to be proposed, else the last proposal as it was made."""
    if found.ready:
        read, result = decide_together(found, reader=reader)
        return Page(found=found, reader=reader, read=read, result=result, now=True)
    kept = bundles.last_proposal(found.call)
    if kept is None:
        return None
    return Page(found=found, reader=reader, read=kept, result=headless.run(found.book, kept), now=False)


def _command(found: Together) -> str:
    return PROPOSE if found.ready else PUBLISH


def _move(found: Together) -> Any:
    table = lifecycle.moves(found.book.lifecycles.get("challenge"))
    return next((move for move in table.values() if move.command == _command(found)), None)


def _label(found: Together) -> str:
    move = _move(found)
    return words(move.label) if move else ""


def _may(found: Together, reader: Reader) -> bool:
    move = _move(found)
    return bool(move and (found.ready or found.proposed) and set(move.by) & reader.roles)


def _held(found: Together, reader: Reader) -> dict[int, list[str]]:
    """Of each challenge on which the command is next, what its guard still waits for."""
    move, asked = _move(found), found.ready or found.proposed
    if move is None or not asked:
        return {}
    facts = facts_in(asked, found.book, now=reader.at)
    held = {}
    for item in asked:
        if lifecycle.against(found.book, move, roles=set(move.by), facts=facts[item.pk]):
            held[item.pk] = guard_words(move, facts[item.pk])
    return held


def _in_the_way(found: Together, page: Page | None) -> list[str]:
    if page is None or not page.now or not (moved := moved_by(found, page.result)):
        return []
    said = _(
        "The result of %(numbers)s would change too: send it back to the review, then propose all of them together."
    )
    return [said % {"numbers": ", ".join(moved)}]


def _changed(page: Page) -> str:
    """Which of the proposed results shown were corrected since; nothing of a decision made now."""
    changed = [] if page.now else differing(page.challenges, page.result)
    said = _("The result of %(numbers)s was changed since: the page of each challenge tells how and why.")
    return said % {"numbers": ", ".join(changed)} if changed else ""


def _waiting(found: Together) -> list[str]:
    said = _("Not so far yet: %(numbers)s. Their bids may take seats or money of the others.")
    return [said % {"numbers": ", ".join(item.number for item in found.waiting)}] if found.waiting else []


def _stand(found: Together, held: Mapping[int, list[str]]) -> c.DataTable:
    """Where each challenge stands, and what is in its way."""
    groups = (*found.ready, *found.proposed, *found.public, *found.waiting)
    rows = []
    for item in sorted(groups, key=lambda item: item.number):
        said = "; ".join(held.get(item.pk, ())) or ("–" if item not in found.waiting else _("not so far yet"))
        rows.append([
            c.Cell(item.number, f"/office/challenges/{item.number}/"), c.Cell(words(item.title)),
            c.Cell(part=states.stamp(found.book, "challenge", item.stage)), c.Cell(said),
        ])  # fmt: skip
    heads = (_("Challenge"), _("Title"), _("Stage"), _("In the way"))
    return c.DataTable(columns=[c.Column(label=text) for text in heads], rows=rows)


def _facts(page: Page) -> c.Facts:
    won = {row.bid for row in page.result.decisions if row.outcome is Outcome.AWARDED}
    amounts = [bid.amount for bid in page.read.bids if bid.id in won]
    budgets = [item.budget for item in page.read.challenges]
    spent = sum((amount for amount in amounts if amount is not None), Decimal(0))
    currency = page.found.book.currency
    items: list[tuple[str, Any]] = [
        (_("Challenges"), str(len(page.challenges))), (_("Bids compared"), str(len(page.result.ranking))),
        (_("Awarded"), str(len(won))), (_("Amounts awarded"), cells.money(spent, currency)),
    ]  # fmt: skip
    if all(budget is not None for budget in budgets):
        total = sum((budget for budget in budgets if budget is not None), Decimal(0))
        items.append((_("Budgets together"), cells.money(total, currency)))
    award = page.found.book.award
    items.append((_("Where the rule comes from"), verdicts.source(award, page.found.book)))
    return c.Facts(items=items, title=_("In short"))


def _sections(page: Page, names: verdicts.Names) -> list[dict[str, Any]]:
    """Of each challenge the ranking with its reasons, and how many are awarded."""
    leads = leads_in(page.challenges)
    rows: dict[str, list[dict[str, Any]]] = {item.number: [] for item in page.challenges}
    places = {place.bid: place for place in page.result.ranking}
    holders = seats.holders(page.result)
    for row in page.result.decisions:
        if row.challenge in rows:
            why = verdicts.why(row.reason.code, row.reason.params, page.found.book, names)
            said = " ".join(filter(None, [why, holders(row)]))
            rows[row.challenge].append(_row(page.found.book, row, places.get(row.bid), leads, said))
    return [_section(page.found.book, item, rows[item.number]) for item in page.challenges]


def _row(book: Rulebook, row: Any, place: Any, leads: Mapping[str, Any], why: str) -> dict[str, Any]:
    return {
        "bid": row.bid or row.challenge, "lead": cells.party(leads.get(row.bid or "")), "won": row.outcome is Outcome.AWARDED,
        "url": f"/office/bids/{row.bid}/" if row.bid else "", "rank": place.rank if place else None,
        "tie": place.tie if place else 1, "score": place.score if place else None,
        "outcome": preview.outcome_stamp(book, row.outcome.value), "why": why,
        "fell": row.rule.startswith("award.quotas."),
    }  # fmt: skip


def _section(book: Rulebook, item: Any, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    ordered = sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0, row["bid"]))
    return {
        "number": item.number, "title": words(item.title), "url": f"/office/challenges/{item.number}/scores/",
        "won": sum(row["won"] for row in rows), "fell": sum(row["fell"] for row in rows),
        "bids": sum(bool(row["url"]) for row in rows), "table": preview.ranking(ordered),
        "stamp": states.stamp(book, "challenge", item.stage),
    }  # fmt: skip

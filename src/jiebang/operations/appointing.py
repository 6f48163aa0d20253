"""Appointing a bid: the project it becomes, with everything that was promised in the bid and ruled in the rulebook."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from jiebang.decisions import lifecycle
from jiebang.decisions.money import Money, instalments
from jiebang.decisions.rates import rounding_of
from jiebang.decisions.remedies import changes
from jiebang.operations import ledger
from jiebang.operations.agreements import asks_statement, draw_agreement
from jiebang.operations.amending import amend, replaced, standings
from jiebang.operations.deadlines import clock_of
from jiebang.operations.facts import reserves
from jiebang.operations.kernel import Act
from jiebang.operations.opinions import ask_opinions
from jiebang.operations.statements import texts_of
from jiebang.operations.things import book_of, today
from jiebang.records.agreements.queries import agreement_of
from jiebang.records.awards.models import Amendment
from jiebang.records.bids.models import Bid
from jiebang.records.bundles import amount_of, sent_content
from jiebang.records.challenges.models import Challenge
from jiebang.records.programme.queries import next_number
from jiebang.records.projects.models import GateCheck, Instalment, Milestone, Project
from jiebang.rules.days import add_months
from jiebang.rules.form_values import decimal_of

# `moves.follow`, handed down so that what moves bring about need not know how moving works
Follow = Callable[..., None]
PROMOTED = "award.promoted"  # the reason of a reserve that steps in


def start_project(act: Act, bid: Bid) -> Project:
    """The project of an awarded bid, with its milestones, gates and instalments as promised and ruled."""
    book, content = book_of(bid), sent_content(bid)
    amount = amount_of(content)
    clock = clock_of(bid.challenge.call, "agreement", start=act.now, owner_country=bid.challenge.country)
    project = Project.objects.create(
        number=next_number(f"P-{act.now.year}-"), bid=bid, challenge=bid.challenge, amount=amount,
        currency=bid.challenge.currency, started_at=act.now, stage=book.lifecycles["project"].start, stage_since=act.now,
        updated_at=act.now, updated_by=act.who, **clock,
    )  # fmt: skip
    _plan(act, project, content)
    _gates(project, {str(mode) for mode in content.get("modes") or ()})  # type: ignore[attr-defined]
    _money(project, amount)
    ledger.begin(act, project)
    ask_opinions(act, project)
    if not asks_statement(project):
        draw_agreement(act, project)
    return project


def appoint(act: Act, bid: Bid, *, follow: Follow) -> Project | None:
    """The project of a bid that is awarded: a new one, or the one that waited for a correction; None where it runs already."""
    begun = Project.objects.filter(bid=bid).select_related("challenge__call", "bid__consortium").first()
    if begun is None:
        return start_project(act, bid)
    if begun.stage not in lifecycle.origins(book_of(begun), kind="project", command="restore_award"):
        return None
    follow(act, begun, "restore_award")
    return begun


def restart(act: Act, project: Project) -> None:
    """A project begins again from now: its milestones keep what was promised, counted from this day."""
    project.started_at, project.ended_at = act.now, None
    items = sent_content(project.bid).get("milestones") or []
    for place, item in enumerate(items, start=1):  # type: ignore[var-annotated, arg-type]
        day = due_on(item, start=today(act, project))
        project.milestones.filter(order=place).update(due_on=day)
    if agreement_of(project):
        draw_agreement(act, project)  # its days are others now


def promote(act: Act, challenge: Challenge, *, follow: Follow) -> Project | None:
    """Appoint the first bid of the reserve list and start its project; None when nobody waits."""
    waiting = reserves(challenge).select_related("bid__consortium", "bid__challenge__call").first()
    if waiting is None or waiting.bid is None:
        return None
    follow(act, waiting.bid, "award_bid")
    before = standings([waiting])
    now = replaced(
        waiting, now=act.now, outcome="awarded", code=PROMOTED, params={"rank": waiting.rank}, rule="revocation",
        inputs="", final_at=act.now,
    )  # fmt: skip
    amend(act, challenge, Amendment.Kind.PROMOTED, changes(before, standings([now])))
    return start_project(act, waiting.bid)


def _plan(act: Act, project: Project, content: Any) -> None:
    for place, item in enumerate(content.get("milestones") or [], start=1):
        day = due_on(item, start=today(act, project))
        Milestone.objects.create(
            project=project, order=place, title=texts_of(item.get("title")), due_on=day,
            indicators=list(item.get("indicators") or []),
        )  # fmt: skip


def due_on(item: Mapping[str, object], *, start: date) -> date | None:
    """The day of a milestone: so many months after the start, in any spelling that the form takes, or the day it names."""
    month, given = decimal_of(item.get("month")), item.get("due_on")
    if month is not None:
        return add_months(start, months=int(month))
    return date.fromisoformat(str(given)) if given else None


def _gates(project: Project, modes: set[str]) -> None:
    for key, rule in book_of(project).gates.items():
        if not rule.modes or modes & set(rule.modes):
            GateCheck.objects.create(project=project, gate=key)


def _money(project: Project, amount: Decimal | None) -> None:
    rule = book_of(project).money
    if rule is None or amount is None or not rule.instalments:
        return
    total = Money(amount, project.currency)
    shares = [part.share for part in rule.instalments]
    parts = instalments(total, shares, rounding_of(book_of(project), project.currency))
    for place, (part, money) in enumerate(zip(rule.instalments, parts, strict=True), start=1):
        Instalment.objects.create(
            project=project, order=place, label=part.label, amount=money.amount, due_command=part.on or "",
            due_milestone=part.milestone,
        )  # fmt: skip

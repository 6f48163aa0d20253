"""Appointing a bid: the project it becomes, with everything that was promised in the bid and ruled in the rulebook."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from jiebang.decisions import lifecycle
from jiebang.decisions.money import Money, Rounding, instalments
from jiebang.operations.agreements import asks_statement, draw_agreement
from jiebang.operations.deadlines import clock_of
from jiebang.operations.kernel import Act
from jiebang.operations.opinions import ask_opinions
from jiebang.operations.statements import texts_of
from jiebang.operations.things import book_of, today
from jiebang.records.bids.models import Bid
from jiebang.records.bundles import amount_of, sent_content
from jiebang.records.challenges.models import Challenge
from jiebang.records.programme.queries import next_number
from jiebang.records.projects.models import GateCheck, Instalment, Milestone, Project
from jiebang.rules.days import add_months
from jiebang.rules.form_values import decimal_of

# `moves.follow`, handed down so that what moves bring about need not know how moving works
Follow = Callable[[Act, Bid, str], None]


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
    ask_opinions(act, project)
    if not asks_statement(project):
        draw_agreement(act, project)
    return project


def promote(act: Act, challenge: Challenge, *, follow: Follow) -> Project | None:
    """Appoint the first bid of the reserve list and start its project; None when nobody waits."""
    waiting = (
        challenge.decisions.filter(current=True, outcome="reserve", bid__stage__in=_may_be_awarded(challenge))
        .order_by("rank")
        .first()
    )
    if waiting is None or waiting.bid is None:
        return None
    follow(act, waiting.bid, "award_bid")
    waiting.outcome = "awarded"
    waiting.save(update_fields=["outcome"])
    return start_project(act, waiting.bid)


def _plan(act: Act, project: Project, content: Any) -> None:
    for place, item in enumerate(content.get("milestones") or [], start=1):
        day = due_on(item, start=today(act, project))
        Milestone.objects.create(project=project, order=place, title=texts_of(item.get("title")), due_on=day)


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
    parts = instalments(total, shares, Rounding(rule.places, rule.rounding))
    for place, (part, money) in enumerate(zip(rule.instalments, parts, strict=True), start=1):
        Instalment.objects.create(
            project=project, order=place, label=part.label, amount=money.amount, due_command=part.on
        )


def _may_be_awarded(challenge: Challenge) -> frozenset[str]:
    return lifecycle.origins(book_of(challenge), kind="bid", command="award_bid")

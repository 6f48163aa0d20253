"""Writing the book of a project's money: what other acts bring about there, each row checked before it is added.

No door offers this: an instalment falls due with a move, an award is signed with the agreement, an end lets the rest lapse.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from jiebang.decisions.ledger import WAYS, Account, Transfer, against, standing
from jiebang.decisions.ledger import Act as Kind
from jiebang.decisions.rates import rounding_of
from jiebang.operations.kernel import Act, Stop
from jiebang.operations.names import Event
from jiebang.operations.things import book_of, remember, today
from jiebang.records.ledger.models import Debt, Fund, Row
from jiebang.records.ledger.queries import transfers
from jiebang.records.people.models import Party
from jiebang.records.people.queries import people_for
from jiebang.records.projects.models import Instalment, Project

OFFICE = "public"  # where a rulebook names no sources
_LEFT: tuple[Account, ...] = ("awarded", "signed", "due")


def post(
    act: Act, fund: Fund, kind: Kind, amount: Decimal, *, day: date, drawn: Account | None = None,
    instalment: Instalment | None = None, reference: str = "",
) -> Row:  # fmt: skip
    """Add a row to a fund's book, or stop with what stands against it."""
    book = book_of_fund(fund)
    origins, put = WAYS[kind]
    origin = drawn or _origin(origins, book, fund, amount)
    new = Transfer(
        fund=fund.pk, currency=fund.currency, act=kind, drawn=origin, put=put, amount=amount, day=day,
        instalment=instalment.pk if instalment else None,
    )  # fmt: skip
    if why := against(book, new):
        raise Stop(why)
    return Row.objects.create(
        fund=fund, act=kind, drawn=origin, put=put, amount=amount, day=day, instalment=instalment,
        reference=reference, at=act.now, by=act.who,
    )  # fmt: skip


def book_of_fund(fund: Fund) -> list[Transfer]:
    """The rows of one fund."""
    return transfers(Row.objects.filter(fund=fund).select_related("fund").order_by("pk"))


def fund_of(act: Act, project: Project, source: str, *, party: Party | None, currency: str) -> Fund:
    """The fund of a source, made when it is first needed."""
    fund, _ = Fund.objects.get_or_create(
        project=project, source=source, party=party, currency=currency,
        defaults={"stated_at": act.now, "by": act.who},
    )  # fmt: skip
    return fund


def office_fund(act: Act, project: Project) -> Fund:
    """The programme's own money for a project; its book is begun with what was awarded, signed, due and paid so far."""
    rule = book_of(project).money
    source = next(
        (key for key, item in (rule.sources if rule else {}).items() if item.by == "office"), OFFICE
    )
    fund = Fund.objects.filter(project=project, source=source, party=None, currency=project.currency).first()
    if fund is None:
        fund = fund_of(act, project, source, party=None, currency=project.currency)
        _begin(act, project, fund)
    return fund


def begin(act: Act, project: Project) -> None:
    """Open the book with the award; where the amount is still to be agreed there is nothing to enter."""
    if project.amount:
        office_fund(act, project)


def signed(act: Act, project: Project) -> None:
    """With the agreement what was awarded is signed, of every source."""
    begin(act, project)
    for fund in project.funds.all():
        left = standing(book_of_fund(fund), fund=fund.pk, account="awarded")
        if left:
            post(act, fund, "sign", left, day=today(act, project))


def fall_due(act: Act, project: Project, parts: Iterable[Instalment]) -> None:
    """These instalments are due from now on."""
    for part in parts:
        fund = office_fund(act, project)
        part.due_since = act.now
        part.save(update_fields=["due_since"])
        post(act, fund, "fall_due", part.amount, day=today(act, project), instalment=part)


def end(act: Act, project: Project, *, command: str) -> None:
    """A project that ends without success: what was not paid lapses, and what the rulebook says goes back."""
    begin(act, project)
    for fund in project.funds.all():
        for account in _LEFT:
            left = standing(book_of_fund(fund), fund=fund.pk, account=account)
            if left:
                post(act, fund, "lapse", left, day=today(act, project), drawn=account)
    rule = book_of(project).money
    if rule and rule.repayment and command in rule.repayment.on:
        _claim_back(act, project, rule.repayment)


def _claim_back(act: Act, project: Project, rule: Any) -> None:
    for fund in project.funds.filter(party=None):
        paid = standing(book_of_fund(fund), fund=fund.pk, account="paid")
        amount = rounding_of(book_of(project), fund.currency).apply(paid * rule.share)
        if not amount:
            continue
        day = today(act, project)
        due = day + timedelta(days=rule.days)
        post(act, fund, "claim_back", amount, day=day)
        Debt.objects.create(fund=fund, due_on=due, claimed_at=act.now)
        said = {"amount": str(amount), "currency": fund.currency, "due_on": due.isoformat()}
        remember(act, Event.REPAYMENT_CLAIMED, project, body=said)
        for person in people_for(project.bid.consortium.lead_id, at=act.now, roles=("lead",)):
            act.mail(person, "mail.repayment_claimed", number=project.number, **said)


def _begin(act: Act, project: Project, fund: Fund) -> None:
    """What stands in the records already, in the order in which it happened."""
    parts = list(project.instalments.order_by("order"))
    amount = project.amount or sum((part.amount for part in parts), Decimal(0))
    post(act, fund, "award", amount, day=project.started_at.date())
    if project.signed_at:
        post(act, fund, "sign", amount, day=project.signed_at.date())
    for part in parts:
        if part.due_since:
            post(act, fund, "fall_due", part.amount, day=part.due_since.date(), instalment=part)
        if part.paid_on:
            post(act, fund, "pay", part.amount, day=part.paid_on, instalment=part, reference=part.reference)


def _origin(origins: frozenset[Account], book: list[Transfer], fund: Fund, amount: Decimal) -> Account:
    """The one account that may be drawn on; of several, the furthest that holds enough, else the furthest."""
    known: list[Account] = [name for name in ("due", "signed", "awarded") if name in origins] or list(origins)
    enough = (name for name in known if standing(book, fund=fund.pk, account=name) >= amount)
    return known[0] if len(known) == 1 else next(enough, known[0])

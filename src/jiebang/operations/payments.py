"""Paying what is due: recorded by one officer, or proposed by one and confirmed by another; and money that comes back."""

from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from jiebang.decisions.lifecycle import flags
from jiebang.decisions.paying import Standing, in_the_way
from jiebang.operations import ledger
from jiebang.operations.amounts import Typed, amount_in
from jiebang.operations.disputing import open_disputes
from jiebang.operations.facts import challenge_facts
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed
from jiebang.operations.names import Event, Permission
from jiebang.operations.statements import Why
from jiebang.operations.things import book_of, find, no_interest, today
from jiebang.records.ledger.models import Order
from jiebang.records.people.models import Engagement
from jiebang.records.people.queries import running
from jiebang.records.projects.models import Instalment, Project
from jiebang.rules.reasons import Reason, reason

Reference = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]


@operation(permission=Permission.PROJECT_PAY, event=Event.INSTALMENT_PAID)
def pay_instalment(
    act: Act, *, project: str, order: int, paid_on: date, reference: Reference = ""
) -> Outcome:
    """Record that an instalment that was due has been paid; where the rulebook says so, another officer confirms it first."""
    found, part = _part(act, project, order)
    _payable(act, found, part, paid_on=paid_on)
    rule = book_of(found).money
    if rule and rule.four_eyes:
        return _propose(act, found, part, paid_on, reference)
    return _pay(act, found, part, paid_on, reference)


@operation(permission=Permission.PROJECT_PAY, event=Event.INSTALMENT_PAID)
def confirm_payment(act: Act, *, project: str, order: int, agree: bool, why: Why = "") -> Outcome:
    """Confirm or refuse a payment that another officer proposed; everything is checked anew at this moment."""
    found, part = _part(act, project, order)
    asked = find(Order, instalment=part, status=Order.Status.OPEN)
    if asked.proposed_by_id == act.person.pk:
        raise Stop(reason("four_eyes.same_person"))
    if not agree and not why:
        raise Stop(reason("lifecycle.reason_required", field="why"))
    if agree:
        _payable(act, found, part, paid_on=asked.paid_on)
    asked.status = Order.Status.PAID if agree else Order.Status.REFUSED
    asked.answered_by, asked.answered_at, asked.why = act.person, act.now, why
    asked.save()
    if agree:
        return _pay(act, found, part, asked.paid_on, asked.reference)
    changed(act, Event.PAYMENT_REFUSED, found, body={"instalment": order, "why": why})
    return Done({"project": project, "instalment": order, "paid": False})


@operation(permission=Permission.PROJECT_PAY, event=Event.REPAID)
def record_repayment(
    act: Act, *, project: str, amount: Typed, received_on: date, reference: Reference = ""
) -> Outcome:
    """Record money that came back after a project ended with fault; in parts, never more than was claimed."""
    found = find(Project, number=project)
    no_interest(act, found)
    fund = found.funds.filter(party=None, debt__isnull=False).first()
    if fund is None:
        raise Stop(reason("money.nothing_owed"))
    if received_on > today(act, found):
        raise Stop(_future("received_on", received_on, act, found))
    given = amount_in(amount, fund.currency)
    ledger.post(act, fund, "give_back", given, day=received_on, reference=reference)
    body = {"amount": str(given), "currency": fund.currency, "received_on": received_on.isoformat()}
    changed(act, Event.REPAID, found, body={**body, "reference": reference})
    return Done({"project": project, **body})


def standing_of(act: Act, project: Project, part: Instalment, *, paid_on: date) -> Standing:
    """How a project and an instalment stand now, for `decisions.paying`."""
    told = challenge_facts(project.challenge, now=act.now)
    return Standing(
        flags=flags(book_of(project), kind="project", stage=project.stage), due=part.due_since is not None,
        paid=part.paid_on is not None, today=today(act, project), paid_on=paid_on,
        standstill_over=bool(told["past_publicity"]), open_objections=int(str(told["open_objections"])),
        appeals_possible=int(str(told["appeals_possible"])), open_disputes=open_disputes(project),
    )  # fmt: skip


def _part(act: Act, project: str, order: int) -> tuple[Project, Instalment]:
    found = find(Project, number=project)
    no_interest(act, found)
    return found, find(Instalment, project=found, order=order)


def _payable(act: Act, project: Project, part: Instalment, *, paid_on: date) -> None:
    if why := in_the_way(standing_of(act, project, part, paid_on=paid_on)):
        raise Stop(*why)


def _propose(act: Act, project: Project, part: Instalment, paid_on: date, reference: str) -> Done:
    if Order.objects.filter(instalment=part, status=Order.Status.OPEN).exists():
        raise Stop(reason("money.proposed"))
    Order.objects.create(
        instalment=part, paid_on=paid_on, reference=reference, proposed_by=act.person, proposed_at=act.now
    )
    body = {**_said(project, part, paid_on), "reference": reference}
    changed(act, Event.PAYMENT_PROPOSED, project, body=body)
    officers = Engagement.objects.filter(running(at=act.now), role="second_officer").exclude(
        person=act.person
    )
    for row in officers.select_related("person").order_by("pk"):
        act.mail(
            row.person, "mail.payment_proposed", number=project.number, order=part.order, by=act.person.name
        )
    return Done({"project": project.number, "instalment": part.order, "paid": False, "proposed": True})


def _pay(act: Act, project: Project, part: Instalment, paid_on: date, reference: str) -> Done:
    fund = ledger.office_fund(act, project)
    ledger.post(act, fund, "pay", part.amount, day=paid_on, instalment=part, reference=reference)
    part.paid_on, part.reference = paid_on, reference
    part.save()
    changed(act, Event.INSTALMENT_PAID, project, body=_said(project, part, paid_on))
    return Done({"project": project.number, "instalment": part.order, "paid": True})


def _said(project: Project, part: Instalment, paid_on: date) -> dict[str, object]:
    amount = {"amount": str(part.amount), "currency": project.currency}
    return {"instalment": part.order, **amount, "paid_on": paid_on.isoformat()}


def _future(field: str, day: date, act: Act, project: Project) -> Reason:
    return reason("money.in_future", field=field, day=day.isoformat(), today=today(act, project).isoformat())

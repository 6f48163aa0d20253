"""Money from several sources: who brings how much, what they spent of it, and claims for an after-subsidy."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import StringConstraints

from jiebang.decisions.ledger import standing
from jiebang.decisions.lifecycle import flags
from jiebang.decisions.money import Money
from jiebang.decisions.paying import ended_badly
from jiebang.decisions.subsidy import Claim as Reckoned
from jiebang.decisions.subsidy import reckon
from jiebang.operations import ledger
from jiebang.operations.amounts import Currency, Typed, amount_in
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed, not_ended
from jiebang.operations.names import Event, Permission
from jiebang.operations.payments import Reference
from jiebang.operations.things import at_work, book_of, find, no_interest, roles_on, today
from jiebang.records.ledger.models import Claim, Fund
from jiebang.records.ledger.queries import granted_before
from jiebang.records.people.models import Party
from jiebang.records.projects.models import Instalment, Project
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import AfterSubsidyRule, MoneySource

Basis = Literal["announced", "signed"]
Contract = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


@operation(permission=Permission.FUND_STATE, event=Event.FUND_STATED)
def state_fund(
    act: Act, *, project: str, source: str, amount: Typed, currency: Currency = "", organisation: str = "",
    basis: Basis = "announced", stated_on: date | None = None,
) -> Outcome:  # fmt: skip
    """Say what a source gives to a project, announced or signed: the lead and partners for themselves, the office for any."""
    found = find(Project, number=project)
    not_ended(found)
    rule = _source(found, source)
    party = _giver(act, found, rule, organisation)
    money = currency or found.currency
    given, day = amount_in(amount, money), stated_on or today(act, found)
    if day > today(act, found):
        raise Stop(_in_future("stated_on", day, act, found))
    fund = ledger.fund_of(act, found, source, party=party, currency=money)
    ledger.post(act, fund, "award", given, day=day)
    if basis == "signed":
        ledger.post(act, fund, "sign", given, day=day, drawn="awarded")
    body = {
        "source": source,
        "organisation": party.slug if party else "",
        "amount": str(given),
        "currency": money,
    }
    changed(act, Event.FUND_STATED, found, body={**body, "basis": basis, "day": day.isoformat()})
    return Done({"project": project, "fund": fund.pk, **body})


@operation(permission=Permission.FUND_SPEND, event=Event.FUND_SPENT)
def spend_fund(
    act: Act, *, project: str, fund: int, amount: Typed, spent_on: date, reference: Reference
) -> Outcome:
    """Record what the lead or a partner spent of the money it brings; never more than it said it would."""
    found = find(Project, number=project)
    mine = find(Fund, pk=fund, project=found)
    if mine.party_id is None or mine.party_id not in act.reader.acting_for("lead", "partner"):
        raise Stop(reason("access.not_yours", party=_source_name(mine)))
    not_ended(found)
    if spent_on > today(act, found):
        raise Stop(_in_future("spent_on", spent_on, act, found))
    given = amount_in(amount, mine.currency)
    ledger.post(act, mine, "spend", given, day=spent_on, reference=reference)
    body = {"fund": fund, "amount": str(given), "currency": mine.currency, "spent_on": spent_on.isoformat()}
    changed(act, Event.FUND_SPENT, found, body=body, private={"reference": reference})
    return Done({"project": project, **body})


@operation(permission=Permission.PROJECT_PAY, event=Event.SUBSIDY_CLAIMED)
def claim_subsidy(
    act: Act, *, project: str, contract: Contract, first_day: date, last_day: date, settled: Typed
) -> Outcome:
    """Grant a share of costs settled under a contract; it is due at once and paid like an instalment."""
    found = find(Project, number=project)
    no_interest(act, found)
    if ended_badly(flags(book_of(found), kind="project", stage=found.stage)):
        raise Stop(reason("money.ended"))
    lead = found.bid.consortium.lead_id
    if Claim.objects.filter(project__bid__consortium__lead=lead, contract=contract).exists():
        raise Stop(reason("subsidy.claimed_before", contract=contract, field="contract"))
    cost = Money(amount_in(settled, found.currency, field="settled"), found.currency)
    claim = reckoned(found, cost, contract=(first_day, last_day))
    part = _granted(act, found, claim)
    steps = [{"code": step.code, "params": dict(step.params)} for step in claim.steps]
    Claim.objects.create(
        project=found, instalment=part, contract=contract, first_day=first_day, last_day=last_day,
        settled=cost.amount, currency=cost.currency, steps=steps, by=act.person, at=act.now,
    )  # fmt: skip
    body = {
        "contract": contract,
        "settled": str(cost.amount),
        "paid": str(claim.paid.amount),
        "currency": cost.currency,
    }
    days = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    changed(act, Event.SUBSIDY_CLAIMED, found, body={**body, **days, "instalment": part.order})
    return Done({"project": project, "instalment": part.order, "amount": str(claim.paid.amount)})


def reckoned(project: Project, settled: Money, *, contract: tuple[date, date]) -> Reckoned:
    """What a contract would be granted, with the steps; a stop with the reason where it would be nothing."""
    lead, call = project.bid.consortium.lead_id, project.challenge.call_id
    before = granted_before(lead, call=call, currency=settled.currency)
    found = reckon(_subsidy(project), settled, contract=contract, paid_before=Decimal(str(before or 0)))
    if isinstance(found, Reason):
        raise Stop(found)
    return found


def _granted(act: Act, project: Project, claim: Reckoned) -> Instalment:
    last = project.instalments.order_by("-order").first()
    part = Instalment.objects.create(
        project=project,
        order=last.order + 1 if last else 1,
        label=_subsidy(project).label,
        amount=claim.paid.amount,
    )
    fund, day = ledger.office_fund(act, project), today(act, project)
    ledger.post(act, fund, "award", part.amount, day=day, instalment=part)
    if project.signed_at:
        ledger.post(act, fund, "sign", part.amount, day=day, drawn="awarded", instalment=part)
    ledger.fall_due(act, project, [part])
    return part


def _subsidy(project: Project) -> AfterSubsidyRule:
    rule = book_of(project).money
    if rule is None or rule.after_subsidy is None:
        raise Stop(reason("subsidy.none"))
    return rule.after_subsidy


def _source(project: Project, source: str) -> MoneySource:
    rule = book_of(project).money
    known = rule.sources if rule else {}
    if source not in known:
        raise Stop(reason("money.unknown_source", source=source, known=", ".join(known), field="source"))
    return known[source]


def _giver(act: Act, project: Project, rule: MoneySource, organisation: str) -> Party | None:
    """Whose money it is; the office may write for anybody of the project, the others for themselves."""
    held = roles_on(act, project)
    office = held & {"officer", "second_officer"}
    if office:
        no_interest(act, project)
    if rule.by == "office":
        if not office:
            raise Stop(reason("money.office_only", field="source"))
        return None
    may = at_work(project) - ({project.bid.consortium.lead_id} if rule.by == "partner" else set())
    may = may & {project.bid.consortium.lead_id} if rule.by == "lead" else may
    may = may if office else may & act.reader.acting_for("lead", "partner")
    if not may and not held & {"lead", "partner"} and not office:
        raise Stop(reason("access.not_found", kind="project", number=project.number))
    found = [party for party in Party.objects.filter(pk__in=may) if organisation in ("", party.slug)]
    if len(found) != 1:
        raise Stop(reason("money.whose", field="organisation"))
    return found[0]


def _source_name(fund: Fund) -> str:
    return fund.party.slug if fund.party else fund.source


def _in_future(field: str, day: date, act: Act, project: Project) -> Reason:
    return reason("money.in_future", field=field, day=day.isoformat(), today=today(act, project).isoformat())


def left_of(fund: Fund) -> Decimal:
    """What of a fund may still be spent."""
    book = ledger.book_of_fund(fund)
    return standing(book, fund=fund.pk, account="awarded") + standing(book, fund=fund.pk, account="signed")

"""Money of a project through its operations: sources, payments by two, what is refused, subsidies, repayment after fault."""

from decimal import Decimal
from typing import Any

import pytest

import factories as make
from acting import Round, done, refused, run
from jiebang.decisions.ledger import balances, standing, turnover
from jiebang.operations.registry import Refused
from jiebang.records.awards.models import Objection
from jiebang.records.challenges.models import Challenge
from jiebang.records.ledger.models import Claim, Fund, Order, Rate
from jiebang.records.ledger.queries import rows, transfers
from jiebang.records.outbox.models import Message
from jiebang.records.projects.models import Instalment, Project

pytestmark = pytest.mark.django_db


def day(course: Round) -> str:
    return course.at.date().isoformat()


def paid(course: Round, order: int = 1) -> None:
    given = {"project": course.project, "order": order}
    course.do("pay_instalment", course.board.officer, **given, paid_on=day(course))
    course.do("confirm_payment", course.board.second, **given, agree=True)


def on(course: Round, account: str) -> Decimal:
    """What stands on an account of the programme's own fund."""
    project = Project.objects.get(number=course.project)
    fund = Fund.objects.get(project=project, party=None)
    return standing(transfers(rows(project)), fund=fund.pk, account=account)  # type: ignore[arg-type]


def moved(course: Round, account: str) -> Decimal:
    project = Project.objects.get(number=course.project)
    found = turnover(transfers(rows(project)))
    return sum((amount for (_, _, name), amount in found.items() if name == account), Decimal(0))


def test_the_book_follows_award_signature_and_payments_of_a_whole_project() -> None:
    course = Round().decided()
    assert (on(course, "awarded"), on(course, "signed")) == (900_000, 0)
    project = Project.objects.get(number=course.project)
    assert sum(balances(transfers(rows(project))).values()) == 0


def test_a_payment_is_proposed_by_one_officer_and_confirmed_by_another() -> None:
    course = Round().running()
    board, first = course.board, {"project": course.project, "order": 1}
    assert (on(course, "signed"), on(course, "due")) == (540_000, 360_000)
    asked = course.do("pay_instalment", board.officer, **first, paid_on=day(course), reference="T-1")
    assert asked["paid"] is False
    assert (on(course, "due"), on(course, "paid")) == (360_000, 0), "nothing moves before it is confirmed"
    assert Message.objects.filter(to_user=board.second, code="mail.payment_proposed").exists()
    again = {**first, "paid_on": day(course)}
    assert refused("pay_instalment", board.officer, at=course.at, **again) == ["money.proposed"]
    answer = {**first, "agree": True}
    assert refused("confirm_payment", board.officer, at=course.at, **answer) == ["four_eyes.same_person"]
    no = {**first, "agree": False}
    assert refused("confirm_payment", board.second, at=course.at, **no) == ["lifecycle.reason_required"]
    course.do("confirm_payment", board.second, **no, why="The account is not theirs.")
    assert Order.objects.get().status == "refused"
    paid(course)
    assert (on(course, "due"), on(course, "paid")) == (0, 360_000)
    assert refused("pay_instalment", board.officer, at=course.at, **again) == ["project.paid"]
    assert refused("confirm_payment", board.second, at=course.at, **answer) == ["access.not_found"]


def test_nothing_is_paid_in_standstill_under_an_objection_or_for_a_day_to_come() -> None:
    course = Round().running()
    challenge = Challenge.objects.get(number=course.challenge)
    pay = {"project": course.project, "order": 1, "paid_on": day(course)}
    until = challenge.publicity_until
    Challenge.objects.update(publicity_until=course.at.replace(year=course.at.year + 1))
    assert refused("pay_instalment", course.board.officer, at=course.at, **pay) == ["money.standstill"]
    Challenge.objects.update(publicity_until=until)
    raised = Objection.objects.create(
        number="O-1", challenge=challenge, by=course.board.lead_person, received_at=course.at
    )
    assert refused("pay_instalment", course.board.officer, at=course.at, **pay) == ["money.objection"]
    raised.delete()
    later = {**pay, "paid_on": "2031-01-01"}
    assert refused("pay_instalment", course.board.officer, at=course.at, **later) == ["money.in_future"]


def test_a_payment_proposed_before_the_end_is_not_confirmed_after_it() -> None:
    course = Round().running()
    first = {"project": course.project, "order": 1}
    course.do("pay_instalment", course.board.officer, **first, paid_on=day(course))
    course.ends_without_fault("The site was flooded.")
    assert refused("confirm_payment", course.board.second, at=course.at, **first, agree=True) == [
        "money.ended"
    ]
    assert (on(course, "due"), on(course, "signed"), on(course, "lapsed")) == (0, 0, 900_000)
    pay = {**first, "paid_on": day(course)}
    assert refused("pay_instalment", course.board.officer, at=course.at, **pay) == ["money.ended"]


def test_after_an_end_with_fault_what_was_paid_comes_back_and_no_more() -> None:
    course = Round().running()
    paid(course)
    nothing = {"project": course.project, "amount": "1", "received_on": day(course)}
    assert refused("record_repayment", course.board.officer, at=course.at, **nothing) == [
        "money.nothing_owed"
    ]
    course.four_eyes("project", "terminate_for_fault", why="The pledge was broken.")
    assert (on(course, "owed"), on(course, "paid"), on(course, "lapsed")) == (360_000, 0, 540_000)
    debt = Fund.objects.get(party=None).debt  # type: ignore[attr-defined]
    assert (debt.due_on - course.at.date()).days in (30, 31), "thirty days of the programme's place"
    assert Message.objects.filter(to_user=course.board.lead_person, code="mail.repayment_claimed").exists()
    back = {"project": course.project, "received_on": day(course)}
    course.do("record_repayment", course.board.officer, **back, amount="200,000", reference="B-1")
    too_much = {**back, "amount": "160000.01"}
    assert refused("record_repayment", course.board.officer, at=course.at, **too_much) == ["money.not_enough"]
    course.do("record_repayment", course.board.officer, **back, amount="160000")
    assert (on(course, "owed"), on(course, "returned")) == (0, 360_000)


def test_after_an_end_without_fault_nothing_comes_back() -> None:
    course = Round().running()
    paid(course)
    course.ends_without_fault("The site was flooded.")
    assert (on(course, "owed"), on(course, "paid"), on(course, "lapsed")) == (0, 360_000, 540_000)


def test_lead_and_partner_bring_their_own_money_in_their_own_currency() -> None:
    course = Round().running()
    lead = course.board.lead_person
    given = {"project": course.project, "source": "own", "basis": "signed"}
    made = course.do("state_fund", lead, **given, amount="250,000,000", currency="vnd")
    assert Fund.objects.get(pk=made["fund"]).currency == "VND"
    for amount, currency, code in (
        ("250000000.50", "VND", "money.decimals"), ("12", "QQQ", "money.unknown_currency"), ("nan", "CNY", "money.not_a_number"),
        ("1e308", "CNY", "money.exponent"), ("1,5", "CNY", "money.separators"), ("-5", "CNY", "money.negative"),
        (1e308, "CNY", "money.exponent"), ("0", "CNY", "money.nothing"),
    ):  # fmt: skip
        wrong = {**given, "amount": amount, "currency": currency}
        assert refused("state_fund", lead, at=course.at, **wrong) == [code], amount
    spend = {"project": course.project, "fund": made["fund"], "spent_on": day(course), "reference": "Probes"}
    course.do("spend_fund", lead, **spend, amount="90500000")
    assert refused("spend_fund", lead, at=course.at, **spend, amount="159500001") == ["money.not_enough"]
    other = make.person(role="lead")
    assert refused("spend_fund", other, at=course.at, **spend, amount="1") == ["access.not_yours"]
    assert refused("state_fund", other, at=course.at, **given, amount="1") == ["access.not_found"]
    public = {**given, "source": "public", "amount": "1"}
    assert refused("state_fund", lead, at=course.at, **public) == ["money.office_only"]
    unknown = {**given, "source": "lottery", "amount": "1"}
    assert refused("state_fund", lead, at=course.at, **unknown) == ["money.unknown_source"]
    assert refused("state_fund", lead, at=course.at, **{**given, "source": "partner", "amount": "1"}) == [
        "money.whose"
    ]
    course.do("state_fund", course.board.officer, **{**given, "source": "public", "amount": "50000"})
    assert moved(course, "awarded") == 900_000 + 50_000 + 250_000_000


def test_an_instalment_may_wait_for_a_milestone() -> None:
    course = Round().running()
    Instalment.objects.filter(order=2).update(due_command="", due_milestone=1)
    report = {"project": course.project, "order": 1, "report": {"done": make.statement("Read.")}}
    course.do("report_milestone", course.board.lead_person, **report)
    course.do("accept_milestone", course.board.officer, project=course.project, order=1)
    assert Instalment.objects.get(order=2).due_since == course.at
    assert on(course, "due") == 360_000 + 270_000


CLAIM: dict[str, Any] = {
    "contract": "C-7",
    "first_day": "2026-01-01",
    "last_day": "2027-12-31",
    "settled": "200000",
}


def test_a_subsidy_is_granted_once_for_a_contract_and_paid_like_an_instalment() -> None:
    course = Round().running()
    officer, claim = course.board.officer, {"project": course.project, **CLAIM}
    made = course.do("claim_subsidy", officer, **claim)
    assert Decimal(made["amount"]) == 25_102
    assert Claim.objects.get().steps[-1]["params"]["amount"] == "25102"
    assert refused("claim_subsidy", officer, at=course.at, **claim) == ["subsidy.claimed_before"]
    assert refused("claim_subsidy", course.board.lead_person, at=course.at, **claim) == ["access.role"]
    outside = {**claim, "contract": "C-8", "first_day": "2020-01-01", "last_day": "2020-12-31"}
    assert refused("claim_subsidy", officer, at=course.at, **outside) == ["money.outside_period"]
    paid(course, made["instalment"])
    assert on(course, "paid") == 25_102
    assert on(course, "signed") == 540_000, "the agreement's own instalments are untouched"


def test_what_one_organisation_gets_in_a_call_is_capped_over_its_claims() -> None:
    course = Round().running()
    officer = course.board.officer
    course.do("claim_subsidy", officer, project=course.project, **{**CLAIM, "settled": "15000000"})
    rest = course.do(
        "claim_subsidy",
        officer,
        project=course.project,
        **{**CLAIM, "settled": "15000000", "contract": "C-8"},
    )
    assert Decimal(rest["amount"]) == 2_000_000 - 1_882_716, (
        "1,500 x 305 / 729 = 627.5720, x 30 % = 188.2716 (ten thousand)"
    )
    more = {"project": course.project, **CLAIM, "contract": "C-9"}
    assert refused("claim_subsidy", officer, at=course.at, **more) == ["subsidy.used_up"]


RATE = {"day": "2026-05-29", "base": "CNY", "quote": "VND", "rate": "3650", "source": "Table of the day"}


def test_rates_are_entered_whole_or_not_at_all_with_every_fault_at_its_place() -> None:
    officer = make.board().officer
    assert done("put_rates", officer, rates=[RATE, {**RATE, "quote": "THB", "rate": "4.9"}])["count"] == 2
    assert done("put_rates", officer, rates=[RATE]) | {"entry": 0} == {"count": 0, "known": 1, "entry": 0}
    wrong = [
        {**RATE, "day": "2031-01-01"}, {**RATE, "rate": "3,5"}, {**RATE, "quote": "CNY"}, {**RATE, "base": "QQQ"},
        {**RATE, "rate": "0"}, {**RATE, "source": ""},
    ]  # fmt: skip
    outcome = run("put_rates", officer, rates=wrong)
    assert isinstance(outcome, Refused)
    assert [(item.code, item.params["field"]) for item in outcome.reasons] == [
        ("rates.day", "rates.0.day"), ("money.separators", "rates.1.rate"), ("rates.same", "rates.2.quote"),
        ("money.unknown_currency", "rates.3.base"), ("rates.rate", "rates.4.rate"), ("rates.source", "rates.5.source"),
    ]  # fmt: skip
    twice = [
        {**RATE, "day": "2026-05-28"},
        {**RATE, "day": "2026-05-28", "base": "VND", "quote": "CNY", "rate": "0.00027"},
    ]
    assert refused("put_rates", officer, rates=twice) == ["rates.twice"]
    assert refused("put_rates", make.person(role="lead"), rates=[RATE]) == ["access.role"]
    assert Rate.objects.count() == 2


def test_a_corrected_rate_needs_a_reason_and_the_old_one_stays() -> None:
    officer = make.board().officer
    done("put_rates", officer, rates=[RATE])
    new = {**RATE, "rate": "3660"}
    assert refused("put_rates", officer, rates=[new]) == ["rates.differs"]
    done("put_rates", officer, rates=[new], why="A misprint in the table.")
    assert [(int(row.rate), row.replaced_at is None) for row in Rate.objects.order_by("pk")] == [
        (3650, False),
        (3660, True),
    ]

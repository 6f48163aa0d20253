"""The book of a project's money: it balances whatever is entered, no account is overdrawn, nothing is paid twice."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

import factories as make
from jiebang.decisions.ledger import WAYS, Transfer, against, balances, standing, turnover
from jiebang.decisions.measuring import Value, counting, facts_of, grade, result
from jiebang.decisions.money import Money, Rounding
from jiebang.decisions.paying import Standing, in_the_way
from jiebang.decisions.rates import Converted, Rate, convert, rounding_of
from jiebang.decisions.subsidy import Claim, reckon
from jiebang.rules.currencies import fits, minor_units
from jiebang.rules.reasons import Reason
from jiebang.rules.schema import AfterSubsidyRule, Grade, Measuring, Rulebook

DAY = date(2026, 9, 4)
ACTS = sorted(WAYS)


def row(
    act: str, amount: object = 100, *, drawn: str = "", instalment: int | None = None, fund: int = 1
) -> Transfer:
    origins, put = WAYS[act]  # type: ignore[index]
    return Transfer(
        fund=fund, currency="CNY", act=act, drawn=drawn or sorted(origins)[0], put=put, amount=Decimal(str(amount)), day=DAY,  # type: ignore[arg-type]
        instalment=instalment,
    )  # fmt: skip


def code(found: Reason | None) -> str:
    return found.code if found else ""


moves = some.lists(
    some.tuples(
        some.sampled_from(ACTS),
        some.integers(0, 3),
        some.integers(1, 3),
        some.integers(1, 300_000),
        some.integers(1, 2),
    ),
    max_size=40,
)


@given(moves)
def test_whatever_is_entered_balances_and_is_paid_once(tried: list[tuple[str, int, int, int, int]]) -> None:
    book: list[Transfer] = []
    for act, origin, instalment, cents, fund in tried:
        origins = sorted(WAYS[act][0])  # type: ignore[index]
        new = row(
            act, Decimal(cents) / 100, drawn=origins[origin % len(origins)], instalment=instalment, fund=fund
        )
        if against(book, new) is None:
            book.append(new)
    left = balances(book)
    for fund in (1, 2):
        assert sum(amount for (of, _, _), amount in left.items() if of == fund) == 0
    assert all(amount >= 0 for (_, _, account), amount in left.items() if account != "source")
    moved = turnover(book)
    for fund in (1, 2):
        awarded = moved.get((fund, "CNY", "awarded"), Decimal(0))
        assert moved.get((fund, "CNY", "paid"), Decimal(0)) <= awarded
        assert moved.get((fund, "CNY", "returned"), Decimal(0)) <= moved.get(
            (fund, "CNY", "paid"), Decimal(0)
        )
    paid = [item.instalment for item in book if item.act == "pay"]
    assert len(paid) == len(set(paid))


def test_an_instalment_is_due_and_paid_once_and_never_beyond_the_award() -> None:
    book = [
        row("award", 100),
        row("fall_due", 40, drawn="awarded", instalment=1),
        row("pay", 40, instalment=1),
    ]
    assert code(against(book, row("pay", 40, instalment=1))) == "money.twice"
    assert code(against(book, row("fall_due", 40, drawn="awarded", instalment=1))) == "money.twice"
    assert code(against(book, row("pay", 1, instalment=2))) == "money.not_enough"
    assert code(against(book, row("claim_back", 41))) == "money.not_enough"
    assert code(against(book, row("pay", 1, drawn="awarded"))) == "money.no_such_way"
    assert code(against(book, row("award", 0))) == "money.nothing"
    assert standing(book, fund=1, account="paid") == 40


@pytest.mark.parametrize(
    ("amount", "currency", "wrong"),
    [
        ("1000.50", "VND", "money.decimals"), ("1000.00", "VND", ""), ("10.005", "CNY", "money.decimals"), ("10.05", "CNY", ""),
        ("1.234", "KWD", ""), ("5", "ZZZ", "money.unknown_currency"), ("5", "XXX", "money.unknown_currency"),
        ("1000000000000000", "CNY", "money.too_many_digits"),
    ],
)  # fmt: skip
def test_an_amount_has_no_more_decimals_than_its_currency(amount: str, currency: str, wrong: str) -> None:
    assert code(fits(Decimal(amount), currency)) == wrong


def test_the_refusal_of_decimals_says_what_would_be_right() -> None:
    found = fits(Decimal("1000.50"), "VND")
    assert found is not None
    assert "1000 or 1001" in str(found)
    assert minor_units("VND") == 0


RATES = [
    Rate(day=date(2026, 9, 1), base="CNY", quote="VND", rate=Decimal(3650), source="table"),
    Rate(day=date(2026, 9, 4), base="CNY", quote="VND", rate=Decimal(3660), source="table"),
]


def test_a_rate_is_used_either_way_round_on_its_day_and_a_stated_time_after() -> None:
    def to_cny(day: date, days: int) -> Converted | Reason:
        whole = Rounding(2)
        return convert(
            Money(Decimal(3_660_000), "VND"), to="CNY", day=day, rates=RATES, days=days, rounding=whole
        )

    found = to_cny(date(2026, 9, 4), 0)
    assert isinstance(found, Converted)
    assert (found.money.amount, found.rate) == (Decimal("1000.00"), RATES[1])
    missing = to_cny(date(2026, 9, 6), 1)
    assert isinstance(missing, Reason)
    assert missing.code == "money.no_rate"
    assert isinstance(to_cny(date(2026, 9, 6), 2), Converted)
    assert isinstance(to_cny(date(2026, 8, 31), 30), Reason), "a rate of a later day is not used"
    there = convert(
        Money(Decimal("10.01"), "CNY"), to="VND", day=DAY, rates=RATES, days=0, rounding=Rounding(0)
    )
    assert isinstance(there, Converted)
    assert there.money == Money(Decimal(36637), "VND")


def test_rounding_is_declared_by_currency() -> None:
    book = make.guangxi()
    assert (rounding_of(book, "CNY"), rounding_of(book, "VND"), rounding_of(book, "KWD")) == (
        Rounding(2, "half_up"), Rounding(0, "half_up"), Rounding(3),
    )  # fmt: skip
    assert rounding_of(make.ring_sea(), make.ring_sea().currency) == Rounding(0, "half_even")


def subsidy(**given: object) -> AfterSubsidyRule:
    rule = {
        "label": {"en": "Compute"}, "rate": "0.3", "first_day": "2025-03-01", "last_day": "2025-12-31", "unit": 10_000,
        "places": 4, "rounding": "down", **given,
    }  # fmt: skip
    return AfterSubsidyRule.model_validate(rule)


CONTRACT = (date(2025, 1, 1), date(2026, 12, 31))


def test_the_worked_sum_of_nanning_step_by_step() -> None:
    """305/729 x 20 = 8.3676, of which 30 %: 2.5102 ten thousand yuan, truncated at each step."""
    found = reckon(subsidy(), Money(Decimal(200_000), "CNY"), contract=CONTRACT)
    assert isinstance(found, Claim)
    assert found.paid == Money(Decimal(25_102), "CNY")
    said = " ".join(str(step) for step in found.steps)
    for part in ("305 of 729", "305 / 729 × 20 = 8.3676", "8.3676 × 30 % = 2.5102", "25102 CNY"):
        assert part in said


def test_a_subsidy_is_capped_by_claim_and_by_organisation() -> None:
    cost = Money(Decimal(200_000), "CNY")
    one = reckon(subsidy(most_per_claim="20000"), cost, contract=CONTRACT)
    both = reckon(
        subsidy(most_per_organisation="30000"), cost, contract=CONTRACT, paid_before=Decimal(25_000)
    )
    assert isinstance(one, Claim)
    assert isinstance(both, Claim)
    assert (one.paid.amount, both.paid.amount) == (Decimal(20_000), Decimal(5_000))
    used = reckon(
        subsidy(most_per_organisation="30000"), cost, contract=CONTRACT, paid_before=Decimal(30_000)
    )
    assert isinstance(used, Reason)
    assert used.code == "subsidy.used_up"
    outside = reckon(subsidy(), cost, contract=(date(2024, 1, 1), date(2024, 12, 31)))
    assert isinstance(outside, Reason)
    assert outside.code == "money.outside_period"


FREE = {
    "flags": ("live",), "due": True, "paid": False, "today": DAY, "paid_on": DAY, "standstill_over": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []), ({"paid": True}, ["project.paid"]), ({"due": False}, ["project.not_due"]),
        ({"flags": ("final", "failure")}, ["money.ended"]), ({"flags": ("final", "success")}, []),
        ({"flags": ("paused",)}, ["money.paused"]), ({"standstill_over": False}, ["money.standstill"]),
        ({"open_objections": 1}, ["money.objection"]), ({"appeals_possible": 1}, ["money.objection"]),
        ({"open_disputes": 1}, ["money.dispute"]), ({"paid_on": date(2026, 9, 5)}, ["money.in_future"]),
        ({"due": False, "open_disputes": 2, "standstill_over": False}, ["project.not_due", "money.standstill", "money.dispute"]),
    ],
)  # fmt: skip
def test_everything_that_is_in_the_way_of_a_payment_is_said_at_once(
    change: dict[str, object], codes: list[str]
) -> None:
    assert [item.code for item in in_the_way(Standing(**{**FREE, **change}))] == codes  # type: ignore[arg-type]


def value(key: int, role: str, number: object, **given: object) -> Value:
    at = make.NOW.replace(minute=key)
    return Value(key=key, indicator="I1", role=role, value=Decimal(str(number)), at=at, **given)  # type: ignore[arg-type]


def test_whose_value_counts_follows_the_order_of_the_rulebook() -> None:
    values = [value(1, "tester", 5), value(2, "office", 3), value(3, "owner", 4), value(4, "lead", 9)]
    assert counting(None, values)["I1"].role == "owner", "the last of anybody but the lead"
    ordered = Measuring(status="local", order=["tester", "office"])
    assert counting(ordered, values)["I1"].role == "tester"
    again = [*values, value(5, "tester", 6), value(6, "owner", 7)]
    assert counting(ordered, again)["I1"].key == 5
    assert counting(ordered, [value(1, "lead", 9)]) == {}


def test_what_was_set_aside_altered_or_not_shown_does_not_count() -> None:
    rule = Measuring(status="local", evidence=True)
    values = [
        value(1, "owner", 1, files=1),
        value(2, "owner", 2),
        value(3, "owner", 3, files=1, set_aside=True),
    ]
    values.append(value(4, "owner", 4, files=1, altered=True))
    assert counting(rule, values)["I1"].key == 1


GRADES = {
    "excellent": Grade(label={"en": "Excellent"}, require="result.kept == result.count"),
    "qualified": Grade(label={"en": "Qualified"}, require="result.share >= 0.5"),
    "failed": Grade(label={"en": "Failed"}, passes=False),
}


@pytest.mark.parametrize(
    ("measured", "grades"), [("1", "excellent"), ("2.5", "qualified"), ("3.1", "failed"), (None, "failed")]
)
def test_the_grade_is_the_first_whose_condition_holds(measured: str | None, grades: str) -> None:
    rule = Measuring(status="local", grades=GRADES)
    book = make.guangxi().model_copy(update={"measuring": rule})
    assert isinstance(book, Rulebook)
    values = [] if measured is None else [value(1, "owner", measured)]
    found = result(rule, indicators=make.INDICATORS, values=values, promised={"I1": 2})
    assert grade(book, found) == grades
    assert facts_of(found)["count"] == 1

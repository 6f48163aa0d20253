"""Money: exact arithmetic, declared rounding, dated rates, instalments, after-subsidies, typed amounts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiebang.decisions.money import (
    AfterSubsidy,
    CurrencyMismatch,
    Mode,
    Money,
    Rate,
    Rounding,
    after_subsidy,
    convert,
    instalments,
    parse_amount,
    round_money,
    total,
)
from jiebang.rules.reasons import Reason, catalogue, render

D = Decimal
CENTS = Rounding(2, "half_up")
AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=4)
SHARES = st.lists(st.decimals(min_value=0, max_value=100, places=3), min_size=1, max_size=8).filter(any)


def cny(amount: str) -> Money:
    return Money(D(amount), "CNY")


def test_currencies_never_mix_without_a_rate() -> None:
    usd = Money(D(1), "USD")
    for mixed in (
        lambda: cny("1") + usd,
        lambda: cny("1") - usd,
        lambda: cny("1") < usd,
        lambda: cny("1") >= usd,
    ):
        with pytest.raises(CurrencyMismatch) as caught:
            mixed()
        assert caught.value.reason == Reason("money.mixed_currencies", {"left": "CNY", "right": "USD"})
    with pytest.raises(CurrencyMismatch):
        total([cny("1"), usd], currency="CNY")
    assert cny("1") != Money(D(1), "USD")


@given(AMOUNTS, AMOUNTS)
def test_arithmetic_is_exact(left: D, right: D) -> None:
    one, other = Money(left, "CNY"), Money(right, "CNY")
    assert one + other - other == one
    assert (one < other, one <= other) == (left < right, left <= right)
    assert (one > other, one >= other) == (left > right, left >= right)
    assert total([one, other, -one], currency="CNY") == other
    assert (one * 3).amount == one.amount + one.amount + one.amount


def test_exactness_outlasts_the_default_precision() -> None:
    large = cny("123456789012345678901234567890.01")
    assert (large + cny("0.01")).amount == D("123456789012345678901234567890.02")
    assert (cny("0.1") * 3).amount == D("0.3")
    assert str(cny("1250000.5")) == "1,250,000.5 CNY"


@pytest.mark.parametrize("amount", [D("NaN"), D("Infinity"), 1, 0.1])
def test_what_is_no_exact_amount_is_refused(amount: object) -> None:
    with pytest.raises(ValueError, match="finite Decimal"):
        Money(amount, "CNY")  # type: ignore[arg-type]


def test_a_float_factor_and_a_strange_currency_are_refused() -> None:
    for factor in (0.3, True):
        with pytest.raises(TypeError, match="Decimal or int"):
            cny("1") * factor  # type: ignore[operator]
    for code in ("cny", "RMB1", "", "￥"):
        with pytest.raises(ValueError, match="ISO 4217"):
            Money(D(1), code)


@pytest.mark.parametrize(
    ("mode", "rounded"),
    [
        ("half_up", ["2.51", "2.52", "-2.52", "2.51"]),
        ("half_even", ["2.51", "2.52", "-2.52", "2.50"]),
        ("down", ["2.51", "2.51", "-2.51", "2.50"]),
        ("up", ["2.52", "2.52", "-2.52", "2.51"]),
    ],
)
def test_each_mode_rounds_as_it_says(mode: Mode, rounded: list[str]) -> None:
    given_amounts = ["2.5103", "2.515", "-2.515", "2.505"]
    assert [str(Rounding(2, mode).apply(D(amount))) for amount in given_amounts] == rounded
    assert round_money(cny("2.515"), Rounding(2, mode)) == cny(rounded[1])
    assert Rounding(-3, "half_up").apply(D(12500)) == D(13000)


def test_a_rounding_without_a_known_mode_is_refused() -> None:
    for places, mode in ((2, "half"), (13, "up")):
        with pytest.raises(ValueError, match="not a rounding"):
            Rounding(places, mode)  # type: ignore[arg-type]


APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)
RATES = [
    Rate(APRIL, "USD", "CNY", D("7.10"), "invented"),
    Rate(MAY, "USD", "CNY", D("7.20"), "invented"),
    Rate(MAY, "CNY", "USD", D("0.5"), "invented, the direct way"),
    Rate(APRIL, "CNY", "LAK", D("3000"), "invented"),
]


@pytest.mark.parametrize(
    ("amount", "to", "on", "worth"),
    [
        (Money(D(100), "USD"), "CNY", date(2026, 4, 30), "710.00"),
        (Money(D(100), "USD"), "CNY", MAY, "720.00"),
        (cny("71"), "USD", APRIL, "10.00"),
        (cny("100"), "USD", MAY, "50.00"),
        (cny("100"), "LAK", MAY, "300000.00"),
        (Money(D(1000), "LAK"), "CNY", MAY, "0.33"),
        (cny("1.005"), "CNY", APRIL, "1.01"),
    ],
)
def test_the_latest_rate_not_after_the_day_is_used(amount: Money, to: str, on: date, worth: str) -> None:
    assert convert(amount, to, on=on, rates=RATES, rounding=CENTS) == Money(D(worth), to)
    assert convert(amount, to, on=on, rates=reversed(RATES), rounding=CENTS) == Money(D(worth), to)


def test_without_a_rate_there_is_a_reason() -> None:
    early = convert(Money(D(1), "USD"), "CNY", on=date(2026, 3, 31), rates=RATES)
    across = convert(Money(D(1), "USD"), "LAK", on=MAY, rates=RATES)
    assert isinstance(early, Reason)
    assert isinstance(across, Reason), "nothing goes through a third currency unasked"
    assert "2026-03-31" in render(early, lang="zh-Hans")
    assert convert(cny("1.005"), "CNY", on=APRIL, rates=[]) == cny("1.005")
    with pytest.raises(ValueError, match="above zero"):
        Rate(APRIL, "USD", "CNY", D(0), "wrong")


@given(
    AMOUNTS,
    SHARES,
    st.sampled_from(["half_up", "half_even", "down", "up"]),
    st.integers(-2, 4),
    st.booleans(),
)
def test_instalments_add_up_exactly(amount: D, shares: list[D], mode: Mode, places: int, owed: bool) -> None:
    money = Money(-amount if owed else amount, "CNY")
    parts = instalments(money, shares, Rounding(places, mode))
    assert total(parts, currency="CNY") == money
    assert len(parts) == len(shares)
    assert all(part.amount * money.amount >= 0 for part in parts)


@given(AMOUNTS, SHARES, st.integers(0, 4))
def test_each_instalment_but_the_last_is_its_share(amount: D, shares: list[D], places: int) -> None:
    parts = instalments(Money(amount, "CNY"), shares, Rounding(places, "down"))
    for part, share in list(zip(parts, shares, strict=True))[:-1]:
        assert abs(part.amount - amount * share / sum(shares)) < D(10) ** -places + D(10) ** -12


def test_instalments_of_real_and_awkward_amounts() -> None:
    parts = instalments(cny("9250000"), [D("0.65"), D("0.35")], Rounding(0, "half_up"))
    assert [part.amount for part in parts] == [6012500, 3237500]
    thirds = instalments(cny("100"), [D(1)] * 3, CENTS)
    assert [str(part.amount) for part in thirds] == ["33.33", "33.33", "33.34"]
    tiny = instalments(
        cny("0.02"), [D(1)] * 4, CENTS
    )  # each share rounds up; the last may not go below nothing
    assert [part.amount for part in tiny] == [D("0.01"), D("0.01"), 0, 0]
    for shares in ([], [D(0)], [D(2), D(-1)]):
        with pytest.raises(ValueError, match="proportions"):
            instalments(cny("1"), shares, CENTS)


YEAR = (date(2025, 3, 1), date(2025, 12, 31))
CONTRACT = (date(2025, 1, 1), date(2026, 12, 31))
TRUNCATED = Rounding(4, "down")


def subsidy(settled: str, *, cap: Money | None = None, rounding: Rounding = TRUNCATED) -> AfterSubsidy:
    found = after_subsidy(
        cny(settled), contract=CONTRACT, period=YEAR, rate=D("0.3"), rounding=rounding, cap=cap
    )
    assert isinstance(found, AfterSubsidy)
    return found


def test_the_compute_vouchers_of_nanning() -> None:
    found = subsidy("20")
    assert (found.days_inside, found.days_contract) == (305, 729)
    assert (found.eligible, found.uncapped, found.paid) == (cny("8.3676"), cny("2.5102"), cny("2.5102"))
    assert subsidy("20", rounding=Rounding(4, "half_up")).paid == cny("2.5103"), "truncation is not half up"


def test_a_subsidy_is_capped() -> None:
    found = subsidy("20000", cap=cny("200"))
    assert (found.uncapped, found.paid) == (cny("2510.2880"), cny("200"))
    assert subsidy("20", cap=cny("200")).paid == cny("2.5102")
    with pytest.raises(CurrencyMismatch):
        subsidy("20", cap=Money(D(200), "USD"))


@pytest.mark.parametrize(
    ("contract", "code"),
    [
        ((date(2024, 1, 1), date(2025, 3, 1)), "money.outside_period"),
        ((date(2025, 12, 31), date(2026, 3, 1)), "money.outside_period"),
        ((date(2025, 6, 1), date(2025, 6, 1)), "money.contract_without_days"),
    ],
)
def test_a_contract_outside_the_period_gets_a_reason(contract: tuple[date, date], code: str) -> None:
    found = after_subsidy(cny("1"), contract=contract, period=YEAR, rate=D("0.3"), rounding=TRUNCATED)
    assert isinstance(found, Reason)
    assert found.code == code


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", "0"),
        ("1250000.50", "1250000.50"),
        ("1,250,000.50", "1250000.50"),
        ("1'250'000", "1250000"),
        ("1\u202f250\u00a0000", "1250000"),
        (" 125 万 ", "1250000"),
        ("125萬元", "1250000"),
        ("1.2亿", "120000000"),
        ("3万亿", "3000000000000"),
        ("5千", "5000"),
        ("１，２５０．５", "1250.5"),
        ("+7.10", "7.10"),
        ("໑໒໕", "125"),
        ("၁၂၅.၅", "125.5"),
    ],
)
def test_amounts_as_people_type_them(text: str, number: str) -> None:
    found = parse_amount(text)
    assert str(found) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "money.empty"),
        ("  ", "money.empty"),
        ("NaN", "money.not_a_number"),
        ("-Infinity", "money.not_a_number"),
        ("ten", "money.not_a_number"),
        ("1e6", "money.exponent"),
        ("1.5E+3", "money.exponent"),
        ("USD 500", "money.currency_in_amount"),
        ("¥500", "money.currency_in_amount"),
        ("500 美元", "money.currency_in_amount"),
        ("1,25", "money.separators"),
        ("1.250.000", "money.separators"),
        ("12,50,000", "money.separators"),
        ("1,250'000", "money.separators"),
        ("1..5", "money.separators"),
        ("-5", "money.negative"),
        ("1" * 25, "money.too_many_digits"),
        ("1" * 20 + "亿", "money.too_many_digits"),
        ("5 万 万", "money.not_a_number"),
    ],
)
def test_what_cannot_be_read_is_explained(text: str, code: str) -> None:
    found = parse_amount(text)
    assert isinstance(found, Reason)
    assert found.code == code
    assert all(render(found, lang=lang) != code for lang in ("en", "zh-Hans"))


def test_negative_amounts_are_read_where_they_may_be() -> None:
    assert parse_amount("-1,250.5", negative=True) == D("-1250.5")
    assert parse_amount("-2万", negative=True) == D(-20000)


@given(st.decimals(min_value=0, max_value=10**15, places=2))
def test_what_is_printed_reads_back(amount: D) -> None:
    assert parse_amount(f"{amount:,f}") == parse_amount(f"{amount:f}") == amount


@given(st.text(max_size=30))
def test_any_text_is_answered(text: str) -> None:
    found = parse_amount(text)
    assert isinstance(found, Reason) or found >= 0


def test_every_sentence_exists_in_both_languages() -> None:
    own = [texts for code, texts in catalogue().items() if code.startswith("money.")]
    assert own
    assert all({"en", "zh-Hans"} <= set(texts) for texts in own)
    assert replace(cny("1"), currency="USD").currency == "USD"

"""Money: exact decimals with a currency, declared rounding, instalments that add up.

Nothing is rounded unless a `Rounding` says how; amounts in different currencies never meet. Amounts typed by
people are read with their thousands separators and the units 万 and 亿.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    localcontext,
)
from typing import Literal

from jiebang.rules.reasons import Reason, reason

Mode = Literal["half_up", "half_even", "down", "up"]
_MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_UP}
# Wide enough that sums and products of what `parse_amount` accepts stay exact; quotients are rounded after.
_EXACT = Context(prec=60)
_CURRENCY = re.compile(r"[A-Z]{3}")


class CurrencyMismatch(ValueError):
    """Two currencies met. `reason` says which, for the page."""

    def __init__(self, left: str, right: str) -> None:
        """The two currency codes."""
        self.reason = reason("money.mixed_currencies", left=left, right=right)
        super().__init__(str(self.reason))


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount (finite, of either sign) in a currency (ISO 4217 code). Arithmetic is exact.

    Adding or comparing two currencies raises CurrencyMismatch; a float is never accepted.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        """Refuse what is not an exact amount in a currency."""
        if not isinstance(self.amount, Decimal) or not self.amount.is_finite():
            raise ValueError(f"an amount is a finite Decimal, not {self.amount!r}")
        if not _CURRENCY.fullmatch(self.currency):
            raise ValueError(f"a currency is three capital letters (ISO 4217), not {self.currency!r}")

    def __add__(self, other: "Money") -> "Money":
        return Money(_EXACT.add(self.amount, self._same(other)), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(_EXACT.subtract(self.amount, self._same(other)), self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        return Money(_EXACT.multiply(self.amount, _exact(factor)), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.amount >= self._same(other)

    def __str__(self) -> str:
        return f"{self.amount:,f} {self.currency}"

    def _same(self, other: "Money") -> Decimal:
        if self.currency != other.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        return other.amount


@dataclass(frozen=True, slots=True)
class Rounding:
    """How amounts are rounded: to `places` decimals; `down` truncates towards zero, `up` away from it."""

    places: int
    mode: Mode = "half_up"

    def __post_init__(self) -> None:
        """Refuse a mode that is not one of the four, and places no currency has."""
        if self.mode not in _MODES or not -12 <= self.places <= 12:
            raise ValueError(f"not a rounding: {self.places} places, {self.mode}")

    def apply(self, number: Decimal) -> Decimal:
        """`number` rounded."""
        return number.quantize(Decimal(1).scaleb(-self.places), rounding=_MODES[self.mode], context=_EXACT)


def round_money(money: Money, rounding: Rounding) -> Money:
    """The amount rounded as declared."""
    return Money(rounding.apply(money.amount), money.currency)


def instalments(money: Money, shares: Sequence[Decimal], rounding: Rounding) -> tuple[Money, ...]:
    """The amount in parts by `shares` (proportions of any sum, each >= 0), adding up to it exactly.

    Each part but the last is its share rounded, though never more than is left; the last is what remains.
    Raises ValueError for shares that are negative or all zero.
    """
    if any(share < 0 for share in shares) or not any(shares):
        raise ValueError("shares are proportions, none negative, not all zero")
    sign, left = (-1 if money.amount < 0 else 1), abs(money.amount)
    parts: list[Decimal] = []
    with localcontext(_EXACT):
        whole = sum(shares, start=Decimal(0))
        for share in shares[:-1]:
            parts.append(min(left, rounding.apply(abs(money.amount) * share / whole)))
            left -= parts[-1]
    return tuple(Money(sign * part, money.currency) for part in (*parts, left))


@dataclass(frozen=True, slots=True)
class AfterSubsidy:
    """What an after-subsidy pays and how it came about: the cost inside the period, its share, the sum."""

    days_inside: int
    days_contract: int
    eligible: Money
    uncapped: Money
    paid: Money


def after_subsidy(
    settled: Money,
    *,
    contract: tuple[date, date],
    period: tuple[date, date],
    rate: Decimal,
    rounding: Rounding,
    cap: Money | None = None,
) -> AfterSubsidy | Reason:
    """A share of the cost actually settled, in proportion to the days of the contract inside the base period.

    Days are counted end - start, not inclusively; each step is rounded by `rounding`; at most `cap` is
    paid. As the Nanning compute vouchers of 2025 reckon: 20 settled over 1 Jan 2025 to 31 Dec 2026 (729
    days), of which 305 are inside 1 Mar to 31 Dec 2025, truncated to 4 places: 8.3676, of which 30 %:
    2.5102 (ten thousand yuan). A Reason when the contract lies outside the period or has no days.
    """
    first, last = max(contract[0], period[0]), min(contract[1], period[1])
    inside, whole = (last - first).days, (contract[1] - contract[0]).days
    if whole <= 0:
        return reason("money.contract_without_days", start=str(contract[0]), end=str(contract[1]))
    if inside <= 0:
        return reason("money.outside_period", start=period[0].isoformat(), end=period[1].isoformat())
    share = _EXACT.divide((settled * inside).amount, Decimal(whole))
    eligible = round_money(Money(share, settled.currency), rounding)
    uncapped = round_money(eligible * rate, rounding)
    paid = uncapped if cap is None else min(uncapped, cap)
    return AfterSubsidy(inside, whole, eligible, uncapped, paid)


# Digits in groups of three with one kind of separator (or none), then decimals, then at most one unit.
_AMOUNT = re.compile(
    r"(?P<sign>[-+]?)(?P<whole>\d{1,3}(?:(?P<gap>[,' ])\d{3})(?:(?P=gap)\d{3})*|\d+)(?:\.(?P<part>\d+))?"
    r" ?(?P<unit>万亿|萬億|[万萬亿億千百]?)元?"
)
_UNITS = {"": 0, "百": 2, "千": 3, "万": 4, "萬": 4, "亿": 8, "億": 8, "万亿": 12, "萬億": 12}
_CURRENCY_NOISE = re.compile(r"[$¥￥€£฿₫₱៛₭]|[A-Za-z]{2,}|人民币|美元")
_MOST_DIGITS = 24


def parse_amount(text: str, *, negative: bool = False) -> Decimal | Reason:
    """The exact number a person typed: `1,250,000.50`, `125 万`, `1.2亿`, digits of any script; or why not.

    Separators of thousands are comma, apostrophe or space, the decimal mark a point; `1,25` and `1.250.000`
    are refused rather than guessed, and so are exponents, currency signs and, unless `negative`, negative
    numbers. What is accepted is written out, never with an exponent.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).replace("\u2019", "'").split())
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        return _not_an_amount(text.strip(), plain)
    if found["sign"] == "-" and not negative:
        return reason("money.negative", text=text.strip())
    digits = re.sub(r"[,' ]", "", found["whole"])
    if len(digits) + len(found["part"] or "") + _UNITS[found["unit"]] > _MOST_DIGITS:
        return reason("money.too_many_digits", text=text.strip(), limit=_MOST_DIGITS)
    number = Decimal(f"{found['sign']}{digits}.{found['part'] or ''}")
    return Decimal(f"{_EXACT.scaleb(number, _UNITS[found['unit']]):f}")  # 120000000, not 1.2E+8


def _not_an_amount(text: str, plain: str) -> Reason:
    if not plain:
        return reason("money.empty")
    if re.fullmatch(r"[-+]?(nan|inf|infinity)", plain, re.IGNORECASE):
        return reason("money.not_a_number", text=text)
    if re.fullmatch(r"[-+]?[\d.,]+[eE][-+]?\d+", plain):
        return reason("money.exponent", text=text)
    if _CURRENCY_NOISE.search(plain) and re.search(r"\d", plain):
        return reason("money.currency_in_amount", text=text)
    if re.fullmatch(r"[-+]?\d[\d., ']*", plain):
        return reason("money.separators", text=text)
    return reason("money.not_a_number", text=text)


def _exact(number: Decimal | int) -> Decimal:
    if isinstance(number, bool) or not isinstance(number, Decimal | int):
        raise TypeError(f"money is multiplied by Decimal or int, not {type(number).__name__}")
    return Decimal(number)

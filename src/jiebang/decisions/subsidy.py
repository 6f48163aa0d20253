"""A claim for an after-subsidy, reckoned step by step under the rulebook's `money.after_subsidy`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jiebang.decisions.money import AfterSubsidy, Money, Rounding, after_subsidy
from jiebang.rules.currencies import fits
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import AfterSubsidyRule


@dataclass(frozen=True, slots=True)
class Claim:
    """What is paid, in whole units of the currency, and the sentences of how it came about."""

    paid: Money
    steps: tuple[Reason, ...]


def reckon(
    rule: AfterSubsidyRule, settled: Money, *, contract: tuple[date, date], paid_before: Decimal = Decimal(0)
) -> Claim | Reason:
    """The claim on `settled` costs of a contract from its first to its last day, counted end minus start.

    Amounts are divided by `rule.unit`, truncated or rounded after each step, and multiplied back. `paid_before` is what
    the organisation has been granted in this call, held against `most_per_organisation`.
    """
    if (wrong := fits(settled.amount, settled.currency)) is not None:
        return wrong
    found = after_subsidy(
        Money(settled.amount / rule.unit, settled.currency), contract=contract,
        period=(rule.first_day, rule.last_day), rate=rule.rate, rounding=Rounding(rule.places, rule.rounding),
    )  # fmt: skip
    if isinstance(found, Reason):
        return found
    paid, capped = _capped(rule, found.paid * rule.unit, paid_before)
    if paid.amount <= 0:
        return reason("subsidy.used_up", limit=f"{rule.most_per_organisation:f}", currency=paid.currency)
    wrong = fits(paid.amount, paid.currency)
    return wrong or Claim(paid, (*_steps(rule, settled, found), *capped, _result(paid)))


def _steps(rule: AfterSubsidyRule, settled: Money, found: AfterSubsidy) -> Iterator[Reason]:
    unit, mode = rule.unit, rule.rounding
    start, end = rule.first_day.isoformat(), rule.last_day.isoformat()
    yield reason("subsidy.days", inside=found.days_inside, whole=found.days_contract, start=start, end=end)
    yield reason(
        "subsidy.eligible", inside=found.days_inside, whole=found.days_contract, settled=f"{settled.amount / unit:f}",
        eligible=f"{found.eligible.amount:f}", places=rule.places, rounding=mode, unit=unit,
    )  # fmt: skip
    yield reason(
        "subsidy.share", eligible=f"{found.eligible.amount:f}", rate=f"{(rule.rate * 100).normalize():f}",
        uncapped=f"{found.uncapped.amount:f}", places=rule.places, rounding=mode,
    )  # fmt: skip


def _capped(rule: AfterSubsidyRule, paid: Money, before: Decimal) -> tuple[Money, list[Reason]]:
    said: list[Reason] = []
    if rule.most_per_claim is not None and paid.amount > rule.most_per_claim:
        said.append(
            reason("subsidy.most_per_claim", limit=f"{rule.most_per_claim:f}", currency=paid.currency)
        )
        paid = Money(rule.most_per_claim, paid.currency)
    if rule.most_per_organisation is None:
        return paid, said
    left = max(rule.most_per_organisation - before, Decimal(0))
    if paid.amount > left:
        limit = {"limit": f"{rule.most_per_organisation:f}", "before": f"{before:f}", "left": f"{left:f}"}
        said.append(reason("subsidy.most_per_organisation", currency=paid.currency, **limit))
        paid = Money(left, paid.currency)
    return paid, said


def _result(paid: Money) -> Reason:
    return reason("subsidy.paid", amount=f"{paid.amount.normalize():f}", currency=paid.currency)

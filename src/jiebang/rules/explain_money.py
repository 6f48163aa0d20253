"""What a rulebook says of sources, rates, subsidies and repayment, as sentences of `explain`."""

from collections.abc import Iterator
from typing import Any

from jiebang.rules.explain_words import phrase
from jiebang.rules.schema import Money
from jiebang.rules.texts import pick

Line = tuple[str, dict[str, Any]]


def money_lines(money: Money, lang: str) -> Iterator[Line]:
    """Name and parameters of each sentence."""
    for source in money.sources.values():
        yield f"source_{source.by}", {"label": pick(source.label, lang=lang)}
    for code, own in money.currencies.items():
        yield "currency", {"code": code, "places": own.places, "rounding": phrase(own.rounding, lang=lang)}
    if money.sources:
        yield "rate_days", {"days": money.rate_days}
    if money.four_eyes:
        yield "payment_four_eyes", {}
    yield from _subsidy(money, lang)
    if money.repayment:
        yield "repayment", {"share": f"{float(money.repayment.share * 100):g}", "days": money.repayment.days}


def _subsidy(money: Money, lang: str) -> Iterator[Line]:
    rule = money.after_subsidy
    if rule is None:
        return
    yield "after_subsidy", {
        "label": pick(rule.label, lang=lang), "rate": f"{float(rule.rate * 100):g}", "first": rule.first_day,
        "last": rule.last_day, "places": rule.places, "unit": rule.unit, "rounding": phrase(rule.rounding, lang=lang),
    }  # fmt: skip
    for name in ("most_per_claim", "most_per_organisation"):
        if (limit := getattr(rule, name)) is not None:
            yield name, {"limit": f"{limit:f}"}

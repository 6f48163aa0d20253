"""Which measured value of an indicator counts, what the whole result shows, and the grade that the rulebook gives it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from jiebang.rules.expressions import Expression, Truth, compile_expression, evaluate
from jiebang.rules.facts import constants
from jiebang.rules.form_values import REACHED, decimal_of
from jiebang.rules.schema import Measuring, Rulebook

LEAD = "lead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A measured value: who measured (`lead`, `owner`, `office`, `tester`), how many files show it, and whether it may count.

    `set_aside`: a decided dispute put another in its place; `altered`: it or its evidence is no longer what was signed.
    """

    key: int
    indicator: str
    role: str
    value: Decimal
    at: datetime
    files: int = 0
    set_aside: bool = False
    altered: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One indicator of the result: the value that counts, and whether it reaches the threshold and the promise."""

    indicator: str
    value: Value | None
    met: bool | None
    kept: bool | None


def counting(rule: Measuring | None, values: Iterable[Value]) -> dict[str, Value]:
    """By indicator the value that counts: the last of whoever comes first in `order`; what the lead measured never does."""
    order = rule.order if rule else []
    evidence = bool(rule and rule.evidence)
    found: dict[str, Value] = {}
    for item in sorted(values, key=lambda item: (-_rank(item.role, order), item.at, item.key)):
        if item.role != LEAD and not item.set_aside and not item.altered and (item.files or not evidence):
            found[item.indicator] = item
    return found


def result(
    rule: Measuring | None, *, indicators: Sequence[Mapping[str, object]], values: Iterable[Value],
    promised: Mapping[str, object],
) -> tuple[Found, ...]:  # fmt: skip
    """Each indicator of the challenge with what counts of it, in the order of the notice."""
    last = counting(rule, values)
    return tuple(
        _found(item, last.get(str(item["id"])), promised.get(str(item["id"]))) for item in indicators
    )


def grade(book: Rulebook, found: Sequence[Found]) -> str | None:
    """The first grade whose condition holds; None where the rulebook has no grades."""
    rule = book.measuring
    if rule is None:
        return None
    facts = {**constants(book), "result": facts_of(found)}
    for key, item in rule.grades.items():
        if item.require is None:
            return key
        compiled = compile_expression(item.require)
        if isinstance(compiled, Expression) and evaluate(compiled, facts).truth is Truth.PASS:
            return key
    return None


def facts_of(found: Sequence[Found]) -> dict[str, object]:
    """What the conditions of grades read: counts over the indicators."""
    count = len(found)
    met = sum(item.met is True for item in found)
    return {
        "count": count,
        "met": met,
        "missed": sum(item.met is False for item in found),
        "unmeasured": sum(item.met is None for item in found),
        "kept": sum(item.kept is True for item in found),
        "share": met / count if count else 0.0,
    }


def _rank(role: str, order: Sequence[str]) -> int:
    return order.index(role) if role in order else len(order)


def _found(item: Mapping[str, object], value: Value | None, promise: object) -> Found:
    if value is None:
        return Found(str(item["id"]), None, None, None)
    compare = REACHED[str(item["operator"])]
    wanted, promised = decimal_of(item["threshold"]), decimal_of(promise)
    met = None if wanted is None else compare(value.value, wanted)
    return Found(str(item["id"]), value, met, None if promised is None else compare(value.value, promised))

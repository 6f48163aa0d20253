"""A copy of a validated result beside its origin: what is compared, what is still missing, what it took.

Figures are exact decimals. Days are counted as end minus start. A value is measured by the new `owner`, `independent`ly,
or by the `carrier`, which is shown and decides nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from jiebang.rules.currencies import fits
from jiebang.rules.form_values import REACHED, decimal_of
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Replication

PROPOSED, AGREED, MEASURED, CONFIRMED, GIVEN_UP = "proposed", "agreed", "measured", "confirmed", "given_up"
TAKES_VALUES = (AGREED, MEASURED)
ENDED = (CONFIRMED, GIVEN_UP)
COUNTS = ("owner", "independent")  # the later of them goes before the earlier
RELATIVE_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """Who would take what up from whom; parties by any id that equals itself. `stage` is the origin's."""

    stage: str
    validated: bool
    owner: object
    carrier: object
    origin_owners: Collection[object]
    makers: Collection[object]
    origin_country: str
    country: str
    parent_of_other: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """One thing that is otherwise at the new place; `cost` with its `currency`, both or neither."""

    dimension: str
    cost: Decimal | None = None
    currency: str = ""
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A value at the new place: who measured, on which day, in which unit, whether as at the origin."""

    key: int
    indicator: str
    value: Decimal
    unit: str
    same_method: bool
    side: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One indicator of the origin beside the copy. `why_not` says why the two cannot be compared; then no difference is given.

    `relative` is the difference over the origin's value, rounded half to even to four places; None where that is zero.
    `better` is None where both are the same, or where the operator has no direction.
    """

    indicator: str
    origin: Decimal | None
    here: Measured | None
    difference: Decimal | None = None
    relative: Decimal | None = None
    better: bool | None = None
    meets: bool | None = None
    why_not: Reason | None = None


@dataclass(frozen=True, slots=True)
class Took:
    """What the adaptation took: its cost by currency (never converted), the days of work stated."""

    cost: Mapping[str, Decimal]
    days: int


def against_proposal(rule: Replication, asked: Proposed) -> tuple[Reason, ...]:
    """Every reason against carrying a result on so."""
    found = []
    if not asked.validated or asked.stage not in rule.stages:
        found.append(reason("replication.not_validated"))
    if asked.owner in asked.origin_owners:
        found.append(reason("replication.same_owner", field="owner"))
    elif asked.owner in asked.makers:
        found.append(reason("replication.owner_made_it", field="owner"))
    if asked.owner == asked.carrier:
        found.append(reason("replication.owner_carries", field="carrier"))
    if not rule.same_country and asked.country == asked.origin_country:
        found.append(reason("replication.same_country", field="country", country=asked.country))
    if asked.parent_of_other:
        found.append(reason("replication.other_parent", field="parent"))
    return tuple(found)


def against_deltas(
    rule: Replication, rows: Sequence[Delta], *, at: str = "adaptations"
) -> tuple[Reason, ...]:
    """Every fault of stated adaptations, each with its field; `at` is empty where there is only one."""
    return tuple(
        fault
        for place, row in enumerate(rows)
        for fault in _against_delta(rule, row, at=f"{at}.{place}." if at else "")
    )


def against_amount(amount: Decimal | None, currency: str, *, field: str, named: str) -> tuple[Reason, ...]:
    """Why an amount cannot stand so: without its currency, or with decimals that the currency has not."""
    if amount is None:
        return (reason("replication.currency_alone", field=named),) if currency else ()
    if not currency:
        return (reason("replication.no_currency", field=named),)
    fault = fits(amount, currency)
    if fault is None:
        return ()
    at = named if fault.code == "money.unknown_currency" else field
    return (Reason(fault.code, {**fault.params, "field": at}),)


def comparison(
    indicators: Sequence[Mapping[str, object]], *, origin: Mapping[str, Decimal], units: Mapping[str, str],
    here: Iterable[Measured],
) -> tuple[Compared, ...]:  # fmt: skip
    """Each indicator of the origin beside what counts at the copy.

    `origin`: the values that count there, by indicator; `units`: the unit of each indicator.
    """
    last = counting(here)
    return tuple(
        _compared(item, origin.get(str(item["id"])), last.get(str(item["id"])), units.get(str(item["id"]), ""))
        for item in indicators
    )  # fmt: skip


def counting(values: Iterable[Measured]) -> dict[str, Measured]:
    """By indicator the value that counts: the last independent one, else the new owner's last; the carrier's never."""
    known = [item for item in values if item.side in COUNTS]
    known.sort(key=lambda item: (COUNTS.index(item.side), item.day, item.key))
    return {item.indicator: item for item in known}


def missing(
    rule: Replication, *, compared: Sequence[Compared], stated: Collection[str], agreed: bool = True
) -> tuple[Reason, ...]:
    """What is still in the way of confirming use; `stated` are the dimensions that were answered."""
    found = [] if agreed else [reason("replication.not_agreed")]
    measured = [item for item in compared if item.here is not None]
    if len(measured) < rule.least_values:
        found.append(reason("replication.few_values", least=rule.least_values, count=len(measured)))
    if rule.all_indicators:
        found += [
            Reason("replication.not_compared", {"indicator": item.indicator})
            for item in compared
            if item.origin is not None and item.why_not is not None
        ]
    if rule.all_dimensions:
        open_ = [key for key in rule.dimensions if key not in stated]
        found += [
            Reason("replication.dimension_open", {"dimension": rule.dimensions[key].label}) for key in open_
        ]
    return tuple(found)


def took(rows: Iterable[Delta]) -> Took:
    """The stated costs by currency and the days of all adaptations together."""
    cost: dict[str, Decimal] = {}
    days = 0
    for row in rows:
        days += row.days or 0
        if row.cost is not None:
            cost[row.currency] = cost.get(row.currency, Decimal(0)) + row.cost
    return Took(dict(sorted(cost.items())), days)


def _against_delta(rule: Replication, row: Delta, *, at: str) -> Iterable[Reason]:
    if row.dimension not in rule.dimensions:
        known = ", ".join(rule.dimensions)
        yield reason(
            "replication.unknown_dimension", field=f"{at}dimension", given=row.dimension, known=known
        )
    yield from against_amount(row.cost, row.currency, field=f"{at}cost", named=f"{at}currency")


def _compared(
    rule: Mapping[str, object], origin: Decimal | None, here: Measured | None, unit: str
) -> Compared:
    key, sign = str(rule["id"]), str(rule.get("operator"))
    why_not = _why_not(key, origin, here, unit)
    threshold = decimal_of(rule.get("threshold"))
    alike = here is not None and here.unit == unit
    meets = None
    if here is not None and alike and threshold is not None and sign in REACHED:
        meets = REACHED[sign](here.value, threshold)
    if why_not or origin is None or here is None:
        return Compared(indicator=key, origin=origin, here=here, meets=meets, why_not=why_not)
    difference = here.value - origin
    relative = (difference / origin).quantize(RELATIVE_PLACES, ROUND_HALF_EVEN) if origin else None
    return Compared(
        indicator=key, origin=origin, here=here, difference=difference, relative=relative,
        better=_better(difference, sign), meets=meets,
    )  # fmt: skip


def _why_not(key: str, origin: Decimal | None, here: Measured | None, unit: str) -> Reason | None:
    if origin is None:
        return reason("replication.origin_unmeasured", indicator=key)
    if here is None:
        return reason("replication.unmeasured", indicator=key)
    if here.unit != unit:
        return reason("replication.other_unit", indicator=key, unit=unit, given=here.unit)
    return None if here.same_method else reason("replication.other_method", indicator=key)


def _better(difference: Decimal, sign: str) -> bool | None:
    if not difference or sign not in (">=", ">", "<=", "<"):
        return None
    return difference > 0 if sign.startswith(">") else difference < 0

"""Deliverables of a project: what may be planned, which values may be recorded and confirmed, and what they add up to.

Only confirmed values count. Of one measure no day is told twice: values of overlapping periods are refused. A measure
that is held `within` another (certificates within trainees) never exceeds it in any span of days.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Deliverables, Measure, Rulebook

State = Literal["waiting", "confirmed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A deliverable as somebody wants to plan it; `values` by measure."""

    kind: str
    country: str
    values: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What was attained of a measure from one day to another, both counted in."""

    measure: str
    value: Decimal
    first: date
    last: date
    state: State = "waiting"


@dataclass(frozen=True, slots=True)
class Tally:
    """A measure of one deliverable: planned (None where nothing was), confirmed, and waiting to be confirmed."""

    measure: str
    planned: Decimal | None
    confirmed: Decimal
    waiting: Decimal


def plan_faults(
    book: Rulebook, told: Planned, *, belongs: bool, office: bool, taken: bool
) -> tuple[Reason, ...]:
    """Every reason against planning it. belongs: the host is a party of the project; taken: kind and name stand there."""
    rule = book.deliverables
    if rule is None:
        return (reason("deliverable.none"),)
    kind, found = rule.kinds.get(told.kind), list[Reason]()
    if kind is None:
        known = ", ".join(rule.kinds)
        found.append(reason("deliverable.unknown_kind", known=known, field="kind"))
    elif taken:
        found.append(reason("deliverable.already", kind=kind.label, field="name"))
    if not belongs and not office:
        found.append(reason("deliverable.not_a_party", field="host"))
    if not told.country:
        found.append(reason("deliverable.no_country", field="country"))
    if not told.values:
        found.append(reason("deliverable.nothing_planned", field="planned"))
    numbers = _numbers(rule, told.kind, told.values, at="planned")
    zero = [
        reason("deliverable.plan_zero", measure=rule.measures[name].label, field=f"planned.{name}")
        for name, value in told.values.items()
        if value == 0 and name in rule.measures
    ]
    return (*found, *numbers, *zero, *_planned_within(rule, told.values))


def value_faults(
    book: Rulebook, kind: str, given: Sequence[Value], *, since: date, today: date, others: Iterable[Value],
    shown: bool,
) -> tuple[Reason, ...]:  # fmt: skip
    """Every reason against recording values of one period beside the `others` that stand; shown: with a file."""
    rule = book.deliverables
    if rule is None:
        return (reason("deliverable.none"),)
    if not given:
        return (reason("deliverable.nothing_told", field="values"),)
    stand = list(others)
    found = [
        *_days(given[0], since=since, today=today),
        *_numbers(rule, kind, {item.measure: item.value for item in given}, at="values"),
    ]
    for item in given:
        measure = rule.measures.get(item.measure)
        if measure and measure.evidence and not shown:
            found.append(reason("deliverable.evidence", measure=measure.label, field="sha256"))
        if measure and (old := overlapping(item, stand)):
            days = {"first": old.first.isoformat(), "last": old.last.isoformat()}
            at = f"values.{item.measure}"
            found.append(reason("deliverable.overlaps", measure=measure.label, field=at, **days))
    fresh = [item for item in given if not overlapping(item, stand)]
    held = _held(
        rule, [*stand, *fresh], only={item.measure for item in fresh}, at=lambda name: f"values.{name}"
    )
    return (*found, *held)


def confirm_faults(book: Rulebook, counted: Iterable[Value]) -> tuple[Reason, ...]:
    """What would not fit together if just these values were confirmed; asked before one is confirmed or set aside."""
    rule = book.deliverables
    return tuple(_held(rule, list(counted), only=None, at=lambda _: "attainments")) if rule else ()


def overlapping(given: Value, others: Iterable[Value]) -> Value | None:
    """Another value of the same measure that tells some of the same days; None where no day is told twice."""
    for item in others:
        if item.measure == given.measure and item.first <= given.last and given.first <= item.last:
            return item
    return None


def tallies(
    rule: Deliverables, kind: str, planned: Mapping[str, Decimal], values: Iterable[Value]
) -> list[Tally]:
    """Each measure of the kind, in the rulebook's order, then what older values tell beside; no value counts twice."""
    rows = list(values)
    known = rule.kinds[kind].measures if kind in rule.kinds else []
    names = dict.fromkeys([*known, *planned, *(item.measure for item in rows)])
    return [
        Tally(
            name, planned.get(name), *(_told(rule.measures.get(name), name, rows, state) for state in STATES)
        )
        for name in names
    ]


STATES: tuple[State, State] = ("confirmed", "waiting")


def _told(measure: Measure | None, name: str, rows: Sequence[Value], state: State) -> Decimal:
    mine = [item for item in rows if item.measure == name and item.state == state]
    if measure and measure.tally == "last":
        return max(mine, key=lambda item: item.last).value if mine else Decimal(0)
    return sum((item.value for item in mine), Decimal(0))


def _days(given: Value, *, since: date, today: date) -> list[Reason]:
    found = []
    if given.last < given.first:
        found.append(reason("deliverable.days_order", field="last"))
    if given.last > today:
        found.append(reason("deliverable.in_future", field="last"))
    if given.first < since:
        found.append(reason("deliverable.before_start", since=since.isoformat(), field="first"))
    return found


def _numbers(rule: Deliverables, kind: str, values: Mapping[str, Decimal], *, at: str) -> list[Reason]:
    known = rule.kinds[kind].measures if kind in rule.kinds else list(rule.measures)
    labels = ", ".join(known)
    found = []
    for name, value in values.items():
        field, measure = f"{at}.{name}", rule.measures.get(name)
        if measure is None or name not in known:
            found.append(reason("deliverable.unknown_measure", measure=name, known=labels, field=field))
            continue
        if value < 0:
            found.append(reason("deliverable.negative", measure=measure.label, field=field))
        if measure.whole and value != value.to_integral_value():
            found.append(reason("deliverable.not_whole", measure=measure.label, field=field))
    return found


def _planned_within(rule: Deliverables, values: Mapping[str, Decimal]) -> list[Reason]:
    found = []
    for name, value in values.items():
        bound = rule.measures[name].within if name in rule.measures else None
        if bound and value > (most := values.get(bound, Decimal(0))):
            labels = {"part": rule.measures[name].label, "bound": rule.measures[bound].label}
            numbers = {"count": _plain(value), "most": _plain(most)}
            found.append(reason("deliverable.plan_beyond", **labels, **numbers, field=f"planned.{name}"))
    return found


def _held(
    rule: Deliverables, values: Sequence[Value], *, only: Collection[str] | None, at: Callable[[str], str]
) -> list[Reason]:
    """Measures that exceed the one they are held within: of each the first span of days in which they do."""
    found = []
    for name, measure in rule.measures.items():
        if measure.within and (only is None or name in only):
            span = _exceeds(
                [item for item in values if item.measure == name],
                [item for item in values if item.measure == measure.within],
            )
            if span:
                first, last, count, most = span
                found.append(reason(
                    "deliverable.beyond", part=measure.label, bound=rule.measures[measure.within].label, count=_plain(count),
                    most=_plain(most), first=first.isoformat(), last=last.isoformat(), field=at(name),
                ))  # fmt: skip
    return found


def _exceeds(parts: Sequence[Value], bounds: Sequence[Value]) -> tuple[date, date, Decimal, Decimal] | None:
    """The first span from a part's first day to a part's last in which more is told than all that touches it allows."""
    for first in sorted({item.first for item in parts}):
        for last in sorted({item.last for item in parts if item.last >= first}):
            count = sum((i.value for i in parts if first <= i.first and i.last <= last), Decimal(0))
            most = sum((i.value for i in bounds if i.first <= last and first <= i.last), Decimal(0))
            if count > most:
                return first, last, count, most
    return None


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"

"""The pilot: what an agreed protocol asks for, what is still missing of it, and what may be recorded.

Days are counted as end minus start. Who measures is `owner`, `lead` or `third_party`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from jiebang.rules.form_values import decimal_of
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Pilot

LEAST = {"runs": "least_runs", "days": "least_days", "handover_days": "least_handover_days"}
ANEW = "start_anew"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the two sides agreed, as it is held against what happens."""

    runs: int
    days: int
    indicators: frozenset[str]
    measured_by: str
    failure_from: str
    failures_allowed: int
    handover_days: int
    anew: bool


@dataclass(frozen=True, slots=True)
class Ran:
    """A run: the protocol's version, when, the indicators it measured, whether a signed package proves it."""

    version: int
    began: datetime
    ended: datetime
    indicators: frozenset[str]
    packed: bool


@dataclass(frozen=True, slots=True)
class Went:
    """An incident: how grave, when, and whether the owner closed it."""

    severity: str
    at: datetime
    closed: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What is missing of a protocol; nothing when every number is 0 and the handover is passed."""

    runs: int = 0
    days: int = 0
    unmeasured: tuple[str, ...] = ()
    packages: int = 0
    failures_open: int = 0
    failures_beyond: int = 0
    handover_days: int = 0  # 0: passed, or not asked for

    @property
    def missing(self) -> int:
        """How many kinds of evidence are short: runs, days, indicators, packages."""
        return sum(bool(part) for part in (self.runs, self.days, self.unmeasured, self.packages))

    def reasons(self) -> tuple[Reason, ...]:
        """Each in words; empty when the owner may sign."""
        counted = {
            "pilot.short_runs": self.runs, "pilot.short_days": self.days, "pilot.short_packages": self.packages,
            "pilot.failures_open": self.failures_open, "pilot.failures_beyond": self.failures_beyond,
            "pilot.short_handover": self.handover_days,
        }  # fmt: skip
        found = [Reason(code, {"count": count}) for code, count in counted.items() if count]
        if self.unmeasured:
            found.append(reason("pilot.unmeasured", indicators=", ".join(self.unmeasured)))
        return tuple(found)


def terms_of(content: Mapping[str, Any]) -> Terms:
    """The agreed answers; what a rulebook's form does not ask counts as none."""
    targets = content.get("targets")
    return Terms(
        runs=whole(content.get("runs")), days=whole(content.get("days")),
        indicators=frozenset(targets if isinstance(targets, Mapping) else ()),
        measured_by=str(content.get("measured_by") or "owner"), failure_from=str(content.get("failure_from") or ""),
        failures_allowed=whole(content.get("failures_allowed")), handover_days=whole(content.get("handover_days")),
        anew=content.get("earlier_runs") == ANEW,
    )  # fmt: skip


def too_little(rule: Pilot, content: Mapping[str, Any]) -> tuple[Reason, ...]:
    """Where a proposed protocol asks for less than the programme does, or for a part of a day or run."""
    found = []
    for name, field in LEAST.items():
        least = getattr(rule, field)
        given = decimal_of(content.get(name))
        if given is not None and given != given.to_integral_value():
            found.append(reason("pilot.not_whole", field=name))
        elif whole(given) < least:
            found.append(reason("pilot.too_little", field=name, least=least))
    return tuple(found)


def standing(
    rule: Pilot, terms: Terms, *, version: int, runs: Sequence[Ran], incidents: Iterable[Went], handed_over: bool
) -> Standing:  # fmt: skip
    """What the protocol (its `version`) still asks for. Where it starts anew, only its own runs and later ones count."""
    counted = [run for run in runs if run.version >= version] if terms.anew else list(runs)
    grave = [item for item in incidents if is_failure(rule, terms, item.severity)]
    return Standing(
        runs=max(0, terms.runs - len(counted)),
        days=max(0, terms.days - covered(counted)),
        unmeasured=tuple(sorted(terms.indicators - {key for run in counted for key in run.indicators})),
        packages=max(0, rule.least_packages - sum(run.packed for run in counted)),
        failures_open=sum(not item.closed for item in grave),
        failures_beyond=max(0, len(grave) - terms.failures_allowed),
        handover_days=0 if handed_over else terms.handover_days,
    )


def covered(runs: Sequence[Ran]) -> int:
    """Whole days from the first beginning to the last end."""
    return (max(run.ended for run in runs) - min(run.began for run in runs)).days if runs else 0


def is_failure(rule: Pilot, terms: Terms, severity: str) -> bool:
    """Whether an incident is as grave as what the protocol counts as a failure; one nobody knows is."""
    grades = list(rule.severities)
    if severity not in grades or terms.failure_from not in grades:
        return True
    return grades.index(severity) >= grades.index(terms.failure_from)


def against_run(
    terms: Terms, *, agreed_at: datetime, began: datetime, ended: datetime, now: datetime, side: str,
    values: Iterable[Mapping[str, str]], units: Mapping[str, str],
) -> tuple[Reason, ...]:  # fmt: skip
    """Every reason against recording a run; `units` are those of the challenge's indicators, by id."""
    found = []
    if began < agreed_at:
        found.append(reason("pilot.before_protocol", field="began", agreed=agreed_at.isoformat()))
    if ended < began:
        found.append(reason("pilot.ends_before", field="ended"))
    if ended > now:
        found.append(reason("pilot.in_future", field="ended"))
    if side != terms.measured_by:
        found.append(reason("pilot.other_measurer", field="side", side=terms.measured_by, given=side))
    return (*found, *_against_values(list(values), units))


def _against_values(values: Sequence[Mapping[str, str]], units: Mapping[str, str]) -> Iterable[Reason]:
    if not values:
        yield reason("pilot.no_values", field="values")
    for item in values:
        name, unit = item["indicator"], item["unit"].strip()
        if name not in units:
            yield reason("pilot.unknown_indicator", field=f"values.{name}", indicator=name)
        elif units[name] and not unit:
            yield reason("pilot.no_unit", field=f"values.{name}", indicator=name, unit=units[name])
        elif unit != units[name]:
            yield reason(
                "pilot.other_unit", field=f"values.{name}", indicator=name, unit=units[name], given=unit
            )
    if len({item["indicator"] for item in values}) < len(values):
        yield reason("pilot.value_twice", field="values")


def handover_reasons(
    terms: Terms, *, began: date, ended: date, today: date, passed: bool, lead_helped: bool, open_failures: int
) -> tuple[Reason, ...]:  # fmt: skip
    """Every reason against ending a handover so."""
    found = []
    if ended < began:
        found.append(reason("pilot.ends_before", field="ended_on"))
    if ended > today:
        found.append(reason("pilot.in_future", field="ended_on"))
    if passed and lead_helped:
        found.append(reason("pilot.lead_helped", field="passed"))
    if passed and (ended - began).days < terms.handover_days:
        days = (ended - began).days
        found.append(reason("pilot.handover_short", field="passed", days=days, wanted=terms.handover_days))
    if passed and open_failures:
        found.append(reason("pilot.handover_failures", field="passed", count=open_failures))
    return tuple(found)


def within(incidents: Iterable[Went], *, began: date, ended: date, zone: str) -> list[Went]:
    """The incidents of a period, both days included, as days are counted in a zone."""
    place = ZoneInfo(zone)
    return [item for item in incidents if began <= item.at.astimezone(place).date() <= ended]


def whole(value: object) -> int:
    """A whole number that a form was answered with; 0 where there is none."""
    found = decimal_of(value)
    return int(found) if found is not None else 0


def other_side(side: str, held: Collection[str]) -> str | None:
    """The side that must agree to what `side` proposed, if somebody in the roles `held` may speak for it."""
    wanted = {"owner": "lead", "lead": "owner"}[side]
    return wanted if wanted in held and side not in held else None

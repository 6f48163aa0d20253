"""Early warnings of a project: what is late, silent or about to end, by how many days, and what to do about it.

Plain facts in, warnings out; the numbers of days are the rulebook's. A warning decides nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import After, Before, Rulebook, WarningKind
from jiebang.rules.texts import Texts

Severity = Literal["serious", "early"]
SEVERITIES: tuple[Severity, ...] = ("serious", "early")
Dated = tuple[str, date]  # what it is (the number of a milestone, the key of a check), and its day


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """How a project stands on a day at the programme's place.

    `over`: it ended without a result, so nothing can be helped. `working`: it is carried out, neither paused nor
    validated nor over. `live`: its lead is to report milestones. `clock_ends`: the last day inside the stage's clock.
    `heard`: the day on which the owner's people last did anything, or on which it began.
    """

    today: date
    over: bool = False
    working: bool = False
    live: bool = False
    clock: str = ""
    clock_ends: date | None = None
    heard: date | None = None
    unreported: Sequence[Dated] = ()
    checks: Sequence[Dated] = ()
    unpaid: Sequence[Dated] = ()
    unanswered: Sequence[Dated] = ()
    disputed: Sequence[Dated] = ()
    no_runs_since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """`day` is that from which the days are counted; `days` how many are over, or left (below 0: it has ended)."""

    kind: WarningKind
    severity: Severity
    about: str
    day: date
    days: int
    said: Reason

    @property
    def remedy(self) -> Reason:
        """What to do about it."""
        return reason(f"warning.do_{self.kind}")


def warnings(book: Rulebook, facts: Facts) -> tuple[Warned, ...]:
    """Every warning of a project, the serious first, then the latest; none where the rulebook has no thresholds."""
    if book.warnings is None or facts.over:
        return ()
    found = [*_after(book, facts), *_before(book, facts)]
    return tuple(sorted(found, key=lambda item: (SEVERITIES.index(item.severity), item.day, item.kind)))


def _after(book: Rulebook, facts: Facts) -> Iterator[Warned]:
    watched: list[tuple[WarningKind, Sequence[Dated]]] = [
        ("slipping", facts.unreported if facts.live else ()),
        ("silent_owner", _since(facts.heard if facts.working else None)),
        ("unpaid", facts.unpaid),
        ("unanswered", facts.unanswered),
        ("disputed", facts.disputed),
        ("no_runs", _since(facts.no_runs_since if facts.working else None)),
    ]
    for kind, dated in watched:
        limit: After | None = getattr(book.warnings, kind)
        for about, day in dated if limit else ():
            days = (facts.today - day).days
            if limit and days >= limit.days:
                severity: Severity = "serious" if days >= limit.serious else "early"
                said = reason(f"warning.{kind}", about=about, days=days)
                yield Warned(kind=kind, severity=severity, about=about, day=day, days=days, said=said)


def _before(book: Rulebook, facts: Facts) -> Iterator[Warned]:
    clock = [(facts.clock, facts.clock_ends)] if facts.working and facts.clock_ends else []
    watched: list[tuple[WarningKind, Sequence[tuple[str, date | None]]]] = [
        ("clock", clock), ("expiring_check", facts.checks),
    ]  # fmt: skip
    for kind, dated in watched:
        limit: Before | None = getattr(book.warnings, kind)
        for about, day in dated if limit else ():
            left = (day - facts.today).days if day else 0
            if limit and day and left <= limit.days:
                severity: Severity = "serious" if left <= limit.serious or left < 0 else "early"
                said = _ending(kind, _label(book, kind, about), left)
                yield Warned(kind=kind, severity=severity, about=about, day=day, days=left, said=said)


def _since(day: date | None) -> Sequence[Dated]:
    return [("", day)] if day else []


def _ending(kind: WarningKind, label: Texts, left: int) -> Reason:
    if left < 0:
        return reason(f"warning.{kind}_over", label=label, days=-left)
    return reason(f"warning.{kind}", label=label, days=left)


def _label(book: Rulebook, kind: WarningKind, key: str) -> Texts:
    known = book.clocks.get(key) if kind == "clock" else book.gates.get(key)
    return known.label if known else {"en": key}

"""How projects stand: their figures and early warnings, for the whole portfolio or for one project."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jiebang.decisions import lifecycle
from jiebang.decisions.measuring import Value, result
from jiebang.decisions.warnings import Facts, Warned, warnings
from jiebang.records.indicators.queries import values_of
from jiebang.records.programme.queries import rulebook
from jiebang.records.projects import portfolio
from jiebang.records.projects.models import Project
from jiebang.records.projects.portfolio import Dated, Put
from jiebang.rules.schema import Rulebook

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The next day by which something is to happen: `clock`, `milestone`, `check` or `follow_up`."""

    kind: str
    about: str
    day: date


@dataclass(frozen=True, slots=True)
class Indicators:
    """How many indicators of the notice the value that counts meets, misses, and of how many none counts."""

    met: int
    missed: int
    unmeasured: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One project of the portfolio. `line` is as `records.projects.portfolio.lines` gives it."""

    line: Any
    book: Rulebook
    today: date
    milestones: int
    accepted: int
    overdue: tuple[tuple[str, date], ...]
    sums: tuple[Put, ...]
    next: Deadline | None
    heard: date | None
    warnings: tuple[Warned, ...]
    found: Indicators | None = None

    @property
    def days_late(self) -> int:
        """Of the milestone that is late longest; 0 when none is."""
        return max(((self.today - day).days for _, day in self.overdue), default=0)

    def sum_of(self, account: str) -> Put | None:
        """The one sum of an account; None where nothing moved or several funds did."""
        found = [item for item in self.sums if item.account == account]
        return found[0] if len(found) == 1 else None


def standings(rows: Any, *, now: datetime) -> list[Standing]:
    """Every project of a query as it stands at a moment, by number. Four queries."""
    dated = portfolio.dated(rows)
    return [_standing(line, dated.get(line.pk, Dated()), now) for line in portfolio.lines(rows)]


def measured(rows: Sequence[Standing]) -> list[Standing]:
    """The same with their indicators counted. Three queries, however many they are."""
    values = values_of([row.line for row in rows])
    return [replace(row, found=_indicators(row, values.get(row.line.pk, []))) for row in rows]


def warned(project: Project, /, *, now: datetime) -> tuple[Warned, ...]:
    """The early warnings of one project."""
    found = standings(Project.objects.filter(pk=project.pk), now=now)
    return found[0].warnings if found else ()


def _indicators(row: Standing, values: Sequence[Value]) -> Indicators:
    found = result(row.book.measuring, indicators=row.line.indicators or [], values=values, promised={})
    met = [item.met for item in found]
    return Indicators(met.count(True), met.count(False), met.count(None))


def _standing(line: Any, dated: Dated, now: datetime) -> Standing:
    book = rulebook(line.rulebook)
    zone = ZoneInfo(book.timezone)
    today = now.astimezone(zone).date()
    facts = _facts(line, dated, book, zone, today)
    steps = [kind for kind, _, _ in dated.days if kind in ("accepted", "reported", "open")]
    return Standing(
        line=line, book=book, today=today, milestones=len(steps), accepted=steps.count("accepted"), sums=tuple(dated.sums),
        overdue=tuple(item for item in facts.unreported if facts.live and item[1] < today), next=_next(facts),
        heard=line.heard_at.astimezone(zone).date() if line.heard_at else None, warnings=warnings(book, facts),
    )  # fmt: skip


def _facts(line: Any, dated: Dated, book: Rulebook, zone: ZoneInfo, today: date) -> Facts:
    flags = lifecycle.flags(book, kind="project", stage=line.stage)
    days = {
        name: sorted(((what, day) for kind, what, day in dated.days if kind == name and day), key=_by_day)
        for name in ("open", "check", "unanswered")
    }
    since = {
        name: [(what, at.astimezone(zone).date()) for kind, what, at in dated.moments if kind == name]
        for name in ("unpaid", "disputed", "no_runs")
    }
    return Facts(
        today=today, over="final" in flags and "success" not in flags, live="live" in flags,
        working=not flags & {"final", "paused", "success"}, clock=line.due_clock,
        clock_ends=(line.due_at - _INSTANT).astimezone(zone).date() if line.due_at else None,
        heard=(line.heard_at or line.started_at).astimezone(zone).date(), unreported=days["open"], checks=days["check"],
        unanswered=days["unanswered"], unpaid=since["unpaid"], disputed=since["disputed"],
        no_runs_since=max((day for _, day in since["no_runs"]), default=None),
    )  # fmt: skip


def _next(facts: Facts) -> Deadline | None:
    """The earliest day that is not over; of one that is, the warnings tell."""
    if facts.over:
        return None
    known: list[tuple[str, Sequence[tuple[str, date]]]] = [
        ("clock", [(facts.clock, facts.clock_ends)] if facts.clock_ends else []),
        ("milestone", facts.unreported if facts.live else ()), ("check", facts.checks), ("follow_up", facts.unanswered),
    ]  # fmt: skip
    ahead = [
        Deadline(kind=kind, about=about, day=day)
        for kind, dated in known
        for about, day in dated
        if day >= facts.today
    ]
    return min(ahead, key=lambda item: item.day, default=None)


def _by_day(item: tuple[str, date]) -> date:
    return item[1]

"""What the pages of indicators share: the values of a project with what stands behind them, their words and their plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from jiebang.adapters.indicator_plot import Level, Point, Shape, indicator_plot
from jiebang.operations.facts import indicators
from jiebang.records.indicators import queries
from jiebang.rules.form_values import decimal_of
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.office import cells
from jiebang.web.projects.room import Room
from jiebang.web.public import findings, saying
from jiebang.web.site import language_tag

_SHAPES: Mapping[str, Shape] = {"lead": "ring", "owner": "dot", "office": "square", "tester": "diamond"}
_SIDES: Mapping[str, Literal["above", "below"]] = {">=": "above", ">": "above", "<=": "below", "<": "below"}


@dataclass(frozen=True, kw_only=True)
class Known:
    """The indicators of a project's challenge, what was promised, and every value measured."""

    url: str
    zone: str
    rules: Mapping[str, Mapping[str, Any]]
    promised: Mapping[str, Any]
    rows: Sequence[Any]
    set_aside: Mapping[int, Any]
    altered: Mapping[int, str]
    in_dispute: frozenset[int]

    @classmethod
    def of(cls, room: Room) -> Known:
        """Read at once."""
        rows = list(queries.measurements(room.row))
        disputed = {item.measurement_id for item in queries.disputes(room.row) if item.status != "decided"}
        return cls(
            url=f"{room.url}indicators/", zone=room.book.timezone,
            rules={str(item["id"]): item for item in indicators(room.row.challenge)},
            promised=findings.promises(room.row), rows=rows, set_aside=queries.set_aside(room.row),
            altered=queries.altered(room.row), in_dispute=frozenset(disputed),
        )  # fmt: skip

    def rule(self, key: str) -> Mapping[str, Any]:
        """One indicator; an empty one where the challenge has it no more."""
        return self.rules.get(key, {})

    def name(self, key: str) -> str:
        """What it is called."""
        return saying.plainly(self.rule(key).get("name")) or key

    def of_indicator(self, key: str) -> list[Any]:
        """Its values in the order of time."""
        return [row for row in self.rows if row.indicator == key]


def role_name(role: str) -> str:
    """Who measured, in words."""
    return {
        "lead": _("the lead"), "owner": _("the owner"), "office": _("the office"), "tester": _("the independent tester"),
    }.get(role, role)  # fmt: skip


def with_unit(value: Any, rule: Mapping[str, Any]) -> str:
    """A value with its unit."""
    return f"{saying.figure(value.normalize())} {saying.unit(rule)}".strip()


def state_of(known: Known, row: Any) -> c.Stamp:
    """Whether a value reaches what was wanted, or what is in the way of its counting."""
    if row.pk in known.altered:
        return c.Stamp(_("No longer what was signed"), "stopped")
    if row.pk in known.set_aside:
        return c.Stamp(_("Superseded by dispute %(n)s") % {"n": known.set_aside[row.pk].order}, "paused")
    if row.pk in known.in_dispute:
        return c.Stamp(_("In dispute"), "deciding")
    return findings.stamp(row)


def figure_of(known: Known, key: str) -> c.Figure:
    """One indicator over time against what was wanted, promised and before."""
    rule, rows = known.rules[key], known.of_indicator(key)
    lang = language_tag()
    plot = indicator_plot(
        title=_title(known, key), points=[_point(known, row) for row in rows], levels=_levels(known, rule),
        reached=_SIDES.get(str(rule.get("operator")), ""), header=[_("Day"), _("Value"), _("Measured by"), _("State")],
        rows=_rows(known, rule, rows), show=lambda value: formats.number(value, lang=lang),
        show_day=lambda day: formats.date(day, lang=lang),
    )  # fmt: skip
    return c.Figure(plot=plot)


def _title(known: Known, key: str) -> str:
    """The sentence that the plot proves."""
    rule = known.rules[key]
    said = {"name": known.name(key), "wanted": saying.threshold(rule)}
    last = next((row for row in reversed(known.of_indicator(key)) if _stands(known, row)), None)
    if last is None:
        return _("%(name)s: wanted %(wanted)s; nobody but the lead has measured it") % said
    said["value"] = with_unit(last.value, rule)
    if last.met:
        return _("%(name)s: %(value)s, as wanted (%(wanted)s)") % said
    return _("%(name)s: %(value)s, wanted is %(wanted)s") % said


def _stands(known: Known, row: Any) -> bool:
    return not row.reported and row.pk not in known.set_aside and row.pk not in known.altered


def _levels(known: Known, rule: Mapping[str, Any]) -> list[Level]:
    lines = (
        ("wanted", rule.get("threshold"), _("wanted")),
        ("promised", known.promised.get(str(rule.get("id"))), _("promised")),
        ("before", rule.get("baseline"), _("before")),
    )
    return [
        Level(value=float(number), kind=kind, label=f"{label} {saying.figure(number)}")  # type: ignore[arg-type]
        for kind, value, label in lines if (number := decimal_of(value)) is not None
    ]  # fmt: skip


def _point(known: Known, row: Any) -> Point:
    role = queries.role_of(row)
    crossed = row.pk in known.set_aside or row.pk in known.altered
    label = saying.figure(Decimal(row.value).normalize()) if role != "lead" else ""
    return Point(
        day=row.at.astimezone(ZoneInfo(known.zone)).date(), value=float(row.value), shape=_SHAPES.get(role, "dot"),
        crossed=crossed, label=label,
    )  # fmt: skip


def _rows(known: Known, rule: Mapping[str, Any], rows: Sequence[Any]) -> list[list[str]]:
    lines: list[list[str]] = [["–", level.label, "", ""] for level in _levels(known, rule)]
    return lines + [
        [
            cells.day_of(row.at, known.zone),
            with_unit(row.value, rule),
            role_name(queries.role_of(row)),
            state_of(known, row).word,
        ]
        for row in rows
    ]

"""A change of an agreement in force: other dates, another partner, other words; what it says and whom it asks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jiebang.decisions.agreement import Cell, Table, Terms, Texts, draw, said
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Changes, Rulebook


@dataclass(frozen=True, kw_only=True)
class Step:
    """A milestone as it stands: its number, title by language, due day, and whether it is accepted."""

    order: int
    title: Mapping[str, str]
    due_on: date | None
    accepted: bool = False


@dataclass(frozen=True, kw_only=True)
class Change:
    """What is asked for. `dates`: milestone -> new day; `leaving`, `joining`: names of organisations; `terms`: words."""

    dates: Mapping[int, date] = field(default_factory=dict)
    leaving: str = ""
    joining: str = ""
    part: str = ""
    terms: str = ""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Which of dates, partners and terms it touches."""
        touched = {"dates": self.dates, "partners": self.leaving or self.joining, "terms": self.terms}
        return tuple(kind for kind, value in touched.items() if value)


def faults(change: Change, *, steps: Sequence[Step], rule: Changes | None, today: date) -> list[Reason]:
    """Everything about dates and kinds that cannot be; the limits of a consortium are asked elsewhere."""
    allowed: Collection[str] = rule.kinds if rule else ()
    found = [reason("change.kind", kind=kind) for kind in change.kinds if kind not in allowed]
    if not change.kinds:
        found.append(reason("change.nothing"))
    known = {step.order: step for step in steps}
    for order, day in sorted(change.dates.items()):
        step, name = known.get(order), f"due_{order}"
        if step is None:
            found.append(reason("change.milestone_unknown", order=order, field=name))
        elif step.accepted:
            found.append(reason("change.milestone_accepted", order=order, field=name))
        elif day < today:
            found.append(reason("change.day_past", order=order, day=day.isoformat(), field=name))
    if change.part and not change.joining:
        found.append(reason("change.part_of_nobody", field="part"))
    return found


def draw_change(
    change: Change, terms: Terms, rulebook: Rulebook, *, why: Mapping[str, str], steps: Sequence[Step], names: Mapping[str, Texts]
) -> dict[str, Any]:  # fmt: skip
    """The paper of a change: what was, what shall be, and why; everything else in the agreement holds."""
    due = {step.order: step for step in steps}
    dates: list[list[Cell]] = [
        [str(order), due[order].title, str(due[order].due_on or "–"), str(day)]
        for order, day in sorted(change.dates.items())
    ]
    team: list[list[Cell]] = []
    if change.leaving:
        team.append([names[change.leaving], _say("agreement.leaves", rulebook), "–"])
    if change.joining:
        team.append([names[change.joining], _say("agreement.joins", rulebook), change.part or "–"])
    words: list[list[Cell]] = [[change.terms]] if change.terms else []
    annexes = [
        Table(title="agreement.change_why", columns=("agreement.why",), rows=[[dict(why)]]),
        Table(title="agreement.change_dates",
              columns=("agreement.number", "agreement.milestone", "agreement.due", "agreement.due_new"), rows=dates),
        Table(title="agreement.change_partners",
              columns=("agreement.party", "agreement.what", "agreement.part"), rows=team),
        Table(title="agreement.change_terms", columns=("agreement.new_words",), rows=words),
    ]  # fmt: skip
    kept = {**terms.__dict__, "annexes": [table for table in annexes if table.rows]}
    whole = draw(Terms(**kept), rulebook)
    return {
        **whole,
        "title": said("agreement.change_title", whole["languages"]),
        "articles": [],
        "pledge": {"person": "", "text": {}},
    }


def asked(change: Change, *, parties: Mapping[str, str], rule: Changes) -> tuple[str, ...]:
    """Who must agree, by name: the parties in the rulebook's roles but the one that leaves, and the one that joins."""
    roles = set(rule.consent)
    found = [name for name, role in parties.items() if role in roles and name != change.leaving]
    return tuple(dict.fromkeys([*found, *filter(None, [change.joining])]))


def _say(code: str, rulebook: Rulebook) -> Cell:
    rule = rulebook.agreement
    return said(code, list(rule.languages) if rule else list(rulebook.languages))

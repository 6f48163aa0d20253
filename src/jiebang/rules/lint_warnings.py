"""Warnings that can never come, and warnings that come later than a parent rulebook asks for."""

from collections.abc import Iterator
from typing import get_args

from jiebang.rules.problems import Problem
from jiebang.rules.schema import After, Rulebook, WarningKind

# Without this section of the rulebook the warning has nothing to look at.
NEEDS = {
    "clock": "clocks", "expiring_check": "gates", "unpaid": "money", "unanswered": "follow_up", "no_runs": "pilot",
}  # fmt: skip


def problems(rulebook: Rulebook) -> list[Problem]:
    """Warnings without the section that they watch."""
    rule = rulebook.warnings
    return [
        Problem(
            ("warnings", name), f"never comes: the rulebook has no `{section}`; add it, or leave this out"
        )
        for name, section in NEEDS.items()
        if rule and getattr(rule, name) and not getattr(rulebook, section)
    ]


def looser(child: Rulebook, parent: Rulebook) -> Iterator[Problem]:
    """A child may warn earlier than its parent, not later and not of less."""
    if parent.warnings is None:
        return
    for name in get_args(WarningKind):
        above, below = getattr(parent.warnings, name), getattr(child.warnings, name, None)
        if above is None:
            continue
        if below is None:
            yield Problem(("warnings", name), f"leaves out a warning of `{parent.id}`; keep it")
            continue
        for field in ("days", "serious"):
            old, new = getattr(above, field), getattr(below, field)
            if (new > old) if isinstance(above, After) else (new < old):
                bound = "at most" if isinstance(above, After) else "at least"
                said = f"warns later than `{parent.id}`: {old} there, {new} here; write {bound} {old}"
                yield Problem(("warnings", name, field), said)

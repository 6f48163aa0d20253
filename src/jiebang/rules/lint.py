"""Everything wrong with a rulebook at once: what the schema refuses, and what fits it and makes no sense.

Checks live beside this file by topic: `lint_graph` (stages and moves), `lint_words` (texts and references),
`lint_expressions`, `lint_judging` (criteria, award, clocks), `lint_remedies` (corrections and revocations),
`lint_pilot` (what a protocol asks), `lint_deliverables` (measures that nothing is told by),
`lint_replication` (what a copy asks), `lint_warnings` (warnings that never come),
`lint_names` (settings and clocks that nothing reads),
`lint_parent` (rules that loosen a parent's).
"""

import re
from collections.abc import Collection, Mapping

from jiebang.rules import (
    lint_deliverables,
    lint_expressions,
    lint_graph,
    lint_judging,
    lint_names,
    lint_parent,
    lint_pilot,
    lint_remedies,
    lint_replication,
    lint_service,
    lint_warnings,
    lint_words,
)
from jiebang.rules.faults import Fault
from jiebang.rules.lint_rest import rest
from jiebang.rules.load import Lines, load, read
from jiebang.rules.problems import Problem
from jiebang.rules.schema import Rulebook


def lint(
    text: str, *, name: str = "rulebook", parents: Mapping[str, str] | None = None, service: bool = False
) -> list[Fault]:
    """Every fault of a rulebook's text, in the order of its lines; empty when it is sound.

    `parents` maps rulebook ids to texts, for `extends`. With `service` also what a live instance needs and
    the rulebook leaves out; one for `round run` alone may leave out much.
    """
    rulebook = load(text, name=name, parents=parents)
    if not isinstance(rulebook, Rulebook):
        return sorted([*rulebook, *_beside(text, name=name, parents=parents or {})], key=_line)
    _, lines, _ = read(text, name=name)
    parent = _parent(rulebook, parents or {})
    problems = check(rulebook) + lint_names.problems(rulebook, parent)
    problems += lint_parent.problems(rulebook, parent) if parent else []
    problems += lint_service.problems(rulebook) if service else []
    return sorted((fault(problem, name=name, lines=lines) for problem in problems), key=_line)


def check(rulebook: Rulebook) -> list[Problem]:
    """The problems of a loaded rulebook by path, whatever its parent says."""
    topics = (
        lint_graph,
        lint_words,
        lint_expressions,
        lint_judging,
        lint_pilot,
        lint_deliverables,
        lint_remedies,
        lint_replication,
        lint_warnings,
    )
    return [problem for topic in topics for problem in topic.problems(rulebook)]


def _beside(text: str, *, name: str, parents: Mapping[str, str]) -> list[Fault]:
    """What else is wrong beside what the schema refuses; not what only follows from leaving that out."""
    found, gone = rest(text, name=name, parents=parents)
    if found is None:
        return []
    _, lines, _ = read(text, name=name)
    problems = check(found) + lint_names.problems(found, _parent(found, parents))
    own = (item for item in problems if not gone & {*map(str, item.path)} and not _about(item.message, gone))
    return [fault(item, name=name, lines=lines) for item in own]


def _about(message: str, keys: Collection[str]) -> bool:
    return any(key in re.findall(r"\w+", message) for key in keys)


def fault(problem: Problem, *, name: str, lines: Lines) -> Fault:
    """A problem at the line of its path, or of the nearest part that the file itself has."""
    path = problem.path
    known = next((path[:end] for end in range(len(path), -1, -1) if path[:end] in lines), ())
    return Fault(name, lines.get(known), ".".join(map(str, path)) or "file", problem.message)


def _parent(rulebook: Rulebook, parents: Mapping[str, str]) -> Rulebook | None:
    if rulebook.extends is None:
        return None
    parent = load(parents[rulebook.extends], name=rulebook.extends, parents=parents)
    return parent if isinstance(parent, Rulebook) else None


def _line(fault: Fault) -> tuple[int, str, str]:
    return fault.line or 0, fault.field, fault.message

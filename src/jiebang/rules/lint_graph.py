"""Lifecycles as graphs: stages nobody reaches, stages nobody leaves, moves that stand in each other's way."""

from collections.abc import Iterable, Iterator, Mapping

from jiebang.rules.problems import Problem
from jiebang.rules.schema import Lifecycle, Rulebook

OFFICERS = {"officer", "second_officer"}
ENDS = {"final", "success", "failure"}


def problems(rulebook: Rulebook) -> list[Problem]:
    """The problems of every lifecycle."""
    return [problem for kind, table in rulebook.lifecycles.items() for problem in _lifecycle(kind, table)]


def reached(start: Iterable[str], arrows: Mapping[str, set[str]]) -> set[str]:
    """Every node that can be reached from `start` along `arrows`, the start included."""
    seen, todo = set(start), list(start)
    while todo:
        fresh = arrows.get(todo.pop(), set()) - seen
        seen |= fresh
        todo += fresh
    return seen


def commands(table: Lifecycle) -> set[str]:
    """The commands of a lifecycle: `do` where given, else the key of the move."""
    return {move.command for move in table.moves.values()}


def _lifecycle(kind: str, table: Lifecycle) -> Iterator[Problem]:
    yield from _unreachable(kind, table)
    yield from _dead_ends(kind, table)
    yield from _moves(kind, table)


def _arrows(table: Lifecycle) -> dict[str, set[str]]:
    arrows: dict[str, set[str]] = {name: set() for name in table.stages}
    for move in table.moves.values():
        for origin in move.origin:
            arrows[origin].add(move.to)
    return arrows


def _unreachable(kind: str, table: Lifecycle) -> Iterator[Problem]:
    here = reached([table.start], _arrows(table))
    for stage in table.stages:
        if stage not in here:
            said = f"cannot be reached from `{table.start}`; add a move to it or remove it"
            yield Problem(("lifecycles", kind, "stages", stage), said)


def _dead_ends(kind: str, table: Lifecycle) -> Iterator[Problem]:
    arrows = _arrows(table)
    back: dict[str, set[str]] = {name: set() for name in table.stages}
    for origin, targets in arrows.items():
        for target in targets:
            back[target].add(origin)
    ends = [name for name, stage in table.stages.items() if ENDS & set(stage.flags)]
    ending = reached(ends, back)
    for stage in table.stages:
        path = ("lifecycles", kind, "stages", stage)
        if stage in ending:
            continue
        if arrows[stage] - {stage}:
            yield Problem(path, "no end can be reached from here; give a way to a stage flagged `final`")
        else:
            yield Problem(path, "is a dead end: no move leaves it; add a move or the flag `final`")


def _moves(kind: str, table: Lifecycle) -> Iterator[Problem]:
    taken: dict[tuple[str, str], str] = {}
    for key, move in table.moves.items():
        path = ("lifecycles", kind, "moves", key)
        if move.four_eyes and not OFFICERS & set(move.by):
            said = "four eyes need an officer who proposes and another who confirms; put `officer` into `by`"
            yield Problem((*path, "four_eyes"), said)
        for origin in move.origin:
            command = (origin, move.command)
            if command in taken and table.moves[taken[command]].require is None:
                said = f"never happens from `{origin}`: `{taken[command]}` has its command and no `require`"
                yield Problem(path, said)
            taken.setdefault(command, key)

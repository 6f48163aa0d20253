"""The lifecycle: one function applies the rulebook's table of moves."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from jiebang.rules.explain_words import phrase, term
from jiebang.rules.expression_words import meaning
from jiebang.rules.expressions import Expression, Truth, compile_expression, evaluate
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Flag, Kind, Lifecycle, Move, Role, Rulebook
from jiebang.rules.texts import Texts

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Step:
    """An allowed move: the command, where it leads, and the clock that it starts (key of `clocks`, or None)."""

    key: str
    command: str
    origin: str
    to: str
    starts: str | None


@dataclass(frozen=True, slots=True)
class Offer:
    """A move that exists from here: `reasons` say what is in the way; none means it can be done now."""

    key: str
    command: str
    move: Move
    reasons: tuple[Reason, ...]


def step(
    rulebook: Rulebook, *, kind: Kind, stage: str, command: str, roles: Set[str], facts: Facts
) -> Step | tuple[Reason, ...]:
    """The move that `command` makes from `stage` for someone in `roles`, or every reason against it.

    Two moves may share a command (resume); the first that nothing forbids is taken.
    """
    table = rulebook.lifecycles.get(kind)
    candidates = [(key, move) for key, move in moves(table).items() if move.command == command]
    here = [(key, move) for key, move in candidates if stage in move.origin]
    if not here:
        return (not_from_here(rulebook, kind=kind, stage=stage, command=command),)
    refused: tuple[Reason, ...] = ()
    for key, move in here:
        refused = against(rulebook, move, roles=roles, facts=facts)
        if not refused:
            return Step(key, command, stage, move.to, move.starts)
    return refused


def offers(rulebook: Rulebook, *, kind: Kind, stage: str, roles: Set[str], facts: Facts) -> tuple[Offer, ...]:
    """What someone in `roles` may do from `stage`, ready or with what is still in the way, in the table's order."""
    found = []
    for key, move in moves(rulebook.lifecycles.get(kind)).items():
        if stage in move.origin and roles & set(move.by):
            refused = against(rulebook, move, roles=roles, facts=facts)
            found.append(Offer(key, move.command, move, refused))
    return tuple(found)


def against(rulebook: Rulebook, move: Move, *, roles: Set[str], facts: Facts) -> tuple[Reason, ...]:
    """Every reason against a move: nobody of `roles` may make it, or its guard fails or cannot be told."""
    found: list[Reason] = []
    if move.by and not roles & set(move.by):
        found.append(reason("lifecycle.not_yours", by=role_names(rulebook, move.by)))
    if move.require:
        found += guard(move.require, facts)
    return tuple(found)


def forward(rulebook: Rulebook, *, kind: Kind, stage: str) -> tuple[Move, ...]:
    """The moves that take a thing further from a stage; refusals and stops (with a reason to give) are none."""
    table = rulebook.lifecycles.get(kind)
    return tuple(
        move
        for move in moves(table).values()
        if stage in move.origin and move.to != stage and not move.reason_required and not _fails(table, move)
    )


def movers(rulebook: Rulebook, *, kind: Kind, stage: str) -> tuple[Role, ...]:
    """Who can take a thing further from a stage whatever its facts are: the roles of moves without a guard."""
    free = [move for move in forward(rulebook, kind=kind, stage=stage) if not move.require]
    return tuple(dict.fromkeys(role for move in free for role in move.by))


def not_from_here(rulebook: Rulebook, *, kind: Kind, stage: str, command: str) -> Reason:
    """The reason against a command that no move makes from a stage, with the stage in the rulebook's words."""
    table = rulebook.lifecycles.get(kind)
    known = table.stages.get(stage) if table else None
    return reason("lifecycle.not_from_here", command=command, stage=known.label if known else stage)


def flags(rulebook: Rulebook, *, kind: Kind, stage: str) -> frozenset[Flag]:
    """The flags of a stage; none for a stage the rulebook does not know."""
    table = rulebook.lifecycles.get(kind)
    known = table.stages.get(stage) if table else None
    return frozenset(known.flags) if known else frozenset()


def stages_with(rulebook: Rulebook, *, kind: Kind, flag: Flag) -> tuple[str, ...]:
    """The stages of a kind that carry a flag, in the table's order."""
    table = rulebook.lifecycles.get(kind)
    return tuple(name for name, known in (table.stages if table else {}).items() if flag in known.flags)


def origins(rulebook: Rulebook, *, kind: Kind, command: str) -> frozenset[str]:
    """The stages from which a command may be made. Code names commands, never stages: those are the rulebook's."""
    return frozenset(stage for move in _of(rulebook, kind, command) for stage in move.origin)


def targets(rulebook: Rulebook, *, kind: Kind, command: str) -> frozenset[str]:
    """The stages to which a command leads."""
    return frozenset(move.to for move in _of(rulebook, kind, command))


def label(rulebook: Rulebook, *, kind: Kind, command: str) -> Texts:
    """What a button says that makes a command; empty where the rulebook has no such command."""
    return next((move.label for move in _of(rulebook, kind, command)), {})


def role_names(rulebook: Rulebook, roles: Sequence[Role]) -> Texts:
    """What the rulebook calls these roles, in each of its languages."""
    terms = rulebook.vocabulary.roles
    return {tag: ", ".join(term(terms, role, lang=tag) for role in roles) for tag in rulebook.languages}


def _fails(table: Lifecycle | None, move: Move) -> bool:
    return table is not None and "failure" in table.stages[move.to].flags


def _of(rulebook: Rulebook, kind: Kind, command: str) -> list[Move]:
    table = rulebook.lifecycles.get(kind)
    return [move for move in moves(table).values() if move.command == command]


def moves(table: Lifecycle | None) -> Mapping[str, Move]:
    """The moves of a table; none where the rulebook has no such lifecycle."""
    return table.moves if table else {}


def guard(source: str, facts: Facts) -> list[Reason]:
    """Why a condition does not hold on facts, or that it cannot be told; nothing where it holds."""
    expression = compile_expression(source)
    if not isinstance(expression, Expression):
        return [expression]
    answer = evaluate(expression, facts)
    if answer.truth is Truth.PASS:
        return []
    if answer.truth is Truth.UNKNOWN:
        return [reason("lifecycle.guard_unknown", rule=source, missing=_told(answer.missing))]
    values = _told([".".join(path) for path in expression.paths], facts)
    return [reason("lifecycle.guard_fails", rule=source, values=values)]


def _told(names: Sequence[str], facts: Facts | None = None) -> Texts:
    """Facts in words, in every language of their dictionary, with their values where `facts` has them."""
    return {
        tag: "; ".join(
            meaning(name, lang=tag) + (f": {_show(facts, name.split('.'), tag)}" if facts is not None else "")
            for name in names
        )
        for tag in ("en", "zh-Hans")
    }


def _show(facts: object, path: Sequence[str], lang: str) -> str:
    for name in path:
        facts = facts.get(name) if isinstance(facts, Mapping) else None
    if isinstance(facts, bool):
        return phrase("yes" if facts else "no", lang=lang)
    return "?" if facts is None else f"{facts:g}" if isinstance(facts, float) else str(facts)

"""Whose turn it is: who can take a thing further now, by when, and which opinions have to be given first."""

from dataclasses import dataclass
from datetime import datetime

from jiebang.decisions import lifecycle
from jiebang.operations.facts import blocking_opinions, facts_of
from jiebang.operations.things import Thing, book_of, kind_of
from jiebang.records.challenges.models import DepartmentOpinion
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Move, Role

OTHERS = frozenset({"takes_bids", "takes_objections"})  # while their clock runs, bidders and the public act


@dataclass(frozen=True, slots=True)
class Turn:
    """`roles` act now, by `moves` (none where a clock alone names them); `first` are open opinions that block these."""

    roles: tuple[Role, ...]
    moves: tuple[Move, ...] = ()
    first: tuple[DepartmentOpinion, ...] = ()


def turn(thing: Thing, *, now: datetime) -> Turn:
    """Who can take a thing further as its facts are; where a guard is in the way or others' time runs, whom its clock names."""
    book, kind = book_of(thing), kind_of(thing)
    flags = lifecycle.flags(book, kind=kind, stage=thing.stage)
    clock = book.clocks.get(thing.due_clock) if thing.due_at and "final" not in flags else None
    if flags & OTHERS and thing.due_at is not None and now < thing.due_at:
        return Turn(tuple(clock.who) if clock else ())
    facts = facts_of(thing, now=now)
    ready = [
        move
        for move in lifecycle.forward(book, kind=kind, stage=thing.stage)
        if move.by and not lifecycle.against(book, move, roles=set(move.by), facts=facts)
    ]
    if not ready:
        return Turn(tuple(clock.who) if clock else ())
    return Turn(
        tuple(dict.fromkeys(role for move in ready for role in move.by)), tuple(ready), _first(thing, ready)
    )


def sentences(thing: Thing, found: Turn) -> list[Reason]:
    """Who acts until when, and what comes before; nothing where nobody's turn is known."""
    said = []
    if found.roles:
        who = lifecycle.role_names(book_of(thing), found.roles)
        said.append(_until("turn.act", thing.due_at, who=who))
    for item in found.first:
        label = book_of(thing).opinions[item.opinion].label
        said.append(_until("turn.first", item.due_at, opinion=label))
    return said


def _until(code: str, due: datetime | None, **params: object) -> Reason:
    if due is None:
        return reason(code, **params)  # type: ignore[arg-type]
    return reason(f"{code}_until", **params, deadline=due.isoformat())  # type: ignore[arg-type]


def _first(thing: Thing, moves: list[Move]) -> tuple[DepartmentOpinion, ...]:
    keys = {key for move in moves for key in blocking_opinions(thing, command=move.command)}
    if not keys:
        return ()
    rows = DepartmentOpinion.objects.filter(**{kind_of(thing): thing}, opinion__in=keys, given_at=None)
    return tuple(rows.order_by("pk"))

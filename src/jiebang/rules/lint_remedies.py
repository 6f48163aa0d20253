"""What undoes a result: whether its moves and its grounds go together, two people act, and the party is heard."""

from collections.abc import Iterator

from jiebang.rules.expressions import names
from jiebang.rules.problems import Problem
from jiebang.rules.schema import Kind, Move, Rulebook

ALONE = {"second_officer"}
Named = tuple[Kind, str]
TOLD: tuple[Named, ...] = (
    ("challenge", "correct_result"), ("project", "question_award"), ("project", "revoke_award"),
)  # fmt: skip
UNDONE: tuple[Named, ...] = (
    ("bid", "reopen_bid"), ("project", "set_aside_award"), ("project", "restore_award"),
)  # fmt: skip


def problems(rulebook: Rulebook) -> list[Problem]:
    """Sections without moves and moves without sections, one person where two must act, nobody heard, nobody to promote."""
    checks = (_together, _by_two, _hearing, _pairs, _reserve)
    return [problem for check in checks for problem in check(rulebook)]


def _moves(rulebook: Rulebook, kind: Kind, command: str) -> list[tuple[str, Move]]:
    table = rulebook.lifecycles.get(kind)
    return [(key, move) for key, move in (table.moves.items() if table else ()) if move.command == command]


def _path(kind: Kind, key: str, *rest: str) -> tuple[str, ...]:
    return ("lifecycles", kind, "moves", key, *rest)


def _together(rulebook: Rulebook) -> Iterator[Problem]:
    pairs: tuple[tuple[str, Kind, str], ...] = (
        ("correction", "challenge", "correct_result"),
        ("revocation", "project", "question_award"),
    )
    for section, kind, command in pairs:
        found, stated = _moves(rulebook, kind, command), getattr(rulebook, section)
        if found and stated is None:
            said = f"needs the section `{section}` with its grounds; add it or remove the move"
            yield Problem(_path(kind, found[0][0]), said)
        if stated and not found and kind in rulebook.lifecycles:
            said = (
                f"is never asked for: no move of a {kind} has the command `{command}`; add one or remove this"
            )
            yield Problem((section,), said)


def _by_two(rulebook: Rulebook) -> Iterator[Problem]:
    for command in ("correct_result", "promote_reserve"):
        for key, move in _moves(rulebook, "challenge", command):
            if not move.four_eyes:
                said = "changes a result that was settled by two; write `four_eyes: true`"
                yield Problem(_path("challenge", key, "four_eyes"), said)
    for command in ("revoke_award", "keep_award"):
        for key, move in _moves(rulebook, "project", command):
            if set(move.by) != ALONE:
                said = "is decided by another than who questioned the award; write `by: [second_officer]`"
                yield Problem(_path("project", key, "by"), said)
    for kind, command in TOLD:
        for key, move in _moves(rulebook, kind, command):
            if not move.reason_required:
                said = "is told to those concerned with its reason; write `reason_required: true`"
                yield Problem(_path(kind, key, "reason_required"), said)


def _hearing(rulebook: Rulebook) -> Iterator[Problem]:
    """Whoever may lose an award has a time to answer, and the decision waits for the answer or the end of that time."""
    for key, move in _moves(rulebook, "project", "question_award"):
        if move.starts is None:
            said = "starts no clock, so the lead would have no time to answer; write `starts` with a clock"
            yield Problem(_path("project", key, "starts"), said)
    for key, move in _moves(rulebook, "project", "revoke_award"):
        if "project.heard" not in names(move.require or ""):
            said = "does not wait until the lead was heard; write `require: project.heard`"
            yield Problem(_path("project", key, "require"), said)


def _pairs(rulebook: Rulebook) -> Iterator[Problem]:
    """What one move takes away another must be able to give back or to carry out."""
    needed: tuple[tuple[Kind, str, Kind, str, str], ...] = (
        ("project", "question_award", "project", "revoke_award", "the award would stay in question for ever"),
        ("project", "question_award", "project", "keep_award", "the award would stay in question for ever"),
        ("project", "revoke_award", "bid", "revoke_bid", "the bid would stay awarded"),
        ("challenge", "promote_reserve", "challenge", "refuse_reserve", "an objection could change nothing"),
    )  # fmt: skip
    for kind, command, other, wanted, otherwise in needed:
        found = _moves(rulebook, kind, command)
        if found and other in rulebook.lifecycles and not _moves(rulebook, other, wanted):
            said = f"needs a move of a {other} with the command `{wanted}`, or {otherwise}"
            yield Problem(_path(kind, found[0][0]), said)
    for key, move in _moves(rulebook, "challenge", "correct_result"):
        if _decided(rulebook) & set(move.origin):
            for other, wanted in UNDONE:
                if other in rulebook.lifecycles and not _moves(rulebook, other, wanted):
                    said = f"corrects what was decided, so a {other} needs a move with the command `{wanted}`"
                    yield Problem(_path("challenge", key), said)


def _decided(rulebook: Rulebook) -> set[str]:
    return {move.to for _, move in _moves(rulebook, "challenge", "decide")}


def _reserve(rulebook: Rulebook) -> Iterator[Problem]:
    found = _moves(rulebook, "challenge", "promote_reserve")
    if found and rulebook.award and not rulebook.award.reserve:
        said = "promotes from a reserve list that `award.reserve` leaves empty; write how many wait, or remove the move"
        yield Problem(_path("challenge", found[0][0]), said)

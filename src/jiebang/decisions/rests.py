"""How far a decision rests on single experts and on weights: worked out once, and kept with what was proposed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from jiebang.decisions.award import Outcome
from jiebang.decisions.bundle import Bundle
from jiebang.decisions.round import RoundResult
from jiebang.decisions.sensitivity import Change, Sensitivity, sensitivity
from jiebang.decisions.weights import Turn, Varied, Weighing, weighing
from jiebang.rules.schema import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Rests:
    """What would change without each expert or by plain means, and with other weights."""

    experts: Sensitivity
    weights: Weighing


def rests(rulebook: Rulebook, bundle: Bundle, result: RoundResult) -> Rests:
    """Both, of a round as it was decided."""
    return Rests(experts=sensitivity(rulebook, bundle, result), weights=weighing(rulebook, bundle, result))


def as_plain(found: Rests) -> dict[str, Any]:
    """As values that JSON can hold."""
    experts, weights = found.experts, found.weights
    return {
        "plain": _rows(experts.plain),
        "without": {expert: _rows(rows) for expert, rows in experts.without.items()},
        "asked": experts.asked,
        "weights": [
            {
                "criterion": one.criterion, "ranks": {bid: list(row) for bid, row in one.ranks.items()},
                "below": _turns(one.below), "above": _turns(one.above),
            }
            for one in weights.varied
        ],
        "safe": {challenge: str(share) for challenge, share in weights.safe.items()},
    }  # fmt: skip


def from_plain(kept: Mapping[str, Any]) -> Rests:
    """What `as_plain` described. Raises KeyError, TypeError, ValueError."""
    without = {expert: _changes(rows) for expert, rows in kept["without"].items()}
    varied = tuple(
        Varied(
            criterion=one["criterion"], ranks={bid: tuple(row) for bid, row in one["ranks"].items()},
            below=_turned(one["below"]), above=_turned(one["above"]),
        )
        for one in kept["weights"]
    )  # fmt: skip
    safe = {challenge: Fraction(share) for challenge, share in kept["safe"].items()}
    return Rests(
        experts=Sensitivity(plain=_changes(kept["plain"]), without=without, asked=kept["asked"]),
        weights=Weighing(varied=varied, safe=safe),
    )


def _rows(found: Sequence[Change]) -> list[list[str | None]]:
    return [
        [row.challenge, row.bid, row.outcome and row.outcome.value, row.would_be and row.would_be.value]
        for row in found
    ]


def _changes(rows: Sequence[Sequence[Any]]) -> tuple[Change, ...]:
    return tuple(
        Change(challenge=challenge, bid=bid, outcome=was and Outcome(was), would_be=would and Outcome(would))
        for challenge, bid, was, would in rows
    )


def _turns(found: Mapping[str, Turn]) -> dict[str, Any]:
    return {challenge: [str(turn.factor), _rows(turn.changes)] for challenge, turn in found.items()}


def _turned(kept: Mapping[str, Any]) -> dict[str, Turn]:
    return {
        challenge: Turn(factor=Decimal(factor), changes=_changes(rows))
        for challenge, (factor, rows) in kept.items()
    }

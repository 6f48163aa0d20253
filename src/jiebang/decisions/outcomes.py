"""What the award speaks of: candidates, their places, and one outcome with its reason for each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from jiebang.decisions.ranking import Key, Rank, number, rank
from jiebang.rules.expressions import Truth, compile_expression, evaluate
from jiebang.rules.reasons import Reason, reason


class Outcome(StrEnum):
    """What became of a bid; `no_award` of a challenge."""

    AWARDED = "awarded"
    RESERVE = "reserve"
    NOT_AWARDED = "not_awarded"
    OVER_BUDGET = "over_budget"
    INELIGIBLE = "ineligible"
    WITHDRAWN = "withdrawn"
    NO_AWARD = "no_award"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A bid that passed the checks: its amount, its facts as expressions read them, whether it may be ranked.

    `interval` is where the value that orders it may lie, both ends on that scale, where higher is better; None where that
    cannot be told. A lottery reads it, wherever it comes from.
    """

    bid: str
    amount: Decimal | None
    facts: Mapping[str, object] = field(default_factory=dict)
    ranked: bool = True
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One row of the result; `bid` is empty for the challenge's own row."""

    challenge: str
    bid: str
    outcome: Outcome
    reason: Reason
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A ranked candidate with the values that ordered it."""

    place: Rank
    candidate: Candidate
    key: Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """The bids of one challenge as the award finds them, in the order in which they were handed in (`candidates`).

    `ranking` is every bid that has a place, `lines` those among them that are approved; `settled` are the decisions on all
    others. `budget` in the challenge's currency, None when unknown; `places` may be awarded, None without limit.
    """

    challenge: str
    budget: Decimal | None
    places: int | None
    candidates: Sequence[Candidate]
    ranking: Sequence[Line]
    lines: Sequence[Line]
    settled: Mapping[str, Decision]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What was decided of other challenges of the call before, and stands: awarded bids, and the budgets of their challenges.

    `budget` is None where one of these is unknown.
    """

    awards: Sequence[Candidate] = ()
    budget: Decimal | None = Decimal(0)


NOTHING = Standing()


def unapproved(source: str | None, *, candidate: Candidate) -> Reason | None:
    """Why a candidate fails a condition, or that it cannot be told; None where it holds or none is given."""
    if source is None:
        return None
    compiled = compile_expression(source)
    if isinstance(compiled, Reason):
        return compiled
    answer = evaluate(compiled, candidate.facts)
    if answer.truth is Truth.PASS:
        return None
    if answer.truth is Truth.FAIL:
        return reason("award.not_approved", rule=source)
    return reason("award.approval_unknown", missing=", ".join(answer.missing))


def too_dear(candidate: Candidate, money: Decimal | None) -> Reason | None:
    """Why a candidate does not fit what is left of the money; None where it fits, or nobody looks."""
    if money is None:
        return None
    if candidate.amount is None:
        return reason("award.amount_unknown")
    if candidate.amount > money:
        return reason("award.over_budget", amount=f"{candidate.amount:,f}", left=f"{money:,f}")
    return None


def ordered(
    order_by: str, then_by: Sequence[str], *, candidates: Iterable[Candidate], lower: bool = False
) -> tuple[Line, ...]:
    """The candidates whose order can be told, in order; `lower` puts the smallest first."""
    known: dict[str, tuple[Candidate, Key]] = {}
    for candidate in candidates:
        first = number(order_by, facts=candidate.facts)
        if first is not None:
            ties = (number(source, facts=candidate.facts) for source in then_by)
            known[candidate.bid] = candidate, (-first if lower else first, *_known(ties))
    places = rank({bid: key for bid, (_, key) in known.items()})
    return tuple(Line(place=place, candidate=known[place.id][0], key=known[place.id][1]) for place in places)


def _known(values: Iterable[Fraction | None]) -> Iterator[Fraction]:
    """Tie-breaks as a key: an unknown one stands behind every known one."""
    for value in values:
        yield from (Fraction(0), Fraction(0)) if value is None else (Fraction(1), value)

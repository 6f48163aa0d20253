"""How far a decision rests on the way of scoring, and on any one expert. Nothing here decides."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from jiebang.decisions.award import Decision, Outcome
from jiebang.decisions.bundle import Bundle
from jiebang.decisions.round import RoundResult, score, settle_without
from jiebang.decisions.round_checks import Checked, check
from jiebang.rules.expressions import names
from jiebang.rules.schema import Rulebook

MOST_EXPERTS = 200  # each costs a round; of more experts, one alone moves little


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An outcome that would be another one; `bid` is empty for the challenge's own row."""

    challenge: str
    bid: str
    outcome: Outcome | None
    would_be: Outcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """What plain means would change, and what each expert's absence would; experts who change nothing are in `asked` only.

    `asked` counts the experts that were left out in turn: none where scores decide nothing, or there are too many.
    """

    plain: tuple[Change, ...] = ()
    without: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    asked: int = 0


def sensitivity(
    rulebook: Rulebook, bundle: Bundle, result: RoundResult, *, checked: Checked | None = None
) -> Sensitivity:
    """Decide the round again by plain means, and without each expert in turn; `checked` is what was checked of the round, where
    that is at hand.

    Whether a bid has enough reviews is not asked again when an expert is left out: the question is what the others' scores say.
    """
    plain = changes(result.decisions, result.plain)
    here = {bid.id for bid in bundle.bids}
    experts = sorted({mark.expert for mark in result.panel.marks if mark.bid in here})
    if not scores_decide(rulebook) or len(experts) > MOST_EXPERTS:
        return Sensitivity(plain=plain)
    known = checked or check(rulebook, bundle, as_of=result.as_of)
    scored = score(known)
    found = {}
    for expert in experts:
        # an exact score changes only where the expert marked; a calibrated one anywhere
        touched = None if result.calibration or _together(rulebook) else _touched(known, expert)
        other = settle_without(
            known, expert=expert, scored=scored, only=touched, draw_seed=result.draw_seed
        ).decisions
        found[expert] = changes(_of(result.decisions, touched), other)
    moved = {expert: rows for expert, rows in found.items() if rows}
    return Sensitivity(plain=plain, without=moved, asked=len(experts))


def _together(rulebook: Rulebook) -> bool:
    """Whether one challenge's award depends on another's, so that none can be decided alone."""
    award = rulebook.award
    return award is not None and award.over_call


def _touched(checked: Checked, expert: str) -> frozenset[str]:
    """The challenges on which an expert marked."""
    marked = {bid for bid, marks in checked.marks.items() if any(mark.expert == expert for mark in marks)}
    return frozenset(bid.challenge for bid in checked.facts.bundle.bids if bid.id in marked)


def _of(decisions: Sequence[Decision], challenges: Collection[str] | None) -> Sequence[Decision]:
    return [row for row in decisions if challenges is None or row.challenge in challenges]


def scores_decide(rulebook: Rulebook) -> bool:
    """Whether the award reads what experts scored."""
    award = rulebook.award
    if award is None:
        return True
    read = [
        name
        for source in (award.order_by, award.approve or "", *award.then_by)
        if source
        for name in names(source)
    ]
    return any(name.startswith(("bid.score", "bid.mean")) for name in read)


def changes(decided: Sequence[Decision], other: Sequence[Decision]) -> tuple[Change, ...]:
    """Which outcomes differ, in the order decided; a `no_award` that only one side has counts too."""
    was = {(row.challenge, row.bid): row.outcome for row in decided}
    would = {(row.challenge, row.bid): row.outcome for row in other}
    return tuple(
        Change(challenge=key[0], bid=key[1], outcome=was.get(key), would_be=would.get(key))
        for key in dict.fromkeys([*was, *would])
        if was.get(key) != would.get(key)
    )

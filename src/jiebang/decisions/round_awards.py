"""The award part of a round: what each challenge's bids bring to it, the draws, places and decisions that follow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from jiebang.decisions import lottery, shortlist
from jiebang.decisions.award import Candidate, Decision, Outcome, award_all, field_of
from jiebang.decisions.bundle import Bid, Challenge
from jiebang.decisions.outcomes import Field
from jiebang.decisions.round_facts import Facts, is_withdrawn
from jiebang.decisions.scores import OVERALL, Score, enough, lower_wins
from jiebang.decisions.verdicts import Verdict, failed, rules_of, unclear
from jiebang.rules.by_name import choice
from jiebang.rules.facts import constants
from jiebang.rules.faults import Fault
from jiebang.rules.reasons import reason
from jiebang.rules.schema import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A row of the ranking; `score` is the value that ordered the bids, `tie` how many share the rank.

    `plain_rank` is the rank with plain means for scores, `expected_rank` the mean rank in view of each score's error; None
    where unknown, or where scores do not order.
    """

    challenge: str
    rank: int
    bid: str
    score: float
    tie: int
    plain_rank: int | None = None
    expected_rank: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What an award rests on: facts, verdicts and scores by bid, the `rulebook` that scored, and the challenges decided.

    `counts` are the overall scores that say who has enough reviews; `seed` are public numbers for draws whose challenge
    has none of its own. Not `explained`, outcomes are the same and some of their reasons shorter.
    """

    facts: Facts
    rulebook: Rulebook
    challenges: Sequence[Challenge]
    verdicts: Mapping[str, Sequence[Verdict]]
    scores: Mapping[str, tuple[Score, ...]]
    counts: Mapping[str, Score]
    seed: str | None
    explained: bool = True


def awarded(basis: Basis) -> tuple[tuple[Place, ...], tuple[Decision, ...], tuple[lottery.Draw, ...]]:
    """Places, decisions and draws of the challenges, each in the order of the file."""
    rows = [_field(basis, challenge) for challenge in basis.challenges]
    fields = [field for field, _ in rows]
    lots = (_draw(basis, item, field) for item, field in zip(basis.challenges, fields, strict=True))
    drawn = tuple(draw for draw in lots if draw is not None)
    found = award_all(
        basis.rulebook, fields=fields, draws={draw.pool.challenge: draw for draw in drawn}, explained=basis.explained
    )  # fmt: skip
    decisions = (
        item
        for (field, refused), decided in zip(rows, found, strict=True)
        for item in _in_order(basis.facts, field, refused, decided)
    )
    return (
        tuple(place for field in fields for place in _places(basis.rulebook, field)),
        tuple(decisions),
        drawn,
    )


def draw_faults(rulebook: Rulebook, item: Challenge, *, file: str) -> Iterator[Fault]:
    """The list or the numbers of a draw that a challenge's row carries, where they cannot be read; `file` is for the faults."""
    listed, numbers = (item.facts.get(name) for name in ("draw_list", "draw_seed"))
    try:
        lottery.pool(str(listed)) if listed else None
    except ValueError as error:
        yield Fault(file, item.line, "draw_list", str(error))
    if numbers and (said := lottery.seed_fault(rulebook, str(numbers))):
        yield Fault(file, item.line, "draw_seed", said)


def _field(basis: Basis, challenge: Challenge) -> tuple[Field, dict[str, Decision]]:
    """The bids of a challenge that the award compares, and the decisions on those that do not enter."""
    facts, rulebook = basis.facts, basis.rulebook
    bids = facts.bids_of(challenge.id)
    refused = {
        bid.id: found for bid in bids if (found := _refused_once(facts, bid, basis.verdicts.get(bid.id, ())))
    }
    final, lower = shortlist.stages(rulebook)[0], _lower(rulebook)
    candidates = [_candidate(basis, bid, final, lower) for bid in bids if bid.id not in refused]
    field = field_of(
        rulebook, challenge=challenge.id, budget=challenge.budget, candidates=candidates,
        lower=lower, racing=bool(challenge.facts.get("racing")), leads=_leads(challenge),
    )  # fmt: skip
    return field, refused


def _in_order(
    facts: Facts, field: Field, refused: Mapping[str, Decision], found: Sequence[Decision]
) -> list[Decision]:
    """Decisions in the order of the bids, the challenge's own at the end."""
    by_bid = {decision.bid: decision for decision in found}
    ordered = [refused.get(bid.id) or by_bid[bid.id] for bid in facts.bids_of(field.challenge)]
    return ordered + ([by_bid[""]] if "" in by_bid else [])


def _draw(basis: Basis, challenge: Challenge, field: Field) -> lottery.Draw | None:
    """The draw of a challenge: of the list that was committed (a fact `draw_list`, as JSON) where there is one."""
    listed, own = challenge.facts.get("draw_list"), challenge.facts.get("draw_seed")
    held = lottery.pool(str(listed)) if listed else None
    return lottery.draw_of(basis.rulebook, field, held=held, seed=str(own) if own else basis.seed)


def _lower(rulebook: Rulebook) -> bool:
    return lower_wins(shortlist.stages(rulebook)[0])


def _leads(challenge: Challenge) -> int | None:
    """How many leads the notice announced (a fact `max_leads`), when it says so."""
    given = str(challenge.facts.get("max_leads") or "")
    return int(float(given)) if given.replace(".", "", 1).isdigit() else None


def _refused_once(facts: Facts, bid: Bid, verdicts: Sequence[Verdict]) -> Decision | None:
    """`_refused`, asked once, since a round may be settled many times and no score changes it."""
    if bid.id not in facts.kept_out:
        facts.kept_out[bid.id] = _refused(facts, bid, verdicts)
    return facts.kept_out[bid.id]


def _refused(facts: Facts, bid: Bid, verdicts: Sequence[Verdict]) -> Decision | None:
    """The decision on a bid that does not enter the ranking, or None."""
    if is_withdrawn(bid):
        why, rule, outcome = reason("eligibility.withdrawn"), "bid.withdrawn", Outcome.WITHDRAWN
        return Decision(challenge=bid.challenge, bid=bid.id, outcome=outcome, reason=why, rule=rule)
    breaches = failed(verdicts)
    unproved = tuple(verdict for verdict in unclear(verdicts) if any(map(facts.carries, verdict.missing)))
    if choice(facts.rulebook, "unproved") == "continue":
        unproved = ()
    if not breaches and not unproved:
        return None
    rules = rules_of(breaches or unproved)
    why = reason("eligibility.ineligible" if breaches else "eligibility.unproved", rules=rules)
    return Decision(challenge=bid.challenge, bid=bid.id, outcome=Outcome.INELIGIBLE, reason=why, rule=rules)


def _candidate(basis: Basis, bid: Bid, final: Rulebook, lower: bool) -> Candidate:
    facts, found = basis.facts, basis.scores[bid.id]
    known, overall = facts.of_bid(bid), found[-1]
    marks = {score.criterion: score.adjusted for score in found if score.criterion != OVERALL}
    own = known["bid"] if isinstance(known["bid"], dict) else {}
    own = {**own, "first_score": marks.pop(shortlist.SCORE, None), "scores": marks}
    whole = {"score": overall.adjusted, "mean": overall.mean, "reviews": overall.n}
    settled = {**known, "bid": {**own, **whole}, **constants(basis.rulebook)}
    # without any review in the bundle a round is ranked by what was counted, not by scores
    ranked = not facts.bundle.reviews or enough(final, overall=basis.counts[bid.id])
    span = lottery.interval(final, overall, lower=lower)
    return Candidate(bid=bid.id, amount=bid.amount, facts=settled, ranked=ranked, interval=span)


def _places(rulebook: Rulebook, field: Field) -> list[Place]:
    plain = rulebook.award is None or rulebook.award.order_by.strip() == "bid.score"
    turned = plain and _lower(rulebook)
    return [
        Place(
            challenge=field.challenge, rank=line.place.rank, bid=line.place.id, tie=line.place.tie,
            score=float(-line.key[0] if turned else line.key[0]),
        )
        for line in field.ranking
    ]  # fmt: skip

"""The award part of a round: what each challenge's bids bring to it, the draws, places and decisions that follow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from jiebang.decisions import lottery, shortlist
from jiebang.decisions.award import Candidate, Decision, Outcome, award_all, field_of
from jiebang.decisions.bundle import Bid, Challenge
from jiebang.decisions.outcomes import Field, Standing
from jiebang.decisions.quotas import Used, apart_from_scores, used
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


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What an award rests on: facts, verdicts and scores by bid, the `rulebook` that scored, and the challenges decided.

    `counts` are the overall scores that say who has enough reviews; `seed` are public numbers for draws whose challenge
    has none of its own. Not `explained`, outcomes are the same, some of their reasons shorter, and seats of quotas uncounted.
    """

    facts: Facts
    rulebook: Rulebook
    challenges: Sequence[Challenge]
    verdicts: Mapping[str, Sequence[Verdict]]
    scores: Mapping[str, tuple[Score, ...]]
    counts: Mapping[str, Score]
    seed: str | None
    explained: bool = True

    @cached_property
    def constants(self) -> Mapping[str, object]:
        """What expressions read of the rulebook itself."""
        return constants(self.rulebook)


@dataclass(frozen=True, slots=True, kw_only=True)
class Awarded:
    """Places, decisions and draws of the challenges, each in the order of the file, and how the quotas are used."""

    ranking: tuple[Place, ...]
    decisions: tuple[Decision, ...]
    draws: tuple[lottery.Draw, ...]
    quotas: tuple[Used, ...]


def awarded(basis: Basis) -> Awarded:
    """The award on the challenges. Whose result stands from before (a fact `decided`) is not decided again, but counts."""
    rows = {item.id: _field(basis, item) for item in basis.challenges if not _stands(item)}
    fields = [field for field, _ in rows.values()]
    lots = (_draw(basis, item, rows[item.id][0]) for item in basis.challenges if item.id in rows)
    drawn = tuple(draw for draw in lots if draw is not None)
    draws, standing = {draw.pool.challenge: draw for draw in drawn}, _standing(basis)
    found = award_all(
        basis.rulebook, fields=fields, draws=draws, standing=standing, explained=basis.explained,
        marked=basis.facts.marked if apart_from_scores(basis.rulebook) else {},
    )  # fmt: skip
    decided = {
        key: _in_order(basis.facts, field, refused, made)
        for (key, (field, refused)), made in zip(rows.items(), found, strict=True)
    }
    decisions = [
        row
        for item in basis.challenges
        for row in decided.get(item.id) or standing_decisions(basis.facts, item)
    ]
    return Awarded(
        ranking=tuple(place for field in fields for place in _places(basis.rulebook, field)),
        decisions=tuple(decisions), draws=drawn, quotas=_used(basis, fields, standing, decisions),
    )  # fmt: skip


def _stands(item: Challenge) -> bool:
    return bool(item.facts.get("decided"))


def _standing(basis: Basis) -> Standing:
    """The awards that stand anywhere in the bundle, also on challenges that are not decided now."""
    before = [item for item in basis.facts.bundle.challenges if _stands(item)]
    budgets = [item.budget for item in before]
    known = [budget for budget in budgets if budget is not None]
    bids = [bid for item in before for bid in basis.facts.bids_of(item.id) if bid.facts.get("awarded")]
    final, lower = shortlist.stages(basis.rulebook)[0], _lower(basis.rulebook)
    return Standing(
        awards=[_candidate(basis, bid, final, lower) for bid in bids],
        budget=sum(known, Decimal(0)) if len(known) == len(budgets) else None,
    )


def standing_decisions(facts: Facts, item: Challenge) -> list[Decision]:
    """What was decided of a challenge before, as far as a bundle tells it."""
    bids = facts.bids_of(item.id)
    won = {bid.id: bool(bid.facts.get("awarded")) for bid in bids}
    rows = [
        Decision(
            challenge=item.id, bid=bid, outcome=Outcome.AWARDED if has else Outcome.NOT_AWARDED,
            reason=reason("award.stands"), rule="award",
        )
        for bid, has in won.items()
    ]  # fmt: skip
    if not any(won.values()):
        why = reason("award.stands")
        rows.append(Decision(challenge=item.id, bid="", outcome=Outcome.NO_AWARD, reason=why, rule="award"))
    return rows


def _used(
    basis: Basis, fields: Sequence[Field], standing: Standing, decisions: Sequence[Decision]
) -> tuple[Used, ...]:
    rules = basis.rulebook.award.quotas if basis.rulebook.award else {}
    if not rules or not basis.explained:
        return ()
    won = {row.bid for row in decisions if row.outcome is Outcome.AWARDED}
    compared = {field.challenge: [line.candidate for line in field.lines] for field in fields}
    return used(rules, {"": standing.awards, **compared}, awarded=won)


def draw_faults(rulebook: Rulebook, item: Challenge, *, file: str) -> Iterator[Fault]:
    """The list or the numbers of a draw that a challenge's row carries, where they cannot be read; `file` is for the faults."""
    listed, numbers = (item.facts.get(name) for name in ("draw_list", "draw_seed"))
    try:
        lottery.pool(str(listed)) if listed else None
    except ValueError as error:
        yield Fault(file, item.line, "draw_list", str(error))
    if numbers and (said := lottery.seed_fault(rulebook, str(numbers))):
        yield Fault(file, item.line, "draw_seed", said)


def purse_faults(rulebook: Rulebook, challenges: Sequence[Challenge], *, file: str) -> Iterator[Fault]:
    """Budgets that cannot be added up where all challenges spend one."""
    if rulebook.award is None or rulebook.award.budget_over != "call":
        return
    first = next((item.currency for item in challenges if item.currency), None)
    for item in challenges:
        if item.currency and item.currency != first:
            said = f"is {item.currency} where the first is {first}; one budget over the call has one currency"
            yield Fault(file, item.line, "currency", said)


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
    settled = {**known, "bid": {**own, **whole}, **basis.constants}
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

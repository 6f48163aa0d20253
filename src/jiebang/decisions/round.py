"""The headless round: a rulebook and a bundle in, every verdict, score, place and outcome out.

Pure and deterministic: no clock, no files, no chance. What a bundle does not carry at all (no evidence file, no column
of registration days) is not checked and its verdict cannot be told; a blank in what it does carry stays
unproved, and a bid with an unproved rule is not awarded unless the rulebook's setting `unproved` says `continue`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from jiebang.decisions.award import Candidate, Decision, Line, Outcome, award, order
from jiebang.decisions.bundle import Bid, Bundle, Challenge
from jiebang.decisions.calibrated import Scored, expected, plainly, score_round, without_expert
from jiebang.decisions.round_checks import Checked, check
from jiebang.decisions.round_facts import Facts, is_withdrawn
from jiebang.decisions.round_marks import beside
from jiebang.decisions.round_marks import faults as faults
from jiebang.decisions.scores import OVERALL, Score, enough, lower_wins
from jiebang.decisions.verdicts import Verdict, failed, rules_of, unclear
from jiebang.engines.calibration.panel import Calibration, Panel
from jiebang.rules.by_name import choice
from jiebang.rules.facts import constants
from jiebang.rules.load import digest
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
class Event:
    """An entry for the journal: what happened to which subject, with a public body."""

    event: str
    subject: str
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundResult:
    """Everything that follows from a bundle; `seed` (hex) is recorded and would drive any draw.

    `plain` are the decisions as plain means would have them; `panel` holds the experts' totals, `calibration` what was made
    of them, where the rulebook calibrates.
    """

    as_of: datetime | None
    seed: str
    rulebook: str
    verdicts: tuple[Verdict, ...]
    scores: tuple[Score, ...]
    ranking: tuple[Place, ...]
    decisions: tuple[Decision, ...]
    events: tuple[Event, ...]
    plain: tuple[Decision, ...] = ()
    panel: Panel = field(default_factory=Panel)
    calibration: Calibration | None = None


def run(
    rulebook: Rulebook, bundle: Bundle, *, as_of: datetime | None = None, seed: str | None = None
) -> RoundResult:
    """The round of `bundle` under `rulebook`; call `faults` first, which must be empty.

    `as_of` defaults to the bundle's latest time, `seed` to its digest.
    """
    now, chosen = as_of or bundle.latest, seed or bundle.digest
    checked = check(rulebook, bundle, as_of=now)
    found = settle(checked)
    plain = found if plainly(rulebook) is rulebook else settle(checked, under=plainly(rulebook))
    ranking = _beside_plain(rulebook, found, plain)
    shown = tuple(
        score
        for bid in bundle.bids
        for score in found.scored.scores[bid.id]
        if bundle.reviews and rulebook.criteria
    )
    key = digest(rulebook)
    return RoundResult(
        as_of=now, seed=chosen, rulebook=key, verdicts=checked.verdicts, scores=shown, ranking=ranking,
        decisions=found.decisions, events=tuple(_events(bundle, key, chosen, ranking, found.decisions)),
        plain=plain.decisions, panel=found.scored.panel, calibration=found.scored.calibration,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Scores, places and decisions of a bundle."""

    scored: Scored
    ranking: tuple[Place, ...]
    decisions: tuple[Decision, ...]


def settle(checked: Checked, *, under: Rulebook | None = None) -> Settled:
    """Score, rank and award; `under` a rulebook that scores otherwise."""
    rulebook, bundle = under or checked.facts.rulebook, checked.facts.bundle
    bids = [bid.id for item in bundle.challenges for bid in checked.facts.bids_of(item.id)]
    scored = score_round(rulebook, bids=bids, marks=checked.marks, beside=beside(bundle))
    return _settled(checked, rulebook, scored, scored, bundle.challenges)


def settle_without(checked: Checked, *, expert: str, scored: Scored, only: Collection[str] | None) -> Settled:
    """Rank and award as if an expert had marked nothing, on `only` some challenges (None: on all).

    `scored` is the whole round; it also says which bids have enough reviews, which is not asked again.
    """
    facts = checked.facts
    chosen = [item for item in facts.bundle.challenges if only is None or item.id in only]
    bids = [bid.id for item in chosen for bid in facts.bids_of(item.id)]
    left = without_expert(facts.rulebook, scored, expert=expert, bids=bids, marks=checked.marks)
    return _settled(checked, facts.rulebook, left, scored, chosen)


def _settled(
    checked: Checked, rulebook: Rulebook, scored: Scored, counted: Scored, challenges: Iterable[Challenge]
) -> Settled:
    counts = {bid: rows[-1] for bid, rows in counted.scores.items()}
    way = _Way(checked, rulebook, scored.scores, counts)
    rows = [_challenge(way, item) for item in challenges]
    return Settled(
        scored=scored,
        ranking=tuple(place for places, _ in rows for place in places),
        decisions=tuple(decision for _, found in rows for decision in found),
    )


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to settle a bundle: its scores under a rulebook, and the overall scores that say who has enough reviews."""

    checked: Checked
    rulebook: Rulebook
    scores: Mapping[str, tuple[Score, ...]]
    counts: Mapping[str, Score]


def _challenge(way: _Way, challenge: Challenge) -> tuple[list[Place], list[Decision]]:
    """Ranking and decisions of one challenge; decisions stand in the order of the bids."""
    facts, rulebook, verdicts = way.checked.facts, way.rulebook, way.checked.by_bid
    bids = facts.bids_of(challenge.id)
    refused = {bid.id: found for bid in bids if (found := _refused(facts, bid, verdicts.get(bid.id, ())))}
    candidates = [_candidate(way, bid) for bid in bids if bid.id not in refused]
    lower = lower_wins(rulebook)
    lines = order(rulebook, candidates=candidates, lower=lower)
    judged = award(
        rulebook, challenge=challenge.id, budget=challenge.budget, candidates=candidates, lines=lines,
        racing=bool(challenge.facts.get("racing")), leads=_leads(challenge),
    )  # fmt: skip
    by_bid = {decision.bid: decision for decision in judged}
    ordered = [refused.get(bid.id) or by_bid[bid.id] for bid in bids]
    plain = lower and (rulebook.award is None or rulebook.award.order_by.strip() == "bid.score")
    return _places(challenge.id, lines, turned=plain), ordered + ([by_bid[""]] if "" in by_bid else [])


def _leads(challenge: Challenge) -> int | None:
    """How many leads the notice announced (a fact `max_leads`), when it says so."""
    given = str(challenge.facts.get("max_leads") or "")
    return int(float(given)) if given.replace(".", "", 1).isdigit() else None


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


def _candidate(way: _Way, bid: Bid) -> Candidate:
    rulebook, facts, found = way.rulebook, way.checked.facts, way.scores[bid.id]
    overall = found[-1]
    known = facts.of_bid(bid)
    marks = {score.criterion: score.adjusted for score in found if score.criterion != OVERALL}
    own = known["bid"] if isinstance(known["bid"], dict) else {}
    whole = {"score": overall.adjusted, "mean": overall.mean, "scores": marks, "reviews": overall.n}
    judged = {**known, "bid": {**own, **whole}}
    settled = {**judged, **constants(rulebook)}
    # without any review in the bundle a round is ranked by what was counted, not by scores
    ranked = not facts.bundle.reviews or enough(rulebook, overall=way.counts[bid.id])
    return Candidate(bid=bid.id, amount=bid.amount, facts=settled, ranked=ranked)


def _places(challenge: str, lines: Sequence[Line], *, turned: bool) -> list[Place]:
    return [
        Place(
            challenge=challenge, rank=line.place.rank, bid=line.place.id, tie=line.place.tie,
            score=float(-line.key[0] if turned else line.key[0]),
        )
        for line in lines
    ]  # fmt: skip


def _beside_plain(rulebook: Rulebook, found: Settled, plain: Settled) -> tuple[Place, ...]:
    """The ranking with the plain rank, and the expected one where scores order the bids, beside each rank."""
    plain_ranks = {place.bid: place.rank for place in plain.ranking}
    by_score = rulebook.award is None or rulebook.award.order_by.strip() == "bid.score"
    groups: dict[str, list[Score]] = {}
    for place in found.ranking if by_score else ():
        groups.setdefault(place.challenge, []).append(found.scored.scores[place.bid][-1])
    likely = {bid: rank for group in groups.values() for bid, rank in expected(rulebook, group).items()}
    return tuple(
        replace(place, plain_rank=plain_ranks.get(place.bid), expected_rank=likely.get(place.bid))
        for place in found.ranking
    )


def _events(
    bundle: Bundle, rulebook: str, seed: str, ranking: Sequence[Place], decisions: Sequence[Decision]
) -> Iterator[Event]:
    counts = {
        "challenges": len(bundle.challenges),
        "bids": len(bundle.bids),
        "reviews": len(bundle.reviews or ()),
    }
    yield Event(
        event="round:opened", subject=bundle.digest, body={"rulebook": rulebook, "seed": seed, **counts}
    )
    rows: dict[str, list[Mapping[str, object]]] = {challenge.id: [] for challenge in bundle.challenges}
    ranks = {place.bid: place.rank for place in ranking}
    for decision in decisions:
        row = {"bid": decision.bid, "outcome": decision.outcome.value, "reason": decision.reason.code}
        rows[decision.challenge].append({**row, "rule": decision.rule, "rank": ranks.get(decision.bid)})
    for challenge, found in rows.items():
        yield Event(event="challenge:decided", subject=challenge, body={"decisions": found})


def total_awarded(result: RoundResult, bundle: Bundle) -> Decimal:
    """The sum of the awarded amounts, in the bundle's currency; unknown amounts count as nothing."""
    amounts = {bid.id: bid.amount for bid in bundle.bids}
    won = (amounts[row.bid] for row in result.decisions if row.outcome is Outcome.AWARDED)
    return sum((amount for amount in won if amount is not None), Decimal(0))

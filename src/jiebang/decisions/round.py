"""The headless round: a rulebook and a bundle in, every verdict, score, place and outcome out.

Pure and deterministic: no clock, no files, no chance. What a bundle does not carry at all (no evidence file, no column
of registration days) is not checked and its verdict cannot be told; a blank in what it does carry stays
unproved, and a bid with an unproved rule is not awarded unless the rulebook's setting `unproved` says `continue`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from jiebang.decisions import consortium, eligibility, lottery, shortlist
from jiebang.decisions.award import Candidate, Decision, Outcome, award_all, field_of
from jiebang.decisions.bundle import Bid, Bundle, Challenge, Review
from jiebang.decisions.outcomes import Field
from jiebang.decisions.round_facts import Facts, is_withdrawn
from jiebang.decisions.scores import OVERALL, Mark, Score, all_lower, enough
from jiebang.decisions.verdicts import Verdict, failed, rules_of, unclear
from jiebang.rules.by_name import choice
from jiebang.rules.expressions import Truth
from jiebang.rules.facts import constants
from jiebang.rules.faults import Fault
from jiebang.rules.load import digest
from jiebang.rules.reasons import reason
from jiebang.rules.schema import Rulebook, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A row of the ranking; `score` is the value that ordered the bids, `tie` how many share the rank."""

    challenge: str
    rank: int
    bid: str
    score: float
    tie: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An entry for the journal: what happened to which subject, with a public body."""

    event: str
    subject: str
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundResult:
    """Everything that follows from a bundle; `seed` (hex) is recorded. A lottery's draw has a public seed of its own."""

    as_of: datetime | None
    seed: str
    rulebook: str
    verdicts: tuple[Verdict, ...]
    scores: tuple[Score, ...]
    ranking: tuple[Place, ...]
    decisions: tuple[Decision, ...]
    events: tuple[Event, ...]
    draws: tuple[lottery.Draw, ...] = ()


def run(
    rulebook: Rulebook,
    bundle: Bundle,
    *,
    as_of: datetime | None = None,
    seed: str | None = None,
    draw_seed: str | None = None,
) -> RoundResult:
    """The round of `bundle` under `rulebook`; call `faults` first, which must be empty.

    `as_of` defaults to the bundle's latest time, `seed` to its digest. `draw_seed` are the public numbers for the draws of
    challenges whose own column `draw_seed` is blank.
    """
    now, chosen = as_of or bundle.latest, seed or bundle.digest
    facts = Facts(rulebook, bundle, now)
    owners, verdicts = _owner_verdicts(facts), _all_bid_verdicts(facts)
    marks, conflicts = _marks(facts)
    by_bid = _by_subject(verdicts)
    results = {
        bid.id: shortlist.scores_of(rulebook, bid=bid.id, marks=marks.get(bid.id, [])) for bid in bundle.bids
    }
    ranking, decisions, drawn = _awarded(facts, by_bid, results, draw_seed)
    shown = tuple(
        score for bid in bundle.bids for score in results[bid.id] if bundle.reviews and rulebook.criteria
    )
    key = digest(rulebook)
    return RoundResult(
        as_of=now, seed=chosen, rulebook=key, verdicts=(*owners, *verdicts, *conflicts), scores=shown, ranking=ranking,
        decisions=decisions, events=tuple(_events(bundle, key, chosen, ranking, decisions, drawn)),
        draws=drawn,
    )  # fmt: skip


def _awarded(
    facts: Facts,
    verdicts: Mapping[str, Sequence[Verdict]],
    results: Mapping[str, tuple[Score, ...]],
    seed: str | None,
) -> tuple[tuple[Place, ...], tuple[Decision, ...], tuple[lottery.Draw, ...]]:
    """Places, decisions and draws of all challenges, each in the order of the file."""
    rulebook, challenges = facts.rulebook, facts.bundle.challenges
    rows = [_field(facts, challenge, verdicts, results) for challenge in challenges]
    fields = [field for field, _ in rows]
    lots = (_draw(facts, item, field, seed) for item, field in zip(challenges, fields, strict=True))
    drawn = tuple(draw for draw in lots if draw is not None)
    found = award_all(rulebook, fields=fields, draws={draw.pool.challenge: draw for draw in drawn})
    decisions = (
        item
        for (field, refused), decided in zip(rows, found, strict=True)
        for item in _in_order(facts, field, refused, decided)
    )
    return tuple(place for field in fields for place in _places(rulebook, field)), tuple(decisions), drawn


def faults(rulebook: Rulebook, bundle: Bundle) -> list[Fault]:
    """What in a bundle is malformed under this rulebook: unknown criteria, scores off their scale, numbers that draw nothing."""
    file = bundle.files.get("reviews", "reviews.csv")
    found = [fault for item in bundle.reviews or () if (fault := _review_fault(rulebook, item, file))]
    lots = bundle.files.get("challenges", "challenges.csv")
    return [*found, *(fault for item in bundle.challenges for fault in _draw_faults(rulebook, item, lots))]


def _draw_faults(rulebook: Rulebook, item: Challenge, file: str) -> Iterator[Fault]:
    """A list or the numbers of a draw that cannot be read."""
    listed, numbers = (item.facts.get(name) for name in ("draw_list", "draw_seed"))
    try:
        lottery.pool(str(listed)) if listed else None
    except ValueError as error:
        yield Fault(file, item.line, "draw_list", str(error))
    if numbers and (said := lottery.seed_fault(rulebook, str(numbers))):
        yield Fault(file, item.line, "draw_seed", said)


def _review_fault(rulebook: Rulebook, item: Review, file: str) -> Fault | None:
    criterion = rulebook.criteria.get(item.criterion)
    if criterion is None:
        known = ", ".join(rulebook.criteria) or "none"
        return Fault(
            file, item.line, "criterion", f"the rulebook has no criterion `{item.criterion}`; it has: {known}"
        )
    if not criterion.minimum <= item.score <= criterion.maximum:
        scale = f"{criterion.minimum} to {criterion.maximum}"
        return Fault(
            file, item.line, "score", f"{item.score} is off the scale of `{item.criterion}`; give {scale}"
        )
    return None


def _owner_verdicts(facts: Facts) -> list[Verdict]:
    """What the rules say of owners and needs: shown, but a listed challenge stays listed."""
    found: list[Verdict] = []
    subjects: tuple[Subject, ...] = ("owner", "need")
    for challenge in facts.bundle.challenges:
        known, about = facts.of_challenge(challenge), challenge.owner or ""
        for subject in subjects:
            found += eligibility.check(
                facts.rulebook, subject=subject, facts=known, subject_id=challenge.id, about=about
            )
    return found


def _all_bid_verdicts(facts: Facts) -> list[Verdict]:
    rulebook, bundle = facts.rulebook, facts.bundle
    found: list[Verdict] = []
    for bid in bundle.bids:
        found += _bid_verdicts(facts, bid)
    live = [bid for bid in bundle.bids if not is_withdrawn(bid)]
    entries = [
        consortium.Entry(
            bid=bid.id, challenge=bid.challenge, lead=_lead(facts, bid), submitted_at=bid.submitted_at
        )
        for bid in live
    ]
    found += consortium.one_bid_per_lead(rulebook, entries=entries)
    return found


def _bid_verdicts(facts: Facts, bid: Bid) -> list[Verdict]:
    rulebook, challenge = facts.rulebook, facts.challenges[bid.challenge]
    known, team = facts.of_bid(bid), facts.teams[bid.id]
    found = list(
        consortium.in_time(
            bid=bid.id, submitted=bid.submitted_at, opens=challenge.opens_at, closes=challenge.closes_at
        )
    )
    found += eligibility.check(
        rulebook, subject="lead", facts=known, subject_id=bid.id, about=_lead(facts, bid) or ""
    )
    partners = known["partners"]
    for partner in partners if isinstance(partners, list) else []:
        about = str(partner["id"])
        found += eligibility.check(
            rulebook, subject="partner", facts={**known, "partner": partner}, subject_id=bid.id, about=about
        )
    whole: tuple[Subject, ...] = ("consortium", "bid")
    for subject in whole:
        found += eligibility.check(rulebook, subject=subject, facts=known, subject_id=bid.id)
    found += consortium.limits(rulebook, team=team)
    found += consortium.bid_within_budget(rulebook, bid=bid.id, amount=bid.amount, budget=challenge.budget)
    return found + _modes(facts, bid)


def _modes(facts: Facts, bid: Bid) -> list[Verdict]:
    known, given = facts.rulebook.vocabulary.modes, facts.modes.get(bid.id, [])
    if not known or not given:
        return []
    wrong = [mode for mode in given if mode not in known]
    why = reason("eligibility.modes_known")
    if wrong:
        why = reason("eligibility.modes_unknown", modes=", ".join(wrong), known=", ".join(known))
    outcome = Truth.FAIL if wrong else Truth.PASS
    return [
        Verdict(
            subject=bid.id, rule="bid.modes_known", outcome=outcome, reason=why, facts={"bid.modes": given}
        )
    ]


def _marks(facts: Facts) -> tuple[dict[str, list[Mark]], list[Verdict]]:
    """The marks that count, by bid, and a verdict for each pair of expert and bid that a conflict rules out."""
    pairs = _conflicts(facts)
    marks: dict[str, list[Mark]] = {}
    out: dict[tuple[str, str], Verdict] = {}
    for item in facts.bundle.reviews or ():
        kind = pairs.get((item.expert, item.bid))
        if kind is None:
            marks.setdefault(item.bid, []).append(Mark(item.bid, item.expert, item.criterion, item.score))
            continue
        why = reason("eligibility.conflict", expert=item.expert, kind=kind)
        out[item.expert, item.bid] = Verdict(
            subject=item.bid, rule="review.no_conflict", outcome=Truth.FAIL, reason=why, about=item.expert
        )
    return marks, list(out.values())


def _conflicts(facts: Facts) -> dict[tuple[str, str], str]:
    """Pairs of expert and bid in conflict, with its kind: declared for the bid, or for an organisation in it."""
    bundle = facts.bundle
    pairs: dict[tuple[str, str], str] = {}
    tied = [
        (item.expert, item.organisation, item.kind or "declared")
        for item in bundle.conflicts or ()
        if item.organisation
    ]
    tied += [
        (item.id, item.organisation, "same_organisation")
        for item in bundle.experts or ()
        if item.organisation
    ]
    experts: dict[str, list[tuple[str, str]]] = {}
    for expert, organisation, kind in tied:
        experts.setdefault(organisation, []).append((expert, kind))
    for bid, team in facts.teams.items():
        for name in (*team.leads, *(party.id for party in team.partners)):
            for expert, kind in experts.get(name, ()):
                pairs.setdefault((expert, bid), kind)
    for item in bundle.conflicts or ():
        if item.bid:
            pairs[item.expert, item.bid] = item.kind or "declared"
    return pairs


def _field(
    facts: Facts,
    challenge: Challenge,
    verdicts: Mapping[str, Sequence[Verdict]],
    results: Mapping[str, tuple[Score, ...]],
) -> tuple[Field, dict[str, Decision]]:
    """The bids of a challenge that the award compares, and the decisions on those that do not enter."""
    bids = facts.bids_of(challenge.id)
    refused = {bid.id: found for bid in bids if (found := _refused(facts, bid, verdicts.get(bid.id, ())))}
    candidates = [_candidate(facts, bid, results[bid.id]) for bid in bids if bid.id not in refused]
    field = field_of(
        facts.rulebook, challenge=challenge.id, budget=challenge.budget, candidates=candidates,
        lower=_lower(facts.rulebook), racing=bool(challenge.facts.get("racing")), leads=_leads(challenge),
    )  # fmt: skip
    return field, refused


def _in_order(
    facts: Facts, field: Field, refused: Mapping[str, Decision], found: Sequence[Decision]
) -> list[Decision]:
    """Decisions in the order of the bids, the challenge's own at the end."""
    by_bid = {decision.bid: decision for decision in found}
    ordered = [refused.get(bid.id) or by_bid[bid.id] for bid in facts.bids_of(field.challenge)]
    return ordered + ([by_bid[""]] if "" in by_bid else [])


def _draw(facts: Facts, challenge: Challenge, field: Field, seed: str | None) -> lottery.Draw | None:
    """The draw of a challenge: of the list that was committed (a fact `draw_list`, as JSON) where there is one."""
    listed, own = challenge.facts.get("draw_list"), challenge.facts.get("draw_seed")
    held = lottery.pool(str(listed)) if listed else None
    return lottery.draw_of(facts.rulebook, field, held=held, seed=str(own) if own else seed)


def _lower(rulebook: Rulebook) -> bool:
    return all_lower(shortlist.stages(rulebook)[0].criteria)


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


def _candidate(facts: Facts, bid: Bid, found: Sequence[Score]) -> Candidate:
    (rulebook, _), overall = shortlist.stages(facts.rulebook), found[-1]
    known = facts.of_bid(bid)
    marks = {score.criterion: score.adjusted for score in found if score.criterion != OVERALL}
    own = known["bid"] if isinstance(known["bid"], dict) else {}
    own = {**own, "first_score": marks.pop(shortlist.SCORE, None), "scores": marks}
    judged = {**known, "bid": {**own, "score": overall.adjusted, "reviews": overall.n}}
    settled = {**judged, **constants(rulebook)}
    # without any review in the bundle a round is ranked by what was counted, not by scores
    ranked = not facts.bundle.reviews or enough(rulebook, overall=overall)
    span = lottery.interval(rulebook, overall, lower=_lower(rulebook))
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


def _lead(facts: Facts, bid: Bid) -> str | None:
    leads = facts.teams[bid.id].leads
    return leads[0] if leads else None


def _by_subject(verdicts: Sequence[Verdict]) -> dict[str, list[Verdict]]:
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        found.setdefault(verdict.subject, []).append(verdict)
    return found


def _events(
    bundle: Bundle,
    rulebook: str,
    seed: str,
    ranking: Sequence[Place],
    decisions: Sequence[Decision],
    draws: Sequence[lottery.Draw],
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
    for draw in draws:
        said = {"list": draw.pool.digest, "bids": list(draw.pool.names), "seed": draw.seed}
        yield Event(event="draw:listed", subject=draw.pool.challenge, body=said)
    for challenge, found in rows.items():
        yield Event(event="challenge:decided", subject=challenge, body={"decisions": found})


def total_awarded(result: RoundResult, bundle: Bundle) -> Decimal:
    """The sum of the awarded amounts, in the bundle's currency; unknown amounts count as nothing."""
    amounts = {bid.id: bid.amount for bid in bundle.bids}
    won = (amounts[row.bid] for row in result.decisions if row.outcome is Outcome.AWARDED)
    return sum((amount for amount in won if amount is not None), Decimal(0))

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
from jiebang.decisions.award import Decision, Outcome
from jiebang.decisions.bundle import Bid, Bundle, Review
from jiebang.decisions.round_awards import Place, awarded, draw_faults
from jiebang.decisions.round_facts import Facts, is_withdrawn
from jiebang.decisions.scores import Mark, Score
from jiebang.decisions.verdicts import Verdict
from jiebang.rules.expressions import Truth
from jiebang.rules.faults import Fault
from jiebang.rules.load import digest
from jiebang.rules.reasons import reason
from jiebang.rules.schema import Rulebook, Subject


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
    ranking, decisions, drawn = awarded(facts, by_bid, results, seed=draw_seed)
    shown = tuple(
        score for bid in bundle.bids for score in results[bid.id] if bundle.reviews and rulebook.criteria
    )
    key = digest(rulebook)
    return RoundResult(
        as_of=now, seed=chosen, rulebook=key, verdicts=(*owners, *verdicts, *conflicts), scores=shown, ranking=ranking,
        decisions=decisions, events=tuple(_events(bundle, key, chosen, ranking, decisions, drawn)),
        draws=drawn,
    )  # fmt: skip


def faults(rulebook: Rulebook, bundle: Bundle) -> list[Fault]:
    """What in a bundle is malformed under this rulebook: unknown criteria, scores off their scale, numbers that draw nothing."""
    file = bundle.files.get("reviews", "reviews.csv")
    found = [fault for item in bundle.reviews or () if (fault := _review_fault(rulebook, item, file))]
    lots = bundle.files.get("challenges", "challenges.csv")
    return [
        *found,
        *(fault for item in bundle.challenges for fault in draw_faults(rulebook, item, file=lots)),
    ]


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

"""The headless round: a rulebook and a bundle in, every verdict, score, place and outcome out.

Pure and deterministic: no clock, no files, no chance. What a bundle does not carry at all (no evidence file, no column
of registration days) is not checked and its verdict cannot be told; a blank in what it does carry stays
unproved, and a bid with an unproved rule is not awarded unless the rulebook's setting `unproved` says `continue`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from jiebang.decisions import lottery, shortlist
from jiebang.decisions.award import Decision, Outcome
from jiebang.decisions.bundle import Bundle, Challenge
from jiebang.decisions.calibrated import Scored, expected, plainly, score_round, weighed_again, without_expert
from jiebang.decisions.quotas import Used
from jiebang.decisions.round_awards import Basis, Place, awarded, draw_faults, purse_faults
from jiebang.decisions.round_checks import Checked, check
from jiebang.decisions.round_marks import beside
from jiebang.decisions.round_marks import faults as mark_faults
from jiebang.decisions.scores import Mark, Score
from jiebang.decisions.verdicts import Verdict
from jiebang.engines.calibration.panel import Calibration, Panel
from jiebang.rules.faults import Fault
from jiebang.rules.load import digest
from jiebang.rules.schema import Rulebook

Marks = Mapping[str, Sequence[Mark]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An entry for the journal: what happened to which subject, with a public body."""

    event: str
    subject: str
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundResult:
    """Everything that follows from a bundle; `seed` (hex) is recorded. A lottery's draw has a public seed of its own.

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
    draws: tuple[lottery.Draw, ...] = ()
    draw_seed: str | None = None
    quotas: tuple[Used, ...] = ()


def run(
    rulebook: Rulebook,
    bundle: Bundle,
    *,
    as_of: datetime | None = None,
    seed: str | None = None,
    draw_seed: str | None = None,
    checked: Checked | None = None,
) -> RoundResult:
    """The round of `bundle` under `rulebook`; call `faults` first, which must be empty.

    `as_of` defaults to the bundle's latest time, `seed` to its digest. `draw_seed` are the public numbers for the draws of
    challenges whose own column `draw_seed` is blank, `checked` what was checked of it at that time, where that is at hand.
    """
    now, chosen = as_of or bundle.latest, seed or bundle.digest
    checked = checked or check(rulebook, bundle, as_of=now)
    found = settle(checked, draw_seed=draw_seed)
    plainer = plainly(rulebook)
    plain = (
        found if plainer is rulebook else settle(checked, under=plainer, draw_seed=draw_seed, explained=False)
    )
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
        decisions=found.decisions, events=tuple(_events(bundle, key, chosen, ranking, found)), plain=plain.decisions,
        panel=found.scored.panel, calibration=found.scored.calibration, draws=found.draws,
        draw_seed=draw_seed, quotas=found.quotas,
    )  # fmt: skip


def of_challenge(result: RoundResult, challenge: str, *, bids: Collection[str]) -> RoundResult:
    """What of a round is about one challenge with these bids; panel and calibration stay those of all."""
    return replace(
        result,
        verdicts=tuple(row for row in result.verdicts if row.subject in (challenge, *bids)),
        scores=tuple(row for row in result.scores if row.bid in bids),
        ranking=tuple(row for row in result.ranking if row.challenge == challenge),
        decisions=tuple(row for row in result.decisions if row.challenge == challenge),
        plain=tuple(row for row in result.plain if row.challenge == challenge),
        draws=tuple(row for row in result.draws if row.pool.challenge == challenge),
    )


def faults(rulebook: Rulebook, bundle: Bundle) -> list[Fault]:
    """What in a bundle is malformed under this rulebook: unknown criteria, scores off their scale, numbers that draw nothing,
    budgets of several currencies that are spent together."""
    lots = bundle.files.get("challenges", "challenges.csv")
    drawn = (fault for item in bundle.challenges for fault in draw_faults(rulebook, item, file=lots))
    return [*mark_faults(rulebook, bundle), *drawn, *purse_faults(rulebook, bundle.challenges, file=lots)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Scores, places, decisions and draws of a bundle, and how the quotas are used."""

    scored: Scored
    ranking: tuple[Place, ...]
    decisions: tuple[Decision, ...]
    draws: tuple[lottery.Draw, ...] = ()
    quotas: tuple[Used, ...] = ()


def settle(
    checked: Checked, *, under: Rulebook | None = None, draw_seed: str | None = None, explained: bool = True
) -> Settled:
    """Score, rank and award; `under` a rulebook that scores otherwise. Not `explained`, outcomes are the same, reasons
    may be shorter."""
    rulebook, scored = under or checked.facts.rulebook, score(checked, under=under)
    return _settled(checked, rulebook, scored, scored, checked.facts.bundle.challenges, draw_seed, explained)


def score(checked: Checked, *, under: Rulebook | None = None) -> Scored:
    """The scores of a bundle; `under` a rulebook that scores otherwise."""
    facts = checked.facts
    bids = [bid.id for item in facts.bundle.challenges for bid in facts.bids_of(item.id)]
    return _scored(under or facts.rulebook, bids, checked.marks, beside(facts.bundle))


def settle_without(
    checked: Checked,
    *,
    expert: str,
    scored: Scored,
    only: Collection[str] | None,
    draw_seed: str | None = None,
) -> Settled:
    """Rank and award as if an expert had marked nothing, on `only` some challenges (None: on all).

    `scored` is the whole round; it also says which bids have enough reviews, which is not asked again.
    """
    facts = checked.facts
    chosen = [item for item in facts.bundle.challenges if only is None or item.id in only]
    bids = [bid.id for item in chosen for bid in facts.bids_of(item.id)]
    if shortlist.stages(facts.rulebook)[1] is None:
        left = without_expert(facts.rulebook, scored, expert=expert, bids=bids, marks=checked.marks)
    else:
        others = {
            bid: [mark for mark in marks if mark.expert != expert] for bid, marks in checked.marks.items()
        }
        near = [mark for mark in beside(facts.bundle) if mark.expert != expert]
        left = _scored(facts.rulebook, bids, others, near)
    return _settled(checked, facts.rulebook, left, scored, chosen, draw_seed, explained=False)


def settle_weighed(
    checked: Checked, *, under: Rulebook, scored: Scored, draw_seed: str | None = None
) -> Settled:
    """Rank and award under a rulebook in which criteria weigh otherwise; `scored` is the round as it is."""
    final, first = shortlist.stages(under)
    again = weighed_again(final, scored)
    if first is not None and scored.first is not None:
        again = _in_stages(first, weighed_again(first, scored.first), again)
    return _settled(checked, under, again, again, checked.facts.bundle.challenges, draw_seed, explained=False)


def _scored(rulebook: Rulebook, bids: Sequence[str], marks: Marks, near: Sequence[Mark]) -> Scored:
    """The scores of bids; of a first stage with criteria of its own those come before the final's."""
    final, first = shortlist.stages(rulebook)
    if first is None:
        return score_round(rulebook, bids=bids, marks=marks, beside=near)
    begun, ended = (
        score_round(
            book,
            bids=bids,
            marks={bid: _of(book, found) for bid, found in marks.items()},
            beside=_of(book, near),
        )
        for book in (first, final)
    )
    return _in_stages(first, begun, ended)


def _in_stages(first: Rulebook, begun: Scored, ended: Scored) -> Scored:
    """The scores of a final with those of the first stage before them."""
    rows = {bid: shortlist.joined(first, begun.scores[bid], row) for bid, row in ended.scores.items()}
    return replace(ended, scores=rows, first=begun)


def _of(rulebook: Rulebook, marks: Iterable[Mark]) -> list[Mark]:
    return [mark for mark in marks if mark.criterion in rulebook.criteria]


def _settled(
    checked: Checked, rulebook: Rulebook, scored: Scored, counted: Scored, challenges: Sequence[Challenge], seed: str | None,
    explained: bool,
) -> Settled:  # fmt: skip
    basis = Basis(
        facts=checked.facts, rulebook=rulebook, challenges=challenges, verdicts=checked.by_bid, scores=scored.scores,
        counts={bid: rows[-1] for bid, rows in counted.scores.items()}, seed=seed, explained=explained,
    )  # fmt: skip
    found = awarded(basis)
    return Settled(
        scored=scored,
        ranking=found.ranking,
        decisions=found.decisions,
        draws=found.draws,
        quotas=found.quotas,
    )


def _beside_plain(rulebook: Rulebook, found: Settled, plain: Settled) -> tuple[Place, ...]:
    """The ranking with the plain rank, and the expected one where scores order the bids, beside each rank."""
    plain_ranks = {place.bid: place.rank for place in plain.ranking}
    by_score = rulebook.award is None or rulebook.award.order_by.strip() == "bid.score"
    groups: dict[str, list[Score]] = {}
    for place in found.ranking if by_score else ():
        groups.setdefault(place.challenge, []).append(found.scored.scores[place.bid][-1])
    final = shortlist.stages(rulebook)[0]
    likely = {bid: rank for group in groups.values() for bid, rank in expected(final, group).items()}
    return tuple(
        replace(place, plain_rank=plain_ranks.get(place.bid), expected_rank=likely.get(place.bid))
        for place in found.ranking
    )


def _events(
    bundle: Bundle, rulebook: str, seed: str, ranking: Sequence[Place], found: Settled
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
    for decision in found.decisions:
        row = {"bid": decision.bid, "outcome": decision.outcome.value, "reason": decision.reason.code}
        rows[decision.challenge].append({**row, "rule": decision.rule, "rank": ranks.get(decision.bid)})
    for draw in found.draws:
        said = {"list": draw.pool.digest, "bids": list(draw.pool.names), "seed": draw.seed}
        yield Event(event="draw:listed", subject=draw.pool.challenge, body=said)
    for challenge, decided in rows.items():
        yield Event(event="challenge:decided", subject=challenge, body={"decisions": decided})


def total_awarded(result: RoundResult, bundle: Bundle) -> Decimal:
    """The sum of the awarded amounts, in the bundle's currency; unknown amounts count as nothing."""
    amounts = {bid.id: bid.amount for bid in bundle.bids}
    won = (amounts[row.bid] for row in result.decisions if row.outcome is Outcome.AWARDED)
    return sum((amount for amount in won if amount is not None), Decimal(0))

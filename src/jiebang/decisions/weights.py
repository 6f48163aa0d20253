"""How far a decision rests on the weights of criteria: ranks and awards while one weight moves, and how far all may.
Nothing here decides."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from jiebang.decisions.award import Outcome
from jiebang.decisions.bundle import Bundle
from jiebang.decisions.calibrated import Scored
from jiebang.decisions.round import RoundResult, score, settle_weighed
from jiebang.decisions.round_awards import Place
from jiebang.decisions.round_checks import Checked, check
from jiebang.decisions.scores import Weights, is_calibrated
from jiebang.decisions.sensitivity import Change, changes, scores_decide
from jiebang.engines.scoring import Exact
from jiebang.rules.expressions import names
from jiebang.rules.schema import Award, Rulebook

STEP = Decimal("0.05")
FACTORS = tuple(STEP * at for at in range(10, 31))  # of a weight: from half of it to one and a half
MOST_BIDS = 500  # each criterion costs twenty rounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Where the award of a challenge first becomes another one: at so many times the weight; nearer steps leave it as it is."""

    factor: Decimal
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Varied:
    """One criterion's weight at every factor: the rank of each bid (None: it has none), and where each challenge's award turns.

    `below` and `above` by challenge; a challenge that is not there keeps its award as far as was tried.
    """

    criterion: str
    ranks: Mapping[str, tuple[int | None, ...]]
    below: Mapping[str, Turn]
    above: Mapping[str, Turn]

    def nearest(self, challenge: str) -> Turn | None:
        """The turn nearest to the weight as it is; of equals the lower one."""
        found = [turns[challenge] for turns in (self.below, self.above) if challenge in turns]
        return min(found, key=lambda turn: abs(turn.factor - 1), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """All criteria that count, one by one; empty where weights decide nothing or there are too many bids.

    `safe`, by challenge: all weights may be off at once by less than this share of themselves, and the award stays;
    exact, only where the
    best scores are appointed and nothing else is looked at.
    """

    varied: tuple[Varied, ...] = ()
    safe: Mapping[str, Fraction] = field(default_factory=dict)

    def nearest(self, challenge: str) -> tuple[str, Turn] | None:
        """The criterion whose weight needs the least change for another award on a challenge, and that change."""
        found = [(one.criterion, turn) for one in self.varied if (turn := one.nearest(challenge))]
        return min(found, key=lambda pair: abs(pair[1].factor - 1), default=None)


def weighing(
    rulebook: Rulebook, bundle: Bundle, result: RoundResult, *, checked: Checked | None = None
) -> Weighing:
    """Decide the round again with one weight at every factor in turn; `result` is the round as it is, `checked` what was checked
    of it, where that is at hand."""
    counting = [key for key, criterion in rulebook.criteria.items() if criterion.weight]
    if (
        len(counting) < 2
        or not result.panel.marks
        or not scores_decide(rulebook)
        or len(bundle.bids) > MOST_BIDS
    ):
        return Weighing()
    known = checked or check(rulebook, bundle, as_of=result.as_of)
    scored = score(known)
    as_is = _Step(ranks=_ranks(result.ranking), changed={})
    varied = []
    for key in counting:
        steps = [
            as_is if factor == 1 else _step(known, _at(rulebook, key, factor), scored=scored, result=result)
            for factor in FACTORS
        ]
        varied.append(_varied(key, steps))
    return Weighing(varied=tuple(varied), safe=dict(_safe(rulebook, result, scored)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """What is kept of one round: the rank of each bid, and what is decided otherwise, by challenge."""

    ranks: Mapping[str, int]
    changed: Mapping[str, tuple[Change, ...]]


def _step(checked: Checked, under: Rulebook, *, scored: Scored, result: RoundResult) -> _Step:
    found = settle_weighed(checked, under=under, scored=scored, draw_seed=result.draw_seed)
    changed = _by_challenge(changes(result.decisions, found.decisions))
    return _Step(ranks=_ranks(found.ranking), changed=changed)


def _ranks(ranking: Sequence[Place]) -> dict[str, int]:
    return {place.bid: place.rank for place in ranking}


def _at(rulebook: Rulebook, key: str, factor: Decimal) -> Rulebook:
    """The programme with one weight at so many times itself."""
    criterion = rulebook.criteria[key]
    other = criterion.model_copy(update={"weight": criterion.weight * factor})
    return rulebook.model_copy(update={"criteria": {**rulebook.criteria, key: other}})


def _varied(key: str, steps: Sequence[_Step]) -> Varied:
    bids = dict.fromkeys(bid for step in steps for bid in step.ranks)
    found = [step.changed for step in steps]
    middle = FACTORS.index(Decimal(1))
    return Varied(
        criterion=key, ranks={bid: tuple(step.ranks.get(bid) for step in steps) for bid in bids},
        below=_first(range(middle - 1, -1, -1), found), above=_first(range(middle + 1, len(FACTORS)), found),
    )  # fmt: skip


def _first(steps: Sequence[int], found: Sequence[Mapping[str, tuple[Change, ...]]]) -> dict[str, Turn]:
    """For each challenge the first of these steps at which something changes."""
    turns: dict[str, Turn] = {}
    for step in steps:
        for challenge, rows in found[step].items():
            turns.setdefault(challenge, Turn(factor=FACTORS[step], changes=rows))
    return turns


def _by_challenge(rows: Sequence[Change]) -> dict[str, tuple[Change, ...]]:
    keys = dict.fromkeys(row.challenge for row in rows)
    return {key: tuple(row for row in rows if row.challenge == key) for key in keys}


def _safe(rulebook: Rulebook, result: RoundResult, scored: Scored) -> Iterator[tuple[str, Fraction]]:
    """For each challenge the least share of all weights at which an awarded bid may meet one that is not.

    With weights w and better values d of the first, it leads by the sum of w*d; weights off by a share e take e times the sum of
    w*|d| of that at most.
    """
    if not _only_scores(rulebook):
        return
    weights = Weights(rulebook)
    parts = {bid: weights.parts(graded) for bid, graded in scored.graded.items()}
    for challenge in dict.fromkeys(place.challenge for place in result.ranking):
        ranked = {place.bid for place in result.ranking if place.challenge == challenge}
        rows = [row for row in result.decisions if row.bid in ranked]
        if any(row.rule == "award.on_tie" for row in rows):
            continue  # a tie breaks at the least change
        won = [parts[row.bid] for row in rows if row.outcome is Outcome.AWARDED]
        lost = [parts[row.bid] for row in rows if row.outcome in (Outcome.NOT_AWARDED, Outcome.RESERVE)]
        shares = [share for one in won for other in lost if (share := _share(one, other)) is not None]
        if shares:
            yield challenge, min(shares)


def _share(one: Mapping[str, Exact], other: Mapping[str, Exact]) -> Fraction | None:
    ahead = [Fraction(one[key]) - Fraction(other[key]) for key in one]
    whole = sum(map(abs, ahead), Fraction(0))
    return sum(ahead, Fraction(0)) / whole if whole else None


def _only_scores(rulebook: Rulebook) -> bool:
    """Whether the best exact scores are appointed whatever else is known."""
    award = rulebook.award or Award(status="assumed", why="The rulebook says nothing.")
    exact = not is_calibrated(rulebook) and not (rulebook.scoring and rulebook.scoring.worst_share)
    read = names(award.approve) if award.approve else frozenset()
    plain = award.rule == "top" and award.order_by.strip() == "bid.score" and not award.within_budget
    apart = not award.quotas and award.shortlist is None
    return exact and plain and apart and not any(name.startswith(("bid.score", "bid.mean")) for name in read)

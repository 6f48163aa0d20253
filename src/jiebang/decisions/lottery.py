"""The partial lottery: chance decides only where the scores cannot.

The funding line is the score of the last bid that the ranking alone would award. A bid whose whole interval lies above it
is awarded, one below is not, and those that the line crosses are drawn for what is left (Heyard et al., "Rethinking the
Funding Line at the Swiss National Science Foundation", Statistics and Public Policy 9, 2022; there with expected ranks).
Before the draw they wait on the reserve list; the draw itself is `engines.draw`.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from jiebang.decisions.outcomes import Candidate, Decision, Field, Line, Outcome, too_dear
from jiebang.decisions.scores import Score, is_calibrated
from jiebang.engines.draw import Pool, Turn, normal_form, play
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Award, Rulebook

RULE = "award.lottery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A draw as far as it has come: the pool that was committed, the seed once it is public, and who left since."""

    pool: Pool
    seed: str | None = None
    gone: frozenset[str] = frozenset()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What the seed draws, in order; nothing before it is known. Raises ValueError for what is no seed."""
        return () if self.seed is None else play(self.pool, key=normal_form(self.seed), gone=self.gone)


def pool(text: str) -> Pool:
    """A committed list from its JSON; raises ValueError for anything else."""
    return Pool.of_data(json.loads(text))


def seed_fault(rulebook: Rulebook, text: str) -> str | None:
    """What is wrong with the public numbers of a draw, in English: no numbers, or not those of as many sources."""
    rule = rulebook.award.lottery if rulebook.award else None
    try:
        given = normal_form(text).count("/")
    except ValueError as error:
        return str(error)
    if rule is not None and given != len(rule.sources):
        return f"the rulebook names {len(rule.sources)} sources, these are the numbers of {given}; put / between sources"
    return None


def interval(rulebook: Rulebook, overall: Score, *, lower: bool = False) -> tuple[float, float] | None:
    """Where the score of a bid may lie, as the rulebook's lottery measures it; None where fewer than two experts scored.

    `lower` turns it, as the order of a round is turned in which lower scores are better.
    """
    rule = rulebook.award.lottery if rulebook.award else None
    if rule is None or overall.adjusted is None or overall.sd is None:
        return None
    error = (
        overall.se
        if is_calibrated(rulebook) and overall.se is not None
        else overall.sd / math.sqrt(overall.n)
    )
    half = error if rule.interval == "standard_error" else overall.sd
    half *= float(rule.width)
    middle = -overall.adjusted if lower else overall.adjusted
    return middle - half, middle + half


def pool_of(rule: Award, field: Field) -> Pool:
    """Who is awarded without a draw, who is in it, and what is left for them; nobody is in it where all of them fit."""
    money = field.budget if rule.within_budget else None
    lines = [line for line in field.lines if _refused(rule, field, line.candidate) is None]
    taken = _prefix(lines, field.places, money)
    whole = len(taken) == len(lines)
    line = taken[-1].key[0] if taken else Fraction(0)
    ends = {item.candidate.bid: item.candidate.interval or (0.0, 0.0) for item in lines}
    sure = [item.candidate for item in lines if whole or ends[item.candidate.bid][0] > line]
    known = {item.bid for item in sure}
    crossing = [
        item.candidate
        for item in lines
        if item.candidate.bid not in known and ends[item.candidate.bid][1] >= line
    ]
    sources = rule.lottery.sources.values() if rule.lottery else ()
    left = None if field.places is None else field.places - len(sure)
    rest = None if money is None else money - _sum(sure)
    if (left is None or len(crossing) <= left) and (rest is None or _sum(crossing) <= rest):
        sure, crossing = [*sure, *crossing], []
    named = {
        item.bid: item for item in sorted(crossing, key=lambda item: item.bid)
    }  # says nothing of the scores
    return Pool(
        challenge=field.challenge, names=tuple(named), sure=tuple(sorted(item.bid for item in sure)), places=left,
        money=rest, skip=rule.skip, sources=tuple(source.label for source in sources),
        amounts=None if rest is None else {name: item.amount or Decimal(0) for name, item in named.items()},
    )  # fmt: skip


def draw_of(
    rulebook: Rulebook, field: Field, *, held: Pool | None = None, seed: str | None = None
) -> Draw | None:
    """The draw of a challenge: of the pool that was committed, or else of the one that its bids make; None without one."""
    if rulebook.award is None or rulebook.award.rule != "lottery":
        return None
    chosen = held or pool_of(rulebook.award, field)
    here = {line.candidate.bid for line in field.lines}
    gone = frozenset(chosen.names) - here
    return Draw(pool=chosen, seed=seed, gone=gone) if chosen.names else None


def decide(rule: Award, field: Field, draw: Draw | None) -> list[Decision]:
    """A decision on every ranked bid of a challenge: by the pool that was committed (`draw`), else by its own."""
    pool = draw.pool if draw else pool_of(rule, field)
    turns = {turn.step.drawn: (place, turn) for place, turn in enumerate(draw.turns if draw else (), start=1)}
    waiting = [name for name, (_, turn) in turns.items() if turn.fate == "no_place"][: rule.reserve]
    found: list[Decision] = []
    for line in field.lines:
        name = line.candidate.bid
        outcome, why = _refused(rule, field, line.candidate) or _of(name, pool, turns, waiting)
        found.append(Decision(challenge=field.challenge, bid=name, outcome=outcome, reason=why, rule=RULE))
    return found


def _of(
    name: str, pool: Pool, turns: Mapping[str, tuple[int, Turn]], waiting: Sequence[str]
) -> tuple[Outcome, Reason]:
    count = len(pool.names)
    if name in pool.sure:
        return Outcome.AWARDED, reason("award.above_line")
    if name not in pool.names:
        return Outcome.NOT_AWARDED, reason("award.below_line")
    if name not in turns:
        return Outcome.RESERVE, reason("award.in_draw", count=count)
    place, turn = turns[name]
    if turn.fate == "awarded":
        return Outcome.AWARDED, reason("award.drawn", turn=place, count=count)
    if turn.fate == "over_budget":
        return Outcome.OVER_BUDGET, _dear(pool, turn)
    if turn.fate == "stopped":
        return Outcome.OVER_BUDGET, reason("award.stopped")
    if name in waiting:
        return Outcome.RESERVE, reason("award.drawn_reserve", turn=place, count=count)
    return Outcome.NOT_AWARDED, reason("award.not_drawn", turn=place, count=count)


def _dear(pool: Pool, turn: Turn) -> Reason:
    amount = (pool.amounts or {})[turn.step.drawn]
    return reason("award.over_budget", amount=f"{amount:,f}", left=f"{turn.money:,f}")


def _refused(rule: Award, field: Field, candidate: Candidate) -> tuple[Outcome, Reason] | None:
    """Why a bid stands outside the lottery altogether."""
    if rule.within_budget and field.budget is None:
        return Outcome.NOT_AWARDED, reason("award.budget_unknown")
    if candidate.interval is None:
        return Outcome.NOT_AWARDED, reason("award.no_interval")
    dear = too_dear(candidate, field.budget if rule.within_budget else None)
    if dear is None:
        return None
    return (Outcome.OVER_BUDGET if dear.code == "award.over_budget" else Outcome.NOT_AWARDED), dear


def _prefix(lines: Sequence[Line], places: int | None, money: Decimal | None) -> list[Line]:
    """What the ranking alone would award, up to the first bid that finds no place or no money."""
    taken: list[Line] = []
    for line in lines:
        if places is not None and len(taken) >= places:
            break
        if money is not None and _sum([item.candidate for item in [*taken, line]]) > money:
            break
        taken.append(line)
    return taken


def _sum(candidates: Sequence[Candidate]) -> Decimal:
    return sum((item.amount or Decimal(0) for item in candidates), Decimal(0))

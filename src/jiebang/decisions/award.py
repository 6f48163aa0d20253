"""The award of one challenge: from ranked bids and the rule to one outcome with its reason for every bid.

Money and ties are compared as decimals. `top` appoints the first of the ranking; `budget_fill` goes down the
ranking while the money lasts. An award never passes the budget where the rule looks at it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import groupby

from jiebang.decisions.ranking import Key, Rank, number, rank
from jiebang.rules.expressions import Truth, compile_expression, evaluate
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Award, Rulebook


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
    """A bid that passed the checks: its amount, its facts as expressions read them, whether it may be ranked."""

    bid: str
    amount: Decimal | None
    facts: Mapping[str, object] = field(default_factory=dict)
    ranked: bool = True


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


@dataclass(slots=True)
class _Purse:
    """What is left while going down the ranking; None is without limit."""

    places: int | None
    money: Decimal | None
    closed: Reason | None = None


def order(rulebook: Rulebook, *, candidates: Iterable[Candidate], lower: bool = False) -> tuple[Line, ...]:
    """The candidates that can be ranked, in order. `lower` turns a plain `bid.score` round."""
    rule = rulebook.award or _plain_award()
    known: dict[str, tuple[Candidate, Key]] = {}
    for candidate in candidates:
        key = _key(rule, candidate, lower) if candidate.ranked else None
        if key is not None:
            known[candidate.bid] = (candidate, key)
    places = rank({bid: key for bid, (_, key) in known.items()})
    return tuple(Line(place=place, candidate=known[place.id][0], key=known[place.id][1]) for place in places)


def award(
    rulebook: Rulebook,
    *,
    challenge: str,
    budget: Decimal | None,
    candidates: Sequence[Candidate],
    lines: Sequence[Line],
    racing: bool = False,
    leads: int | None = None,
) -> tuple[Decision, ...]:
    """One decision for each candidate, in the order given, and a `no_award` row when nobody is awarded.

    `lines` is what `order` made of the candidates; `racing` lets several be appointed:
    `leads` as the notice announced, else and at most the rulebook's `racing.max_leads`.
    """
    rule = rulebook.award or _plain_award()
    decided = {candidate.bid: _unranked(challenge, candidate) for candidate in candidates}
    approved: list[Line] = []
    for line in lines:
        refusal = _refusal(rule, challenge, line)
        if refusal is None:
            approved.append(line)
        else:
            decided[line.candidate.bid] = refusal
    needs_budget = rule.rule == "budget_fill" or rule.within_budget
    purse = _Purse(_places(rulebook, rule, racing, leads), budget if needs_budget else None)
    if needs_budget and budget is None:
        purse.closed = reason("award.budget_unknown")
    for decision in _go_down(rule, challenge, approved, purse):
        decided[decision.bid] = decision
    rows = _reserve(rule, approved, decided)
    return (*rows, *_no_award(challenge, rows))


def _plain_award() -> Award:
    return Award(status="assumed", why="The rulebook says nothing: the best score is appointed.")


def _key(rule: Award, candidate: Candidate, lower: bool) -> Key | None:
    first = number(rule.order_by, facts=candidate.facts)
    if first is None:
        return None
    if lower and rule.order_by.strip() == "bid.score":
        first = -first
    more = (number(source, facts=candidate.facts) for source in rule.then_by)
    # an unknown tie-break stands behind every known one
    return (
        first,
        *(
            part
            for value in more
            for part in ((Fraction(0), Fraction(0)) if value is None else (Fraction(1), value))
        ),
    )


def _places(rulebook: Rulebook, rule: Award, racing: bool, leads: int | None) -> int | None:
    if racing and rulebook.racing is not None and rulebook.racing.allowed:
        most = rulebook.racing.max_leads
        return min(leads, most) if leads else most
    return rule.max_awards


def _unranked(challenge: str, candidate: Candidate) -> Decision:
    code = "award.no_order_value" if candidate.ranked else "award.too_few_reviews"
    rule = "award.order_by" if candidate.ranked else "scoring.reviews_needed"
    return _decision(challenge, candidate.bid, Outcome.NOT_AWARDED, reason(code), rule)


def _refusal(rule: Award, challenge: str, line: Line) -> Decision | None:
    if rule.approve is None:
        return None
    compiled = compile_expression(rule.approve)
    if isinstance(compiled, Reason):
        return _decision(challenge, line.candidate.bid, Outcome.NOT_AWARDED, compiled, "award.approve")
    answer = evaluate(compiled, line.candidate.facts)
    if answer.truth is Truth.PASS:
        return None
    why = reason("award.approval_unknown", missing=", ".join(answer.missing))
    if answer.truth is Truth.FAIL:
        why = reason("award.not_approved", rule=rule.approve)
    return _decision(challenge, line.candidate.bid, Outcome.NOT_AWARDED, why, "award.approve")


def _go_down(rule: Award, challenge: str, approved: Sequence[Line], purse: _Purse) -> Iterator[Decision]:
    for _, tied in groupby(approved, key=lambda line: line.key):
        group = sorted(tied, key=lambda line: _beyond(line, purse))  # what cannot fit stands last in its tie
        if rule.on_tie == "amount":
            yield from _by_amount(rule, challenge, group, purse)
        else:
            yield from _together(rule, challenge, group, purse)


def _together(rule: Award, challenge: str, group: Sequence[Line], purse: _Purse) -> Iterator[Decision]:
    """Settle bids that nothing distinguishes: alike, or by the committee where the line runs through them."""
    if rule.on_tie == "all" and purse.places:
        purse.places = max(purse.places, len(group))
    split = _split(group, purse)
    if split is not None and rule.on_tie != "all":
        yield from _leave_to_committee(challenge, group, purse, split)
        return
    if split is not None:
        purse.closed = reason("award.tie_over_budget", count=len(group))
    for line in group:
        yield _settle(rule, challenge, line.candidate, purse)


def _by_amount(rule: Award, challenge: str, group: Sequence[Line], purse: _Purse) -> Iterator[Decision]:
    if _split(group, purse) is None:
        yield from _together(rule, challenge, group, purse)
        return
    cheapest = sorted(group, key=lambda line: (line.candidate.amount is None, line.candidate.amount or 0))
    for _, same in groupby(cheapest, key=lambda line: line.candidate.amount):
        yield from _together(rule, challenge, list(same), purse)


def _beyond(line: Line, purse: _Purse) -> bool:
    return purse.money is not None and (line.candidate.amount is None or line.candidate.amount > purse.money)


def _split(group: Sequence[Line], purse: _Purse) -> str | None:
    """Whether the line runs through a tie: by `places`, by `money`, or not (None)."""
    fitting = [line for line in group if not _beyond(line, purse)]
    if len(fitting) < 2 or purse.closed is not None or purse.places == 0:
        return None
    if purse.places is not None and purse.places < len(fitting):
        return "places"
    asked = sum((line.candidate.amount or Decimal(0) for line in fitting), Decimal(0))
    return "money" if purse.money is not None and asked > purse.money else None


def _leave_to_committee(
    challenge: str, group: Sequence[Line], purse: _Purse, split: str
) -> Iterator[Decision]:
    for line in group:
        why, outcome = reason("award.tie", count=len(group), rank=line.place.rank), Outcome.RESERVE
        if _beyond(line, purse):
            why, outcome = _too_dear(line.candidate, purse), Outcome.OVER_BUDGET
        yield _decision(challenge, line.candidate.bid, outcome, why, "award.on_tie")
    if split == "places":
        purse.places = 0
    else:
        purse.closed = reason("award.after_tie")


def _too_dear(candidate: Candidate, purse: _Purse) -> Reason:
    if candidate.amount is None:
        return reason("award.amount_unknown")
    return reason("award.over_budget", amount=f"{candidate.amount:,f}", left=f"{purse.money:,f}")


def _settle(rule: Award, challenge: str, candidate: Candidate, purse: _Purse) -> Decision:
    """Award one bid if a place and the money are there, and take them from the purse."""
    outcome, why, key = _judge(rule, candidate, purse)
    if outcome is Outcome.AWARDED:
        purse.places = None if purse.places is None else purse.places - 1
        purse.money = None if purse.money is None else purse.money - (candidate.amount or Decimal(0))
    elif outcome is Outcome.OVER_BUDGET and not rule.skip and purse.closed is None:
        purse.closed = reason("award.stopped")
    return _decision(challenge, candidate.bid, outcome, why, key)


def _judge(rule: Award, candidate: Candidate, purse: _Purse) -> tuple[Outcome, Reason, str]:
    name = f"award.{rule.rule}"
    if purse.closed is not None and purse.closed.code != "award.after_tie":
        known = purse.closed.code != "award.budget_unknown"
        return (Outcome.OVER_BUDGET if known else Outcome.NOT_AWARDED), purse.closed, name
    if purse.places is not None and purse.places <= 0:
        return Outcome.NOT_AWARDED, reason("award.no_place"), "award.max_awards"
    if purse.money is not None and candidate.amount is None:
        return Outcome.NOT_AWARDED, reason("award.amount_unknown"), name
    if purse.money is not None and candidate.amount is not None and candidate.amount > purse.money:
        return Outcome.OVER_BUDGET, _too_dear(candidate, purse), name
    if purse.closed is not None:
        return Outcome.RESERVE, purse.closed, "award.on_tie"
    return Outcome.AWARDED, reason("award.awarded"), name


def _reserve(rule: Award, approved: Sequence[Line], decided: Mapping[str, Decision]) -> list[Decision]:
    """Put the first approved bids that found no place on the reserve list."""
    rows, left = dict(decided), rule.reserve
    for line in approved:
        row = rows[line.candidate.bid]
        if left > 0 and row.outcome is Outcome.NOT_AWARDED and row.rule == "award.max_awards":
            why = reason("award.reserve", rank=line.place.rank)
            rows[row.bid] = replace(row, outcome=Outcome.RESERVE, reason=why, rule="award.reserve")
            left -= 1
    return list(rows.values())


def _no_award(challenge: str, rows: Sequence[Decision]) -> list[Decision]:
    if any(row.outcome is Outcome.AWARDED for row in rows):
        return []
    tied = any(row.rule == "award.on_tie" for row in rows)
    code = "award.none_tie" if tied else "award.none_fit" if rows else "award.none_eligible"
    return [_decision(challenge, "", Outcome.NO_AWARD, reason(code), "award.on_tie" if tied else "award")]


def _decision(challenge: str, bid: str, outcome: Outcome, why: Reason, rule: str) -> Decision:
    return Decision(challenge=challenge, bid=bid, outcome=outcome, reason=why, rule=rule)

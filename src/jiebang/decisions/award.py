"""The award of one challenge: from ranked bids and the rule to one outcome with its reason for every bid.

Money and ties are compared as decimals. `top` appoints the first of the ranking; `budget_fill` goes down the
ranking while the money lasts; `portfolio` and `lottery` have modules of their own. An award never passes the budget
where the rule looks at it, nor a quota.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from jiebang.decisions import lottery, portfolio, shortlist
from jiebang.decisions.outcomes import (
    NOTHING,
    Candidate,
    Decision,
    Field,
    Line,
    Outcome,
    Standing,
    ordered,
    too_dear,
    unapproved,
)
from jiebang.decisions.quotas import Marks, Seats
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Award, Rulebook

__all__ = ["Candidate", "Decision", "Line", "Outcome", "award_all", "field_of", "order", "places_of"]


@dataclass(slots=True)
class _Purse:
    """What is left while going down the ranking; None is without limit."""

    places: int | None
    money: Decimal | None
    seats: Seats
    closed: Reason | None = None


def order(rulebook: Rulebook, *, candidates: Iterable[Candidate], lower: bool = False) -> tuple[Line, ...]:
    """The candidates that can be ranked, in order. `lower` turns a plain `bid.score` round."""
    rule = rulebook.award or _plain_award()
    turned = lower and rule.order_by.strip() == "bid.score"
    return ordered(
        rule.order_by, rule.then_by, candidates=[item for item in candidates if item.ranked], lower=turned
    )


def places_of(rulebook: Rulebook, *, racing: bool = False, leads: int | None = None) -> int | None:
    """How many may be awarded on a challenge; None without limit.

    `racing` lets several be appointed: `leads` as the notice announced, else and at most the rulebook's `racing.max_leads`.
    """
    if racing and rulebook.racing is not None and rulebook.racing.allowed:
        most = rulebook.racing.max_leads
        return min(leads, most) if leads else most
    return (rulebook.award or _plain_award()).max_awards


def field_of(
    rulebook: Rulebook,
    *,
    challenge: str,
    budget: Decimal | None,
    candidates: Sequence[Candidate],
    lower: bool = False,
    racing: bool = False,
    leads: int | None = None,
) -> Field:
    """The bids of a challenge ready for the award: who is short-listed, in which order, and who is approved.

    `budget` in the challenge's currency; `lower` turns a plain `bid.score` round; `racing` and `leads` as in `places_of`.
    """
    rule = rulebook.award or _plain_award()
    going, settled = shortlist.shortlist(rulebook, challenge=challenge, candidates=candidates)
    ranking = order(rulebook, candidates=going, lower=lower)
    heard = {row.bid: row for row in [*settled, *_heard(rule, challenge, going, ranking)]}
    return Field(
        challenge=challenge, budget=budget, places=places_of(rulebook, racing=racing, leads=leads),
        candidates=candidates, ranking=ranking, settled=heard,
        lines=[line for line in ranking if line.candidate.bid not in heard],
    )  # fmt: skip


def award_all(
    rulebook: Rulebook,
    *,
    fields: Sequence[Field],
    draws: Mapping[str, lottery.Draw] | None = None,
    explained: bool = True,
    standing: Standing = NOTHING,
    marked: dict[str, Marks] | None = None,
) -> list[tuple[Decision, ...]]:
    """For each challenge one decision on each candidate, in the order given, and a `no_award` row when nobody is awarded.

    Challenges are decided in the order given: what quotas over the call leave, the next one finds. `draws` are those of
    a lottery, by challenge; `standing` is what was decided of other challenges before and counts towards what is over the
    call. Not `explained`, a portfolio is found sooner and tells nobody what they would displace. `marked` is what bids count
    towards, where another award on the same bids told it before; it grows.
    """
    rule = rulebook.award or _plain_award()
    seats = Seats.of(rulebook, standing=standing.awards, known=marked)
    if rule.rule == "portfolio":
        found = portfolio.decide(rule, fields, standing=standing, explained=explained)
    elif rule.rule == "lottery":
        found = [lottery.decide(rule, field, (draws or {}).get(field.challenge)) for field in fields]
    else:
        found = [_ranked(rule, field, seats) for field in fields]
    rows = [_in_order(field, decided) for field, decided in zip(fields, found, strict=True)]
    return [(*part, *_no_award(field.challenge, part)) for field, part in zip(fields, rows, strict=True)]


def _in_order(field: Field, found: Iterable[Decision]) -> list[Decision]:
    decided = {**field.settled, **{row.bid: row for row in found}}
    return [decided[candidate.bid] for candidate in field.candidates]


def _heard(
    rule: Award, challenge: str, candidates: Sequence[Candidate], ranking: Sequence[Line]
) -> Iterator[Decision]:
    """The decisions on the bids that cannot be ranked or are not approved, before anything is compared."""
    ranked = {line.candidate.bid for line in ranking}
    for item in candidates:
        if item.bid not in ranked:
            yield _unranked(rule, challenge, item)
        elif why := unapproved(rule.approve, candidate=item):
            yield _decision(challenge, item.bid, Outcome.NOT_AWARDED, why, "award.approve")


def _ranked(rule: Award, field: Field, seats: Seats) -> list[Decision]:
    """Down the ranking, for `top` and `budget_fill`."""
    needs_budget = rule.rule == "budget_fill" or rule.within_budget
    seats.next_challenge()
    purse = _Purse(field.places, field.budget if needs_budget else None, seats)
    if needs_budget and field.budget is None:
        purse.closed = reason("award.budget_unknown")
    decided = {row.bid: row for row in _go_down(rule, field.challenge, field.lines, purse)}
    return _reserve(rule, field.lines, decided)


def _plain_award() -> Award:
    return Award(status="assumed", why="The rulebook says nothing: the best score is appointed.")


def _unranked(rule: Award, challenge: str, candidate: Candidate) -> Decision:
    if rule.shortlist is not None:
        why = reason("award.shortlisted")
        return _decision(challenge, candidate.bid, Outcome.RESERVE, why, shortlist.RULE)
    code = "award.no_order_value" if candidate.ranked else "award.too_few_reviews"
    name = "award.order_by" if candidate.ranked else "scoring.reviews_needed"
    return _decision(challenge, candidate.bid, Outcome.NOT_AWARDED, reason(code), name)


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
    if split is not None and (rule.on_tie != "all" or split == "seats"):
        yield from _leave_to_committee(rule, challenge, group, purse, split)
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
    """Whether a bid fits neither the money nor the quotas, whatever becomes of its tie."""
    return (
        too_dear(line.candidate, purse.money) is not None or purse.seats.against(line.candidate) is not None
    )


def _split(group: Sequence[Line], purse: _Purse) -> str | None:
    """Whether the line runs through a tie: by `places`, by a quota's `seats`, by `money`, or not (None)."""
    fitting = [line for line in group if not _beyond(line, purse)]
    if len(fitting) < 2 or purse.closed is not None or purse.places == 0:
        return None
    if purse.places is not None and purse.places < len(fitting):
        return "places"
    if purse.seats.too_few(line.candidate for line in fitting):
        return "seats"
    asked = sum((line.candidate.amount or Decimal(0) for line in fitting), Decimal(0))
    return "money" if purse.money is not None and asked > purse.money else None


def _leave_to_committee(
    rule: Award, challenge: str, group: Sequence[Line], purse: _Purse, split: str
) -> Iterator[Decision]:
    for line in group:
        why, outcome = reason("award.tie", count=len(group), rank=line.place.rank), Outcome.RESERVE
        if _beyond(line, purse):
            outcome, why, _ = _judge(rule, line.candidate, purse)
        yield _decision(challenge, line.candidate.bid, outcome, why, "award.on_tie")
    if split == "places":
        purse.places = 0
    else:
        purse.closed = reason("award.after_tie")


def _settle(rule: Award, challenge: str, candidate: Candidate, purse: _Purse) -> Decision:
    """Award one bid if a place and the money are there, and take them from the purse."""
    outcome, why, key = _judge(rule, candidate, purse)
    if outcome is Outcome.AWARDED:
        purse.places = None if purse.places is None else purse.places - 1
        purse.money = None if purse.money is None else purse.money - (candidate.amount or Decimal(0))
        purse.seats.take(candidate)
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
    if held := purse.seats.against(candidate):
        return Outcome.NOT_AWARDED, *held
    if dear := too_dear(candidate, purse.money):
        known = dear.code != "award.amount_unknown"
        return (Outcome.OVER_BUDGET if known else Outcome.NOT_AWARDED), dear, name
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


_WAITS = {
    "award.on_tie": "award.none_tie",
    "award.lottery": "award.none_draw",
    shortlist.RULE: "award.none_final",
}


def _no_award(challenge: str, rows: Sequence[Decision]) -> list[Decision]:
    """The challenge's own row where nobody is awarded: what it waits for, or that nothing met the rules."""
    if any(row.outcome is Outcome.AWARDED for row in rows):
        return []
    waits = [row.rule for row in rows if row.outcome is Outcome.RESERVE and row.rule in _WAITS]
    if waits:
        return [_decision(challenge, "", Outcome.NO_AWARD, reason(_WAITS[waits[0]]), waits[0])]
    code = "award.none_fit" if rows else "award.none_eligible"
    return [_decision(challenge, "", Outcome.NO_AWARD, reason(code), "award")]


def _decision(challenge: str, bid: str, outcome: Outcome, why: Reason, rule: str) -> Decision:
    return Decision(challenge=challenge, bid=bid, outcome=outcome, reason=why, rule=rule)

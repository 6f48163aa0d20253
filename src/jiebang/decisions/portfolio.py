"""The portfolio: of all sets of bids that budget, places and quotas allow, the one with the greatest sum.

Summed is what orders the bids. Of sets with the same sum the one is taken that holds the better-placed bid where they first
differ; bids of one place stand there in the order of their amounts, then as they were handed in. Challenges that a quota
over the call joins are decided together, each with its own budget unless that is over the call too.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from jiebang.decisions.outcomes import (
    NOTHING,
    Candidate,
    Decision,
    Field,
    Line,
    Outcome,
    Standing,
    too_dear,
)
from jiebang.decisions.quotas import Mark, marks, members
from jiebang.engines.portfolio.problem import Collision, Limit, Portfolio, Problem, Unproven, in_units
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Award

RULE = "award.portfolio"
Item = tuple[Field, Line]
Verdict = tuple[Outcome, Reason, str]
Answer = Portfolio | Collision | Unproven


def decide(
    rule: Award, fields: Sequence[Field], *, standing: Standing = NOTHING, explained: bool = True
) -> list[list[Decision]]:
    """For each challenge a decision on every ranked bid; what is `standing` takes from what is over the call. Not
    `explained`, in a fraction of the time, the outcomes are the same."""
    groups = [list(fields)] if rule.over_call else [[field] for field in fields]
    found = [row for group in groups for row in _together(rule, group, standing, explained)]
    return [[row for row in found if row.challenge == field.challenge] for field in fields]


def _together(
    rule: Award, fields: Sequence[Field], standing: Standing, explained: bool
) -> Iterator[Decision]:
    items: list[Item] = []
    purse = _purse(fields, standing) if rule.budget_over == "call" else None
    for field in fields:
        budget = purse if rule.budget_over == "call" else field.budget
        for line in field.lines:
            held = _outside(rule, budget, line.candidate)
            if held is None:
                items.append((field, line))
            else:
                yield _row(field, line, held)
    items.sort(key=lambda item: (item[1].place.rank, item[1].candidate.amount or Decimal(0)))
    empty = Portfolio(frozenset(), 0, {})
    answer = _answer(_problem(rule, items, purse, standing), explained) if items else empty
    for place, (field, line) in enumerate(items):
        yield _row(field, line, _verdict(items, answer, place))


def _answer(problem: Problem, explained: bool) -> Answer:
    from jiebang.engines.portfolio.best import best, best_set

    try:
        if explained:
            return best(problem)
        chosen = best_set(problem)
    except Unproven as told:
        return told
    if chosen is None:
        return Collision(())
    left = frozenset(range(len(problem.values))) - chosen
    return Portfolio(chosen, problem.worth(chosen), {}, unproven=left)


def _purse(fields: Sequence[Field], standing: Standing) -> Decimal | None:
    """What the challenges of a call may spend together: their budgets, less what stands already; None where one is unknown."""
    budgets = [*(field.budget for field in fields), standing.budget]
    known = [budget for budget in budgets if budget is not None]
    spent = sum((item.amount or Decimal(0) for item in standing.awards), Decimal(0))
    return sum(known, Decimal(0)) - spent if len(known) == len(budgets) else None


def _outside(rule: Award, budget: Decimal | None, candidate: Candidate) -> Verdict | None:
    """Why a bid can be in no portfolio whatever the others are."""
    if budget is None:
        return Outcome.NOT_AWARDED, reason("award.budget_unknown"), RULE
    if dear := too_dear(candidate, budget):
        known = dear.code == "award.over_budget"
        return (Outcome.OVER_BUDGET if known else Outcome.NOT_AWARDED), dear, RULE
    if unknown := marks(rule.quotas, candidate)[1]:
        why = reason("award.quota_unknown", quota=unknown[0])
        return Outcome.NOT_AWARDED, why, f"award.quotas.{unknown[0]}"
    return None


def _problem(rule: Award, items: Sequence[Item], purse: Decimal | None, standing: Standing) -> Problem:
    values = in_units([float(line.key[0]) for _, line in items])
    fields = {field.challenge: field for field, _ in items}
    limits = [
        limit for field in fields.values() for limit in _of_challenge(field, items, alone=purse is None)
    ]
    if purse is not None:
        everywhere = {place: line.candidate for place, (_, line) in enumerate(items)}
        limits.append(_money("budget_over_call", everywhere, purse))
    numbers = {challenge: number for number, challenge in enumerate(fields)}
    parts = tuple(numbers[field.challenge] for field, _ in items)
    return Problem(values=values, limits=(*limits, *_of_quotas(rule, items, standing)), parts=parts)


def _of_challenge(field: Field, items: Sequence[Item], *, alone: bool) -> Iterator[Limit]:
    """Its places, and its money where it is spent `alone`."""
    here = {place: line.candidate for place, (other, line) in enumerate(items) if other is field}
    if alone:
        yield _money("budget", here, field.budget or Decimal(0))
    if field.places is not None:
        yield Limit(name="max_awards", weights=dict.fromkeys(here, 1), most=field.places)


def _money(name: str, here: Mapping[int, Candidate], budget: Decimal) -> Limit:
    """Money in the smallest unit that any of the amounts names."""
    amounts = {place: item.amount or Decimal(0) for place, item in here.items()}
    fine = Decimal(10) ** -min(0, *(_exponent(number) for number in (budget, *amounts.values())))
    weights = {place: int(amount * fine) for place, amount in amounts.items()}
    return Limit(name=name, weights=weights, most=int(budget * fine))


def _exponent(number: Decimal) -> int:
    found = number.as_tuple().exponent
    return found if isinstance(found, int) else 0


def _of_quotas(rule: Award, items: Sequence[Item], standing: Standing) -> Iterator[Limit]:
    before = members(rule.quotas, standing.awards)
    for (challenge, mark), places in _counted(rule, items).items():
        quota, taken = rule.quotas[mark[0]], 0 if challenge else len(before.get(mark, ()))
        name = " ".join(filter(None, [*mark, challenge]))
        most = None if quota.most is None else max(0, quota.most - taken)
        least = None if quota.least is None or quota.least <= taken else quota.least - taken
        yield Limit(name=name, weights=dict.fromkeys(places, 1), most=most, least=least)


def _counted(rule: Award, items: Sequence[Item]) -> dict[tuple[str, Mark], list[int]]:
    """Who counts towards what: for a quota over the challenge in each challenge, else (empty) in all together.

    A condition that must hold for so many counts where no bid meets it too.
    """
    found: dict[tuple[str, Mark], list[int]] = {}
    for key, quota in rule.quotas.items():
        for challenge in [""] if quota.over == "call" else list(dict.fromkeys(f.challenge for f, _ in items)):
            here = [n for n, (field, _) in enumerate(items) if challenge in ("", field.challenge)]
            if quota.where:
                found[challenge, (key, "")] = []
            marked = members({key: quota}, [items[n][1].candidate for n in here])
            found |= {(challenge, mark): [here[n] for n in places] for mark, places in marked.items()}
    return found


def _verdict(items: Sequence[Item], answer: Answer, place: int) -> Verdict:
    if isinstance(answer, Unproven):
        return Outcome.RESERVE, _unproven(answer, place), "award.on_tie"
    if isinstance(answer, Collision):
        return (
            Outcome.RESERVE,
            reason("award.quotas_collide", limits="; ".join(answer.limits)),
            "award.on_tie",
        )
    if place in answer.chosen:
        return Outcome.AWARDED, reason("award.in_portfolio"), RULE
    if place in answer.unproven:
        return Outcome.NOT_AWARDED, reason("award.not_in_portfolio"), RULE
    swap = answer.swaps[place]
    if swap is None:
        return Outcome.NOT_AWARDED, reason("award.in_no_portfolio"), RULE
    if not swap.out:
        return Outcome.NOT_AWARDED, reason("award.adds_nothing"), RULE
    out, also = (_named(items, numbers) for numbers in (swap.out, swap.also))
    if swap.loss == 0:
        return Outcome.NOT_AWARDED, reason("award.displaced_equal", bids=out), RULE
    why = reason("award.displaced_with", bids=out, also=also) if also else reason("award.displaced", bids=out)
    return Outcome.NOT_AWARDED, why, RULE


def _unproven(told: Unproven, place: int) -> Reason:
    """Whether a bid is in the best set found, and how much more another may be worth."""
    if told.chosen is None:
        return reason("award.unproven")
    inside = "award.unproven_in" if place in told.chosen else "award.unproven_out"
    return reason(inside, gap=f"{100 * told.gap:.2g}")


def _named(items: Sequence[Item], numbers: frozenset[int]) -> str:
    return ", ".join(items[place][1].candidate.bid for place in sorted(numbers))


def _row(field: Field, line: Line, verdict: Verdict) -> Decision:
    outcome, why, rule = verdict
    return Decision(challenge=field.challenge, bid=line.candidate.bid, outcome=outcome, reason=why, rule=rule)

"""The first stage of an award: at most so many bids go on to the final, each of the others with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from jiebang.decisions.outcomes import Candidate, Decision, Line, Outcome, ordered, unapproved
from jiebang.decisions.scores import Score, enough
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Rulebook, Scoring, Shortlist

RULE = "award.shortlist"
SCORE = "first_score"  # what the criteria of the first stage come to, among a bid's scores


def stages(rulebook: Rulebook) -> tuple[Rulebook, Rulebook | None]:
    """The rulebook as it scores the final, and as it scores the first stage (None where that has no criteria)."""
    rule = rulebook.award.shortlist if rulebook.award else None
    if rule is None or not rule.criteria:
        return rulebook, None
    first = {key: item for key, item in rulebook.criteria.items() if key in rule.criteria}
    final = {key: item for key, item in rulebook.criteria.items() if key not in first}
    scoring = rulebook.scoring or Scoring(status="assumed", why="The rulebook says nothing: the mean of all.")
    fewer = scoring.model_copy(update={"reviews_needed": rule.reviews_needed})
    return (
        rulebook.model_copy(update={"criteria": final}),
        rulebook.model_copy(update={"criteria": first, "scoring": fewer}),
    )


def joined(first: Rulebook, begun: tuple[Score, ...], ended: tuple[Score, ...]) -> tuple[Score, ...]:
    """The scores of a bid in both stages: the first one's overall stands as `first_score`, unknown with too few reviews."""
    overall = replace(begun[-1], criterion=SCORE)
    if not enough(first, overall=overall):
        overall = replace(overall, adjusted=None)
    return (*begun[:-1], overall, *ended)


def shortlist(
    rulebook: Rulebook, *, challenge: str, candidates: Sequence[Candidate]
) -> tuple[list[Candidate], list[Decision]]:
    """Who goes on, in the order given, and a decision on everybody else; all go on where there is no first stage."""
    rule = rulebook.award.shortlist if rulebook.award else None
    if rule is None:
        return list(candidates), []
    refused = {c.bid: why for c in candidates if (why := unapproved(rule.approve, candidate=c))}
    lines = ordered(
        rule.order_by, rule.then_by, candidates=[item for item in candidates if item.bid not in refused]
    )
    going, waiting = _cut(rule, lines)
    out: list[Decision] = []
    places = {line.candidate.bid: line.place.rank for line in lines}
    for item in candidates:
        if item.bid in going:
            continue
        outcome = Outcome.RESERVE if item.bid in waiting else Outcome.NOT_AWARDED
        name = "award.on_tie" if item.bid in waiting else RULE
        why = refused.get(item.bid) or waiting.get(item.bid) or _left(rule, places.get(item.bid))
        out.append(Decision(challenge=challenge, bid=item.bid, outcome=outcome, reason=why, rule=name))
    return [item for item in candidates if item.bid in going], out


def _cut(rule: Shortlist, lines: Sequence[Line]) -> tuple[set[str], Mapping[str, Reason]]:
    """The bids that go on, and those that wait for the committee because the line runs through their tie."""
    going: set[str] = set()
    for _, same in groupby(lines, key=lambda line: line.key):
        group = list(same)
        room = rule.most - len(going)
        if room <= 0:
            break
        if len(group) > room and rule.on_tie == "committee":
            why = reason("award.tie", count=len(group), rank=group[0].place.rank)
            return going, {line.candidate.bid: why for line in group}
        going |= {line.candidate.bid for line in group}
    return going, {}


def _left(rule: Shortlist, place: int | None) -> Reason:
    if place is None:
        return reason("award.no_first_score")
    return reason("award.not_shortlisted", rank=place, most=rule.most)

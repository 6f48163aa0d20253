"""Criteria, award, clocks and settings that fit the schema and yet make no sense."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from jiebang.rules import lint_awarding
from jiebang.rules.currencies import minor_units
from jiebang.rules.expressions import names
from jiebang.rules.form_values import LANGUAGE
from jiebang.rules.problems import Problem
from jiebang.rules.schema import Award, Criterion, Rulebook
from jiebang.rules.threshold import threshold


def problems(rulebook: Rulebook) -> list[Problem]:
    """What no round could be judged or timed by."""
    checks = (
        _place_and_time,
        _criteria,
        _scoring,
        _aggregate,
        _assignment,
        _award,
        lint_awarding.problems,
        _threshold,
        _clocks,
        _currencies,
    )
    return [problem for check in checks for problem in check(rulebook)]


def _place_and_time(rulebook: Rulebook) -> Iterator[Problem]:
    try:
        ZoneInfo(rulebook.timezone)
    except (KeyError, OSError, ValueError):
        yield Problem(
            ("timezone",), f"`{rulebook.timezone}` is no time zone; write for example Asia/Shanghai"
        )
    if rulebook.money and rulebook.currency == "XXX":
        yield Problem(
            ("currency",), "names no currency (XXX) although the rulebook has `money`; write for example CNY"
        )
    for place, tag in enumerate(rulebook.languages):
        if not re.fullmatch(LANGUAGE, tag):
            yield Problem(
                ("languages", place), f"`{tag}` is no language tag; write for example en or zh-Hans"
            )


def _currencies(rulebook: Rulebook) -> Iterator[Problem]:
    for code, own in rulebook.money.currencies.items() if rulebook.money else ():
        places = minor_units(code)
        path = ("money", "currencies", code)
        if places is None:
            yield Problem(path, f"`{code}` is no currency in use; write for example VND")
        elif own.places > places:
            yield Problem((*path, "places"), f"{code} has {places} decimal places, not {own.places}")


def _criteria(rulebook: Rulebook) -> Iterator[Problem]:
    for key, criterion in rulebook.criteria.items():
        if criterion.weight == 0:
            yield Problem(
                ("criteria", key, "weight"), "is 0, so the criterion counts for nothing; weigh or remove it"
            )
        yield from _anchors(key, criterion)


def _anchors(key: str, criterion: Criterion) -> Iterator[Problem]:
    for anchor in criterion.anchors:
        try:
            inside = criterion.minimum <= Decimal(anchor) <= criterion.maximum
        except InvalidOperation:
            inside = False
        if not inside:
            said = f"`{anchor}` is no score between {criterion.minimum} and {criterion.maximum}"
            yield Problem(("criteria", key, "anchors", anchor), said)


def _scoring(rulebook: Rulebook) -> Iterator[Problem]:
    if rulebook.criteria and rulebook.scoring is None:
        yield Problem(
            ("criteria",), "there are criteria but no `scoring` that says how reviews become a score"
        )
    if rulebook.scoring and not rulebook.criteria:
        yield Problem(("scoring",), "there is scoring but no criterion; add `criteria`")
    trimmed = rulebook.scoring is not None and rulebook.scoring.aggregate == "trimmed_mean"
    if rulebook.scoring and trimmed and rulebook.scoring.reviews_needed < 3:
        yield Problem(
            ("scoring", "reviews_needed"), "a trimmed mean needs at least 3 reviews; write 3 or more"
        )


def _aggregate(rulebook: Rulebook) -> Iterator[Problem]:
    """What the chosen aggregate needs, and what it cannot mean."""
    scoring = rulebook.scoring
    if scoring is None:
        return
    weights = [level.weight for level in scoring.expertise.values()]
    if scoring.aggregate == "expertise_weighted" and not any(weights):
        said = "has no level that weighs anything; write for example {high: {label: {en: High}, weight: 2}}"
        yield Problem(("scoring", "expertise"), said)
    if scoring.worst_share and scoring.aggregate in ("shrunken", "crossed", "pairwise", "borda"):
        said = f"means nothing for `{scoring.aggregate}`, which no single expert's total enters; remove it"
        yield Problem(("scoring", "worst_share"), said)
    if scoring.aggregate in ("pairwise", "borda") and threshold(rulebook.award):
        said = f"`bid.score` is per cent of the other bids under `{scoring.aggregate}`; demand a level of `bid.mean`"
        yield Problem(("award", "approve"), said)


def _assignment(rulebook: Rulebook) -> Iterator[Problem]:
    """Experts of a bid that no assignment could have."""
    rule, scoring = rulebook.assignment, rulebook.scoring
    if rule is None:
        return
    needed = scoring.reviews_needed if scoring else 1
    experts = rule.experts or needed
    if experts < needed:
        said = f"asks {experts} where `scoring.reviews_needed` is {needed}; ask as many or more"
        yield Problem(("assignment", "experts"), said)
    if rule.least_of_sector > experts:
        yield Problem(
            ("assignment", "least_of_sector"), f"a bid has only {experts} experts; write {experts} or less"
        )
    if scoring and rule.least_load > scoring.max_load:
        said = f"is above the greatest load, `scoring.max_load` {scoring.max_load}; lower it"
        yield Problem(("assignment", "least_load"), said)
    if rule.cap is not None and not rule.plain:
        said = "a draw by lot keeps loads and conflicts only; leave out `cap`, or the quotas and the floor"
        yield Problem(("assignment", "cap"), said)
    if rule.least_of_sector and not rulebook.vocabulary.sectors:
        yield Problem(
            ("assignment", "least_of_sector"), "the vocabulary has no `sectors` that experts could know"
        )


def _award(rulebook: Rulebook) -> Iterator[Problem]:
    award = rulebook.award
    if award is None:
        return
    if award.rule == "top" and award.max_awards is None:
        yield Problem(("award", "max_awards"), "`top` without a number awards every bid; write how many")
    if award.rule != "top" and rulebook.racing and rulebook.racing.allowed:
        yield Problem(("racing", "allowed"), "racing appoints the first leads and needs award.rule `top`")
    if not rulebook.criteria and _reads(award, "bid.score"):
        yield Problem(
            ("award",),
            "ranks by `bid.score` although there are no criteria; add `criteria` or rank by others",
        )


def _reads(award: Award, fact: str) -> bool:
    sources = [award.order_by, award.approve or "", *award.then_by]
    return any(fact in names(source) for source in sources)


def _threshold(rulebook: Rulebook) -> Iterator[Problem]:
    """A threshold that no bid can reach, or none can miss."""
    scoring, found = rulebook.scoring, threshold(rulebook.award)
    if found is None or not scoring or scoring.combine != "weighted_mean" or not rulebook.criteria:
        return
    low = min(criterion.minimum for criterion in rulebook.criteria.values())
    high = max(criterion.maximum for criterion in rulebook.criteria.values())
    if not low <= found.value <= high:
        yield Problem(
            ("award", "approve"), f"{found.value} lies outside the scale of the criteria, {low} to {high}"
        )


def _clocks(rulebook: Rulebook) -> Iterator[Problem]:
    for key, clock in rulebook.clocks.items():
        path = ("clocks", key)
        if clock.unit == "working_days" and not clock.calendars:
            yield Problem(
                (*path, "calendars"), "working days need a calendar; write for example [CN] or [owner]"
            )
        if clock.unit != "working_days" and clock.calendars:
            yield Problem(
                (*path, "calendars"), f"are read for working days only, not {clock.unit}; remove them"
            )
        if clock.unit in ("months", "hours") and clock.first_day_counts:
            yield Problem((*path, "first_day_counts"), f"means nothing for {clock.unit}; remove it")
        for place, calendar in enumerate(clock.calendars):
            if calendar != "owner" and not re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", calendar):
                said = f"`{calendar}` is neither a country code nor `owner`"
                yield Problem((*path, "calendars", place), said)

"""Short list, quotas, portfolio and lottery that fit the schema and yet make no sense together."""

from collections.abc import Iterator

from jiebang.rules.expressions import names
from jiebang.rules.facts import dictionary
from jiebang.rules.lint_expressions import unknown_fact
from jiebang.rules.problems import Problem
from jiebang.rules.schema import Award, Rulebook


def problems(rulebook: Rulebook) -> Iterator[Problem]:
    """What no award could be made by."""
    if rulebook.award is None:
        return
    for check in (_shortlist, _quotas, _portfolio, _lottery):
        yield from check(rulebook, rulebook.award)


def _shortlist(rulebook: Rulebook, award: Award) -> Iterator[Problem]:
    rule = award.shortlist
    if rule is None:
        return
    path = ("award", "shortlist")
    for place, key in enumerate(rule.criteria):
        if key not in rulebook.criteria:
            known = ", ".join(rulebook.criteria) or "none"
            yield Problem((*path, "criteria", place), f"`{key}` is no criterion; known: {known}")
    reads = {name for source in (rule.order_by, rule.approve or "", *rule.then_by) for name in names(source)}
    if not rule.criteria and "bid.first_score" in reads:
        said = "reads `bid.first_score` although the short list names no criteria; name them, or order by another fact"
        yield Problem((*path, "criteria"), said)
    if rule.criteria and set(rulebook.criteria) <= set(rule.criteria) and _final_reads(award, "bid.score"):
        said = "takes every criterion, so none is left for the final; leave some, or order the award by another fact"
        yield Problem((*path, "criteria"), said)
    if award.max_awards is not None and award.max_awards > rule.most:
        said = f"is more than the short list keeps ({rule.most}); write {rule.most} or fewer"
        yield Problem(("award", "max_awards"), said)


def _final_reads(award: Award, fact: str) -> bool:
    return any(fact in names(source) for source in (award.order_by, award.approve or "", *award.then_by))


def _quotas(rulebook: Rulebook, award: Award) -> Iterator[Problem]:
    for key, quota in award.quotas.items():
        path = ("award", "quotas", key)
        if quota.by and (said := unknown_fact(quota.by, where="award", rulebook=rulebook)):
            yield Problem((*path, "by"), said)
        elif quota.by and (fact := dictionary().get(quota.by)) and fact.type == "list":
            said = f"`{quota.by}` is a list; count what it holds: where: \"'VN' in {quota.by}\""
            yield Problem((*path, "by"), said)
        if quota.least is not None and award.rule != "portfolio":
            yield Problem(
                (*path, "least"), "is promised by award.rule `portfolio` alone; write `most`, or that rule"
            )
        if award.rule == "lottery":
            yield Problem(path, "a lottery keeps no quotas; remove it, or write another award.rule")


def _portfolio(rulebook: Rulebook, award: Award) -> Iterator[Problem]:
    counting = [item for item in rulebook.criteria.values() if item.weight]
    lower = bool(counting) and all(item.lower_is_better for item in counting)
    if award.rule == "portfolio" and lower and award.order_by.strip() == "bid.score":
        said = "a portfolio adds up what is better when higher; write for example 100.0 - bid.score"
        yield Problem(("award", "order_by"), said)


def _lottery(rulebook: Rulebook, award: Award) -> Iterator[Problem]:
    if award.rule != "lottery":
        return
    if award.order_by.strip() != "bid.score":
        yield Problem(("award", "order_by"), "a lottery compares intervals of `bid.score`; order by that")
    if award.then_by:
        yield Problem(("award", "then_by"), "chance breaks the ties of a lottery; remove it")
    if rulebook.scoring is None or rulebook.scoring.reviews_needed < 2:
        said = "a lottery needs at least 2 reviews a bid to tell how far a score may be off; write 2 or more"
        yield Problem(("scoring", "reviews_needed") if rulebook.scoring else ("award", "lottery"), said)
    if award.max_awards is None and not award.within_budget:
        yield Problem(
            ("award", "max_awards"), "nothing limits the awards, so nothing is drawn; write how many"
        )

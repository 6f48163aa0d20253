"""What a live instance needs of a rulebook beyond what a headless round does."""

from collections.abc import Iterator
from typing import get_args

from jiebang.rules.problems import Problem
from jiebang.rules.schema import FormName, Kind, Rulebook

SECTIONS = (
    "title",
    "office",
    "consortium",
    "criteria",
    "scoring",
    "award",
    "money",
    "eligibility",
    "disclosure",
)
NEEDED_FORMS: tuple[FormName, ...] = ("need", "bid", "milestone", "validation", "follow_up")
FLAGS = {"challenge": ("takes_bids", "bids_opened", "reviewing", "success"), "need": ("editable", "success"),
         "bid": ("editable", "success", "failure"), "project": ("live", "success")}  # fmt: skip


def problems(rulebook: Rulebook) -> list[Problem]:
    """Sections, lifecycles, forms and flags without which the pages of a round cannot be shown."""
    return [*_sections(rulebook), *_lifecycles(rulebook), *_forms(rulebook), *_award(rulebook)]


def _sections(rulebook: Rulebook) -> Iterator[Problem]:
    for name in SECTIONS:
        if not getattr(rulebook, name):
            yield Problem((name,), "is missing; a live instance cannot run a round without it")
    if not rulebook.vocabulary.modes:
        yield Problem(("vocabulary", "modes"), "is empty; name at least one mode of cooperation")
    if "bidding" not in rulebook.clocks:
        yield Problem(("clocks", "bidding"), "is missing; it says how long a listed challenge takes bids")


def _lifecycles(rulebook: Rulebook) -> Iterator[Problem]:
    for kind in get_args(Kind):
        table = rulebook.lifecycles.get(kind)
        if table is None:
            yield Problem(("lifecycles", kind), "is missing; a live instance needs all four lifecycles")
            continue
        flags = {flag for stage in table.stages.values() for flag in stage.flags}
        for flag in FLAGS[kind]:
            if flag not in flags:
                said = f"no stage carries the flag `{flag}`; one must"
                yield Problem(("lifecycles", kind, "stages"), said)


def _forms(rulebook: Rulebook) -> Iterator[Problem]:
    for form in NEEDED_FORMS:
        if form not in rulebook.forms:
            yield Problem(("forms", form), "is missing; a live instance needs all five forms")
    if rulebook.pilot and "protocol" not in rulebook.forms:
        yield Problem(("forms", "protocol"), "is missing; a pilot rests on what both sides agree to measure")


# what an instance does for all challenges of a call at once where they are awarded together
TOGETHER = ("propose_award", "publish_result")


def _award(rulebook: Rulebook) -> Iterator[Problem]:
    """Challenges that are awarded together are proposed and published together, by one officer and by another."""
    table = rulebook.lifecycles.get("challenge")
    if table is None or rulebook.award is None or not rulebook.award.over_call:
        return
    for key, move in table.moves.items():
        if (move.command or key) in TOGETHER and move.four_eyes:
            said = "an award over the call is proposed and published for all challenges at once; let a second officer publish"
            yield Problem(("lifecycles", "challenge", "moves", key, "four_eyes"), said)

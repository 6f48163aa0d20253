"""What the code reads of a rulebook by name: a few settings and clocks. All other names are the rulebook's own.

`lint_names` refuses a name that is neither here nor used in the rulebook itself, for a misspelt one would silently
fall away; `docs/rulebook.md` prints both tables, and a test keeps them the same.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from jiebang.rules.schema import Rulebook

SettingName = Literal["age_counted_at", "unproved", "owner_opinion"]
ClockName = Literal[
    "bidding",
    "question_period",
    "confirmation",
    "publicity",
    "objection_answer",
    "appeal",
    "appeal_answer",
    "agreement",
]


class Choice(NamedTuple):
    """What a setting may say, the value that holds without it first, and what it decides."""

    values: tuple[str, ...]
    meaning: str


SETTINGS: Mapping[SettingName, Choice] = {
    "age_counted_at": Choice(
        ("submission", "closing", "listing", "decision"),
        "the day on which ages and evidence of an organisation count; where that day is not known, the next that is",
    ),
    "unproved": Choice(
        ("ineligible", "continue"),
        "what becomes of a bid in `round run` that a rule can neither pass nor fail",
    ),
    "owner_opinion": Choice(
        ("none", "advice", "veto"), "whether demand owners say what they think of bids, and whether it binds"
    ),
}
CLOCKS: Mapping[ClockName, str] = {
    "bidding": "how long a listed challenge takes bids when the officer names no other moment",
    "question_period": "how long questions on a listed challenge may be asked; without it, as long as the stage takes them",
    "confirmation": "how long a four-eyes act or an answered revocation waits for the second officer; without it, with no limit",
    "publicity": "how long a published result waits for objections, once a move starts it; without it, nothing is waited for",
    "objection_answer": "how long the office has to answer an objection; without it, with no limit",
    "appeal": "how long after the answer its objector may appeal against it; without it, there is no appeal",
    "appeal_answer": "how long the office has to answer an appeal; without it, with no limit",
    "agreement": "how long the parties have to sign after the award; without it, with no limit",
}


def choice(rulebook: Rulebook, name: SettingName) -> str:
    """What a setting says; where the rulebook does not have it, the first of its values."""
    setting = rulebook.settings.get(name)
    return str(setting.value) if setting else SETTINGS[name].values[0]


def values(name: SettingName) -> tuple[str, ...]:
    """What a setting may say in this rulebook."""
    return SETTINGS[name].values

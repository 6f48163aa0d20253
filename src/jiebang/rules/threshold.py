"""The score that an award demands, read from a rule such as `bid.score >= 70 && ...`."""

from dataclasses import dataclass
from decimal import Decimal

from jiebang.rules.expression_text import tokens
from jiebang.rules.schema import Award
from jiebang.rules.stricter import conditions

_SIGNS = {">": True, ">=": True, "<": False, "<=": False}


@dataclass(frozen=True, slots=True)
class Threshold:
    """A score that must be reached from below, or (`upward` false: lower is better) must not be passed."""

    value: Decimal
    upward: bool
    equal: bool

    def reached(self, score: float) -> bool:
        """Whether a score fulfils the condition."""
        if score == self.value:
            return self.equal
        return (score > self.value) == self.upward


def threshold(award: Award | None) -> Threshold | None:
    """The first condition of `approve` that compares `bid.score` with a number; None where no bid must meet one."""
    for words in conditions(tokens(award.approve)) if award and award.approve else []:
        texts = [word.text for word in words]
        named = len(texts) == 5 and texts[:3] == ["bid", ".", "score"] and texts[3] in _SIGNS
        if named and texts[4].replace(".", "", 1).isdecimal():
            return Threshold(Decimal(texts[4]), _SIGNS[texts[3]], texts[3].endswith("="))
    return None

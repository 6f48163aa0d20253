"""How far a decision rests on single experts and on the weights of criteria."""

from dataclasses import dataclass

from jiebang.decisions.bundle import Bundle
from jiebang.decisions.round import RoundResult
from jiebang.decisions.round_checks import Checked, check
from jiebang.decisions.sensitivity import Sensitivity, sensitivity
from jiebang.decisions.weights import Weighing, weighing
from jiebang.rules.schema import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Rests:
    """What would change without each expert or by plain means, and with other weights."""

    experts: Sensitivity
    weights: Weighing


def rests(
    rulebook: Rulebook, bundle: Bundle, result: RoundResult, *, checked: Checked | None = None, weights: bool = True
) -> Rests:  # fmt: skip
    """Both, of a round as it was decided; `checked` is what was checked of it, where that is at hand. Without `weights`, which
    take longest, none is tried."""
    checked = checked or check(rulebook, bundle, as_of=result.as_of)
    return Rests(
        experts=sensitivity(rulebook, bundle, result, checked=checked),
        weights=weighing(rulebook, bundle, result, checked=checked) if weights else Weighing(),
    )

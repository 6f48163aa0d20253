"""How scores were made and what rests on it, as reasons that the catalogue words in every language."""

import math
from collections.abc import Callable

from jiebang.decisions.round import RoundResult
from jiebang.decisions.sensitivity import Sensitivity
from jiebang.decisions.weights import Weighing
from jiebang.engines.calibration.describe import alpha
from jiebang.engines.calibration.panel import Panel
from jiebang.rules.reasons import Reason, reason

GOOD, FAIR = 0.8, 0.667  # Krippendorff 2004, chapter 11


def how_made(result: RoundResult) -> tuple[Reason, ...]:
    """Which calibration was used and why; nothing where the rulebook asks for none."""
    found = result.calibration
    return tuple(Reason(why.code, dict(why.params)) for why in found.why) if found else ()


def agreement(panel: Panel) -> Reason:
    """How far the experts agree, by Krippendorff's alpha and his own bounds."""
    found = alpha(panel)
    if found is None:
        return reason("score.agreement_unknown")
    shown = f"{found:.2f}"
    if found >= GOOD:
        return reason("score.agreement_good", alpha=shown)
    return reason("score.agreement_fair" if found >= FAIR else "score.agreement_poor", alpha=shown)


def rests_on(found: Sensitivity, *, calibrated: bool) -> tuple[Reason, ...]:
    """What plain means and single experts would change; of plain means only where scores are something else."""
    said: list[Reason] = []
    if calibrated:
        count = len(found.plain)
        said.append(reason("score.plain_other", count=count) if count else reason("score.plain_same"))
    if not found.asked:
        said.append(reason("score.without_unasked"))
    elif found.without:
        said.append(reason("score.without_other", moved=len(found.without), count=found.asked))
    else:
        said.append(reason("score.without_same", count=found.asked))
    return tuple(said)


def first_turn(found: Weighing, challenge: str, *, label: Callable[[str], str]) -> Reason:
    """Which single weight changes an outcome of a challenge first, or that none does; `label` words a criterion."""
    nearest = found.nearest(challenge)
    if nearest is None:
        return reason("score.weights_same")
    criterion, turn = nearest
    code = "score.weights_more" if turn.factor > 1 else "score.weights_less"
    return reason(code, criterion=label(criterion), percent=int(abs(100 * (turn.factor - 1))))


def all_off(found: Weighing, challenge: str) -> tuple[Reason, ...]:
    """How far all weights may be off at once, where that is known."""
    share = found.safe.get(challenge)
    if share is None:
        return ()
    if share >= 1:
        return (reason("score.weights_always"),)
    return (reason("score.weights_safe", percent=f"{math.floor(1000 * share) / 10:g}"),)

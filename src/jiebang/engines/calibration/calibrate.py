"""Choose the method that the data support, calibrate, and say why."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from jiebang.engines.calibration.components import Components, one_way, two_way
from jiebang.engines.calibration.panel import Calibration, Estimate, Mark, Panel, Why

Method = Literal["shrunken", "crossed", "pairwise", "borda"]
METHODS: frozenset[str] = frozenset(get_args(Method))
ORDINAL = frozenset({"pairwise", "borda"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the rulebook demands before experts are corrected.

    `least_reviews`: an expert with fewer marks is never corrected; `least_share`: share of the experts in the spread of marks
    within bids (0 to 1) below which nobody is.
    """

    least_reviews: int = 3
    least_share: Fraction = Fraction(5, 100)


def calibrate(
    marks: Iterable[Mark], *, method: Method, terms: Terms | None = None, lower: bool = False
) -> Calibration:
    """Calibrate all marks of a round together; `lower`: a lower mark is the better one.

    Scores stay on the scale of the marks, but for `pairwise` and `borda` (per cent of the other bids, higher is better). Falls
    back from `crossed` to `shrunken` and from that to the plain `mean`, each time with the reason.
    """
    panel = Panel.of(marks)
    if method in ORDINAL:
        return _ordinal(panel, method, lower)
    why: list[Why] = []
    found = None
    if method == "crossed":
        found = _crossed(panel, terms or Terms(), why)
    return found or _shrunken(panel, method, why)


def _ordinal(panel: Panel, method: Method, lower: bool) -> Calibration:
    from jiebang.engines.calibration.ordinal import borda, pairwise

    estimates = (borda if method == "borda" else pairwise)(panel, lower=lower)
    alone = sum(1 for given in panel.by_expert().values() if len(given) < 2)
    why = (Why(f"score.{method}_used"), *([Why("score.single_bid", {"count": alone})] if alone else []))
    return Calibration(asked=method, used=method, why=why, estimates=estimates)


def _crossed(panel: Panel, terms: Terms, why: list[Why]) -> Calibration | None:
    """The crossed model where the marks support it; else None and a reason added to `why`."""
    given = panel.by_expert()
    corrected = [name for name in sorted(given) if len(given[name]) >= terms.least_reviews]
    found = two_way(panel)
    refused = _against(found, len(corrected), terms)
    if refused or found is None:
        why.append(refused or Why("score.not_told_apart"))
        return None
    from jiebang.engines.calibration.crossed import crossed

    effects = crossed(panel, found, corrected=corrected)
    said = [Why("score.crossed_used", {"count": len(corrected), "share": percent(found.expert_share)})]
    if few := len(given) - len(corrected):
        said.append(Why("score.not_corrected", {"count": few, "least": terms.least_reviews}))
    return Calibration(
        asked="crossed",
        used="crossed",
        why=tuple(said),
        estimates=effects.estimates,
        severities=effects.severities,
    )


def _against(found: Components | None, corrected: int, terms: Terms) -> Why | None:
    if corrected < 2:
        return Why("score.few_reviews", {"count": corrected, "least": terms.least_reviews})
    if found is None:
        return Why("score.not_told_apart")
    if not found.expert or found.expert_share < terms.least_share:
        shares = {"share": percent(found.expert_share), "least": percent(terms.least_share)}
        return Why("score.experts_alike", shares)
    return None


def _shrunken(panel: Panel, asked: Method, why: list[Why]) -> Calibration:
    from jiebang.engines.calibration.shrunken import plain, shrunken

    found = one_way(panel)
    if found is None or not found.bid:
        why.append(Why("score.too_few_marks" if found is None else "score.bids_alike"))
        estimates: dict[str, Estimate] = plain(panel, found.residual if found else None)
        return Calibration(asked=asked, used="mean", why=tuple(why), estimates=estimates)
    noise = found.residual / (found.bid + found.residual)
    why.append(Why("score.shrunken_used", {"share": percent(noise)}))
    return Calibration(asked=asked, used="shrunken", why=tuple(why), estimates=shrunken(panel, found))


def percent(share: Fraction) -> str:
    """A share of one in per cent, with at most one decimal."""
    return f"{float(100 * share):.1f}".removesuffix(".0")

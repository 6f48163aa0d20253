"""Crossed random effects: what a bid is worth when some of its experts are severe and others generous.

mark = grand mean + bid + expert + rest, the last three normal, independent, with the variances that `components.two_way`
found. Solved by Henderson's mixed model equations (1975), bids eliminated, so that the matrix is as large as there are experts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from jiebang.engines.calibration.components import Components
from jiebang.engines.calibration.panel import Estimate, Panel, Severity, rounded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Effects:
    """What the model says of every bid, and of the experts that it corrects."""

    estimates: Mapping[str, Estimate]
    severities: tuple[Severity, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Equations:
    """One row a bid, one column the grand mean and each corrected expert; `own` is the diagonal of the bids."""

    own: "Floats"
    shared: "Floats"
    right: "Floats"
    inverse: "Floats"
    solution: "Floats"


def crossed(panel: Panel, found: Components, *, corrected: Sequence[str]) -> Effects:
    """Scores with posterior standard deviations, and the severities of the experts in `corrected`.

    The marks of every other expert stand as they are, and weigh less, since nothing is known of their severity.
    """
    import numpy as np

    bids = sorted({mark.bid for mark in panel.marks})
    equations = _equations(panel, found, bids, corrected)
    solved, inverse = equations.solution, equations.inverse
    own = (equations.right - equations.shared @ solved) / equations.own
    # of grand mean + bid: the bids were eliminated, so their part comes back through `shared`
    along = -equations.shared / equations.own[:, None]
    along[:, 0] += 1
    variance = 1 / equations.own + np.einsum("ij,jk,ik->i", along, inverse, along)
    estimates = {
        bid: Estimate(rounded(float(solved[0] + own[at])), _sd(variance[at])) for at, bid in enumerate(bids)
    }
    given = panel.by_expert()
    severities = tuple(
        Severity(name, float(rounded(float(solved[at]))), _sd(inverse[at, at]), len(given[name]))
        for at, name in enumerate(corrected, start=1)
    )
    return Effects(estimates, severities)


def _sd(variance: "np.float64") -> float:
    return float(rounded(float(variance) ** 0.5))


def _equations(panel: Panel, found: Components, bids: Sequence[str], corrected: Sequence[str]) -> _Equations:
    import numpy as np

    row = {bid: at for at, bid in enumerate(bids)}
    column = {name: at for at, name in enumerate(corrected, start=1)}
    width = len(corrected) + 1
    known, unknown = float(1 / found.residual), float(1 / (found.residual + found.expert))
    own = np.full(len(bids), float(1 / found.bid))
    shared, right = np.zeros((len(bids), width)), np.zeros(len(bids))
    system, constant = np.zeros((width, width)), np.zeros(width)
    system[np.arange(1, width), np.arange(1, width)] = float(1 / found.expert)
    for mark in panel.marks:
        at = row[mark.bid]
        who = column.get(mark.expert)
        weight = unknown if who is None else known
        touched = [0] if who is None else [0, who]
        own[at] += weight
        right[at] += weight * float(mark.score)
        shared[at, touched] += weight
        constant[touched] += weight * float(mark.score)
        system[np.ix_(touched, touched)] += weight
    reduced = system - shared.T @ (shared / own[:, None])
    inverse = np.linalg.inv(reduced)
    return _Equations(own, shared, right, inverse, inverse @ (constant - shared.T @ (right / own)))

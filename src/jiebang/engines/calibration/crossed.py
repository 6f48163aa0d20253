"""Crossed random effects: what a bid is worth when some of its experts are severe and others generous.

mark = grand mean + bid + expert + rest, the last three normal, independent, with the variances that `components.two_way`
found. Solved by Henderson's mixed model equations (1975), bids eliminated, so that the matrix is as large as there are experts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from jiebang.engines.calibration.components import Components
from jiebang.engines.calibration.panel import Estimate, Panel, Severity, Table, rounded, shown

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

    table = panel.table()
    equations = _equations(table, found, corrected)
    solved, inverse = equations.solution, equations.inverse
    own = (equations.right - equations.shared @ solved) / equations.own
    # of grand mean + bid: the bids were eliminated, so their part comes back through `shared`
    along = -equations.shared / equations.own[:, None]
    along[:, 0] += 1
    sd = np.sqrt(1 / equations.own + ((along @ inverse) * along).sum(axis=1)).tolist()
    scores = (solved[0] + own).tolist()
    estimates = {bid: Estimate(rounded(scores[at]), shown(sd[at])) for at, bid in enumerate(table.bids)}
    sizes = dict(zip(table.experts, table.sums(table.expert, len(table.experts))[0], strict=True))
    severities = tuple(
        Severity(name, shown(float(solved[at])), shown(float(inverse[at, at]) ** 0.5), sizes[name])
        for at, name in enumerate(corrected, start=1)
    )
    return Effects(estimates, severities)


def _equations(table: Table, found: Components, corrected: Sequence[str]) -> _Equations:
    import numpy as np

    known, unknown = float(1 / found.residual), float(1 / (found.residual + found.expert))
    chosen = [table.experts.index(name) for name in corrected]
    others = sorted(set(range(len(table.experts))) - set(chosen))
    marked, scores = np.zeros((2, len(table.bids), len(table.experts)))
    marked[table.bid, table.expert] = 1
    scores[table.bid, table.expert] = [score / table.unit.denominator for score in table.score]
    weights = known * marked[:, chosen]
    rest = unknown * marked[:, others].sum(axis=1)
    right = known * scores[:, chosen].sum(axis=1) + unknown * scores[:, others].sum(axis=1)
    shared = np.column_stack([weights.sum(axis=1) + rest, weights])
    own = shared[:, 0] + float(1 / found.bid)
    system = np.diag(np.append(0.0, weights.sum(axis=0) + float(1 / found.expert)))
    system[0] = system[:, 0] = np.append(shared[:, 0].sum(), weights.sum(axis=0))
    constant = np.append(right.sum(), known * scores[:, chosen].sum(axis=0))
    inverse = np.asarray(np.linalg.inv(system - shared.T @ (shared / own[:, None])), np.float64)
    return _Equations(own, shared, right, inverse, inverse @ (constant - shared.T @ (right / own)))

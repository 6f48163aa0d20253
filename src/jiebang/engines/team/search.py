"""The best team, proven: among the few organisations whose own bound still exceeds the best value found.

CP-SAT first tries the most promising ones, which mostly suffices. Then branching over the table looks ever further below
the bound. Last, CP-SAT gets all that may still matter.
"""

from dataclasses import dataclass, replace

import numpy as np

from jiebang.engines.team.arrays import Arrays, Bools, Ints
from jiebang.engines.team.branching import Branching, cheapest
from jiebang.engines.team.model import Barred, best
from jiebang.engines.team.prices import Bounds

KERNELS = (48,)
EARLY = 0.01  # of the effort, for each of these kernels
NODES = 10_000  # of branching that take about as long as one deterministic second
STEP = 0.01  # of the root: how far below it the first branching looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`team` of `value` in units (None: none found), `bound` no team exceeds (None: there is none); `effort` is left."""

    team: tuple[int, ...] | None
    value: int | None
    bound: int | None
    effort: float

    @property
    def proven(self) -> bool:
        """Whether nothing better exists, or nothing at all."""
        return self.value == self.bound


def search(
    data: Arrays, limits: Bounds, *, keep: Bools, barred: Barred, effort: float, below: int | None = None
) -> Found:
    """The team of greatest value among the rows to keep.

    Rows are taken in the order of their bounds. A kernel's best team of value v is best of all once no row outside has
    a bound of v + 1 or more. Where the effort ends before, `bound` is the larger of the kernel's and the rest's.
    """
    if not np.isfinite(limits.root) or barred.without & set(data.forced.tolist()):
        return Found(team=None, value=None, bound=None, effort=effort)
    upper = int(np.floor(limits.root))
    now = Found(team=None, value=None, bound=upper if below is None else min(upper, below), effort=effort)
    for size in KERNELS:
        now = _kernel(data, limits, keep, size, now, barred, effort * EARLY)
        if now.proven:
            return now
    now = _branch(data, limits, keep, now, barred, nodes=int(now.effort * NODES / 2))
    return now if now.proven else _kernel(data, limits, keep, data.n, now, barred, now.effort / 2)


def _branch(data: Arrays, limits: Bounds, keep: Bools, now: Found, barred: Barred, *, nodes: int) -> Found:
    """Look for a team ever further below the bound: what is looked through in vain lowers the bound itself."""
    lowest, step = _least(data), max(STEP * abs(limits.root), 1.0)
    least_cost = cheapest(data, limits.scene)
    while now.bound is not None and not now.proven:
        floor = (
            max(now.bound - int(step), lowest) if now.value is None else max(now.bound - int(step), now.value)
        )
        rows = _joining(data, promising(limits, keep=keep, above=floor), barred)
        work = Branching(
            data=data,
            scene=limits.scene,
            barred=barred,
            rows=rows,
            floor=floor,
            nodes=nodes,
            cheapest=least_cost,
        )
        done = work.run()
        nodes = work.nodes
        if work.team is not None:
            now = replace(now, team=work.team, value=work.floor)
        if not done:
            break
        bound = work.floor if work.team is not None or now.value == floor or floor > lowest else None
        now, step = replace(now, bound=bound), step * 2
    return now


def _joining(data: Arrays, rows: Ints, barred: Barred) -> Ints:
    """Rows that may join: not must-have (they are in), not barred."""
    out = {*data.forced.tolist(), *barred.without}
    return np.array([row for row in rows.tolist() if row not in out], dtype=np.int64)


def _least(data: Arrays) -> int:
    """Below the value of any team."""
    return int(np.sort(data.value)[: data.size].clip(max=0).sum()) - 1


def promising(limits: Bounds, *, keep: Bools, above: int | None) -> Ints:
    """Kept rows whose bound is above a value, best first."""
    floor = -np.inf if above is None else above + 1
    rows = np.flatnonzero(keep & (limits.each > -np.inf) & (limits.each >= floor))
    return rows[np.argsort(-limits.each[rows], kind="stable")]


def _kernel(
    data: Arrays, limits: Bounds, keep: Bools, size: int, now: Found, barred: Barred, effort: float
) -> Found:
    """CP-SAT among the `size` most promising rows; what they cannot beat outside bounds the rest."""
    assert now.bound is not None
    rows = promising(limits, keep=keep, above=now.value)
    outside = int(np.floor(limits.each[rows[size]])) if len(rows) > size else None
    outcome = best(data, rows[:size], above=now.value, below=now.bound, barred=barred, effort=effort)
    value = now.value if outcome.team is None else value_of(data, outcome.team)
    inside = value if outcome.closed else outcome.bound
    tops = [top for top in (value, inside, outside) if top is not None]
    return Found(
        team=outcome.team or now.team, value=value, bound=min(now.bound, max(tops)) if tops else None,
        effort=max(now.effort - outcome.spent, 0.0),
    )  # fmt: skip


def value_of(data: Arrays, team: tuple[int, ...], /) -> int:
    """The value of a team of rows, in units."""
    covered = data.covers[list(team)].any(axis=0)
    return int(data.value[list(team)].sum()) + int(data.weight[covered].sum())

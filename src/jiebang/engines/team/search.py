"""The best team, proven: CP-SAT among the few organisations whose own bound still exceeds the best value found."""

from dataclasses import dataclass, replace

import numpy as np

from jiebang.engines.team.arrays import Arrays, Bools, Ints
from jiebang.engines.team.model import Barred, best
from jiebang.engines.team.prices import Bounds

KERNELS = (48, 192, 768)
EARLY = 0.2  # of the effort that is left, for a kernel that is not the last


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
    if not np.isfinite(limits.root):
        return Found(team=None, value=None, bound=None, effort=effort)
    upper = int(np.floor(limits.root))
    now = Found(team=None, value=None, bound=upper if below is None else min(upper, below), effort=effort)
    for size in (*KERNELS, data.n):
        rows = promising(limits, keep=keep, above=now.value)
        now = _kernel(data, limits, rows, size, now, barred)
        if now.proven or len(rows) <= size or now.effort <= 0:
            break
    return now


def promising(limits: Bounds, *, keep: Bools, above: int | None) -> Ints:
    """Kept rows whose bound is above a value, best first."""
    floor = -np.inf if above is None else above + 1
    rows = np.flatnonzero(keep & (limits.each > -np.inf) & (limits.each >= floor))
    return rows[np.argsort(-limits.each[rows], kind="stable")]


def _kernel(data: Arrays, limits: Bounds, rows: Ints, size: int, now: Found, barred: Barred) -> Found:
    outside = _floor(limits.each[rows[size]]) if len(rows) > size else None
    effort = now.effort if outside is None else now.effort * EARLY
    assert now.bound is not None
    outcome = best(data, rows[:size], above=now.value, below=now.bound, barred=barred, effort=effort)
    value, team = now.value, now.team
    if outcome.team is not None:
        team = outcome.team
        value = value_of(data, team)
    inside = value if outcome.closed else outcome.bound
    tops = [top for top in (value, inside, outside) if top is not None]
    bound = min(now.bound, max(tops)) if tops else None
    left = 0.0 if outside is None else now.effort - outcome.spent
    return replace(now, team=team, value=value, bound=bound, effort=max(left, 0.0))


def value_of(data: Arrays, team: tuple[int, ...], /) -> int:
    """The value of a team of rows, in units."""
    covered = data.covers[list(team)].any(axis=0)
    return int(data.value[list(team)].sum()) + int(data.weight[covered].sum())


def _floor(bound: float) -> int | None:
    return int(np.floor(bound)) if np.isfinite(bound) else None

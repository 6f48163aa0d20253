"""Upper bounds on the value of a team, and of a team with a given organisation in it.

What the table of `cover` cannot see is priced: each unit of the budget, each place of a country, each column beyond the
table's. Any prices >= 0 give a true bound; the search moves them against what the best relaxed team breaks (subgradient
steps, Held, Wolfe and Crowder 1974; level target halved when nothing improves), on a small table; the large one then
bounds each organisation under the prices found.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from jiebang.engines.team.arrays import Arrays, Floats, Ints
from jiebang.engines.team.cover import Table, masks, members_of, patterns, table, work

ENTRIES = 1 << 23  # of all levels of a table together: 32 MB
STEPS = 6 * 10**8  # of filling one table: seconds
COARSE, FINE = 12, 18  # columns a table sees: while prices are looked for, and then
TRIES = 40

Prices: TypeAlias = Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relaxed:
    """The problem's priced rows: `usage` (n by rows) of `limit` per row at a price in `low`..`high`; free otherwise.

    A row is usage <= limit. A column beyond the table that must be covered is -covers <= -1; one that is only wanted may
    be covered for its weight, so its price is at most that.
    """

    data: Arrays
    order: Ints
    bits: int
    usage: Floats
    limit: Floats
    high: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """The priced problem a table answers: `mask` and `worth` of every row, what is `fixed` before `members` join."""

    table: Table
    mask: Ints
    worth: Floats
    fixed: float
    members: int
    bits: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bounds:
    """`root` is no less than any team's value, `each[row]` than that of any team with this row (both in units)."""

    root: float
    each: Floats
    prices: Prices
    slope: Floats
    scene: Scene


def bounds(data: Arrays, /) -> Bounds:
    """The best bounds found; minus infinity where covering alone is impossible with so few members."""
    order = scarce_first(data)
    coarse = relax(data, order, bits=min(COARSE, len(order)))
    found = _improve(coarse, np.zeros(len(coarse.limit)))
    fine = relax(data, order, bits=_most_bits(data, order))
    if fine.bits == coarse.bits:
        return found
    return evaluate(fine, found.prices[: len(fine.limit)])


def scarce_first(data: Arrays, /) -> Ints:
    """Columns in the order of how few organisations cover them, without those that must-have members cover."""
    done = data.covers[data.forced].any(axis=0)
    columns = np.flatnonzero(~done & (data.required | (data.weight > 0)))
    return columns[
        np.argsort(data.covers[:, columns].sum(axis=0) - 10.0**9 * data.required[columns], kind="stable")
    ]


def relax(data: Arrays, order: Ints, *, bits: int) -> Relaxed:
    """Budget first, then countries, then columns beyond the table: the first rows are the same for every `bits`."""
    usage, limit, high = [], [], []
    if data.budget is not None:
        unit = max(
            data.budget / data.size, 1.0
        )  # so that a price means: value a member of average cost must bring
        usage.append(data.cost / unit)
        limit.append(data.budget / unit)
    if data.per_country is not None and data.per_country < data.size:
        for country in range(int(data.country.max(initial=-1)) + 1):
            usage.append((data.country == country).astype(np.float64))
            limit.append(float(data.per_country))
    high = [np.inf] * len(limit)
    beyond = order[bits:][::-1]  # the scarcest last, so that a larger table drops the end of the list
    for column in beyond.tolist():
        usage.append(-data.covers[:, column].astype(np.float64))
        limit.append(-1.0 if data.required[column] else 0.0)
        high.append(np.inf if data.required[column] else float(data.weight[column]))
    rows = np.array(usage, dtype=np.float64).reshape(len(limit), data.n).T
    return Relaxed(data=data, order=order, bits=bits, usage=rows, limit=np.array(limit), high=np.array(high))


def evaluate(relaxed: Relaxed, prices: Prices, /) -> Bounds:
    """The bounds under these prices, and the slope of the root in each price."""
    scene, data = _scene(relaxed, prices), relaxed.data
    full = (1 << scene.bits) - 1
    each = np.full(data.n, -np.inf)
    if scene.members > 0:
        each = scene.fixed + scene.worth + scene.table.at(scene.members - 1, full & ~scene.mask)
    each[data.forced] = np.inf
    root = scene.fixed + float(scene.table.at(scene.members, np.array([full]))[0])
    free = np.setdiff1d(np.arange(data.n), data.forced)
    joined = free[members_of(scene.table, members=scene.members, left=full)]
    team = np.concatenate((data.forced, joined)).astype(np.int64)
    return Bounds(root=root, each=each, prices=prices, slope=_slope(relaxed, prices, team), scene=scene)


def _scene(relaxed: Relaxed, prices: Prices) -> Scene:
    data, seen = relaxed.data, relaxed.order[: relaxed.bits]
    worth = data.value - relaxed.usage @ prices
    mask = masks(data.covers[:, seen])
    free = np.setdiff1d(np.arange(data.n), data.forced)
    members = max(data.size - len(data.forced), 0)
    penalty = np.where(data.required[seen], np.inf, data.weight[seen].astype(np.float64))
    filled = table(mask=mask[free], worth=worth[free], penalty=penalty, members=members)
    fixed = _constant(relaxed, prices) + float(worth[data.forced].sum())
    largest = abs(fixed) + data.size * float(np.abs(worth).max(initial=0.0))
    rounding = 1e-13 * (largest + float(np.abs(relaxed.usage @ prices).max(initial=0.0)))
    return Scene(
        table=filled, mask=mask, worth=worth, fixed=fixed + rounding, members=members, bits=relaxed.bits
    )


def _constant(relaxed: Relaxed, prices: Prices) -> float:
    """What prices pay for the limits, and what columns that are only wanted are worth."""
    wanted = float(
        relaxed.data.weight.sum()
    )  # a must, too, brings its weight; the table takes off what is missed
    beyond_wanted = np.isfinite(relaxed.high)
    missed = np.minimum(prices, relaxed.high)[beyond_wanted].sum()
    return wanted + float(relaxed.limit @ prices) - float(missed)


def _slope(relaxed: Relaxed, prices: Prices, team: Ints) -> Floats:
    """How the root moves with each price; 0 where the price already stands at the end it would move to."""
    slope = relaxed.limit - relaxed.usage[team].sum(axis=0) - np.isfinite(relaxed.high)
    stuck = ((prices <= 0) & (slope > 0)) | ((prices >= relaxed.high) & (slope < 0))
    return np.where(stuck, 0.0, slope)


def _improve(relaxed: Relaxed, prices: Prices) -> Bounds:
    best = here = evaluate(relaxed, prices)
    below, since = 0.05 * abs(best.root) + 1.0, 0
    for _ in range(TRIES if np.isfinite(best.root) and len(prices) else 0):
        steep = float(here.slope @ here.slope)
        if steep < 1e-12:
            break
        step = (here.root - best.root + below) / steep
        here = evaluate(relaxed, np.clip(here.prices - step * here.slope, 0.0, relaxed.high))
        since = 0 if here.root < best.root else since + 1
        best = here if here.root < best.root else best
        if since >= 4:
            below, since, here = below / 2, 0, best
    return best


def _most_bits(data: Arrays, order: Ints) -> int:
    """The widest table that stays within the ceilings of memory and work."""
    members = max(data.size - len(data.forced), 1)
    bits = min(FINE, len(order))
    mask = masks(data.covers[:, order[:bits]])
    rows = patterns(mask, data.value.astype(np.float64))
    while bits > 1 and (
        (members + 1) << bits > ENTRIES or work(mask, rows, bits=bits, members=members) > STEPS
    ):
        bits -= 1
    return bits

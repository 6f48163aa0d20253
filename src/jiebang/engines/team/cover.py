"""The best value of any few organisations that cover any set of columns, for all sets at once.

A team has few members, so what is left to cover is one of 2 ** b sets of the b scarcest columns, and a table over sets and
numbers of members can be filled exactly (dynamic programming over subsets; Held and Karp 1962 for tours, here for covers).
Limits that the table cannot see (budget, countries, columns beyond b) enter the values as prices, so the table's
answer is never below the true one: a Lagrangian bound (Geoffrion 1974) that keeps covering exact, where a linear
programme would let half an organisation cover half a need.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jiebang.engines.team.arrays import Bools, Floats, Ints

NEVER = -np.inf


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """`best[k][left]`: an upper bound on what k members add who must cover the set `left` (bit i is column i).

    `slack` bounds the rounding of any entry; `mask` and `worth` are the rows' own sets and values.
    """

    best: tuple[NDArray[np.float32], ...]
    mask: Ints
    worth: Floats
    penalty: Floats
    slack: float

    def at(self, members: int, left: Ints) -> Floats:
        """Entries for many sets, rounded up; minus infinity where so few cannot cover the set."""
        return self.best[members][left].astype(np.float64) + self.slack


def masks(covers: Bools, /) -> Ints:
    """n rows by b columns of booleans as n sets of bits, the first column the lowest."""
    weights = np.left_shift(np.int64(1), np.arange(covers.shape[1], dtype=np.int64))
    return np.asarray((covers * weights).sum(axis=1), dtype=np.int64)


def patterns(mask: Ints, worth: Floats, /) -> Ints:
    """Rows that are enough: the best of every set, without sets inside a set that is worth as much or more."""
    order = np.lexsort((-np.bitwise_count(mask).astype(np.int64), -worth))
    _, first = np.unique(mask[order], return_index=True)
    kept = np.empty(len(first), dtype=np.int64)
    rows: list[int] = []
    for row in order[np.sort(first)].tolist():
        inside = kept[: len(rows)] & mask[row] == mask[row]
        if not inside.any():
            kept[len(rows)] = mask[row]
            rows.append(row)
    return np.array(rows, dtype=np.int64)


def work(mask: Ints, rows: Ints, *, bits: int, members: int) -> int:
    """How many steps the table of the lowest `bits` columns takes, about: to choose how many columns it can see."""
    cut = np.unique(mask[rows] & ((1 << bits) - 1))
    each = [int((cut >> bit & 1).sum()) << (bits - 1 - bit) for bit in range(bits)]
    return members * sum(each)


def table(*, mask: Ints, worth: Floats, penalty: Floats, members: int) -> Table:
    """Fill the table for 0 to `members` members.

    `penalty` has b entries: what leaving a column uncovered costs, infinite where it must be covered. Whoever covers the
    lowest column left is chosen first, so that every set of members is counted in one order. Free members add the
    largest positive values; that one may be counted twice only lifts the bound.
    """
    rows, bits = patterns(mask, worth), len(penalty)
    free = np.concatenate(([0.0], np.cumsum(np.maximum(np.sort(worth)[::-1][:members], 0.0))))
    free = np.concatenate((free, np.full(members + 1 - len(free), free[-1])))
    best = [_level(mask[rows], worth[rows], penalty, None, free[0], bits)]
    for count in range(1, members + 1):
        best.append(_level(mask[rows], worth[rows], penalty, best[-1], free[count], bits))
    finite = penalty[np.isfinite(penalty)].sum()
    scale = (members + 1) * float(np.abs(worth).max(initial=0.0)) + float(finite)
    slack = scale * (members + bits + 2) * 2.0**-23
    return Table(best=tuple(best), mask=mask, worth=worth, penalty=penalty, slack=slack)


def _level(
    mask: Ints, worth: Floats, penalty: Floats, fewer: NDArray[np.float32] | None, free: float, bits: int
) -> NDArray[np.float32]:
    level = np.full(1 << bits, NEVER, dtype=np.float32)
    level[0] = free
    for bit in reversed(range(bits)):  # a set without its lowest bit has a higher lowest bit: filled before
        left = np.arange(1 << bit, 1 << bits, 1 << (bit + 1))
        found = level[left ^ (1 << bit)] - np.float32(penalty[bit])
        if fewer is not None:
            for row in np.flatnonzero(mask >> bit & 1).tolist():
                np.maximum(found, fewer[left & ~mask[row]] + np.float32(worth[row]), out=found)
        level[left] = found
    return level


def members_of(filled: Table, *, members: int, left: int) -> list[int]:
    """Rows that attain the table's entry (about: to rounding); free members are not among them twice."""
    rows, chosen = patterns(filled.mask, filled.worth), []
    while left and members:
        bit = (left & -left).bit_length() - 1
        able = rows[(filled.mask[rows] >> bit & 1).astype(bool)]
        gains = filled.best[members - 1][left & ~filled.mask[able]] + filled.worth[able]
        skip = float(filled.best[members][left & (left - 1)]) - float(filled.penalty[bit])
        if not len(able) or skip > gains.max():
            left &= left - 1
            continue
        chosen.append(int(able[gains.argmax()]))
        left, members = left & ~int(filled.mask[chosen[-1]]), members - 1
    spare = np.argsort(-filled.worth, kind="stable")[: members + len(chosen)].tolist()
    free = [row for row in spare if row not in chosen and filled.worth[row] > 0]
    return chosen + free[:members]

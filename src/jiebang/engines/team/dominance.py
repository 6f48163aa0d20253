"""Organisations that no best team needs, because enough others of their country are at least as good."""

import numpy as np

from jiebang.engines.team.arrays import NOWHERE, Arrays, Bools, Ints

_BLOCK = 256


def undominated(data: Arrays, /, *, enough: int | None = None) -> Bools:
    """Which of n organisations to keep, so that some team of greatest value has no other; n booleans.

    i dominates j when both are of one country, i covers all that j covers (the right to lead included), costs no more, is
    worth no less, stands in no pair that must not meet, and comes first where they are equal in all of this. Let L be how
    many members one country may have (`per_country`, or the size of a team where that is smaller or the country unknown).
    Whoever has L dominators or more is dropped.

    Proof that nothing is lost (a swap argument). Take a feasible team of greatest value with a dropped member j. It has at
    most L - 1 other members of j's country, so one of j's L dominators, i, is not in it. Put i for j: everything covered
    stays covered, the count of every country stays, the cost does not grow, no pair meets that did not, the value does
    not shrink (j's own is not above i's, and no capability is lost), and j is no must-have (those are kept). So the new
    team is feasible and of greatest value too. Dominance is a strict order (transitive, with ties broken by place), so
    each swap moves one member strictly up in it; there are finitely many teams, so the swaps end, and they end only at
    a team without a dropped member. Dominators need not be kept themselves.

    Where only some feasible team matters and all values are equal, one dominator is `enough`: is it in the team already,
    the dropped member is left out instead, which breaks no limit, since a dominator of its country stays.
    """
    keep = np.ones(data.n, dtype=bool)
    paired = np.zeros(data.n, dtype=bool)
    paired[[row for pair in data.apart for row in pair]] = True
    for country in np.unique(data.country):
        rows = np.flatnonzero(data.country == country)
        limited = data.per_country is not None and country != NOWHERE
        limit = min(data.size, data.per_country or data.size) if limited else data.size
        keep[rows] = _dominators(data, rows, paired) < (limit if enough is None else enough)
    keep[data.forced] = True
    return keep


def _dominators(data: Arrays, rows: Ints, paired: Bools) -> Ints:
    """How many rows dominate each of these rows, among these rows."""
    has = data.covers[rows].astype(np.float32)
    width, value, cost, free = has.sum(axis=1), data.value[rows], data.cost[rows], ~paired[rows]
    place = np.arange(len(rows))
    count = np.zeros(len(rows), dtype=np.int64)
    for start in range(0, len(rows), _BLOCK):
        mine = slice(start, start + _BLOCK)
        no_worse = (cost <= cost[mine, None]) & (value >= value[mine, None]) & free
        no_worse &= has[mine] @ (1 - has).T == 0  # nothing that mine has and the other has not
        alike = (cost == cost[mine, None]) & (value == value[mine, None]) & (width == width[mine, None])
        count[mine] = (no_worse & (~alike | (place < place[mine, None]))).sum(axis=1)
    return count

"""Why loads and conflicts leave no assignment: the bids and experts on one side of a minimum cut.

Bids that together ask for more than the experts open to them can take (Hall's condition; Ford and Fulkerson, 1956), or
experts whose least loads together exceed what the bids open to them ask for. Where neither is so, an assignment exists
(Mendelsohn and Dulmage, 1958), so that the two sides can be looked at one after the other.
"""

from dataclasses import dataclass

import numpy as np

from jiebang.engines.assignment.flow import Flow, optimum
from jiebang.engines.assignment.problem import Finding, Infeasible, Mask, Param, Problem
from jiebang.engines.assignment.table import Affinity, Floats, Ints

NAMES = 12  # that a finding lists; beyond, it counts


@dataclass(frozen=True, slots=True, eq=False)
class _Turned:
    """The same table with experts as rows."""

    affinity: Affinity

    @property
    def shape(self) -> tuple[int, int]:
        bids, experts = self.affinity.shape
        return experts, bids

    def rows(self, start: int, stop: int) -> Floats:
        return np.ascontiguousarray(self.affinity.rows(0, self.affinity.shape[0])[:, start:stop].T)


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """Who asks in vain: `asking` rows, the `full` columns, and how many are lacking."""

    asking: Ints
    full: Ints
    open_beside: int
    lacking: int


def collisions_of_loads(problem: Problem) -> Infeasible:
    """The bids or experts that collide. Call it where no assignment keeps loads and conflicts."""
    cut = _cut(problem.affinity, problem.per_bid, problem.room)
    if cut:
        return Infeasible(collide=(_too_few_experts(problem, cut),), repairs=_more_room(problem, cut))
    cut = _cut(_Turned(problem.affinity), problem.min_load, problem.per_bid)
    if cut is None:
        raise ValueError("loads and conflicts do not collide")
    return Infeasible(collide=(_too_few_bids(problem, cut),), repairs=_less_least(problem, cut))


def _cut(affinity: Affinity, asked: Ints, room: Ints) -> _Cut | None:
    """The smallest side that can be reached from one row that lacks something; None where none does."""
    flow = optimum(affinity, per_bid=asked, min_load=np.zeros_like(room), max_load=room)
    lacking = np.flatnonzero(flow.unfilled)
    best: tuple[Mask, Mask] | None = None
    for row in lacking[:NAMES].tolist():
        reached = _reached(affinity, flow, row)
        if best is None or reached[0].sum() < best[0].sum():
            best = reached
    if best is None:
        return None
    rows, columns = (np.flatnonzero(mask) for mask in best)
    beside = sum(int((np.isfinite(affinity.rows(row, row + 1)[0]) & ~best[1]).sum()) for row in rows.tolist())
    return _Cut(rows, columns, beside, int(asked[rows].sum() - room[columns].sum() - beside))


def _reached(affinity: Affinity, flow: Flow, start: int) -> tuple[Mask, Mask]:
    """Rows and columns on the side of `start`: over open pairs to a column, back over taken pairs to a row."""
    rows, columns = affinity.shape
    seen_rows, seen_columns = np.zeros(rows, bool), np.zeros(columns, bool)
    waiting = [start]
    seen_rows[start] = True
    while waiting:
        row = waiting.pop()
        taken = np.zeros(columns, bool)
        taken[flow.expert[flow.bid == row]] = True
        fresh = np.isfinite(affinity.rows(row, row + 1)[0]) & ~taken & ~seen_columns
        seen_columns |= fresh
        holders = np.unique(flow.bid[fresh[flow.expert]])
        more = holders[~seen_rows[holders]]
        seen_rows[more] = True
        waiting += more.tolist()
    return seen_rows, seen_columns


def names(all_names: tuple[str, ...], places: Ints) -> str:
    """The first few names, and how many more there are."""
    shown = ", ".join(all_names[place] for place in places[:NAMES].tolist())
    return shown + (f" (+{len(places) - NAMES})" if len(places) > NAMES else "")


def _too_few_experts(problem: Problem, cut: _Cut) -> Finding:
    params: dict[str, Param] = {
        "bids": names(problem.bids, cut.asking), "asked": int(problem.per_bid[cut.asking].sum()),
        "experts": names(problem.experts, cut.full) or "-",
        "room": int(problem.room[cut.full].sum()) + cut.open_beside, "lacking": cut.lacking,
    }  # fmt: skip
    return Finding(code="assignment.too_few_experts", params=params)


def _more_room(problem: Problem, cut: _Cut) -> tuple[Finding, ...]:
    """Any one of these, as far as this collision goes."""
    found = [Finding(code="assignment.add_experts", params={"by": cut.lacking})]
    if len(cut.full) and (problem.max_load[cut.full] < len(problem.bids)).any():
        full: dict[str, Param] = {"experts": names(problem.experts, cut.full), "by": cut.lacking}
        found.insert(0, Finding(code="assignment.raise_max_load", params=full))
    bids: dict[str, Param] = {"bids": names(problem.bids, cut.asking), "by": cut.lacking}
    found.append(Finding(code="assignment.lower_per_bid", params=bids))
    inside, outside = set(cut.asking.tolist()), set(cut.full.tolist())
    barred = sum(bid in inside and expert not in outside for bid, expert in problem.barred)
    if barred >= cut.lacking:
        found.append(Finding(code="assignment.lift_conflicts", params=bids))
    return tuple(found)


def _too_few_bids(problem: Problem, cut: _Cut) -> Finding:
    params: dict[str, Param] = {
        "experts": names(problem.experts, cut.asking), "promised": int(problem.min_load[cut.asking].sum()),
        "bids": names(problem.bids, cut.full) or "-",
        "room": int(problem.per_bid[cut.full].sum()) + cut.open_beside, "lacking": cut.lacking,
    }  # fmt: skip
    return Finding(code="assignment.too_few_bids", params=params)


def _less_least(problem: Problem, cut: _Cut) -> tuple[Finding, ...]:
    experts: dict[str, Param] = {"experts": names(problem.experts, cut.asking), "by": cut.lacking}
    found = [Finding(code="assignment.lower_min_load", params=experts)]
    if len(cut.full):
        params: dict[str, Param] = {"bids": names(problem.bids, cut.full), "by": cut.lacking}
        found.append(Finding(code="assignment.raise_per_bid", params=params))
    return tuple(found)

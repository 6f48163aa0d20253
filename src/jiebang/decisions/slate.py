"""The experts for all bids of a challenge, or of a call, at once: the rulebook's rule as a problem of the engine, and its answer.

What the programme knows (who may judge what, who has begun, what the office pins) goes in; pairs, their reasons, or the
constraints that collide come out. `document` is the problem as `jiebang assign` reads it, so that anybody can solve it again.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from jiebang.decisions.fit import Fitting, Matter, knows, table
from jiebang.decisions.wanted import Wanted
from jiebang.engines.assignment import lottery
from jiebang.engines.assignment.explain import Explanation, explain
from jiebang.engines.assignment.problem import Assignment as Answer
from jiebang.engines.assignment.problem import Finding, Infeasible, Pair, Problem, Quota
from jiebang.engines.assignment.solve import solve as solve_engine
from jiebang.engines.assignment.table import Table


@dataclass(frozen=True, kw_only=True, eq=False)
class Slate:
    """An answer: the problem that was solved, pairs set before it (`given`; of a draw by lot), all pairs with their fit,
    why each is one, the total fit and what no other could exceed, and of a lot its expected total."""

    problem: Problem
    answer: Answer
    given: tuple[Pair, ...]
    pairs: tuple[Pair, ...]
    fits: Mapping[Pair, Fitting]
    why: tuple[Explanation, ...]
    total: float
    expected: float | None = None

    @property
    def loads(self) -> list[int]:
        """Bids of each expert."""
        counted = Counter(expert for _, expert in self.pairs)
        return [counted[place] for place in range(len(self.problem.experts))]


def slate(wanted: Wanted, *, seed: bytes = b"") -> Slate | Infeasible:
    """The best slate under the rule, or what collides and what would repair it.

    Experts who have begun or are pinned stay; of those who were asked as many as possible. With a `cap` it is drawn by
    lot from `seed`.
    """
    fits = table(
        wanted.rule.fit, experts=[one.skills for one in wanted.candidates],
        bids=[(work.matter, work.writing) for work in wanted.works],
    )  # fmt: skip
    if impossible := [pair for pair in wanted.fixed if pair in wanted.barred]:
        return Infeasible(collide=tuple(_named(wanted, "assignment.pin_barred", pair) for pair in impossible))
    if wanted.rule.cap is not None:
        return _drawn(wanted, fits, seed)
    return _best(wanted, fits)


def problem(wanted: Wanted, fits: Sequence[Sequence[Fitting]], *, keep: Collection[Pair] = ()) -> Problem:
    """The engine's problem, with `keep` among the pairs that should stay."""
    held = [sum(1 for bid, _ in wanted.fixed if bid == place) for place in range(len(wanted.works))]
    taken = [sum(1 for _, one in wanted.fixed if one == place) for place in range(len(wanted.candidates))]
    room = [max(one.room, has) for one, has in zip(wanted.candidates, taken, strict=True)]
    least = [min(wanted.rule.least_load, most) for most in room]
    rule = wanted.rule
    return Problem(
        bids=tuple(work.id for work in wanted.works), experts=tuple(one.id for one in wanted.candidates),
        affinity=Table(_totals(fits, len(wanted.candidates)), conflicts=wanted.barred),
        per_bid=np.array([max(wanted.per_bid, has) for has in held], dtype=np.int64),
        min_load=np.array(least, dtype=np.int64), max_load=np.array(room, dtype=np.int64), barred=dict(wanted.barred),
        marks=_marks(wanted), quotas=_quotas(wanted), keep=tuple(sorted(keep)),
        floor=float(rule.floor) * wanted.per_bid if rule.floor else None,
        authors=tuple(sorted(wanted.authors)) if rule.no_rings and rule.cap is None else (),
        cap=None if rule.cap is None else float(rule.cap),
    )  # fmt: skip


def document(found: Problem, *, commitment: str = "") -> dict[str, object]:
    """A problem as `jiebang assign` reads it (docs/assignment.md), its keys in a fixed order."""
    bids, experts = found.bids, found.experts
    values = found.affinity.rows(0, len(bids))
    written: dict[str, object] = {
        "bids": list(bids), "experts": list(experts),
        "affinity": np.where(np.isfinite(values), values, 0.0).tolist(), "per_bid": found.per_bid.tolist(),
        "min_load": found.min_load.tolist(), "max_load": found.max_load.tolist(),
        "conflicts": [[bids[bid], experts[expert], why] for (bid, expert), why in sorted(found.barred.items())],
    }  # fmt: skip
    if found.quotas:
        known = {mark: dict(zip(experts, texts, strict=True)) for mark, texts in found.marks.items()}
        written["marks"] = {
            mark: {name: text for name, text in texts.items() if text} for mark, texts in known.items()
        }
        written["quotas"] = [_written(quota, bids) for quota in found.quotas]
    pairs = {"authors": found.authors, "keep": found.keep}
    written |= {key: [[bids[bid], experts[one]] for bid, one in some] for key, some in pairs.items() if some}
    written |= {key: value for key in ("floor", "cap") if (value := getattr(found, key)) is not None}
    return {**written, "commitment": commitment} if commitment else written


def _best(wanted: Wanted, fits: Sequence[Sequence[Fitting]]) -> Slate | Infeasible:
    """With all that should stay; where that costs one who must stay, only those who must are held to."""
    fixed = set(wanted.fixed)
    for keep in ({*fixed, *wanted.standing} - wanted.barred.keys(), fixed):
        asked = problem(wanted, fits, keep=keep)
        answer = solve_engine(asked)
        if isinstance(answer, Infeasible):
            return answer
        lost = sorted(fixed - set(answer.pairs))
        if not lost:
            return _slate(asked, answer, fits)
    return Infeasible(collide=tuple(_named(wanted, "assignment.pin_collides", pair) for pair in lost))


def _drawn(wanted: Wanted, fits: Sequence[Sequence[Fitting]], seed: bytes) -> Slate | Infeasible:
    """A lot for the places that fixed and standing pairs leave."""
    given = tuple(sorted({*wanted.fixed, *wanted.standing} - wanted.barred.keys()))
    whole = problem(wanted, fits)
    per_bid, least, most = whole.per_bid.copy(), whole.min_load.copy(), whole.max_load.copy()
    barred = dict(whole.barred)
    for bid, expert in given:
        per_bid[bid] = max(0, per_bid[bid] - 1)
        least[expert], most[expert] = max(0, least[expert] - 1), max(0, most[expert] - 1)
        barred[bid, expert] = "given"
    table_left = Table(_totals(fits, len(wanted.candidates)), conflicts=barred)
    left = replace(
        whole, per_bid=per_bid, min_load=least, max_load=most, barred=barred, affinity=table_left, marks={}
    )
    lots = lottery.lottery(left)
    if isinstance(lots, Infeasible):
        return lots
    return _slate(left, lottery.draw(left, lots, seed=seed), fits, given=given, expected=lots.expected)


def _slate(
    asked: Problem, answer: Answer, fits: Sequence[Sequence[Fitting]], *,
    given: tuple[Pair, ...] = (), expected: float | None = None,
) -> Slate:  # fmt: skip
    pairs = tuple(sorted((*given, *answer.pairs)))
    return Slate(
        problem=asked, answer=answer, given=given, pairs=pairs, fits={pair: fits[pair[0]][pair[1]] for pair in pairs},
        why=explain(asked, answer), total=round(sum(fits[bid][one].total for bid, one in pairs), 6), expected=expected,
    )  # fmt: skip


def _named(wanted: Wanted, code: str, pair: Pair) -> Finding:
    params = {"bid": wanted.works[pair[0]].id, "expert": wanted.candidates[pair[1]].id}
    return Finding(code=code, params={**params, "why": wanted.barred.get(pair, "")})


def _totals(
    fits: Sequence[Sequence[Fitting]], experts: int
) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    return np.array([[one.total for one in row] for row in fits], dtype=np.float64).reshape(
        len(fits), experts
    )


def _marks(wanted: Wanted) -> dict[str, tuple[str, ...]]:
    sectors = {
        mark: tuple(matter.sector if knows(one.skills, matter) else "" for one in wanted.candidates)
        for mark, (matter, _) in _sectors(wanted).items()
    }
    return {
        "country": tuple(one.country for one in wanted.candidates),
        "institution": tuple(one.institution for one in wanted.candidates),
        **sectors,
    }


def _sectors(wanted: Wanted) -> dict[str, tuple[Matter, frozenset[int] | None]]:
    """A mark for the experts who know a sector, with the bids that are about it; one alone is of all bids."""
    found: dict[str, tuple[Matter, set[int]]] = {}
    for place, work in enumerate(wanted.works):
        found.setdefault(work.matter.sector, (work.matter, set()))[1].add(place)
    if len(found) == 1:
        ((matter, _),) = found.values()
        return {"sector": (matter, None)}
    return {f"sector:{name}": (matter, frozenset(bids)) for name, (matter, bids) in found.items() if name}


def _quotas(wanted: Wanted) -> tuple[Quota, ...]:
    rule = wanted.rule
    most = {"country": rule.most_of_country, "institution": rule.most_of_institution}
    found = [Quota(mark=mark, most=count) for mark, count in most.items() if count is not None]
    if rule.least_of_sector:
        found += [
            Quota(mark=mark, value=matter.sector, least=rule.least_of_sector, bids=bids)
            for mark, (matter, bids) in _sectors(wanted).items()
            if matter.sector
        ]
    return tuple(found)


def _written(quota: Quota, bids: Sequence[str]) -> dict[str, object]:
    said = {"mark": quota.mark, "value": quota.value, "least": quota.least or None, "most": quota.most}
    asked = None if quota.bids is None else [bids[place] for place in sorted(quota.bids)]
    return {key: value for key, value in {**said, "bids": asked}.items() if value is not None}

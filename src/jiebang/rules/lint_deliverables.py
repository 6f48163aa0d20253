"""Deliverables that make no sense: measures that do not exist or that nothing is told by, limits that limit nothing."""

from collections.abc import Iterator

from jiebang.rules.problems import Problem
from jiebang.rules.schema import Deliverables, Rulebook


def problems(rulebook: Rulebook) -> list[Problem]:
    """What of `deliverables` names nothing or cannot be held."""
    rule = rulebook.deliverables
    return [*_kinds(rule), *_measures(rule)] if rule else []


def looser(child: Rulebook, parent: Rulebook) -> Iterator[Problem]:
    """A child may add kinds and measures and ask for more; it drops nothing and asks for no less."""
    old, new = parent.deliverables, child.deliverables
    if old is None:
        return
    if new is None:
        yield Problem(("deliverables",), f"removes what `{parent.id}` sets down; keep it")
        return
    for key, kind in old.kinds.items():
        mine = new.kinds.get(key)
        if gone := [name for name in kind.measures if mine is None or name not in mine.measures]:
            said = f"no longer tells {', '.join(gone)} as `{parent.id}` does; keep it"
            yield Problem(("deliverables", "kinds", key), said)
    for key, measure in old.measures.items():
        below = new.measures.get(key)
        for name in ("whole", "evidence", "within"):
            above = getattr(measure, name)
            if below and above and getattr(below, name) != above:
                said = f"loosens `{parent.id}`, which says {above}; keep it"
                yield Problem(("deliverables", "measures", key, name), said)
        if below and below.tally != measure.tally:
            said = f"counts otherwise than `{parent.id}`, so that the two could not be added up; write {measure.tally}"
            yield Problem(("deliverables", "measures", key, "tally"), said)


def _kinds(rule: Deliverables) -> Iterator[Problem]:
    for key, kind in rule.kinds.items():
        path = ("deliverables", "kinds", key, "measures")
        for place, name in enumerate(kind.measures):
            if name not in rule.measures:
                yield Problem((*path, place), f"`{name}` is no measure; there are {', '.join(rule.measures)}")
            elif name in kind.measures[:place]:
                yield Problem((*path, place), f"`{name}` stands here twice; once is enough")
            elif (bound := rule.measures[name].within) and bound not in kind.measures:
                said = f"`{name}` never exceeds `{bound}`, which this kind does not tell; add `{bound}`"
                yield Problem((*path, place), said)


def _measures(rule: Deliverables) -> Iterator[Problem]:
    told = {name for kind in rule.kinds.values() for name in kind.measures}
    for key, measure in rule.measures.items():
        path = ("deliverables", "measures", key)
        if key not in told:
            yield Problem(path, "no kind is told by it; name it in a kind, or leave it out")
        if not measure.within:
            continue
        bound = rule.measures.get(measure.within)
        if bound is None:
            said = f"`{measure.within}` is no measure; there are {', '.join(rule.measures)}"
            yield Problem((*path, "within"), said)
        elif bound.within or measure.within == key:
            said = f"`{measure.within}` is itself held within another measure; name the one that holds both"
            yield Problem((*path, "within"), said)
        elif "last" in (bound.tally, measure.tally):
            said = "only what is added up over periods is held within another; let both be `tally: sum`"
            yield Problem((*path, "within"), said)

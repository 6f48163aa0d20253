"""A rulebook with its malformed parts left out, so that lint can look at the rest in the same run."""

import copy
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from jiebang.rules.load import Path, inherit, read
from jiebang.rules.schema import Rulebook

MOST = 50  # rounds of leaving out: each takes away what one validation named


def rest(text: str, *, name: str, parents: Mapping[str, str]) -> tuple[Rulebook | None, frozenset[str]]:
    """What of the text fits the schema, and the keys that were left out; None where nothing is left to look at.

    A status that is none counts as `local`, so that the rule it stands in stays.
    """
    data, lines, faults = read(text, name=name)
    merged = {} if faults else inherit(data, name=name, parents=parents, lines=lines)
    if not isinstance(merged, dict) or not merged:
        return None, frozenset()
    left = copy.deepcopy(merged)
    gone: set[str] = set()
    for _ in range(MOST):
        try:
            return Rulebook.model_validate(left), frozenset(gone)
        except ValidationError as error:
            taken = {key for item in error.errors() if (key := _take(left, item["loc"]))}
        if not taken:
            break
        gone |= taken
    return None, frozenset(gone)


def _take(data: Any, path: Path) -> str:
    """Take out what a fault is about, or the nearest part around it that is there; its key."""
    at: Any = data
    holders: list[tuple[Any, str | int]] = []
    for step in path:
        if not _has(at, step):
            break
        holders.append((at, step))
        at = at[step]
    if not holders:
        return ""
    holder, step = holders[-1]
    if step == "status" and holder[step] != "local":
        holder[step] = "local"
    else:
        del holder[step]
    return str(step)


def _has(at: Any, step: str | int) -> bool:
    if isinstance(at, list):
        return isinstance(step, int) and step < len(at)
    return isinstance(at, dict) and step in at

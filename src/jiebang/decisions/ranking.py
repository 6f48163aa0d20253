"""Ranking: who stands where, with ties left standing as ties."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import groupby

from jiebang.rules.expressions import compile_expression, plain_fact, value
from jiebang.rules.reasons import Reason

Key = tuple[Fraction, ...]

_MAPPINGS = (dict, Mapping)  # nearly all are the first, which is asked in no time
_DIGITS = 13  # what a computed double is worth; a value read as it stands is compared exactly


@dataclass(frozen=True, slots=True)
class Rank:
    """A place: 1, 2, 2, 4; `tie` is how many share it (1 when nobody else does)."""

    id: str
    rank: int
    tie: int


def rank(keys: Mapping[str, Key]) -> tuple[Rank, ...]:
    """The places of ids by their keys, higher first, equal keys equal places; inside a tie the order given."""
    # doubles are compared first, which is quick; where they are equal the exact values decide
    known = {name: (tuple(map(float, key)), key) for name, key in keys.items()}
    ordered = sorted(keys, key=known.__getitem__, reverse=True)
    found: list[Rank] = []
    for _, same in groupby(ordered, key=known.__getitem__):
        group = list(same)
        found += [Rank(name, len(found) + 1, len(group)) for name in group]
    return tuple(found)


def number(source: str, *, facts: Mapping[str, object]) -> Fraction | None:
    """The number an expression gives, for comparing; None when it cannot be told or is no number.

    A plain name (`bid.score`, `-bid.amount`) is read exactly, as a decimal. What CEL computes in doubles
    is exact when whole, and else taken at 13 significant digits, so that 0.1 + 0.2 ties with 0.3.
    """
    turned, path = _named(source)
    exact = _exact(path, facts)
    if exact is not None:
        return -exact if turned else exact
    compiled = compile_expression(source)
    found = None if isinstance(compiled, Reason) else value(compiled, facts)
    if isinstance(found, bool):
        return Fraction(int(found))
    return _rounded(found) if isinstance(found, float) else None


@lru_cache(maxsize=256)
def _named(source: str) -> tuple[bool, tuple[str, ...]]:
    """Whether a minus stands before a name, and the name's parts."""
    name = source.strip()
    return name.startswith("-"), tuple(name.removeprefix("-").strip().split("."))


def _exact(path: Sequence[str], facts: object) -> Fraction | None:
    for step in path:
        facts = facts.get(step) if isinstance(facts, _MAPPINGS) else None
    if isinstance(facts, bool) or not isinstance(facts, int | float | Decimal):
        return None
    return None if plain_fact(facts) is None else Fraction(facts)


def _rounded(found: float) -> Fraction:
    if found == math.floor(found):
        return Fraction(int(found))
    return Fraction(f"{found:.{_DIGITS - 1}e}")

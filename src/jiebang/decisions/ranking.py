"""Ranking: who stands where, with ties left standing as ties."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from jiebang.rules.expressions import compile_expression, plain_fact, value
from jiebang.rules.reasons import Reason

Key = tuple[Fraction, ...]

_DIGITS = 13  # what a computed double is worth; a value read as it stands is compared exactly


@dataclass(frozen=True, slots=True)
class Rank:
    """A place: 1, 2, 2, 4; `tie` is how many share it (1 when nobody else does)."""

    id: str
    rank: int
    tie: int


def rank(keys: Mapping[str, Key]) -> tuple[Rank, ...]:
    """The places of ids by their keys, higher first, equal keys equal places; inside a tie the order given."""
    ordered = sorted(keys, key=lambda name: keys[name], reverse=True)
    sizes: dict[Key, int] = {}
    first: dict[Key, int] = {}
    for place, name in enumerate(ordered, start=1):
        sizes[keys[name]] = sizes.get(keys[name], 0) + 1
        first.setdefault(keys[name], place)
    return tuple(Rank(name, first[keys[name]], sizes[keys[name]]) for name in ordered)


def number(source: str, *, facts: Mapping[str, object]) -> Fraction | None:
    """The number an expression gives, for comparing; None when it cannot be told or is no number.

    A plain name (`bid.score`, `-bid.amount`) is read exactly, as a decimal. What CEL computes in doubles
    is exact when whole, and else taken at 13 significant digits, so that 0.1 + 0.2 ties with 0.3.
    """
    sign, name = (-1, source.strip()[1:].strip()) if source.strip().startswith("-") else (1, source.strip())
    exact = _exact(name.split("."), facts)
    if exact is not None:
        return sign * exact
    compiled = compile_expression(source)
    found = None if isinstance(compiled, Reason) else value(compiled, facts)
    if isinstance(found, bool):
        return Fraction(int(found))
    return _rounded(found) if isinstance(found, float) else None


def _exact(path: Sequence[str], facts: object) -> Fraction | None:
    for step in path:
        facts = facts.get(step) if isinstance(facts, Mapping) else None
    if isinstance(facts, bool) or not isinstance(facts, int | float | Decimal):
        return None
    return None if plain_fact(facts) is None else Fraction(facts)


def _rounded(found: float) -> Fraction:
    if found == math.floor(found):
        return Fraction(int(found))
    return Fraction(f"{found:.{_DIGITS - 1}e}")

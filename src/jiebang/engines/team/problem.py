"""What a consortium problem is: a need, the organisations that could meet it, and the limits of a team.

The value of a team is the sum of its members' values plus the weight of every capability of the need that a member has.
Numbers are whole or `Decimal`, so that no sum loses a digit; at most `DIGITS` decimals, at most `LARGEST` in size.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

Number: TypeAlias = int | Decimal
DIGITS = 6
LARGEST = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A capability the need wants: at `level` or above; a team must have it, or gains `weight` (>= 0) by having it."""

    capability: str
    level: Number = 1
    weight: Number = 0
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Who could take part: capabilities with the level of each, a value (any sign) and a cost (>= 0)."""

    id: str
    country: str | None = None
    type: str | None = None
    capabilities: Mapping[str, Number] = field(default_factory=dict)
    value: Number = 0
    cost: Number = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """Who may lead: each of these that is not None must hold the organisation's own."""

    countries: frozenset[str] | None = None
    types: frozenset[str] | None = None
    organisations: frozenset[str] | None = None

    def allows(self, organisation: Organisation, /) -> bool:
        """Whether this organisation may lead; an unknown country or type is in no list."""
        return (
            (self.countries is None or organisation.country in self.countries)
            and (self.types is None or organisation.type in self.types)
            and (self.organisations is None or organisation.id in self.organisations)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """At most `partners` besides the lead and `per_country` of one known country; at least `countries` known ones.

    The sum of costs is at most `budget`. None: no such limit.
    """

    partners: int = 5
    per_country: int | None = None
    countries: int = 1
    budget: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A whole problem. `apart` are pairs of ids that must not meet in one team."""

    need: tuple[Wanted, ...]
    organisations: tuple[Organisation, ...]
    lead: Lead = Lead()
    limits: Limits = Limits()
    must_have: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    apart: tuple[tuple[str, str], ...] = ()


def covers(organisation: Organisation, wanted: Wanted, /) -> bool:
    """Whether the organisation has the capability at the level wanted."""
    level = organisation.capabilities.get(wanted.capability)
    return level is not None and level >= wanted.level


def value(problem: Problem, *, team: Iterable[Organisation]) -> Number:
    """The members' values plus the weights of the capabilities that one of them has."""
    members = tuple(team)
    gained = (w.weight for w in problem.need if any(covers(one, w) for one in members))
    return sum((one.value for one in members), start=0) + sum(gained)


def breaches(problem: Problem, *, team: Sequence[Organisation]) -> tuple[str, ...]:
    """Which limits a team breaks, by name (`Problem`'s fields, `capability:NAME`); none when it may bid."""
    ids, limits = {one.id for one in team}, problem.limits
    known = Counter(one.country for one in team if one.country is not None)
    broken = {
        "partners": len(team) > limits.partners + 1,
        "lead": not any(problem.lead.allows(one) for one in team),
        "per_country": limits.per_country is not None and max(known.values(), default=0) > limits.per_country,
        "countries": len(known) < limits.countries and limits.countries > 1,
        "budget": limits.budget is not None and sum(one.cost for one in team) > limits.budget,
        "must_have": not problem.must_have <= ids,
        "excluded": bool(problem.excluded & ids),
        "apart": any(first in ids and second in ids for first, second in problem.apart),
    }
    missing = (w for w in problem.need if w.required and not any(covers(one, w) for one in team))
    return (
        *(name for name, is_so in broken.items() if is_so),
        *(f"capability:{w.capability}" for w in missing),
    )

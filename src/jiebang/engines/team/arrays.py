"""A problem as arrays of whole numbers: one row an organisation that is allowed, one column a thing to be covered."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from jiebang.engines.team.problem import Number, Organisation, Problem, covers

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
NOWHERE = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arrays:
    """n organisations by m + 1 columns: the need's m capabilities, and last the right to lead.

    `value`, `weight` and `cost`, `budget` are in units of 10 ** -`digits` and 10 ** -`cost_digits`. `country` is a number,
    `NOWHERE` where unknown. `forced` are rows of must-have organisations, `apart` pairs of rows; `size` counts lead and partners.
    """

    organisations: tuple[Organisation, ...]
    covers: Bools
    required: Bools
    weight: Ints
    value: Ints
    cost: Ints
    country: Ints
    forced: Ints
    apart: tuple[tuple[int, int], ...]
    size: int
    per_country: int | None
    countries: int
    budget: int | None
    digits: int
    cost_digits: int

    @property
    def n(self) -> int:
        """How many organisations are allowed."""
        return len(self.organisations)


def arrays(problem: Problem, /) -> Arrays:
    """The arrays of a problem; excluded organisations are left out."""
    allowed = tuple(one for one in problem.organisations if one.id not in problem.excluded)
    row = {one.id: at for at, one in enumerate(allowed)}
    places = {name: at for at, name in enumerate(sorted({one.country for one in allowed if one.country}))}
    limits, need = problem.limits, problem.need
    digits = decimals([*(one.value for one in allowed), *(wanted.weight for wanted in need)])
    budget = limits.budget
    cost_digits = decimals([*(one.cost for one in allowed), *([] if budget is None else [budget])])
    columns = [[covers(one, wanted) for wanted in need] + [problem.lead.allows(one)] for one in allowed]
    return Arrays(
        organisations=allowed,
        covers=np.array(columns, dtype=bool).reshape(len(allowed), len(need) + 1),
        required=np.array([*(wanted.required for wanted in need), True], dtype=bool),
        weight=units([*(wanted.weight for wanted in need), 0], digits),
        value=units([one.value for one in allowed], digits),
        cost=units([one.cost for one in allowed], cost_digits),
        country=np.array([places.get(one.country or "", NOWHERE) for one in allowed], dtype=np.int64),
        forced=np.array(sorted(row[name] for name in problem.must_have if name in row), dtype=np.int64),
        apart=tuple((row[a], row[b]) for a, b in problem.apart if a in row and b in row),
        size=min(limits.partners + 1, max(len(allowed), 1)),
        per_country=limits.per_country,
        countries=limits.countries,
        budget=None if budget is None else int(units([budget], cost_digits)[0]),
        digits=digits,
        cost_digits=cost_digits,
    )


def decimals(numbers: Iterable[Number], /) -> int:
    """How many decimals the most precise of these has."""
    exponents = (Decimal(number).normalize().as_tuple().exponent for number in numbers if number)
    return max((-exponent for exponent in exponents if isinstance(exponent, int) and exponent < 0), default=0)


def units(numbers: Iterable[Number], digits: int, /) -> Ints:
    """These numbers times 10 ** `digits`, exactly."""
    return np.array([int(Decimal(number).scaleb(digits)) for number in numbers], dtype=np.int64)


def number(count: int, digits: int, /) -> Number:
    """A count of units of 10 ** -`digits` as the number it stands for."""
    return Decimal(count).scaleb(-digits) if digits else count

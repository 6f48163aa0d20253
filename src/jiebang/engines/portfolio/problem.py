"""What is asked: bids, what each is worth, and the limits of any set of them; and what comes out."""

from collections.abc import Sequence
from dataclasses import dataclass

UNITS = 1_000_000  # values count in millionths of the greatest


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At `most` (and at `least`) so much of the weights of the chosen bids; `weights` by number of bid, the rest weigh 0."""

    name: str
    weights: dict[int, int]
    most: int | None = None
    least: int | None = None

    def holds(self, chosen: frozenset[int]) -> bool:
        """Whether a set of bids keeps it."""
        total = sum(self.weights.get(item, 0) for item in chosen)
        return (self.most is None or total <= self.most) and (self.least is None or total >= self.least)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Bids by number, in the order that settles equal sums: what each is worth, and the limits of any set of them.

    `parts` may say which bids belong together (the number of a challenge): limits lie mostly within one. It changes no answer.
    """

    values: tuple[int, ...]
    limits: tuple[Limit, ...]
    parts: tuple[int, ...] = ()

    def worth(self, chosen: frozenset[int]) -> int:
        """The sum of a set."""
        return sum(self.values[item] for item in chosen)


@dataclass(frozen=True, slots=True)
class Swap:
    """What it would take to choose a bid that was left out: which chosen ones would go, who else comes, and the loss."""

    out: frozenset[int]
    also: frozenset[int]
    loss: int


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The best set, its value, and for each bid left out the swap: None where no set within the limits holds it.

    `unproven` are bids left out whose swap is not known, because the search for it ended without a proof.
    """

    chosen: frozenset[int]
    value: int
    swaps: dict[int, Swap | None]
    unproven: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Collision:
    """That no set keeps all limits: names of some that cannot be kept together, none of them to spare."""

    limits: tuple[str, ...]


class Unproven(Exception):
    """The search reached its limit before anything was proven.

    `chosen` is the best set found (None: none was), `gap` how much more another may be worth, as a share of it.
    """

    def __init__(self, chosen: frozenset[int] | None, gap: float) -> None:
        super().__init__(f"no proof; another set may be worth {gap:.4%} more")
        self.chosen, self.gap = chosen, gap


def in_units(values: Sequence[float]) -> tuple[int, ...]:
    """Values as whole millionths of the greatest, which is what sums are compared by."""
    greatest = max((abs(value) for value in values), default=0.0)
    return tuple(round(value / greatest * UNITS) if greatest else 0 for value in values)

"""What a calibration is made from and what it finds. All scores are on one scale, higher or lower being better alike."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from jiebang.engines.scoring import Exact

DIGITS = (
    13  # what a computed double is worth, as in the ranking: the same on every machine, equal bids stay equal
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What one expert gave one bid in all, on the scale of the programme; one mark a pair."""

    bid: str
    expert: str
    score: Exact


@dataclass(frozen=True, slots=True)
class Estimate:
    """A bid's calibrated score and its standard deviation, both on the scale of the method; None where unknown."""

    score: Fraction
    sd: float | None


@dataclass(frozen=True, slots=True)
class Severity:
    """How much higher an expert marks than others do (negative: more severe), with its standard deviation; n marks."""

    expert: str
    effect: float
    sd: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Why:
    """A code and its parameters: why a method was used or not. The catalogue has the sentence."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What was found: the method asked for, the one that was used, and why; one estimate for every bid with a mark.

    `severities` are the corrections that were made; empty where a method corrects no expert.
    """

    asked: str
    used: str
    why: tuple[Why, ...]
    estimates: Mapping[str, Estimate]
    severities: tuple[Severity, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The marks of a panel by number: who gave which bid how many `unit`s, in whole numbers; bids and experts in their order."""

    bids: tuple[str, ...]
    experts: tuple[str, ...]
    bid: tuple[int, ...]
    expert: tuple[int, ...]
    score: tuple[int, ...]
    unit: Fraction

    def sums(self, of: Sequence[int], count: int) -> tuple[list[int], list[int]]:
        """How many marks each bid (or expert) has, and their sum; `of` is `bid` or `expert`."""
        sizes, totals = [0] * count, [0] * count
        for at, score in zip(of, self.score, strict=True):
            sizes[at] += 1
            totals[at] += score
        return sizes, totals


@dataclass(frozen=True, slots=True)
class Panel:
    """The marks of a round in one fixed order, whatever the order they came in."""

    marks: tuple[Mark, ...] = ()

    @classmethod
    def of(cls, marks: Iterable[Mark]) -> "Panel":
        """A panel of marks; sorted by bid and expert, so that no sum depends on the order given."""
        return cls(tuple(sorted(marks, key=lambda mark: (mark.bid, mark.expert))))

    def by_bid(self) -> dict[str, list[Exact]]:
        """The scores of each bid."""
        found: dict[str, list[Exact]] = {}
        for mark in self.marks:
            found.setdefault(mark.bid, []).append(mark.score)
        return found

    def by_expert(self) -> dict[str, dict[str, Exact]]:
        """The scores that each expert gave, by bid."""
        found: dict[str, dict[str, Exact]] = {}
        for mark in self.marks:
            found.setdefault(mark.expert, {})[mark.bid] = mark.score
        return found

    def table(self) -> Table:
        """The marks by number."""
        bids, experts = (
            sorted({mark.bid for mark in self.marks}),
            sorted({mark.expert for mark in self.marks}),
        )
        row, column = ({name: at for at, name in enumerate(names)} for names in (bids, experts))
        whole = math.lcm(*(mark.score.denominator for mark in self.marks))
        return Table(
            tuple(bids), tuple(experts), tuple(row[m.bid] for m in self.marks), tuple(column[m.expert] for m in self.marks),
            tuple(m.score.numerator * (whole // m.score.denominator) for m in self.marks), Fraction(1, whole),
        )  # fmt: skip


def rounded(value: float) -> Fraction:
    """A computed double at 13 significant digits, exactly."""
    return Fraction(Decimal(_digits(value)))


def shown(value: float) -> float:
    """A computed double at 13 significant digits."""
    return float(_digits(value))


def root(value: Fraction) -> float:
    """Square root of a variance, at 13 significant digits."""
    return shown(math.sqrt(value))


def _digits(value: float) -> str:
    return f"{value:.{DIGITS - 1}e}"

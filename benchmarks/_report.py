"""How a benchmark tells what it measured: one line a figure, with its limit and the ratio to it.

What can be counted (queries, bytes, outcomes) decides whether a benchmark is passed. What the mood of a machine changes
(seconds, requests a second) is told beside its limit, as `kept` or `MISSED`, and decides nothing.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measured value and its limit; `least` when more is better. `decides` only where the value can be counted."""

    name: str
    value: float
    limit: float
    least: bool = False
    decides: bool = False

    @property
    def kept(self) -> bool:
        """Whether the limit is kept."""
        return self.value >= self.limit if self.least else self.value <= self.limit

    def __str__(self) -> str:
        bound = "least" if self.least else "most"
        ratio = self.value / self.limit if self.limit else float("inf")
        word = "kept" if self.kept else "FAILED" if self.decides else "MISSED"
        return (
            f"{self.name:28} {self.value:14,.2f}  {bound:5} {self.limit:14,.2f}  ratio {ratio:8.3f}  {word}"
        )


def report(*figures: Figure) -> int:
    """Print every figure; 1 when one that decides is off its limit, else 0."""
    for figure in figures:
        print(figure)
    return int(any(figure.decides and not figure.kept for figure in figures))

"""Faults: what is wrong with a text somebody wrote, where it stands, and what would be right.

A fault is about malformed input. A breach of a programme's rule is a verdict and has a `Reason` instead.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One malformed place: the file as the user named it, the line (from 1, None if unknown), the field."""

    file: str
    line: int | None
    field: str
    message: str

    def __str__(self) -> str:
        """`file:line: field: message` on one line; a fault of a whole file stands at its line 1."""
        return " ".join(f"{self.file}:{self.line or 1}: {self.field}: {self.message}".split())

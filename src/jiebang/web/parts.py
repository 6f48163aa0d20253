"""What all page components share: the base class, a link, the state stamp."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

Tone = Literal["waiting", "open", "deciding", "done", "stopped", "paused"]


@dataclass(frozen=True, kw_only=True)
class Part:
    """Base of all components; `template` names the file that prints it (as `c`)."""

    template: ClassVar[str] = ""


@dataclass(frozen=True)
class Link:
    """A place to go. `note` is a count or hint beside it; `current` marks where the reader is."""

    label: str
    url: str
    current: bool = False
    note: str = ""


@dataclass(frozen=True)
class Stamp(Part):
    """A state as word + shape + colour (never colour alone)."""

    word: str
    tone: Tone = "waiting"
    template: ClassVar[str] = "components/stamp.html"


@dataclass(frozen=True)
class Figures(Part):
    """Figures in large type, each opening the rows it counts: `note` of the link is the figure, `label` what it counts."""

    items: Sequence[Link]
    template: ClassVar[str] = "components/figures.html"

"""A tree as nested lists: every branch leads somewhere and says its state in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from jiebang.web.parts import Part, Stamp


@dataclass(frozen=True, kw_only=True)
class Branch:
    """One place of a tree; `under` is what grew out of it."""

    name: str
    url: str = ""
    note: str = ""
    stamp: Stamp | None = None
    here: bool = False
    under: Tree | None = None


@dataclass(frozen=True, kw_only=True)
class Tree(Part):
    """Branches side by side; `label` names the list, also where it is not seen."""

    branches: Sequence[Branch]
    label: str
    template: ClassVar[str] = "components/tree.html"

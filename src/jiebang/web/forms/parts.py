"""View models of a form's questions that are more than one input; the rest are `components.Field`s."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from jiebang.web.components import Field, Link, Part


@dataclass(frozen=True, kw_only=True)
class Words(Part):
    """A statement being written: its text, and folded under it the language and the translations."""

    field: Field
    summary: str
    extras: Sequence[Field]
    open: bool = False
    template: ClassVar[str] = "forms/words.html"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One row of a repeated group; `remove` is the value of its button, `key` the id of the row."""

    title: str
    fields: Sequence[Field]
    remove: str = ""
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Group(Part):
    """A question with several rows or values: indicators, milestones, promised values."""

    name: str
    label: str
    help: str = ""
    rule: str = ""
    error: str = ""
    optional: bool = False
    before: Sequence[Field] = ()
    entries: Sequence[Entry] = ()
    fields: Sequence[Field] = ()
    add: str = ""
    template: ClassVar[str] = "forms/group.html"


@dataclass(frozen=True, kw_only=True)
class Upload(Part):
    """A file: the one that is there, whether to drop it, and the input for another."""

    field: Field
    present: str = ""
    url: str = ""
    template: ClassVar[str] = "forms/upload.html"


@dataclass(frozen=True, kw_only=True)
class Missing(Part):
    """What is still in the way, each with a link to the question on its page."""

    title: str
    links: Sequence[Link]
    template: ClassVar[str] = "forms/missing.html"


@dataclass(frozen=True, kw_only=True)
class Saved(Part):
    """Says when the answers were last saved; replaced whenever they save themselves."""

    text: str
    template: ClassVar[str] = "forms/saved.html"


@dataclass(frozen=True, kw_only=True)
class Doubts(Missing):
    """What may be sent as it is, but deserves a second look."""

    template: ClassVar[str] = "forms/doubts.html"

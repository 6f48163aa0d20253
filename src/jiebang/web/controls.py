"""View models of what a reader operates: forms, task lists, tables with their filters and paging."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from jiebang.web.parts import Link, Part

_CASE = re.compile(r"[A-Z]{1,6}(-[A-Z0-9]{1,6}){1,4}")
TaskStatus = Literal["todo", "doing", "done", "blocked", "error"]
FieldKind = Literal[
    "text",
    "email",
    "password",
    "number",
    "date",
    "datetime-local",
    "url",
    "textarea",
    "select",
    "radios",
    "checkboxes",
    "checkbox",
    "file",
]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One mistake in the user's words with what would be right; `field` is the id it links to."""

    text: str
    field: str = ""


@dataclass(frozen=True, kw_only=True)
class ErrorSummary(Part):
    faults: Sequence[Fault]
    template: ClassVar[str] = "components/errors.html"


@dataclass(frozen=True, kw_only=True)
class Task:
    name: str
    status: TaskStatus
    url: str = ""
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskList(Part):
    tasks: Sequence[Task]
    title: str = ""
    template: ClassVar[str] = "components/tasks.html"


@dataclass(frozen=True, kw_only=True)
class Answer:
    question: str
    answer: str | Part
    change_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Answers(Part):
    """Check your answers before sending."""

    rows: Sequence[Answer]
    template: ClassVar[str] = "components/answers.html"


@dataclass(frozen=True, kw_only=True)
class Option:
    value: str
    label: str
    chosen: bool = False
    help: str = ""


@dataclass(frozen=True, kw_only=True)
class Field(Part):
    """One question of a form. `rule` is the rule behind it and why it is asked; ids are `id_<name>`."""

    name: str
    label: str
    kind: FieldKind = "text"
    value: str = ""
    help: str = ""
    rule: str = ""
    error: str = ""
    warning: str = ""
    optional: bool = False
    options: Sequence[Option] = ()
    accept: str = ""
    autocomplete: str = ""
    inputmode: str = ""
    maxlength: int | None = None
    short: bool = False
    lang: str = ""
    template: ClassVar[str] = "components/field.html"


@dataclass(frozen=True, kw_only=True)
class Column:
    """`sort_url` is the address that sorts by this column next.

    `sorted` is ascending, descending or empty.
    """

    label: str
    sort_url: str = ""
    sorted: Literal["", "ascending", "descending"] = ""
    number: bool = False

    @property
    def is_case(self) -> bool:
        """Whether the heading is the number of a case, which never breaks over two lines."""
        return bool(_CASE.fullmatch(self.label))


@dataclass(frozen=True)
class Cell:
    text: str = ""
    url: str = ""
    part: Part | None = None

    @property
    def is_case(self) -> bool:
        """Whether it is the number of a case, such as GX-2027-003, which never breaks over two lines."""
        return bool(_CASE.fullmatch(self.text))


@dataclass(frozen=True, kw_only=True)
class DataTable(Part):
    """Rows of cells.

    The first cell of a row is its heading. Cards on a phone. `cells` pairs each with its column.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""
    template: ClassVar[str] = "components/table.html"

    def cells(self) -> list[list[tuple[Column, Cell]]]:
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, kw_only=True)
class FilterForm(Part):
    """A GET form: filters stay in the address. `hidden` carries sort and language on."""

    fields: Sequence[Field]
    action: str = ""
    hidden: Sequence[tuple[str, str]] = ()
    clear_url: str = ""
    target: str = ""
    template: ClassVar[str] = "components/filter.html"


@dataclass(frozen=True, kw_only=True)
class Paging(Part):
    """`pages` are links with a gap marked by an empty url and label '…'."""

    pages: Sequence[Link] = ()
    previous_url: str = ""
    next_url: str = ""
    template: ClassVar[str] = "components/paging.html"


@dataclass(frozen=True, kw_only=True)
class ListHead(Part):
    """Count of what is shown and the exports of exactly that."""

    count: str
    exports: Sequence[Link] = ()
    template: ClassVar[str] = "components/list_head.html"

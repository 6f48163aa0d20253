"""What a project leaves behind beside its result: laboratories, transfer centres, training, each with its own measures."""

from typing import Literal

from pydantic import Field

from jiebang.rules.schema.base import LocalText, Part, Rule, Slug


class Measure(Part):
    """One number that a deliverable is told by, for a period."""

    label: LocalText
    unit: LocalText
    help: dict[str, str] = Field(default_factory=dict)
    whole: bool = Field(False, description="Whole numbers only, as of people.")
    evidence: bool = Field(False, description="A value is recorded only with a file that shows it.")
    tally: Literal["sum", "last"] = Field(
        "sum",
        description="sum: periods are added up; last: the last period's value stands, as of staff.",
    )
    within: Slug | None = Field(
        None, description="Another measure that it never exceeds in the same period, as certificates and trainees."
    )  # fmt: skip


class DeliverableKind(Part):
    """One kind of deliverable, and the measures that it is told by."""

    label: LocalText
    help: dict[str, str] = Field(default_factory=dict)
    measures: list[Slug] = Field(min_length=1, description="Keys of `deliverables.measures`, in order.")


class Deliverables(Rule):
    """Which deliverables a project may plan, and what is counted of each."""

    kinds: dict[Slug, DeliverableKind] = Field(min_length=1)
    measures: dict[Slug, Measure] = Field(min_length=1)

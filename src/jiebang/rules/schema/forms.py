"""Forms as data: one schema checks them in the browser, on the server and in the terminal."""

from typing import Literal

from pydantic import Field, model_validator

from jiebang.rules.schema.base import LocalText, Part, Slug

FormName = Literal[
    "need", "bid", "milestone", "protocol", "validation", "follow_up", "alignment", "contribution", "due_diligence",
    "replication", "replica_confirmation",
]  # fmt: skip
FieldKind = Literal[
    "line", "text", "number", "money", "date", "choice", "choices", "yes_no", "indicators", "milestones", "promises", "file",
]  # fmt: skip


class FormField(Part):
    """One question. `text` and `line` answers are statements in a language; the rest are facts."""

    kind: FieldKind
    label: LocalText
    help: dict[str, str] = Field(default_factory=dict)
    required: bool = True
    rule: Slug | None = Field(None, description="Eligibility rule that explains why it is asked.")
    max_length: int = Field(4000, ge=1, le=20000)
    minimum: float | None = None
    maximum: float | None = None
    options: Slug | list[str] | dict[str, LocalText] | None = Field(
        None, description="A vocabulary (`modes`, `sectors`), plain values, or values with labels."
    )
    public: bool = Field(True, description="Shown on the public page once the thing is public.")

    @model_validator(mode="after")
    def _options(self) -> "FormField":
        if self.kind in ("choice", "choices") and not self.options:
            raise ValueError("a choice needs `options`: a vocabulary's name or a list of values")
        return self


class FormStep(Part):
    """One group of questions on one page."""

    label: LocalText
    help: dict[str, str] = Field(default_factory=dict)
    fields: dict[Slug, FormField]


class Form(Part):
    """An ordered set of steps; field ids are unique over the form."""

    label: LocalText
    steps: dict[Slug, FormStep]

    @model_validator(mode="after")
    def _unique(self) -> "Form":
        names = [name for step in self.steps.values() for name in step.fields]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError("these fields stand in two steps: " + ", ".join(sorted(twice)))
        return self

    @property
    def fields(self) -> dict[str, FormField]:
        """All fields in order, by id."""
        return {name: field for step in self.steps.values() for name, field in step.fields.items()}

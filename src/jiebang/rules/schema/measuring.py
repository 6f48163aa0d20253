"""How measured values are weighed, disputed and graded."""

from typing import Literal

from pydantic import Field, model_validator

from jiebang.rules.schema.base import Expression, LocalText, Part, Rule, Slug

Measurer = Literal["tester", "office", "owner"]
Side = Literal["owner", "lead"]


def _both() -> list[Side]:
    return ["owner", "lead"]


class Grade(Part):
    """A grade of the whole result; grades are tried in order, the first whose `require` holds is given."""

    label: LocalText
    require: Expression | None = Field(
        None, description="CEL over `result`; the last grade may leave it out and takes all others."
    )
    passes: bool = Field(True, description="Whether a result of this grade can be accepted.")


class Measuring(Rule):
    """Whose values count, who may dispute them, and what the whole result is called."""

    order: list[Measurer] = Field(
        default_factory=list,
        description="Whose last value counts first; empty: the last of anybody but the lead.",
    )
    evidence: bool = Field(False, description="A value counts only with at least one file of evidence.")
    dispute_by: list[Side] = Field(default_factory=_both)
    dispute_days: int = Field(15, ge=1, le=366, description="Days after a value in which it may be disputed.")
    grades: dict[Slug, Grade] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _last_takes_all(self) -> "Measuring":
        open_ = [key for key, grade in self.grades.items() if grade.require is None]
        if self.grades and open_ != [list(self.grades)[-1]]:
            raise ValueError("the last of `grades`, and it alone, has no `require`: it takes what is left")
        if len(set(self.order)) != len(self.order):
            raise ValueError("`order` names nobody twice")
        return self

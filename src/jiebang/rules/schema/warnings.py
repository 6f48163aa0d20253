"""What the office is warned of before a project fails: how many days make a warning, and how many a serious one."""

from typing import Literal

from pydantic import Field, model_validator

from jiebang.rules.schema.base import Part, Rule

WarningKind = Literal[
    "slipping", "silent_owner", "clock", "expiring_check", "unpaid", "unanswered", "disputed", "no_runs"
]


class After(Part):
    """Days after something should have happened."""

    days: int = Field(ge=0, le=3660, description="From so many days on there is a warning.")
    serious: int = Field(ge=0, le=3660, description="From so many days on it is serious.")

    @model_validator(mode="after")
    def _grows(self) -> "After":
        if self.serious < self.days:
            raise ValueError("`serious` comes after `days`: what is late grows graver with every day")
        return self


class Before(Part):
    """Days before something ends; what has ended is serious."""

    days: int = Field(ge=0, le=3660, description="With so many days left there is a warning.")
    serious: int = Field(ge=0, le=3660, description="With so many days left it is serious.")

    @model_validator(mode="after")
    def _shrinks(self) -> "Before":
        if self.serious > self.days:
            raise ValueError("`serious` is no more than `days`: it grows graver the fewer days are left")
        return self


class Warnings(Rule):
    """The early warnings of a project at work; what is left out is not warned of."""

    slipping: After | None = Field(None, description="After the day of a milestone that nobody has reported.")
    silent_owner: After | None = Field(
        None, description="Since the owner's people last did anything on the project, or since it began."
    )
    clock: Before | None = Field(
        None, description="Before the clock of the stage runs out, as that of the agreement."
    )
    expiring_check: Before | None = Field(None, description="Before a check is no longer valid.")
    unpaid: After | None = Field(None, description="Since an instalment fell due.")
    unanswered: After | None = Field(
        None, description="After the day on which the owner should have said whether it is in use."
    )
    disputed: After | None = Field(None, description="Since a measured value was disputed.")
    no_runs: After | None = Field(
        None, description="Since both sides agreed on a protocol, while nothing was run."
    )

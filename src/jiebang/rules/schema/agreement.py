"""What is signed before work begins: the aligned statement, the agreement's clauses, who signs in which order, and the checks."""

from typing import Literal

from pydantic import Field

from jiebang.rules.schema.base import LocalText, Part, Rule, Slug
from jiebang.rules.schema.parties import Role


class Clause(Part):
    """An article of the agreement. `{lead}`, `{owner}`, `{partners}`, `{amount}`, `{months}`, `{challenge}` and
    `{prevailing}` stand for what the project says."""

    title: LocalText
    text: LocalText
    modes: list[Slug] = Field(
        default_factory=list, description="Only for these cooperation modes; empty: always."
    )


class Changes(Part):
    """What may still be changed once the agreement is in force, and who must agree."""

    kinds: list[Literal["dates", "partners", "terms"]] = Field(
        min_length=1, description="Days of milestones, a partner for another, other words."
    )
    consent: list[Literal["lead", "partner", "owner"]] = Field(
        min_length=1,
        description="Whose consent it needs; who joins is always asked, who leaves never.",
    )  # fmt: skip
    four_eyes: bool = Field(True, description="One officer looks at it, another decides.")


class Agreement(Rule):
    """How an agreement comes about and what it says."""

    languages: list[str] = Field(min_length=1, description="Printed side by side, in this order.")
    prevailing: str = Field(description="The language that governs where the two differ.")
    order: list[Literal["lead", "partner", "owner"]] = Field(
        default_factory=list, description="Who signs after whom; empty: in any order."
    )
    on_paper: bool = Field(True, description="Whether a printed, sealed and scanned copy counts.")
    clauses: dict[Slug, Clause] = Field(default_factory=dict)
    changes: Changes | None = Field(None, description="Absent: nothing changes once it is in force.")
    pledge: dict[str, str] = Field(default_factory=dict, description="What the lead researcher promises.")
    disclaimer: dict[str, str] = Field(
        default_factory=dict, description="Said under every check: what the system does not judge."
    )


class Finding(Part):
    """What a check may find."""

    label: LocalText
    reference: dict[str, str] = Field(
        default_factory=dict, description="The number that must be given with it, as the page asks for it."
    )
    stops: bool = Field(False, description="With this finding nothing may be signed.")


class Gate(Rule):
    """A recorded check (export, data, ethics) that must be closed before a command."""

    label: LocalText
    modes: list[Slug] = Field(
        default_factory=list, description="Only for these cooperation modes; empty: always."
    )
    before: Slug = Field(description="The project command that waits for it.")
    negotiation: bool = Field(
        False, description="The statement of both sides is neither written nor accepted while it is open."
    )
    by: list[Role] = Field(default_factory=list, description="Who may answer besides the office.")
    department: str = Field("", description="Which department, where `by` names departments.")
    list_needed: bool = Field(
        False, description="Whether the version of the list that was looked at must be named."
    )
    findings: dict[Slug, Finding] = Field(default_factory=dict, description="Empty: words alone.")

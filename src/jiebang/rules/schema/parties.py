"""Who may take part: places, roles, eligibility, consortium."""

from typing import Literal

from pydantic import Field

from jiebang.rules.schema.base import CountryCode, Expression, LocalText, Part, RegionCode, Rule, Slug, Term

Subject = Literal["owner", "need", "lead", "partner", "consortium", "bid"]
Role = Literal[
    "public", "owner", "lead", "partner", "expert", "officer", "second_officer",
    "country_desk", "department", "auditor", "administrator",
]  # fmt: skip


class Place(Rule):
    """A named set of countries and first-level regions (ISO 3166)."""

    label: LocalText
    countries: list[CountryCode] = Field(default_factory=list)
    regions: list[RegionCode] = Field(default_factory=list)


class EligibilityRule(Rule):
    """One condition on a subject. `require` is CEL over facts; an absent fact gives "cannot tell"."""

    subject: Subject
    text: LocalText = Field(description="The rule in plain words, as the applicant reads it.")
    require: Expression
    evidence: Slug | None = Field(
        None, description="Kind of evidence that proves it, from vocabulary.evidence."
    )
    remedy: dict[str, str] = Field(
        default_factory=dict, description="What to do when it fails or cannot be told."
    )


class Consortium(Rule):
    """A lead and its partners."""

    max_partners: int | None = Field(None, ge=0, description="Besides the lead; null for no limit.")
    owner_may_be_partner: bool = True
    owner_counts: bool = Field(False, description="Whether the demand owner counts as one of the partners.")
    partner_place: Slug | None = Field(
        None, description="Key of places that partners must be in; null for any."
    )
    one_bid_per_lead: bool = Field(True, description="A lead has one live bid on a challenge.")
    invitation_days: int = Field(10, ge=1, description="Days after which an unanswered invitation lapses.")


class Vocabulary(Part):
    """The words that forms, facts and lists use."""

    organisation_types: dict[Slug, Term] = Field(default_factory=dict)
    evidence: dict[Slug, Term] = Field(default_factory=dict)
    modes: dict[Slug, Term] = Field(default_factory=dict)
    sectors: dict[Slug, Term] = Field(default_factory=dict)
    capabilities: dict[Slug, Term] = Field(
        default_factory=dict,
        description="What organisations can do and needs ask for: teams are suggested by it.",
    )
    chain: dict[Slug, Term] = Field(
        default_factory=dict,
        description="The links of a project from research to use, in order: who does which of them, and where.",
    )
    roles: dict[Role, Term] = Field(default_factory=dict)

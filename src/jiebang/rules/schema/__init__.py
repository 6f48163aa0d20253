"""The rulebook's schema. `Rulebook` is the whole; `jiebang rulebook schema` prints it as JSON Schema."""

from typing import Literal

from pydantic import Field

from jiebang.rules.schema.agreement import Agreement, Changes, Clause, Finding, Gate
from jiebang.rules.schema.awarding import Lottery, Quota, Shortlist
from jiebang.rules.schema.base import LocalText, Part, Rule, Setting, Slug, Source, Term
from jiebang.rules.schema.deliverables import DeliverableKind, Deliverables, Measure
from jiebang.rules.schema.experts import Assignment, Conflicts, Fit, Link
from jiebang.rules.schema.forms import Form, FormField, FormName, FormStep
from jiebang.rules.schema.judging import (
    Award,
    Criterion,
    Expertise,
    FollowUp,
    PanelRule,
    Racing,
    Scoring,
)
from jiebang.rules.schema.measuring import Grade, Measuring
from jiebang.rules.schema.money import (
    AfterSubsidyRule,
    CurrencyRounding,
    Instalment,
    Money,
    MoneySource,
    Repayment,
)
from jiebang.rules.schema.parties import Consortium, EligibilityRule, Place, Role, Subject, Vocabulary
from jiebang.rules.schema.pilot import Pilot, Severity
from jiebang.rules.schema.process import (
    Clock,
    Disclosure,
    Flag,
    Kind,
    Lifecycle,
    Move,
    Opinion,
    Relation,
    Stage,
    Thing,
)
from jiebang.rules.schema.remedies import Correction, CorrectionGround, Revocation, RevocationGround
from jiebang.rules.schema.replication import Dimension, Replication
from jiebang.rules.schema.warnings import After, Before, WarningKind, Warnings

__all__ = [
    "After", "AfterSubsidyRule", "Agreement", "Assignment", "Award", "Before", "Changes", "Clause", "Clock",
    "Conflicts", "Consortium", "Correction", "CorrectionGround", "Criterion", "CurrencyRounding", "DeliverableKind",
    "Deliverables", "Dimension",
    "Disclosure", "EligibilityRule", "Expertise", "Finding", "Fit", "Flag", "FollowUp", "Form", "FormField",
    "FormName", "FormStep", "Gate", "Grade", "Instalment", "Kind", "Lifecycle", "Link", "LocalText", "Lottery",
    "Measure", "Measuring", "Money", "MoneySource", "Move", "Opinion", "PanelRule", "Part", "Pilot", "Place", "Principle",
    "Quota", "Racing", "Relation", "Repayment", "Replication", "Revocation", "RevocationGround", "Role", "Rule",
    "Rulebook", "Scoring", "Setting", "Severity", "Shortlist", "Slug", "Source", "Stage", "Subject", "Term", "Thing",
    "Vocabulary", "WarningKind", "Warnings",
]  # fmt: skip


class Principle(Rule):
    """A sentence of the programme that orders its sense without being checked by a machine."""

    text: LocalText


class Rulebook(Part):
    """A whole programme. Frozen into a call by the hash of its canonical JSON (`rules.load.digest`)."""

    format: Literal["jiebang-rulebook/1"]
    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)
    version: str = Field("1", max_length=20)
    extends: str | None = Field(
        None, description="Id of the parent rulebook; maps merge by key, null removes."
    )
    title: LocalText
    summary: dict[str, str] = Field(default_factory=dict)
    office: dict[str, str] = Field(default_factory=dict, description="What the programme office is called.")
    fictional: bool = False
    languages: list[str] = Field(default_factory=lambda: ["en"], min_length=1)
    timezone: str = "UTC"
    currency: str = Field("XXX", pattern=r"^[A-Z]{3}$")
    numbering: str = Field("C", max_length=12, description="Prefix of challenge numbers.")
    sources: dict[Slug, Source] = Field(default_factory=dict)
    principles: dict[Slug, Principle] = Field(default_factory=dict)
    places: dict[Slug, Place] = Field(default_factory=dict)
    vocabulary: Vocabulary = Field(default_factory=Vocabulary)
    settings: dict[Slug, Setting] = Field(default_factory=dict)
    eligibility: dict[Slug, EligibilityRule] = Field(default_factory=dict)
    consortium: Consortium | None = None
    lifecycles: dict[Kind, Lifecycle] = Field(default_factory=dict)
    clocks: dict[Slug, Clock] = Field(default_factory=dict)
    opinions: dict[Slug, Opinion] = Field(default_factory=dict)
    gates: dict[Slug, Gate] = Field(default_factory=dict)
    agreement: Agreement | None = None
    criteria: dict[Slug, Criterion] = Field(default_factory=dict)
    conflicts: Conflicts | None = None
    assignment: Assignment | None = None
    scoring: Scoring | None = None
    panel: PanelRule | None = None
    award: Award | None = None
    racing: Racing | None = None
    correction: Correction | None = None
    revocation: Revocation | None = None
    money: Money | None = None
    measuring: Measuring | None = None
    pilot: Pilot | None = None
    deliverables: Deliverables | None = None
    replication: Replication | None = None
    follow_up: FollowUp | None = None
    warnings: Warnings | None = None
    forms: dict[FormName, Form] = Field(default_factory=dict)
    disclosure: dict[Slug, Disclosure] = Field(default_factory=dict)

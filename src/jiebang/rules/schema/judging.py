"""How bids are judged, ranked and appointed."""

from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from jiebang.rules.schema.awarding import Lottery, Quota, Shortlist
from jiebang.rules.schema.base import Expression, LocalText, Part, Rule, Slug


class Criterion(Rule):
    """One thing that experts score, with the anchors of its scale."""

    label: LocalText
    help: dict[str, str] = Field(default_factory=dict)
    weight: Decimal = Field(Decimal(1), ge=0)
    minimum: Decimal = Decimal(0)
    maximum: Decimal = Decimal(100)
    lower_is_better: bool = False
    anchors: dict[str, LocalText] = Field(default_factory=dict, description="Score as text -> what earns it.")

    @model_validator(mode="after")
    def _scale(self) -> "Criterion":
        if self.minimum >= self.maximum:
            raise ValueError("`minimum` must be below `maximum`")
        return self


class Expertise(Part):
    """A level of expertise that experts may state for a bid, and what their marks weigh then."""

    label: LocalText
    weight: Decimal = Field(ge=0)


class Scoring(Rule):
    """How reviews become one score a bid."""

    aggregate: Literal[
        "mean", "median", "trimmed_mean", "expertise_weighted", "shrunken", "crossed", "pairwise", "borda"
    ] = Field(
        "mean",
        description="The last four are calibrated over all reviews of the round (docs/scoring.md). "
        "`pairwise` and `borda` give per cent of the other bids, higher is better.",
    )
    expertise: dict[str, Expertise] = Field(
        default_factory=dict,
        description="Levels that experts may state for a bid (`confidence` of a review) -> label and weight.",
    )
    unstated_weight: Decimal = Field(
        Decimal(1), ge=0, description="Weight of the marks of an expert who stated no level."
    )
    least_reviews_per_expert: int = Field(
        3, ge=2, description="`crossed`: an expert with fewer reviews in the round is never corrected."
    )
    least_expert_share: Decimal = Field(
        Decimal("0.05"),
        ge=0,
        le=1,
        description="`crossed`: where experts account for less than this share of the spread within bids, nobody is corrected.",
    )
    worst_share: Decimal = Field(
        Decimal(0),
        ge=0,
        le=1,
        description="This share of the worst expert's total is added to the score: among equal means the more even panel leads.",
    )
    combine: Literal["weighted_mean", "weighted_sum"] = "weighted_mean"
    reviews_needed: int = Field(1, ge=1, description="Fewer signed reviews than this: cannot be ranked.")
    max_load: int = Field(
        6,
        ge=1,
        description="Bids of one call that an expert may have to judge at a time, unless their profile says another number.",
    )
    hidden: list[Slug] = Field(default_factory=list, description="Bid form fields that experts do not see.")


class PanelRule(Rule):
    """Experts may meet on the bids they judge; a guard on `challenge.panels_held` makes it a duty."""

    change_scores: bool = Field(
        True, description="A signed score may be changed in the panel, with a reason."
    )
    pitch_minutes: int = Field(8, ge=1, le=240, description="Minutes on stage for each bid of a pitch.")
    question_minutes: int = Field(7, ge=0, le=240, description="Minutes of questions after it.")


class Award(Rule):
    """Who is appointed. `approve` and `order_by` are CEL; the budget and ties compare decimals."""

    rule: Literal["top", "budget_fill", "portfolio", "lottery"] = "top"
    approve: Expression | None = Field(
        None, description="A bid that fails it is not awarded, whatever its rank."
    )
    order_by: Expression = Field("bid.score", description="Higher is better.")
    then_by: list[Expression] = Field(
        default_factory=list, description="Break ties, in order; rest stay ties."
    )
    max_awards: int | None = Field(
        1, ge=1, description="Per challenge; racing challenges use racing.max_leads."
    )
    within_budget: bool = Field(
        False, description="An awarded amount may not pass what is left of the budget."
    )
    skip: bool = Field(True, description="When one bid does not fit the rest, go on to the next.")
    reserve: int = Field(0, ge=0, description="How many approved bids stay on the reserve list.")
    on_tie: Literal["committee", "all", "amount"] = Field(
        "committee",
        description="A tie across the line: nobody until a committee decides; all; the lower amount.",
    )
    shortlist: Shortlist | None = Field(None, description="A first stage before the final.")
    quotas: dict[Slug, Quota] = Field(
        default_factory=dict, description="Most or least awards by country, sector or any fact of a bid."
    )
    lottery: Lottery | None = Field(
        None, description="How `lottery` draws; needed by it and by no other rule."
    )
    budget_over: Literal["challenge", "call"] = Field(
        "challenge",
        description="`portfolio`: each challenge spends its own budget, or all spend the sum of the budgets of the call.",
    )

    @property
    def over_call(self) -> bool:
        """Whether the challenges of a call are decided together: what one is awarded, another cannot be."""
        return self.budget_over == "call" or any(quota.over == "call" for quota in self.quotas.values())

    @model_validator(mode="after")
    def _one_purse(self) -> "Award":
        if self.budget_over == "call" and self.rule != "portfolio":
            raise ValueError(
                "a budget over the call is spent by the rule `portfolio` alone; write that, or `challenge`"
            )
        return self

    @model_validator(mode="after")
    def _drawn(self) -> "Award":
        if (self.rule == "lottery") != (self.lottery is not None):
            raise ValueError("`lottery` says how the rule `lottery` draws; write both or neither")
        return self


class Racing(Rule):
    """Several leads on one challenge; the weak are dropped after a stage."""

    allowed: bool = False
    max_leads: int = Field(3, ge=2)


class FollowUp(Rule):
    """When the owner says again whether the result is in use."""

    months: list[int] = Field(default_factory=list)
    questions: LocalText | None = None
    link_days: int = Field(
        30, ge=1, le=365, description="How long the link in the letter answers without signing in."
    )

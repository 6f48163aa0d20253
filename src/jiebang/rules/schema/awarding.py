"""What an award may ask beside its order: a short list first, quotas, a draw among those that scores cannot tell apart."""

from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from jiebang.rules.schema.base import Expression, LocalText, Part, Slug, Term


class Quota(Part):
    """How many awards may or must go to bids that share something."""

    label: LocalText
    by: str | None = Field(
        None,
        pattern=r"^[a-z]+(\.\w+)+$",
        max_length=100,
        description="A fact of the bid (lead.country, bid.facts.sector): each of its values is counted on its own.",
    )
    where: Expression | None = Field(None, description="CEL: the bids that are counted together.")
    most: int | None = Field(None, ge=0, description="More awards than this are not made.")
    least: int | None = Field(
        None, ge=1, description="Fewer awards than this are not made; `portfolio` alone can promise it."
    )
    over: Literal["challenge", "call"] = Field(
        "challenge",
        description="What is counted together; `call` counts a whole round, whose challenges are then awarded together.",
    )

    @model_validator(mode="after")
    def _says_something(self) -> "Quota":
        if (self.by is None) == (self.where is None):
            raise ValueError("a quota counts either `by` a fact or `where` a condition holds")
        if self.most is None and self.least is None:
            raise ValueError("a quota says how many at `most`, how many at `least`, or both")
        if self.most is not None and self.least is not None and self.least > self.most:
            raise ValueError("`least` must not be above `most`")
        return self


class Shortlist(Part):
    """A first stage that keeps at most so many bids; the award decides among those."""

    most: int = Field(ge=1)
    criteria: list[Slug] = Field(
        default_factory=list,
        description="Criteria scored in the first stage alone; `bid.first_score` is their score. The others are the final's.",
    )
    reviews_needed: int = Field(1, ge=1, description="Fewer experts in the first stage: cannot be placed.")
    approve: Expression | None = Field(None, description="A bid that fails it is not short-listed.")
    order_by: Expression = Field("bid.first_score", description="Higher is better.")
    then_by: list[Expression] = Field(default_factory=list, description="Break ties, in order.")
    on_tie: Literal["committee", "all"] = Field(
        "committee", description="A tie across the line: it waits for a committee, or all of it go on."
    )


class Lottery(Part):
    """A draw among the bids whose score interval crosses the funding line; those above are awarded, those below not."""

    interval: Literal["standard_error", "sd"] = Field(
        "standard_error",
        description="Half of it: the standard error of the plain mean, or the deviation `sd` that scores.csv shows.",
    )
    width: Decimal = Field(
        Decimal(1), gt=0, le=10, description="How many of these to each side of the score."
    )
    sources: dict[Slug, Term] = Field(
        min_length=1,
        description="Where the public numbers of the seed will come from, in this order: which draw, which index, which day.",
    )

"""Whose money a project runs on, when it falls due, how it is rounded, and when it goes back."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from jiebang.rules.schema.base import LocalText, Part, Rule, Slug

Mode = Literal["half_up", "half_even", "down", "up"]
Code = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Share = Annotated[Decimal, Field(gt=0, le=1)]


class Instalment(Part):
    """A share of the award that becomes due with a project's command, or with a milestone that is accepted."""

    label: LocalText
    share: Share
    on: Slug | None = Field(None, description="The project's command with which it falls due.")
    milestone: int | None = Field(
        None, ge=1, le=40, description="Or the milestone, by its place, with whose acceptance it falls due."
    )

    @model_validator(mode="after")
    def _one_occasion(self) -> "Instalment":
        if (self.on is None) == (self.milestone is None):
            raise ValueError("an instalment falls due either `on` a command or with a `milestone`")
        return self


class MoneySource(Part):
    """One kind of money: who gives it, and who says that it was spent."""

    label: LocalText
    by: Literal["office", "lead", "partner"] = Field(
        description="`office`: paid by the programme in instalments; `lead`, `partner`: brought and spent by them."
    )


class CurrencyRounding(Part):
    """How amounts of one currency are rounded; never to more decimals than the currency has (ISO 4217)."""

    places: int = Field(ge=0, le=4)
    rounding: Mode = "half_up"


class AfterSubsidyRule(Part):
    """A share of costs that were settled first, in proportion to the days of the contract inside a period."""

    label: LocalText
    rate: Share
    first_day: date
    last_day: date = Field(description="Days are counted end minus start.")
    unit: int = Field(
        1, ge=1, description="Amounts are reckoned in so many: 10000 where decrees count in wan."
    )
    places: int = Field(2, ge=0, le=6, description="Decimals of that unit, after each step.")
    rounding: Mode = "half_up"
    most_per_claim: Decimal | None = Field(None, gt=0)
    most_per_organisation: Decimal | None = Field(
        None, gt=0, description="Over all claims of one lead in one call."
    )

    @model_validator(mode="after")
    def _some_days(self) -> "AfterSubsidyRule":
        if self.last_day <= self.first_day:
            raise ValueError("`last_day` must come after `first_day`")
        return self


class Repayment(Part):
    """What goes back when a project ends by one of these commands."""

    on: list[Slug] = Field(min_length=1)
    share: Share = Field(Decimal(1), description="Of what the office has paid.")
    days: int = Field(30, ge=1, le=3650, description="Within which it is to be returned.")


class Money(Rule):
    """Currency, rounding, sources, instalments, subsidies after the fact, and what goes back."""

    places: int = Field(2, ge=0, le=6)
    rounding: Mode = "half_up"
    instalments: list[Instalment] = Field(default_factory=list)
    bid_within_budget: bool = Field(False, description="A bid above the announced budget is ineligible.")
    sources: dict[Slug, MoneySource] = Field(
        default_factory=dict, description="Empty: the programme's own money alone."
    )
    currencies: dict[Code, CurrencyRounding] = Field(
        default_factory=dict, description="Others are rounded to the decimals they have, half up."
    )
    rate_days: int = Field(
        0,
        ge=0,
        le=366,
        description="A rate is used for so many days after its own, until a newer one is entered.",
    )
    four_eyes: bool = Field(False, description="One officer proposes a payment, another confirms it.")
    after_subsidy: AfterSubsidyRule | None = None
    repayment: Repayment | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Money":
        if self.instalments and sum((part.share for part in self.instalments), Decimal(0)) != 1:
            raise ValueError("the shares of `instalments` must add up to 1")
        return self

"""Who judges: which links keep an expert from a bid, and how experts are spread over bids."""

from decimal import Decimal
from typing import Literal, get_args

from pydantic import Field, model_validator

from jiebang.rules.schema.base import Part, Rule

Link = Literal["same_organisation", "co_author", "co_investor", "family", "adviser", "declared"]
Share = Decimal


class Conflicts(Rule):
    """Which links between an expert and whoever has a stake in a bid keep the expert from judging it."""

    links: list[Link] = Field(
        default_factory=lambda: list(get_args(Link)),
        min_length=1,
        description="The kinds of link that count; `declared` is whatever else an expert declares.",
    )
    years: int | None = Field(
        None, ge=0, le=50, description="How long a link that has ended still counts; null: for ever."
    )
    rivals: bool = Field(
        True, description="A stake in any bid on the same challenge counts, not only in the bid judged."
    )
    owners: bool = Field(True, description="A link to an owner of the need counts.")
    steps: int = Field(
        1, ge=1, le=4,
        description="Links in a row that still count: 1 the expert's own, 2 the organisation of a relative or co-author, "
        "3 another organisation of a colleague.",
    )  # fmt: skip


class Fit(Part):
    """What makes an expert fit a bid, as shares of 1: the sector, the words of the notice, the language of the bid."""

    sector: Share = Field(Decimal("0.5"), ge=0, le=1)
    words: Share = Field(Decimal("0.3"), ge=0, le=1)
    language: Share = Field(Decimal("0.2"), ge=0, le=1)

    @model_validator(mode="after")
    def _whole(self) -> "Fit":
        if self.sector + self.words + self.language != 1:
            raise ValueError("`sector`, `words` and `language` must add up to 1")
        return self


class Assignment(Rule):
    """How experts are proposed for all bids of a challenge, or of a call, at once. The greatest load is `scoring.max_load`."""

    experts: int | None = Field(
        None, ge=1, le=50, description="Experts of a bid; `scoring.reviews_needed` when left out."
    )
    least_load: int = Field(
        0, ge=0, description="Bids of those proposed for at once that every available expert gets at least."
    )
    most_of_country: int | None = Field(None, ge=1, description="Experts of one bid from one country.")
    most_of_institution: int | None = Field(
        None, ge=1, description="Experts of one bid from one institution."
    )
    least_of_sector: int = Field(0, ge=0, description="Experts of each bid who know its sector.")
    language: Literal["any", "summary", "original"] = Field(
        "any",
        description="What an expert must be able to read: nothing in particular, any language that the bid has a title in, "
        "or the language in which it was written.",
    )
    fit: Fit = Field(default_factory=Fit)
    floor: Share | None = Field(
        None, ge=0, le=1, description="The least mean fit, 0 to 1, of the experts of any bid."
    )
    no_rings: bool = Field(True, description="No two or three experts judge each other's bids in a ring.")
    cap: Share | None = Field(
        None, gt=0, le=1, description="Draw by lot: no pair of bid and expert more probable than this."
    )

    @property
    def plain(self) -> bool:
        """Whether loads and conflicts are all there is, as a draw by lot needs."""
        return not (self.most_of_country or self.most_of_institution or self.least_of_sector or self.floor)

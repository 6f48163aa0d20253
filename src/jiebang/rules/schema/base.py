"""What every part of a rulebook shares: texts in languages, and where a rule comes from."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Expression = Annotated[str, Field(min_length=1, max_length=500)]
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
RegionCode = Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$")]


def _some_text(texts: dict[str, str]) -> dict[str, str]:
    if not any(text.strip() for text in texts.values()):
        raise ValueError("give the text in at least one language, as {en: ..., zh-Hans: ...}")
    return texts


LocalText = Annotated[dict[str, str], AfterValidator(_some_text)]
# One line of reason in languages; a plain text counts as English.
Why = Annotated[
    dict[str, Annotated[str, Field(max_length=300)]],
    BeforeValidator(lambda given: {"en": given} if isinstance(given, str) and given.strip() else given),
    AfterValidator(_some_text),
]


class Part(BaseModel):
    """A piece of a rulebook: immutable, and it knows every field it may have."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(Part):
    """A piece that somebody decided: says whether the source reports it or the office assumed it."""

    status: Literal["reported", "assumed", "local"] = Field(
        description="reported: the source says so; assumed: our reading, with a reason; local: this office decided."
    )
    source: Slug | None = Field(None, description="Key of `sources`; required when reported.")
    effective: date | None = Field(None, description="First day of force, when the source states one.")
    why: Why | None = Field(None, description="One line of reason, in languages; required when assumed.")
    assumes: dict[str, Why] = Field(
        default_factory=dict,
        description="Fields of this part that a reported source leaves open -> why so here.",
    )

    @model_validator(mode="after")
    def _accounted_for(self) -> "Rule":
        if self.status == "reported" and not self.source:
            raise ValueError("a reported rule names its `source`")
        if self.status == "assumed" and not self.why:
            raise ValueError("an assumed rule says `why` in one line")
        if strangers := sorted(set(self.assumes) - set(type(self).model_fields)):
            raise ValueError("`assumes` names no field here: " + ", ".join(strangers))
        return self


class Term(Part):
    """A word of the programme's vocabulary with its label (and help) in languages."""

    label: LocalText
    help: dict[str, str] = Field(default_factory=dict)


class Source(Part):
    """Where reported rules come from."""

    title: LocalText
    publisher: LocalText
    published: date | None = None
    reported_in: Why | None = Field(
        None, description="Who reported it, when the document itself was not seen."
    )


class Setting(Rule):
    """An explicit choice that the source leaves open; expressions read it as `setting.<key>`."""

    label: LocalText
    value: bool | int | float | str | list[str]
    choices: list[str] = Field(default_factory=list)

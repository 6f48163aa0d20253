"""What happens in which order: lifecycles as tables, clocks, opinions, gates, disclosure."""

from typing import Literal

from pydantic import Field, PrivateAttr, model_validator

from jiebang.rules.schema.base import Expression, LocalText, Part, Rule, Slug
from jiebang.rules.schema.parties import Role

Kind = Literal["need", "challenge", "bid", "project"]
Flag = Literal[
    "public",  # anyone may see that it exists
    "editable",  # its own people may change it
    "takes_bids",
    "takes_questions",
    "bids_opened",  # the office may read the bids
    "reviewing",  # experts may score
    "results_public",
    "takes_objections",
    "final",  # nothing follows
    "success",
    "failure",
    "live",  # a project being worked on
    "paused",
]
Thing = Literal[
    "need_content", "challenge", "bid", "bid_content", "review", "scores", "result", "objection",
    "project", "project_content",
]  # fmt: skip
Relation = Literal[
    "public", "office", "second_officer", "auditor", "country_desk", "department",
    "need_owner", "bid_member", "assigned_expert", "arguing_expert", "review_author", "objector", "project_member",
    "tester",
]  # fmt: skip


class Stage(Part):
    """A state of a need, challenge, bid or project; the code reads its flags, never its name."""

    label: LocalText
    flags: list[Flag] = Field(default_factory=list)
    next: dict[str, str] = Field(default_factory=dict, description="What happens next, said to the public.")


class Move(Rule):
    """One arrow of the lifecycle: who may do what from where to where, under which clock."""

    label: LocalText = Field(description="The act as a button says it.")
    do: Slug | None = Field(None, description="The command; the key of the move when left out.")
    origin: list[Slug] = Field(alias="from", min_length=1)
    to: Slug
    by: list[Role] = Field(default_factory=list, description="Empty: the system, following another act.")
    require: Expression | None = Field(None, description="CEL guard over facts.")
    starts: Slug | None = Field(None, description="Key of clocks: the clock that starts with this move.")
    four_eyes: bool = Field(False, description="One officer proposes, another confirms.")
    reason_required: bool = False
    _key: str = PrivateAttr("")

    @property
    def command(self) -> str:
        """What is asked for when this move is made: `do`, else the move's key in its lifecycle."""
        return self.do or self._key


class Lifecycle(Part):
    """A table of stages and moves."""

    start: Slug
    stages: dict[Slug, Stage]
    moves: dict[Slug, Move]

    @model_validator(mode="after")
    def _closed(self) -> "Lifecycle":
        known = set(self.stages)
        wrong = [f"start: {self.start}"] if self.start not in known else []
        for key, move in self.moves.items():
            move._key = key
            wrong += [f"moves.{key}: {name}" for name in (*move.origin, move.to) if name not in known]
        if wrong:
            raise ValueError("these name no stage: " + "; ".join(wrong))
        return self


class Clock(Rule):
    """A named length of time; deadlines follow from it and the calendars."""

    label: LocalText
    amount: int = Field(ge=0)
    unit: Literal["working_days", "days", "months", "hours"]
    calendars: list[str] = Field(
        default_factory=list, description="Country codes, or `owner` for the owner's own."
    )
    first_day_counts: bool = False
    who: list[Role] = Field(default_factory=list, description="Who must act before it runs out.")


class Opinion(Rule):
    """Another department acts on the same case in parallel, with a name and a clock."""

    label: LocalText
    on: Kind
    stages: list[Slug]
    clock: Slug | None = None
    blocks: list[Slug] = Field(
        default_factory=list, description="Commands refused while the opinion is open."
    )


class Disclosure(Part):
    """One row of the access policy: `to` may read `what` in stages that carry the flag `when`."""

    what: Thing
    to: Relation = Field(description="How the reader stands to the thing.")
    when: Flag | Literal["always"] = "always"

"""Carrying a validated result on to another owner: what an adaptation is told by, and what a copy must show."""

from pydantic import Field

from jiebang.rules.schema.base import LocalText, Part, Rule, Slug
from jiebang.rules.schema.parties import Role


class Dimension(Part):
    """One respect in which the new place may differ from the origin."""

    label: LocalText
    help: dict[str, str] = Field(default_factory=dict)


class Replication(Rule):
    """From one place to ten: which projects may be carried on, by whom, and when a copy counts as in use.

    What is planned is the form `replication`, what the new owner says in its own words the form `replica_confirmation`.
    """

    stages: list[Slug] = Field(min_length=1, description="Stages of a project from which a copy may start.")
    proposed_by: list[Role] = Field(
        min_length=1, description="Who of the origin, or of the office, may propose."
    )
    dimensions: dict[Slug, Dimension] = Field(
        min_length=1, description="What the adaptation is told by, in order."
    )
    all_dimensions: bool = Field(
        False, description="Each dimension is answered before use is confirmed, also where nothing changed."
    )
    least_values: int = Field(
        1, ge=1, description="Indicators with a value measured by the new owner or independently."
    )
    all_indicators: bool = Field(
        False, description="Each counted value of the origin is compared before use is confirmed."
    )
    same_country: bool = Field(True, description="A new site in the origin's own country counts too.")

"""The pilot at the demand side: what its protocol must ask for at the least, and how grave an incident can be."""

from pydantic import Field

from jiebang.rules.schema.base import LocalText, Part, Rule, Slug


class Severity(Part):
    """How grave an incident is."""

    label: LocalText


class Pilot(Rule):
    """What stands between a result that works for its maker and one that its owner signs for.

    The questions of a protocol are the form `protocol`. Its answers `runs`, `days`, `targets`, `measured_by`,
    `failure_from`, `failures_allowed`, `handover_days` and `earlier_runs` are held against what happens.
    """

    severities: dict[Slug, Severity] = Field(min_length=1, description="From the lightest to the gravest.")
    least_runs: int = Field(1, ge=1, description="No protocol may ask for fewer runs.")
    least_days: int = Field(0, ge=0, description="From the first run's beginning to the last run's end.")
    least_handover_days: int = Field(
        0, ge=0, description="Days in which the owner's own staff run it without the lead."
    )
    least_packages: int = Field(0, ge=0, description="Signed result packages that a validation rests on.")

"""Measured values of a project's indicators: what the lead reports is shown, what the office or the owner says counts."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from jiebang.decisions.lifecycle import flags
from jiebang.operations.facts import indicators, meets
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.things import Values, book_of, find, no_interest, remember, roles_on
from jiebang.records.projects.models import Measurement, Project
from jiebang.rules.reasons import reason

Number = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=18, decimal_places=6)]
Occasion = Literal["milestone", "acceptance", "pilot", "validation", "follow_up"]
_NUMBER: TypeAdapter[Decimal] = TypeAdapter(Number)


@operation(permission=Permission.PROJECT_MEASURE, event=Event.MEASURED)
def measure(
    act: Act,
    *,
    project: str,
    indicator: str,
    value: Number,
    note: str = "",
    occasion: Occasion = "acceptance",
) -> Outcome:
    """Record a measured value of an indicator; met or not follows from the threshold that was listed.

    What the lead measured of its own work is shown as reported and decides nothing: the office or the owner measures,
    or agrees with the lead by recording the same value.
    """
    found = find(Project, number=project)
    roles = roles_on(act, found)
    if not roles & {"lead", "owner", "officer", "second_officer"}:
        raise Stop(reason("access.not_found", kind="project", number=project))
    no_interest(act, found)
    not_ended(found)
    made = record_value(act, found, indicator, value, occasion=occasion, note=note, reported="lead" in roles)
    body = {"indicator": indicator, "value": str(value), "met": made.met, "occasion": occasion}
    changed(act, Event.MEASURED, found, body=body)
    return Done({"project": project, "indicator": indicator, "met": made.met})


def record_reported(act: Act, project: Project, report: Mapping[str, Any]) -> dict[str, str]:
    """Record what a milestone's report says was measured: indicator -> value. Questions that are not public stay in it."""
    form = book_of(project).forms.get("milestone")
    asked = [
        name
        for name, field in (form.fields if form else {}).items()
        if field.kind == "promises" and field.public
    ]
    given = {
        str(indicator): _number(value, at=f"{name}.{indicator}")
        for name in asked
        for indicator, value in (report.get(name) or {}).items()
        if value not in (None, "")
    }
    for indicator, value in given.items():
        record_value(act, project, indicator, value, occasion="milestone", reported=True)
    return {indicator: str(value) for indicator, value in given.items()}


def not_ended(project: Project) -> None:
    """Stop where nothing follows any more."""
    if "final" in flags(book_of(project), kind="project", stage=project.stage):
        raise Stop(reason("project.not_running"))


def changed(act: Act, event: Event, project: Project, *, body: Values, private: Values | None = None) -> None:
    """Journal what was done to a project, and date its last change by it."""
    project.updated_at, project.updated_by = act.now, act.who
    project.save(update_fields=["updated_at", "updated_by"])
    remember(act, event, project, body=body, private=private)


def record_value(
    act: Act, project: Project, indicator: str, value: Decimal, *, occasion: Occasion, reported: bool, note: str = ""
) -> Measurement:  # fmt: skip
    """Keep one measured value; met or not follows from the threshold that was listed."""
    rule = next((item for item in indicators(project.challenge) if str(item["id"]) == indicator), None)
    if rule is None:
        raise Stop(reason("project.unknown_indicator", indicator=indicator))
    met = meets(value, operator=str(rule["operator"]), threshold=Decimal(str(rule["threshold"])))
    return Measurement.objects.create(
        project=project, indicator=indicator, occasion=occasion, value=value, met=met, at=act.now, by=act.person,
        note=note, reported=reported,
    )  # fmt: skip


def _number(value: object, *, at: str) -> Decimal:
    try:
        return _NUMBER.validate_python(str(value).strip())
    except ValidationError:
        raise Stop(reason("request.number_long", field=at)) from None

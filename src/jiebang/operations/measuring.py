"""Measured values of a project's indicators: what the lead reports is shown, what others measure counts."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from jiebang.decisions.lifecycle import flags
from jiebang.operations.facts import indicators, meets
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.things import Values, book_of, find, no_interest, remember, roles_on, today
from jiebang.records.access import TESTS_AS
from jiebang.records.files.models import StoredFile
from jiebang.records.indicators.models import Dispute, Evidence, Tester
from jiebang.records.indicators.queries import sealed
from jiebang.records.people.models import Party
from jiebang.records.projects.models import Measurement, Project
from jiebang.rules.reasons import reason

Number = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=18, decimal_places=6)]
Occasion = Literal["milestone", "acceptance", "pilot", "validation", "follow_up"]
_NUMBER: TypeAdapter[Decimal] = TypeAdapter(Number)


Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Shown(BaseModel):
    """A file of evidence: the hash under which it was stored, and how it came about."""

    model_config = ConfigDict(extra="forbid")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    made_by: Words
    made_at: Words
    made_on: date
    method: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


@operation(permission=Permission.PROJECT_MEASURE, event=Event.MEASURED)
def measure(
    act: Act, *, project: str, indicator: str, value: Number, note: str = "", occasion: Occasion = "acceptance",
    evidence: list[Shown] | None = None, dispute: int | None = None,
) -> Outcome:  # fmt: skip
    """Record a measured value of an indicator; met or not follows from the threshold that was listed.

    What the lead measured of its own work is shown as reported and decides nothing: the office, the owner or an
    independent tester measures, or agrees with the lead by recording the same value. `evidence` are stored files with who
    made them, where, when and how; `dispute` is the number of a dispute that the tester measures anew for.
    """
    found = find(Project, number=project)
    role, party = _measurer(act, found)
    no_interest(act, found)
    not_ended(found)
    asked = _rerun_of(found, indicator, dispute, role) if dispute is not None else None
    made = record_value(act, found, indicator, value, occasion=occasion, note=note, role=role)
    shown = _shown(act, found, made, evidence or [], party)
    if asked:
        asked.rerun, asked.status = made, Dispute.Status.MEASURED
        asked.save()
    body = {
        "indicator": indicator, "value": f"{value.normalize():f}", "met": made.met, "occasion": occasion, "by": role,
        "measurement": made.pk, "evidence": [sealed(item) for item in shown], **({"dispute": dispute} if asked else {}),
    }  # fmt: skip
    changed(act, Event.MEASURED, found, body=body)
    return Done({"project": project, "indicator": indicator, "met": made.met, "measurement": made.pk})


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
        record_value(act, project, indicator, value, occasion="milestone", role="lead")
    return {indicator: str(value) for indicator, value in given.items()}


def not_ended(project: Project) -> None:
    """Stop where nothing follows any more."""
    if "final" in flags(book_of(project), kind="project", stage=project.stage):
        raise Stop(reason("project.not_running"))


def under_way(project: Project) -> None:
    """Stop where the project has ended, well or badly."""
    not_ended(project)
    if project.ended_at is not None:
        raise Stop(reason("project.not_running"))


def changed(act: Act, event: Event, project: Project, *, body: Values, private: Values | None = None) -> None:
    """Journal what was done to a project, and date its last change by it."""
    project.updated_at, project.updated_by = act.now, act.who
    project.save(update_fields=["updated_at", "updated_by"])
    remember(act, event, project, body=body, private=private)


def _measurer(act: Act, project: Project) -> tuple[str, frozenset[int]]:
    """In which role somebody measures, and the parties whose files may show it; the lead's role goes before all others."""
    roles, acting = roles_on(act, project), act.reader.acting_for
    if "lead" in roles:
        return "lead", acting("lead")
    tester = Tester.objects.filter(project=project, ended_at=None).first()
    if tester and tester.party_id in acting(*TESTS_AS):
        return "tester", frozenset({tester.party_id})
    if roles & {"officer", "second_officer"}:
        return "office", acting("officer", "second_officer")
    if "owner" in roles:
        return "owner", acting("owner")
    raise Stop(reason("access.not_found", kind="project", number=project.number))


def _rerun_of(project: Project, indicator: str, order: int, role: str) -> Dispute:
    asked = find(Dispute, project=project, order=order)
    if role != "tester":
        raise Stop(reason("dispute.tester_only"))
    if asked.status != Dispute.Status.OPEN:
        raise Stop(reason("dispute.measured"))
    if asked.measurement.indicator != indicator:
        raise Stop(
            reason("dispute.other_indicator", indicator=asked.measurement.indicator, field="indicator")
        )
    return asked


def record_value(
    act: Act, project: Project, indicator: str, value: Decimal, *, occasion: Occasion, role: str, note: str = ""
) -> Measurement:  # fmt: skip
    """Keep one measured value; met or not follows from the threshold that was listed."""
    rule = next((item for item in indicators(project.challenge) if str(item["id"]) == indicator), None)
    if rule is None:
        raise Stop(reason("project.unknown_indicator", indicator=indicator))
    met = meets(value, operator=str(rule["operator"]), threshold=Decimal(str(rule["threshold"])))
    return Measurement.objects.create(
        project=project, indicator=indicator, occasion=occasion, value=value, met=met, at=act.now, by=act.person,
        note=note, reported=role == "lead", role=role,
    )  # fmt: skip


def _shown(
    act: Act, project: Project, made: Measurement, files: Sequence[Shown], parties: frozenset[int]
) -> list[Evidence]:
    """Keep the evidence of a value: only files that the measurer's own organisation has stored, made by today."""
    rows = []
    for place, item in enumerate(files):
        stored = StoredFile.objects.filter(sha256=item.sha256, party__in=parties).order_by("pk").first()
        if stored is None or stored.party is None:
            raise Stop(reason("file.not_uploaded", field=f"evidence.{place}.sha256"))
        if item.made_on > today(act, project):
            raise Stop(reason("request.not_a_day", field=f"evidence.{place}.made_on"))
        rows.append(_evidence(made, stored, stored.party, item))
    return Evidence.objects.bulk_create(rows)


def _evidence(made: Measurement, stored: StoredFile, party: Party, item: Shown) -> Evidence:
    return Evidence(
        measurement=made, party=party, name=stored.name, sha256=stored.sha256, size=stored.size, made_by=item.made_by,
        made_at=item.made_at, made_on=item.made_on, method=item.method,
    )  # fmt: skip


def _number(value: object, *, at: str) -> Decimal:
    try:
        return _NUMBER.validate_python(str(value).strip())
    except ValidationError:
        raise Stop(reason("request.number_long", field=at)) from None

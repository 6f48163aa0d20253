"""`GET /projects/<number>/pilot`: a pilot as its own people and the office read it."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import NinjaAPI, Router, Schema
from pydantic import Field

from jiebang.api.answers import Refusal, tag
from jiebang.api.signing import SOMEBODY, reader
from jiebang.operations.pilot_facts import in_force
from jiebang.records.pilots.queries import with_pilot
from jiebang.records.projects import own
from jiebang.rules.reasons import render


class ProtocolRow(Schema):
    """A version of the protocol."""

    version: int
    sha256: str
    side: str = Field(description="Who proposed it: owner or lead.")
    proposed_at: datetime
    agreed_at: datetime | None
    content: dict[str, Any]


class RunRow(Schema):
    """A run, with the hash of the package that proves it."""

    order: int
    began_at: datetime
    ended_at: datetime
    place: str
    side: str
    measurer: str
    values: list[dict[str, str]]
    package: str | None


class IncidentRow(Schema):
    """What went wrong."""

    order: int
    severity: str
    happened_at: datetime
    what: dict[str, Any]
    treatment: dict[str, Any]
    closed_at: datetime | None


class PackageRow(Schema):
    """A result package: its own hash, and the bytes that were signed."""

    number: int
    sha256: str
    manifest: str
    signature: str
    received_at: datetime


class HandoverRow(Schema):
    """A time without the lead."""

    began_on: date
    ended_on: date | None
    staff: str
    lead_helped: bool | None
    passed: bool | None


class ReportRow(Schema):
    """What a user wrote."""

    author: str
    position: str
    written_on: date
    text: dict[str, Any]
    sha256: str


class CostRow(Schema):
    """What a side spent beside the award; decimal text."""

    what: str
    side: str
    amount: str
    currency: str
    spent_on: date


class Pilot(Schema):
    """Everything of a pilot, and in words what is missing before the owner may sign."""

    missing: list[str]
    protocols: list[ProtocolRow]
    runs: list[RunRow]
    incidents: list[IncidentRow]
    packages: list[PackageRow]
    handovers: list[HandoverRow]
    user_reports: list[ReportRow]
    use_costs: list[CostRow]


router = Router(auth=SOMEBODY)


@router.get("/projects/{number}/pilot", response={200: Pilot, 401: Refusal, 404: Refusal}, tags=["projects"])
def one_pilot(request: HttpRequest, number: str) -> Any:
    """The pilot of a project that the caller may read whole."""
    found = own.find_project(number, reader=reader(request))
    if found is None:
        raise Http404
    held = in_force(with_pilot(found))
    names = ("protocols", "incidents", "packages", "handovers", "user_reports", "use_costs")
    rows = {name: list(getattr(found, name).all()) for name in names}
    runs = [
        {**_values(row), "package": row.package.sha256 if row.package else None} for row in found.runs.all()
    ]
    costs = [{**vars(row), "amount": str(row.amount)} for row in rows.pop("use_costs")]
    missing = [render(item, lang=tag()) for item in held.standing.reasons()] if held else []
    return {**rows, "runs": runs, "use_costs": costs, "missing": missing}


def install(api: NinjaAPI) -> None:
    """Add it to the API."""
    api.add_router("", router)


def _values(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in RunRow.model_fields if name != "package"}

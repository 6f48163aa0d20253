"""Rows for tests: a validated project with the value that counts, and copies of it in any state."""

from datetime import timedelta
from typing import Any

import factories as make
from jiebang.operations.replicating import hashed
from jiebang.records.people.models import Organisation
from jiebang.records.projects.models import Measurement, Project, Validation
from jiebang.records.replications.models import Adaptation, Replica, ReplicaValue

DIMENSIONS = ("language", "regulation", "data", "power", "connectivity", "price")
ORDER = ("proposed", "agreed", "measured", "confirmed")


def validated(board: make.Board, **given: Any) -> Project:
    """A project of the board's owner and lead that its owner validated a hundred days before NOW."""
    posted = make.challenge(call=board.call, owner=board.owner.party, stage="decided", **given)
    project = make.project(make.bid(posted, lead=board.lead, stage="awarded"), stage="validated")
    at = make.NOW - timedelta(days=100)
    Measurement.objects.create(
        project=project, indicator="I1", occasion="acceptance", value="2.4", met=True, at=at, by=board.officer, role="office"
    )  # fmt: skip
    content = {
        "used_for": make.statement("Reading."),
        "users": 12,
        "works": True,
        "statement": make.statement("It holds."),
    }
    Validation.objects.create(project=project, content=content, sha256="0" * 64, by=board.owner_person, at=at)
    return project


def replica(project: Project, owner: Organisation, *, state: str = "proposed", **given: Any) -> Replica:
    """A copy that has come as far as `state`; its proposer is some officer, all else was done by its owner's person."""
    by = make.person(role="owner", party=owner.party)
    at = make.NOW - timedelta(days=50)
    reached = ORDER[: ORDER.index(state) + 1] if state in ORDER else ("proposed",)
    moments = {f"{name}_at": at for name in reached} | {f"{name}_by": by for name in reached[1:]}
    fields: dict[str, Any] = {
        "number": f"R-2027-{Replica.objects.count() + 1:03d}", "carrier": project.bid.consortium.lead, "country": owner.country,
        "site": "Hall 2", "state": state,
        "content": {"plan": make.statement("Bring it."), "terms": make.statement("A secret price.")},
        "proposed_by": make.person(role="officer"), **moments, **given,
    }  # fmt: skip
    made = Replica.objects.create(project=project, owner=owner.party, **fields)
    for order, name in enumerate(DIMENSIONS, 1):
        said = {"origin": make.statement("Alike there."), "here": make.statement("Alike here.")}
        Adaptation.objects.create(replica=made, order=order, dimension=name, by=by, at=at, **said)
    if "measured" in reached:
        value(made, "2.6", by=by)
    hashed(made)
    return made


def value(of: Replica, number: str, *, by: Any, **given: Any) -> ReplicaValue:
    """A value of the one indicator, by the new owner unless told otherwise."""
    fields: dict[str, Any] = {
        "indicator": "I1", "unit": "%", "same_method": True, "how": make.statement("Counted."), "side": "owner",
        "measured_on": (make.NOW - timedelta(days=45)).date(), "at": make.NOW, **given,
    }  # fmt: skip
    return ReplicaValue.objects.create(replica=of, value=number, by=by, **fields)

"""Reading a pilot whole; whoever asks has made sure that the reader may read the project whole."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, prefetch_related_objects

from jiebang.records.pilots.models import Incident, Protocol, ResultPackage, SiteKey
from jiebang.records.projects.models import Project

_PARTS = (
    "protocols__proposed_by", "protocols__agreed_by", "runs__package", "incidents__by", "packages__key",
    "packages__received_by", "handovers", "user_reports", "use_costs",
)  # fmt: skip


def with_pilot(project: Project, /) -> Project:
    """The same project with everything of its pilot read at once."""
    prefetch_related_objects([project], *_PARTS)
    return project


def find_protocol(project: Project, version: int, /) -> Protocol | None:
    """One version of the protocol."""
    return (
        Protocol.objects.select_related("proposed_by", "agreed_by")
        .filter(project=project, version=version)
        .first()
    )


def find_incident(project: Project, order: int, /) -> Incident | None:
    """One incident."""
    return Incident.objects.select_related("by", "treated_by").filter(project=project, order=order).first()


def find_package(project: Project, number: int, /) -> ResultPackage | None:
    """One result package."""
    return ResultPackage.objects.filter(project=project, number=number).first()


def site_keys(parties: Collection[int], /) -> QuerySet[SiteKey]:
    """The keys that these parties registered, those in use first."""
    return SiteKey.objects.filter(party__in=parties).select_related("by").order_by("revoked_at", "pk")


def waiting_protocols(parties: Collection[int], /, *, side: str) -> QuerySet[Protocol]:
    """Open versions that a side of these parties is asked to agree to; only the last of a project is open."""
    of = {
        "owner": {"project__challenge__need__owner__in": parties},
        "lead": {"project__bid__consortium__lead__in": parties},
    }[side]
    rows = Protocol.objects.filter(agreed_at=None, project__ended_at=None, **of).exclude(side=side)
    later = Protocol.objects.filter(project=OuterRef("project"), version__gt=OuterRef("version"))
    return rows.filter(~Exists(later)).select_related("project__challenge__call").order_by("pk")


def first_moments(project: Project, /) -> list[tuple[str, datetime]]:
    """From need to use: when each step was first reached, in order; only those that were."""
    agreed = [row.agreed_at for row in project.protocols.all() if row.agreed_at]
    runs = [row.began_at for row in project.runs.all()]
    validation = getattr(project, "validation", None)
    reached = {
        "need": project.challenge.need.submitted_at, "listed": project.challenge.listed_at,
        "award": project.started_at, "signed": project.signed_at, "protocol": min(agreed, default=None),
        "run": min(runs, default=None), "validated": validation.at if validation else None,
    }  # fmt: skip
    return sorted(((name, at) for name, at in reached.items() if at), key=lambda pair: pair[1])

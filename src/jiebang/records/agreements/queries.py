"""The papers of a project as its pages and acts read them."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from jiebang.records.agreements.models import (
    Acceptance,
    Alignment,
    Change,
    Consent,
    Delegation,
    Paper,
    Pledge,
    Signature,
    agreeing,
)
from jiebang.records.bids.models import Invitation
from jiebang.records.challenges.models import Need
from jiebang.records.people.models import Party, User
from jiebang.records.projects.models import Project


def alignment_of(project: Project) -> Alignment | None:
    """The statement of both sides; None before anybody wrote on it."""
    return Alignment.objects.select_related("changed_by").filter(project=project).first()


def acceptances(alignment: Alignment) -> QuerySet[Acceptance]:
    """Who accepted the statement as it stands now."""
    rows = alignment.acceptances.filter(sha256=alignment.sha256)
    return rows.select_related("party__organisation", "by").order_by("at", "pk")


def agreement_of(project: Project) -> Paper | None:
    """The version of the agreement that is to be signed or is signed; None before it is drawn."""
    return papers(project).filter(replaced_at=None).first()


def papers(project: Project) -> QuerySet[Paper]:
    """Every version of the agreement with its signatures, the latest first."""
    signed = Signature.objects.select_related("party__organisation", "by", "confirmed_by", "delegation__by")
    rows = Paper.objects.filter(project=project).select_related("drawn_by")
    return rows.prefetch_related(Prefetch("signatures", queryset=signed.order_by("at", "pk"))).order_by(
        "-drawn_at", "-pk"
    )


def pledge_of(project: Project) -> Pledge | None:
    """The pledge under the agreement as it stands; None where nobody gave it."""
    return Pledge.objects.select_related("by").filter(paper__project=project, paper__replaced_at=None).first()


def signed_for(project: Project) -> frozenset[int]:
    """Parties whose signature under the agreement as it stands counts."""
    rows = Signature.objects.filter(agreeing(), project=project)
    return frozenset(rows.values_list("party_id", flat=True))


def delegations(project: Project, *, at: datetime) -> QuerySet[Delegation]:
    """Who may sign for whom at a moment."""
    rows = Delegation.objects.filter(project=project, since__lte=at, until__gt=at)
    return rows.select_related("party__organisation", "person", "by").order_by("pk")


def delegated_to(person: User, project: Project, *, at: datetime) -> dict[int, Delegation]:
    """By party: the authority under which the person may sign for it."""
    return {row.party_id: row for row in delegations(project, at=at).filter(person=person)}


def project_to_sign(number: str, person: User, *, at: datetime) -> Project | None:
    """The project whose papers somebody lets the person sign; None when nobody does."""
    lent = Delegation.objects.filter(person=person, since__lte=at, until__gt=at).values("project")
    related = (
        "challenge__call",
        "challenge__need__owner__organisation",
        "bid__consortium__lead__organisation",
    )
    return Project.objects.select_related(*related).filter(pk__in=lent, number=number).first()


def paper_of(project: Project, sha256: str) -> Paper | None:
    """One paper by the hash of its text."""
    return papers(project).filter(sha256=sha256).first()


def changes(project: Project) -> QuerySet[Change]:
    """Changes of the agreement, the latest first."""
    return Change.objects.filter(project=project).order_by("-order")


def open_changes(parties: Collection[int] | None = None) -> QuerySet[Change]:
    """Changes that are not decided yet, the first first; with `parties`, those of projects they are in or would join."""
    related = ("project__challenge__call", "project__bid__consortium", "project__challenge__need")
    rows = Change.objects.select_related(*related).prefetch_related("consents__party")
    rows = rows.filter(status=Change.Status.OPEN, project__ended_at=None).order_by("proposed_at", "pk")
    if parties is None:
        return rows
    joins = Party.objects.filter(pk__in=parties).values_list("slug", flat=True)
    places = Invitation.objects.filter(partner__in=parties, status__in=Invitation.AT_WORK).values(
        "consortium"
    )
    need, consortium = "project__challenge__need", "project__bid__consortium"
    return rows.filter(
        Q(content__joining__in=list(joins)) | Q(**{f"{need}__owner__in": parties})
        | Q(**{f"{need}__in": Need.objects.filter(co_owners__in=parties)})
        | Q(**{f"{consortium}__lead__in": parties}) | Q(**{f"{consortium}__in": places})
    )  # fmt: skip


def change_of(number: str, order: int) -> Change | None:
    """One change with its project and who agreed."""
    related = ("project__challenge__call", "project__challenge__need__owner__organisation",
               "project__bid__consortium__lead__organisation", "proposed_by", "looked_by", "ended_by")  # fmt: skip
    agreed = Consent.objects.select_related("party__organisation", "by").order_by("at", "pk")
    rows = Change.objects.select_related(*related).prefetch_related(Prefetch("consents", queryset=agreed))
    return rows.filter(project__number=number, order=order).first()


def scan_of(project: Project, pk: int) -> Signature | None:
    """A signature that was handed in as a scan."""
    rows = Signature.objects.filter(project=project, method=Signature.Method.PAPER)
    return rows.select_related("party__organisation", "by", "paper").filter(pk=pk).first()


def scan_to_judge(project: Project, pk: int) -> Signature | None:
    """The same while the office has not looked at it."""
    row = scan_of(project, pk)
    return row if row is not None and row.confirmed_at is None else None

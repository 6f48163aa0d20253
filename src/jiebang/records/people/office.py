"""What the office reads of people and organisations."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from jiebang.records.people.models import Engagement, Evidence, Organisation, User


def running(*, at: datetime) -> QuerySet[Engagement]:
    """Who acts for whom now or later on."""
    rows = Engagement.objects.filter(Q(until=None) | Q(until__gt=at), person__is_active=True)
    return rows.select_related("person", "party__organisation")


def find_engagement(pk: int) -> Engagement | None:
    """One appointment."""
    return Engagement.objects.select_related("person", "party__organisation").filter(pk=pk).first()


def all_organisations() -> QuerySet[Organisation]:
    """Every organisation with its party."""
    return Organisation.objects.select_related("party")


def find_organisation(slug: str) -> Organisation | None:
    """The organisation of a short name."""
    return all_organisations().filter(party__slug=slug).first()


def organisations_named(slugs: Collection[str]) -> dict[str, Organisation]:
    """Organisations by their short names."""
    return {row.party.slug: row for row in all_organisations().filter(party__slug__in=slugs)}


def find_evidence(pk: int) -> Evidence | None:
    """One proof with its organisation and file."""
    related = ("organisation__party", "file", "verified_by")
    return Evidence.objects.select_related(*related).filter(pk=pk).first()


def person_called(pseudonym: str) -> User | None:
    """Who stands in the journal under a pseudonym."""
    return User.objects.filter(pseudonym=pseudonym).first()

"""Organisations as pages show them: one by its short name, its evidence, its people, those that a reader acts for."""

import json
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from jiebang.records.access import Reader
from jiebang.records.people.models import Engagement, Evidence, Organisation
from jiebang.records.people.queries import running


def acted_for(*, reader: Reader, roles: Iterable[str] = ("owner", "lead", "partner")) -> list[Organisation]:
    """The organisations for which the reader acts in any of these roles, in name order."""
    if reader.person is None:
        return []
    rows = Engagement.objects.filter(running(at=reader.at), person=reader.person, role__in=list(roles))
    found = Organisation.objects.filter(party__in=rows.values("party")).select_related("party")
    return list(found.order_by("name", "party_id"))


def of_countries(countries: Iterable[str]) -> QuerySet[Organisation]:
    """Organisations of some countries, in name order."""
    return (
        Organisation.objects.filter(country__in=list(countries))
        .select_related("party")
        .order_by("name", "party_id")
    )


def found_by(text: str, *, most: int = 20) -> list[Organisation]:
    """Organisations whose name in any language contains every word."""
    rows = Organisation.objects.select_related("party")
    for word in text.split()[:6]:
        rows = rows.filter(Q(name__icontains=word) | _named(word) | Q(party__slug__icontains=word))
    return list(rows.order_by("name", "party_id")[:most])


def capable() -> QuerySet[Organisation]:
    """Organisations that have said what they can do, in the order of their short names, with their valid proofs counted."""
    rows = Organisation.objects.exclude(facts__capabilities=None).select_related("party")
    proofs = Count("evidence__kind", filter=Q(evidence__status=Evidence.Status.VERIFIED), distinct=True)
    return rows.annotate(proved=proofs).order_by("party__slug")


def _named(word: str) -> Q:
    """In any language; SQLite keeps JSON escaped, PostgreSQL does not."""
    return Q(names__icontains=word) | Q(names__icontains=json.dumps(word)[1:-1])


def evidence_of(party: int) -> QuerySet[Evidence]:
    """What an organisation has shown, the newest first."""
    return (
        Evidence.objects.filter(organisation=party)
        .select_related("file", "verified_by")
        .order_by("kind", "-given_at", "-pk")
    )


def people_of(party: int, *, reader: Reader) -> QuerySet[Engagement]:
    """Who acts for a party now, and as what."""
    rows = Engagement.objects.filter(running(at=reader.at), party=party, person__is_active=True)
    return rows.select_related("person").order_by("person__name", "role")

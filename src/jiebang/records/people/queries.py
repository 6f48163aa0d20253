"""Who a person is to the programme."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from jiebang.records.people.models import ApiToken, Engagement, Organisation, User


def running(*, at: datetime, path: str = "") -> Q:
    """Engagements in force at a moment; `path` leads to them from the row asked (`engagements__`)."""
    begun, open_, later = f"{path}since__lte", f"{path}until__isnull", f"{path}until__gt"
    return Q(**{begun: at}) & (Q(**{open_: True}) | Q(**{later: at}))


def engagements_of(person: User, *, at: datetime) -> QuerySet[Engagement]:
    """What a person acts for at a moment, parties and organisations loaded."""
    rows = Engagement.objects.filter(running(at=at), person=person)
    return rows.select_related("party__organisation").order_by("id")


def roles_of(person: User | None, *, at: datetime) -> frozenset[str]:
    """The roles a person holds for anybody at a moment; `public` for everyone."""
    if person is None or not person.pk:
        return frozenset({"public"})
    return frozenset(engagements_of(person, at=at).values_list("role", flat=True)) | {"public"}


def parties_of(person: User | None, *, at: datetime, roles: Iterable[str] | None = None) -> frozenset[int]:
    """Ids of the parties a person acts for, in any or in the given roles."""
    if person is None or not person.pk:
        return frozenset()
    found = engagements_of(person, at=at)
    if roles is not None:
        found = found.filter(role__in=list(roles))
    return frozenset(found.values_list("party_id", flat=True))


def people_with(role: str, *, at: datetime, scope: str | None = None) -> QuerySet[User]:
    """Active persons who hold a role now (for a scope, when given)."""
    wanted = Q(engagements__role=role) & running(at=at, path="engagements__")
    if scope is not None:
        wanted &= Q(engagements__scope=scope)
    return User.objects.filter(wanted, is_active=True).distinct().order_by("id")


def people_for(party: int, *, at: datetime, roles: Iterable[str] | None = None) -> QuerySet[User]:
    """Active persons who act for a party now."""
    return people_of([party], at=at, roles=roles)


def people_of(parties: Iterable[int], *, at: datetime, roles: Iterable[str] | None = None) -> QuerySet[User]:
    """Active persons who act for any of the parties now, each once."""
    wanted = Q(engagements__party_id__in=list(parties)) & running(at=at, path="engagements__")
    if roles is not None:
        wanted &= Q(engagements__role__in=list(roles))
    return User.objects.filter(wanted, is_active=True).distinct().order_by("id")


def organisations(*, text: str = "", country: str = "") -> QuerySet[Organisation]:
    """Organisations by part of a name and country, in name order."""
    found = Organisation.objects.select_related("party").order_by("name", "party_id")
    if text:
        found = found.filter(Q(name__icontains=text) | Q(party__slug__icontains=text))
    return found.filter(country=country) if country else found


def person_by_email(email: str) -> User | None:
    """The active person with this address, whatever its case."""
    return User.objects.filter(email=email.lower(), is_active=True).first()


def people_by_role(*, at: datetime) -> list[tuple[str, list[Engagement]]]:
    """Everybody who acts for somebody now, grouped by role in the order of the names."""
    found = Engagement.objects.filter(running(at=at), person__is_active=True)
    rows = found.select_related("person", "party__organisation").order_by("role", "person__name", "id")
    groups: dict[str, list[Engagement]] = {}
    for row in rows:
        groups.setdefault(row.role, []).append(row)
    return list(groups.items())


def token_digest(secret: str) -> str:
    """How a token's secret is kept. It is 256 random bits, so that a plain hash cannot be searched."""
    return hashlib.sha256(secret.encode()).hexdigest()


def person_by_token(secret: str, *, at: datetime) -> User | None:
    """The active person whose token this is, unless it was revoked or has expired."""
    live = Q(revoked_at=None, expires_at__gt=at, person__is_active=True)
    found = ApiToken.objects.filter(live, digest=token_digest(secret)).select_related("person").first()
    return found.person if found else None


def tokens_of(person: User, *, at: datetime) -> QuerySet[ApiToken]:
    """A person's tokens that still work, the newest first; never their secrets."""
    return ApiToken.objects.filter(person=person, revoked_at=None, expires_at__gt=at).order_by(
        "-created_at", "-pk"
    )


def named(word: str, *, at: str = "") -> Q:
    """The condition on the path `at` (with its `__`) to an organisation: its name, in English or Chinese, holds the word."""
    found = Q(**{f"{at}name__icontains": word})
    for tag in ("en", "zh-Hans"):
        found |= Q(**{f"{at}names__{tag}__icontains": word})
    return found

"""Who may be let act for a party: nobody by themselves, no official beside the office, and by two where it has people."""

import re
from collections.abc import Mapping

from jiebang.operations.kernel import Act, Stop
from jiebang.operations.names import Event
from jiebang.records.journal.queries import entries, entry_of
from jiebang.records.people.models import Engagement, Party, User
from jiebang.records.people.queries import roles_of
from jiebang.records.programme.queries import rulebooks_in_use
from jiebang.rules.reasons import reason

OFFICERS = frozenset({"officer", "second_officer", "auditor", "administrator"})
_COUNTRY = re.compile("[A-Z]{2}")
SELF_ROLES = ("owner", "lead", "partner")


def appointable(act: Act, user: User, role: str, scope: str) -> None:
    """Refuse what would let one official read a bid before opening, or decide on it as one of its own.

    A country desk is kept for a country, and a department gives an opinion that a rulebook asks for; no other role has a scope.
    """
    if user.pk == act.person.pk and role not in OFFICERS:
        raise Stop(reason("person.appoints_self", field="person"))
    if role in SELF_ROLES and roles_of(user, at=act.now) & OFFICERS:
        raise Stop(reason("person.official", person=user.name, field="person"))
    if role == "country_desk" and not _COUNTRY.fullmatch(scope):
        raise Stop(reason("person.desk_needs_country", field="scope"))
    known = _opinions() if role == "department" else []
    if role == "department" and (not scope or (known and scope not in known)):
        raise Stop(reason("person.department_needs_opinion", known=", ".join(known) or "–", field="scope"))
    if role not in ("country_desk", "department") and scope:
        raise Stop(reason("person.no_scope", field="scope"))


def _opinions() -> list[str]:
    return sorted({key for book in rulebooks_in_use() for key in book.opinions})


def needs_second(party: Party, user: User, role: str) -> bool:
    """Whether two must appoint: the party has, or had, other people, whose drafts and bids the person would read."""
    others = Engagement.objects.filter(party=party, role__in=SELF_ROLES).exclude(person=user)
    return role in SELF_ROLES and others.exists()


def asked_by_another(act: Act, subject: str, body: Mapping[str, object]) -> bool:
    """Whether a colleague asked for this very appointment, and nothing came of it yet."""
    for row in entries(subject=subject, event="person:"):
        if entry_of(row).body == body:
            return row.event == Event.APPOINTMENT_ASKED.value and row.actor != act.person.pseudonym
    return False

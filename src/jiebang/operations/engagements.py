"""Who may be let act for a party: nobody by themselves, no official beside the office, and by two where it has people."""

from collections.abc import Mapping

from jiebang.operations.kernel import Act, Stop
from jiebang.operations.names import Event
from jiebang.records.journal.queries import entries, entry_of
from jiebang.records.people.models import Engagement, Party, User
from jiebang.records.people.queries import roles_of
from jiebang.rules.reasons import reason

OFFICERS = frozenset({"officer", "second_officer", "auditor", "administrator"})
SELF_ROLES = ("owner", "lead", "partner")


def appointable(act: Act, user: User, role: str) -> None:
    """Refuse what would let one official read a bid before opening, or decide on it as one of its own."""
    if user.pk == act.person.pk and role not in OFFICERS:
        raise Stop(reason("person.appoints_self", field="person"))
    if role in SELF_ROLES and roles_of(user, at=act.now) & OFFICERS:
        raise Stop(reason("person.official", person=user.name, field="person"))


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

"""Who may be let act for a party: nobody by themselves, no official beside the office, and by two where it has people."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field

from jiebang.operations.interests import refresh_people
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import HOLDERS, Event, Permission
from jiebang.operations.statements import Why
from jiebang.operations.things import find
from jiebang.records.journal.queries import entries, entry_of
from jiebang.records.people.models import Engagement, Party, User
from jiebang.records.people.queries import roles_of
from jiebang.records.people.roles import STAFF
from jiebang.records.programme.queries import current_rulebook, rulebooks_in_use
from jiebang.rules.days import add_months
from jiebang.rules.reasons import reason
from jiebang.rules.schema import Role

OFFICERS = frozenset({"officer", "second_officer", "auditor", "administrator"})
_COUNTRY = re.compile("[A-Z]{2}")
SELF_ROLES = ("owner", "lead", "partner")
Months = Annotated[int, Field(ge=1, le=120)]
_TOLD = (
    "why",
    "until",
)  # of what two agree on: each says their own reason, and the end is counted from the first


@operation(permission=Permission.PEOPLE_APPOINT, event=Event.PERSON_APPOINTED)
def appoint(
    act: Act, *, person: str, organisation: str, role: Role, scope: str = "", months: Months | None = None
) -> Outcome:
    """Let a person (by address) act for a party in a role, from now, for some months or until ended.

    For a party that has people already, two of the office ask for the same, for as many months, counted from when the
    first asks; until the second does, `waits` is true.
    """
    _office_only_by_administrator(act, role)
    user = find(User, email=person.lower(), is_active=True)
    party = find(Party, slug=organisation)
    _appointable(act, user, role, scope)
    until = _months_from(act.now, months) if months else None
    subject = f"organisation:{organisation}"
    body = {
        "person": user.pseudonym, "organisation": organisation, "role": role, "scope": scope, "months": months,
        "until": until,
    }  # fmt: skip
    if _needs_second(party, user, role):
        asked = asked_by_another(act, subject, Event.APPOINTMENT_ASKED, body)
        until = _end_asked(asked)
        if asked is None or (until is not None and until <= act.now):
            act.journal(Event.APPOINTMENT_ASKED, subject, body=body)
            return Done({"engagement": None, "waits": True})
    made = Engagement.objects.create(
        person=user, party=party, role=role, scope=scope, since=act.now, until=until
    )
    refresh_people([user], at=act.now)
    act.journal(Event.PERSON_APPOINTED, subject, body={**body, "until": until})
    return Done({"engagement": made.pk, "waits": False})


@operation(permission=Permission.ENGAGEMENT_END, event=Event.PERSON_CHANGED)
def end_engagement(act: Act, *, engagement: int, why: Why = "") -> Outcome:
    """End what a person may do for a party, from this moment.

    That somebody acts as owner, lead or partner ends by themselves, by others who act for the same party, or by two of
    the office who say why; until the second does, `waits` is true.
    """
    ending = find(Engagement, pk=engagement)
    own = ending.role in SELF_ROLES and _own_matter(act, ending)
    if not own:
        _office_ends(act, ending, why)
    if ending.until is not None and ending.until <= act.now:
        raise Stop(reason("person.ended"))
    subject = f"organisation:{ending.party.slug}"
    body = {
        "person": ending.person.pseudonym,
        "role": ending.role,
        "engagement": engagement,
        "ended": True,
        "why": why,
    }
    alone = own or ending.role not in SELF_ROLES
    if not alone and asked_by_another(act, subject, Event.ENDING_ASKED, body) is None:
        act.journal(Event.ENDING_ASKED, subject, body=body)
        return Done({"engagement": engagement, "waits": True})
    ending.until = act.now
    ending.save(update_fields=["until"])
    refresh_people([ending.person], at=act.now)
    act.journal(Event.PERSON_CHANGED, subject, body=body)
    return Done({"engagement": engagement, "waits": False})


def _appointable(act: Act, user: User, role: str, scope: str) -> None:
    """Refuse what would let one official read a bid before opening, or decide on it as one of its own.

    A country desk is kept for a country, and a department gives an opinion that a rulebook asks for; no other role has a scope.
    """
    if user.pk == act.person.pk and role not in OFFICERS:
        raise Stop(reason("person.appoints_self", field="person"))
    if role in SELF_ROLES and roles_of(user, at=act.now) & OFFICERS:
        raise Stop(reason("person.official", person=user.name, field="person"))
    if role in OFFICERS and roles_of(user, at=act.now) & {*SELF_ROLES}:
        raise Stop(reason("person.acts_for_party", person=user.name, field="person"))
    if role == "country_desk" and not _COUNTRY.fullmatch(scope):
        raise Stop(reason("person.desk_needs_country", field="scope"))
    known = _opinions() if role == "department" else []
    if role == "department" and (not scope or (known and scope not in known)):
        raise Stop(reason("person.department_needs_opinion", known=", ".join(known) or "–", field="scope"))
    if role not in ("country_desk", "department") and scope:
        raise Stop(reason("person.no_scope", field="scope"))


def _opinions() -> list[str]:
    return sorted(
        {key for book in rulebooks_in_use() for key in book.opinions}
        | {gate.department for book in rulebooks_in_use() for gate in book.gates.values() if gate.department}
    )


def _needs_second(party: Party, user: User, role: str) -> bool:
    """Whether two must appoint: the party has, or had, other people, whose drafts and bids the person would read."""
    others = Engagement.objects.filter(party=party, role__in=SELF_ROLES).exclude(person=user)
    return role in SELF_ROLES and others.exists()


def _own_matter(act: Act, ending: Engagement) -> bool:
    """Whether it is the acting person's own engagement, or that of somebody who acts for the same party."""
    return ending.person_id == act.person.pk or ending.party_id in act.reader.acting_for(*SELF_ROLES)


def _office_ends(act: Act, ending: Engagement, why: str) -> None:
    """The office ends it: of a party's own people for a reason, and not by an official who acts for any party."""
    if not act.roles & (HOLDERS[Permission.PEOPLE_APPOINT] or frozenset()):
        raise Stop(reason("access.not_found", kind="engagement", number=str(ending.pk)))
    _office_only_by_administrator(act, ending.role)
    if ending.role not in SELF_ROLES:
        return
    if act.reader.acting_for(*SELF_ROLES):
        raise Stop(reason("four_eyes.interested"))
    if not why:
        raise Stop(reason("lifecycle.reason_required", field="why"))


def asked_by_another(
    act: Act, subject: str, event: Event, body: Mapping[str, object]
) -> Mapping[str, Any] | None:
    """What a colleague asked for in the same words, reason and moment of the end aside, if nothing came of it yet."""
    for row in entries(subject=subject, event=f"{event.value.partition(':')[0]}:"):
        said = entry_of(row).body
        if _agreed_on(said) == _agreed_on(body):
            by_another = row.event == event.value and row.actor != act.person.pseudonym
            return said if by_another else None
    return None


def _agreed_on(body: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in body.items() if name not in _TOLD}


def _end_asked(asked: Mapping[str, Any] | None) -> datetime | None:
    """The end that the first asked for: it is what the second agrees to."""
    given = asked and asked.get("until")
    return datetime.fromisoformat(given) if given else None


def _months_from(moment: datetime, months: int) -> datetime:
    """The same hour so many calendar months later, at the programme's place."""
    book = current_rulebook()
    here = moment.astimezone(ZoneInfo(book.timezone if book else "UTC"))
    return datetime.combine(add_months(here.date(), months=months), here.time(), tzinfo=here.tzinfo)


def _office_only_by_administrator(act: Act, role: str) -> None:
    """An officer appoints experts, owners and the like; who may decide for the office, an administrator says."""
    if role in STAFF and "administrator" not in act.roles:
        raise Stop(reason("access.role", permission=Permission.PEOPLE_APPOINT.value, roles="administrator"))

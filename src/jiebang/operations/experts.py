"""Experts: what they can judge and when, and the links that keep them from judging."""

from datetime import date

from jiebang.operations.interests import refresh_people
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.statements import Said
from jiebang.operations.things import find
from jiebang.records.people.models import ExpertProfile, Party, User
from jiebang.records.people.queries import roles_of
from jiebang.records.people.roles import OFFICE
from jiebang.records.programme.queries import rulebooks_in_use
from jiebang.records.reviews.models import Conflict
from jiebang.rules.reasons import Reason, reason


@operation(permission=Permission.EXPERT_CHANGE, event=Event.EXPERT_CHANGED)
def change_expert(
    act: Act, *, expert: str = "", expertise: list[str] | None = None, sectors: list[str] | None = None,
    languages: list[str] | None = None, max_load: int | None = None, available_from: date | None = None,
    available_until: date | None = None,
) -> Outcome:  # fmt: skip
    """Say what an expert can judge, in which languages, how many bids at a time and from when to when.

    Experts say it of themselves, the office of any (by address). The whole profile is replaced.
    """
    person = _expert(act, expert)
    if found := _faults(sectors or [], max_load, available_from, available_until):
        raise Stop(*found)
    said = {
        "expertise": _told(expertise), "sectors": sectors or [], "languages": _told(languages), "max_load": max_load,
        "available_from": available_from, "available_until": available_until,
    }  # fmt: skip
    ExpertProfile.objects.update_or_create(person=person, defaults=said)
    act.journal(Event.EXPERT_CHANGED, f"person:{person.pseudonym}", private={"profile": said}, about=person)
    return Done({"person": person.pseudonym})


@operation(permission=Permission.CONFLICT_DECLARE, event=Event.CONFLICT_DECLARED)
def declare_conflict(
    act: Act, *, kind: str, organisation: str = "", person: str = "", since: date | None = None,
    until: date | None = None, text: str = "",
) -> Outcome:  # fmt: skip
    """Declare a standing link to an organisation or to a person (by address): what the rulebook makes of it is not assigned."""
    return _state(act, act.person, kind, organisation, person, since, until, text)


@operation(permission=Permission.CONFLICT_RECORD, event=Event.CONFLICT_DECLARED)
def record_conflict(
    act: Act, *, expert: str, kind: str, organisation: str = "", person: str = "", since: date | None = None,
    until: date | None = None, text: Said,
) -> Outcome:  # fmt: skip
    """Record a link that the office has learned of, and whence."""
    return _state(act, _expert(act, expert), kind, organisation, person, since, until, text)


@operation(permission=Permission.CONFLICT_RECORD, event=Event.CONFLICT_LIFTED)
def lift_conflict(act: Act, *, conflict: int, why: Said) -> Outcome:
    """A declared link was a mistake or no longer is: it keeps nobody from judging any more. The declaration stays readable."""
    row = find(Conflict, pk=conflict, lifted_at=None)
    if row.expert_id == act.person.pk:
        raise Stop(reason("four_eyes.interested"))
    row.lifted_at, row.lifted_why = act.now, why
    row.save(update_fields=["lifted_at", "lifted_why"])
    refresh_people([row.expert, *([row.other] if row.other else [])], at=act.now)
    subject, body = f"person:{row.expert.pseudonym}", {"conflict": conflict}
    act.journal(Event.CONFLICT_LIFTED, subject, body=body, private={"why": why}, about=row.expert)
    return Done({"conflict": conflict})


def _state(
    act: Act, expert: User, kind: str, organisation: str, person: str, since: date | None, until: date | None, text: str
) -> Outcome:  # fmt: skip
    if bool(organisation) == bool(person):
        raise Stop(reason("conflict.one_end", field="organisation"))
    if since and until and until <= since:
        raise Stop(reason("conflict.ends_first", field="until"))
    party = find(Party, slug=organisation) if organisation else None
    other = find(User, email=person.lower()) if person else None
    if other == expert:
        raise Stop(reason("conflict.oneself", field="person"))
    made = Conflict.objects.create(
        expert=expert, party=party, other=other, kind=kind, text=text, since=since, until=until, declared_at=act.now,
        declared_by=None if expert == act.person else act.person,
    )  # fmt: skip
    refresh_people([expert, *([other] if other else [])], at=act.now)
    end = {"organisation": organisation} if organisation else {"person": other.pseudonym if other else ""}
    private = {"kind": kind, **end}
    act.journal(Event.CONFLICT_DECLARED, f"person:{expert.pseudonym}", private=private, about=expert)
    return Done({"conflict": made.pk, **({"organisation": organisation} if organisation else {})})


def _expert(act: Act, email: str) -> User:
    """The expert meant: oneself, or for the office anybody in the pool."""
    if not email or email.lower() == act.person.email:
        if "expert" not in act.roles:
            raise Stop(reason("request.choose", field="expert"))
        return act.person
    if not act.roles & (OFFICE | {"administrator"}):
        raise Stop(reason("access.not_found", kind="expert", number=email))
    person = find(User, email=email.lower())
    if "expert" not in roles_of(person, at=act.now):
        raise Stop(reason("review.not_an_expert", expert=person.name))
    return person


def _faults(sectors: list[str], load: int | None, first: date | None, last: date | None) -> list[Reason]:
    known = {key for book in rulebooks_in_use() for key in book.vocabulary.sectors}
    found = []
    if unknown := sorted(set(sectors) - known):
        found.append(reason("expert.unknown_sector", sectors=", ".join(unknown), field="sectors"))
    if load is not None and not 0 <= load <= 1000:
        found.append(reason("expert.load", field="max_load"))
    if first and last and last < first:
        found.append(reason("conflict.ends_first", field="available_until"))
    return found


def _told(words: list[str] | None) -> list[str]:
    """Each once, without blanks."""
    return list(dict.fromkeys(text for word in words or [] if (text := word.strip())))

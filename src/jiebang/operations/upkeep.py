"""What time brings about by itself: invitations lapse, people hear of a deadline that is near, and owners are
asked whether a result is in use.

Not operations: no door offers them and nobody is asked. A worker calls them as often as it likes; a deadline
does not depend on it, since "closed" is a comparison where it counts.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from jiebang.operations import follow_ups
from jiebang.operations.names import Event
from jiebang.operations.passwords import page_at
from jiebang.records.bids.models import Bid, Invitation
from jiebang.records.challenges.models import Challenge, Need
from jiebang.records.journal import write as journal
from jiebang.records.outbox import write as outbox
from jiebang.records.people.models import User
from jiebang.records.people.queries import people_for, people_with
from jiebang.records.programme.queries import rulebook
from jiebang.records.projects.models import FollowUp, Project
from jiebang.rules.schema import Kind, Rulebook

ACTOR = "worker"
NEAR = timedelta(days=2)
_PROJECT = ("project__challenge__call", "project__challenge__need")


def lapse_invitations(*, now: datetime) -> int:
    """Note the invitations that nobody answered in time; answers how many."""
    waiting = Invitation.objects.filter(status=Invitation.Status.INVITED, expires_at__lte=now)
    return sum(_lapse(key, now=now) for key in list(waiting.values_list("pk", flat=True)))


def remind(*, now: datetime) -> int:
    """Write to those who must act on what falls due within two days, once for each deadline; answers how many."""
    written = 0
    for kind, model in (("need", Need), ("challenge", Challenge), ("bid", Bid), ("project", Project)):
        for thing in model.objects.filter(due_at__gt=now, due_at__lte=now + NEAR).exclude(due_clock=""):
            written += _remind(kind, thing, now=now)  # type: ignore[arg-type]
    return written


def ask_follow_ups(*, now: datetime) -> int:
    """Write to the owners whose follow-up has fallen due, with a link that answers it; answers how many letters."""
    due = FollowUp.objects.filter(at=None, asked_at=None, due_on__lte=now.date())
    return sum(_ask(key, now=now) for key in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _ask(key: int, *, now: datetime) -> int:
    row = FollowUp.objects.select_for_update(of=("self",)).select_related(*_PROJECT).get(pk=key)
    if row.at or row.asked_at:
        return 0
    until = follow_ups.link_end(row, now=now)
    people = follow_ups.asked_of(row, now=now)
    for person in people:
        link = page_at(f"/follow-up/{follow_ups.link_token(row, person, until=until)}/")
        outbox.enqueue(
            code="mail.follow_up", language=person.language, now=now, to_user=person, key=f"follow-up/{row.pk}/{person.pk}",
            params={"number": row.project.number, "title": row.project.challenge.title, "month": row.month, "link": link,
                    "until": _day(until, rulebook(row.project.challenge.call.rulebook_id))},
        )  # fmt: skip
    row.asked_at = now
    row.save(update_fields=["asked_at"])
    return len(people)


@transaction.atomic
def _lapse(key: int, *, now: datetime) -> int:
    asked = Invitation.objects.select_for_update().get(pk=key)
    if asked.status != Invitation.Status.INVITED or asked.expires_at > now:
        return 0
    asked.status, asked.answered_at = Invitation.Status.LAPSED, now
    asked.save(update_fields=["status", "answered_at"])
    bid = asked.consortium.bid
    said = {"answer": asked.status, "partner": asked.partner.slug}
    journal.append(
        at=now, event=Event.INVITATION_ANSWERED.value, actor=ACTOR, subject=f"bid:{bid.number}",
        rulebook=bid.challenge.call.rulebook_id, body={}, private=said,
    )  # fmt: skip
    return 1


@transaction.atomic
def _remind(kind: Kind, thing: Need | Challenge | Bid | Project, *, now: datetime) -> int:
    posted = thing if isinstance(thing, Need | Challenge) else thing.challenge
    book = rulebook(posted.call.rulebook_id)
    clock, stage = book.clocks.get(thing.due_clock), book.lifecycles[kind].stages[thing.stage]
    people = {person for role in (clock.who if clock else ()) for person in _holders(role, thing)(now)}
    for person in people:
        outbox.enqueue(
            code="mail.deadline_near", language=person.language, now=now, to_user=person,
            key=f"near/{kind}:{thing.number}/{thing.due_at:%Y%m%d%H%M}/{person.pk}",
            params={"task": stage.next or stage.label, "title": thing.number, "link": "/desk/",
                    "deadline": _day(thing.due_at, book)},
        )  # fmt: skip
    return len(people)


def _holders(role: str, thing: Need | Challenge | Bid | Project):  # type: ignore[no-untyped-def]
    """Who answers to a clock's role for this thing: the office, or those who act for its owner or lead."""
    posted = thing if isinstance(thing, Need | Challenge) else thing.challenge
    need = posted if isinstance(posted, Need) else posted.need
    bid = thing if isinstance(thing, Bid) else thing.bid if isinstance(thing, Project) else None
    party = {"owner": need.owner_id, "lead": bid.consortium.lead_id if bid else None}.get(role)

    def found(now: datetime) -> list[User]:
        if party:
            return list(people_for(party, at=now, roles=(role,)))
        return list(people_with(role, at=now)) if role in ("officer", "second_officer") else []

    return found


def _day(moment: datetime | None, book: Rulebook) -> str:
    return f"{moment.astimezone(ZoneInfo(book.timezone)):%Y-%m-%d %H:%M} ({book.timezone})" if moment else "—"

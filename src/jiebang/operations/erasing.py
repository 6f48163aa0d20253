"""Erasing a person: names, addresses, letters and the salts of the journal go; what was done stays, under a pseudonym."""

from django.db import transaction

from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.statements import Said
from jiebang.operations.things import find
from jiebang.records.awards.models import Decision
from jiebang.records.journal import write as journal
from jiebang.records.leftovers import empty_log, hide_keys
from jiebang.records.outbox import write as outbox
from jiebang.records.people.models import ApiToken, ExpertProfile, User
from jiebang.records.people.queries import engagements_of
from jiebang.records.programme.models import Acknowledgement
from jiebang.records.reviews.models import Assignment, Block, Conflict, PairWish
from jiebang.rules.reasons import reason

ERASED = "—"


@operation(permission=Permission.PERSON_ERASE, event=Event.PERSON_ERASED)
def erase_person(act: Act, *, person: str, why: Said) -> Outcome:
    """Erase what names a person (by address). The name of one who leads an awarded bid stays: the award is public.

    Salts and private values of their journal entries are emptied, so that nobody can open the commitments;
    the entries and the chain stay whole.
    """
    user = find(User, email=person.lower(), is_active=True)
    if user.pk == act.person.pk:
        raise Stop(reason("person.erase_self"))
    named = leads_an_award(user)
    values = journal.erase(person=user.pseudonym, at=act.now)
    letters = outbox.erase(user=user)
    _forget(user, act, keep_name=named)
    kept = {"name": "award"} if named else {}
    body = {"values": values, "letters": letters, "kept": kept, "why": why}
    act.journal(Event.PERSON_ERASED, f"person:{user.pseudonym}", body=body)
    return Done({"person": user.pseudonym, "values": values, "letters": letters, "kept": kept})


def leads_an_award(user: User) -> bool:
    """Whether a published award names the person as lead researcher."""
    won = Decision.objects.filter(outcome="awarded", published_at__isnull=False, current=True)
    return won.filter(bid__lead_person=user).exists()


def _forget(user: User, act: Act, *, keep_name: bool) -> None:
    engagements_of(user, at=act.now).update(until=act.now)
    ApiToken.objects.filter(person=user).update(name=ERASED, revoked_at=act.now)
    Acknowledgement.objects.filter(person=user).update(answer={"erased": True})
    hide_keys(address=user.email, keep_operation=erase_person.__name__)
    told = Conflict.objects.filter(expert=user)
    told.update(text="", lifted_why="")
    PairWish.objects.filter(expert=user).update(why="")
    Block.objects.filter(expert=user).exclude(kind="recused").update(kind="erased")
    told.exclude(kind__in=("none", "recused")).update(kind="erased")
    Assignment.objects.filter(expert=user).update(recused_why="")
    transaction.on_commit(empty_log)
    ExpertProfile.objects.filter(person=user).update(expertise=[], languages=[], sectors=[])
    if not keep_name:
        user.name, user.name_latin = ERASED, ""
    user.email, user.email_confirmed_at = f"{user.pseudonym}@erased.invalid", None
    user.is_active = False
    user.set_unusable_password()  # also ends every session
    user.save()

"""Objecting to a published result, and answering: named, inside the window, handled by others than the scorers."""

from typing import Literal

from jiebang.decisions import lifecycle
from jiebang.operations.deadlines import due_at
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.statements import Said, statement
from jiebang.operations.things import book_of, find, members, owners, remember, subject
from jiebang.records.access import readable
from jiebang.records.awards.models import Objection
from jiebang.records.challenges.models import Challenge
from jiebang.records.journal.queries import entries, entry_of
from jiebang.records.people.queries import engagements_of
from jiebang.records.programme.queries import next_number
from jiebang.records.reviews.models import Assignment
from jiebang.rules.reasons import reason


@operation(permission=Permission.OBJECTION_RAISE, event=Event.OBJECTION_RAISED)
def raise_objection(act: Act, *, challenge: str, text: Said, lang: str = "") -> Outcome:
    """Object in writing; the name is kept from everyone but those who handle it."""
    posted = find(Challenge, number=challenge)
    if not _standing(posted) or (posted.publicity_until and act.now >= posted.publicity_until):
        raise Stop(reason("objection.closed"))
    acting = engagements_of(act.person, at=act.now).filter(role__in=("lead", "partner", "owner")).first()
    raised = Objection.objects.create(
        number=next_number(f"O-{act.now.year}-"), challenge=posted, by=act.person, party=acting.party if acting else None,
        text=statement(text, lang=lang or act.language), received_at=act.now,
        due_at=due_at(posted.call, "objection_answer", start=act.now, owner_country=posted.country),
    )  # fmt: skip
    body = {"objection": raised.number}
    remember(act, Event.OBJECTION_RAISED, posted, body=body, private={"text": text})
    return Done({"number": raised.number})


@operation(permission=Permission.OBJECTION_RAISE, event=Event.APPEAL_RAISED)
def raise_appeal(act: Act, *, objection: str, text: Said, lang: str = "") -> Outcome:
    """Appeal once against the answer to one's own objection, inside its time; somebody who did not answer it decides."""
    first = find(Objection, number=objection, by=act.person)
    if first.answered_at is None or first.status == Objection.Status.UPHELD or first.appeal_of_id is not None:
        raise Stop(reason("appeal.nothing"))
    if Objection.objects.filter(appeal_of=first).exists():
        raise Stop(reason("appeal.raised"))
    if first.appeal_until is None or act.now >= first.appeal_until or not _standing(first.challenge):
        raise Stop(reason("appeal.closed"))
    raised = Objection.objects.create(
        number=next_number(f"O-{act.now.year}-"), challenge=first.challenge, by=act.person, party=first.party,
        text=statement(text, lang=lang or act.language), received_at=act.now, appeal_of=first,
        due_at=due_at(first.challenge.call, "appeal_answer", start=act.now, owner_country=first.challenge.country),
    )  # fmt: skip
    body = {"objection": raised.number, "appeal_of": objection}
    remember(act, Event.APPEAL_RAISED, first.challenge, body=body, private={"text": text})
    return Done({"number": raised.number})


@operation(permission=Permission.OBJECTION_ANSWER, event=Event.OBJECTION_ANSWERED)
def answer_objection(
    act: Act, *, number: str, outcome: Literal["upheld", "partly", "not_upheld"], text: Said, lang: str = ""
) -> Outcome:
    """Answer with reasons, for those who may read it.

    Who scored a bid on the challenge, proposed its result, or acts for a party that it concerns, may not.
    """
    raised = find(Objection, number=number)
    if not Objection.objects.filter(
        readable("objection", of="objection", reader=act.reader), pk=raised.pk
    ).exists():
        raise Stop(reason("access.not_found", kind="objection", number=number))
    if raised.status != Objection.Status.OPEN:
        raise Stop(reason("objection.answered"))
    if Assignment.objects.filter(bid__challenge=raised.challenge, expert=act.person).exists():
        raise Stop(reason("objection.scorer"))
    if raised.by_id == act.person.pk or act.reader.parties & _at_stake(raised):
        raise Stop(reason("four_eyes.interested"))
    if _proposed(raised.challenge, who=act.person.pseudonym):
        raise Stop(reason("four_eyes.same_person"))
    posted = raised.challenge
    if raised.appeal_of and raised.appeal_of.answered_by_id == act.person.pk:
        raise Stop(reason("objection.answered_it"))
    raised.status, raised.answer = outcome, statement(text, lang=lang or act.language)
    raised.answered_at, raised.answered_by = act.now, act.person
    if outcome != "upheld" and raised.appeal_of is None:
        raised.appeal_until = due_at(posted.call, "appeal", start=act.now, owner_country=posted.country)
    raised.save()
    if raised.by:
        act.mail(raised.by, "mail.objection_answered", number=number, link=f"/objections/{number}/")
    body = {"objection": number, "outcome": outcome}
    remember(act, Event.OBJECTION_ANSWERED, posted, body=body, private={"text": text})
    return Done({"number": number, "outcome": outcome})


def _standing(posted: Challenge) -> bool:
    """Whether the result stands published and undecided: then an appeal can still change it."""
    return "takes_objections" in lifecycle.flags(book_of(posted), kind="challenge", stage=posted.stage)


def _proposed(posted: Challenge, *, who: str) -> bool:
    """Whether it was this person (pseudonym) who proposed the result as it stands."""
    for row in entries(subject=subject(posted), event=Event.MOVED):
        if entry_of(row).body.get("command") == "propose_award":
            return bool(row.actor == who)
    return False


def _at_stake(raised: Objection) -> frozenset[int]:
    """Ids of the parties to which the answer matters: who objects, the owners, every bidder and its partners."""
    posted = raised.challenge
    bidders = (members(bid) for bid in posted.bids.all())
    raiser = {raised.party_id} if raised.party_id else set()
    return owners(posted.need).union(raiser, *bidders)

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
    flags = lifecycle.flags(book_of(posted), kind="challenge", stage=posted.stage)
    if "takes_objections" not in flags or (posted.publicity_until and act.now >= posted.publicity_until):
        raise Stop(reason("objection.closed"))
    acting = engagements_of(act.person, at=act.now).filter(role__in=("lead", "partner", "owner")).first()
    limit = due_at(posted.call, "objection_answer", start=act.now, owner_country=posted.country)
    raised = Objection.objects.create(
        number=next_number(f"O-{act.now.year}-"), challenge=posted, by=act.person, party=acting.party if acting else None,
        text=statement(text, lang=lang or act.language), received_at=act.now, due_at=limit,
    )  # fmt: skip
    body = {"objection": raised.number}
    remember(act, Event.OBJECTION_RAISED, posted, body=body, private={"text": text})
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
    raised.status, raised.answer = outcome, statement(text, lang=lang or act.language)
    raised.answered_at, raised.answered_by = act.now, act.person
    raised.save()
    if raised.by:
        act.mail(raised.by, "mail.objection_answered", number=number, link=f"/objections/{number}/")
    body = {"objection": number, "outcome": outcome}
    posted = raised.challenge
    remember(act, Event.OBJECTION_ANSWERED, posted, body=body, private={"text": text})
    return Done({"number": number, "outcome": outcome})


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

"""Taking up a challenge: start a bid, invite partners, answer an invitation, save, check."""

import secrets
from datetime import timedelta
from typing import Any

from jiebang.decisions import lifecycle
from jiebang.operations.bid_content import save_draft
from jiebang.operations.facts import unchecked
from jiebang.operations.judging import judge_bids
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.moves import apply, permitted
from jiebang.operations.names import Event, Permission
from jiebang.operations.things import book_of, find, no_interest, remember, roles_on
from jiebang.records.bids.models import Bid, Consortium, Invitation
from jiebang.records.challenges.models import Challenge
from jiebang.records.people.models import Party, User
from jiebang.records.people.queries import people_for
from jiebang.rules.reasons import reason

_LETTERS = "BCDFGHJKMNPQRTVWXZ"  # none looks like a digit or another, and they spell no word


@operation(permission=Permission.BID_DRAFT, event=Event.BID_STARTED)
def start_bid(
    act: Act, *, challenge: str, lead: str, lead_person: str = "", content: dict[str, Any] | None = None
) -> Outcome:
    """Begin a bid for an organisation one acts for. A second live bid on one challenge is a verdict, not refused here."""
    posted = find(Challenge, number=challenge)
    party = find(Party, slug=lead)
    if party.pk not in act.reader.acting_for("lead"):
        raise Stop(reason("access.not_yours", party=lead))
    if (
        "takes_bids" not in lifecycle.flags(book_of(posted), kind="challenge", stage=posted.stage)
        or act.now >= posted.closes_at
    ):
        raise Stop(reason("bid.not_open"))
    number = _number(f"B-{act.now.year}-")
    consortium = Consortium.objects.create(
        party=Party.objects.create(kind=Party.Kind.CONSORTIUM, slug=number.lower()), lead=party
    )
    bid = Bid.objects.create(
        number=number, challenge=posted, consortium=consortium, created_at=act.now,
        lead_person=_lead_person(act, party, lead_person) if lead_person else act.person,
        stage=book_of(posted).lifecycles["bid"].start, stage_since=act.now, due_at=posted.closes_at, due_clock="bidding",
        updated_at=act.now, updated_by=act.person,
    )  # fmt: skip
    save_draft(act, bid, content or {})
    # the journal names neither lead nor challenge before opening: who bids is worth money to a rival
    private = {"challenge": challenge, "lead": lead}
    remember(act, Event.BID_STARTED, bid, private=private)
    return Done({"number": number})


@operation(permission=Permission.BID_DRAFT, event=Event.BID_SAVED)
def save_bid(act: Act, *, number: str, content: dict[str, Any], lead_person: str = "") -> Outcome:
    """Save the draft as it stands; what is wrong is told, not refused. The version last sent still counts."""
    bid = _editable(act, number)
    found = save_draft(act, bid, content)
    bid.updated_at, bid.updated_by = act.now, act.person
    if lead_person:
        bid.lead_person = _lead_person(act, bid.consortium.lead, lead_person)
    bid.save()
    remember(act, Event.BID_SAVED, bid)
    return Done(
        {
            "number": number,
            "faults": [{"field": item.params.get("field"), "code": item.code} for item in found],
        }
    )


@operation(permission=Permission.BID_INVITE, event=Event.INVITATION_SENT)
def invite_partner(act: Act, *, number: str, partner: str, part: str = "") -> Outcome:
    """Invite an organisation into the consortium; it accepts, declines or lets the invitation lapse."""
    bid = _editable(act, number)
    party = find(Party, slug=partner, kind=Party.Kind.ORGANISATION)
    if party.pk == bid.consortium.lead_id:
        raise Stop(reason("invitation.self"))
    invitation = _invitation(act, bid, party, part)
    until = f"{invitation.expires_at:%Y-%m-%d %H:%M} UTC"
    told = {
        "lead": bid.consortium.lead.organisation.called(),
        "number": bid.challenge.number,
        "until": until,
    }
    for person in people_for(party.pk, at=act.now, roles=("partner", "lead", "owner")):
        act.mail(person, "mail.invited", part=part or "—", **told)
    remember(act, Event.INVITATION_SENT, bid, private={"partner": partner})
    return Done({"invitation": invitation.pk, "until": invitation.expires_at.isoformat()})


@operation(permission=Permission.INVITATION_ANSWER, event=Event.INVITATION_ANSWERED)
def answer_invitation(act: Act, *, invitation: int, accept: bool) -> Outcome:
    """Accept or decline for an organisation one acts for, before the invitation lapses."""
    asked = find(Invitation, pk=invitation)
    if asked.partner_id not in act.reader.acting_for("partner", "lead", "owner"):
        raise Stop(reason("access.not_found", kind="invitation", number=str(invitation)))
    if asked.status != Invitation.Status.INVITED:
        raise Stop(reason("invitation.not_open"))
    if act.now >= asked.expires_at:
        raise Stop(reason("invitation.lapsed", until=f"{asked.expires_at:%Y-%m-%d %H:%M} UTC"))
    asked.status = Invitation.Status.ACCEPTED if accept else Invitation.Status.DECLINED
    asked.answered_at, asked.answered_by = act.now, act.person
    asked.save()
    bid = asked.consortium.bid
    for person in people_for(asked.consortium.lead_id, at=act.now, roles=("lead",)):
        partner = asked.partner.organisation.called()
        act.mail(
            person,
            "mail.invitation_answered",
            partner=partner,
            number=bid.challenge.number,
            answer=asked.status,
        )
    remember(act, Event.INVITATION_ANSWERED, bid, private={"answer": asked.status})
    return Done({"invitation": invitation, "status": asked.status, "bid": bid.number})


@operation(permission=Permission.BID_CONFORM, event=Event.BID_CHECKED)
def check_bids(act: Act, *, challenge: str) -> Outcome:
    """The formal check of all bids at once: an officer lets each verdict stand as the rules gave it."""
    posted = find(Challenge, number=challenge)
    if not roles_on(act, posted) & {"officer", "second_officer"}:
        raise Stop(reason("access.not_found", kind="challenge", number=challenge))
    no_interest(act, posted)
    judge_bids(
        posted, now=act.now
    )  # once for all: a single bid's move would ask the rules about every bid again
    outcomes = {}
    for bid in unchecked(posted).select_for_update():
        no_interest(act, bid)
        refused = bid.verdicts.filter(current=True).exclude(outcome="pass").exists()
        command = "fail_check" if refused else "pass_check"
        apply(act, bid, permitted(act, bid, command))
        outcomes[bid.number] = bid.stage
    remember(act, Event.BID_CHECKED, posted, body={"bids": outcomes})
    return Done({"challenge": challenge, "bids": outcomes})


def _number(prefix: str) -> str:
    """A number that tells nothing: counted ones would tell a bidder how many rivals there are, before opening."""
    while True:
        number = prefix + "".join(secrets.choice(_LETTERS) for _ in range(6))
        if not Bid.objects.filter(number=number).exists():
            return number


def _lead_person(act: Act, lead: Party, email: str) -> User:
    """Somebody who acts for the lead. Of anybody else nothing is told, not even whether the address is known."""
    own = people_for(lead.pk, at=act.now, roles=("owner", "lead", "partner"))
    found = own.filter(email=email.strip().lower()).first()
    if found is None:
        raise Stop(reason("bid.lead_person_elsewhere", field="lead_person"))
    return found


def _editable(act: Act, number: str) -> Bid:
    bid = find(Bid, number=number)
    if "lead" not in roles_on(act, bid):
        raise Stop(reason("access.not_found", kind="bid", number=number))
    flags = lifecycle.flags(book_of(bid), kind="bid", stage=bid.stage)
    if "editable" not in flags or act.now >= bid.challenge.closes_at:
        raise Stop(reason("bid.not_editable"))
    return bid


def _invitation(act: Act, bid: Bid, party: Party, part: str) -> Invitation:
    """A partner's place: new, or asked again after it was declined or has lapsed."""
    rule = book_of(bid).consortium
    until = bid.challenge.closes_at
    if rule:
        until = min(act.now + timedelta(days=rule.invitation_days), until)
    asked = {"invited_at": act.now, "expires_at": until, "part": part}
    place, made = Invitation.objects.get_or_create(consortium=bid.consortium, partner=party, defaults=asked)
    if made:
        return place
    waiting = place.status == Invitation.Status.INVITED and act.now < place.expires_at
    if waiting or place.status == Invitation.Status.ACCEPTED:
        raise Stop(reason("invitation.exists", partner=party.slug))
    place.invited_at, place.expires_at, place.part = act.now, until, part or place.part
    place.status, place.answered_at, place.answered_by = Invitation.Status.INVITED, None, None
    place.save()
    return place

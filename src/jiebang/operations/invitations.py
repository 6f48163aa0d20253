"""Taking an invitation back while the bid is still being made."""

from jiebang.decisions import lifecycle
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.things import book_of, find, remember, roles_on
from jiebang.records.bids.models import Invitation
from jiebang.records.people.queries import people_for
from jiebang.rules.reasons import reason


@operation(permission=Permission.BID_INVITE, event=Event.INVITATION_CANCELLED)
def cancel_invitation(act: Act, *, invitation: int) -> Outcome:
    """Take an invitation back, or part with a partner, before the bid can no longer be changed."""
    asked = find(Invitation, pk=invitation)
    bid = asked.consortium.bid
    if "lead" not in roles_on(act, bid):
        raise Stop(reason("access.not_found", kind="invitation", number=str(invitation)))
    flags = lifecycle.flags(book_of(bid), kind="bid", stage=bid.stage)
    if "editable" not in flags or act.now >= bid.challenge.closes_at:
        raise Stop(reason("bid.not_editable"))
    if asked.status not in (Invitation.Status.INVITED, Invitation.Status.ACCEPTED):
        raise Stop(reason("invitation.not_open"))
    asked.status, asked.answered_at, asked.answered_by = Invitation.Status.CANCELLED, act.now, act.person
    asked.save()
    lead = asked.consortium.lead.organisation.called()
    for person in people_for(asked.partner_id, at=act.now, roles=("partner",)):
        act.mail(person, "mail.invitation_cancelled", lead=lead, number=bid.challenge.number)
    private = {"partner": asked.partner.slug}
    remember(act, Event.INVITATION_CANCELLED, bid, private=private)
    return Done({"invitation": invitation, "bid": bid.number})

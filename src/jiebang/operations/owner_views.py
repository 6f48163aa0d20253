"""What a demand owner says of the bids, where the rulebook lets it."""

from jiebang.decisions import lifecycle
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.statements import Said, statement
from jiebang.operations.things import book_of, find, owners, remember, roles_on, sees
from jiebang.records.bids.models import Bid
from jiebang.records.reviews.models import OwnerView
from jiebang.rules.by_name import choice
from jiebang.rules.reasons import reason
from jiebang.rules.schema import Rulebook


@operation(permission=Permission.BID_VIEW, event=Event.BID_VIEWED)
def give_view(act: Act, *, bid: str, favourable: bool, text: Said, lang: str = "") -> Outcome:
    """Say what one's organisation, as owner of the need, thinks of a bid while it is under review.

    The award rule reads it as `bid.facts.owner_view` (`for` or `against`); whether it binds is the rulebook's.
    """
    judged = find(Bid, number=bid)
    book = book_of(judged)
    flags = lifecycle.flags(book, kind="challenge", stage=judged.challenge.stage)
    asked = heard(book) and "reviewing" in flags
    if "owner" not in roles_on(act, judged) or not (asked or sees(act.reader, judged)):
        raise Stop(reason("access.not_found", kind="bid", number=bid))
    if not asked:
        raise Stop(reason("review.owner_not_heard"))
    party = min(act.reader.acting_for("owner") & owners(judged.challenge.need))
    said = {
        "favourable": favourable,
        "text": statement(text, lang=lang or act.language),
        "by": act.person,
        "at": act.now,
    }
    OwnerView.objects.update_or_create(bid=judged, party_id=party, defaults=said)
    body = {"favourable": favourable}
    remember(act, Event.BID_VIEWED, judged, body=body, private={"text": text})
    return Done({"bid": bid, "favourable": favourable})


def heard(book: Rulebook) -> bool:
    """Whether the rulebook gives owners a voice on bids: setting `owner_opinion` is `advice` or `veto`."""
    return choice(book, "owner_opinion") in ("advice", "veto")

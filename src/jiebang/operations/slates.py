"""The experts of all bids of a challenge, or of a whole call, at once: pin or keep apart, propose, appoint."""

from typing import TYPE_CHECKING, Literal

from jiebang.operations import slate_steps as steps
from jiebang.operations.interests import against, refresh
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.proposing import Proposal, Scope, commitment, scope_of, scope_of_call
from jiebang.operations.reviews import under_review
from jiebang.operations.slate_steps import Pin
from jiebang.operations.statements import Said
from jiebang.operations.things import find, no_interest, remember, seen, with_interest
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge
from jiebang.records.people.models import User
from jiebang.records.programme.models import Call
from jiebang.records.reviews.models import PairWish
from jiebang.rules.reasons import reason

if TYPE_CHECKING:
    from jiebang.decisions.slate import Slate as Found
PAST = frozenset(
    {"review.assigned", "review.full", "review.unavailable"}
)  # no bar to a wish for the proposal


@operation(permission=Permission.REVIEW_ASSIGN, event=Event.PAIR_WISHED)
def wish_pair(
    act: Act, *, bid: str, expert: str, wish: Literal["pin", "forbid", "none"], why: Said
) -> Outcome:
    """Pin an expert (by address) to a bid, keep the two apart, or take that back, for the proposals that follow."""
    judged = _bid(act, bid)
    person = find(User, email=expert.lower())
    found = [item for item in against(judged, person, at=act.now) if item.code not in PAST]
    if wish == "pin" and found:
        raise Stop(*found)
    if wish == "none":
        PairWish.objects.filter(bid=judged, expert=person).delete()
    else:
        said = {"wish": wish, "why": why, "by": act.person, "at": act.now}
        PairWish.objects.update_or_create(bid=judged, expert=person, defaults=said)
    body = {"expert": person.pseudonym, "wish": wish}
    remember(act, Event.PAIR_WISHED, judged, body=body, private={"why": why})
    return Done({"bid": bid, "wish": wish})


@operation(permission=Permission.REVIEW_ASSIGN, event=Event.SLATE_PROPOSED)
def propose_experts(act: Act, *, challenge: str) -> Outcome:
    """The best experts for all bids of a challenge that passed the check; nobody is asked yet.

    Refused with the constraints that collide and what would repair them where there is no such slate.
    """
    return _shown(act, _of_challenge(act, challenge))


@operation(permission=Permission.REVIEW_ASSIGN, event=Event.SLATE_APPOINTED)
def appoint_experts(act: Act, *, challenge: str, digest: str = "", pins: list[Pin] | None = None) -> Outcome:
    """Ask the proposed experts to judge all bids of a challenge at once; `pins` are set first, as `wish_pair` does.

    `digest` is that of a proposal one has seen: refused when the records have changed since. Whoever has begun stays;
    who was asked and is not in the slate any more, or is in conflict by now, is let go.
    """
    return _appointed(act, _of_challenge(act, challenge), digest=digest, pins=pins or [])


@operation(permission=Permission.REVIEW_ASSIGN, event=Event.SLATE_PROPOSED)
def propose_call_experts(act: Act, *, call: str) -> Outcome:
    """The best experts for all bids of all challenges of a call that are under review; nobody is asked yet.

    Loads are counted over the whole call. Refused with the constraints that collide and what would repair them where
    there is no such slate.
    """
    return _shown(act, _of_call(act, call))


@operation(permission=Permission.REVIEW_ASSIGN, event=Event.SLATE_APPOINTED)
def appoint_call_experts(act: Act, *, call: str, digest: str = "", pins: list[Pin] | None = None) -> Outcome:
    """Ask the proposed experts to judge all bids of a call's challenges under review, in one act; `pins` are set first.

    `digest`, and who stays, as in `appoint_experts`: after somebody stepped aside only that place is filled, if it can be.
    """
    return _appointed(act, _of_call(act, call), digest=digest, pins=pins or [])


def _shown(act: Act, scope: Scope) -> Outcome:
    made, found = steps.proposed(act, scope)
    steps.note_proposed(act, scope, made)
    why = [
        {"bid": made.bids[one.bid].number, "expert": made.people[one.expert].email, "rank": one.rank,
         "why": made.told(one.binding).code}
        for one in found.why
    ]  # fmt: skip
    return Done({**_named(scope), "digest": made.digest, **steps.answer(made, found), "why": why})


def _appointed(act: Act, scope: Scope, *, digest: str, pins: list[Pin]) -> Outcome:
    if pins:
        steps.pin(act, scope, pins)
    made, found = steps.proposed(act, scope)
    if digest and digest != made.digest:
        raise Stop(reason("slate.changed"))
    asked, released = _carried_out(act, scope, made, found, pins=len(pins))
    counts = {"asked": asked, "released": released}
    return Done({**_named(scope), "digest": made.digest, **steps.answer(made, found), **counts})


def _carried_out(act: Act, scope: Scope, made: Proposal, found: "Found", *, pins: int) -> tuple[int, int]:
    before = commitment(scope)
    asked, released = steps.carry_out(act, scope, made, found)
    if not asked and not released:
        raise Stop(reason("slate.nothing"))
    steps.store(act, scope, made, found)
    steps.note_appointed(act, scope, made, found, asked=asked, released=released, pins=pins, before=before)
    return len(asked), len(released)


def _named(scope: Scope) -> dict[str, object]:
    if scope.whole:
        return {"call": scope.call.number, "challenges": [item.number for item in scope.challenges]}
    return {"challenge": scope.challenges[0].number}


def _bid(act: Act, number: str) -> Bid:
    judged = seen(act, "bid", number)
    assert isinstance(judged, Bid)
    no_interest(act, judged)
    under_review(judged.challenge)
    return judged


def _of_challenge(act: Act, number: str) -> Scope:
    posted = seen(act, "challenge", number)
    assert isinstance(posted, Challenge)
    no_interest(act, posted)
    under_review(posted)
    refresh([posted], at=act.now)
    return scope_of(posted)


def _of_call(act: Act, number: str) -> Scope:
    scope = scope_of_call(find(Call, number=number), reader=act.reader, lock=True)
    if not scope.challenges:
        raise Stop(reason("slate.no_review", call=number))
    if mine := with_interest(act, scope.challenges):
        raise Stop(reason("slate.interested", numbers=", ".join(mine)))
    refresh(scope.challenges, at=act.now)
    return scope

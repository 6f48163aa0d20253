"""The experts of all bids of a challenge at once: pin or keep apart, propose, appoint."""

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

from jiebang.operations.interests import against, refresh
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.proposing import Proposal, commitment, propose
from jiebang.operations.reviews import ask, ask_all, tell_asked, under_review
from jiebang.operations.statements import Said
from jiebang.operations.things import find, no_interest, remember, seen
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge
from jiebang.records.people.models import User
from jiebang.records.people.queries import people_with
from jiebang.records.reviews.models import Assignment, PairWish, Slate
from jiebang.rules.reasons import reason

if TYPE_CHECKING:
    from jiebang.decisions.slate import Slate as Found
PAST = frozenset(
    {"review.assigned", "review.full", "review.unavailable"}
)  # no bar to a wish for the proposal


class Pin(BaseModel):
    """A bid by number, an expert by address, and why the two are set whatever fits better."""

    model_config = ConfigDict(extra="forbid")

    bid: str
    expert: str
    why: Said


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
    posted = _challenge(act, challenge)
    made, found = _proposed(act, posted)
    body = {"digest": made.digest, **commitment(posted)}
    remember(act, Event.SLATE_PROPOSED, posted, body=body)
    why = [
        {"bid": made.bids[one.bid].number, "expert": made.people[one.expert].email, "rank": one.rank,
         "why": made.told(one.binding).code}
        for one in found.why
    ]  # fmt: skip
    return Done({"challenge": challenge, "digest": made.digest, **_answer(made, found), "why": why})


@operation(permission=Permission.REVIEW_ASSIGN, event=Event.SLATE_APPOINTED)
def appoint_experts(act: Act, *, challenge: str, digest: str = "", pins: list[Pin] | None = None) -> Outcome:
    """Ask the proposed experts to judge all bids of a challenge at once; `pins` are set first, as `wish_pair` does.

    `digest` is that of a proposal one has seen: refused when the records have changed since. Whoever has begun stays;
    who was asked and is not in the slate any more, or is in conflict by now, is let go.
    """
    posted = _challenge(act, challenge)
    if pins:
        _pin(act, posted, pins)
    made, found = _proposed(act, posted)
    if digest and digest != made.digest:
        raise Stop(reason("slate.changed"))
    before = commitment(posted)
    asked, released = _carry_out(act, posted, made, found)
    if not asked and not released:
        raise Stop(reason("slate.nothing"))
    answer = _answer(made, found)
    _store(act, posted, made, found)
    body = {
        "digest": made.digest, "seed": made.seed.hex(), "optimal": found.answer.optimal, "total": found.total,
        "options": made.wanted.rule.model_dump(mode="json", exclude={"why", "assumes"}), **before,
        "pairs": _named(made, found), "asked": asked, "released": released,
        "next": commitment(posted), "pins": len(pins or ()),
    }  # fmt: skip
    remember(act, Event.SLATE_APPOINTED, posted, body=body)
    return Done(
        {
            "challenge": challenge,
            "digest": made.digest,
            **answer,
            "asked": len(asked),
            "released": len(released),
        }
    )


def _bid(act: Act, number: str) -> Bid:
    judged = seen(act, "bid", number)
    assert isinstance(judged, Bid)
    no_interest(act, judged)
    under_review(judged.challenge)
    return judged


def _pin(act: Act, posted: Challenge, pins: list[Pin]) -> None:
    """Set pairs; whether they may be is the proposal's to say."""
    bids = {bid.number: bid for bid in posted.bids.filter(number__in=[pin.bid for pin in pins])}
    addresses = [pin.expert.lower() for pin in pins]
    people = {one.email: one for one in people_with("expert", at=act.now).filter(email__in=addresses)}
    lost = [reason("access.not_found", kind="bid", number=pin.bid) for pin in pins if pin.bid not in bids]
    lost += [
        reason("review.not_an_expert", expert=pin.expert) for pin in pins if pin.expert.lower() not in people
    ]
    if lost:
        raise Stop(*lost)
    rows = {
        (pin.bid, pin.expert.lower()): PairWish(
            bid=bids[pin.bid], expert=people[pin.expert.lower()], wish=PairWish.Wish.PIN, why=pin.why, by=act.person,
            at=act.now,
        )
        for pin in pins
    }  # fmt: skip
    PairWish.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["bid", "expert"],
        update_fields=["wish", "why", "by", "at"],
    )


def _challenge(act: Act, number: str) -> Challenge:
    posted = seen(act, "challenge", number)
    assert isinstance(posted, Challenge)
    no_interest(act, posted)
    under_review(posted)
    refresh(posted, at=act.now)
    return posted


def _proposed(act: Act, posted: Challenge) -> "tuple[Proposal, Found]":
    made = propose(posted, at=act.now)
    collide = getattr(made.found, "collide", None)
    if collide is not None:
        repairs = getattr(made.found, "repairs", ())
        raise Stop(*(made.told(item) for item in (*collide, *repairs)))
    if not made.bids:
        raise Stop(reason("slate.no_bids"))
    return made, made.found  # type: ignore[return-value]


def _answer(made: Proposal, found: "Found") -> dict[str, Any]:
    pairs = [
        {"bid": made.bids[bid].number, "expert": made.people[one].email, "fit": found.fits[bid, one].total}
        for bid, one in found.pairs
    ]
    return {"pairs": pairs, "total": found.total, "optimal": found.answer.optimal}


def _named(made: Proposal, found: "Found") -> list[list[str]]:
    return [[made.bids[bid].number, made.people[one].pseudonym] for bid, one in found.pairs]


def _carry_out(
    act: Act, posted: Challenge, made: Proposal, found: "Found"
) -> tuple[list[list[str]], list[list[str]]]:
    """Ask who is new and let go who is not in the slate; each expert is written to once."""
    standing = {
        (row.bid_id, row.expert_id): row
        for row in Assignment.objects.filter(bid__in=made.bids).select_related("bid", "expert")
    }
    chosen = {(made.bids[bid].pk, made.people[one].pk): (bid, one) for bid, one in found.pairs}
    live = {pair for pair, row in standing.items() if row.status in Assignment.LIVE}
    new = [(made.bids[bid], made.people[one]) for pair, (bid, one) in chosen.items() if pair not in live]
    fresh = [(bid, person) for bid, person in new if (bid.pk, person.pk) not in standing]
    ask_all(act, posted, fresh)
    for bid, person in new:
        if (bid.pk, person.pk) in standing:  # asked once, let go, and asked again
            ask(act, bid, person)
    for person in dict.fromkeys(person for _, person in new):
        tell_asked(act, person, posted)
    gone = [row for pair, row in standing.items() if row.status in Assignment.OPEN and pair not in chosen]
    for row in gone:
        _release(act, row)
    asked = [[bid.number, person.pseudonym] for bid, person in new]
    return asked, [[row.bid.number, row.expert.pseudonym] for row in gone]


def _release(act: Act, row: Assignment) -> None:
    row.status = Assignment.Status.RELEASED
    row.save(update_fields=["status"])
    act.mail(row.expert, "mail.review_released", bid=row.bid.number)


def _store(act: Act, posted: Challenge, made: Proposal, found: "Found") -> None:
    given = set(found.given)
    pairs = [
        [made.bids[bid].number, made.people[one].pseudonym, found.fits[bid, one].total]
        for bid, one in found.pairs
    ]
    split: dict[bool, list[Any]] = {True: [], False: []}
    for pair, row in zip(found.pairs, pairs, strict=True):
        split[pair in given].append(row)
    Slate.objects.create(
        challenge=posted, at=act.now, by=act.person, problem=made.text, digest=made.digest, pairs=split[False],
        given=split[True], total=found.total, optimal=found.answer.optimal, seed=made.seed.hex(),
    )  # fmt: skip

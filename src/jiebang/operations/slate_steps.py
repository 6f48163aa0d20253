"""The steps of appointing experts at once: pins, the proposal or a refusal, asking and letting go, what is kept of it."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from jiebang.operations.kernel import Act, Stop
from jiebang.operations.names import Event
from jiebang.operations.proposing import Proposal, Scope, commitment, propose
from jiebang.operations.reviews import ask, ask_all, tell_asked
from jiebang.operations.statements import Said
from jiebang.operations.things import remember
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge
from jiebang.records.people.models import User
from jiebang.records.people.queries import people_with
from jiebang.records.reviews.models import Assignment, PairWish, Slate
from jiebang.rules.reasons import reason

if TYPE_CHECKING:
    from jiebang.decisions.slate import Slate as Found

Pairs = list[tuple[Bid, User]]


class Pin(BaseModel):
    """A bid by number, an expert by address, and why the two are set whatever fits better."""

    model_config = ConfigDict(extra="forbid")

    bid: str
    expert: str
    why: Said


def pin(act: Act, scope: Scope, pins: list[Pin]) -> None:
    """Set pairs; whether they may be is the proposal's to say."""
    wanted = Bid.objects.filter(challenge__in=scope.challenges, number__in=[pin.bid for pin in pins])
    bids = {bid.number: bid for bid in wanted}
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


def proposed(act: Act, scope: Scope) -> "tuple[Proposal, Found]":
    """The proposal, or a stop with what collides and what would repair it."""
    made = propose(scope, at=act.now)
    if made.found is None:
        raise Stop(reason("slate.no_bids"))
    collide = getattr(made.found, "collide", None)
    if collide is not None:
        repairs = getattr(made.found, "repairs", ())
        raise Stop(*(made.told(item) for item in (*collide, *repairs)))
    return made, made.found  # type: ignore[return-value]


def answer(made: Proposal, found: "Found") -> dict[str, Any]:
    """The pairs with their fit, and how good they are together."""
    pairs = [
        {"bid": made.bids[bid].number, "expert": made.people[one].email, "fit": found.fits[bid, one].total}
        for bid, one in found.pairs
    ]
    return {"pairs": pairs, "total": found.total, "optimal": found.answer.optimal}


def carry_out(act: Act, scope: Scope, made: Proposal, found: "Found") -> tuple[Pairs, Pairs]:
    """Ask who is new and let go who is not in the slate; each expert is written to once."""
    standing = {
        (row.bid_id, row.expert_id): row
        for row in Assignment.objects.filter(bid__in=made.bids).select_related("bid", "expert")
    }
    chosen = {(made.bids[bid].pk, made.people[one].pk): (bid, one) for bid, one in found.pairs}
    live = {pair for pair, row in standing.items() if row.status in Assignment.LIVE}
    new = [(made.bids[bid], made.people[one]) for pair, (bid, one) in chosen.items() if pair not in live]
    ask_all(act, [(bid, person) for bid, person in new if (bid.pk, person.pk) not in standing])
    for bid, person in new:
        if (bid.pk, person.pk) in standing:  # asked once, let go, and asked again
            ask(act, bid, person)
    _tell(act, scope, new)
    gone = [row for pair, row in standing.items() if row.status in Assignment.OPEN and pair not in chosen]
    for row in gone:
        _release(act, row)
    return new, [(row.bid, row.expert) for row in gone]


def _tell(act: Act, scope: Scope, new: Pairs) -> None:
    wanted: dict[User, set[int]] = {}
    for bid, person in new:
        wanted.setdefault(person, set()).add(bid.challenge_id)
    for person, keys in wanted.items():
        tell_asked(act, person, [item for item in scope.challenges if item.pk in keys])


def _release(act: Act, row: Assignment) -> None:
    row.status = Assignment.Status.RELEASED
    row.save(update_fields=["status"])
    act.mail(row.expert, "mail.review_released", bid=row.bid.number)


def store(act: Act, scope: Scope, made: Proposal, found: "Found") -> None:
    """Keep the problem that was solved and its answer."""
    given = set(found.given)
    pairs = [
        [made.bids[bid].number, made.people[one].pseudonym, found.fits[bid, one].total]
        for bid, one in found.pairs
    ]
    split: dict[bool, list[Any]] = {True: [], False: []}
    for pair, row in zip(found.pairs, pairs, strict=True):
        split[pair in given].append(row)
    kept = Slate.objects.create(
        call=scope.call, whole=scope.whole, at=act.now, by=act.person, problem=made.text, digest=made.digest,
        pairs=split[False], given=split[True], total=found.total, optimal=found.answer.optimal, seed=made.seed.hex(),
    )  # fmt: skip
    kept.challenges.set(scope.challenges)


def note_proposed(act: Act, scope: Scope, made: Proposal) -> None:
    """In the journal: which problem was solved to be looked at."""
    body: dict[str, object] = {"digest": made.digest, **commitment(scope)}
    if not scope.whole:
        remember(act, Event.SLATE_PROPOSED, scope.challenges[0], body=body)
        return
    body["challenges"] = [item.number for item in scope.challenges]
    act.journal(Event.SLATE_PROPOSED, scope.name, rulebook=scope.call.rulebook_id, body=body)


def note_appointed(
    act: Act, scope: Scope, made: Proposal, found: "Found", *, asked: Pairs, released: Pairs, pins: int,
    before: dict[str, str],
) -> None:  # fmt: skip
    """In the journal: under the challenge all of it; of a whole call what holds for all, and each challenge's pairs there."""
    whole = {
        "digest": made.digest, "seed": made.seed.hex(), "optimal": found.answer.optimal, "total": found.total,
        "options": made.wanted.rule.model_dump(mode="json", exclude={"why", "assumes"}), **before,
        "next": commitment(scope), "pins": pins,
    }  # fmt: skip
    pairs: Pairs = [(made.bids[bid], made.people[one]) for bid, one in found.pairs]
    if not scope.whole:
        own = _own(scope.challenges[0], pairs, asked, released)
        remember(act, Event.SLATE_APPOINTED, scope.challenges[0], body={**whole, **own})
        return
    numbers = [item.number for item in scope.challenges]
    counts = {"challenges": numbers, "pairs": len(pairs), "asked": len(asked), "released": len(released)}
    act.journal(Event.SLATE_APPOINTED, scope.name, rulebook=scope.call.rulebook_id, body={**whole, **counts})
    for challenge in scope.challenges:
        told = {"call": scope.call.number, "digest": made.digest, **_own(challenge, pairs, asked, released)}
        remember(act, Event.SLATE_APPOINTED, challenge, body=told)


def _own(challenge: Challenge, pairs: Pairs, asked: Pairs, released: Pairs) -> dict[str, object]:
    told = {"pairs": pairs, "asked": asked, "released": released}
    return {name: _of(challenge, rows) for name, rows in told.items()}


def _of(challenge: Challenge, pairs: Collection[tuple[Bid, User]]) -> list[list[str]]:
    return [[bid.number, person.pseudonym] for bid, person in pairs if bid.challenge_id == challenge.pk]

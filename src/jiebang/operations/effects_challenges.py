"""What happens around a challenge's moves: opening, proposing, publishing, deciding, listing again."""

from collections.abc import Mapping
from typing import Any

from jiebang.decisions import lifecycle
from jiebang.decisions.lifecycle import Step
from jiebang.operations import effects_needs
from jiebang.operations.amending import fill
from jiebang.operations.appointing import Follow, appoint
from jiebang.operations.draws import drawn_first
from jiebang.operations.effects_needs import LONGEST, moment_of
from jiebang.operations.facts import passed, vacant
from jiebang.operations.interests import refresh
from jiebang.operations.judging import awarded_together, judge_bids, propose, unaltered
from jiebang.operations.kernel import Act, Stop
from jiebang.operations.proposing import Scope, commitment, scope_of
from jiebang.operations.things import book_of
from jiebang.records.awards.models import Decision
from jiebang.records.challenges.models import Challenge
from jiebang.rules.reasons import reason
from jiebang.rules.schema import Rulebook

Params = Mapping[str, Any]

# Which command of a bid carries out which outcome.
OUTCOMES = {
    "awarded": "award_bid", "reserve": "reserve_bid", "over_budget": "exceed_bid", "not_awarded": "decline_bid",
    "ineligible": "decline_bid",  # of a bid that had passed the check when the records said otherwise
}  # fmt: skip


def opened(act: Act, challenge: Challenge, **_: Any) -> Params:
    """Bids are opened: the machine part of the formal check runs at once. Unsent drafts stay unread."""
    unaltered(challenge)
    judge_bids(challenge, now=act.now)
    refresh([challenge], at=act.now)
    return {"journal": {"bids": challenge.bids.filter(submitted_at__isnull=False).count()}}


def review_started(_act: Act, challenge: Challenge, **_: Any) -> Params:
    """Where experts are drawn by lot, the seed is committed to before anybody can see what it draws."""
    whole = commitment(Scope(call=challenge.call, challenges=[challenge], whole=True))
    own = commitment(scope_of(challenge))
    return {"journal": {**own, **{f"call_{name}": said for name, said in whole.items()}}}


def rehearse_extension(act: Act, challenge: Challenge, *, params: Params) -> None:
    """An extension only ever gives more time, and only before the time is over: afterwards it would favour the late."""
    later = moment_of(params.get("closes_at"))
    if act.now >= challenge.closes_at:
        raise Stop(reason("listing.closed"))
    if later is None or later <= challenge.closes_at:
        raise Stop(reason("listing.not_later", field="closes_at"))
    if later > act.now + LONGEST:
        raise Stop(reason("listing.too_far", field="closes_at", years=LONGEST.days // 365))


def extended(act: Act, challenge: Challenge, *, params: Params, **_: Any) -> Params:
    """Everyone gets the same new closing time, on the challenge and on the bids still being written."""
    rehearse_extension(act, challenge, params=params)
    before, after = challenge.closes_at, moment_of(params.get("closes_at"))
    assert after is not None
    challenge.closes_at, challenge.due_at, challenge.due_clock = after, after, "bidding"
    challenge.bids.filter(due_clock="bidding").update(due_at=after)
    return {"journal": {"closed_before": before, "closes_at": after}}


def proposed(act: Act, challenge: Challenge, **_: Any) -> Params:
    """Compute the ranking and the outcomes by the rule and keep them as the proposal.

    Where a call is awarded together, whoever proposes it has kept them already.
    """
    unaltered(challenge)
    if awarded_together(book_of(challenge)):
        rows = list(challenge.decisions.filter(current=True).select_related("bid").order_by("pk"))
    else:
        rows = propose(challenge, now=act.now)
    outcomes = [
        {"bid": row.bid.number if row.bid else "", "outcome": row.outcome, "rank": row.rank} for row in rows
    ]
    return {"journal": {"inputs": rows[0].inputs if rows else "", "outcomes": outcomes}}


def published(act: Act, challenge: Challenge, **_: Any) -> Params:
    """The result is public; objections run until the publicity clock ends."""
    challenge.publicity_until = challenge.due_at
    challenge.decisions.filter(current=True).exclude(outcome="revoked").update(published_at=act.now)
    return {"journal": {"publicity_until": challenge.publicity_until}}


def decided(act: Act, challenge: Challenge, *, follow: Follow, **_: Any) -> Params:
    """Carry out every outcome: bids get their stage, winners their project."""
    unaltered(challenge)
    rows = _finalise(act, challenge, follow)
    won = [row.bid for row in rows if row.outcome == "awarded" and row.bid]
    started = [made.number for bid in won if (made := appoint(act, bid, follow=follow))]
    fill(challenge, len(started), now=act.now)
    return {"projects": started, "journal": {"projects": started}}


def not_awarded(act: Act, challenge: Challenge, *, follow: Follow, **_: Any) -> Params:
    """Nobody is appointed: the challenge says so itself, and each bid keeps its own reason."""
    rows, left = challenge.decisions.filter(current=True), vacant(challenge).count()
    if not rows.filter(outcome="no_award").exists():
        Decision.objects.create(
            challenge=challenge, outcome="no_award", rule="award",
            code="award.vacant" if left else "award.none_eligible", rulebook=challenge.call.rulebook_id, proposed_at=act.now,
        )  # fmt: skip
    fill(challenge, left, now=act.now)
    rows.filter(published_at=None).update(published_at=act.now)
    _finalise(act, challenge, follow)
    return {}


def reviewed_again(_act: Act, challenge: Challenge, **_: Any) -> Params:
    """The published proposal is past; signed scores stay until an expert changes them with a reason."""
    challenge.decisions.filter(current=True).exclude(outcome="revoked").update(current=False)
    challenge.draws.filter(current=True).update(current=False)
    challenge.publicity_until = None
    return {}


def listed_again(act: Act, challenge: Challenge, *, params: Params, **_: Any) -> Params:
    """The same need is posted under a new number; this notice points to it."""
    kept = {"budget": challenge.budget, "max_leads": challenge.max_leads, **params}
    new = effects_needs.post(act, challenge.need, kept, relisted_from=challenge)
    return {"challenge": new.number, "journal": {"challenge": new.number, "closes_at": new.closes_at}}


def rehearse_relisting(act: Act, challenge: Challenge, *, params: Params) -> None:
    """The new terms must be possible."""
    effects_needs.rehearse_listing(act, challenge.need, params={"budget": challenge.budget, **params})


def suspended(_act: Act, challenge: Challenge, *, step: Step, **_: Any) -> Params:
    """Remember where it stopped."""
    challenge.suspended_from = step.origin
    return {}


def judged_stages(book: Rulebook) -> frozenset[str]:
    """The stages of bids that experts judge or have judged: passed, or already carrying an outcome."""
    outcomes = (lifecycle.targets(book, kind="bid", command=command) for command in OUTCOMES.values())
    return passed(book).union(*outcomes)


def alone(_act: Act, challenge: Challenge) -> None:
    """Results that hang together over a call are proposed and published together."""
    if awarded_together(book_of(challenge)):
        raise Stop(reason("call_award.together", call=challenge.call.number))


def published_alone(act: Act, challenge: Challenge) -> None:
    """Nothing is published while bids wait for a draw, nor apart from what hangs together with it."""
    alone(act, challenge)
    drawn_first(act, challenge)


def _finalise(act: Act, challenge: Challenge, follow: Follow) -> list[Decision]:
    list(
        challenge.bids.select_for_update()
    )  # whoever withdraws at this moment comes before or after, not in between
    rows = list(challenge.decisions.filter(current=True).select_related("bid__consortium", "bid__challenge"))
    for row in rows:
        _still_there(row)
        row.final_at, row.published_at = row.final_at or act.now, row.published_at or act.now
        row.save(update_fields=["final_at", "published_at"])
        command = OUTCOMES.get(row.outcome)
        if row.bid and command and _may(row, command):
            follow(act, row.bid, command)
    return rows


def _still_there(row: Decision) -> None:
    """A winner that withdrew after the proposal has no project: the second officer sends the challenge back to review."""
    if row.bid is None or row.outcome != "awarded":
        return
    if row.bid.stage in lifecycle.targets(book_of(row.bid), kind="bid", command="withdraw_bid"):
        raise Stop(reason("bid.gone", number=row.bid.number))


def _may(row: Decision, command: str) -> bool:
    assert row.bid is not None
    moves = lifecycle.moves(book_of(row.bid).lifecycles.get("bid"))
    return any(rule.command == command and row.bid.stage in rule.origin for rule in moves.values())


BEFORE: dict[tuple[str, str], Any] = {
    ("challenge", "propose_award"): alone,
    ("challenge", "publish_result"): published_alone,
    ("challenge", "decide"): drawn_first,
    ("challenge", "declare_no_award"): drawn_first,
}
AFTER: dict[tuple[str, str], Any] = {
    ("challenge", "close"): opened,
    ("challenge", "start_review"): review_started,
    ("challenge", "extend"): extended,
    ("challenge", "propose_award"): proposed,
    ("challenge", "publish_result"): published,
    ("challenge", "decide"): decided,
    ("challenge", "declare_no_award"): not_awarded,
    ("challenge", "review_again"): reviewed_again,
    ("challenge", "relist"): listed_again,
    ("challenge", "suspend"): suspended,
}
REHEARSE = {
    ("challenge", "extend"): rehearse_extension,
    ("challenge", "relist"): rehearse_relisting,
}

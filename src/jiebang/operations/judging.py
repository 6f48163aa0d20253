"""Verdicts and awards on live records: the same `decisions.round` as the headless round, on a bundle of rows."""

from collections.abc import Collection
from datetime import datetime

from jiebang.decisions import round as headless
from jiebang.decisions.bundle import Bundle
from jiebang.decisions.bundle_kept import as_plain
from jiebang.decisions.sensitivity import Sensitivity, sensitivity
from jiebang.decisions.verdicts import Verdict as Found
from jiebang.operations.kernel import Stop
from jiebang.operations.things import book_of
from jiebang.records import bundles
from jiebang.records.altered import altered_bids
from jiebang.records.awards.models import Decision, Inputs, Verdict
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge, Need
from jiebang.rules.reasons import reason


def judge_need(need: Need, *, now: datetime) -> None:
    """Ask the rules on a need's owner anew and store the verdicts."""
    book = book_of(need)
    result = headless.run(book, bundles.of_need(book, need, as_of=now))
    need.verdicts.filter(current=True).update(current=False)
    Verdict.objects.bulk_create(_row(item, now=now, need=need) for item in result.verdicts)


def judge_bids(challenge: Challenge, *, now: datetime) -> None:
    """Ask the rules on every bid of a challenge anew and store the verdicts (the formal check's machine part)."""
    result = judged(challenge, now=now)
    bids = {bid.number: bid for bid in challenge.bids.filter(submitted_at__isnull=False)}
    Verdict.objects.filter(bid__in=bids.values(), current=True).update(current=False)
    rows = [_row(item, now=now, bid=bids[item.subject]) for item in result.verdicts if item.subject in bids]
    Verdict.objects.bulk_create(row for row in rows if row.rule != "review.no_conflict")


def judged(
    challenge: Challenge, *, now: datetime, struck: Collection[tuple[str, str]] = ()
) -> headless.RoundResult:
    """Everything that follows from the challenge's records at a moment, without `struck` reviews (bid, pseudonym)."""
    book = book_of(challenge)
    read = bundles.of_challenges(book, [challenge], as_of=now)
    return headless.run(book, bundles.without(read, struck) if struck else read)


def weighed(challenge: Challenge, *, now: datetime) -> tuple[headless.RoundResult, Sensitivity]:
    """What follows at a moment, and how far it rests on the way of scoring and on single experts."""
    book = book_of(challenge)
    bundle = bundles.of_challenges(book, [challenge], as_of=now)
    result = headless.run(book, bundle)
    return result, sensitivity(book, bundle, result)


def propose(challenge: Challenge, *, now: datetime) -> list[Decision]:
    """Store the computed outcome of every bid as the current proposal, with all that it read; what was current is past.

    A list that was drawn before is not drawn again: the same bids under the same rule keep the numbers they had.
    """
    book = book_of(challenge)
    challenge.draws.filter(current=True).update(current=False)
    read = bundles.of_challenges(book, [challenge], as_of=now)
    result = headless.run(book, read)
    drawn = [draw.pool.as_data() for draw in result.draws]
    if before := next(
        (row for row in challenge.draws.order_by("pk") if {**row.pool, "salt": ""} in drawn), None
    ):
        challenge.draws.filter(pk=before.pk).update(current=True)
        read = bundles.drawn(read, before, gone=())
        result = headless.run(book, read)
    return store(challenge, read, result, now=now)


def store(
    challenge: Challenge, read: Bundle, result: headless.RoundResult, *, now: datetime
) -> list[Decision]:
    """Keep a result, with all that it read, as what was proposed at a moment."""
    Inputs.objects.get_or_create(sha256=read.digest, defaults={"bundle": as_plain(read)})
    bids: dict[str, Bid] = {bid.number: bid for bid in challenge.bids.all()}
    places = {place.bid: place for place in result.ranking}
    lost = challenge.decisions.filter(current=True, outcome="revoked")  # a revoked award stays what it is
    revoked = set(lost.values_list("bid__number", flat=True))
    challenge.decisions.filter(current=True).exclude(outcome="revoked").update(current=False)
    rows = []
    for item in result.decisions:
        if item.bid in revoked:
            continue
        place = places.get(item.bid)
        rows.append(
            Decision(
                challenge=challenge, bid=bids.get(item.bid), outcome=item.outcome.value, code=item.reason.code,
                params=dict(item.reason.params), rule=item.rule, rulebook=result.rulebook, inputs=result.seed,
                rank=place.rank if place else None, tie=place.tie if place else 1,
                score=place.score if place else None, proposed_at=now,
            )
        )  # fmt: skip
    return Decision.objects.bulk_create(rows)


def unaltered(challenge: Challenge) -> None:
    """Nothing is opened, proposed or decided on contents, stages, signatures or scores unlike those of the journal."""
    if numbers := altered_bids(challenge):
        raise Stop(reason("bid.altered", numbers=", ".join(numbers)))


def _row(item: Found, *, now: datetime, need: Need | None = None, bid: Bid | None = None) -> Verdict:
    return Verdict(
        need=need, bid=bid, subject=item.about or item.subject, rule=item.rule, outcome=item.outcome.value,
        code=item.reason.code, params=_plain(item.reason.params), facts=_plain(item.facts), evidence=list(item.evidence),
        as_of=now,
    )  # fmt: skip


def _plain(values: object) -> dict[str, object]:
    """Facts as JSON keeps them: dates and decimals as text."""
    kept = (str, int, float, bool, type(None), list)
    return {key: value if isinstance(value, kept) else str(value) for key, value in dict(values).items()}  # type: ignore[call-overload]

"""Verdicts and awards on live records: the same `decisions.round` as the headless round, on a bundle of rows."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from jiebang.decisions import round as headless
from jiebang.decisions.bundle import Bundle
from jiebang.decisions.bundle_kept import as_plain
from jiebang.decisions.rests import Rests, rests
from jiebang.decisions.round_checks import check
from jiebang.decisions.sensitivity import Change
from jiebang.decisions.verdicts import Verdict as Found
from jiebang.engines.calibration.panel import Panel
from jiebang.operations.kernel import Stop
from jiebang.operations.things import book_of
from jiebang.records import bundles
from jiebang.records.altered import altered_bids
from jiebang.records.awards.models import Decision, Inputs, Verdict
from jiebang.records.awards.queries import corrected
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge, Need
from jiebang.rules.reasons import reason
from jiebang.rules.schema import Rulebook


def judge_need(need: Need, *, now: datetime) -> None:
    """Ask the rules on a need's owner anew and store the verdicts."""
    book = book_of(need)
    result = headless.run(book, bundles.of_need(book, need, as_of=now))
    need.verdicts.filter(current=True).update(current=False)
    Verdict.objects.bulk_create(_row(item, now=now, need=need) for item in result.verdicts)


def judge_bids(challenge: Challenge, *, now: datetime) -> None:
    """Ask the rules on every bid of a challenge anew and store the verdicts (the formal check's machine part)."""
    book = book_of(challenge)
    result = headless.run(book, bundles.of_challenges(book, [challenge], as_of=now))
    bids = {bid.number: bid for bid in challenge.bids.filter(submitted_at__isnull=False)}
    Verdict.objects.filter(bid__in=bids.values(), current=True).update(current=False)
    rows = [_row(item, now=now, bid=bids[item.subject]) for item in result.verdicts if item.subject in bids]
    Verdict.objects.bulk_create(row for row in rows if row.rule != "review.no_conflict")


def awarded_together(book: Rulebook) -> bool:
    """Whether the challenges of a call are awarded in one decision."""
    return book.award is not None and book.award.over_call


def judged(challenge: Challenge, *, now: datetime) -> headless.RoundResult:
    """Everything that follows from the records at a moment, as far as it is about a challenge."""
    book, read = book_of(challenge), _read(challenge, now=now)
    return _about(challenge, headless.run(book, read), read)


def judged_anew(
    challenge: Challenge, *, now: datetime, struck: Collection[tuple[str, str]] = ()
) -> headless.RoundResult:
    """What the rule gives a challenge whose result is corrected, without `struck` reviews (bid, pseudonym): what was
    decided of others in its call stands."""
    book = book_of(challenge)
    read = bundles.beside_others(book, challenge, as_of=now)
    read = bundles.without(read, struck) if struck else read
    return _about(challenge, headless.run(book, read), read)


def weighed(challenge: Challenge, *, now: datetime) -> tuple[headless.RoundResult, Rests]:
    """What follows at a moment, and how far it rests on the way of scoring, on single experts who judged the challenge, and on
    the weights."""
    book, read = book_of(challenge), _read(challenge, now=now)
    checked = check(book, read, as_of=read.latest)
    result = headless.run(book, read, checked=checked)
    own = replace(result, panel=_judging(challenge, result.panel, read))
    found = rests(book, read, own, checked=checked, weights=not slow_to_weigh(book))
    without = {
        expert: rows
        for expert, every in found.experts.without.items()
        if (rows := _changes(every, challenge.number))
    }
    plain = _changes(found.experts.plain, challenge.number)
    here = replace(found, experts=replace(found.experts, plain=plain, without=without))
    return _about(challenge, result, read), here


def slow_to_weigh(book: Rulebook) -> bool:
    """Whether trying other weights may take longer than a page can wait: each of a hundred rounds looks for the best set of a
    whole call."""
    return awarded_together(book) and book.award is not None and book.award.rule == "portfolio"


def _read(challenge: Challenge, *, now: datetime) -> Bundle:
    """The challenge, or where a call is awarded together all of its opened ones."""
    book, call = book_of(challenge), challenge.call
    if not awarded_together(book):
        return bundles.of_challenges(book, [challenge], as_of=now)
    if corrected(challenge):
        return bundles.beside_others(book, challenge, as_of=now)
    rows = challenge.decisions.filter(current=True).exclude(inputs="").order_by("pk")
    own = rows.values_list("inputs", flat=True).first() or ""
    opened = bundles.opened_in(book, call)
    return bundles.together(book, call, opened=opened, as_of=now, apart_from=own)


def _about(challenge: Challenge, result: headless.RoundResult, read: Bundle) -> headless.RoundResult:
    here = frozenset(bid.id for bid in read.bids if bid.challenge == challenge.number)
    return headless.of_challenge(result, challenge.number, bids=here)


def _judging(challenge: Challenge, panel: Panel, read: Bundle) -> Panel:
    """What the experts of a challenge marked, there and elsewhere."""
    here = {bid.id for bid in read.bids if bid.challenge == challenge.number}
    experts = {mark.expert for mark in panel.marks if mark.bid in here}
    return Panel(tuple(mark for mark in panel.marks if mark.expert in experts))


def _changes(rows: tuple[Change, ...], number: str) -> tuple[Change, ...]:
    return tuple(row for row in rows if row.challenge == number)


def propose(challenge: Challenge, *, now: datetime) -> list[Decision]:
    """Store the computed outcome of every bid as the current proposal, with all that it read; what was current is past.

    Where a call is awarded together what was decided of its other challenges stands: this one is corrected alone.
    A list that was drawn before is not drawn again: the same bids under the same rule keep the numbers they had.
    """
    book = book_of(challenge)
    challenge.draws.filter(current=True).update(current=False)
    read = bundles.beside_others(book, challenge, as_of=now)
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
    return store_all([challenge], read, result, now=now)


def store_all(
    challenges: Collection[Challenge], read: Bundle, result: headless.RoundResult, *, now: datetime
) -> list[Decision]:
    """The same of several challenges that were decided together."""
    Inputs.objects.get_or_create(sha256=read.digest, defaults={"bundle": as_plain(read)})
    posted = {item.number: item for item in challenges}
    bids = {bid.number: bid for bid in Bid.objects.filter(challenge__in=challenges)}
    places = {place.bid: place for place in result.ranking}
    before = Decision.objects.filter(challenge__in=challenges, current=True)
    revoked = set(before.filter(outcome="revoked").values_list("bid__number", flat=True))
    before.exclude(outcome="revoked").update(current=False)  # a revoked award stays what it is
    rows = []
    for item in result.decisions:
        if item.challenge not in posted or item.bid in revoked:
            continue
        place = places.get(item.bid)
        rows.append(
            Decision(
                challenge=posted[item.challenge], bid=bids.get(item.bid), outcome=item.outcome.value, code=item.reason.code,
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

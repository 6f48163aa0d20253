"""Holding a lottery's draw: the list is committed in the journal, later the public numbers are entered, and that decides."""

import secrets
from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet

from jiebang.decisions import lifecycle
from jiebang.decisions import round as rounds
from jiebang.decisions.bundle import Bundle
from jiebang.decisions.lottery import Draw as Drawn
from jiebang.decisions.lottery import seed_fault
from jiebang.engines.draw import Pool, normal_form
from jiebang.operations.judging import store, unaltered
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.things import book_of, no_interest, remember, seen
from jiebang.records import bundles
from jiebang.records.awards.models import Decision, Draw
from jiebang.records.awards.office import IN_DRAW
from jiebang.records.challenges.models import Challenge
from jiebang.rules.reasons import reason


@operation(permission=Permission.DRAW_HOLD, event=Event.DRAW_COMMITTED)
def commit_draw(act: Act, *, challenge: str) -> Outcome:
    """Commit who is in the draw and for what, before anybody can know the numbers; the journal keeps the list's hash."""
    posted = _challenge(act, challenge)
    proposed = _waiting(posted)
    if posted.draws.filter(current=True).exists():
        raise Stop(reason("draw.committed_before"))
    pool = replace(proposed_pool(posted), salt=secrets.token_hex(16))
    if _gone(posted) & {*pool.names, *pool.sure}:
        raise Stop(reason("draw.changed"))
    held = Draw.objects.create(
        challenge=posted, pool=pool.as_data(), list_hash=pool.digest, committed_by=act.person, committed_at=act.now
    )  # fmt: skip
    _store(posted, held, gone=frozenset(), now=proposed.proposed_at)
    body = {
        "list": pool.digest,
        "bids": list(pool.names),
        "places": pool.places,
        "sources": list(pool.sources),
    }
    remember(act, Event.DRAW_COMMITTED, posted, body=body)
    return Done({"number": posted.number, "list": pool.digest})


@operation(permission=Permission.DRAW_HOLD, event=Event.DRAW_HELD)
def hold_draw(act: Act, *, challenge: str, numbers: str) -> Outcome:
    """Enter the public numbers of the sources named before, apart by /; they draw at once, and only once."""
    posted = _challenge(act, challenge)
    proposed = _waiting(posted)
    held = posted.draws.filter(current=True).first()
    if held is None:
        raise Stop(reason("draw.not_committed"))
    if fault := seed_fault(book_of(posted), numbers):
        raise Stop(reason("draw.numbers", field="numbers", problem=fault))
    held.seed, held.seeded_by, held.seeded_at = numbers, act.person, act.now
    drawn = _store(posted, held, gone=_gone(posted), now=proposed.proposed_at)
    held.gone = sorted(drawn.gone)
    held.save()
    order = [turn.step.drawn for turn in drawn.turns]
    body = {
        "list": held.list_hash,
        "numbers": numbers,
        "key": normal_form(numbers),
        "order": order,
        "gone": held.gone,
    }
    remember(act, Event.DRAW_HELD, posted, body=body)
    return Done({"number": posted.number, "order": order})


def draw_of(row: Draw) -> Drawn:
    """A kept draw as the pure room knows it."""
    return Drawn(pool=Pool.of_data(row.pool), seed=row.seed or None, gone=frozenset(row.gone))


def proposed_pool(challenge: Challenge) -> Pool:
    """Who is in the draw for which the current proposal waits."""
    return rounds.run(book_of(challenge), _read(challenge)).draws[0].pool


def drawn_first(act: Act, challenge: Challenge) -> None:
    """Nothing is published or decided while bids wait for a draw, nor by who entered its numbers."""
    if _open(challenge).exists():
        raise Stop(reason("draw.open"))
    held = challenge.draws.filter(current=True).first()
    if held is not None and act.who is not None and held.seeded_by_id == act.who.pk:
        raise Stop(reason("four_eyes.same_person"))


def _challenge(act: Act, number: str) -> Challenge:
    posted = seen(act, "challenge", number)
    assert isinstance(posted, Challenge)
    no_interest(act, posted)
    unaltered(posted)
    return posted


def _read(challenge: Challenge) -> Bundle:
    """What the current proposal was computed from: a draw adds its list and numbers, and nothing that changed since."""
    read = bundles.of_proposal(challenge.call, number=challenge.number)
    assert read is not None
    return read


def _gone(challenge: Challenge) -> frozenset[str]:
    """Numbers of the bids that were withdrawn."""
    left = lifecycle.targets(book_of(challenge), kind="bid", command="withdraw_bid")
    return frozenset(challenge.bids.filter(stage__in=left).values_list("number", flat=True))


def _store(challenge: Challenge, held: Draw, *, gone: frozenset[str], now: datetime) -> Drawn:
    """Decide anew with the draw as far as it has come, and keep that as the proposal."""
    read = bundles.drawn(_read(challenge), held, gone=gone)
    result = rounds.run(book_of(challenge), read)
    store(challenge, read, result, now=now)
    return result.draws[0]


def _open(challenge: Challenge) -> QuerySet[Decision]:
    return challenge.decisions.filter(current=True, code=IN_DRAW)


def _waiting(challenge: Challenge) -> Decision:
    """A decision of the current proposal that waits for the draw; a stop where none does, or the result is public."""
    found = _open(challenge).filter(published_at=None).first()
    if found is None:
        raise Stop(reason("draw.nothing"))
    return found

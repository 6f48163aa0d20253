"""Holding a lottery's draw: the list is committed in the journal, later the public numbers are entered, and that decides."""

import secrets
from dataclasses import replace

from django.db.models import QuerySet

from jiebang.decisions.lottery import Draw as Drawn
from jiebang.decisions.lottery import seed_fault
from jiebang.engines.draw import Pool, normal_form
from jiebang.operations.judging import judged, store
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.things import book_of, no_interest, remember, seen
from jiebang.records.altered import altered_bids
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
    result = judged(posted, now=proposed.proposed_at)
    if result.seed != proposed.inputs or not result.draws:
        raise Stop(reason("draw.changed"))
    pool = replace(result.draws[0].pool, salt=secrets.token_hex(16))
    Draw.objects.create(
        challenge=posted,
        pool=pool.as_data(),
        list_hash=pool.digest,
        committed_by=act.person,
        committed_at=act.now,
    )
    store(posted, judged(posted, now=proposed.proposed_at), now=proposed.proposed_at)
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
    book = book_of(posted)
    if fault := seed_fault(book, numbers):
        raise Stop(reason("draw.numbers", field="numbers", problem=fault))
    held.seed, held.seeded_by, held.seeded_at = numbers, act.person, act.now
    held.save()
    result = judged(posted, now=proposed.proposed_at)
    drawn = result.draws[0]
    held.gone = sorted(drawn.gone)
    held.save(update_fields=["gone"])
    store(posted, result, now=proposed.proposed_at)
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
    if numbers := altered_bids(posted):
        raise Stop(reason("bid.altered", numbers=", ".join(numbers)))
    return posted


def _open(challenge: Challenge) -> QuerySet[Decision]:
    return challenge.decisions.filter(current=True, code=IN_DRAW)


def _waiting(challenge: Challenge) -> Decision:
    """A decision of the current proposal that waits for the draw; a stop where none does, or the result is public."""
    found = _open(challenge).filter(published_at=None).first()
    if found is None:
        raise Stop(reason("draw.nothing"))
    return found

"""Results of a call whose challenges are awarded together: proposed by one officer, published by another, each in one act."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from jiebang.decisions import lifecycle
from jiebang.decisions import round as headless
from jiebang.decisions.bundle import Bundle
from jiebang.decisions.lifecycle import Step
from jiebang.decisions.quotas import Used
from jiebang.operations.judging import awarded_together, store_all
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.moves import apply, permitted
from jiebang.operations.names import Event, Permission
from jiebang.operations.statements import Text
from jiebang.operations.things import find, with_interest
from jiebang.records import bundles
from jiebang.records.access import Reader, visible
from jiebang.records.altered import altered_bids
from jiebang.records.awards.models import Decision
from jiebang.records.awards.queries import final_in, standing_in
from jiebang.records.challenges.models import Challenge
from jiebang.records.programme.models import Call
from jiebang.records.programme.queries import rulebook
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Rulebook

PROPOSE, PUBLISH = "propose_award", "publish_result"


@dataclass(frozen=True, kw_only=True)
class Together:
    """The challenges of a call by what is to come of them.

    `ready` stand where results are proposed, `proposed` wait to be published, `public` are published and not final, `waiting`
    are not so far yet; those that are final, or ended without a result, are in none. The results in `standing` (by key, with
    the numbers of awarded bids) are final or set by two people: no proposal changes them.
    """

    call: Call
    book: Rulebook
    ready: Sequence[Challenge]
    proposed: Sequence[Challenge]
    public: Sequence[Challenge]
    waiting: Sequence[Challenge]
    standing: Mapping[int, frozenset[str]]


def together_in(call: Call, *, lock: bool = False) -> Together:
    """Where the challenges of a call stand; `lock` them for this transaction."""
    book = rulebook(call.rulebook_id)
    rows = Challenge.objects.filter(call=call).select_related("call", "need__owner").order_by("number")
    found = list(rows.select_for_update(of=("self",)) if lock else rows)
    standing = standing_in(call)
    decided = Decision.objects.filter(challenge__call=call, current=True).values_list("challenge", flat=True)
    final, ruled = final_in(call), frozenset(decided)
    groups = {item.pk: _group(book, item, final, ruled) for item in found}

    def of(name: str) -> list[Challenge]:
        return [item for item in found if groups[item.pk] == name]

    return Together(
        call=call, book=book, ready=of("ready"), proposed=of("proposed"), public=of("public"), waiting=of("waiting"),
        standing=standing,
    )  # fmt: skip


def _group(book: Rulebook, item: Challenge, final: Collection[int], decided: Collection[int]) -> str:
    def stands_before(command: str) -> bool:
        return item.stage in lifecycle.origins(book, kind="challenge", command=command)

    if item.pk in final:
        return "standing"
    if stands_before(PROPOSE):
        return "ready"
    if "final" in lifecycle.flags(book, kind="challenge", stage=item.stage):
        return "over"
    if item.pk not in decided:
        return "waiting"
    return "proposed" if stands_before(PUBLISH) else "public"


def decide_together(found: Together, *, reader: Reader) -> tuple[Bundle, headless.RoundResult]:
    """The decision on all challenges that have no final result yet, as `round run` makes it of the call's bundle."""
    opened = bundles.opened_in(found.book, found.call)
    read = bundles.together(found.book, found.call, opened=opened, as_of=reader.at)
    return read, headless.run(found.book, read)


def digest_of(result: headless.RoundResult) -> str:
    """The SHA-256 of all outcomes, by which a proposal that was seen is known again."""
    rows = [[row.challenge, row.bid, row.outcome.value, row.reason.code] for row in result.decisions]
    return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()


def moved_by(found: Together, result: headless.RoundResult) -> list[str]:
    """Numbers of the challenges whose proposed or published result would be another one now."""
    kept = [item for item in (*found.proposed, *found.public) if item.pk not in found.standing]
    return differing(kept, result)


def differing(kept: Sequence[Challenge], result: headless.RoundResult) -> list[str]:
    """Numbers of the challenges whose current outcomes are not those of a decision."""
    rows = Decision.objects.filter(challenge__in=kept, current=True)
    was: dict[str, set[tuple[str, str]]] = {item.number: set() for item in kept}
    for number, bid, outcome in rows.values_list("challenge__number", "bid__number", "outcome"):
        was[number].add((bid or "", outcome))
    now: dict[str, set[tuple[str, str]]] = {item.number: set() for item in kept}
    for row in result.decisions:
        if row.challenge in now:
            now[row.challenge].add((row.bid, row.outcome.value))
    return [number for number in was if was[number] != now[number]]


@operation(permission=Permission.MOVE, event=Event.CALL_PROPOSED)
def propose_call_award(act: Act, *, call: str, digest: str = "", why: Text = "") -> Outcome:
    """Propose the results of all challenges of a call at once, where the rulebook awards them together.

    `digest` is that of a proposal one has seen: refused when outcomes have changed since. Refused while a challenge is not
    so far, and where a result that is proposed or published already would change: that challenge is sent back first.
    """
    found = _of_call(act, call)
    if not found.ready:
        raise Stop(reason("call_award.nothing", call=call))
    if found.waiting:
        raise Stop(reason("call_award.waits", numbers=_numbers(found.waiting)))
    steps = _steps(act, found.ready, PROPOSE, why=why)
    read, result = decide_together(found, reader=act.reader)
    if digest and digest != digest_of(result):
        raise Stop(reason("call_award.changed"))
    if moved := moved_by(found, result):
        raise Stop(reason("call_award.moves", numbers=", ".join(moved)))
    rows = store_all(found.ready, read, result, now=act.now)
    _apply(act, steps, why=why)
    body = {
        "inputs": read.digest,
        "outcomes": _counts(rows),
        "quotas": [_seats(used) for used in result.quotas],
    }
    return _done(act, found, found.ready, Event.CALL_PROPOSED, body)


@operation(permission=Permission.MOVE, event=Event.CALL_PUBLISHED)
def publish_call_award(act: Act, *, call: str, why: Text = "") -> Outcome:
    """Publish the proposed results of all challenges of a call at once, where the rulebook awards them together.

    Refused while one of them was sent back: the results hang together, and are proposed anew first.
    """
    found = _of_call(act, call)
    if not found.proposed:
        raise Stop(reason("call_award.none_proposed", call=call))
    if found.ready or found.waiting:
        raise Stop(reason("call_award.unproposed", numbers=_numbers([*found.ready, *found.waiting])))
    _apply(act, _steps(act, found.proposed, PUBLISH, why=why), why=why)
    return _done(act, found, found.proposed, Event.CALL_PUBLISHED, {})


def _of_call(act: Act, number: str) -> Together:
    """The call locked, if it is awarded together, wholly open to the acting person and nothing in it their own."""
    opened = find(Call, number=number)
    if not awarded_together(rulebook(opened.rulebook_id)):
        raise Stop(reason("call_award.single", call=number))
    found = together_in(opened, lock=True)
    whole = Challenge.objects.filter(call=opened)
    seen = visible(whole, what="challenge", of="challenge", reader=act.reader)
    if seen.count() != whole.count():
        raise Stop(reason("access.not_found", kind="call", number=number))
    if mine := with_interest(act, whole):
        raise Stop(reason("call_award.interested", numbers=", ".join(mine)))
    if numbers := altered_bids(*found.ready, *found.proposed):
        raise Stop(reason("bid.altered", numbers=", ".join(numbers)))
    return found


def _steps(
    act: Act, challenges: Sequence[Challenge], command: str, *, why: str
) -> list[tuple[Challenge, Step]]:
    """The step of each challenge, or a stop with everything in the way of any of them."""
    steps: list[tuple[Challenge, Step]] = []
    held: list[Reason] = []
    for item in challenges:
        try:
            steps.append((item, permitted(act, item, command, why=why)))
        except Stop as stop:
            held += [reason("call_award.in_the_way", number=item.number), *stop.reasons]
    if held:
        raise Stop(*held)
    return steps


def _apply(act: Act, steps: Sequence[tuple[Challenge, Step]], *, why: str) -> None:
    for item, step in steps:
        apply(act, item, step, why=why)


def _done(
    act: Act, found: Together, moved: Sequence[Challenge], event: Event, body: Mapping[str, object]
) -> Done:
    numbers = [item.number for item in moved]
    told = {"challenges": numbers, **body}
    act.journal(event, f"call:{found.call.number}", rulebook=found.call.rulebook_id, body=told)
    return Done({"call": found.call.number, **told})


def _counts(rows: Sequence[Decision]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[row.outcome] = found.get(row.outcome, 0) + 1
    return dict(sorted(found.items()))


def _seats(used: Used) -> dict[str, object]:
    said = {"quota": used.quota, "challenge": used.challenge, "value": used.value, "bids": list(used.bids)}
    return {key: value for key, value in said.items() if value or key == "bids"}


def _numbers(challenges: Sequence[Challenge]) -> str:
    return ", ".join(item.number for item in challenges)

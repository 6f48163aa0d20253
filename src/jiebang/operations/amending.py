"""Changing a published result: what was stays in the records, what is takes its place, and those concerned are told."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from jiebang.decisions import lifecycle
from jiebang.decisions.remedies import Change, Standing
from jiebang.operations.facts import vacant
from jiebang.operations.kernel import Act, Stop
from jiebang.operations.things import book_of, members
from jiebang.records.awards.models import Amendment, Decision, Objection
from jiebang.records.challenges.models import Challenge
from jiebang.records.people.queries import people_of
from jiebang.records.reviews.models import Assignment
from jiebang.rules.reasons import reason
from jiebang.rules.schema import Rulebook
from jiebang.rules.texts import Texts, pick, quoted


def current(challenge: Challenge) -> list[Decision]:
    """The current outcomes of a challenge's bids, by place."""
    rows = challenge.decisions.filter(current=True, bid__isnull=False).order_by("rank", "bid__number")
    return list(rows.select_related("bid__consortium", "bid__challenge__call"))


def standings(rows: Iterable[Decision]) -> list[Standing]:
    """Outcomes as the pure room knows them."""
    return [
        Standing(bid=row.bid.number, outcome=row.outcome, rank=row.rank, tie=row.tie)
        for row in rows
        if row.bid
    ]


def replaced(row: Decision, *, now: datetime, **changed: object) -> Decision:
    """A later outcome in the place of an earlier one, which stays and is no longer current; nothing of it is final yet."""
    Decision.objects.filter(pk=row.pk).update(current=False)
    kept = {
        field.attname: getattr(row, field.attname) for field in Decision._meta.fields if field.name != "id"
    }
    fresh = {"proposed_at": now, "final_at": None, "current": True, **changed}
    return Decision.objects.create(**{**kept, **fresh})


def amend(
    act: Act, challenge: Challenge, kind: Amendment.Kind, changes: Sequence[Change], *, ground: Texts | None = None,
    why: str = "", public: bool = True, objection: Objection | None = None,
) -> None:  # fmt: skip
    """Keep what changed, and write to the people of each bid whose outcome or place did."""
    told = [asdict(item) for item in changes]
    Amendment.objects.create(
        challenge=challenge, kind=kind, ground=ground or {}, why=why, changes=told, public=public,
        objection=objection, by=act.who, at=act.now,
    )  # fmt: skip
    if public:
        _tell(act, challenge, changes, ground or {}, why)


def fill(challenge: Challenge, count: int, *, now: datetime) -> None:
    """So many vacant places are taken, or given up: the first first."""
    for row in vacant(challenge)[:count]:
        row.filled_at = now
        row.save(update_fields=["filled_at"])


def no_scorer(act: Act, challenge: Challenge) -> None:
    """Whoever judged a bid on a challenge does not undo its result."""
    if Assignment.objects.filter(bid__challenge=challenge, expert=act.who).exists():
        raise Stop(reason("correction.scorer"))


def outcome_word(book: Rulebook, outcome: str, rank: int | None) -> Texts:
    """An outcome with its place, as the rulebook calls it: `Awarded (1)`."""
    table = book.lifecycles.get("bid")
    stage = table.stages.get(outcome) if table else None
    place = f" ({rank})" if rank else ""
    return {tag: (pick(stage.label, lang=tag) if stage else outcome or "–") + place for tag in book.languages}


def _tell(act: Act, challenge: Challenge, changes: Sequence[Change], ground: Texts, why: str) -> None:
    book = book_of(challenge)
    gone = lifecycle.targets(book, kind="bid", command="withdraw_bid")
    concerned = {item.bid: item for item in changes}
    rows = challenge.bids.filter(number__in=concerned).exclude(stage__in=gone).select_related("consortium")
    for bid in rows:
        change = concerned[bid.number]
        said: dict[str, Any] = {
            "number": bid.number, "challenge": challenge.number, "ground": ground,
            "was": outcome_word(book, change.was, change.was_rank),
            "now": outcome_word(book, change.now, change.now_rank),
            "why": quoted(why), "link": f"/challenges/{challenge.number}/result/",
        }  # fmt: skip
        for person in people_of(members(bid), at=act.now, roles=("lead", "partner")):
            act.mail(person, "mail.outcome_changed", **said)

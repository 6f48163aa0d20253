"""Changing a result afterwards: what a named correction makes of it, what differs, and who may step in."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from jiebang.decisions.award import Decision
from jiebang.decisions.outcomes import Outcome
from jiebang.rules.reasons import Reason, reason, render

NAMED = ("awarded", "reserve", "over_budget", "not_awarded")  # what two people may call a bid by name
OWN = frozenset(
    {"award.not_approved", "award.approval_unknown", "award.no_order_value", "award.too_few_reviews"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a bid stands in a result; `tie` bids share its rank."""

    bid: str
    outcome: str
    rank: int | None
    tie: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """What a bid is to be instead; without a rank it keeps the one it has."""

    outcome: str
    rank: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one bid was in a result, and what it is now; `was` is empty for a bid that had no outcome."""

    bid: str
    was: str
    was_rank: int | None
    now: str
    now_rank: int | None


def named(
    result: Sequence[Standing],
    placings: Mapping[str, Placing],
    *,
    places: int | None,
    closed: Collection[str] = (),
) -> tuple[Standing, ...] | tuple[Reason, ...]:
    """The result with some bids placed by name, or every reason against it.

    `places` may be awarded at most (None: any number); `closed` are bids that can have no other outcome, such as
    withdrawn ones.
    """
    known = {row.bid: row for row in result}
    against = [_misplaced(bid, wanted, known, closed) for bid, wanted in placings.items()]
    changed = [
        replace(row, outcome=wanted.outcome, rank=wanted.rank or row.rank)
        if (wanted := placings.get(row.bid))
        else row
        for row in result
    ]
    awarded = sum(row.outcome == "awarded" for row in changed)
    if places is not None and awarded > places:
        against.append(reason("correction.too_many", field="placings", count=awarded, most=places))
    if found := tuple(item for item in against if item):
        return found
    shared = Counter(row.rank for row in changed)
    return tuple(replace(row, tie=shared[row.rank] if row.rank else 1) for row in changed)


def _misplaced(
    bid: str, wanted: Placing, known: Mapping[str, Standing], closed: Collection[str]
) -> Reason | None:
    field = f"placings.{bid}.outcome"
    if bid not in known:
        return reason("correction.no_such_bid", field=field, bid=bid)
    if bid in closed:
        return reason("correction.bid_closed", field=field, bid=bid)
    if wanted.outcome not in NAMED:
        return reason("correction.no_outcome", field=field, outcome=wanted.outcome, known=", ".join(NAMED))
    return None


def changes(before: Iterable[Standing], after: Iterable[Standing]) -> tuple[Change, ...]:
    """The bids whose outcome or rank differs, in the order of the later result."""
    old = {row.bid: row for row in before}
    found = []
    for row in after:
        was = old.get(row.bid)
        if was is None or (was.outcome, was.rank) != (row.outcome, row.rank):
            found.append(
                Change(
                    bid=row.bid, was=was.outcome if was else "", was_rank=was.rank if was else None,
                    now=row.outcome, now_rank=row.rank,
                )
            )  # fmt: skip
    return tuple(found)


def against_promotion(
    bid: str,
    *,
    reserves: Collection[str],
    again: Decision | None,
    members: Collection[int],
    breached: Collection[int],
) -> tuple[Reason, ...]:
    """Every reason why a bid cannot step in for a revoked award; none when it can.

    `reserves` wait on the list and were not withdrawn. `again` is what the rule says of the bid on the records as they
    are now, None where two people had named it. `members` and `breached` are parties: of the bid, and those that lost
    an award on this challenge for a breach.
    """
    if bid not in reserves:
        return (reason("promotion.not_reserve", field="bid", bid=bid),)
    found = []
    if again is not None and _unfit(again):
        found.append(reason("promotion.unfit", field="bid", bid=bid, why=_said(again.reason)))
    if set(members) & set(breached):
        found.append(reason("promotion.breached", field="bid", bid=bid))
    return tuple(found)


def _unfit(again: Decision) -> bool:
    """Whether a bid falls by its own facts or scores, and not because others stand before or beside it."""
    return again.outcome in (Outcome.INELIGIBLE, Outcome.WITHDRAWN) or again.reason.code in OWN


def _said(item: Reason) -> dict[str, str]:
    return {tag: render(item, lang=tag) for tag in ("en", "zh-Hans")}

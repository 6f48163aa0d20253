"""Whether an instalment may be paid now: what is in the way, all of it at once."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a project and one of its instalments stand at the moment of a payment."""

    flags: Collection[Flag]
    due: bool
    paid: bool
    today: date
    paid_on: date
    standstill_over: bool
    open_objections: int = 0
    appeals_possible: int = 0
    open_disputes: int = 0


def in_the_way(at: Standing) -> tuple[Reason, ...]:
    """Every reason against paying; none when it may be paid."""
    return tuple(_reasons(at))


def ended_badly(flags: Collection[Flag]) -> bool:
    """Whether a project is over and no money leaves for it any more."""
    return "final" in flags and "success" not in flags


def _reasons(at: Standing) -> Iterator[Reason]:
    if at.paid:
        yield reason("project.paid")
        return
    if ended_badly(at.flags):
        yield reason("money.ended")
        return
    if not at.due:
        yield reason("project.not_due")
    if "paused" in at.flags:
        yield reason("money.paused")
    if not at.standstill_over:
        yield reason("money.standstill")
    if at.open_objections or at.appeals_possible:
        yield reason("money.objection", open=at.open_objections, possible=at.appeals_possible)
    if at.open_disputes:
        yield reason("money.dispute", count=at.open_disputes)
    if at.paid_on > at.today:
        yield reason(
            "money.in_future", field="paid_on", day=at.paid_on.isoformat(), today=at.today.isoformat()
        )

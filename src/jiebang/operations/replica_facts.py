"""How a copy stands: beside its origin, what is missing before its owner may confirm it, and how somebody stands to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from jiebang.decisions import replication
from jiebang.decisions.replication import Compared, Delta, Measured, Took
from jiebang.operations.facts import indicators, result_of
from jiebang.operations.kernel import Act
from jiebang.operations.statements import prevailing, texts_of
from jiebang.operations.things import book_of, day_of, roles_on
from jiebang.records.people.roles import OFFICERS
from jiebang.records.projects.models import Project
from jiebang.records.replications.models import Adaptation, Replica, ReplicaValue
from jiebang.rules.reasons import Reason
from jiebang.rules.schema import Replication

OWN = ("owner", "lead", "partner")


@dataclass(frozen=True, slots=True)
class Standing:
    """A copy beside its origin; `missing` is in the way of confirming its use."""

    compared: tuple[Compared, ...]
    missing: tuple[Reason, ...]
    took: Took
    days_to_use: int | None


def rule_of(project: Project) -> Replication | None:
    """The section of the rulebook that rules copies of the project; None where there is none."""
    return book_of(project).replication


def origin_values(project: Project) -> dict[str, Decimal]:
    """What counts of each indicator at the origin."""
    return {item.indicator: item.value.value for item in result_of(project) if item.value is not None}


def standing(replica: Replica, *, origin: dict[str, Decimal] | None = None) -> Standing:
    """The copy as its rows have it now; `origin` where it is known already."""
    project, rows = replica.project, list(replica.adaptations.all())
    known = indicators(project.challenge)
    compared = replication.comparison(
        known, origin=origin_values(project) if origin is None else origin,
        units={str(item["id"]): unit_of(item) for item in known},
        here=[measured(row, known) for row in replica.values.all()],
    )  # fmt: skip
    rule = rule_of(project)
    agreed, stated = replica.agreed_at is not None, {row.dimension for row in rows}
    missing = (
        replication.missing(rule, compared=compared, stated=stated, agreed=agreed) if rule is not None else ()
    )
    return Standing(compared, missing, replication.took(map(delta, rows)), days_to_use(replica))


def days_to_use(replica: Replica) -> int | None:
    """Days from the origin's validation to the confirmed use here; None before."""
    validation = getattr(replica.project, "validation", None)
    if validation is None or replica.confirmed_at is None:
        return None
    return (day_of(replica.confirmed_at, replica.project) - day_of(validation.at, replica.project)).days


def unit_of(item: dict[str, object]) -> str:
    """The unit of an indicator as it was first written; "" where it has none."""
    return prevailing(item.get("unit"))


def measured(row: ReplicaValue, known: Iterable[dict[str, object]]) -> Measured:
    """A value as it is compared: a unit may be given in any of the indicator's languages."""
    item = next((one for one in known if str(one["id"]) == row.indicator), {})
    unit = unit_of(item) if row.unit in texts_of(item.get("unit")).values() else row.unit
    return Measured(
        key=row.pk, indicator=row.indicator, value=row.value.normalize(), unit=unit, same_method=row.same_method,
        side=row.side, day=row.measured_on,
    )  # fmt: skip


def delta(row: Adaptation) -> Delta:
    """An adaptation as it is counted."""
    return Delta(dimension=row.dimension, cost=row.cost, currency=row.currency, days=row.days)


def stands(act: Act, replica: Replica) -> frozenset[str]:
    """How the acting person stands to a copy: owner or carrier of it, origin (its lead, partners, owners), office."""
    held = set()
    if replica.owner_id in act.reader.acting_for("owner"):
        held.add("owner")
    if replica.carrier_id in act.reader.acting_for(*OWN):
        held.add("carrier")
    of_origin = roles_on(act, replica.project)
    if of_origin & set(OWN):
        held.add("origin")
    if of_origin & OFFICERS:
        held.add("office")
    return frozenset(held)

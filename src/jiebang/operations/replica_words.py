"""What is told of a copy as it is carried over: each adaptation with its cost and days, and who gains from it."""

from datetime import date
from typing import Any, Literal

from jiebang.decisions import replication
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.replica_facts import delta, rule_of
from jiebang.operations.replicas import weighed
from jiebang.operations.replicating import (
    Amount,
    Currency,
    found_replica,
    hashed,
    no_stake,
    noted,
    open_replica,
)
from jiebang.operations.statements import Said, Text, statement
from jiebang.operations.things import find, today
from jiebang.records.people.models import Party
from jiebang.records.replications.models import Adaptation, Benefit, Replica
from jiebang.rules.reasons import Reason, reason
from jiebang.trust import canonical

Basis = Literal["", "announced", "signed", "paid"]


@operation(permission=Permission.REPLICATION_STATE, event=Event.REPLICA_ADAPTED)
def state_adaptation(
    act: Act, *, replica: str, dimension: str, origin: Said, here: Said, change: Text = "", cost: Amount | None = None,
    currency: Currency = "", days: int | None = None, order: int | None = None, lang: str = "",
) -> Outcome:  # fmt: skip
    """Say what is otherwise at the new place in one respect, what had to be changed, and what that took.

    An empty `change` says that nothing had to be. With `order` an earlier row is put right; the journal keeps the hash of both.
    """
    found = open_replica(act, replica)
    rule = rule_of(found.project)
    if rule is None:
        raise Stop(reason("replication.none"))
    row = find(Adaptation, replica=found, order=order) if order else Adaptation(replica=found)
    was = _hash(row) if row.pk else ""
    row.dimension, row.cost, row.currency, row.days = dimension, cost, currency, days
    against = list(replication.against_deltas(rule, [delta(row)], at=""))
    if days is not None and days < 0:
        against.append(reason("replication.days", field="days"))
    if against:
        raise Stop(*against)
    tag = lang or act.language
    row.origin, row.here = statement(origin, lang=tag), statement(here, lang=tag)
    row.change = statement(change, lang=tag) if change else {}
    row.order = row.order or Adaptation.objects.filter(replica=found).count() + 1
    row.by, row.at = act.person, act.now
    row.save()
    if found.state == Replica.State.PROPOSED:
        hashed(found)
    weighed(act, found)
    told: dict[str, Any] = {
        "dimension": dimension,
        "cost": None if cost is None else str(cost),
        "currency": currency,
    }
    noted(act, Event.REPLICA_ADAPTED, found, order=row.order, days=days, was=was, sha256=_hash(row), **told)
    return Done({"replica": replica, "order": row.order})


def _hash(row: Adaptation) -> str:
    cost = None if row.cost is None else f"{row.cost.normalize():f}"
    said = {"dimension": row.dimension, "origin": row.origin, "here": row.here, "change": row.change}
    return canonical.digest({**said, "cost": cost, "currency": row.currency, "days": row.days})


@operation(permission=Permission.REPLICATION_STATE, event=Event.REPLICA_BENEFIT)
def state_benefit(
    act: Act, *, replica: str, how: Said, as_of: date, organisation: str = "", group: Text = "",
    amount: Amount | None = None, currency: Currency = "", basis: Basis = "", lang: str = "",
) -> Outcome:  # fmt: skip
    """Say who gains from a copy, and how: an organisation, or a group of people in words, never a named person.

    An amount has its currency and its basis: announced, signed or paid. Also a copy in use may still gain a row.
    """
    found = found_replica(act, replica)
    no_stake(act, found)
    if against := _against(act, found, organisation, group, amount, currency, basis, as_of):
        raise Stop(*against)
    party = find(Party, slug=organisation, kind=Party.Kind.ORGANISATION) if organisation else None
    tag, order = lang or act.language, Benefit.objects.filter(replica=found).count() + 1
    Benefit.objects.create(
        replica=found, order=order, party=party, group=statement(group, lang=tag) if group else {},
        how=statement(how, lang=tag), amount=amount, currency=currency, basis=basis, as_of=as_of, by=act.person, at=act.now,
    )  # fmt: skip
    told: dict[str, Any] = {
        "amount": None if amount is None else str(amount),
        "currency": currency,
        "basis": basis,
    }
    noted(act, Event.REPLICA_BENEFIT, found, order=order, organisation=organisation, **told)
    return Done({"replica": replica, "order": order})


def _against(
    act: Act, replica: Replica, organisation: str, group: str, amount: Amount | None, currency: str, basis: str, as_of: date,
) -> list[Reason]:  # fmt: skip
    found = []
    if replica.state == Replica.State.GIVEN_UP:
        found.append(reason("replication.over", replica=replica.number))
    if bool(organisation) == bool(group):
        found.append(reason("replication.who_gains", field="group"))
    found += replication.against_amount(amount, currency, field="amount", named="currency")
    if (amount is None) != (not basis):
        found.append(reason("replication.no_basis", field="basis"))
    if as_of > today(act, replica.project):
        found.append(reason("replication.in_future", field="as_of"))
    return found

"""What a copy shows at its new place, and its owner's word that it is in use."""

from datetime import date
from typing import Annotated, Any

from pydantic import StringConstraints

from jiebang.decisions.replication import TAKES_VALUES
from jiebang.operations.answers import faults
from jiebang.operations.facts import indicators
from jiebang.operations.files import held_file
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import Number
from jiebang.operations.names import Event, Permission
from jiebang.operations.replica_facts import OWN, standing, stands
from jiebang.operations.replicating import noted, of_owner, open_replica, origin_parties, tell
from jiebang.operations.statements import Said, statement
from jiebang.operations.things import day_of, today
from jiebang.records.replications.models import Replica, ReplicaValue
from jiebang.rules.reasons import Reason, reason
from jiebang.trust import canonical

Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Unit = Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)]


@operation(permission=Permission.REPLICATION_MEASURE, event=Event.REPLICA_MEASURED)
def record_replica_value(
    act: Act, *, replica: str, indicator: str, value: Number, measured_on: date, how: Said, unit: Unit = "",
    same_method: bool = True, measurer: Name = "", evidence: str = "", lang: str = "",
) -> Outcome:  # fmt: skip
    """Record a value of one of the origin's indicators at the new place.

    The new owner measures; what an independent body measured, the office records with its name (`measurer`). What the
    carrier measured is shown and decides nothing. `same_method` says whether it was measured as at the origin; where it
    was not, or the unit is another, the two are not compared. `evidence` is the hash of a file stored before.
    """
    found = open_replica(act, replica)
    side = _side(act, found)
    if wrong := _against(act, found, side=side, indicator=indicator, day=measured_on, measurer=measurer):
        raise Stop(*wrong)
    kept = held_file(act.reader.acting_for(*OWN, "officer", "second_officer"), evidence) if evidence else {}
    row = ReplicaValue.objects.create(
        replica=found, indicator=indicator, value=value, unit=unit, same_method=same_method, side=side,
        how=statement(how, lang=lang or act.language), measurer=measurer if side == "independent" else "",
        measured_on=measured_on, evidence=kept, by=act.person, at=act.now,
    )  # fmt: skip
    weighed(act, found)
    noted(
        act, Event.REPLICA_MEASURED, found, value=row.pk, indicator=indicator, measured=f"{value.normalize():f}",
        unit=unit, side=side, on=measured_on, evidence=kept.get("sha256"),
    )  # fmt: skip
    return Done({"replica": replica, "value": row.pk, "side": side, "state": found.state})


@operation(permission=Permission.REPLICATION_CONFIRM, event=Event.REPLICATED)
def confirm_replication(act: Act, *, replica: str, content: dict[str, Any]) -> Outcome:
    """The new owner says, in its own words, that the copy is in use; `content` follows the form `replica_confirmation`.

    It needs what the rulebook asks: values that the owner or an independent body measured, compared with the origin's,
    and an answer to each dimension of the adaptation.
    """
    found = of_owner(act, replica)
    found = open_replica(act, found.number)
    wrong: list[Reason] = list(standing(found).missing)
    if found.proposed_by_id == act.person.pk:
        wrong.append(reason("replication.own_proposal"))
    wrong += faults("replica_confirmation", content, on=found.project, complete=True)
    if wrong:
        raise Stop(*wrong)
    found.state, found.confirmed_by, found.confirmed_at = Replica.State.CONFIRMED, act.person, act.now
    found.confirmation = content
    found.save()
    tell(act, found, "mail.replication_confirmed", parties=origin_parties(found))
    noted(act, Event.REPLICATED, found, country=found.country, sha256=canonical.digest(content))
    return Done({"replica": replica, "state": found.state})


def weighed(act: Act, replica: Replica) -> None:
    """Measured is a copy once nothing that the rulebook asks is missing, and agreed again while something is."""
    if replica.state not in TAKES_VALUES:
        return
    whole = not standing(replica).missing
    if whole and replica.state == Replica.State.AGREED:
        replica.measured_by, replica.measured_at = act.person, act.now
    replica.state = Replica.State.MEASURED if whole else Replica.State.AGREED
    replica.save()


def _side(act: Act, replica: Replica) -> str:
    held = stands(act, replica)
    for name, side in (("carrier", "carrier"), ("owner", "owner"), ("office", "independent")):
        if name in held:
            return side
    raise Stop(reason("replication.may_not_measure"))


def _against(
    act: Act, replica: Replica, *, side: str, indicator: str, day: date, measurer: str
) -> list[Reason]:
    found = []
    if replica.agreed_at is None:
        found.append(reason("replication.not_agreed"))
    elif day < day_of(replica.agreed_at, replica.project):
        found.append(reason("replication.before_agreed", field="measured_on"))
    if day > today(act, replica.project):
        found.append(reason("replication.in_future", field="measured_on"))
    if indicator not in {str(item["id"]) for item in indicators(replica.project.challenge)}:
        found.append(reason("replication.unknown_indicator", field="indicator", indicator=indicator))
    if side == "independent" and not measurer:
        found.append(reason("replication.who_measured", field="measurer"))
    return found

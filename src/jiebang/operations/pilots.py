"""The pilot: its protocol, proposed by one side and agreed by the other, and the runs at the demand side."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from jiebang.decisions import pilot
from jiebang.decisions.lifecycle import flags
from jiebang.decisions.pilot import Terms
from jiebang.operations.answers import require
from jiebang.operations.facts import indicators
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import Number, changed, record_value
from jiebang.operations.names import Event, Permission
from jiebang.operations.passwords import page_at
from jiebang.operations.pilot_facts import InForce, in_force
from jiebang.operations.statements import prevailing, texts_of
from jiebang.operations.things import book_of, find, no_interest, owners, roles_on
from jiebang.records.people.queries import people_for
from jiebang.records.pilots.models import Protocol, ResultPackage, Run
from jiebang.records.projects.models import Project
from jiebang.rules.reasons import reason
from jiebang.trust import canonical

Side = Literal["owner", "lead", "third_party"]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
OFFICERS = frozenset({"officer", "second_officer"})


class Measured(BaseModel):
    """A value with the unit that it is in."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    indicator: str = Field(min_length=1, max_length=60)
    value: Number
    unit: str = Field("", max_length=60)


@operation(permission=Permission.PILOT_PROTOCOL, event=Event.PROTOCOL_PROPOSED)
def propose_protocol(act: Act, *, project: str, content: dict[str, Any]) -> Outcome:
    """Propose a protocol, or another version of it, for the owner or the lead; it holds once the other side agrees.

    `content` follows the rulebook's form `protocol`. A version that was open ends with this one and is kept.
    """
    found = underway(act, project, {"owner", "lead"})
    rule = book_of(found).pilot
    if rule is None:
        raise Stop(reason("pilot.none"))
    require("protocol", content, on=found)
    if lacking := pilot.too_little(rule, content):
        raise Stop(*lacking)
    digest, last = canonical.digest(content), Protocol.objects.filter(project=found).last()
    if last and last.sha256 == digest:
        raise Stop(reason("pilot.same_protocol", version=last.version))
    side = side_of(act, found)
    made = Protocol.objects.create(
        project=found, version=last.version + 1 if last else 1, content=content, sha256=digest, side=side,
        proposed_by=act.person, proposed_at=act.now,
    )  # fmt: skip
    _tell(
        act, found, "mail.protocol_proposed", to="lead" if side == "owner" else "owner", version=made.version
    )
    body = {"version": made.version, "sha256": digest, "side": side}
    changed(act, Event.PROTOCOL_PROPOSED, found, body=body)
    return Done({"project": project, "version": made.version, "sha256": digest})


@operation(permission=Permission.PILOT_PROTOCOL, event=Event.PROTOCOL_AGREED)
def agree_protocol(act: Act, *, project: str, version: int, sha256: str) -> Outcome:
    """Agree to the open version that the other side proposed; `sha256` says which text one has read."""
    found = underway(act, project, {"owner", "lead"})
    last = Protocol.objects.filter(project=found).last()
    if last is None or last.version != version or last.agreed_at:
        raise Stop(reason("pilot.not_open", version=version))
    if last.sha256 != sha256:
        raise Stop(reason("pilot.other_text", field="sha256"))
    if pilot.other_side(last.side, roles_on(act, found)) is None:
        raise Stop(reason("pilot.own_protocol"))
    last.agreed_by, last.agreed_at = act.person, act.now
    last.save()
    _tell(act, found, "mail.protocol_agreed", to=last.side, version=version)
    changed(act, Event.PROTOCOL_AGREED, found, body={"version": version, "sha256": sha256})
    return Done({"project": project, "version": version})


@operation(permission=Permission.PILOT_RUN, event=Event.RUN_RECORDED)
def record_run(
    act: Act, *, project: str, began: AwareDatetime, ended: AwareDatetime, place: Line, measurer: Line,
    values: Annotated[list[Measured], Field(min_length=1, max_length=200)], side: Side | None = None,
) -> Outcome:  # fmt: skip
    """Record a run at the demand side: when, where, who measured and each value with its unit.

    `side` is who measured, one's own unless said otherwise; it must be the one that the protocol names. A third
    party's values are recorded by the owner or the office.
    """
    found = underway(act, project, {"owner", "lead", *OFFICERS})
    no_interest(act, found)
    held = pilot_in_force(found)
    by = side or ("third_party" if OFFICERS & roles_on(act, found) else side_of(act, found))
    if not _speaks_for(act, found, by):
        raise Stop(reason("pilot.not_your_side", field="side", side=by))
    told = [{"indicator": item.indicator, "value": str(item.value), "unit": item.unit} for item in values]
    told = in_units(found, told)
    require_run(act, found, held.protocol, held.terms, began=began, ended=ended, side=by, values=told)
    run = add_run(act, found, held.protocol, began_at=began, ended_at=ended, place=place, measurer=measurer,
                  side=by, values=told)  # fmt: skip
    return Done({"project": project, "run": run.order})


def require_run(act: Act, project: Project, protocol: Protocol, terms: Terms, **given: Any) -> None:
    """Stop with every reason against a run under this protocol."""
    assert protocol.agreed_at is not None
    against = pilot.against_run(
        terms, agreed_at=protocol.agreed_at, now=act.now, units=units(project), **given
    )
    if against:
        raise Stop(*against)


def add_run(
    act: Act, project: Project, protocol: Protocol, *, values: list[dict[str, str]], side: str,
    package: ResultPackage | None = None, **given: Any,
) -> Run:  # fmt: skip
    """Keep a run that nothing is against, its values as measured ones, and journal it."""
    order = Run.objects.filter(project=project).count() + 1
    run = Run.objects.create(
        project=project, order=order, protocol=protocol, side=side, values=values, package=package, by=act.person,
        at=act.now, **given,
    )  # fmt: skip
    for item in values:
        record_value(act, project, item["indicator"], Decimal(item["value"]), occasion="pilot", role=side)
    body = {
        "run": order, "protocol": protocol.version, "began": given["began_at"], "ended": given["ended_at"], "side": side,
        "values": values, "package": package.sha256 if package else None,
    }  # fmt: skip
    changed(act, Event.RUN_RECORDED, project, body=body)
    return run


def in_units(project: Project, values: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """The values with their units as the challenge first writes them: a unit may be given in any of its languages."""
    known = {str(item["id"]): item.get("unit") for item in indicators(project.challenge)}
    found = []
    for item in values:
        unit = known.get(item["indicator"])
        said = prevailing(unit) if item["unit"] in texts_of(unit).values() else item["unit"]
        found.append({**item, "unit": said})
    return found


def units(project: Project) -> dict[str, str]:
    """The unit of each indicator of the project's challenge, "" where it has none."""
    return {str(item["id"]): prevailing(item.get("unit")) for item in indicators(project.challenge)}


def pilot_in_force(project: Project) -> InForce:
    """The agreed protocol, or a stop: nothing begins before it."""
    held = in_force(project)
    if held is None:
        raise Stop(reason("pilot.not_agreed"))
    return held


def underway(act: Act, number: str, roles: Iterable[str]) -> Project:
    """The project, for who stands to it in one of these roles, while its agreement is in force and it has not ended."""
    found = find(Project, number=number)
    if not roles_on(act, found) & set(roles):
        raise Stop(reason("access.not_found", kind="project", number=number))
    stopped = {"final", "paused"} & set(flags(book_of(found), kind="project", stage=found.stage))
    if stopped or found.signed_at is None or found.ended_at is not None:
        raise Stop(reason("project.not_running"))
    return found


def side_of(act: Act, project: Project) -> str:
    """For which side the acting person speaks."""
    return "owner" if "owner" in roles_on(act, project) else "lead"


def _speaks_for(act: Act, project: Project, side: str) -> bool:
    held = roles_on(act, project)
    return bool(held & ({"owner", *OFFICERS} if side == "third_party" else {side}))


def people_of_side(act: Act, project: Project, side: str) -> list[Any]:
    """The people who act for the owners, or for the lead."""
    parties = owners(project.challenge.need) if side == "owner" else {project.bid.consortium.lead_id}
    return [person for party in sorted(parties) for person in people_for(party, at=act.now, roles=(side,))]


def _tell(act: Act, project: Project, code: str, *, to: str, version: int) -> None:
    link = page_at(f"/projects/{project.number}/pilot/protocol/{version}/")
    for person in people_of_side(act, project, to):
        act.mail(person, code, number=project.number, version=version, link=link)

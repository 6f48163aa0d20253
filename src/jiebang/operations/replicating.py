"""From one place to the next: a validated result is proposed to a new owner, who agrees; or it is given up, with why."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from jiebang.decisions import replication
from jiebang.decisions.replication import ENDED, Proposed
from jiebang.operations.answers import faults
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.passwords import page_at
from jiebang.operations.registration import country_of
from jiebang.operations.replica_facts import OWN, rule_of, stands
from jiebang.operations.statements import Said, Text, prevailing, statement
from jiebang.operations.things import (
    Values,
    at_work,
    book_of,
    find,
    interested,
    members,
    owners,
    remember,
    roles_on,
)
from jiebang.records.people.models import Party
from jiebang.records.people.queries import people_of
from jiebang.records.people.roles import OFFICERS
from jiebang.records.projects.models import Project
from jiebang.records.replications.models import Adaptation, Replica
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Replication
from jiebang.trust import canonical

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Country = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=2)]
Currency = Annotated[str, StringConstraints(pattern=r"^([A-Z]{3})?$")]
Amount = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=4, allow_inf_nan=False)]
RELATED = (
    "project__challenge__call", "project__challenge__need", "project__bid__consortium", "project__validation", "owner",
    "carrier",
)  # fmt: skip


class Adapted(BaseModel):
    """One thing that is otherwise at the new place; `change` empty says that nothing had to be changed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    dimension: str = Field(max_length=60)
    origin: Said
    here: Said
    change: Text = ""
    cost: Amount | None = None
    currency: Currency = ""
    days: int | None = Field(None, ge=0, le=10_000)


@operation(permission=Permission.REPLICATION_PROPOSE, event=Event.REPLICATION_PROPOSED)
def propose_replication(
    act: Act, *, project: str, owner: str, country: Country, site: Line, content: dict[str, Any], carrier: str = "",
    parent: str = "", adaptations: Annotated[list[Adapted], Field(max_length=60)] | None = None, lang: str = "",
) -> Outcome:  # fmt: skip
    """Propose to carry a validated result to a new owner; `content` follows the rulebook's form `replication`.

    `carrier` is who carries it over (the origin's lead unless said otherwise), `parent` the copy that it is taken
    from, `adaptations` what is otherwise there, in the language `lang`. The new owner is told and agrees, or does not.
    """
    found = find(Project, number=project)
    rule = _ruling(act, found)
    party, by = _parties(found, owner, carrier)
    above = Replica.objects.filter(number=parent).first() if parent else None
    asked = _asked(found, party, by, country, above, parent)
    wrong = [*replication.against_proposal(rule, asked), *_wrong_rows(rule, adaptations or [])]
    if country_of(country, book=book_of(found)) != country:
        wrong.append(reason("organisation.country_unknown", field="country", value=country))
    if wrong := [*wrong, *faults("replication", content, on=found, complete=True)]:
        raise Stop(*wrong)
    made = Replica.objects.create(
        project=found, parent=above, number=_number(act), owner=party, carrier=by, country=country, site=site,
        content=content, proposed_by=act.person, proposed_at=act.now,
    )  # fmt: skip
    for order, row in enumerate(adaptations or [], 1):
        said = _worded(row, lang or act.language)
        Adaptation.objects.create(replica=made, order=order, by=act.person, at=act.now, **said)
    hashed(made)
    tell(act, made, "mail.replication_proposed", parties={party.pk})
    named = {"owner": owner, "carrier": by.slug, "country": country}
    noted(act, Event.REPLICATION_PROPOSED, made, private=named, parent=parent, sha256=made.sha256)
    return Done({"project": project, "replica": made.number, "sha256": made.sha256})


@operation(permission=Permission.REPLICATION_AGREE, event=Event.REPLICATION_AGREED)
def agree_replication(act: Act, *, replica: str, sha256: str) -> Outcome:
    """Agree, for the new owner, to what was proposed; `sha256` says which text one has read.

    Who proposed it does not agree to it, also where they act for both.
    """
    found = of_owner(act, replica)
    if found.state != Replica.State.PROPOSED:
        raise Stop(reason("replication.not_open", replica=replica))
    against = []
    if found.proposed_by_id == act.person.pk:
        against.append(reason("replication.own_proposal"))
    if found.sha256 != sha256:
        against.append(reason("replication.other_text", field="sha256"))
    if against:
        raise Stop(*against)
    found.state, found.agreed_by, found.agreed_at = Replica.State.AGREED, act.person, act.now
    found.save()
    tell(act, found, "mail.replication_agreed", parties=origin_parties(found))
    noted(act, Event.REPLICATION_AGREED, found, sha256=sha256)
    return Done({"replica": replica, "state": found.state})


@operation(permission=Permission.REPLICATION_GIVE_UP, event=Event.REPLICATION_GIVEN_UP)
def give_up_replication(act: Act, *, replica: str, why: Said, lang: str = "") -> Outcome:
    """End a copy before it is in use, and say why; the new owner also declines a proposal so."""
    found = open_replica(act, replica)
    found.state, found.given_up_by, found.given_up_at = Replica.State.GIVEN_UP, act.person, act.now
    found.why = statement(why, lang=lang or act.language)
    found.save()
    parties = {found.owner_id, *origin_parties(found)} - act.reader.parties
    tell(act, found, "mail.replication_given_up", parties=parties)
    noted(act, Event.REPLICATION_GIVEN_UP, found, private={"why": found.why})
    return Done({"replica": replica, "state": found.state})


def hashed(replica: Replica) -> None:
    """Keep the hash of what the new owner is asked to agree to, as its rows stand now."""
    rows = [
        {
            "dimension": row.dimension, "origin": row.origin, "here": row.here, "change": row.change,
            "cost": _text(row.cost), "currency": row.currency, "days": row.days,
        }
        for row in Adaptation.objects.filter(replica=replica)
    ]  # fmt: skip
    told = {
        "project": replica.project.number, "owner": replica.owner.slug, "carrier": replica.carrier.slug,
        "country": replica.country, "site": replica.site, "content": replica.content, "adaptations": rows,
    }  # fmt: skip
    replica.sha256 = canonical.digest(told)
    replica.save(update_fields=["sha256"])


def found_replica(act: Act, number: str) -> Replica:
    """A copy that the acting person stands to; refused in the words of what does not exist for all others."""
    rows = Replica.objects.select_for_update(of=("self",)).select_related(*RELATED)
    found = rows.filter(number=number).first()
    if found is None or not stands(act, found):
        raise Stop(reason("access.not_found", kind="replica", number=number))
    return found


def open_replica(act: Act, number: str) -> Replica:
    """The same where it is neither confirmed nor given up."""
    found = found_replica(act, number)
    if found.state in ENDED:
        raise Stop(reason("replication.over", replica=number))
    no_stake(act, found)
    return found


def of_owner(act: Act, number: str) -> Replica:
    """The same for who acts for its owner."""
    found = found_replica(act, number)
    if "owner" not in stands(act, found):
        raise Stop(reason("replication.owner_only"))
    return found


def no_stake(act: Act, replica: Replica) -> None:
    """Nobody acts for the office on a copy in which a party of theirs has a stake."""
    if "office" in stands(act, replica):
        parties = interested(replica.project) | {replica.owner_id, replica.carrier_id}
        if act.reader.parties & parties:
            raise Stop(reason("four_eyes.interested"))


def origin_parties(replica: Replica) -> set[int]:
    """Who carries it, and the origin's lead and owners."""
    project = replica.project
    return {replica.carrier_id, project.bid.consortium.lead_id, *owners(project.challenge.need)}


def tell(act: Act, replica: Replica, code: str, *, parties: set[int]) -> None:
    """Write to the people of these parties."""
    link = page_at(f"/replications/{replica.number}/")
    title = prevailing(replica.project.challenge.content.get("title")) or replica.project.number
    for person in people_of(sorted(parties), at=act.now, roles=OWN).distinct():
        act.mail(person, code, number=replica.number, project=replica.project.number, title=title, link=link)


def noted(act: Act, event: Event, replica: Replica, *, private: Values | None = None, **body: Any) -> None:
    """Journal what happened to a copy, about its project; `private` enters as a commitment."""
    remember(act, event, replica.project, body={"replica": replica.number, **body}, private=private)


def _ruling(act: Act, project: Project) -> Replication:
    rule, held = rule_of(project), roles_on(act, project)
    if not held & {"owner", "lead", "partner", *OFFICERS}:
        raise Stop(reason("access.not_found", kind="project", number=project.number))
    if rule is None:
        raise Stop(reason("replication.none"))
    if not held & set(rule.proposed_by):
        raise Stop(reason("replication.may_not_propose"))
    if held & OFFICERS and act.reader.parties & interested(project):
        raise Stop(reason("four_eyes.interested"))
    return rule


def _parties(project: Project, owner: str, carrier: str) -> tuple[Party, Party]:
    party = find(Party, slug=owner, kind=Party.Kind.ORGANISATION)
    lead = project.bid.consortium.lead
    return party, find(Party, slug=carrier, kind=Party.Kind.ORGANISATION) if carrier else lead


def _asked(
    project: Project, owner: Party, carrier: Party, country: str, above: Replica | None, parent: str
) -> Proposed:
    need = project.challenge.need
    fits = above is not None and above.project_id == project.pk and above.confirmed_at is not None
    return Proposed(
        stage=project.stage, validated=hasattr(project, "validation"), owner=owner.pk, carrier=carrier.pk,
        origin_owners=owners(need), makers=members(project.bid) | at_work(project), origin_country=need.country, country=country,
        parent_of_other=bool(parent) and not fits,
    )  # fmt: skip


def _wrong_rows(rule: Replication, rows: list[Adapted]) -> tuple[Reason, ...]:
    told = [
        replication.Delta(dimension=row.dimension, cost=row.cost, currency=row.currency, days=row.days)
        for row in rows
    ]
    return replication.against_deltas(rule, told)


def _worded(row: Adapted, lang: str) -> dict[str, Any]:
    texts = {name: getattr(row, name) for name in ("origin", "here", "change")}
    said = {name: statement(text, lang=lang) if text else {} for name, text in texts.items()}
    return {"dimension": row.dimension, **said, "cost": row.cost, "currency": row.currency, "days": row.days}


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount.normalize():f}"


def _number(act: Act) -> str:
    """`R-2027-001`, counted in a year."""
    start = f"R-{act.now.year}-"
    last = Replica.objects.filter(number__startswith=start).order_by("-pk").first()
    return f"{start}{int(last.number.removeprefix(start)) + 1 if last else 1:03d}"

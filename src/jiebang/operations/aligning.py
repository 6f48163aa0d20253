"""Before an agreement is drawn: both sides write one aligned statement and accept it as it stands."""

from typing import Any

from jiebang.operations.agreements import agreement_page, draw_agreement
from jiebang.operations.answers import faults, require
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed
from jiebang.operations.names import Event, Permission
from jiebang.operations.terms import roles_of_parties
from jiebang.operations.things import book_of, find, roles_on
from jiebang.records.agreements.models import Acceptance, Alignment
from jiebang.records.people.models import Party
from jiebang.records.people.queries import people_for
from jiebang.records.projects.models import Project
from jiebang.rules.reasons import reason
from jiebang.trust import canonical

BOTH = ("lead", "owner")


@operation(permission=Permission.PROJECT_SIGN, event=Event.STATEMENT_WRITTEN)
def write_statement(act: Act, *, project: str, content: dict[str, Any]) -> Outcome:
    """Write what both sides say in common (form `alignment`); whoever had accepted it before is asked again."""
    found = _before_signing(act, project, {*BOTH})
    require("alignment", content, on=found)
    return _saved(act, found, content=content)


@operation(permission=Permission.PROJECT_SIGN, event=Event.STATEMENT_WRITTEN)
def state_contribution(act: Act, *, project: str, content: dict[str, Any]) -> Outcome:
    """Write what one's own organisation brings, gains and bears (form `contribution`)."""
    found = _before_signing(act, project, {*BOTH, "partner"})
    require("contribution", content, on=found)
    mine = party_of(act, found)
    return _saved(act, found, parts={mine.slug: content})


@operation(permission=Permission.PROJECT_SIGN, event=Event.STATEMENT_ACCEPTED)
def accept_statement(act: Act, *, project: str, sha256: str) -> Outcome:
    """Accept the statement for one's side as it stood under this hash; when both sides have, the agreement is drawn."""
    found = _before_signing(act, project, {*BOTH})
    row = find(Alignment, project=found)
    if row.sha256 != sha256:
        raise Stop(reason("agreement.statement_changed"))
    if missing := _missing(found, row):
        raise Stop(*missing)
    mine = party_of(act, found)
    if row.acceptances.filter(party=mine, sha256=sha256).exists():
        raise Stop(reason("agreement.accepted_already"))
    Acceptance.objects.create(alignment=row, party=mine, sha256=sha256, at=act.now, by=act.person)
    changed(act, Event.STATEMENT_ACCEPTED, found, body={"party": mine.slug, "sha256": sha256})
    drawn = draw_agreement(act, found) if aligned(found) else None
    return Done({"project": project, "sha256": sha256, "agreement": drawn.sha256 if drawn else None})


def aligned(project: Project) -> bool:
    """Whether both sides accepted the statement as it stands; true where the rulebook asks for none."""
    if not asks_statement(project):
        return True
    row = Alignment.objects.filter(project=project).first()
    if row is None:
        return False
    who = set(row.acceptances.filter(sha256=row.sha256).values_list("party", flat=True))
    return {project.bid.consortium.lead_id, project.challenge.need.owner_id} <= who


def asks_statement(project: Project) -> bool:
    """Whether the rulebook has the parties write a statement."""
    return "alignment" in book_of(project).forms


def party_of(act: Act, project: Project) -> Party:
    """The party of the project for which the person acts: the lead before a partner before an owner."""
    by_party = roles_of_parties(project)
    mine = [party for party in by_party if party in act.reader.acting_for("owner", "lead", "partner")]
    if not mine:
        raise Stop(reason("access.not_found", kind="project", number=project.number))
    rank = ("lead", "owner", "partner")
    return Party.objects.get(pk=min(mine, key=lambda party: (rank.index(by_party[party]), party)))


def _before_signing(act: Act, number: str, roles: set[str]) -> Project:
    found = find(Project, number=number)
    if not roles_on(act, found) & roles:
        raise Stop(reason("access.not_found", kind="project", number=number))
    if not asks_statement(found):
        raise Stop(reason("agreement.no_statement"))
    if found.signed_at is not None or found.ended_at is not None or found.signatures.exists():
        raise Stop(reason("agreement.signing_began"))
    return found


def _saved(act: Act, project: Project, *, content: Any = None, parts: Any = None) -> Done:
    """Keep the statement anew under its hash, and tell the other side that it must be read again."""
    row = Alignment.objects.filter(project=project).first() or Alignment(project=project)
    told = bool(row.pk) and row.acceptances.filter(sha256=row.sha256).exists()
    row.content, row.parts = content if content is not None else row.content, {**row.parts, **(parts or {})}
    row.sha256 = canonical.digest([row.content, row.parts])
    row.changed_at, row.changed_by = act.now, act.person
    row.save()
    if told:
        _tell(act, project)
    body = {"sha256": row.sha256}
    changed(act, Event.STATEMENT_WRITTEN, project, body=body, private={"content": content, "parts": parts})
    return Done({"project": project.number, "sha256": row.sha256})


def _tell(act: Act, project: Project) -> None:
    for party in (project.bid.consortium.lead_id, project.challenge.need.owner_id):
        for person in people_for(party, at=act.now, roles=("lead", "owner")):
            if person != act.person:
                act.mail(
                    person, "mail.statement_changed", number=project.number, link=agreement_page(project)
                )


def _missing(project: Project, row: Alignment) -> list[Any]:
    found = faults("alignment", row.content, on=project, complete=True)
    slugs = (project.bid.consortium.lead.slug, project.challenge.need.owner.slug)
    silent = [slug for slug in slugs if not row.parts.get(slug)]
    return [*found, *(reason("agreement.part_missing", party=slug) for slug in silent)]

"""Before an agreement is drawn: both sides write one aligned statement and accept it as it stands."""

from collections.abc import Collection
from typing import Any

from jiebang.operations.agreements import (
    agreement_page,
    aligned,
    asks_statement,
    before_negotiation,
    draw_agreement,
)
from jiebang.operations.answers import faults, require
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed, not_ended
from jiebang.operations.names import Event, Permission
from jiebang.operations.signatories import ALL, SIDES, own_party
from jiebang.operations.things import book_of, find, today
from jiebang.records.agreements.models import Acceptance, Alignment
from jiebang.records.agreements.queries import alignment_of, signed_for
from jiebang.records.people.models import Party
from jiebang.records.people.queries import people_for
from jiebang.records.projects.models import Project
from jiebang.rules.reasons import Reason, reason
from jiebang.trust import canonical


@operation(permission=Permission.PROJECT_SIGN, event=Event.STATEMENT_WRITTEN)
def write_statement(act: Act, *, project: str, content: dict[str, Any]) -> Outcome:
    """Write what both sides say in common (form `alignment`); whoever had accepted it before is asked again."""
    found, _ = _before_signing(act, project, SIDES)
    require("alignment", content, on=found)
    return _saved(act, found, content=content)


@operation(permission=Permission.PROJECT_SIGN, event=Event.STATEMENT_WRITTEN)
def state_contribution(act: Act, *, project: str, content: dict[str, Any]) -> Outcome:
    """Write what one's own organisation brings, gains and bears (form `contribution`)."""
    found, mine = _before_signing(act, project, ALL)
    require("contribution", content, on=found)
    return _saved(act, found, parts={mine.slug: content})


@operation(permission=Permission.PROJECT_SIGN, event=Event.STATEMENT_ACCEPTED)
def accept_statement(act: Act, *, project: str, sha256: str) -> Outcome:
    """Accept the statement for one's side as it stood under this hash; when both sides have, the agreement is drawn."""
    found, mine = _before_signing(act, project, SIDES)
    row = find(Alignment, project=found)
    if row.sha256 != sha256:
        raise Stop(reason("agreement.statement_changed"))
    if missing := _missing(found, row):
        raise Stop(*missing)
    if row.acceptances.filter(party=mine, sha256=sha256).exists():
        raise Stop(reason("agreement.accepted_already"))
    Acceptance.objects.create(alignment=row, party=mine, sha256=sha256, at=act.now, by=act.person)
    changed(act, Event.STATEMENT_ACCEPTED, found, body={"party": mine.slug, "sha256": sha256})
    drawn = draw_agreement(act, found) if aligned(found) else None
    return Done({"project": project, "sha256": sha256, "agreement": drawn.sha256 if drawn else None})


def _before_signing(act: Act, number: str, roles: Collection[str]) -> tuple[Project, Party]:
    """The project while its statement may still change, and the person's own party in it."""
    found = find(Project, number=number)
    mine = own_party(act.reader, found, roles=roles)
    if mine is None:
        raise Stop(reason("access.not_found", kind="project", number=number))
    not_ended(found)
    if not asks_statement(found):
        raise Stop(reason("agreement.no_statement"))
    if found.signed_at is not None or signed_for(found):
        raise Stop(reason("agreement.signing_began"))
    if waits := before_negotiation(found, today(act, found)):
        gates = book_of(found).gates
        raise Stop(*(reason("agreement.check_first", check=gates[row.gate].label) for row in waits))
    return found, mine


def _saved(act: Act, project: Project, *, content: Any = None, parts: Any = None) -> Done:
    """Keep the statement anew under its hash, and tell the other side that it must be read again."""
    row = alignment_of(project) or Alignment(project=project)
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


def _missing(project: Project, row: Alignment) -> list[Reason]:
    found = faults("alignment", row.content, on=project, complete=True)
    silent = [
        party
        for party in (project.bid.consortium.lead, project.challenge.need.owner)
        if not row.parts.get(party.slug)
    ]
    return [*found, *(reason("agreement.part_missing", party=party.organisation.name) for party in silent)]

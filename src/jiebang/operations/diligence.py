"""Honest failure (尽职免责): what was done with due care and what was learned, before a project ends without fault."""

from typing import Any

from jiebang.operations.answers import require
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed, under_way
from jiebang.operations.names import Event, Permission
from jiebang.operations.passwords import page_at
from jiebang.operations.statements import Said, statement
from jiebang.operations.things import find, no_interest, owners, roles_on, subject
from jiebang.records.awards.models import Proposal
from jiebang.records.people.queries import people_of
from jiebang.records.projects.models import Diligence, Project
from jiebang.records.projects.queries import diligence_of
from jiebang.rules.reasons import reason
from jiebang.trust import canonical


@operation(permission=Permission.DILIGENCE_STATE, event=Event.DILIGENCE_STATED)
def state_diligence(act: Act, *, project: str, content: dict[str, Any]) -> Outcome:
    """Say what was done, what stood in the way and what was learned (form `due_diligence`); anew until the owner answered."""
    found = find(Project, number=project)
    if not roles_on(act, found) & {"lead", "officer", "second_officer"}:
        raise Stop(reason("access.not_found", kind="project", number=project))
    no_interest(act, found)
    under_way(found)
    if Proposal.objects.filter(subject=subject(found), status=Proposal.Status.OPEN).exists():
        raise Stop(reason("diligence.being_decided"))
    require("due_diligence", content, on=found)
    row = diligence_of(found) or Diligence(project=found)
    if row.answered_at is not None:
        raise Stop(reason("diligence.answered"))
    row.content, row.sha256, row.at, row.by = content, canonical.digest(content), act.now, act.person
    row.save()
    link = page_at(f"/projects/{project}/diligence/")
    for person in people_of(owners(found.challenge.need), at=act.now, roles=("owner",)):
        act.mail(person, "mail.diligence_stated", number=project, link=link)
    changed(act, Event.DILIGENCE_STATED, found, body={"sha256": row.sha256})
    return Done({"project": project, "sha256": row.sha256})


@operation(permission=Permission.DILIGENCE_ANSWER, event=Event.DILIGENCE_ANSWERED)
def answer_diligence(
    act: Act, *, project: str, sha256: str, agree: bool, text: Said, lang: str = ""
) -> Outcome:
    """Say for the demand owner whether it was so, also after the end. The office decides; this stands beside it."""
    found = find(Project, number=project)
    if "owner" not in roles_on(act, found):
        raise Stop(reason("access.not_found", kind="project", number=project))
    row = find(Diligence, project=found)
    if row.sha256 != sha256:
        raise Stop(reason("diligence.changed"))
    if row.answered_at is not None:
        raise Stop(reason("diligence.answered"))
    row.agrees, row.answer = agree, statement(text, lang=lang or act.language)
    row.answered_at, row.answered_by = act.now, act.person
    row.save()
    body = {"sha256": sha256, "agrees": agree}
    changed(act, Event.DILIGENCE_ANSWERED, found, body=body, private={"text": text})
    return Done({"project": project, "agrees": agree})

"""Being heard before an award is revoked: its lead answers once, in writing, while the clock runs."""

from jiebang.operations.deadlines import clock_of
from jiebang.operations.facts import questioned
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.statements import Said, statement
from jiebang.operations.things import call_of, find, need_of, remember, roles_on
from jiebang.records.people.queries import people_with
from jiebang.records.projects.models import Project
from jiebang.rules.reasons import reason


@operation(permission=Permission.REVOCATION_ANSWER, event=Event.REVOCATION_ANSWERED)
def answer_revocation(act: Act, *, project: str, text: Said, lang: str = "") -> Outcome:
    """Answer for the lead what its award is questioned for; then a second officer decides and need wait no longer."""
    found = find(Project, number=project)
    if "lead" not in roles_on(act, found):
        raise Stop(reason("access.not_found", kind="project", number=project))
    case = questioned(found)
    if case is None:
        raise Stop(reason("revocation.none"))
    if case.answered_at is not None:
        raise Stop(reason("revocation.answered"))
    if case.heard(act.now):
        raise Stop(reason("revocation.closed"))
    case.answer, case.answered_by, case.answered_at = (
        statement(text, lang=lang or act.language),
        act.person,
        act.now,
    )
    case.save()
    turn = clock_of(call_of(found), "confirmation", start=act.now, owner_country=need_of(found).country)
    for name, value in turn.items():
        setattr(found, name, value)
    found.save(update_fields=[*turn])
    for person in people_with("second_officer", at=act.now):
        act.mail(person, "mail.revocation_answered", number=project, link=f"/office/projects/{project}/")
    body = {"revocation": case.pk}
    remember(act, Event.REVOCATION_ANSWERED, found, body=body, private={"text": text})
    return Done({"number": project, "revocation": case.pk})

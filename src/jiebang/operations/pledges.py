"""The pledge of the lead researcher (军令状): given in person under the agreement that was drawn."""

from jiebang.operations.agreements import known_again, to_sign
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed
from jiebang.operations.names import Event, Permission
from jiebang.operations.passwords import PresentPassword
from jiebang.operations.signatories import own_party
from jiebang.operations.things import find
from jiebang.records.agreements.models import Pledge
from jiebang.records.projects.models import Project
from jiebang.rules.reasons import reason


@operation(permission=Permission.PROJECT_SIGN, event=Event.PLEDGED)
def give_pledge(act: Act, *, project: str, sha256: str, password: PresentPassword | None = None) -> Outcome:
    """Give the pledge under the agreement with this hash; only the lead researcher whom the bid names can."""
    found = find(Project, number=project)
    if own_party(act.reader, found) is None:
        raise Stop(reason("access.not_found", kind="project", number=project))
    if found.bid.lead_person_id != act.person.pk:
        raise Stop(reason("agreement.pledge_is_personal"))
    paper = to_sign(found, sha256=sha256)
    if Pledge.objects.filter(paper=paper).exists():
        raise Stop(reason("agreement.pledged"))
    known_again(act, password)
    Pledge.objects.create(paper=paper, by=act.person, at=act.now)
    body = {"version": paper.version, "sha256": paper.sha256}
    changed(act, Event.PLEDGED, found, body=body)
    return Done({"project": project, **body})

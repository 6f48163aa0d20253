"""Who tests independently: an organisation that the conflicts room finds no tie of to the project."""

from typing import Annotated

from pydantic import StringConstraints

from jiebang.operations.interests import interests
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed, not_ended
from jiebang.operations.names import Event, Permission
from jiebang.operations.things import find, interested, no_interest
from jiebang.records.access import TESTS_AS, Reader
from jiebang.records.indicators.models import Tester
from jiebang.records.people.models import Party
from jiebang.records.people.queries import people_for
from jiebang.records.projects.models import Project
from jiebang.rules.reasons import Reason, reason

Because = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


@operation(permission=Permission.TESTER_NAME, event=Event.TESTER_NAMED)
def name_tester(act: Act, *, project: str, organisation: str, why: Because) -> Outcome:
    """Name the organisation that measures independently; one with a tie to owner, lead, partners or rivals is refused with it."""
    found = find(Project, number=project)
    no_interest(act, found)
    not_ended(found)
    party = find(Party, slug=organisation, kind=Party.Kind.ORGANISATION)
    if ties := ties_of(act, found, party):
        raise Stop(*ties)
    Tester.objects.filter(project=found, ended_at=None).update(ended_at=act.now)
    Tester.objects.create(project=found, party=party, why=why, named_at=act.now, named_by=act.person)
    for person in people_for(party.pk, at=act.now, roles=TESTS_AS):
        act.mail(person, "mail.tester_named", number=project)
    changed(act, Event.TESTER_NAMED, found, body={"organisation": organisation, "why": why})
    return Done({"project": project, "organisation": organisation})


def ties_of(act: Act, project: Project, party: Party) -> list[Reason]:
    """Every tie of an organisation and its people to a project; a reason too where nobody is there to measure."""
    if party.pk in interested(project):
        return [reason("tester.party", organisation=party.slug)]
    people = list(people_for(party.pk, at=act.now, roles=TESTS_AS))
    if not people:
        return [reason("tester.nobody", organisation=party.slug)]
    return [tie for person in people for tie in interests(project.bid, person, at=act.now)]


def tests(project: Project, reader: Reader) -> Party | None:
    """The tester's party, where the reader acts for it."""
    row = Tester.objects.filter(project=project, ended_at=None).select_related("party").first()
    return row.party if row and row.party_id in reader.acting_for(*TESTS_AS) else None

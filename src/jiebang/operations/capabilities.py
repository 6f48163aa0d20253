"""What an organisation can do, in the programme's words: said by its own people, and what teams are suggested by."""

from jiebang.operations.engagements import SELF_ROLES
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.things import find
from jiebang.records.people.models import Party
from jiebang.records.programme.queries import rulebooks_in_use
from jiebang.rules.reasons import reason


@operation(permission=Permission.ORGANISATION_CHANGE, event=Event.ORGANISATION_CHANGED)
def state_capabilities(act: Act, *, organisation: str, capabilities: list[str]) -> Outcome:
    """Say what an organisation one acts for can do: words of the rulebooks in use; what was said before is replaced."""
    party = find(Party, slug=organisation, kind=Party.Kind.ORGANISATION)
    if party.pk not in act.reader.acting_for(*SELF_ROLES):
        raise Stop(reason("access.not_yours", party=organisation))
    known = {key for book in rulebooks_in_use() for key in book.vocabulary.capabilities}
    if strangers := sorted(set(capabilities) - known):
        told = ", ".join(strangers)[:200]
        raise Stop(
            reason(
                "organisation.unknown_capability",
                given=told,
                known=", ".join(sorted(known)),
                field="capabilities",
            )
        )
    said = sorted(set(capabilities))
    party.organisation.facts = {**party.organisation.facts, "capabilities": said}
    party.organisation.save(update_fields=["facts"])
    body = {"organisation": organisation, "changed": {"capabilities": said}}
    act.journal(Event.ORGANISATION_CHANGED, f"organisation:{organisation}", body=body)
    return Done({"slug": organisation, "capabilities": said})

"""The parties of a project, and for which of them a person states and signs."""

from collections.abc import Collection

from jiebang.decisions.agreement import waits_for
from jiebang.operations.things import book_of
from jiebang.records.access import Reader
from jiebang.records.agreements.models import Delegation, Paper
from jiebang.records.agreements.queries import delegated_to
from jiebang.records.bids.models import Invitation
from jiebang.records.people.models import Party
from jiebang.records.projects.models import Project

SIDES = ("lead", "owner")  # who must accept the statement: the lead for its team, the demand owner
ALL = ("lead", "partner", "owner")


def parties_of(project: Project) -> dict[Party, str]:
    """Lead, partners that accepted and owners, each with its role, in the order in which the agreement names them."""
    need, consortium = project.challenge.need, project.bid.consortium
    found = {consortium.lead: "lead"}
    for place in consortium.invitations.select_related("partner__organisation").order_by("pk"):
        if place.status in Invitation.AT_WORK:
            found.setdefault(place.partner, "partner")
    for party in (need.owner, *need.co_owners.select_related("organisation").order_by("pk")):
        found.setdefault(party, "owner")
    return found


def own_party(reader: Reader, project: Project, *, roles: Collection[str] = ALL) -> Party | None:
    """The first party of the project in these roles that the person acts for."""
    acting = reader.acting_for(*ALL)
    mine = (party for party, role in parties_of(project).items() if role in roles and party.pk in acting)
    return next(mine, None)


def may_sign_for(reader: Reader, project: Project) -> dict[Party, Delegation | None]:
    """Whom the person signs for: the parties they act for, then those that let them, with that authority."""
    parties, acting = parties_of(project), reader.acting_for(*ALL)
    lent = delegated_to(reader.person, project, at=reader.at) if reader.person else {}
    own: dict[Party, Delegation | None] = {party: None for party in parties if party.pk in acting}
    return own | {party: lent[party.pk] for party in parties if party.pk in lent and party not in own}


def unsigned(project: Project, paper: Paper) -> dict[Party, str]:
    """The parties that have not signed the paper, nor handed in a scan of it, each with its role."""
    done = {row.party_id for row in paper.signatures.all()}
    return {party: role for party, role in parties_of(project).items() if party.pk not in done}


def signs_before(project: Project, paper: Paper, party: Party) -> str:
    """The role that must sign the paper before this party does, by the rulebook's order; empty when none must."""
    rule, missing = book_of(project).agreement, unsigned(project, paper)
    return waits_for(missing[party], order=rule.order if rule else (), unsigned=missing.values())

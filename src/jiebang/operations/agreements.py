"""Drawing an agreement and signing it in the product: in order, with the password once more, or by delegation."""

from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from jiebang.decisions.agreement import draw
from jiebang.operations.facts import questioned
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed, not_ended
from jiebang.operations.names import Event, Permission
from jiebang.operations.passwords import PresentPassword, page_at
from jiebang.operations.signatories import may_sign_for, own_party, signs_before, unsigned
from jiebang.operations.statements import Said
from jiebang.operations.terms import terms_of
from jiebang.operations.things import book_of, find, no_interest
from jiebang.records.agreements.models import Delegation, Paper, Signature
from jiebang.records.agreements.queries import agreement_of, alignment_of
from jiebang.records.people.models import Party, User
from jiebang.records.people.queries import roles_of
from jiebang.records.people.roles import OFFICE
from jiebang.records.projects.models import GateCheck, Project
from jiebang.rules.reasons import reason
from jiebang.trust import canonical

Days = Annotated[int, Field(ge=1, le=366)]


def asks_statement(project: Project) -> bool:
    """Whether the rulebook has the parties write a statement before the agreement is drawn."""
    return "alignment" in book_of(project).forms


def before_negotiation(project: Project, day: date) -> list[GateCheck]:
    """Checks still open on a day without which the rulebook lets the parties not negotiate."""
    first = [key for key, rule in book_of(project).gates.items() if rule.negotiation]
    return [row for row in project.gates.filter(gate__in=first).order_by("pk") if row.open_on(day)]


def aligned(project: Project) -> bool:
    """Whether both sides accepted the statement as it stands; true where the rulebook asks for none."""
    if not asks_statement(project):
        return True
    row = alignment_of(project)
    if row is None:
        return False
    who = set(row.acceptances.filter(sha256=row.sha256).values_list("party", flat=True))
    return {project.bid.consortium.lead_id, project.challenge.need.owner_id} <= who


def draw_agreement(act: Act, project: Project, *, why: str = "") -> Paper:
    """Draw the agreement as things stand; it replaces the version before, whose signatures count no more."""
    before = Paper.objects.filter(project=project)
    version = before.count() + 1
    document = draw(terms_of(project, version=version), book_of(project))
    before.filter(replaced_at=None).update(replaced_at=act.now)
    paper = Paper.objects.create(
        project=project, version=version, document=document, sha256=canonical.digest(document),
        drawn_at=act.now, drawn_by=act.who,
    )  # fmt: skip
    body = {"version": version, "sha256": paper.sha256, "why": why}
    changed(act, Event.AGREEMENT_DRAWN, project, body=body)
    return paper


@operation(permission=Permission.AGREEMENT_DRAW, event=Event.AGREEMENT_DRAWN)
def redraw_agreement(act: Act, *, project: str, why: Said) -> Outcome:
    """Draw the agreement anew for the office, say after a check or a date changed; signatures given so far fall away."""
    found = find(Project, number=project)
    no_interest(act, found)
    to_sign(found)
    paper = draw_agreement(act, found, why=why)
    return Done({"project": project, "version": paper.version, "sha256": paper.sha256})


@operation(permission=Permission.PROJECT_SIGN_FOR, event=Event.SIGNED)
def sign(act: Act, *, project: str, sha256: str, password: PresentPassword | None = None) -> Outcome:
    """Sign the agreement with this hash for a party of the project; whoever has a password gives it once more.

    One person signs for one party; parties sign in the rulebook's order; a person without a role signs by delegation.
    """
    found = find(Project, number=project)
    party, delegation, paper = signing(act, found, sha256)
    known_again(act, password)
    Signature.objects.create(
        project=found, paper=paper, party=party, by=act.person, at=act.now, delegation=delegation
    )
    body = {"party": party.slug, "version": paper.version, "sha256": sha256}
    changed(act, Event.SIGNED, found, body={**body, "delegated": delegation is not None})
    return Done({"project": project, **body})


@operation(permission=Permission.PROJECT_SIGN, event=Event.SIGNING_DELEGATED)
def delegate_signing(act: Act, *, project: str, person: str, why: Said, days: Days = 30) -> Outcome:
    """Let a person (by address) sign this project's agreement for one's own organisation, for some days; no official."""
    found = find(Project, number=project)
    mine = own_party(act.reader, found)
    if mine is None:
        raise Stop(reason("access.not_found", kind="project", number=project))
    to_sign(found)
    to = find(User, email=person.strip().lower(), is_active=True)
    if roles_of(to, at=act.now) & OFFICE:
        raise Stop(reason("person.official", person=to.name, field="person"))
    until = act.now + timedelta(days=days)
    Delegation.objects.create(
        project=found, party=mine, person=to, why=why, since=act.now, until=until, by=act.person
    )
    act.mail(
        to, "mail.signing_delegated", number=project, party=mine.organisation.name, link=paper_page(found)
    )
    body = {"party": mine.slug, "person": to.pseudonym, "until": until}
    changed(act, Event.SIGNING_DELEGATED, found, body=body, private={"why": why})
    return Done({"project": project, "until": until.isoformat()})


def signing(act: Act, project: Project, sha256: str) -> tuple[Party, Delegation | None, Paper]:
    """For whom the person signs now, by which authority, and what; or every way in which nobody may."""
    may = may_sign_for(act.reader, project)
    if not may:
        raise Stop(reason("access.not_found", kind="project", number=project.number))
    paper = to_sign(project, sha256=sha256)
    party = next((one for one in may if one in unsigned(project, paper)), None)
    if party is None:
        raise Stop(reason("project.signed"))
    if any(row.by_id == act.person.pk for row in paper.signatures.all()):
        raise Stop(reason("agreement.one_person_two_parties"))
    if before := signs_before(project, paper, party):
        raise Stop(reason("agreement.out_of_order", role=before))
    return party, may[party], paper


def to_sign(project: Project, *, sha256: str = "") -> Paper:
    """The agreement that waits for signatures, if it is that of the hash and what it was drawn from still holds."""
    not_ended(project)
    undoubted(project)
    paper = agreement_of(project)
    if paper is None:
        raise Stop(reason("agreement.not_drawn"))
    if project.signed_at is not None:
        raise Stop(reason("agreement.in_force"))
    if sha256 and paper.sha256 != sha256:
        raise Stop(reason("agreement.text_changed"))
    if not aligned(project):
        raise Stop(reason("agreement.statement_open"))
    return paper


def known_again(act: Act, password: PresentPassword | None) -> None:
    """Whoever has a password gives it once more: nobody signs for another at a screen left open."""
    if act.person.has_usable_password() and not (password is not None and password.right):
        raise Stop(reason("person.password_wrong", field="password"))


def undoubted(project: Project) -> None:
    """No signature is given or begins to count while it is open whether the award stands."""
    if questioned(project):
        raise Stop(reason("revocation.pending"))


def agreement_page(project: Project) -> str:
    """Where a letter leads who has to read, accept or sign."""
    return page_at(f"/projects/{project.number}/agreement/")


def paper_page(project: Project) -> str:
    """Where a letter leads who may open nothing else of the project."""
    return f"{agreement_page(project)}paper/{to_sign(project).sha256}/"

"""Revoking an award before its agreement is signed: questioned by one, its lead heard, decided by another."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from jiebang.decisions import lifecycle, remedies
from jiebang.operations.amending import amend, no_scorer, replaced, standings
from jiebang.operations.appointing import Follow
from jiebang.operations.facts import facts_of, questioned
from jiebang.operations.kernel import Act, Stop
from jiebang.operations.malformed import input_reason
from jiebang.operations.statements import Said
from jiebang.operations.things import at_work, book_of, members, owners
from jiebang.records.agreements.queries import signed_for
from jiebang.records.awards.models import Amendment, Revocation
from jiebang.records.people.queries import people_of
from jiebang.records.projects.models import Project
from jiebang.rules.reasons import reason
from jiebang.rules.schema import RevocationGround
from jiebang.rules.texts import quoted

Params = Mapping[str, Any]


class Questioning(BaseModel):
    """The parameters of `question_award`."""

    model_config = ConfigDict(extra="forbid")
    ground: str
    evidence: Said


def unsigned(_act: Act, project: Project) -> None:
    """Once the agreement is signed an award is not revoked any more: the project is terminated, by its own rules."""
    sides = {project.bid.consortium.lead_id, project.challenge.need.owner_id}
    if project.signed_at or sides <= signed_for(project):
        raise Stop(reason("revocation.signed", project=project.number))


def decidable(act: Act, project: Project) -> None:
    """Nobody who judged a bid on the challenge decides whether an award stands."""
    unsigned(act, project)
    no_scorer(act, project.challenge)


def asked(act: Act, project: Project, *, why: str, params: Params, **_: Any) -> Params:
    """The award is in question; its lead is told why and on what evidence, and has a time to answer."""
    given, ground = _questioning(act, project, params)
    made = Revocation.objects.create(
        project=project, ground=given.ground, why=why, evidence=given.evidence, asked_by=act.person,
        asked_at=act.now, answer_until=project.due_at,
    )  # fmt: skip
    for person in people_of(at_work(project), at=act.now, roles=("lead", "partner")):
        act.mail(
            person, "mail.award_questioned", number=project.number, ground=ground.label, why=quoted(why),
            evidence=quoted(given.evidence), until=f"{project.due_at:%Y-%m-%d}" if project.due_at else "—",
            link=f"/projects/{project.number}/work/",
        )  # fmt: skip
    body = {"revocation": made.pk, "ground": given.ground, "evidence": given.evidence}
    return {"revocation": made.pk, "journal": body}


def revoked(act: Act, project: Project, *, why: str, follow: Follow, **_: Any) -> Params:
    """The award falls and with it the bid; the place is vacant. A breach enters the integrity record of the lead."""
    case, posted = _case(project), project.challenge
    ground = _grounds(project).get(case.ground)
    _close(act, case, Revocation.Status.REVOKED, why)
    case.breach = bool(ground and ground.breach)
    case.save()
    label = ground.label if ground else {}
    follow(act, project.bid, "revoke_bid")
    row = posted.decisions.filter(current=True, bid=project.bid).select_related("bid").get()
    now = replaced(
        row, now=act.now, outcome="revoked", code="award.revoked", params={"ground": label}, rule="revocation",
        inputs="", published_at=act.now, final_at=act.now,
    )  # fmt: skip
    found = remedies.changes(standings([row]), standings([now]))
    amend(act, posted, Amendment.Kind.REVOKED, found, ground=label)
    _tell_others(act, project, label)
    return {"journal": {"revocation": case.pk, "ground": case.ground, "breach": case.breach}}


def kept(act: Act, project: Project, *, why: str, **_: Any) -> Params:
    """The award stands, and the time to sign begins anew."""
    case = _case(project)
    _close(act, case, Revocation.Status.KEPT, why)
    case.save()
    return {"journal": {"revocation": case.pk}}


def _questioning(act: Act, project: Project, params: Params) -> tuple[Questioning, RevocationGround]:
    try:
        given = Questioning.model_validate(dict(params))
    except ValidationError as error:
        raise Stop(*(input_reason(item) for item in error.errors())) from None
    known = _grounds(project)
    ground = known.get(given.ground)
    if ground is None:
        raise Stop(
            reason("revocation.no_ground", field="ground", ground=given.ground, known=", ".join(known))
        )
    if ground.require:
        before = Project.objects.get(pk=project.pk)  # this one has entered its new stage, with another clock
        if against := lifecycle.guard(ground.require, facts_of(before, now=act.now)):
            raise Stop(*against)
    return given, ground


def _grounds(project: Project) -> Mapping[str, RevocationGround]:
    rule = book_of(project).revocation
    return rule.grounds if rule else {}


def _case(project: Project) -> Revocation:
    found = questioned(project)
    if found is None:
        raise Stop(reason("revocation.none"))
    return found


def _close(act: Act, case: Revocation, status: Revocation.Status, why: str) -> None:
    case.status, case.decision, case.decided_by, case.decided_at = status, why, act.person, act.now


def _tell_others(act: Act, project: Project, ground: Mapping[str, str]) -> None:
    """The other bidders on the challenge and the owners learn that the award fell, and for what; not the papers."""
    posted, own = project.challenge, members(project.bid)
    gone = lifecycle.targets(book_of(posted), kind="bid", command="withdraw_bid")
    sent = posted.bids.filter(submitted_at__isnull=False).exclude(stage__in=gone).select_related("consortium")
    others = owners(posted.need).union(*(members(bid) for bid in sent)) - own
    for person in people_of(others, at=act.now, roles=("owner", "lead", "partner")):
        act.mail(
            person, "mail.award_revoked", number=posted.number, bid=project.bid.number, ground=dict(ground),
            link=f"/challenges/{posted.number}/result/",
        )  # fmt: skip


BEFORE: dict[tuple[str, str], Any] = {
    ("project", "question_award"): unsigned,
    ("project", "revoke_award"): decidable,
    ("project", "keep_award"): decidable,
}
AFTER: dict[tuple[str, str], Any] = {
    ("project", "question_award"): asked,
    ("project", "revoke_award"): revoked,
    ("project", "keep_award"): kept,
}

"""A change of an agreement in force: proposed, agreed to by its parties, decided by two of the office, then applied."""

from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from jiebang.decisions import change as changing
from jiebang.decisions.agreement import Texts
from jiebang.decisions.change import Change as Wanted
from jiebang.decisions.change import Step
from jiebang.decisions.consortium import Party as Member
from jiebang.decisions.consortium import Team, limits
from jiebang.operations.agreements import known_again
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.measuring import changed, under_way
from jiebang.operations.names import Event, Permission
from jiebang.operations.passwords import PresentPassword, page_at
from jiebang.operations.signatories import ALL, parties_of
from jiebang.operations.statements import Said, Text, Why, statement, texts_of
from jiebang.operations.terms import terms_of
from jiebang.operations.things import book_of, find, no_interest, roles_on, today
from jiebang.records.agreements.models import Change, Consent
from jiebang.records.bids.models import Invitation
from jiebang.records.people.models import Party
from jiebang.records.people.queries import people_for, people_of
from jiebang.records.projects.models import Project
from jiebang.rules.expressions import Truth
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Changes
from jiebang.trust import canonical

Slug = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]


@operation(permission=Permission.CHANGE_PROPOSE, event=Event.CHANGE_PROPOSED)
def propose_change(
    act: Act, *, project: str, why: Said, dates: dict[int, date] | None = None, leaving: Slug = "", joining: Slug = "",
    part: Text = "", terms: Text = "", lang: str = "",
) -> Outcome:  # fmt: skip
    """Ask for a change: `dates` {milestone: new day}, a partner that leaves, one that joins with its part, other words.

    One change is open at a time; every fault is told at once.
    """
    found = find(Project, number=project)
    if not roles_on(act, found) & {"lead", "owner", "officer", "second_officer"}:
        raise Stop(reason("access.not_found", kind="project", number=project))
    no_interest(act, found)
    _may_change(found)
    wanted = Wanted(dates=_new(found, dates or {}), leaving=leaving, joining=joining, part=part, terms=terms)
    rule, steps = changes_of(found), steps_of(found)
    if faults := [
        *changing.faults(wanted, steps=steps, rule=rule, today=today(act, found)),
        *_team_faults(act, found, wanted),
    ]:
        raise Stop(*faults)
    assert rule is not None, "a change of an allowed kind has a rule"
    order = found.changes.count() + 1
    document = changing.draw_change(
        wanted, terms_of(found, version=order), book_of(found), why=texts_of(statement(why, lang=lang or act.language)),
        steps=steps, names=_names(wanted),
    )  # fmt: skip
    parties = {party.slug: role for party, role in parties_of(found).items()}
    content = {"dates": {str(key): day.isoformat() for key, day in wanted.dates.items()},
               "leaving": leaving, "joining": joining, "part": part, "terms": terms}  # fmt: skip
    row = Change.objects.create(
        project=found, order=order, content=content, document=document, sha256=canonical.digest(document),
        asked=list(changing.asked(wanted, parties=parties, rule=rule)), proposed_at=act.now, proposed_by=act.person,
    )  # fmt: skip
    _tell(act, row, _concerned(row), "mail.change_proposed")
    changed(
        act, Event.CHANGE_PROPOSED, found, body={"change": order, "sha256": row.sha256, "asked": row.asked}
    )
    return Done({"project": project, "change": order, "sha256": row.sha256, "asked": row.asked})


@operation(permission=Permission.PROJECT_SIGN_FOR, event=Event.CHANGE_AGREED)
def agree_to_change(
    act: Act, *, project: str, change: int, sha256: str, password: PresentPassword | None = None
) -> Outcome:
    """Agree to a change, word for word, for a party that is asked; one person agrees for one party."""
    row = _open(act, project, change)
    mine = may_agree(act, row)
    if not mine:
        known = set(row.asked) & slugs_of(act)
        raise Stop(
            reason("change.agreed_already")
            if known
            else reason("access.not_found", kind="project", number=project)
        )
    if row.sha256 != sha256:
        raise Stop(reason("agreement.text_changed"))
    if row.consents.filter(by=act.person).exists():
        raise Stop(reason("agreement.one_person_two_parties"))
    known_again(act, password)
    Consent.objects.create(change=row, party=mine[0], at=act.now, by=act.person)
    body = {"change": change, "party": mine[0].slug, "sha256": sha256}
    changed(act, Event.CHANGE_AGREED, row.project, body=body)
    return Done({"project": project, "change": change, "missing": missing(row)})


@operation(permission=Permission.CHANGE_PROPOSE, event=Event.CHANGE_WITHDRAWN)
def withdraw_change(act: Act, *, project: str, change: int, why: Why = "") -> Outcome:
    """Take a change back before it is decided; who proposed it does, or the office."""
    row = _open(act, project, change)
    office = bool(roles_on(act, row.project) & {"officer", "second_officer"})
    if row.proposed_by_id != act.person.pk and not office:
        raise Stop(reason("access.not_found", kind="project", number=project))
    no_interest(act, row.project)
    return _end(act, row, Change.Status.WITHDRAWN, Event.CHANGE_WITHDRAWN, why)


@operation(permission=Permission.CHANGE_DECIDE, event=Event.CHANGE_DECIDED)
def decide_change(act: Act, *, project: str, change: int, agree: bool, why: Why = "") -> Outcome:
    """Decide for the office once every party that is asked has agreed; where the rulebook says so, two officers must."""
    row = _open(act, project, change)
    found = row.project
    _no_part(act, row)
    if not agree and not why:
        raise Stop(reason("lifecycle.reason_required", field="why"))
    if not agree:
        return _end(act, row, Change.Status.REFUSED, Event.CHANGE_DECIDED, why)
    if names := missing(row):
        raise Stop(reason("change.not_agreed", who=", ".join(names)))
    wanted = _wanted(row)
    if faults := [*changing.faults(wanted, steps=steps_of(found), rule=changes_of(found), today=today(act, found)),
                  *_team_faults(act, found, wanted)]:  # fmt: skip
        raise Stop(*faults)
    rule = changes_of(found)
    if rule and rule.four_eyes and row.looked_by_id is None:
        row.looked_at, row.looked_by = act.now, act.person
        row.save()
        changed(act, Event.CHANGE_LOOKED_AT, found, body={"change": change, "why": why})
        return Done({"project": project, "change": change, "status": row.status})
    if row.looked_by_id == act.person.pk:
        raise Stop(reason("four_eyes.same_person"))
    _apply(act, row, wanted)
    return _end(act, row, Change.Status.IN_FORCE, Event.CHANGE_DECIDED, why)


def changes_of(project: Project) -> Changes | None:
    """What the rulebook lets be changed once the agreement is in force."""
    rule = book_of(project).agreement
    return rule.changes if rule else None


def steps_of(project: Project) -> list[Step]:
    """The milestones as they stand."""
    rows = project.milestones.order_by("order")
    return [
        Step(
            order=row.order,
            title=texts_of(row.title),
            due_on=row.due_on,
            accepted=row.accepted_at is not None,
        )
        for row in rows
    ]


def missing(row: Change) -> list[str]:
    """Slugs of the parties that are asked and have not agreed yet."""
    done = {item.party.slug for item in row.consents.all()}
    return [name for name in row.asked if name not in done]


def may_agree(act: Act, row: Change) -> list[Party]:
    """Parties for which the person may agree to it now."""
    open_ = set(missing(row)) & slugs_of(act)
    return list(Party.objects.filter(slug__in=open_).order_by("pk"))


def comes_or_goes(act: Act, row: Change) -> bool:
    """Whether the person acts for the organisation that would join by it, or for the one that leaves."""
    return bool({row.content["joining"], row.content["leaving"]} & slugs_of(act))


def change_page(row: Change) -> str:
    """Where a letter leads who is asked."""
    return page_at(f"/projects/{row.project.number}/changes/{row.order}/")


def _no_part(act: Act, row: Change) -> None:
    """Nobody decides for the office whose organisation has a stake, or would join."""
    no_interest(act, row.project)
    joining = Party.objects.filter(slug=row.content["joining"], pk__in=act.reader.parties)
    if joining.exists():
        raise Stop(reason("four_eyes.interested"))


def slugs_of(act: Act) -> set[str]:
    """The organisations for which the person agrees and signs."""
    return set(Party.objects.filter(pk__in=act.reader.acting_for(*ALL)).values_list("slug", flat=True))


def _may_change(project: Project) -> None:
    under_way(project)
    if project.signed_at is None:
        raise Stop(reason("change.not_in_force"))
    if project.changes.filter(status=Change.Status.OPEN).exists():
        raise Stop(reason("change.open_already"))


def _new(project: Project, dates: dict[int, date]) -> dict[int, date]:
    """Only the days that differ from those that stand."""
    due = dict(project.milestones.values_list("order", "due_on"))
    return {order: day for order, day in dates.items() if due.get(order) != day}


def _team_faults(act: Act, project: Project, wanted: Wanted) -> list[Reason]:
    """Whether the partners named can leave and join, and whether the team then keeps the rulebook's limits."""
    roles = {party.slug: role for party, role in parties_of(project).items()}
    found = []
    if wanted.leaving and roles.get(wanted.leaving) != "partner":
        found.append(reason("change.no_partner", organisation=wanted.leaving, field="leaving"))
    if not wanted.joining:
        return found
    party = Party.objects.filter(slug=wanted.joining, kind=Party.Kind.ORGANISATION).first()
    if party is None:
        return [*found, reason("change.unknown", organisation=wanted.joining, field="joining")]
    if roles.get(wanted.joining) in ("lead", "partner"):
        return [*found, reason("change.takes_part", organisation=wanted.joining, field="joining")]
    if not people_of([party.pk], at=act.now, roles=ALL).exists():
        return [*found, reason("change.nobody_there", organisation=wanted.joining, field="joining")]
    verdicts = limits(book_of(project), team=_team(project, wanted, party))
    return [*found, *(item.reason for item in verdicts if item.outcome is not Truth.PASS)]


def _team(project: Project, wanted: Wanted, joining: Party) -> Team:
    staying = [
        party
        for party, role in parties_of(project).items()
        if role == "partner" and party.slug != wanted.leaving
    ]
    partners = [
        Member(
            id=party.slug,
            country=party.organisation.country or None,
            region=party.organisation.region or None,
        )
        for party in (*staying, joining)
    ]
    bid = project.bid
    return Team(
        bid=bid.number,
        leads=(bid.consortium.lead.slug,),
        partners=tuple(partners),
        owner=project.challenge.need.owner.slug,
    )


def _names(wanted: Wanted) -> dict[str, Texts]:
    rows = Party.objects.filter(slug__in=[wanted.leaving, wanted.joining]).select_related("organisation")
    return {row.slug: dict(row.organisation.names or {"en": row.organisation.name}) for row in rows}


def _open(act: Act, project: str, order: int) -> Change:
    found = find(Project, number=project)
    row = find(Change, project=found, order=order)
    if not roles_on(act, found) and not comes_or_goes(act, row):
        raise Stop(reason("access.not_found", kind="change", number=str(order)))
    if row.status != Change.Status.OPEN:
        raise Stop(reason("change.ended"))
    under_way(found)
    return row


def _wanted(row: Change) -> Wanted:
    said = row.content
    dates = {int(key): date.fromisoformat(day) for key, day in said["dates"].items()}
    return Wanted(dates=dates, **{name: said[name] for name in ("leaving", "joining", "part", "terms")})


def _apply(act: Act, row: Change, wanted: Wanted) -> None:
    found, places = row.project, Invitation.objects.filter(consortium=row.project.bid.consortium)
    for order, day in wanted.dates.items():
        found.milestones.filter(order=order).update(due_on=day)
    answered = {"answered_at": act.now, "answered_by": act.person}
    if wanted.leaving:
        for place in places.filter(partner__slug=wanted.leaving, status__in=Invitation.AT_WORK):
            was_in = place.status == Invitation.Status.ACCEPTED
            place.status = Invitation.Status.LEFT if was_in else Invitation.Status.CANCELLED
            place.answered_at, place.answered_by = act.now, act.person
            place.save()
    if wanted.joining:
        party = Party.objects.get(slug=wanted.joining)
        fresh = {"invited_at": row.proposed_at, "expires_at": act.now, "part": wanted.part[:500], **answered}
        place, made = places.get_or_create(
            consortium=found.bid.consortium,
            partner=party,
            defaults={**fresh, "status": Invitation.Status.JOINED},
        )
        if not made:
            back = place.status == Invitation.Status.LEFT
            place.answered_at, place.answered_by = act.now, act.person
            place.status = Invitation.Status.ACCEPTED if back else Invitation.Status.JOINED
            place.part = wanted.part[:500] or place.part
            place.save()


def _end(act: Act, row: Change, status: str, event: Event, why: str) -> Done:
    row.status, row.ended_at, row.ended_by, row.remark = status, act.now, act.person, why
    row.save()
    _tell(act, row, _concerned(row), f"mail.change_{status}")
    changed(act, event, row.project, body={"change": row.order, "status": status, "why": why})
    return Done({"project": row.project.number, "change": row.order, "status": status})


def _concerned(row: Change) -> list[str]:
    """Who is asked, lead and owner in any case, and who leaves or joins."""
    project = row.project
    always = {project.bid.consortium.lead.slug, project.challenge.need.owner.slug}
    return sorted(always.union(row.asked, filter(None, (row.content["leaving"], row.content["joining"]))))


def _tell(act: Act, row: Change, slugs: list[str], code: str) -> None:
    for party in Party.objects.filter(slug__in=slugs):
        for person in people_for(party.pk, at=act.now, roles=("owner", "lead", "partner")):
            act.mail(person, code, number=row.project.number, change=row.order, link=change_page(row))

"""What the guards of the lifecycle read: counts and comparisons over the records, at the moment of the act."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from jiebang.decisions import lifecycle
from jiebang.decisions.measuring import Found, result
from jiebang.operations.pilot_facts import pilot_facts
from jiebang.operations.things import Thing, book_of, day_of, kind_of
from jiebang.records.agreements.models import Signature, agreeing
from jiebang.records.agreements.queries import pledge_of, signed_for
from jiebang.records.awards.models import Decision, Objection, Revocation
from jiebang.records.bids.models import Bid
from jiebang.records.bundles import sent_content
from jiebang.records.challenges.models import Challenge, DepartmentOpinion, Need
from jiebang.records.indicators.queries import open_count, values
from jiebang.records.projects.models import Project, open_gates
from jiebang.records.projects.queries import diligence_of
from jiebang.records.reviews.models import Assignment
from jiebang.rules.form_values import REACHED
from jiebang.rules.schema import Rulebook

Facts = dict[str, object]


def facts_of(thing: Thing, *, now: datetime) -> Mapping[str, object]:
    """The facts about a thing and what it hangs on, as guards name them (docs/rulebook.md lists them)."""
    if isinstance(thing, Need):
        return {"need": need_facts(thing)}
    if isinstance(thing, Challenge):
        return {"challenge": challenge_facts(thing, now=now), "need": need_facts(thing.need)}
    if isinstance(thing, Bid):
        return {"bid": bid_facts(thing), "challenge": challenge_facts(thing.challenge, now=now)}
    return {"project": project_facts(thing, now=now), "challenge": challenge_facts(thing.challenge, now=now)}


def need_facts(need: Need) -> Facts:
    """failed, unclear: current verdicts; opinions: favourable arguments given."""
    arguments = need.arguments.aggregate(
        opinions=Count("pk", filter=Q(favourable=True, given_at__isnull=False)),
        arguments_open=Count("pk", filter=Q(given_at__isnull=True)),
    )
    return {**_verdicts(need.verdicts), **arguments}


def challenge_facts(challenge: Challenge, *, now: datetime) -> Facts:
    """Closing, publicity, bids by stage, signatures, panels, objections open or appealable, winners, places to fill."""
    book = book_of(challenge)
    needed = book.scoring.reviews_needed if book.scoring else 0
    current = Decision.objects.filter(challenge=challenge, current=True)
    counts = {
        "unchecked": unchecked(challenge).count(),
        "eligible": eligible(challenge).count(),
        "unsigned": unsigned(challenge, needed),
        "open_panels": challenge.panels.filter(closed_at=None).count(),
        "panels_held": challenge.panels.exclude(closed_at=None).count(),
        "open_objections": challenge.objections.filter(status=Objection.Status.OPEN).count(),
        "appeals_possible": challenge.objections.filter(appeal_until__gt=now, appeal=None).count(),
        "winners": current.filter(outcome="awarded").count(),
        "signed": signed(challenge).count(),
        "vacant": vacant(challenge).count(),
        "reserves": reserves(challenge).count(),
    }
    return guarded(challenge, book, counts, now=now)


def guarded(challenge: Challenge, book: Rulebook, counts: Mapping[str, int], *, now: datetime) -> Facts:
    """What was counted about a challenge, with what its own row says."""
    no_publicity = challenge.publicity_until is None and "publicity" not in book.clocks
    return {
        "stage": challenge.stage,
        "takes_bids": "takes_bids" in lifecycle.flags(book, kind="challenge", stage=challenge.stage),
        "past_closing": now >= challenge.closes_at,
        "past_publicity": no_publicity
        or (challenge.publicity_until is not None and now >= challenge.publicity_until),
        **counts,
        "suspended_from": challenge.suspended_from,
    }


def signed(challenge: Challenge) -> QuerySet[Project]:
    """Projects of a challenge whose agreement is in force, or of those that go on, carries a signature that counts."""
    return signed_in([challenge], book_of(challenge)).order_by("number")


def signed_in(challenges: Collection[Challenge], book: Rulebook) -> QuerySet[Project]:
    """The same of challenges of one call."""
    over = lifecycle.stages_with(book, kind="project", flag="final")
    begun = Q(pk__in=Signature.objects.filter(agreeing()).values("project")) & ~Q(stage__in=over)
    return Project.objects.filter(Q(signed_at__isnull=False) | begun, challenge__in=challenges)


def vacant(challenge: Challenge) -> QuerySet[Revocation]:
    """Awards of a challenge that were revoked and whose place nobody has taken, the first first."""
    return vacant_in([challenge]).order_by("decided_at", "pk")


def vacant_in(challenges: Collection[Challenge]) -> QuerySet[Revocation]:
    """The same of several challenges."""
    rows = Revocation.objects.filter(project__challenge__in=challenges, filled_at=None)
    return rows.filter(status=Revocation.Status.REVOKED)


def reserves(challenge: Challenge) -> QuerySet[Decision]:
    """The current outcomes of bids that wait on the reserve list and may still be awarded, by place."""
    return reserves_in([challenge], book_of(challenge)).order_by("rank", "pk")


def reserves_in(challenges: Collection[Challenge], book: Rulebook) -> QuerySet[Decision]:
    """The same of challenges of one call."""
    waiting = lifecycle.origins(book, kind="bid", command="award_bid")
    rows = Decision.objects.filter(challenge__in=challenges, current=True, outcome="reserve")
    return rows.filter(bid__stage__in=waiting)


def questioned(project: Project) -> Revocation | None:
    """What stands against an award now, if it is in question."""
    return project.revocations.filter(status=Revocation.Status.OPEN).first()


def unchecked(challenge: Challenge) -> QuerySet[Bid]:
    """Bids that were sent and wait for the formal check."""
    waiting = lifecycle.origins(book_of(challenge), kind="bid", command="pass_check")
    return challenge.bids.filter(stage__in=waiting, submitted_at__isnull=False).order_by("submitted_at", "pk")


def eligible(challenge: Challenge) -> QuerySet[Bid]:
    """Bids that experts judge: those that passed the check, or were sent where the rulebook has none."""
    return challenge.bids.filter(stage__in=passed(book_of(challenge))).order_by("submitted_at", "pk")


def judged_in(challenges: Collection[Challenge], book: Rulebook) -> QuerySet[Bid]:
    """The eligible bids of challenges of one call, by challenge and then as they were handed in."""
    rows = Bid.objects.filter(challenge__in=challenges, stage__in=passed(book))
    return rows.order_by("challenge__number", "submitted_at", "pk")


def passed(book: Rulebook) -> frozenset[str]:
    """The stages of bids that passed the check, or were sent where the rulebook has none."""
    checked = lifecycle.targets(book, kind="bid", command="pass_check")
    return checked or lifecycle.targets(book, kind="bid", command="submit_bid")


def bid_facts(bid: Bid) -> Facts:
    """failed, unclear: current verdicts of the formal check."""
    return _verdicts(bid.verdicts)


def project_facts(project: Project, *, now: datetime) -> Facts:
    """Open gates, who signed, the agreement's clock, indicators unmet or unconfirmed, milestones open, racing, the pilot."""
    signed, asked, day = signed_for(project), questioned(project), day_of(now, project)
    found = result_of(project)
    return {
        "open_gates": project.gates.filter(open_gates(day)).count(),
        "lead_signed": project.bid.consortium.lead_id in signed,
        "pledged": not asks_pledge(project) or pledge_of(project) is not None,
        "owner_signed": project.challenge.need.owner_id in signed,
        "diligence_stated": diligence_of(project) is not None,
        "heard": asked is not None and asked.heard(now),
        "past_agreement": project.due_at is not None and now >= project.due_at,
        "unmet": sum(item.met is not True for item in found),
        "unconfirmed": sum(item.value is None for item in found),
        "open_disputes": open_count(project),
        "open_milestones": project.milestones.filter(accepted_at__isnull=True).count(),
        "racing": project.challenge.max_leads > 1,
        **pilot_facts(project),
    }


def asks_pledge(project: Project) -> bool:
    """Whether the rulebook has a pledge and the bid names who gives it."""
    rule = book_of(project).agreement
    return bool(rule and rule.pledge) and project.bid.lead_person_id is not None


def unmet(project: Project) -> tuple[str, ...]:
    """Indicators of the challenge whose value that counts misses the threshold, or of which none counts."""
    return tuple(item.indicator for item in result_of(project) if item.met is not True)


def unconfirmed(project: Project) -> tuple[str, ...]:
    """Indicators of the challenge that nobody but the lead has measured."""
    return tuple(item.indicator for item in result_of(project) if item.value is None)


def result_of(project: Project) -> tuple[Found, ...]:
    """What counts of every indicator: whose value goes first, is weighed as the rulebook says."""
    promised = sent_content(project.bid).get("promises")
    return result(
        book_of(project).measuring, indicators=indicators(project.challenge), values=values(project),
        promised=promised if isinstance(promised, Mapping) else {},
    )  # fmt: skip


def indicators(challenge: Challenge) -> list[dict[str, object]]:
    """The indicators as listed: id, name, unit, operator, threshold, test method, place of data, tester."""
    return list(challenge.content.get("indicators") or [])


def meets(value: Decimal, *, operator: str, threshold: Decimal) -> bool:
    """Whether a measured value satisfies `operator threshold`; operators: >=, <=, =, >, <."""
    return REACHED[operator](value, threshold)


def blocking_opinions(thing: Thing, *, command: str) -> tuple[str, ...]:
    """Keys of the departments' opinions still open that block a command on this thing."""
    book = book_of(thing)
    asked = DepartmentOpinion.objects.filter(given_at__isnull=True)
    if isinstance(thing, Bid):
        return ()
    here = asked.filter(**{kind_of(thing): thing})
    open_keys = set(here.values_list("opinion", flat=True))
    return tuple(key for key, rule in book.opinions.items() if key in open_keys and command in rule.blocks)


def unsigned(challenge: Challenge, needed: int) -> int:
    """Signed reviews still missing over all eligible bids: to the number needed, and of every expert asked."""
    signed = Count("assignments", filter=Q(assignments__status=Assignment.Status.SIGNED))
    left = Count("assignments", filter=Q(assignments__status__in=Assignment.OPEN))
    counted = eligible(challenge).annotate(signed=signed, left=left).values_list("signed", "left")
    return sum(max(needed - done, waiting) for done, waiting in counted)


def _verdicts(found: object) -> Facts:
    current: list[str] = list(found.filter(current=True).values_list("outcome", flat=True))  # type: ignore[attr-defined]
    return {"failed": current.count("fail"), "unclear": current.count("unknown"), "checked": len(current)}

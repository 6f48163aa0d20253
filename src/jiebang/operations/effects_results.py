"""Undoing and mending a result that was proposed or decided: corrections by two, and reserves that step in."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from jiebang.decisions import lifecycle, remedies
from jiebang.decisions.award import places_of
from jiebang.decisions.lifecycle import Step
from jiebang.decisions.remedies import Standing
from jiebang.operations.amending import amend, current, fill, no_scorer, replaced, standings
from jiebang.operations.appointing import PROMOTED, Follow
from jiebang.operations.facts import questioned, reserves, signed, vacant
from jiebang.operations.judging import judged_anew, propose, unaltered
from jiebang.operations.kernel import Act, Stop
from jiebang.operations.malformed import input_reason
from jiebang.operations.names import Event
from jiebang.operations.statements import Said
from jiebang.operations.things import book_of, members, remember
from jiebang.records.awards.models import Amendment, Decision, Objection, Revocation
from jiebang.records.awards.office import IN_DRAW
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge
from jiebang.records.reviews.models import Assignment
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import CorrectionGround
from jiebang.rules.texts import Texts

Params = Mapping[str, Any]


class Placed(BaseModel):
    """What a bid is to be instead; without a rank it keeps its own."""

    model_config = ConfigDict(extra="forbid")
    outcome: str
    rank: Annotated[int, Field(ge=1)] | None = None


class Correcting(BaseModel):
    """The parameters of `correct_result`.

    `strike` are reviews (their numbers) that must not count; the rule then decides anew. `placings` name bids instead.
    """

    model_config = ConfigDict(extra="forbid")
    ground: str
    evidence: Said
    objection: str = ""
    how: Literal["recompute", "name"] = "recompute"
    strike: list[int] = []
    placings: dict[str, Placed] = {}


class Promoting(BaseModel):
    """The parameters of `promote_reserve`: which of those that wait."""

    model_config = ConfigDict(extra="forbid")
    bid: str


def correctable(act: Act, challenge: Challenge) -> None:
    """A result is corrected by people who judged no bid, while nobody has signed and no award is in question."""
    no_scorer(act, challenge)
    if numbers := signed(challenge).values_list("number", flat=True):
        raise Stop(reason("correction.signed", projects=", ".join(numbers)))
    if any(questioned(project) for project in challenge.projects.all()):
        raise Stop(reason("correction.questioned"))
    unaltered(challenge)


def rehearse_correction(_act: Act, challenge: Challenge, *, params: Params) -> None:
    """Stop a correction that names nothing, or nothing that is there."""
    given, _, _ = _correcting(challenge, params)
    if given.how == "name":
        _named(challenge, given)
    else:
        _reviews(challenge, given.strike)


def corrected(
    act: Act, challenge: Challenge, *, step: Step, why: str, params: Params, follow: Follow, **_: Any
) -> Params:
    """The result as it should have been takes the place of what was; every bid and award waits for the decision anew."""
    given, ground, objection = _correcting(challenge, params)
    public = "results_public" in lifecycle.flags(book_of(challenge), kind="challenge", stage=step.to)
    before = standings(current(challenge))
    if given.how == "name":
        _name(act, challenge, given, ground.label)
    else:
        _strike(act, _reviews(challenge, given.strike), why)
        propose(challenge, now=act.now)
    found = remedies.changes(before, standings(current(challenge)))
    if not found:
        raise Stop(reason("correction.nothing"))
    _publish(act, challenge, public=public)
    fill(challenge, vacant(challenge).count(), now=act.now)
    _reopen(act, challenge, follow, why)
    amend(
        act, challenge, Amendment.Kind.CORRECTED, found, ground=ground.label, why=why, public=public,
        objection=objection,
    )  # fmt: skip
    rows = [{"bid": item.bid, "was": item.was, "now": item.now, "rank": item.now_rank} for item in found]
    body = {"ground": given.ground, "objection": given.objection, "changes": rows, "struck": given.strike}
    told = {} if public else {"told": ""}
    return {"changes": rows, "journal": {**body, "evidence": given.evidence}, **told}


def promotable(act: Act, challenge: Challenge) -> None:
    """Who steps in is proposed and confirmed by people who judged no bid, from rows that nobody altered."""
    no_scorer(act, challenge)
    unaltered(challenge)


def rehearse_promotion(act: Act, challenge: Challenge, *, params: Params) -> None:
    """Stop the promotion of a bid that does not wait, or cannot stand any more."""
    _stepping_in(act, challenge, params)


def promoted(act: Act, challenge: Challenge, *, why: str, params: Params, **_: Any) -> Params:
    """A reserve is proposed for the award, in public; it is appointed when its own time to object is over."""
    row = _stepping_in(act, challenge, params)
    bid, before = _bid(row), standings([row])
    challenge.publicity_until = challenge.due_at
    now = replaced(
        row, now=act.now, outcome="awarded", code=PROMOTED, params={"rank": row.rank}, rule="revocation", inputs="",
        published_at=act.now,
    )  # fmt: skip
    found = remedies.changes(before, standings([now]))
    amend(act, challenge, Amendment.Kind.PROMOTED, found, why=why)
    return {"bid": bid.number, "journal": {"bid": bid.number, "publicity_until": challenge.publicity_until}}


def not_promoted(act: Act, challenge: Challenge, *, why: str, **_: Any) -> Params:
    """The bid waits on the reserve list as before, and the place is vacant again."""
    rows = challenge.decisions.filter(current=True, code=PROMOTED, final_at=None)
    numbers = []
    for row in rows.select_related("bid__consortium", "bid__challenge__call"):
        bid = _bid(row)
        was = bid.decisions.filter(current=False, outcome="reserve").latest("pk")
        Decision.objects.filter(pk=row.pk).update(current=False)
        now = replaced(was, now=act.now, published_at=act.now, final_at=act.now)
        found = remedies.changes(standings([row]), standings([now]))
        amend(act, challenge, Amendment.Kind.REFUSED, found, why=why)
        numbers.append(bid.number)
    return {"journal": {"bids": numbers}}


def _correcting(
    challenge: Challenge, params: Params
) -> tuple[Correcting, CorrectionGround, Objection | None]:
    try:
        given = Correcting.model_validate(dict(params))
    except ValidationError as error:
        raise Stop(*(input_reason(item) for item in error.errors())) from None
    rule = book_of(challenge).correction
    known = rule.grounds if rule else {}
    ground = known.get(given.ground)
    if ground is None:
        raise Stop(
            reason("correction.no_ground", field="ground", ground=given.ground, known=", ".join(known))
        )
    upheld = challenge.objections.filter(number=given.objection, status__in=("upheld", "partly")).first()
    if upheld is None and (ground.objection or given.objection):
        raise Stop(reason("correction.no_objection", field="objection"))
    if given.how == "name" and (given.strike or not given.placings):
        raise Stop(reason("correction.name_bids", field="placings"))
    if given.how == "recompute" and given.placings:
        raise Stop(reason("correction.one_way", field="how"))
    return given, ground, upheld


def _named(challenge: Challenge, given: Correcting) -> tuple[Standing, ...]:
    """The result with the placings that were named; stops where they cannot be, or change nothing."""
    book, rows = book_of(challenge), current(challenge)
    may = lifecycle.origins(book, kind="bid", command="award_bid")
    may |= lifecycle.origins(book, kind="bid", command="reopen_bid")
    leads = challenge.max_leads if challenge.max_leads > 1 else None
    placings = {
        bid: remedies.Placing(outcome=placed.outcome, rank=placed.rank)
        for bid, placed in given.placings.items()
    }
    found = remedies.named(
        standings(rows), placings, places=places_of(book, racing=bool(leads), leads=leads),
        closed=[_bid(row).number for row in rows if _bid(row).stage not in may],
    )  # fmt: skip
    if against := [item for item in found if isinstance(item, Reason)]:
        raise Stop(*against)
    kept = tuple(item for item in found if isinstance(item, Standing))
    if not remedies.changes(standings(rows), kept):
        raise Stop(reason("correction.nothing"))
    return kept


def _name(act: Act, challenge: Challenge, given: Correcting, ground: Texts) -> None:
    """Outcomes by name rest on two people and not on the rule, so they carry no inputs that would give them again."""
    wanted = {item.bid: item for item in _named(challenge, given)}
    challenge.decisions.filter(current=True, bid=None).update(current=False)
    for row in current(challenge):
        if row.outcome == "revoked":
            continue
        new = wanted[_bid(row).number]
        if (new.outcome, new.rank) == (row.outcome, row.rank):
            replaced(row, now=act.now, tie=new.tie)
        else:
            replaced(
                row, now=act.now, outcome=new.outcome, rank=new.rank, tie=new.tie, inputs="",
                code="award.corrected", params={"ground": ground}, rule="correction",
            )  # fmt: skip


def _reviews(challenge: Challenge, strike: list[int]) -> list[Assignment]:
    """The signed reviews that are not to count."""
    rows = Assignment.objects.filter(bid__challenge=challenge, status=Assignment.Status.SIGNED, pk__in=strike)
    found = list(rows.select_related("bid__challenge__call", "expert"))
    if len(found) != len(set(strike)):
        raise Stop(reason("correction.no_review", field="strike"))
    return found


def _strike(act: Act, rows: list[Assignment], why: str) -> None:
    for row in rows:
        row.status, row.recused_why = Assignment.Status.STRUCK, why[:1000]
        row.save(update_fields=["status", "recused_why"])
        remember(act, Event.REVIEW_STRUCK, row.bid, body={"assignment": row.pk, "why": why})


def _publish(act: Act, challenge: Challenge, *, public: bool) -> None:
    """The corrected result is as public as the stage it is in, and its time to object runs anew."""
    rows = challenge.decisions.filter(current=True).exclude(outcome="revoked")
    if public and rows.filter(code=IN_DRAW).exists():
        raise Stop(reason("correction.draw"))
    rows.update(published_at=act.now if public else None, final_at=None)
    challenge.publicity_until = challenge.due_at if public else None


def _reopen(act: Act, challenge: Challenge, follow: Follow, why: str) -> None:
    """What was decided on bids waits for the decision again; what grew out of awards is set aside until then."""
    book = book_of(challenge)
    decided = lifecycle.origins(book, kind="bid", command="reopen_bid")
    for bid in challenge.bids.select_for_update(of=("self",)).filter(stage__in=decided):
        bid.challenge = challenge
        follow(act, bid, "reopen_bid", why=why)
    begun = lifecycle.origins(book, kind="project", command="set_aside_award")
    for project in challenge.projects.filter(stage__in=begun).select_related("bid__consortium"):
        project.challenge = challenge
        follow(act, project, "set_aside_award", why=why)


def _stepping_in(act: Act, challenge: Challenge, params: Params) -> Decision:
    """The reserve that was chosen; stops where it cannot step in."""
    try:
        chosen = Promoting.model_validate(dict(params)).bid
    except ValidationError as error:
        raise Stop(*(input_reason(item) for item in error.errors())) from None
    waiting = {_bid(row).number: row for row in reserves(challenge).select_related("bid__consortium")}
    row = waiting.get(chosen)
    # what two people named does not follow from the rule, so the rule is not asked whether it would still
    ruled = judged_anew(challenge, now=act.now).decisions if row and row.inputs else ()
    lost = Revocation.objects.filter(project__challenge=challenge, breach=True)
    against = remedies.against_promotion(
        chosen, reserves=waiting, again=next((item for item in ruled if item.bid == chosen), None),
        members=members(_bid(row)) if row else (),
        breached=set(lost.values_list("project__bid__consortium__lead", flat=True)),
    )  # fmt: skip
    if against or row is None:
        raise Stop(*against)
    return row


def _bid(row: Decision) -> Bid:
    assert row.bid is not None
    return row.bid


BEFORE: dict[tuple[str, str], Any] = {
    ("challenge", "correct_result"): correctable,
    ("challenge", "promote_reserve"): promotable,
    ("challenge", "refuse_reserve"): promotable,
}
AFTER: dict[tuple[str, str], Any] = {
    ("challenge", "correct_result"): corrected,
    ("challenge", "promote_reserve"): promoted,
    ("challenge", "refuse_reserve"): not_promoted,
}
REHEARSE: dict[tuple[str, str], Any] = {
    ("challenge", "correct_result"): rehearse_correction,
    ("challenge", "promote_reserve"): rehearse_promotion,
}

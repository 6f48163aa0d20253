"""Playing projects: gates, signatures, milestones, measures, money, racing, validation, follow-up."""

from decimal import Decimal
from typing import Any

from jiebang.demo.acts import Act
from jiebang.demo.content_models import Event
from jiebang.demo.forms import statement
from jiebang.demo.play_agreements import align
from jiebang.demo.play_needs import words
from jiebang.demo.stage import Stage, Stuck, plays
from jiebang.operations.follow_ups import link_end, link_token, says_in_use
from jiebang.records.agreements.models import Paper
from jiebang.records.challenges.models import DepartmentOpinion
from jiebang.records.projects.models import Diligence, FollowUp, Instalment, Measurement
from jiebang.records.projects.queries import last_measured

# What people do that leaves no record of its own: talk, plans, checks by eye, what time does by itself.
# `start_compliance` is done by the award.
TOLD = (
    Act.APPOINT, Act.REQUEST_EVIDENCE, Act.PREVIEW_NOTICE, Act.CLOSE_CHALLENGE,
    Act.ASSIGN_OBJECTION, Act.CORRECT_NOTICE, Act.START_COMPLIANCE, Act.COMPARE_RACING,
    Act.CONTINUE_RACING, Act.REPORT_PROBLEM, Act.ADVISE, Act.ACKNOWLEDGE_TERMINATION, Act.PLAN_VALIDATION,
    Act.RETURN_MILESTONE, Act.AUDIT_SAMPLE,
)  # fmt: skip


@plays(*TOLD)
def told(stage: Stage, event: Event) -> None:
    """Nothing to record."""


@plays(Act.DEPARTMENT_OPINION)
def department_opinion(stage: Stage, event: Event) -> None:
    """A department gives its named opinion on a need or project."""
    field = "need" if event.subject in stage.content.needs else "project"
    where = {f"{field}__number": stage.number(event.subject), "opinion": event.data["department"]}
    asked = DepartmentOpinion.objects.filter(**where, given_at=None).first()
    if asked is None:
        raise Stuck(f"{event.data['department']} was not asked about {event.subject}")
    favourable = event.data["opinion"] == "no_objection"
    stage.do("give_opinion", by=event.by, opinion=asked.pk, favourable=favourable, text=words(event, "text"))


@plays(Act.CLEAR_COMPLIANCE)
def clear_compliance(stage: Stage, event: Event) -> None:
    """Close a gate with its finding."""
    data = event.data
    stage.do(
        "close_gate", by=event.by, project=stage.number(event.subject), gate=data["gate"], finding=words(event, "text"),
        found=data["found"], reference=data.get("reference", ""), list_version=data.get("list", ""),
    )  # fmt: skip


@plays(Act.RECORD_CHAIN_PART)
def record_chain_part(stage: Stage, event: Event) -> None:
    """Who does which part, and where; country and region are the organisation's own where none is named."""
    given = {key: value for key, value in event.data.items() if key != "text"}
    stage.do(
        event.act.value, by=event.by, project=stage.number(event.subject), does=words(event, "text"), **given
    )


@plays(Act.SIGN_AGREEMENT)
def sign_agreement(stage: Stage, event: Event) -> None:
    """A party signs the agreement; before the first signature both sides accept one statement."""
    number = stage.number(event.subject)
    paper = Paper.objects.filter(project__number=number, replaced_at=None).first()
    sha256 = paper.sha256 if paper else align(stage, event.subject)
    stage.do("sign", by=event.by, project=number, sha256=sha256)


@plays(Act.SIGN_PLEDGE)
def sign_pledge(stage: Stage, event: Event) -> None:
    """The lead researcher gives the pledge under the agreement as it stands."""
    number = stage.number(event.subject)
    paper = Paper.objects.get(project__number=number, replaced_at=None)
    stage.do("give_pledge", by=event.by, project=number, sha256=paper.sha256)


@plays(Act.START_PROJECT)
def start_project(stage: Stage, event: Event) -> None:
    """The signed agreement is recorded."""
    stage.move("project", event.subject, "sign_agreement", by=event.by)


@plays(Act.PAY_INSTALMENT)
def pay_instalment(stage: Stage, event: Event) -> None:
    """Record a payment; its amount follows from the shares of the rulebook."""
    number = stage.number(event.subject)
    part = Instalment.objects.get(project__number=number, due_command=event.data["after"])
    if part.amount != Decimal(event.data["amount"]):
        raise Stuck(f"{event.subject}: {part.amount} by rule, {event.data['amount']} by the course")
    paid(stage, event, number, part.order)


def paid(stage: Stage, event: Event, number: str, order: int) -> None:
    """One officer proposes a payment, the other confirms it."""
    stage.do("pay_instalment", by=event.by, project=number, order=order, paid_on=event.at.date())
    stage.do("confirm_payment", by=event.data["confirmed_by"], project=number, order=order, agree=True)


@plays(Act.REPORT_MILESTONE)
def report_milestone(stage: Stage, event: Event) -> None:
    """Report on a milestone with the values measured so far."""
    number, measured = stage.number(event.subject), event.data.get("measured") or {}
    report = {"done": words(event, "text"), "measured": measured}
    order = _order(stage, event)
    stage.do("report_milestone", by=event.by, project=number, order=order, report=report)


@plays(Act.ACCEPT_MILESTONE)
def accept_milestone(stage: Stage, event: Event) -> None:
    """Accept a milestone."""
    number = stage.number(event.subject)
    stage.do("accept_milestone", by=event.by, project=number, order=_order(stage, event))


@plays(Act.ASK_ACCEPTANCE)
def ask_acceptance(stage: Stage, event: Event) -> None:
    """The lead says the work is done and shows the final values."""
    _measure(stage, event, occasion="acceptance")
    stage.move("project", event.subject, "ask_acceptance", by=event.by)


@plays(Act.ACCEPT_RESULT)
def accept_result(stage: Stage, event: Event) -> None:
    """The office measures anew what the lead showed, and accepts when no indicator is unmet."""
    number = stage.number(event.subject)
    for row in last_measured(Measurement.objects.filter(project__number=number)).values():
        stage.do("measure", by=event.by, project=number, indicator=row.indicator, value=str(row.value))
    stage.move("project", event.subject, "accept", by=event.by)


@plays(Act.BACK_TO_WORK, Act.SUSPEND, Act.RESUME)
def simple_move(stage: Stage, event: Event) -> None:
    """A move of one person with a reason."""
    why = words(event, "reason") or "The cause has gone; the days lost are added."
    stage.move("project", event.subject, event.act.value, by=event.by, why=why)


@plays(Act.DROP_RACING)
def drop_racing(stage: Stage, event: Event) -> None:
    """The weaker of two racing projects ends after a stage."""
    stage.move("project", event.subject, "drop", by=event.by, why=words(event, "reason"))


@plays(Act.STATE_DILIGENCE)
def state_diligence(stage: Stage, event: Event) -> None:
    """The team says what it did with due care and what it learned."""
    content = {key: statement(said, lang="zh-Hans") for key, said in event.data.items()}
    stage.do("state_diligence", by=event.by, project=stage.number(event.subject), content=content)


@plays(Act.ANSWER_DILIGENCE)
def answer_diligence(stage: Stage, event: Event) -> None:
    """The owner says whether it was so, to the text as it stands."""
    number = stage.number(event.subject)
    row = Diligence.objects.get(project__number=number)
    stage.do(
        "answer_diligence", by=event.by, project=number, sha256=row.sha256, agree=event.data["agree"],
        text=words(event, "text"), lang="en",
    )  # fmt: skip


@plays(Act.TERMINATE)
def terminate(stage: Stage, event: Event) -> None:
    """An officer proposes to end a project, with or without fault."""
    command = "terminate" if event.data["fault"] == "none" else "terminate_for_fault"
    made = stage.move("project", event.subject, command, by=event.by, why=words(event, "reason"))
    stage.rows["proposal", event.subject] = made["proposal"]


@plays(Act.CONFIRM_TERMINATION)
def confirm_termination(stage: Stage, event: Event) -> None:
    """The second officer agrees."""
    asked = stage.rows.pop(("proposal", event.subject))
    stage.do("answer_proposal", by=event.by, proposal=asked, agree=True)


@plays(Act.VALIDATE)
def validate(stage: Stage, event: Event) -> None:
    """The owner signs that the result works in daily use."""
    _measure(stage, event, occasion="validation")
    data = event.data
    need = stage.content.needs[stage.content.projects[event.subject].challenge]
    said = data["statement"]
    others = {tag: {"text": text, "by": "human"} for tag, text in said.items() if tag != need.language}
    content = {
        "used_for": data["used_for"], "users": data["users"], "measured": data["measured"], "works": data["works"],
        "statement": {"lang": need.language, "text": said[need.language], "translations": others},
    }  # fmt: skip
    stage.move("project", event.subject, "validate", by=event.by, params={"content": content})


@plays(Act.FOLLOW_UP)
def follow_up(stage: Stage, event: Event) -> None:
    """The owner says whether the result is in use."""
    data = event.data
    content = {"in_use": data["in_use"], "users": data["users"], "changes": data["text"]}
    if data.get("by_link"):
        return _by_link(stage, event, content)
    stage.do(
        "give_follow_up", by=event.by, project=stage.number(event.subject), month=data["months"],
        in_use=bool(says_in_use(content)), content=content,
    )  # fmt: skip


def _by_link(stage: Stage, event: Event, content: dict[str, Any]) -> None:
    """The answer by the link that a letter carries, without signing in."""
    number, month = stage.number(event.subject), event.data["months"]
    row = FollowUp.objects.select_related("project__challenge__call").get(project__number=number, month=month)
    token = link_token(row, stage.people[event.by], until=link_end(row, now=event.at))
    stage.do("answer_follow_up", by=None, token=token, content=content)


def _order(stage: Stage, event: Event) -> int:
    plan = stage.content.bids[stage.content.projects[event.subject].bid].plan
    return [item.id for item in plan].index(event.data["milestone"]) + 1


def _measure(stage: Stage, event: Event, *, occasion: str) -> None:
    for indicator, value in (event.data.get("measured") or {}).items():
        stage.do(
            "measure", by=event.by, project=stage.number(event.subject), indicator=indicator, value=str(value),
            occasion=occasion,
        )  # fmt: skip

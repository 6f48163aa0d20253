"""After the award: checks, signatures, milestones, measured values, money; each by its own people, each once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

import factories as make
from acting import Round, refused
from jiebang.operations.appointing import due_on
from jiebang.operations.facts import project_facts
from jiebang.records.agreements.models import Signature
from jiebang.records.outbox.models import Message
from jiebang.records.projects.models import Measurement, Milestone, Project

pytestmark = pytest.mark.django_db


def test_every_spelling_of_a_month_that_a_bid_may_be_sent_with_is_planned() -> None:
    """What the form takes must not stop the award when it is decided."""
    planned = [
        due_on({"month": month}, start=date(2026, 6, 1)) for month in ("3.0", " 3 ", 3.0, "+3", 3, "3")
    ]
    assert planned == [date(2026, 9, 1)] * 6
    assert due_on({"month": 0}, start=date(2026, 6, 1)) == date(2026, 6, 1)
    assert due_on({"month": "", "due_on": "2027-01-02"}, start=date(2026, 6, 1)) == date(2027, 1, 2)
    assert due_on({}, start=date(2026, 6, 1)) is None


def test_nothing_runs_before_checks_are_closed_and_both_have_signed() -> None:
    course = Round().decided()
    board, officer = course.board, course.board.officer
    start = {"kind": "project", "number": course.project, "command": "sign_agreement"}
    assert refused("move", officer, at=course.at, **start) == ["lifecycle.guard_fails"]
    gate = "ethics"
    closed = {"project": course.project, "gate": gate, "finding": "Nobody is tried on.", "found": "none"}
    assert refused("close_gate", board.lead_person, at=course.at, **closed) == ["access.role"]
    course.do("close_gate", officer, **closed)
    assert refused("close_gate", officer, at=course.at, **closed) == ["project.gate_closed"]
    report = {"project": course.project, "order": 1, "report": {"done": "x"}}
    assert refused("report_milestone", board.lead_person, at=course.at, **report) == ["project.not_running"]


@pytest.mark.parametrize("absent", ["lead", "owner"])
def test_an_agreement_runs_only_with_the_lead_and_the_owner(absent: str) -> None:
    """Two signatures of one side are not an agreement: a partner does not sign for the lead, nor one owner for another."""
    course = Round().decided()
    project = Project.objects.get(number=course.project)
    lead, owner, other = (
        project.bid.consortium.lead,
        project.challenge.need.owner,
        make.guangxi_organisation().party,
    )
    sides = {"lead": lead, "owner": owner, "other": other}
    paper = make.paper(project, at=course.at)
    for party in (party for side, party in sides.items() if side != absent):
        Signature.objects.create(project=project, paper=paper, party=party, by=make.person(), at=course.at)
    facts = project_facts(project, now=course.at)
    assert {side: facts[f"{side}_signed"] for side in ("lead", "owner")} == {
        side: side != absent for side in ("lead", "owner")
    }
    start = {"kind": "project", "number": course.project, "command": "sign_agreement"}
    project.gates.update(closed_at=course.at)
    assert refused("move", course.board.officer, at=course.at, **start) == ["lifecycle.guard_fails"]


def test_a_department_gives_its_own_opinion_and_blocks_until_then() -> None:
    course = Round().decided()
    asked = Project.objects.get(number=course.project).opinions.get()
    other = make.person(role="department", party=course.board.office.party, scope="another")
    given = {"opinion": asked.pk, "favourable": True, "text": "Fine."}
    assert refused("give_opinion", other, **given) == ["opinion.not_yours"]
    mine = make.person(role="department", party=course.board.office.party, scope=asked.opinion)
    course.do("give_opinion", mine, **given)
    assert refused("give_opinion", mine, **given) == ["access.not_found"]


def test_a_milestone_is_reported_before_it_is_accepted() -> None:
    course = Round().running()
    board, first = course.board, {"project": course.project, "order": 1}
    assert refused("accept_milestone", board.owner_person, **first) == ["project.milestone_order"]
    course.do("report_milestone", board.lead_person, **first, report={"done": make.statement("Read.")})
    course.do("accept_milestone", board.officer, **first)
    assert refused("report_milestone", board.lead_person, project=course.project, order=9, report={}) == [
        "access.not_found"
    ]
    rival = make.person(role="lead")
    assert refused("report_milestone", rival, **first, report={}) == ["access.not_found"]


def test_a_report_that_misses_something_comes_back_to_the_lead() -> None:
    course = Round().running()
    board, first = course.board, {"project": course.project, "order": 1}
    back = {**first, "remark": "The second village is missing."}
    assert refused("return_milestone", board.owner_person, **back) == ["project.milestone_order"]
    course.do("report_milestone", board.lead_person, **first, report={"done": make.statement("Read.")})
    assert refused("return_milestone", board.owner_person, **{**back, "remark": " "}) == ["request.missing"]
    course.do("return_milestone", board.owner_person, **back)
    step = Milestone.objects.get(project__number=course.project, order=1)
    assert (step.reported_at, step.remark) == (None, back["remark"])
    assert Message.objects.filter(to_user=board.lead_person, code="mail.milestone_returned").exists()
    course.do("report_milestone", board.lead_person, **first, report={"done": make.statement("Both.")})
    course.do("accept_milestone", board.officer, **first)
    assert refused("return_milestone", board.owner_person, **back) == ["project.milestone_order"]


def test_acceptance_follows_from_the_measured_values() -> None:
    course = Round().running()
    board = course.board
    course.move("project", "ask_acceptance", board.lead_person)
    accept = {"kind": "project", "number": course.project, "command": "accept"}
    measure = {"project": course.project, "indicator": "I1"}
    assert course.do("measure", board.lead_person, **measure, value="3.1")["met"] is False
    assert refused("move", board.officer, at=course.at, **accept) == ["lifecycle.guard_fails"]
    assert course.do("measure", board.lead_person, **measure, value="0.1")["met"] is True
    assert refused("move", board.officer, at=course.at, **accept) == ["lifecycle.guard_fails"], (
        "it says so itself"
    )
    assert course.do("measure", board.second, **measure, value="3.0")["met"] is True
    assert refused("measure", board.lead_person, **{**measure, "indicator": "I9"}, value="1") == [
        "project.unknown_indicator"
    ]
    assert refused("measure", make.person(role="lead"), **measure, value="1") == ["access.not_found"]
    assert refused("measure", board.lead_person, **measure, value="1e30") == ["request.number_long"]
    course.do("measure", board.lead_person, **measure, value="9")
    course.move("project", "accept", board.officer)


def test_values_of_a_report_are_the_leads_own_until_somebody_else_agrees() -> None:
    course = Round().running()
    board, first = course.board, {"project": course.project, "order": 1}
    report = {"done": make.statement("Read."), "measured": {"I1": "2.5"}}
    long = {**report, "measured": {"I1": "2.12345678"}}
    assert refused("report_milestone", board.lead_person, **first, report=long) == ["request.number_long"]
    course.at += timedelta(hours=3)
    course.do("report_milestone", board.lead_person, **first, report=report)
    project = Project.objects.get(number=course.project)
    assert (project.updated_at, project.updated_by) == (course.at, board.lead_person), "its last change"
    told = Measurement.objects.get(project=project)
    assert (told.value, told.met, told.reported, told.occasion) == (Decimal("2.5"), True, True, "milestone")
    assert project_facts(project, now=course.at)["unconfirmed"] == 1
    course.do("measure", board.owner_person, project=course.project, indicator="I1", value="2.5")
    facts = project_facts(project, now=course.at)
    assert (facts["unconfirmed"], facts["unmet"]) == (0, 0)


def test_nothing_is_measured_by_an_official_with_a_stake_nor_after_the_end() -> None:
    course = Round().running()
    board, measure = course.board, {"project": course.project, "indicator": "I1", "value": "1"}
    tied = make.person(role="officer", party=board.office.party)
    make.engaged(tied, role="partner", party=board.lead.party)
    assert refused("measure", tied, at=course.at, **measure) == ["four_eyes.interested"]
    course.ends_without_fault("The site was flooded.")
    for one in (board.lead_person, board.officer):
        assert refused("measure", one, at=course.at, **measure) == ["project.not_running"]


def test_only_what_is_due_is_paid_and_only_what_was_planned_is_followed_up() -> None:
    course = Round().running()
    board = course.board
    late = {"project": course.project, "order": 2, "paid_on": course.at.date().isoformat()}
    assert refused("pay_instalment", board.officer, at=course.at, **late) == ["project.not_due"]
    said = {"project": course.project, "month": 3, "in_use": True}
    assert refused("give_follow_up", board.owner_person, at=course.at, **said) == [
        "project.follow_up_unknown"
    ]
    assert refused("give_follow_up", board.lead_person, at=course.at, **said) == ["access.role"]


def test_a_project_is_terminated_by_two_officers_with_a_reason() -> None:
    course = Round().running()
    given = {"kind": "project", "number": course.project, "command": "terminate"}
    assert refused("move", course.board.officer, at=course.at, **given) == ["lifecycle.guard_fails"]
    course.ends_without_fault("The site was flooded.")
    assert Project.objects.get(number=course.project).ended_at == course.at


def test_reports_and_follow_ups_are_held_to_the_rulebooks_forms_whatever_the_door() -> None:
    course = Round().running()
    lead, first = course.board.lead_person, {"project": course.project, "order": 1}
    assert refused("report_milestone", lead, at=course.at, **first, report={}) == ["form.required"]
    wrong = {"done": "Read.", "measured": {"I9": 2}, "invented": 1}
    assert refused("report_milestone", lead, at=course.at, **first, report=wrong) == [
        "form.unknown_indicator",
        "form.unknown_field",
    ]


@pytest.mark.parametrize(
    ("in_use", "content", "codes"),
    [
        (True, {}, ["form.required"]),
        (False, {"in_use": "paused"}, ["project.follow_up_why"]),
        (False, {"in_use": "not_in_use", "why": "  "}, ["project.follow_up_why"]),
        (True, {"in_use": "not_in_use", "changes": "None."}, ["project.follow_up_contradicts"]),
        (False, {"in_use": "partly", "changes": "None."}, ["project.follow_up_contradicts"]),
    ],
)
def test_a_follow_up_answers_its_form_and_does_not_contradict_it(
    in_use: bool, content: dict[str, str], codes: list[str]
) -> None:
    course = Round().validated()
    said = {"project": course.project, "month": 3, "in_use": in_use, "content": content}
    assert refused("give_follow_up", course.board.owner_person, at=course.at, **said) == codes

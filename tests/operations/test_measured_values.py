"""Values with evidence, independent testers, disputes with a re-run, and grades; each by its own people."""

from datetime import timedelta
from typing import Any

import pytest

import factories as make
from acting import Round, done, refused
from jiebang.operations.facts import project_facts, unmet
from jiebang.records.files.models import StoredFile
from jiebang.records.indicators.models import Dispute, Evidence, Grading
from jiebang.records.indicators.queries import altered, set_aside
from jiebang.records.journal.queries import entries, entry_of
from jiebang.records.people.models import Organisation, User
from jiebang.records.projects.models import Measurement, Milestone, Project
from jiebang.records.reviews.models import Conflict

pytestmark = pytest.mark.django_db
HASH = "b" * 64
SHOWN = {
    "sha256": HASH,
    "made_by": "The laboratory",
    "made_at": "Room 3",
    "made_on": "2026-06-01",
    "method": "500 pages by lot",
}


def project_of(course: Round) -> Project:
    return Project.objects.get(number=course.project)


def laboratory() -> tuple[Organisation, User]:
    """An organisation without a tie, and somebody there who can measure."""
    found = make.organisation("Sample Laboratory", slug="lab")
    return found, make.person(role="expert", party=found.party)


def measured(course: Round, by: User, value: object, **given: Any) -> int:
    made = course.do("measure", by, project=course.project, indicator="I1", value=value, **given)
    return int(made["measurement"])


def disputed(course: Round) -> tuple[int, User]:
    """The owner measured a miss, the lead disputes it, a laboratory is named."""
    _, tester = laboratory()
    key = measured(course, course.board.owner_person, "3.4")
    course.do(
        "dispute_value", course.board.lead_person, project=course.project, measurement=key, why="Not by lot."
    )
    course.do(
        "name_tester",
        course.board.officer,
        project=course.project,
        organisation="lab",
        why="It has the machine.",
    )
    return key, tester


def test_evidence_is_stored_by_the_measurer_with_how_it_came_about_and_sealed_in_the_journal() -> None:
    course = Round().running()
    owner, party = course.board.owner_person, course.board.owner.party
    given = {"project": course.project, "indicator": "I1", "value": "2", "evidence": [SHOWN]}
    assert refused("measure", owner, at=course.at, **given) == ["file.not_uploaded"]
    StoredFile.objects.create(
        sha256=HASH, name="r.pdf", size=9, media_type="application/pdf", party=party, stored_at=course.at
    )
    assert refused("measure", course.board.officer, at=course.at, **given) == ["file.not_uploaded"], (
        "another's file"
    )
    future = {**given, "evidence": [{**SHOWN, "made_on": "2031-01-01"}]}
    assert refused("measure", owner, at=course.at, **future) == ["request.not_a_day"]
    nameless = {**given, "evidence": [{**SHOWN, "made_by": " "}]}
    assert refused("measure", owner, at=course.at, **nameless) == ["request.missing"]
    course.do("measure", owner, **given)
    said = entry_of(entries(event="indicator:measured")[0]).body
    assert said["evidence"] == [f"{HASH}|The laboratory|Room 3|2026-06-01|500 pages by lot"]
    assert said["by"] == "owner"


@pytest.mark.parametrize("change", ["replaced", "provenance", "removed", "value"])
def test_what_was_changed_after_signing_is_found_and_no_longer_counts(change: str) -> None:
    course = Round().running()
    owner, party = course.board.owner_person, course.board.owner.party
    StoredFile.objects.create(
        sha256=HASH, name="r.pdf", size=9, media_type="application/pdf", party=party, stored_at=course.at
    )
    key = measured(course, owner, "2", evidence=[SHOWN])
    project = project_of(course)
    assert (altered(project), unmet(project)) == ({}, ())
    if change == "replaced":
        Evidence.objects.update(sha256="c" * 64)
    elif change == "provenance":
        Evidence.objects.update(method="By eye")
    elif change == "removed":
        Evidence.objects.all().delete()
    else:
        Measurement.objects.update(value=1)
    assert altered(project) == {key: "value" if change == "value" else "evidence"}
    assert unmet(project) == ("I1",)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e308", "3,5", "much", "", "1" * 30])
def test_a_value_is_a_plain_number(value: str) -> None:
    course = Round().running()
    given = {"project": course.project, "indicator": "I1", "value": value}
    codes = refused("measure", course.board.officer, at=course.at, **given)
    assert codes in (["request.not_a_number"], ["request.number_long"], ["request.missing"])


def test_a_tester_has_no_tie_to_the_project() -> None:
    course = Round().running()
    officer, board = course.board.officer, course.board
    name = {"project": course.project, "why": "It has the machine."}
    for organisation, code in (
        (board.lead.party.slug, "tester.party"),
        (board.owner.party.slug, "tester.party"),
    ):
        assert refused("name_tester", officer, at=course.at, **name, organisation=organisation) == [code]
    empty = make.organisation("Nobody There", slug="empty")
    assert refused("name_tester", officer, at=course.at, **name, organisation="empty") == ["tester.nobody"]
    assert empty
    _, person = laboratory()
    tie = Conflict.objects.create(
        expert=person,
        kind="co_author",
        other=course.board.lead_person,
        declared_at=course.at,
        declared_by=officer,
    )
    assert refused("name_tester", officer, at=course.at, **name, organisation="lab") == ["conflict.through"]
    tie.delete()
    course.do("name_tester", officer, **name, organisation="lab")
    assert refused("name_tester", board.lead_person, at=course.at, **name, organisation="lab") == [
        "access.role"
    ]
    assert measured(course, person, "2.2")
    assert Measurement.objects.get().role == "tester"
    make.organisation("Another", slug="other")
    make.person(role="expert", party=Organisation.objects.get(party__slug="other").party)
    course.do("name_tester", officer, **name, organisation="other")
    given = {"project": course.project, "indicator": "I1", "value": "2"}
    assert refused("measure", person, at=course.at, **given) == ["access.not_found"], "no longer the tester"


def test_the_testers_value_goes_before_all_others() -> None:
    course = Round().running()
    _, tester = laboratory()
    course.do("name_tester", course.board.officer, project=course.project, organisation="lab", why="By lot.")
    measured(course, tester, "2.2")
    course.at += timedelta(days=1)
    measured(course, course.board.owner_person, "9")
    assert unmet(project_of(course)) == (), "whatever others measure later"


def test_a_dispute_is_raised_by_the_other_side_in_time_and_once() -> None:
    course = Round().running()
    board = course.board
    key = measured(course, board.owner_person, "3.4")
    say = {"project": course.project, "measurement": key, "why": "Not by lot."}
    assert refused("dispute_value", board.owner_person, at=course.at, **say) == ["dispute.own"]
    assert refused("dispute_value", make.person(role="lead"), at=course.at, **say) == ["access.not_found"]
    assert refused("dispute_value", board.officer, at=course.at, **say) == ["access.role"]
    assert refused("dispute_value", board.lead_person, at=course.at, **{**say, "why": " "}) == [
        "request.missing"
    ]
    late = course.at + timedelta(days=15, seconds=1)
    assert refused("dispute_value", board.lead_person, at=late, **say) == ["dispute.late"]
    course.do("dispute_value", board.lead_person, **say)
    assert refused("dispute_value", board.lead_person, at=course.at, **say) == ["dispute.already"]


def test_while_a_value_is_in_dispute_acceptance_and_payment_wait() -> None:
    course = Round().running()
    board = course.board
    course.do(
        "report_milestone",
        board.lead_person,
        project=course.project,
        order=1,
        report={"done": make.statement("Read.")},
    )
    disputed(course)
    assert project_facts(project_of(course), now=course.at)["open_disputes"] == 1
    step = {"project": course.project, "order": 1}
    assert refused("accept_milestone", board.officer, at=course.at, **step) == ["dispute.open"]
    pay = {**step, "paid_on": course.at.date().isoformat()}
    assert refused("pay_instalment", board.officer, at=course.at, **pay) == ["money.dispute"]
    course.move("project", "ask_acceptance", board.lead_person)
    accept = {"kind": "project", "number": course.project, "command": "accept"}
    assert refused("move", board.officer, at=course.at, **accept) == ["lifecycle.guard_fails"]


def test_a_re_run_by_the_tester_is_decided_by_somebody_who_measured_neither() -> None:
    course = Round().running()
    board = course.board
    key, tester = disputed(course)
    decide = {
        "project": course.project,
        "dispute": 1,
        "stands": "rerun",
        "text": "By lot, as the notice says.",
    }
    assert refused("decide_dispute", board.second, at=course.at, **decide) == ["dispute.no_rerun"]
    again = {"project": course.project, "indicator": "I1", "value": "2.1", "dispute": 1}
    assert refused("measure", board.officer, at=course.at, **again) == ["dispute.tester_only"]
    rerun = course.do("measure", tester, **again)["measurement"]
    assert refused("measure", tester, at=course.at, **again) == ["dispute.measured"]
    assert refused("decide_dispute", tester, at=course.at, **decide) == ["access.role"]
    course.do("decide_dispute", board.second, **decide)
    project = project_of(course)
    assert list(set_aside(project)) == [key]
    assert [str(row.value.normalize()) for row in Measurement.objects.order_by("pk")] == ["3.4", "2.1"], (
        "both stay"
    )
    assert unmet(project) == ()
    assert refused("decide_dispute", board.officer, at=course.at, **decide) == ["dispute.decided"]
    old = {"project": course.project, "measurement": key, "why": "Still."}
    assert refused("dispute_value", board.lead_person, at=course.at, **old) == ["dispute.set_aside"]
    assert Dispute.objects.get().rerun_id == rerun
    course.do(
        "pay_instalment", board.officer, project=course.project, order=1, paid_on=course.at.date().isoformat()
    )


def test_an_officer_who_measured_does_not_decide_and_the_old_value_may_stand() -> None:
    course = Round().running()
    board = course.board
    laboratory()
    key = measured(course, board.officer, "3.4")
    course.do("dispute_value", board.lead_person, project=course.project, measurement=key, why="Not by lot.")
    course.do(
        "name_tester", board.second, project=course.project, organisation="lab", why="It has the machine."
    )
    tester = User.objects.get(engagements__party__slug="lab")
    rerun = measured(course, tester, "2.1", dispute=1)
    decide = {
        "project": course.project,
        "dispute": 1,
        "stands": "old",
        "text": "The machine was not calibrated.",
    }
    assert refused("decide_dispute", board.officer, at=course.at, **decide) == ["dispute.party"]
    course.do("decide_dispute", board.second, **decide)
    assert list(set_aside(project_of(course))) == [rerun]
    assert unmet(project_of(course)) == ("I1",)


def test_a_milestone_shows_the_indicators_that_the_bid_promised_for_it() -> None:
    course = Round().running()
    board, step = course.board, {"project": course.project, "order": 1}
    Milestone.objects.filter(order=1).update(indicators=["I1"])
    course.do("report_milestone", board.lead_person, **step, report={"done": make.statement("Read.")})
    assert refused("accept_milestone", board.officer, at=course.at, **step) == ["project.not_shown"]
    report = {"done": make.statement("Read."), "measured": {"I1": "3.5"}}
    course.do("report_milestone", board.lead_person, **step, report=report)
    course.do("accept_milestone", board.officer, **step)
    assert Milestone.objects.get(order=1).shown == {"I1": {"value": "3.5", "met": False, "by": "lead"}}


@pytest.mark.parametrize(("value", "grade"), [("2.4", "excellent"), ("2.9", "qualified")])
def test_the_accepted_result_has_a_grade_from_what_was_measured(value: str, grade: str) -> None:
    course = Round().running()
    board = course.board
    course.move("project", "ask_acceptance", board.lead_person)
    measured(course, board.officer, value)
    assert course.move("project", "accept", board.officer)["grade"] == grade
    kept = Grading.objects.get()
    assert (kept.grade, kept.result["indicators"]["I1"]["value"]) == (grade, value)


def test_only_who_tests_may_store_files_for_the_laboratory() -> None:
    course = Round().running()
    _, tester = laboratory()
    given = {"organisation": "lab", "upload": make.upload("re-run.pdf")}
    assert refused("store_file", tester, **given) == ["access.not_yours"]
    course.do("name_tester", course.board.officer, project=course.project, organisation="lab", why="By lot.")
    assert done("store_file", tester, at=course.at, **given)["name"] == "re-run.pdf"

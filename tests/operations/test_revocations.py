"""Revoking an award: questioned, heard, decided by another; then a reserve steps in in public, or nobody does."""

from datetime import timedelta
from typing import Any

import pytest

import factories as make
from acting import MILLISECOND, Round, aligned, done, refused, signs
from jiebang.records.agreements.models import Signature
from jiebang.records.awards.models import Amendment, Decision, Objection, Revocation
from jiebang.records.challenges.models import Challenge
from jiebang.records.journal import queries as journal
from jiebang.records.journal.models import JournalEntry
from jiebang.records.outbox.models import Message
from jiebang.records.people.models import Evidence
from jiebang.records.projects.models import Project
from jiebang.records.reviews.models import Conflict
from jiebang.rules.reasons import reason, render
from settled import FALSE, NUMBER, Settled, more_reserves, open_proposal, settled

pytestmark = pytest.mark.django_db
ASKED: dict[str, Any] = {"why": "It does not exist.", "params": FALSE}
WHY = "It ranks next."


def test_an_award_falls_after_its_lead_was_heard_and_the_reserve_steps_in_with_its_own_publicity() -> None:
    case = settled().decided().questioned()
    project, lead = case.project(), case.leads["B-1"]
    assert (project.stage, project.due_clock) == ("questioned", "hearing")
    assert case.refused("project", "revoke_award", case.third, project.number, why="So.") == [
        "lifecycle.guard_fails"
    ]
    case.at += timedelta(hours=1)
    done(
        "answer_revocation", lead, at=case.at, project=project.number, text="It was filed under another name."
    )
    assert case.project().due_clock == "confirmation"
    case.move("project", "revoke_award", case.third, project.number, why="No such name either.")
    assert case.stages == {"B-1": "revoked", "B-2": "reserve", "B-3": "not_awarded"}
    assert case.outcomes["B-1"] == ("revoked", 1)
    assert case.posted.stage == "decided"
    case.two("promote_reserve", {"bid": "B-2"}, why=WHY)
    assert (case.posted.stage, case.outcomes["B-2"]) == ("promoting", ("awarded", 2))
    assert case.refused("challenge", "decide", case.third) == ["lifecycle.guard_fails"], "its own publicity"
    case.over().move("challenge", "decide", case.third)
    assert case.stages["B-2"] == "awarded"
    assert case.project("B-2").stage == "agreement"
    row = Revocation.objects.get()
    assert (row.status, row.breach, row.decided_by, row.filled_at) == ("revoked", True, case.third, case.at)
    assert [item.kind for item in Amendment.objects.order_by("pk")] == ["revoked", "promoted"]
    assert case.refused(
        "challenge", "promote_reserve", case.board.officer, why=WHY, params={"bid": "B-2"}
    ) == ["lifecycle.guard_fails"], "no place is vacant any more"
    assert journal.faults() == []


def test_the_earlier_result_stays_and_a_first_winner_keeps_the_day_it_became_final() -> None:
    case = settled().decided()
    ended = case.at
    case.revoked()
    case.two("promote_reserve", {"bid": "B-2"}, why=WHY)
    case.over().move("challenge", "decide", case.third)
    beaten = Decision.objects.get(bid__number="B-3")
    assert (beaten.current, beaten.final_at) == (True, ended)
    rows = Decision.objects.filter(bid__number__in=["B-1", "B-2"]).order_by("bid__number", "pk")
    assert [(row.outcome, row.current) for row in rows] == [
        ("awarded", False), ("revoked", True), ("reserve", False), ("awarded", True),
    ]  # fmt: skip


def test_the_lead_is_told_what_it_stands_accused_of_and_the_others_only_that_the_award_fell() -> None:
    case = settled().decided()
    Message.objects.all().delete()
    case.questioned()
    (letter,) = Message.objects.filter(code="mail.award_questioned")
    assert letter.to_user == case.leads["B-1"]
    assert "False information in the bid" in letter.body
    assert "> The registry knows no such patent." in letter.body
    case.at += timedelta(hours=1)
    done("answer_revocation", case.leads["B-1"], at=case.at, project=case.project().number, text="It exists.")
    heard = {row.to_user for row in Message.objects.filter(code="mail.revocation_answered")}
    assert heard == {case.board.second, case.third}
    case.move("project", "revoke_award", case.third, case.project().number, why="It does not.")
    others = Message.objects.filter(code="mail.award_revoked")
    assert {row.to_user for row in others} == {case.leads["B-2"], case.leads["B-3"], case.board.owner_person}
    assert not any("registry" in row.body for row in others)
    mine = Message.objects.filter(to_user=case.leads["B-1"], code="mail.outcome_changed").get()
    assert "Awarded (1)" in mine.body
    assert "Award revoked (1)" in mine.body


def test_the_lead_answers_once_and_only_while_the_clock_runs() -> None:
    case = settled().decided()
    lead, project = case.leads["B-1"], case.project().number
    given: dict[str, Any] = {"project": project, "text": "It exists."}
    assert refused("answer_revocation", lead, at=case.at, **given) == ["revocation.none"]
    case.questioned()
    until = case.project().due_at
    assert until is not None
    assert refused("answer_revocation", case.leads["B-2"], at=case.at, **given) == ["access.not_found"]
    assert refused("answer_revocation", case.board.owner_person, at=case.at, **given) == ["access.role"]
    assert refused("answer_revocation", lead, at=until, **given) == ["revocation.closed"]
    assert refused("answer_revocation", lead, at=case.at, **{**given, "text": " "}) == ["request.missing"]
    done("answer_revocation", lead, at=until - MILLISECOND, **given)
    assert refused("answer_revocation", lead, at=until - MILLISECOND, **given) == ["revocation.answered"]
    entry = JournalEntry.objects.get(event="revocation:answered")
    assert "It exists" not in entry.line, "what was said is a commitment only"


def test_an_award_stands_when_the_answer_holds_and_the_time_to_sign_begins_anew() -> None:
    case = settled().decided().questioned()
    project = case.project().number
    assert refused("sign", case.leads["B-1"], at=case.at, project=project, sha256="0" * 64) == [
        "revocation.pending"
    ]
    case.at += timedelta(hours=1)
    done("answer_revocation", case.leads["B-1"], at=case.at, project=project, text="Filed last week.")
    case.move("project", "keep_award", case.third, project, why="The registry has it now.")
    assert (case.project().stage, case.project().due_clock) == ("agreement", "agreement")
    assert Revocation.objects.get().status == "kept"
    assert not Amendment.objects.exists()
    assert case.outcomes["B-1"] == ("awarded", 1)
    case.questioned({"ground": "lead_withdraws", "evidence": "Their letter of today."})
    assert Revocation.objects.count() == 2, "a new reason may come up"


def test_whoever_asked_or_judged_or_has_a_stake_does_not_decide() -> None:
    case = settled().decided()
    project = case.project()
    make.engaged(case.board.officer, role="second_officer", party=case.board.office.party)
    case.questioned()
    case.at = case.project().due_at or case.at
    given: dict[str, Any] = {"number": project.number, "why": "So."}
    assert case.refused("project", "revoke_award", case.board.officer, **given) == ["four_eyes.same_person"]
    assert case.refused("project", "keep_award", case.board.officer, **given) == ["four_eyes.same_person"]
    scorer = case.experts[0]
    make.engaged(scorer, role="second_officer", party=case.board.office.party)
    assert case.refused("project", "revoke_award", scorer, **given) == ["correction.scorer"]
    owner = case.board.owner_person
    make.engaged(owner, role="second_officer", party=case.board.office.party)
    assert case.refused("project", "revoke_award", owner, **given) == ["four_eyes.interested"]
    assert case.refused("project", "revoke_award", case.leads["B-1"], **given) == ["lifecycle.not_yours"]
    assert case.refused("project", "revoke_award", case.third, project.number) == [
        "lifecycle.reason_required"
    ]


def test_after_signing_the_way_is_termination_and_the_refusal_says_so() -> None:
    case = settled().decided()
    project = case.project().number
    aligned(project, case.leads["B-1"], case.board.owner_person, at=case.at)
    signs(project, case.leads["B-1"], at=case.at)
    case.questioned()  # one signature alone binds nobody
    case.at = case.project().due_at or case.at
    case.move("project", "keep_award", case.third, project, why="It stands.")
    signs(project, case.board.owner_person, at=case.at)
    assert case.refused("project", "question_award", case.board.officer, project, **ASKED) == [
        "revocation.signed"
    ]
    text = render(reason("revocation.signed", project=project), lang="en")
    assert "terminate the project" in text


def test_a_running_project_is_terminated_and_its_award_not_revoked() -> None:
    course = Round().running()
    given: dict[str, Any] = {"kind": "project", "number": course.project, "command": "question_award"}
    assert refused("move", course.board.officer, at=course.at, **given, **ASKED) == ["revocation.signed"]


def test_nothing_happens_twice() -> None:
    case = settled().decided().questioned()
    project = case.project().number
    assert case.refused("project", "question_award", case.board.officer, project, **ASKED) == [
        "lifecycle.not_from_here"
    ]
    case.at = case.project().due_at or case.at
    case.move("project", "revoke_award", case.third, project, why="So.")
    for command in ("revoke_award", "keep_award"):
        assert case.refused("project", command, case.third, project, why="So.") == ["lifecycle.not_from_here"]
    case.move("challenge", "promote_reserve", case.board.officer, why=WHY, params={"bid": "B-2"})
    given: dict[str, Any] = {"why": WHY, "params": {"bid": "B-2"}}
    other = make.person(role="officer", party=case.board.office.party)
    assert case.refused("challenge", "promote_reserve", other, **given) == ["four_eyes.open"]
    assert refused(
        "answer_proposal", case.board.officer, at=case.at, proposal=open_proposal(), agree=True
    ) == ["four_eyes.same_person"]


@pytest.mark.parametrize(
    ("params", "codes"),
    [
        ({}, ["request.missing", "request.missing"]),
        ({**FALSE, "ground": "mood"}, ["revocation.no_ground"]),
        ({**FALSE, "evidence": ""}, ["request.missing"]),
        ({**FALSE, "ground": "not_signed"}, ["lifecycle.guard_fails"]),
        ({**FALSE, "bid": "B-1"}, ["request.unknown"]),
    ],
)
def test_an_award_is_questioned_on_a_ground_of_the_rulebook_with_evidence(
    params: dict[str, Any], codes: list[str]
) -> None:
    case = settled().decided()
    given = {"why": "So.", "params": params}
    project = case.project().number
    assert case.refused("project", "question_award", case.board.officer, project, **given) == codes
    assert case.project().stage == "agreement"


def test_an_award_that_nobody_signs_in_time_may_fall_without_a_stain() -> None:
    case = settled().decided()
    case.at = case.project().due_at or case.at
    case.revoked({"ground": "not_signed", "evidence": "The clock of the agreement."})
    assert not Revocation.objects.get().breach


def test_without_a_reserve_the_place_stays_empty_and_the_need_is_listed_again() -> None:
    case = settled().decided()
    case.move("bid", "withdraw_bid", case.leads["B-2"], "B-2")
    case.revoked()
    given: dict[str, Any] = {"why": WHY, "params": {"bid": "B-2"}}
    assert case.refused("challenge", "promote_reserve", case.board.officer, **given) == [
        "lifecycle.guard_fails"
    ]
    case.move("challenge", "declare_no_award", case.board.second, why="Nobody waits.")
    assert case.posted.stage == "no_award"
    own = Decision.objects.get(bid=None, current=True)
    assert (own.outcome, own.code) == ("no_award", "award.vacant")
    assert Revocation.objects.get().filled_at == case.at, "nobody looks for a reserve any more"
    made = case.move("challenge", "relist", case.board.officer)
    answer: dict[str, Any] = {"proposal": made["proposal"], "agree": True}
    new = done("answer_proposal", case.board.second, at=case.at, **answer)["challenge"]
    assert Challenge.objects.get(number=new).relisted_from == case.posted


def test_an_award_that_stands_cannot_be_ended_without_award() -> None:
    case = settled().decided()
    given: dict[str, Any] = {"why": "So."}
    assert case.refused("challenge", "declare_no_award", case.third, **given) == ["lifecycle.guard_fails"]


def test_a_reserve_that_was_not_chosen_well_is_refused() -> None:
    case = settled(more_reserves(2)).decided().revoked()
    officer = case.board.officer
    for params, codes in (
        ({"bid": "B-9"}, ["promotion.not_reserve"]),
        ({"bid": "B-1"}, ["promotion.not_reserve"]),
        ({}, ["request.missing"]),
    ):
        assert case.refused("challenge", "promote_reserve", officer, why=WHY, params=params) == codes
    given: dict[str, Any] = {"params": {"bid": "B-3"}}
    assert case.refused("challenge", "promote_reserve", officer, **given) == ["lifecycle.reason_required"]
    case.two("promote_reserve", {"bid": "B-3"}, why="B-2 has no people left for it.")
    case.over().move("challenge", "decide", case.third)
    assert case.stages == {"B-1": "revoked", "B-2": "reserve", "B-3": "awarded"}


def test_a_reserve_judged_by_an_expert_in_conflict_or_no_longer_eligible_does_not_step_in() -> None:
    case = settled().decided().revoked()
    given: dict[str, Any] = {"why": WHY, "params": {"bid": "B-2"}}
    expert, lead = case.experts[0], case.leads["B-2"].engagements.get().party
    link = Conflict.objects.create(
        expert=expert, party=lead, kind="co_author", text="A joint paper.", declared_at=make.NOW
    )
    assert case.refused("challenge", "promote_reserve", case.board.officer, **given) == ["promotion.unfit"]
    link.delete()
    proofs = Evidence.objects.filter(organisation__party=lead)
    proofs.update(status="refused")
    assert case.refused("challenge", "promote_reserve", case.board.officer, **given) == ["promotion.unfit"]
    proofs.update(status="verified")
    case.move("challenge", "promote_reserve", case.board.officer, **given)
    case.move("bid", "withdraw_bid", case.leads["B-2"], "B-2")
    answer: dict[str, Any] = {"proposal": open_proposal(), "agree": True}
    assert refused("answer_proposal", case.board.second, at=case.at, **answer) == ["lifecycle.guard_fails"]


def test_a_reserve_with_the_party_that_broke_the_rules_does_not_step_in() -> None:
    case = settled().decided()
    guilty = case.leads["B-1"].engagements.get().party
    make._invited(
        Project.objects.get().challenge.bids.get(number="B-2").consortium,
        guilty.organisation,
        status="accepted",
    )
    case.revoked()
    given: dict[str, Any] = {"why": WHY, "params": {"bid": "B-2"}}
    assert case.refused("challenge", "promote_reserve", case.board.officer, **given) == ["promotion.breached"]


def test_an_official_with_a_stake_in_the_reserve_lets_nobody_step_in() -> None:
    case = settled().decided().revoked()
    lead = case.leads["B-2"].engagements.get().party
    make.engaged(case.board.officer, role="partner", party=lead)
    given: dict[str, Any] = {"why": WHY, "params": {"bid": "B-2"}}
    assert case.refused("challenge", "promote_reserve", case.board.officer, **given) == [
        "four_eyes.interested"
    ]


def test_a_reserve_that_withdraws_in_its_publicity_or_is_objected_to_leaves_the_place_empty_again() -> None:
    case = settled(more_reserves(2)).decided().revoked()
    case.two("promote_reserve", {"bid": "B-2"}, why=WHY)
    done("raise_objection", case.leads["B-3"], at=case.at, challenge=NUMBER, text="It has no people left.")
    case.move("challenge", "refuse_reserve", case.third, why="The objection holds.")
    assert case.posted.stage == "decided"
    assert case.outcomes["B-2"] == ("reserve", 2)
    case.two("promote_reserve", {"bid": "B-2"}, why=WHY)
    case.move("bid", "withdraw_bid", case.leads["B-2"], "B-2")
    _answered(case)
    case.over()
    assert case.refused("challenge", "decide", case.third) == ["bid.gone"]
    case.move("challenge", "refuse_reserve", case.third, why="It withdrew.")
    case.two("promote_reserve", {"bid": "B-3"}, why=WHY)
    case.over().move("challenge", "decide", case.third)
    assert case.stages == {"B-1": "revoked", "B-2": "withdrawn", "B-3": "awarded"}
    kinds = [item.kind for item in Amendment.objects.order_by("pk")]
    assert kinds == ["revoked", "promoted", "refused", "promoted", "refused", "promoted"]


def _answered(case: Settled) -> None:
    for row in Objection.objects.filter(status="open"):
        done("answer_objection", case.third, at=case.at, number=row.number, outcome="upheld", text="Yes.")


def test_a_reserve_that_stepped_in_can_lose_its_award_too() -> None:
    case = settled(more_reserves(2)).decided().revoked()
    case.two("promote_reserve", {"bid": "B-2"}, why=WHY)
    case.over().move("challenge", "decide", case.third)
    case.revoked({"ground": "lead_withdraws", "evidence": "Their letter."}, "B-2")
    case.two("promote_reserve", {"bid": "B-3"}, why=WHY)
    case.over().move("challenge", "decide", case.third)
    assert case.stages == {"B-1": "revoked", "B-2": "revoked", "B-3": "awarded"}


def test_a_result_is_corrected_after_a_revocation_and_the_revoked_bid_stays_out() -> None:
    case = settled().decided().revoked()
    given = {"ground": "wrong_sum", "evidence": "Line 4."}
    case.two("correct_result", given)
    assert case.outcomes == {"B-1": ("revoked", 1), "B-2": ("awarded", 1), "B-3": ("reserve", 2)}
    case.over().move("challenge", "decide", case.third)
    assert case.stages == {"B-1": "revoked", "B-2": "awarded", "B-3": "reserve"}
    assert Revocation.objects.get().filled_at is not None


def test_a_region_without_these_moves_is_told_so() -> None:
    board = make.board()
    call = make.call(rulebook=make.installed(make.ring_sea()))
    posted = make.challenge(call=call, owner=board.owner.party, stage="decided")
    made = make.project(make.bid(posted, stage="awarded"), stage="agreement")
    for kind, number, command in (
        ("challenge", posted.number, "correct_result"),
        ("challenge", posted.number, "promote_reserve"),
        ("project", made.number, "question_award"),
    ):
        codes = refused("move", board.officer, kind=kind, number=number, command=command, why="So.")
        assert codes == ["lifecycle.not_from_here"], command


def test_a_void_award_of_a_rulebook_that_has_it_goes_to_the_reserve_and_keeps_the_earlier_outcome() -> None:
    plain = make.guangxi().model_dump(mode="json", by_alias=True)
    table = plain["lifecycles"]["project"]
    table["moves"]["void_award"] = {
        "label": {"en": "Void", "zh-Hans": "失效"}, "from": ["agreement"], "to": "revoked", "by": ["second_officer"],
        "require": "project.past_agreement", "reason_required": True, "status": "local",
    }  # fmt: skip
    case = settled(type(make.guangxi()).model_validate(plain)).decided()
    case.at = case.project().due_at or case.at
    case.move("project", "void_award", case.third, case.project().number, why="Nobody signed.")
    assert case.project("B-2").stage == "agreement"
    rows = Decision.objects.filter(bid__number="B-2").order_by("pk")
    assert [(row.outcome, row.code) for row in rows] == [
        ("reserve", "award.reserve"),
        ("awarded", "award.promoted"),
    ]
    assert not Signature.objects.exists()

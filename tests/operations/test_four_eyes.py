"""Two people, without a stake, each at their own step."""

from datetime import timedelta
from typing import Any

import pytest

import factories as make
from acting import MILLISECOND, Round, done, refused
from jiebang.records.awards.models import Proposal
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge, Need

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposed() -> tuple[make.Board, int, Challenge]:
    """A listing again that the officer proposed."""
    board = make.board()
    posted = make.challenge(call=board.call, owner=board.owner.party, stage="no_award")
    made = done("move", board.officer, kind="challenge", number=posted.number, command="relist")
    return board, made["proposal"], posted


Case = tuple[make.Board, int, Challenge]


def test_who_proposed_does_not_agree(proposed: Case) -> None:
    board, proposal, _ = proposed
    answer: dict[str, Any] = {"proposal": proposal, "agree": True}
    assert refused("answer_proposal", board.officer, **answer) == ["four_eyes.same_person"]
    assert refused("answer_proposal", board.lead_person, **answer) == ["access.role"]
    assert Proposal.objects.get().status == "open"


def test_a_proposal_is_answered_once(proposed: Case) -> None:
    board, proposal, posted = proposed
    done("answer_proposal", board.second, proposal=proposal, agree=True)
    assert refused("answer_proposal", board.second, proposal=proposal, agree=True) == ["access.not_found"]
    assert posted.call.challenges.count() == 2


def test_a_second_proposal_waits_for_the_first(proposed: Case) -> None:
    board, _, posted = proposed
    third = make.person(role="officer", party=board.office.party)
    again = {"kind": "challenge", "number": posted.number, "command": "relist"}
    assert refused("move", third, **again) == ["four_eyes.open"]


def test_a_refusal_says_why_and_changes_nothing(proposed: Case) -> None:
    board, proposal, posted = proposed
    assert refused("answer_proposal", board.second, proposal=proposal, agree=False) == [
        "lifecycle.reason_required"
    ]
    done("answer_proposal", board.second, proposal=proposal, agree=False, why="The budget is gone.")
    assert Challenge.objects.get(pk=posted.pk).stage == "no_award"
    assert done("move", board.officer, kind="challenge", number=posted.number, command="relist")["proposal"]


def test_the_facts_are_asked_again_when_the_second_officer_agrees(proposed: Case) -> None:
    board, proposal, posted = proposed
    Challenge.objects.filter(pk=posted.pk).update(stage="cancelled")
    assert refused("answer_proposal", board.second, proposal=proposal, agree=True) == [
        "lifecycle.not_from_here"
    ]
    assert Proposal.objects.get().status == "open"


def test_an_official_with_a_stake_steps_aside(proposed: Case) -> None:
    board, proposal, posted = proposed
    for official in (board.officer, board.second):
        make.engaged(official, role="owner", party=board.owner.party)
    assert refused("answer_proposal", board.second, proposal=proposal, agree=True) == ["four_eyes.interested"]
    cancel = {"kind": "challenge", "number": posted.number, "command": "cancel", "why": "No."}
    assert refused("move", board.officer, **cancel) == ["four_eyes.interested"]


def test_an_official_with_a_stake_neither_assigns_nor_closes_nor_pays_nor_judges_proofs() -> None:
    course = Round().reviewing()
    board = course.board
    evidence = board.lead.evidence.first()
    make.engaged(board.officer, role="partner", party=board.lead.party)
    expert = make.person(role="expert")
    assert refused("assign_expert", board.officer, at=course.at, bid=course.bid, expert=expert.email) == [
        "four_eyes.interested"
    ]
    assert refused("judge_evidence", board.officer, evidence=evidence.pk, valid=True) == [
        "four_eyes.interested"
    ]


@pytest.mark.parametrize("place", ["lead", "partner"])
def test_an_official_who_acts_for_a_bidder_neither_proposes_nor_publishes_nor_decides_a_result(
    place: str,
) -> None:
    course = Round().reviewed()
    board, third = course.board, make.person(role="second_officer", party=course.board.office.party)
    rival = make.guangxi_organisation()
    posted = Challenge.objects.get(number=course.challenge)
    make.bid(posted, partners=(rival,), stage="withdrawn")
    given: dict[str, Any] = {"at": course.at, "kind": "challenge", "number": course.challenge}
    for official, role in ((board.officer, "lead"), (board.second, "partner"), (third, "partner")):
        make.engaged(official, role=role, party=board.lead.party if place == "lead" else rival.party)
    assert refused("move", board.officer, command="propose_award", **given) == ["four_eyes.interested"]
    assert refused("check_bids", board.officer, at=course.at, challenge=course.challenge) == [
        "four_eyes.interested"
    ]
    clean = make.person(role="officer", party=board.office.party)
    done("move", clean, command="propose_award", **given)
    assert refused("move", board.second, command="publish_result", **given) == ["four_eyes.interested"]
    done(
        "move",
        make.person(role="second_officer", party=board.office.party),
        command="publish_result",
        **given,
    )
    until = Challenge.objects.get(number=course.challenge).publicity_until
    decide = {**given, "at": until, "command": "decide"}
    assert refused("move", third, **decide) == ["four_eyes.interested"]


def test_an_official_with_a_stake_neither_closes_checks_nor_pays() -> None:
    course = Round().running()
    board = course.board
    make.engaged(board.officer, role="partner", party=board.lead.party)
    pay = {"project": course.project, "order": 1, "paid_on": "2026-12-01"}
    assert refused("pay_instalment", board.officer, at=course.at, **pay) == ["four_eyes.interested"]
    gate = {"project": course.project, "gate": "ethics", "finding": "Fine."}
    assert refused("close_gate", board.officer, at=course.at, **gate) == ["four_eyes.interested"]
    part = {"project": course.project, "order": 1}
    assert refused("accept_milestone", board.officer, at=course.at, **part) == ["four_eyes.interested"]


def test_a_guard_tells_its_values_only_to_those_whose_step_it_is() -> None:
    course = Round().opened()
    start = {"kind": "challenge", "number": course.challenge, "command": "start_review"}
    assert refused("move", course.board.lead_person, at=course.at, **start) == ["lifecycle.not_yours"]
    assert refused("move", course.board.officer, at=course.at, **start) == ["lifecycle.guard_fails"]


def test_who_proposed_the_result_does_not_publish_it() -> None:
    course = Round().reviewed()
    both = course.board.officer
    make.engaged(both, role="second_officer", party=course.board.office.party)
    course.move("challenge", "propose_award", both)
    publish = {"kind": "challenge", "number": course.challenge, "command": "publish_result"}
    assert refused("move", both, at=course.at, **publish) == ["four_eyes.same_person"]


def test_a_need_is_verified_only_when_no_rule_fails_or_stays_unproved() -> None:
    board = make.board()
    course = Round(board).stated()
    board.owner.evidence.all().delete()
    course.move("need", "submit", board.owner_person)
    verify = {"kind": "need", "number": course.need, "command": "verify"}
    assert "lifecycle.guard_fails" in refused("move", board.officer, **verify)
    assert refused("move", board.owner_person, **verify) == ["lifecycle.not_yours"]
    returned = {"kind": "need", "number": course.need, "command": "return_need"}
    assert refused("move", board.officer, **returned) == ["lifecycle.reason_required"]
    done("move", board.officer, why="Show the four things.", **returned)
    assert Need.objects.get(number=course.need).remark == "Show the four things."


def test_closed_is_a_comparison_to_the_millisecond() -> None:
    course = Round().started()
    lead, closes = course.board.lead_person, Challenge.objects.get(number=course.challenge).closes_at
    send = {"kind": "bid", "number": course.bid, "command": "submit_bid"}
    close = {"kind": "challenge", "number": course.challenge, "command": "close"}
    assert refused("move", course.board.officer, at=closes - MILLISECOND, **close) == [
        "lifecycle.guard_fails"
    ]
    done("move", lead, at=closes - MILLISECOND, **send)
    for late in (closes, closes + MILLISECOND):
        assert refused("move", lead, at=late, **send) == ["bid.late"]
        assert refused("save_bid", lead, at=late, number=course.bid, content={}) == ["bid.not_editable"]
        again = {"challenge": course.challenge, "lead": course.board.lead.party.slug}
        assert refused("start_bid", lead, at=late, **again) == ["bid.not_open"]
    done("move", course.board.officer, at=closes, **close)


def test_an_extension_gives_everyone_more_time_and_never_less() -> None:
    course = Round().started()
    closes = Challenge.objects.get(number=course.challenge).closes_at
    extend: dict[str, Any] = {
        "kind": "challenge",
        "number": course.challenge,
        "command": "extend",
        "why": "Floods.",
    }
    for moment in (closes - MILLISECOND, closes):
        given = {**extend, "params": {"closes_at": moment.isoformat()}}
        assert refused("move", course.board.officer, **given) == ["listing.not_later"]
    later = {"closes_at": (closes + MILLISECOND).isoformat()}
    asked = done("move", course.board.officer, **extend, params=later)
    done("answer_proposal", course.board.second, proposal=asked["proposal"], agree=True)
    assert Bid.objects.get(number=course.bid).due_at == closes + MILLISECOND, (
        "the lead is reminded of the new time"
    )
    done("move", course.board.lead_person, at=closes, kind="bid", number=course.bid, command="submit_bid")


def test_a_closed_challenge_is_not_opened_again_for_the_late() -> None:
    course = Round().started()
    closes = Challenge.objects.get(number=course.challenge).closes_at
    extend: dict[str, Any] = {
        "kind": "challenge", "number": course.challenge, "command": "extend", "why": "Floods.",
        "params": {"closes_at": (closes + timedelta(days=9)).isoformat()},
    }  # fmt: skip
    far = {**extend, "params": {"closes_at": "9999-12-31T23:59:59Z"}}
    assert refused("move", course.board.officer, **far) == ["listing.too_far"]
    assert refused("move", course.board.officer, at=closes, **extend) == ["listing.closed"]
    asked = done("move", course.board.officer, at=closes - MILLISECOND, **extend)
    late = {"proposal": asked["proposal"], "agree": True}
    assert refused("answer_proposal", course.board.second, at=closes, **late) == ["listing.closed"]


def test_questions_end_to_the_millisecond() -> None:
    board = make.board()
    posted = make.challenge(call=board.call)
    given = {"challenge": posted.number, "text": "May data leave?"}
    assert posted.questions_until is not None
    done("ask_question", board.lead_person, at=posted.questions_until - MILLISECOND, **given)
    for late in (posted.questions_until, posted.questions_until + MILLISECOND):
        assert refused("ask_question", board.lead_person, at=late, **given) == ["question.closed"]


def test_publicity_ends_to_the_millisecond() -> None:
    course = Round().published()
    until = Challenge.objects.get(number=course.challenge).publicity_until
    assert until is not None
    third = make.person(role="second_officer", party=course.board.office.party)
    decide = {"kind": "challenge", "number": course.challenge, "command": "decide"}
    assert refused("move", third, at=until - MILLISECOND, **decide) == ["lifecycle.guard_fails"]
    done(
        "raise_objection",
        course.board.owner_person,
        at=until - MILLISECOND,
        challenge=course.challenge,
        text="Why?",
    )
    assert refused("move", third, at=until, **decide) == ["lifecycle.guard_fails"]

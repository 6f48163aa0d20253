"""Remedies where a call is awarded together: one result is corrected or falls, what was decided of the others stands."""

from typing import Any

import pytest

import factories as make
from acting import done
from called import OVER_CALL, Called, called
from jiebang.operations.call_awards import together_in
from jiebang.operations.judging import judged, judged_anew
from jiebang.records import bundles
from jiebang.records.awards.models import Decision
from jiebang.records.awards.queries import last_inputs, standing_in
from jiebang.records.challenges.models import Challenge
from jiebang.records.people.models import User
from jiebang.records.projects.models import Project
from jiebang.records.reviews.models import Assignment

pytestmark = pytest.mark.django_db

TOP: dict[str, Any] = {"rule": "top", "max_awards": 1, "quotas": OVER_CALL}
# the Chinese seat goes to GX-1, so GX-2 takes the Vietnamese one
TWO = {
    "GX-1": [(90, "CN", 300), (80, "VN", 200), (70, "TH", 100)],
    "GX-2": [(95, "CN", 300), (60, "VN", 900)],
}
ASKED = {"why": "It was counted wrongly.", "command": "correct_result", "kind": "challenge"}
GIVEN = {"ground": "wrong_sum", "evidence": "The sheet of the second expert, line 4."}


def posted(number: str) -> Challenge:
    return Challenge.objects.get(number=number)


def proposed() -> Called:
    course = called(TWO, award=TOP)
    done("propose_call_award", course.board.officer, at=course.at, call=course.number)
    return course


def published() -> Called:
    course = proposed()
    done("publish_call_award", course.board.second, at=course.at, call=course.number)
    return course


def corrected(course: Called, number: str, **params: Any) -> None:
    """One officer proposes, the second agrees."""
    asked = {**ASKED, "number": number, "params": {**GIVEN, **params}}
    made = done("move", course.board.officer, at=course.at, **asked)
    done("answer_proposal", course.board.second, at=course.at, proposal=made["proposal"], agree=True)


def won(*numbers: str) -> set[str]:
    rows = Decision.objects.filter(
        current=True, outcome="awarded", challenge__number__in=numbers or list(TWO)
    )
    return set(rows.values_list("bid__number", flat=True))


def struck(bid: str) -> int:
    return Assignment.objects.filter(bid__number=bid).order_by("pk")[0].pk


def test_the_rule_decides_one_challenge_anew_beside_the_awards_that_stand() -> None:
    """Alone the Vietnamese bid would win, together with GX-2 decided anew too; but that seat is taken."""
    course = published()
    first, second = course.bids["GX-1"], course.bids["GX-2"]
    assert won() == {first[0], second[1]}
    before = list(posted("GX-2").decisions.filter(current=True).values_list("pk", "outcome"))
    review = Assignment.objects.select_related("expert").get(pk=struck(first[0]))
    shown = judged_anew(posted("GX-1"), now=course.at, struck={(first[0], review.expert.pseudonym)})
    corrected(course, "GX-1", strike=[review.pk])
    assert won() == {first[2], second[1]}
    rows = Decision.objects.filter(current=True, challenge__number="GX-1", bid__isnull=False)
    said = {row.bid.number: (row.outcome, row.code) for row in rows.select_related("bid") if row.bid}
    assert said[first[0]] == ("not_awarded", "award.too_few_reviews")
    assert said[first[1]] == ("not_awarded", "award.quota_full")
    assert {row.bid: (row.outcome.value, row.reason.code) for row in shown.decisions} == said, (
        "as it was shown"
    )
    assert list(posted("GX-2").decisions.filter(current=True).values_list("pk", "outcome")) == before
    again = {row.bid: row.outcome.value for row in judged(posted("GX-1"), now=course.at).decisions}
    assert again == {bid: outcome for bid, (outcome, _) in said.items()}


def test_a_correction_is_no_proposal_for_the_call() -> None:
    course = published()
    was = last_inputs(course.board.call)
    corrected(course, "GX-1", strike=[struck(course.bids["GX-1"][0])])
    assert last_inputs(course.board.call) == was
    read = bundles.last_proposal(course.board.call)
    assert read is not None
    assert not any(item.facts.get("decided") for item in read.challenges)


def test_what_two_people_set_stands_when_others_are_proposed_again() -> None:
    course = proposed()
    first, second = course.bids["GX-1"], course.bids["GX-2"]
    swap = {first[0]: {"outcome": "not_awarded", "rank": 3}, first[2]: {"outcome": "awarded", "rank": 1}}
    corrected(course, "GX-1", how="name", placings=swap)
    send = {"kind": "challenge", "command": "send_back", "why": "A slip."}
    done("move", course.board.second, at=course.at, number="GX-2", **send)
    found = together_in(course.board.call)
    assert [item.number for item in found.ready] == ["GX-2"]
    assert [item.number for item in found.proposed] == ["GX-1"]
    assert found.standing == {posted("GX-1").pk: frozenset({first[2]})}
    done("propose_call_award", course.board.officer, at=course.at, call=course.number)
    assert won() == {first[2], second[0]}, "the Chinese seat is free again"
    done("publish_call_award", course.board.second, at=course.at, call=course.number)
    assert {posted(number).stage for number in TWO} == {"publicity"}


def test_an_award_that_fell_holds_no_seat_and_its_challenge_stands() -> None:
    course = published()
    third = make.person(role="second_officer", party=course.board.office.party)
    first, second = course.bids["GX-1"], course.bids["GX-2"]
    fallen(course, third)
    assert standing_in(course.board.call) == {posted("GX-1").pk: frozenset()}
    again = {
        "kind": "challenge",
        "number": "GX-2",
        "command": "review_again",
        "why": "The objection is upheld.",
    }
    done("move", third, at=course.at, **again)
    done("propose_call_award", course.board.officer, at=course.at, call=course.number)
    assert won("GX-2") == {second[0]}
    row = Decision.objects.get(current=True, bid__number=first[0])
    assert row.outcome == "revoked"
    shown = judged_anew(posted("GX-1"), now=course.at).decisions
    assert next(item for item in shown if item.bid == first[1]).outcome.value == "awarded"


def fallen(course: Called, third: User) -> None:
    """The award on GX-1 becomes final, is put in question and falls when its lead says nothing."""
    until = posted("GX-1").publicity_until
    assert until is not None
    course.at = until
    done("move", third, at=course.at, kind="challenge", number="GX-1", command="decide")
    project = Project.objects.get()
    ground = {"ground": "false_information", "evidence": "The registry knows no such patent."}
    done(
        "move", course.board.officer, at=course.at, kind="project", number=project.number, command="question_award",
        why="A patent that the bid names does not exist.", params=ground,
    )  # fmt: skip
    project.refresh_from_db()
    assert project.due_at is not None
    course.at = project.due_at
    done(
        "move", third, at=course.at, kind="project", number=project.number, command="revoke_award",
        why="The registry confirms it.",
    )  # fmt: skip

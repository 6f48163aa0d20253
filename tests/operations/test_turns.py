"""Whose turn it is: in the letters of a move, and in what pages say of who acts now."""

from datetime import timedelta

import pytest

import factories as make
from acting import Round
from jiebang.operations.turns import sentences, turn
from jiebang.records.challenges.models import Challenge, DepartmentOpinion, Need
from jiebang.records.outbox.models import Message
from jiebang.records.people.models import User
from jiebang.rules.reasons import render

pytestmark = pytest.mark.django_db


def subjects(person: User) -> list[str]:
    return list(Message.objects.filter(to_user=person).order_by("pk").values_list("subject", flat=True))


def test_an_argued_need_waits_for_who_proposes_and_for_the_opinion_that_blocks() -> None:
    course = Round()
    colleague = make.person(role="officer", party=course.board.office.party)
    course.argued()
    board, need = course.board, Need.objects.get(number=course.need)
    listing = f"{need.number} waits for you: List as a challenge"
    assert listing in subjects(colleague)
    assert listing not in subjects(board.second), "the officer proposes first"
    letter = Message.objects.get(to_user=colleague, subject=listing)
    assert "Needed first: Opinion of the foreign affairs office, until 2026-" in letter.body
    found = turn(need, now=course.at)
    assert (found.roles, found.first) == (("officer",), ()), "the opinion is given"
    DepartmentOpinion.objects.filter(need=need).update(given_at=None)
    said = [render(item, lang="en") for item in sentences(need, turn(need, now=course.at))]
    assert said[0].startswith("To act now: Officer, until ")
    assert said[1].startswith("Needed first: Opinion of the foreign affairs office, until ")
    DepartmentOpinion.objects.filter(need=need).update(given_at=course.at)
    course.move("need", "list_challenge", board.officer, params={"budget": 1_000_000})
    assert subjects(board.second)[-1] == f"{need.number} waits for a second officer: List as a challenge"


def test_while_a_guard_is_in_the_way_or_others_time_runs_the_clock_says_who_acts() -> None:
    course = Round().reviewing()
    board = course.board
    posted = Challenge.objects.get(number=course.challenge)
    assert turn(posted, now=course.at).roles == ("expert",), "reviews are not signed yet"
    Challenge.objects.filter(pk=posted.pk).update(stage="publicity", due_clock="publicity")
    posted.refresh_from_db()
    assert turn(posted, now=course.at).roles == ("public",)
    project_bid = make.bid(
        make.challenge(call=board.call, owner=board.owner.party, stage="decided"), lead=board.lead
    )
    project = make.project(project_bid, stage="validation")
    assert turn(project, now=course.at).roles == (), "nothing can be signed before the pilot is done"
    project.due_clock, project.due_at = "validation", course.at + timedelta(days=30)
    assert turn(project, now=course.at).roles == ("owner",), "the pilot is the owner's time"
    project.due_clock, project.due_at = "", None
    assert turn(make.piloted(project, board.owner_person), now=course.at).roles == ("owner",)
    assert not [text for text in subjects(board.officer) if text.startswith(course.bid)], (
        "no bid is told to the office"
    )

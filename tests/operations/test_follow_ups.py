"""A follow-up by its letter: written once when it is due, answered once without signing in, and nothing else by the link."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import signing

import factories as make
from acting import done, refused
from jiebang.jobs.rounds import one_round
from jiebang.operations import follow_ups
from jiebang.operations.upkeep import ask_follow_ups
from jiebang.records.outbox.models import Message
from jiebang.records.people.models import Engagement
from jiebang.records.projects.models import FollowUp

pytestmark = pytest.mark.django_db


@pytest.fixture
def board() -> make.Board:
    return make.board()


def planned(board: make.Board, *, due_on: date | None = None, month: int = 3) -> FollowUp:
    posted = make.challenge(call=board.call, owner=board.owner.party, stage="decided")
    project = make.project(make.bid(posted, lead=board.lead, stage="awarded"), stage="validated")
    return FollowUp.objects.create(project=project, month=month, due_on=due_on or make.NOW.date())


def link_in(letter: Message) -> str:
    return str(letter.params["link"]).rstrip("/").rsplit("/", 1)[1]


def test_the_owners_people_are_written_to_once_when_it_is_due(board: make.Board) -> None:
    row = planned(board)
    planned(board, due_on=make.NOW.date() + timedelta(days=1))
    colleague = make.person(role="owner", party=board.owner.party)
    assert ask_follow_ups(now=make.NOW) == 2
    assert ask_follow_ups(now=make.NOW) == 0
    letters = Message.objects.filter(code="mail.follow_up")
    assert {letter.to_user for letter in letters} == {board.owner_person, colleague}
    assert len({link_in(letter) for letter in letters}) == 2, "each has a link of their own"
    row.refresh_from_db()
    assert row.asked_at == make.NOW


def test_a_worker_asks_as_well(board: make.Board) -> None:
    planned(board, due_on=date(2026, 1, 1))
    assert one_round().asked == 1


def test_a_link_answers_once_in_the_name_of_who_got_it(board: make.Board) -> None:
    row = planned(board)
    ask_follow_ups(now=make.NOW)
    token = link_in(Message.objects.get(code="mail.follow_up"))
    given: dict[str, Any] = {
        "token": token,
        "content": {"in_use": "paused", "why": "The river took the road."},
    }
    assert done("answer_follow_up", None, **given)["status"] == "paused"
    row.refresh_from_db()
    assert (row.in_use, row.status, row.by, row.at) == (False, "paused", board.owner_person, make.NOW)
    assert refused("answer_follow_up", None, **given) == ["project.link_used"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({}, "form.required"),
        ({"in_use": "paused"}, "project.follow_up_why"),
        ({"in_use": "odd"}, "form.choice_unknown"),
    ],
)
def test_a_link_is_no_way_around_the_form(board: make.Board, content: dict[str, str], code: str) -> None:
    row = planned(board)
    token = follow_ups.link_token(row, board.owner_person, until=make.NOW + timedelta(days=1))
    found = refused("answer_follow_up", None, token=token, content=content)
    assert len(found) == 1
    assert found[0].split(".")[0] == code.split(".")[0]
    row.refresh_from_db()
    assert row.at is None


def test_an_expired_forged_or_foreign_link_answers_nothing(board: make.Board) -> None:
    row, content = planned(board), {"in_use": "in_use"}
    over = follow_ups.link_token(row, board.owner_person, until=make.NOW)
    stranger = follow_ups.link_token(row, make.person(role="owner"), until=make.NOW + timedelta(days=1))
    mine = follow_ups.link_token(row, board.owner_person, until=make.NOW + timedelta(days=1))
    said = {"follow_up": row.pk, "person": board.owner_person.pk, "until": "2999-01-01T00:00:00+00:00"}
    other = signing.dumps(said, salt="jiebang.set-password")
    for token, code in ((over, "over"), (stranger, "unusable"), (mine[:-1], "unusable"), (other, "unusable")):
        assert refused("answer_follow_up", None, token=token, content=content) == [f"project.link_{code}"]
    Engagement.objects.filter(person=board.owner_person).update(until=make.NOW - timedelta(days=1))
    assert refused("answer_follow_up", None, token=mine, content=content) == ["project.link_unusable"]

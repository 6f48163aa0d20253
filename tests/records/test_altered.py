"""What somebody changes in the database after it was sent or signed is found before anything rests on it."""

from decimal import Decimal

import pytest

from acting import Round, done, refused
from factories import person
from jiebang.cli.checks import bids
from jiebang.records.altered import altered_bids
from jiebang.records.bids.models import Bid, BidContent
from jiebang.records.challenges.models import Challenge
from jiebang.records.reviews.models import Assignment, Score

pytestmark = pytest.mark.django_db


def altered(course: Round) -> list[str]:
    return altered_bids(Challenge.objects.get(number=course.challenge))


def move(course: Round, command: str) -> list[str]:
    given = {"kind": "challenge", "number": course.challenge, "command": command}
    return refused("move", course.board.officer, at=course.at, **given)


def test_a_bid_that_was_changed_is_not_opened() -> None:
    course = Round().sent()
    course.at = Challenge.objects.get(number=course.challenge).closes_at
    content = BidContent.objects.get(bid__number=course.bid)
    before = dict(content.content)
    for changed in ({**before, "amount": 1}, {}):
        BidContent.objects.filter(pk=content.pk).update(content=changed, sha256="0" * 64)
        Bid.objects.update(content_sha256="0" * 64)
        assert altered(course) == [course.bid]
        assert move(course, "close") == ["bid.altered"]
        assert [item.state for item in bids()] == ["unsafe"]
    BidContent.objects.filter(pk=content.pk).update(content=before)
    assert altered(course) == []
    assert [item.state for item in bids()] == ["ok"]
    course.move("challenge", "close", course.board.officer)


def test_a_score_that_was_changed_is_not_proposed() -> None:
    course = Round().reviewed()
    assert altered(course) == []
    score = Score.objects.order_by("pk").first()
    assert score
    Score.objects.filter(pk=score.pk).update(value=Decimal(99))
    assert altered(course) == [course.bid]
    assert move(course, "propose_award") == ["bid.altered"]


def test_what_an_expert_changes_with_leave_and_what_an_erased_one_signed_is_no_fault() -> None:
    course = Round().reviewed()
    expert, number = course.experts[0], course.experts[0].assignments.get().pk
    course.do("reopen_review", course.board.officer, assignment=number, why="A mistake.")
    assert altered(course) == []
    scores = {item.criterion: "61.5" for item in Score.objects.filter(assignment=number)}
    course.do("save_review", expert, assignment=number, scores=scores)
    course.do("sign_review", expert, assignment=number)
    assert altered(course) == []
    done("erase_person", person(role="administrator"), person=expert.email, why="Asked.", at=course.at)
    assert altered(course) == []
    course.move("challenge", "propose_award", course.board.officer)


def test_a_signed_review_that_is_gone_forged_or_unsigned_is_not_proposed() -> None:
    course = Round().reviewed()
    signed = Assignment.objects.filter(bid__number=course.bid).order_by("pk")
    first = signed.first()
    assert first
    for status in ("recused", "draft"):
        Assignment.objects.filter(pk=first.pk).update(status=status)
        assert altered(course) == [course.bid]
    Assignment.objects.filter(pk=first.pk).update(status="signed")
    assert altered(course) == []
    forged = Assignment.objects.create(
        bid=first.bid,
        expert=person(role="expert"),
        status="signed",
        assigned_at=course.at,
        assigned_by=first.assigned_by,
    )
    assert altered(course) == [course.bid]
    assert move(course, "propose_award") == ["bid.altered"]
    forged.delete()
    first.scores.all().delete()
    Assignment.objects.filter(pk=first.pk).delete()
    assert altered(course) == [course.bid]
    assert [item.state for item in bids()] == ["unsafe"]


def test_a_bid_in_another_stage_than_the_journal_says_is_found() -> None:
    course = Round().reviewed()
    kept = Bid.objects.get(number=course.bid).stage
    Bid.objects.filter(number=course.bid).update(stage="withdrawn")
    assert altered(course) == [course.bid]
    Bid.objects.filter(number=course.bid).update(stage=kept)
    assert altered(course) == []

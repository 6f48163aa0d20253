"""Panels: called, moved, held with scores changed in the open and views on record, closed; the award waits for it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from acting import Round, done, refused
from jiebang.operations.facts import challenge_facts
from jiebang.records.altered import altered_bids
from jiebang.records.challenges.models import Challenge
from jiebang.records.outbox.models import Message
from jiebang.records.panels.models import Panel, ScoreChange
from jiebang.records.reviews.models import Assignment

HOUR = timedelta(hours=1)


@pytest.fixture
def course(db: None) -> Round:
    """A challenge under review whose reviews are signed."""
    return Round().reviewed(Decimal(80))


def posted(course: Round) -> Challenge:
    return Challenge.objects.get(number=course.challenge)


def convened(course: Round, **more: object) -> int:
    given = {
        "challenge": course.challenge,
        "held_at": (course.at + HOUR).isoformat(),
        "place": "Room 3",
        **more,
    }
    return int(done("convene_panel", course.board.officer, at=course.at, **given)["panel"])


def test_a_panel_is_called_on_the_eligible_bids_and_its_people_are_told(course: Round) -> None:
    panel = Panel.objects.get(pk=convened(course, agenda="Weigh the trials.", kind="pitch"))
    assert [slot.bid.number for slot in panel.slots.order_by("order")] == [course.bid]
    assert panel.slots.get().starts_at == panel.held_at
    assert Message.objects.filter(code="mail.panel_called").count() == len(course.experts)
    assert Message.objects.filter(code="mail.pitch_called", to_user=course.board.lead_person).count() == 1
    again = {"challenge": course.challenge, "held_at": panel.held_at.isoformat(), "place": "Room 4"}
    assert refused("convene_panel", course.board.officer, at=course.at, **again) == ["panel.open_already"]
    assert refused("convene_panel", course.board.lead_person, at=course.at, **again) == ["access.role"]


def test_a_panel_is_moved_before_it_begins_and_called_off_while_nothing_was_said(course: Round) -> None:
    panel = convened(course)
    there = {"panel": panel, "place": "Room 5", "held_at": (course.at + 3 * HOUR).isoformat()}
    past = {**there, "held_at": (course.at - HOUR).isoformat()}
    assert refused("move_panel", course.board.officer, at=course.at, **past) == ["panel.past"]
    done("move_panel", course.board.officer, at=course.at, **there)
    assert Panel.objects.get().place == "Room 5"
    late = course.at + 4 * HOUR
    assert refused("move_panel", course.board.officer, at=late, **there) == ["panel.begun"]
    done("cancel_panel", course.board.officer, at=late, panel=panel, why="The room is closed.")
    assert not Panel.objects.exists()
    assert Message.objects.filter(code="mail.panel_cancelled").count() == len(course.experts)


def test_a_signed_score_changes_only_while_the_panel_meets_and_stays_on_record(course: Round) -> None:
    expert, panel = course.experts[0], convened(course)
    asked = Assignment.objects.get(expert=expert, bid__number=course.bid)
    first = asked.scores.order_by("criterion").first()
    assert first is not None
    key, before = first.criterion, first.value
    given = {"assignment": asked.pk, "criterion": key, "value": "71", "why": "The trial was shown to us."}
    assert refused("change_score", expert, at=course.at, **given) == ["panel.not_meeting"]
    meets = course.at + 2 * HOUR
    assert refused("change_score", expert, at=meets, **{**given, "value": "900"}) == ["review.off_scale"]
    assert refused("change_score", expert, at=meets, **{**given, "criterion": "style"}) == [
        "review.unknown_criterion"
    ]
    assert refused("change_score", course.experts[1], at=meets, **given) == ["access.not_found"]
    done("change_score", expert, at=meets, **given)
    changed = ScoreChange.objects.get()
    assert (changed.after, changed.why) == (Decimal(71), "The trial was shown to us.")
    assert asked.scores.get(criterion=key).value == Decimal(71)
    assert changed.before == before
    assert altered_bids(posted(course)) == [], "the journal holds the new scores"
    assert refused("cancel_panel", course.board.officer, at=meets, panel=panel, why="No.") == ["panel.spoken"]
    done("close_panel", course.board.officer, at=meets, panel=panel, minutes="Two bids weighed.")
    assert refused("change_score", expert, at=meets, **given) == ["panel.not_meeting"]
    assert refused("close_panel", course.board.officer, at=meets, panel=panel, minutes="Again.") == [
        "panel.closed"
    ]


def test_a_minority_view_is_given_by_who_sits_there(course: Round) -> None:
    panel, meets = convened(course), course.at + 2 * HOUR
    view = {"panel": panel, "text": "The risk is larger than the others say.", "bid": course.bid}
    assert refused("give_minority_view", course.experts[0], at=course.at, **view) == ["panel.not_meeting"]
    done("give_minority_view", course.experts[0], at=meets, **view)
    assert Panel.objects.get().minority_views.get().bid.number == course.bid
    assert refused("give_minority_view", course.board.lead_person, at=meets, **view) == ["access.role"]


def test_the_award_waits_until_the_panel_is_closed(course: Round) -> None:
    panel, meets = convened(course), course.at + 2 * HOUR
    move = {"kind": "challenge", "number": course.challenge, "command": "propose_award"}
    assert challenge_facts(posted(course), now=meets)["open_panels"] == 1
    assert refused("move", course.board.officer, at=meets, **move) == ["lifecycle.guard_fails"]
    done("close_panel", course.board.officer, at=meets, panel=panel, minutes="Weighed.")
    facts = challenge_facts(posted(course), now=meets)
    assert (facts["open_panels"], facts["panels_held"]) == (0, 1)

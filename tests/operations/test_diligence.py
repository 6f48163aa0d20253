"""Ending without fault: what was done and learned is stated first, the owner is heard, two people decide."""

import pytest

import factories as make
from acting import Round, done, refused
from jiebang.records.outbox.models import Message
from jiebang.records.projects.models import Diligence, Project

pytestmark = pytest.mark.django_db
SAID = {key: make.statement(f"{key} in plain words.") for key in ("tried", "obstacle", "learned", "spent")}


def test_a_project_ends_without_fault_only_after_it_is_stated_what_was_done() -> None:
    course = Round().running()
    board, on = course.board, {"project": course.project}
    end = {
        "kind": "project",
        "number": course.project,
        "command": "terminate",
        "why": "The cameras were replaced.",
    }
    assert refused("move", board.officer, at=course.at, **end) == ["lifecycle.guard_fails"]
    said = {**on, "content": SAID}
    assert refused("state_diligence", board.owner_person, at=course.at, **said) == ["access.role"]
    empty = refused("state_diligence", board.lead_person, at=course.at, **on, content={})
    assert len(empty) == 4, "every question that is missing, at once"
    first = course.do("state_diligence", board.lead_person, **said)["sha256"]
    assert Message.objects.filter(to_user=board.owner_person, code="mail.diligence_stated").count() == 1
    proposal = done("move", board.officer, at=course.at, **end)["proposal"]
    anew = refused("state_diligence", board.lead_person, at=course.at, **said)
    assert anew == ["diligence.being_decided"], "the second officer decides on what the first has read"
    course.do("answer_proposal", board.second, proposal=proposal, agree=True)
    assert Project.objects.get().stage == "terminated"
    assert refused("state_diligence", board.lead_person, at=course.at, **said) == ["project.not_running"]
    course.do("answer_diligence", board.owner_person, **on, sha256=first, agree=True, text="It was so.")
    assert Diligence.objects.get().agrees is True, "the owner is heard also after the end"


def test_the_owner_answers_the_text_that_was_read_and_then_it_stands() -> None:
    course = Round().running()
    board, on = course.board, {"project": course.project}
    first = course.do("state_diligence", board.lead_person, **on, content=SAID)["sha256"]
    more = {**SAID, "remains": {"lang": "en", "text": "The check of pictures stays."}}
    second = course.do("state_diligence", board.officer, **on, content=more)["sha256"]
    given = {"agree": False, "text": "Nobody told us before March."}
    assert refused("answer_diligence", board.owner_person, at=course.at, **on, sha256=first, **given) == [
        "diligence.changed"
    ]
    assert refused("answer_diligence", board.lead_person, at=course.at, **on, sha256=second, **given) == [
        "access.role"
    ]
    course.do("answer_diligence", board.owner_person, **on, sha256=second, **given)
    row = Diligence.objects.get()
    assert (row.agrees, row.answer["text"]) == (False, "Nobody told us before March.")
    again = refused("answer_diligence", board.owner_person, at=course.at, **on, sha256=second, **given)
    assert again == ["diligence.answered"]
    anew = refused("state_diligence", board.lead_person, at=course.at, **on, content=SAID)
    assert anew == ["diligence.answered"]

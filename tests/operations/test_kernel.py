"""One key, one effect: the same answer for a retry, whatever happens between two requests or within one."""

import os
import re
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

import factories as make
from acting import done, refused, run
from jiebang.operations import kernel
from jiebang.operations.registry import Done, Outcome
from jiebang.records.challenges.models import Question
from jiebang.records.journal import queries as journal
from jiebang.records.journal.models import JournalEntry
from jiebang.records.outbox.models import Message
from jiebang.records.programme.models import Acknowledgement
from jiebang.records.programme.queries import snapshot
from jiebang.rules.reasons import render

KEY = "3f2c9f0e-one-intent"


@pytest.fixture
def asked(db: None) -> dict[str, Any]:
    """A question that the lead of a board may ask, and who asks it."""
    board = make.board()
    return {
        "by": board.lead_person,
        "challenge": make.challenge(call=board.call).number,
        "text": "May data leave?",
    }


def ask(asked: dict[str, Any], *, key: str = KEY, **other: Any) -> Outcome:
    given = {**asked, **other}
    return run("ask_question", given.pop("by"), key=key, **given)


def test_the_same_key_gets_the_same_answer_and_acts_once(asked: dict[str, Any]) -> None:
    first, again = ask(asked), ask(asked)
    assert first == again
    assert isinstance(first, Done)
    assert Question.objects.count() == JournalEntry.objects.filter(event="question:asked").count() == 1
    assert len(set(Message.objects.values_list("key", flat=True))) == Message.objects.count()


def test_the_same_key_with_other_content_or_another_person_is_refused(asked: dict[str, Any]) -> None:
    ask(asked)
    other = make.person(role="lead")
    for changed in ({"text": "Another?"}, {"by": other}):
        outcome = ask(asked, **changed)
        assert not isinstance(outcome, Done)
        assert [item.code for item in outcome.reasons] == ["request.key_reused"]
    assert Question.objects.count() == 1


def test_a_refusal_saves_nothing_and_its_key_is_free_again(asked: dict[str, Any]) -> None:
    from jiebang.records.challenges.models import Challenge

    version = snapshot().version
    Challenge.objects.update(stage="closed")
    assert not isinstance(ask(asked), Done)
    assert not Acknowledgement.objects.filter(key=KEY).exists()
    assert snapshot().version == version
    Challenge.objects.update(stage="open")
    assert isinstance(ask(asked), Done)
    assert snapshot().version != version


def test_an_act_claims_its_key_by_writing_it_and_locks_the_head_of_the_journal_last(
    asked: dict[str, Any],
) -> None:
    with CaptureQueriesContext(connection) as seen:
        assert isinstance(ask(asked), Done)
    said = [query["sql"].partition(" ")[0] + " " + query["sql"] for query in seen]
    claims = [line.partition(" ")[0] for line in said if '"programme_acknowledgement"' in line]
    assert claims == ["INSERT", "UPDATE"]
    head = next(place for place, line in enumerate(said) if '"journal_head"' in line)
    after = {"journal_head", "journal_journalentry", "journal_privatevalue", "programme_acknowledgement"}
    assert all(any(f'"{table}"' in line for table in after) or "SAVEPOINT" in line for line in said[head:])


@pytest.mark.parametrize("key", ["", "x" * 81, "a\x00b", "a\nb", "\ud800"])
def test_a_key_is_printable_and_short(asked: dict[str, Any], key: str) -> None:
    outcome = ask(asked, key=key)
    assert not isinstance(outcome, Done)
    assert [item.code for item in outcome.reasons] == ["request.key_wrong"]


@pytest.mark.parametrize(
    "text",
    ["a\x00b", "a\x0bb", "a\x1f", "a\x08", "\\\x0c", "half \ud83d", 2**60, float("nan"), [float("inf")]],
)
def test_what_no_record_keeps_is_refused_before_anything_is_done(asked: dict[str, Any], text: Any) -> None:
    board_person = asked["by"]
    lead = board_person.engagements.get().party.slug
    given = {"challenge": asked["challenge"], "lead": lead, "content": {"title": text}}
    assert refused("start_bid", board_person, **given) == ["request.malformed"]


@pytest.mark.parametrize(("name", "given", "code"), [
    ("answer_objection", {"outcome": ""}, "request.choose"), ("answer_proposal", {"proposal": "x"}, "request.not_a_number"),
    ("start_bid", {"challenge": 7}, "request.not_a_text"), ("start_bid", {"colour": "red"}, "request.unknown"),
    ("register_organisation", {"registered_on": "soon"}, "request.not_a_day"), ("end_engagement", {}, "request.missing"),
])  # fmt: skip
def test_what_is_wrong_with_a_parameter_is_said_in_words_of_both_languages(
    name: str, given: dict[str, Any], code: str
) -> None:
    outcome = run(name, None, **given)
    assert not isinstance(outcome, Done)
    found = [item for item in outcome.reasons if item.code == code]
    assert found
    assert not re.search("[a-z]{4}", render(found[0], lang="zh-Hans"))


def test_a_literal_backslash_u_is_a_text_like_any_other(asked: dict[str, Any]) -> None:
    assert isinstance(ask(asked, text="\\u0000 is not a zero, \\b no bell\r\n\tand this a second line"), Done)


def test_an_operation_that_breaks_leaves_nothing(
    asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel, "_write", _broken)
    with pytest.raises(ZeroDivisionError):
        ask(asked)
    assert not Question.objects.exists()
    assert not Acknowledgement.objects.filter(key=KEY).exists()


def _broken(*_: Any) -> None:
    raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_many_requests_at_once_with_one_key_have_one_effect_and_one_answer() -> None:
    board = make.board()
    given = {"by": board.lead_person, "challenge": make.challenge(call=board.call).number, "text": "Once?"}
    outcomes = _at_once(lambda: ask(given), count=4)
    assert Question.objects.count() == 1
    assert all(isinstance(item, Done) for item in outcomes), outcomes
    assert all(item == outcomes[0] for item in outcomes), (
        outcomes
    )  # PostgreSQL orders the keys of a saved answer its own way
    assert journal.faults() == []


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_answer_a_proposal_once() -> None:
    board = make.board()
    third = make.person(role="second_officer", party=board.office.party)
    posted = make.challenge(call=board.call, stage="no_award")
    relist = {"kind": "challenge", "number": posted.number, "command": "relist"}
    proposal = done("move", board.officer, **relist)["proposal"]
    people = iter((board.second, third))
    lock = threading.Lock()

    def answer() -> Outcome:
        with lock:
            person = next(people)
        return run("answer_proposal", person, proposal=proposal, agree=True)

    outcomes = _at_once(answer, count=2)
    assert sorted(isinstance(item, Done) for item in outcomes) == [False, True]
    assert posted.call.challenges.count() == 2


def _at_once(act: Callable[[], Outcome], *, count: int) -> list[Outcome]:
    gate, outcomes = threading.Barrier(count), []

    def body() -> None:
        gate.wait()
        try:
            outcomes.append(act())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=body) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(outcomes) == count
    return outcomes


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["after the commit", "before the commit"])
def test_a_server_killed_in_the_middle_answers_the_retry(
    moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = make.board()
    given = {
        "by": board.lead_person,
        "challenge": make.challenge(call=board.call).number,
        "text": "Still there?",
    }
    connections.close_all()
    child = os.fork()
    if child == 0:
        if moment == "before the commit":
            monkeypatch.setattr(kernel, "_again", _die)
            monkeypatch.setattr(kernel, "Done", _die)  # the last thing before the transaction ends
        ask(given)
        _die()
    os.waitpid(child, 0)
    committed = moment == "after the commit"
    assert Question.objects.count() == int(committed)
    before = Acknowledgement.objects.filter(key=KEY).values_list("answer", flat=True).first()
    outcome = ask(given)
    assert isinstance(outcome, Done)
    assert Question.objects.count() == 1
    assert outcome.answer == before if committed else before is None
    assert journal.faults() == []


def _die(*_: Any, **__: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)

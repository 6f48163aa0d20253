"""Every operation by POST: typed, once a key, refusals with reasons, nothing leaked."""

import errno
import io
import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.db.models import F
from django.test import Client

import factories as make
from jiebang.operations.registry import OPERATIONS, Done, perform
from jiebang.records.challenges.models import Question
from jiebang.records.people.models import ApiToken
from jiebang.records.programme.models import Instance
from jiebang.trust.receipts import ReceiptCheck

Call = Callable[..., Any]


def codes(answer: Any) -> list[str]:
    return [item["code"] for item in answer.json()["reasons"]]


def test_the_description_types_every_operation(client: Client, db: None) -> None:
    described = client.get("/api/v1/openapi.json").json()
    for name, chosen in OPERATIONS.items():
        post = described["paths"][f"/api/v1/operations/{name}"]["post"]
        assert post["operationId"] == name
        body = post["requestBody"]["content"]["application/json"]["schema"]
        model = described["components"]["schemas"][body["$ref"].rsplit("/", 1)[1]]
        assert set(model["properties"]) == set(chosen.params.model_fields)
        assert model["additionalProperties"] is False
        header = [item for item in post["parameters"] if item["name"] == "Idempotency-Key"]
        assert header[0]["required"] is True
        assert {"200", "401", "404", "409", "422"} <= set(post["responses"])
        assert bool(post.get("security")) is True


def test_a_question_is_asked_once_whatever_the_network_does(board: make.Board, post: Call) -> None:
    posted, key = make.challenge(), str(uuid.uuid4())
    body = {"challenge": posted.number, "text": "May data leave the site?"}
    first = post("ask_question", body, by=board.lead_person, key=key)
    again = post("ask_question", body, by=board.lead_person, key=key)
    assert first.status_code == again.status_code == 200
    assert first.json()["answer"] == again.json()["answer"]
    assert Question.objects.count() == 1
    assert first.json()["entry"] == first.json()["receipt"]["entry"]["seq"]
    assert ReceiptCheck(first.json()["receipt"]).faults(against_journal=False) == []


def test_the_same_key_with_other_content_is_refused(board: make.Board, post: Call) -> None:
    posted, key = make.challenge(), str(uuid.uuid4())
    post("ask_question", {"challenge": posted.number, "text": "One?"}, by=board.lead_person, key=key)
    other = post("ask_question", {"challenge": posted.number, "text": "Two?"}, by=board.lead_person, key=key)
    assert (other.status_code, codes(other)) == (422, ["request.key_reused"])


class Late(io.BytesIO):
    """A body whose last bytes arrive an hour after its first."""

    def read(self, *size: int | None) -> bytes:
        Instance.objects.update(clock_offset=F("clock_offset") + 3600)
        return super().read(*size)


def test_what_arrives_too_late_is_late_although_it_began_in_time(board: make.Board, post: Call) -> None:
    posted = make.challenge(questions_until=make.NOW + timedelta(minutes=1))
    body = {"challenge": posted.number, "text": "Asked in time?"}
    late = Late(json.dumps(body).encode())
    sent: Any = {"wsgi.input": late, "CONTENT_LENGTH": str(len(late.getvalue()))}
    answer = post("ask_question", body, by=board.lead_person, **sent)
    assert answer.status_code == 409
    assert not Question.objects.exists()


def test_a_key_must_be_sent(board: make.Board, post: Call) -> None:
    answer = post("ask_question", {"challenge": "X", "text": "?"}, by=board.lead_person, key=None)
    assert (answer.status_code, codes(answer)) == (422, ["request.key_missing"])


def test_malformed_input_gets_every_fault_at_once(board: make.Board, post: Call) -> None:
    answer = post("answer_proposal", {"proposal": "x", "agree": "maybe", "extra": 1}, by=board.second)
    fields = sorted(item["params"]["field"] for item in answer.json()["reasons"])
    assert (answer.status_code, fields) == (422, ["agree", "extra", "proposal"])


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', b"\xff\xfe", '{"text": NaN}'])
def test_a_broken_body_is_refused_in_words(board: make.Board, post: Call, client: Client, body: Any) -> None:
    secret = perform("create_token", by=board.lead_person, now=make.NOW, key="k", params={"name": "t"})
    assert isinstance(secret, Done)
    headers = {"HTTP_AUTHORIZATION": f"Bearer {secret.once['secret']}", "HTTP_IDEMPOTENCY_KEY": "k2"}
    answer = client.post("/api/v1/operations/ask_question", body, content_type="application/json", **headers)
    assert answer.status_code in (400, 422)
    assert answer.json()["reasons"][0]["text"]


@pytest.mark.parametrize("text", ["a\u0000b", "\ud800", "x" * 10])
def test_texts_no_database_keeps_are_refused(board: make.Board, post: Call, text: str) -> None:
    posted = make.challenge()
    answer = post("ask_question", {"challenge": posted.number, "text": text}, by=board.lead_person)
    assert answer.status_code == (200 if text.isalpha() and text.isascii() else 422)


def test_nobody_is_told_to_sign_in(board: make.Board, post: Call) -> None:
    answer = post("ask_question", {"challenge": make.challenge().number, "text": "?"})
    assert (answer.status_code, codes(answer)) == (401, ["access.sign_in"])


def test_an_operation_for_anybody_needs_no_token(board: make.Board, post: Call) -> None:
    body = {
        "email": "new@people.example",
        "name": "New",
        "password": "four-odd-words-here",
    }
    assert post("register_person", body).status_code == 200


def test_registering_tells_nobody_which_addresses_are_known(board: make.Board, post: Call) -> None:
    body = {"name": "New", "password": "four-odd-words-here"}
    known, fresh = (
        post("register_person", {**body, "email": email}).json()
        for email in (board.lead_person.email, "new@people.example")
    )
    assert known == fresh == {"answer": {"entry": None}, "entry": None, "receipt": None}


def test_nobody_in_particular_has_a_limit_by_source_and_by_the_address_written_to(
    board: make.Board, post: Call
) -> None:
    victim = {"email": board.lead_person.email}
    sent = [post("ask_password", {"email": f"x{n}@people.example"}).status_code for n in range(11)]
    assert sent == [200] * 10 + [429]
    assert codes(post("ask_password", victim)) == ["request.too_many"]
    assert post("set_password", {"token": "x", "password": "four-odd-words-here"}).status_code == 409
    spread = [post("ask_password", victim, REMOTE_ADDR=f"198.51.100.{n}").status_code for n in range(31)]
    assert spread == [200] * 30 + [429]
    other = {"email": board.owner_person.email}
    assert post("ask_password", other, REMOTE_ADDR="198.51.100.99").status_code == 200
    mine = [
        post("ask_password", {"email": f"y{n}@people.example"}, by=board.lead_person).status_code
        for n in range(11)
    ]
    assert mine == [200] * 10 + [429], "who signed in is somebody, and counted by name"
    assert post("ask_password", victim, by=board.owner_person).status_code == 429, "the address is the same"


def test_a_present_password_is_not_guessed_by_who_is_signed_in(board: make.Board, post: Call) -> None:
    guess = {"present": "not it, sorry", "password": "seven quiet rivers"}
    assert {post("change_password", guess, by=board.lead_person).status_code for _ in range(10)} == {422}
    right = {**guess, "present": make.PASSWORD}
    assert codes(post("change_password", right, by=board.lead_person)) == ["request.too_many"]
    assert post("change_password", right, by=board.owner_person).status_code == 200


@pytest.mark.parametrize(
    "failure",
    [OSError(errno.ENOSPC, "No space left on device"), OperationalError("database or disk is full")],
)
def test_a_full_disk_is_told_in_the_shape_of_every_refusal(
    board: make.Board, post: Call, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def full(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr("jiebang.api.acting.perform", full)
    answer = post("create_token", {"name": "x"}, by=board.lead_person)
    assert (answer.status_code, codes(answer)) == (503, ["request.no_room"])
    monkeypatch.undo()
    monkeypatch.setattr("jiebang.adapters.tries.take", full)
    answer = post("ask_password", {"email": "x@people.example"})
    assert (answer.status_code, codes(answer)) == (503, ["request.no_room"])


def test_any_other_failure_of_the_database_stays_loud(
    board: make.Board, post: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("jiebang.api.acting.perform", locked)
    with pytest.raises(OperationalError):
        post("create_token", {"name": "x"}, by=board.lead_person)


def test_a_missing_role_is_403_and_an_absent_thing_404(board: make.Board, post: Call) -> None:
    assert (
        post("open_call", {"number": "C", "title": {}, "rulebook": "x"}, by=board.lead_person).status_code
        == 403
    )
    move = {"kind": "bid", "number": "B-2026-999", "command": "withdraw_bid"}
    assert post("move", move, by=board.lead_person).status_code == 404


def test_a_rivals_bid_is_answered_like_one_that_is_not_there(board: make.Board, post: Call) -> None:
    rival = make.bid(make.challenge(), number="B-2026-001")
    bodies = []
    for number in (rival.number, "B-2026-002"):
        for command in ("withdraw_bid", "pass_check", "nothing"):
            given = {"kind": "bid", "number": number, "command": command}
            for person in (board.lead_person, board.owner_person, board.officer):
                answer = post("move", given, by=person)
                assert answer.status_code == 404, answer.content
                bodies.append(answer.content.decode().replace(number, "N"))
    assert len(set(bodies)) == 1


def test_a_refusal_by_the_state_of_things_is_409_in_the_callers_language(
    board: make.Board, post: Call
) -> None:
    posted = make.challenge(stage="closed")
    body = {"challenge": posted.number, "text": "?"}
    english = post("ask_question", body, by=board.lead_person, HTTP_ACCEPT_LANGUAGE="en")
    chinese = post("ask_question", body, by=board.lead_person, HTTP_ACCEPT_LANGUAGE="zh-CN")
    assert english.status_code == chinese.status_code == 409
    assert codes(english) == codes(chinese) == ["question.closed"]
    texts = [answer.json()["reasons"][0]["text"] for answer in (english, chinese)]
    assert texts[0].isascii()
    assert not texts[1].isascii()


def test_an_unknown_operation_is_not_here(client: Client, db: None) -> None:
    answer = client.post("/api/v1/operations/nothing", "{}", content_type="application/json")
    assert (answer.status_code, codes(answer)) == (404, ["request.not_found"])


def test_a_tokens_secret_is_in_one_answer_and_in_no_row(board: make.Board, post: Call) -> None:
    key = str(uuid.uuid4())
    first = post("create_token", {"name": "laptop", "days": 1}, by=board.lead_person, key=key).json()
    again = post("create_token", {"name": "laptop", "days": 1}, by=board.lead_person, key=key).json()
    secret = first["answer"].pop("secret")
    assert first["answer"] == again["answer"]
    kept = ApiToken.objects.get(pk=first["answer"]["token"])
    assert secret not in json.dumps([kept.digest, kept.name])
    assert secret not in json.dumps(first["receipt"])


def test_a_revoked_expired_or_foreign_token_opens_nothing(board: make.Board, client: Client) -> None:
    made = perform("create_token", by=board.lead_person, now=make.NOW, key="a", params={"name": "t"})
    assert isinstance(made, Done)
    headers = {"HTTP_AUTHORIZATION": f"Bearer {made.once['secret']}"}
    assert client.get("/api/v1/me", **headers).status_code == 200
    row = ApiToken.objects.get(pk=made.answer["token"])
    row.expires_at = make.NOW - timedelta(days=1)
    row.save()
    assert client.get("/api/v1/me", **headers).status_code == 401
    assert client.get("/api/v1/challenges", **headers).status_code == 401
    row.expires_at = make.NOW + timedelta(days=1)
    row.save()
    refused = perform("revoke_token", by=board.officer, now=make.NOW, key="b", params={"token": row.pk})
    assert not isinstance(refused, Done)
    done = perform("revoke_token", by=board.lead_person, now=make.NOW, key="c", params={"token": row.pk})
    assert isinstance(done, Done)
    assert client.get("/api/v1/me", **headers).status_code == 401
    board.lead_person.is_active = False


def test_a_session_writes_only_with_the_pages_csrf_token(board: make.Board) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(board.lead_person)
    body = json.dumps({"challenge": make.challenge().number, "text": "?"})
    sent: dict[str, Any] = {"content_type": "application/json", "HTTP_IDEMPOTENCY_KEY": "k"}
    assert client.get("/api/v1/me").status_code == 200
    assert client.post("/api/v1/operations/ask_question", body, **sent).status_code == 403
    client.cookies["csrftoken"] = "a" * 32
    with_token = client.post("/api/v1/operations/ask_question", body, HTTP_X_CSRFTOKEN="a" * 32, **sent)
    assert with_token.status_code == 200

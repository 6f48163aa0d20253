"""Messages are written with the deed, shown at once, sent once, and tried again when mail fails."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection, transaction

from jiebang.adapters.mail import Delivered, deliver_due
from jiebang.records.outbox import queries, write
from jiebang.records.outbox.models import Message
from jiebang.records.people.models import User
from jiebang.rules.reasons import catalogue

NOW = datetime(2026, 4, 8, 1, 2, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)
PARAMS = {
    "title": "Clean water",
    "task": "sign the review",
    "deadline": "30 June",
    "link": "https://example.org/needs/7/",
}


@pytest.fixture
def user(db: None) -> User:
    return get_user_model().objects.create(email="owner@example.org", name="An Owner")


def put(key: str = "k1", **changes: Any) -> Message:
    with transaction.atomic():
        return write.enqueue(
            **{
                "code": "mail.deadline_near",
                "params": PARAMS,
                "language": "en",
                "key": key,
                "now": NOW,
                "to_address": "owner@example.org",
            }
            | changes
        )


@pytest.mark.django_db
def test_a_message_is_worded_in_the_readers_language() -> None:
    english, chinese = put("a"), put("b", language="zh-Hans")
    assert english.subject == "Due on 30 June: sign the review"
    assert "Clean water" in english.body
    assert PARAMS["link"] in english.body
    assert chinese.subject == "即将到期（30 June）：sign the review"


@pytest.mark.django_db
def test_the_same_key_is_the_same_message() -> None:
    assert put().id == put(params={**PARAMS, "title": "Other"}).id
    assert Message.objects.get().params["title"] == "Clean water"


@pytest.mark.django_db
def test_a_code_without_words_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        put(code="mail.nothing")


@pytest.mark.django_db(transaction=True)
def test_a_message_needs_the_transaction_of_its_deed() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        write.enqueue(code="mail.deadline_near", params=PARAMS, language="en", key="k", now=NOW)


def test_every_message_has_a_subject_and_a_body() -> None:
    codes = [code for code in catalogue() if code.startswith("mail.")]
    stems = {code.rpartition(".")[0] for code in codes}
    assert sorted(codes) == sorted(f"{stem}.{part}" for stem in stems for part in ("body", "subject"))
    assert all(
        "\n" not in text for code in codes if code.endswith("subject") for text in catalogue()[code].values()
    )


@pytest.mark.django_db
def test_the_inbox_shows_at_once_what_is_not_sent_yet(user: User) -> None:
    first = put("a", to_user=user, to_address=None)
    second = put("b", to_user=user, now=NOW + HOUR, to_address="")
    put("c")
    assert list(queries.inbox(user)) == [second, first]
    assert (first.to_address, second.to_address) == ("owner@example.org", "")
    assert list(queries.due(now=NOW + HOUR).values_list("key", flat=True)) == ["a", "c"]
    assert queries.unread_count(user) == 2
    assert write.mark_read(user=user, ids=[first.id], now=NOW) == 1
    assert write.mark_read(user=user, ids=[first.id], now=NOW) == 0
    assert queries.unread_count(user) == 1


@pytest.mark.django_db
def test_nobody_reads_for_another(user: User) -> None:
    message = put()
    assert write.mark_read(user=user, ids=[message.id], now=NOW) == 0


@pytest.mark.django_db
def test_what_is_due_is_sent_once() -> None:
    put("a")
    put("b", due_at=NOW + HOUR)
    assert deliver_due(now=NOW) == Delivered(sent=1, failed=0)
    assert deliver_due(now=NOW) == Delivered(sent=0, failed=0)
    assert deliver_due(now=NOW + HOUR) == Delivered(sent=1, failed=0)
    assert [sent.to for sent in mail.outbox] == [["owner@example.org"]] * 2
    assert mail.outbox[0].body == Message.objects.get(key="a").body
    assert "Message-ID" in mail.outbox[0].extra_headers


@pytest.mark.django_db
def test_the_limit_holds() -> None:
    for key in "abc":
        put(key)
    assert deliver_due(now=NOW, limit=2).sent == 2
    assert deliver_due(now=NOW, limit=2).sent == 1


@pytest.mark.django_db
def test_a_title_with_a_line_break_forges_no_header() -> None:
    put(params={**PARAMS, "task": "x\r\nBcc: all@example.org"})
    assert deliver_due(now=NOW).sent == 1
    assert mail.outbox[0].recipients() == ["owner@example.org"]
    assert "\n" not in mail.outbox[0].subject


@pytest.mark.django_db
def test_a_day_without_mail_loses_nothing(monkeypatch: pytest.MonkeyPatch, user: User) -> None:
    put("a", to_user=user)
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", lambda self: (_ for _ in ()).throw(OSError("no route")))
        outcomes = [deliver_due(now=NOW + hour * HOUR) for hour in range(24)]
    message = Message.objects.get()
    assert sum(each.failed for each in outcomes) == message.attempts > 5
    assert message.last_error == "OSError: no route"
    assert queries.inbox(user).get() == message
    assert deliver_due(now=NOW + timedelta(days=2)) == Delivered(sent=1, failed=0)


@pytest.mark.django_db
def test_one_bad_message_does_not_hold_up_the_others() -> None:
    put("bad", to_address="a\nb")
    put("good")
    assert deliver_due(now=NOW) == Delivered(sent=1, failed=1)


@pytest.mark.django_db
def test_after_many_attempts_a_person_is_shown_the_message() -> None:
    message = put()
    Message.objects.update(attempts=queries.MOST_ATTEMPTS)
    assert deliver_due(now=NOW) == Delivered(sent=0, failed=0)
    assert list(queries.stuck()) == [message]


@pytest.mark.django_db
def test_a_worker_that_dies_while_sending_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    put()

    class Killed(BaseException):
        """Nothing catches it, as nothing catches a kill."""

    def die(self: EmailMessage) -> int:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(EmailMessage, "send", die)
        with pytest.raises(Killed):
            deliver_due(now=NOW)
    assert deliver_due(now=NOW + write.LEASE - timedelta(seconds=1)) == Delivered(sent=0, failed=0)
    assert deliver_due(now=NOW + write.LEASE) == Delivered(sent=1, failed=0)


@pytest.mark.django_db(transaction=True)
def test_many_workers_send_each_message_once() -> None:
    for number in range(20):
        put(str(number))
    counts: list[int] = []

    def work() -> None:
        counts.append(deliver_due(now=NOW).sent)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (
        sum(counts)
        == len(mail.outbox)
        == len({sent.extra_headers["Message-ID"] for sent in mail.outbox})
        == 20
    )


@pytest.mark.django_db(transaction=True)
def test_mail_is_not_sent_within_a_transaction_that_may_fail() -> None:
    put()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        deliver_due(now=NOW)
    assert mail.outbox == []


@pytest.mark.django_db
def test_erasing_a_reader_empties_their_messages(user: User) -> None:
    put("a", to_user=user)
    put("b")
    assert write.erase(user=user) == 1
    erased = Message.objects.get(key="a")
    assert (erased.to_address, erased.subject, erased.body, erased.params) == ("", "", "", {})
    assert Message.objects.get(key="b").body

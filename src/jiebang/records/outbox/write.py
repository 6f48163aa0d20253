"""Writing messages within the transaction of the deed they tell of, and noting what became of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from jiebang.records.outbox import queries
from jiebang.records.outbox.models import Message
from jiebang.records.outbox.words import worded
from jiebang.rules.reasons import Param

if TYPE_CHECKING:
    from jiebang.records.people.models import User

LEASE = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message to be worded: its code and parameters, to whom, and the key that makes it unique.

    `address` None means the person's own; `language` None the person's own.
    """

    code: str
    params: Mapping[str, Param]
    key: str
    to_user: "User | None" = None
    address: str | None = None
    language: str | None = None


def enqueue(
    *,
    code: str,
    params: Mapping[str, Param],
    language: str,
    key: str,
    now: datetime,
    to_user: "User | None" = None,
    to_address: str | None = None,
    due_at: datetime | None = None,
) -> Message:
    """Word a message (`<code>.subject` and `<code>.body` of the catalogue) and put it in line.

    It goes to the user's own address unless another is given; with "" it is shown in the inbox only. The
    same `key` gives the message that is there already. Raises KeyError for a code that has no words,
    TransactionManagementError outside a transaction.
    """
    _require_transaction()
    address = to_address if to_address is not None else (to_user.email if to_user else "")
    letter = Letter(code=code, params=params, to_user=to_user, key=key, address=address, language=language)
    message = _worded(letter, now=now, due_at=due_at or now)
    return Message.objects.filter(key=key).first() or Message.objects.create(**message)


def enqueue_all(letters: Iterable[Letter], *, now: datetime) -> None:
    """Word and put in line many letters at once; a key that is there already keeps its message."""
    _require_transaction()
    rows = [Message(**_worded(letter, now=now, due_at=now)) for letter in letters]
    Message.objects.bulk_create(rows, ignore_conflicts=True)


def _worded(letter: Letter, *, now: datetime, due_at: datetime) -> dict[str, Any]:
    to, language = letter.to_user, letter.language
    language = language or (to.language if to else "en")
    address = letter.address if letter.address is not None else (to.email if to else "")
    subject, body = worded(letter.code, letter.params, lang=language)
    return {
        "key": letter.key,
        "to_user": to,
        "to_address": address,
        "language": language,
        "code": letter.code,
        "params": dict(letter.params),
        "subject": subject,
        "body": body,
        "created_at": now,
        "due_at": due_at,
    }


def mark_read(*, user: "User", ids: list[int], now: datetime) -> int:
    """Note that a person has read messages of their own; answers how many were unread."""
    return Message.objects.filter(to_user=user, id__in=ids, read_at=None).update(read_at=now)


def erase(*, user: "User") -> int:
    """Empty what was written to a person; answers how many messages. That they were sent stays known."""
    theirs = Message.objects.filter(to_user=user)
    return theirs.update(to_address="", params={}, subject="", body="", last_error="")


def claim(message_id: int, /, *, now: datetime) -> bool:
    """Take a due message for sending; False when another worker has it. Committed before anything is sent."""
    with transaction.atomic(durable=True):
        mine = queries.due(now=now).filter(id=message_id)
        return mine.update(leased_until=now + LEASE, attempts=F("attempts") + 1) == 1


def settle_sent(message: Message, /, *, now: datetime) -> None:
    """The message has left."""
    Message.objects.filter(id=message.id).update(sent_at=now, leased_until=None, last_error="")


def settle_failed(message: Message, /, *, now: datetime, error: str) -> None:
    """The message has not left: again later, after twice the time, at most six hours."""
    wait = min(timedelta(minutes=2**message.attempts), LONGEST_WAIT)
    again = Message.objects.filter(id=message.id, sent_at=None)
    again.update(leased_until=None, last_error=error[:500], due_at=now + wait)


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a message is written with the deed, in one transaction")

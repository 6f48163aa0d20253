"""Mail leaves here, after the deed was committed, through Django's mail backend.

A worker takes a message by a lease that is committed before it sends. Two workers never hold the same one;
when a worker dies, the lease runs out and another sends. A worker that dies between sending and noting it
causes a second copy with the same Message-ID: mail may come twice then, but is not lost.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from jiebang.records.outbox import queries, write
from jiebang.records.outbox.models import Message


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages left and how many did not."""

    sent: int
    failed: int


def deliver_due(*, now: datetime, limit: int = 100) -> Delivered:
    """Send up to `limit` messages that are due; call it outside any transaction, as often as you like."""
    waiting = queries.due(now=now).values_list("id", flat=True)[:limit]
    outcomes = [_deliver(each, now=now) for each in list(waiting) if write.claim(each, now=now)]
    return Delivered(sent=outcomes.count(True), failed=outcomes.count(False))


def _deliver(message_id: int, *, now: datetime) -> bool:
    message = Message.objects.get(id=message_id)
    try:
        as_mail(message).send()
    except Exception as error:  # whatever one message does must not keep the others from leaving
        write.settle_failed(message, now=now, error=f"{type(error).__name__}: {error}")
        return False
    write.settle_sent(message, now=now)
    return True


def as_mail(message: Message, /) -> EmailMessage:
    """The message as plain mail; its Message-ID follows from its key, so that a second copy can be told."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    headers = {
        "Message-ID": f"<{hashlib.sha256(message.key.encode()).hexdigest()[:32]}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": message.language,
    }
    return EmailMessage(message.subject, _abroad(message), to=[message.to_address], headers=headers)


def _abroad(message: Message) -> str:
    """The text with the full address of the page that it leads to, once the instance knows where it stands."""
    link = str(message.params.get("link") or "")
    if not settings.SITE or not link.startswith("/"):
        return message.body
    return message.body.replace(f"\n{link}", f"\n{settings.SITE}{link}")

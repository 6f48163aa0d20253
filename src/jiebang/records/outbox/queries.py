"""Reading messages: a person's inbox, and what is to be sent."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from jiebang.records.outbox.models import Message

if TYPE_CHECKING:
    from jiebang.records.people.models import User

KEYS = ("person.confirm", "person.enrolled", "person.password_link")  # whoever has the letter has the account
MOST_ATTEMPTS = 20  # about three days of trying; after that a person must look


def due(*, now: datetime) -> QuerySet[Message]:
    """What may be sent now, oldest first: unsent, addressed, not in another worker's hands, not given up."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    waiting = Message.objects.filter(free, sent_at=None, due_at__lte=now, attempts__lt=MOST_ATTEMPTS)
    return waiting.exclude(to_address="").order_by("due_at", "id")


def stuck() -> QuerySet[Message]:
    """What was given up, for a person to look at."""
    return Message.objects.filter(sent_at=None, attempts__gte=MOST_ATTEMPTS).order_by("-created_at")


def inbox(user: "User", /) -> QuerySet[Message]:
    """A person's messages, newest first, but for those whose link is a key: that one opens from their mail alone."""
    return _read_inside(user).order_by("-created_at", "-id")


def every_message() -> QuerySet[Message]:
    """All messages to anybody, newest first."""
    return Message.objects.select_related("to_user").order_by("-created_at", "-id")


def unread_count(user: "User", /) -> int:
    """How many of them are unread."""
    return _read_inside(user).filter(read_at=None).count()


def _read_inside(user: "User") -> QuerySet[Message]:
    return Message.objects.filter(to_user=user).exclude(code__in=KEYS)

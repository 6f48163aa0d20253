"""Registers the room with Django."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Messages: the in-app inbox and the queue of mails are one table."""

    name = "jiebang.records.outbox"
    label = "outbox"

"""Registers the room with Django."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Whose money a project runs on, every movement of it, and the rates between currencies."""

    name = "jiebang.records.ledger"
    label = "ledger"

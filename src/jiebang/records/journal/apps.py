"""Registers the room with Django."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from jiebang.records.journal import append_only


class JournalConfig(AppConfig):
    """The journal, its head, and the private values that can be erased."""

    name = "jiebang.records.journal"
    label = "journal"

    def ready(self) -> None:
        """The database refuses changes itself: set up after every migration, as a rebuilt table loses it."""
        post_migrate.connect(append_only.after_migrate, sender=self)

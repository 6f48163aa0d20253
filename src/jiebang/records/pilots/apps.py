"""Registers the room with Django."""

from django.apps import AppConfig


class PilotsConfig(AppConfig):
    """Pilots."""

    name = "jiebang.records.pilots"
    label = "pilots"

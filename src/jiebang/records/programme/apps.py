"""Registers the room with Django."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """Rulebooks in force, calls, the instance's clock, and acknowledged requests."""

    name = "jiebang.records.programme"
    label = "programme"

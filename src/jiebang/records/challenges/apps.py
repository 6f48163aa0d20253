"""Registers the room with Django."""

from django.apps import AppConfig


class ChallengesConfig(AppConfig):
    """Needs, their arguments, the challenges listed from them, and the question log."""

    name = "jiebang.records.challenges"
    label = "challenges"

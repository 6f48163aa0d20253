"""Registers the room with Django."""

from django.apps import AppConfig


class AwardsConfig(AppConfig):
    """What was decided and why: verdicts, proposals, decisions, objections."""

    name = "jiebang.records.awards"
    label = "awards"

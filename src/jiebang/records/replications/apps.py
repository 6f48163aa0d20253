"""Registers the room with Django."""

from django.apps import AppConfig


class ReplicationsConfig(AppConfig):
    """Replications."""

    name = "jiebang.records.replications"
    label = "replications"

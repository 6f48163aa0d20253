"""Registers the room with Django."""

from django.apps import AppConfig


class DeliverablesConfig(AppConfig):
    """Deliverables."""

    name = "jiebang.records.deliverables"
    label = "deliverables"

"""Registers the room with Django."""

from django.apps import AppConfig


class PanelsConfig(AppConfig):
    """Panels."""

    name = "jiebang.records.panels"
    label = "panels"

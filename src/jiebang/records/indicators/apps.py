"""Registers the room with Django."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Behind measured values: their evidence, who tests independently, and values in dispute."""

    name = "jiebang.records.indicators"
    label = "indicators"

"""Registers the room with Django."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons, the parties they act for, and what those parties have proved."""

    name = "jiebang.records.people"
    label = "people"

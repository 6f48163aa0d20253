"""Registers the room with Django."""

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """From agreement to follow-up: gates, milestones, money, validation."""

    name = "jiebang.records.projects"
    label = "projects"

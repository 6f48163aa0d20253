"""Registers the room with Django."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Stored files, addressed by their hash."""

    name = "jiebang.records.files"
    label = "files"

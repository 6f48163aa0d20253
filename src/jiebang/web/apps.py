"""Registers the web door with Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages: they read through queries and write through operations."""

    name = "jiebang.web"
    label = "web"

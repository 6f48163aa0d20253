"""Registers the room with Django."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Who judges what: assignments, conflicts of interest, scores, signatures."""

    name = "jiebang.records.reviews"
    label = "reviews"

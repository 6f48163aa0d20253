"""Registers the room with Django."""

from django.apps import AppConfig


class BidsConfig(AppConfig):
    """Consortia, invitations, and bids: a small header and a content document."""

    name = "jiebang.records.bids"
    label = "bids"

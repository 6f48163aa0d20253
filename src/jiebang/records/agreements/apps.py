"""Registers the room with Django."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """The aligned statement, papers, signatures, delegations."""

    name = "jiebang.records.agreements"
    label = "agreements"

"""A validated result at another owner: the copy, what had to be adapted, what it shows there, who gains."""

from typing import ClassVar

from django.db import models

PROJECT, PARTY, PERSON = "projects.Project", "people.Party", "people.User"


def _by() -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")


def _at() -> models.DateTimeField:  # type: ignore[type-arg]
    return models.DateTimeField(null=True, blank=True)


class Replica(models.Model):
    """A copy of a project's result; `parent` is the copy that it was taken from, none where it comes from the origin.

    `content` follows the rulebook's form `replication`, `confirmation` its form `replica_confirmation`.
    """

    class State(models.TextChoices):
        """From a proposal to use, or to an end."""

        PROPOSED = "proposed"
        AGREED = "agreed"
        MEASURED = "measured"
        CONFIRMED = "confirmed"
        GIVEN_UP = "given_up"

    project = models.ForeignKey(PROJECT, on_delete=models.PROTECT, related_name="replicas")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies")
    number = models.CharField(max_length=40, unique=True)
    owner = models.ForeignKey(PARTY, on_delete=models.PROTECT, related_name="replicas")
    carrier = models.ForeignKey(PARTY, on_delete=models.PROTECT, related_name="carried")
    country = models.CharField(max_length=2)
    site = models.CharField(max_length=500)
    state = models.CharField(max_length=20, choices=State, default=State.PROPOSED)
    content = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, help_text="Of what the new owner is asked to agree to.")
    proposed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    agreed_by, agreed_at = _by(), _at()
    measured_by, measured_at = _by(), _at()
    confirmed_by, confirmed_at = _by(), _at()
    confirmation = models.JSONField(default=dict)
    given_up_by, given_up_at = _by(), _at()
    why = models.JSONField(default=dict, help_text="Why it was given up.")

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.number


class Adaptation(models.Model):
    """One thing that is otherwise than at the origin, what had to be changed, and what that took."""

    replica = models.ForeignKey(Replica, on_delete=models.PROTECT, related_name="adaptations")
    order = models.PositiveSmallIntegerField()
    dimension = models.SlugField(max_length=60, help_text="One of the rulebook's dimensions.")
    origin = models.JSONField(default=dict, help_text="How it was at the origin.")
    here = models.JSONField(default=dict, help_text="How it is here.")
    change = models.JSONField(default=dict, help_text="What had to be changed; empty: nothing.")
    cost = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    days = models.PositiveIntegerField(null=True, blank=True)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["replica", "order"], name="adaptation_order_once")
        ]


class ReplicaValue(models.Model):
    """A value of one of the origin's indicators at the new place. `side`: owner, independent, or carrier (decides nothing)."""

    replica = models.ForeignKey(Replica, on_delete=models.PROTECT, related_name="values")
    indicator = models.SlugField(max_length=60)
    value = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=60, blank=True)
    same_method = models.BooleanField(help_text="Measured as at the origin.")
    how = models.JSONField(default=dict)
    side = models.SlugField(max_length=20)
    measurer = models.CharField(max_length=200, blank=True, help_text="Who measured independently.")
    measured_on = models.DateField()
    evidence = models.JSONField(default=dict, help_text="{name, size, sha256} of a file, or nothing.")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["measured_on", "pk"]


class Benefit(models.Model):
    """Who gains from the copy and how: an organisation, or a group of people; never a named person."""

    replica = models.ForeignKey(Replica, on_delete=models.PROTECT, related_name="benefits")
    order = models.PositiveSmallIntegerField()
    party = models.ForeignKey(PARTY, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    group = models.JSONField(default=dict, help_text="The group of people, where it is no organisation.")
    how = models.JSONField(default=dict)
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    basis = models.SlugField(max_length=10, blank=True, help_text="announced, signed or paid.")
    as_of = models.DateField(help_text="The day as of which it is so.")
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["replica", "order"], name="benefit_order_once")
        ]

"""Evidence of measured values, independent testers, disputes with their re-run. Old values stay as they were."""

from typing import ClassVar

from django.db import models


class Tester(models.Model):
    """An organisation without a tie to the project that measures independently."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="testers")
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="tests")
    why = models.CharField(max_length=500)
    named_at = models.DateTimeField()
    named_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(ended_at=None), name="one_tester_at_a_time"
            )
        ]


class Evidence(models.Model):
    """A file behind a value: whose it is, where, when and how it came about, and the hash it had when the value was given."""

    measurement = models.ForeignKey("projects.Measurement", on_delete=models.PROTECT, related_name="evidence")
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    made_by = models.CharField(max_length=200)
    made_at = models.CharField(max_length=200, help_text="The place.")
    made_on = models.DateField()
    method = models.CharField(max_length=1000)


class Dispute(models.Model):
    """The owner or the lead says that a value is wrong; the tester measures anew, somebody else decides."""

    class Status(models.TextChoices):
        """How far it is."""

        OPEN = "open"
        MEASURED = "measured"
        DECIDED = "decided"

    class Outcome(models.TextChoices):
        """Which value stands."""

        RERUN = "rerun"
        OLD = "old"

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="disputes")
    order = models.PositiveSmallIntegerField()
    measurement = models.ForeignKey("projects.Measurement", on_delete=models.PROTECT, related_name="disputes")
    side = models.CharField(max_length=10)
    why = models.CharField(max_length=2000)
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    rerun = models.OneToOneField(
        "projects.Measurement", null=True, blank=True, on_delete=models.PROTECT, related_name="reruns"
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    decision = models.CharField(max_length=2000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "order"], name="dispute_order_once"),
            models.UniqueConstraint(
                fields=["measurement"], condition=~models.Q(status="decided"), name="one_open_dispute_a_value"
            ),
        ]


class Grading(models.Model):
    """The grade of the result when it was accepted, with what it rests on."""

    project = models.OneToOneField("projects.Project", on_delete=models.PROTECT, related_name="grading")
    grade = models.SlugField(max_length=60)
    result = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey("people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

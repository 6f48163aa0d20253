"""What happens at the demand side before its owner signs that the result works."""

from typing import ClassVar

from django.db import models

PROJECT, PERSON = "projects.Project", "people.User"


class Protocol(models.Model):
    """One version of what both sides agree to before the pilot; content follows the `protocol` form.

    A version that was proposed and not agreed to ends when another is proposed; every version stays.
    """

    project = models.ForeignKey(PROJECT, on_delete=models.PROTECT, related_name="protocols")
    version = models.PositiveSmallIntegerField()
    content = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    side = models.SlugField(max_length=20, help_text="Who proposed it: owner or lead.")
    proposed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "version"], name="protocol_version_once")
        ]


class SiteKey(models.Model):
    """The public key with which an owner's site signs its result packages."""

    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="site_keys")
    key = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=200)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]


class ResultPackage(models.Model):
    """A signed package as it was taken in: the manifest's own bytes, and the archive where that came too."""

    project = models.ForeignKey(PROJECT, on_delete=models.PROTECT, related_name="packages")
    number = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64, unique=True)
    manifest = models.TextField()
    signature = models.CharField(max_length=128)
    key = models.ForeignKey(SiteKey, on_delete=models.PROTECT, related_name="packages")
    archive = models.CharField(
        max_length=64, blank=True, help_text="Hash of the archive, where it was brought."
    )
    received_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "number"], name="package_number_once")
        ]


class Run(models.Model):
    """The result tried at the demand side: when, where, who measured, what came of it."""

    project = models.ForeignKey(PROJECT, on_delete=models.PROTECT, related_name="runs")
    order = models.PositiveSmallIntegerField()
    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="runs")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    place = models.CharField(max_length=500)
    side = models.SlugField(max_length=20, help_text="Who measured: owner, lead or third_party.")
    measurer = models.CharField(max_length=500)
    values = models.JSONField(default=list, help_text="A list of {indicator, value, unit}.")
    package = models.OneToOneField(
        ResultPackage, null=True, blank=True, on_delete=models.PROTECT, related_name="run"
    )
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["project", "order"], name="run_order_once")]


class Incident(models.Model):
    """Something that went wrong at the demand side; open until the owner closes it."""

    project = models.ForeignKey(PROJECT, on_delete=models.PROTECT, related_name="incidents")
    order = models.PositiveSmallIntegerField()
    severity = models.SlugField(max_length=60)
    happened_at = models.DateTimeField()
    what = models.JSONField(default=dict)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    treatment = models.JSONField(default=dict, help_text="What was done.")
    treated_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    treated_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "order"], name="incident_order_once")
        ]


class Handover(models.Model):
    """A time in which the owner's own staff run the result without the lead."""

    project = models.ForeignKey(PROJECT, on_delete=models.PROTECT, related_name="handovers")
    began_on = models.DateField()
    staff = models.CharField(max_length=500)
    begun_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True, blank=True)
    lead_helped = models.BooleanField(null=True)
    passed = models.BooleanField(null=True)
    result = models.JSONField(default=dict)
    ended_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["began_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(ended_on=None), name="one_handover_at_a_time"
            )
        ]


class UserReport(models.Model):
    """What somebody who used the result wrote, with who wrote it, when, and the hash of it all."""

    project = models.ForeignKey(PROJECT, on_delete=models.PROTECT, related_name="user_reports")
    author = models.CharField(max_length=200)
    position = models.CharField(max_length=200)
    written_on = models.DateField()
    text = models.JSONField(default=dict)
    file = models.JSONField(default=dict, help_text="{name, size, sha256} of a file, or nothing.")
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["written_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "sha256"], name="user_report_once")
        ]


class UseCost(models.Model):
    """What it cost somebody to bring the result into use, beside the award."""

    project = models.ForeignKey(PROJECT, on_delete=models.PROTECT, related_name="use_costs")
    what = models.CharField(max_length=300)
    side = models.SlugField(max_length=20, help_text="Who bore it: owner or lead.")
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    currency = models.CharField(max_length=3)
    spent_on = models.DateField()
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["spent_on", "pk"]

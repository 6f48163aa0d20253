"""The rulebook versions in force, calls that froze one, and requests that were acknowledged."""

from django.db import models


class RulebookVersion(models.Model):
    """A rulebook as it was: its canonical JSON under its SHA-256. Never changed."""

    digest = models.CharField(max_length=64, primary_key=True)
    slug = models.CharField(max_length=60, db_index=True)
    version = models.CharField(max_length=20)
    document = models.TextField()
    installed_at = models.DateTimeField()
    current = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.slug} {self.version}"


class CalendarVersion(models.Model):
    """Calendars as they were: data under its hash, as `decisions.clock` describes both. Never changed."""

    digest = models.CharField(max_length=64, primary_key=True)
    document = models.JSONField()


class Call(models.Model):
    """A round of the programme: freezes a rulebook and the calendars it counts by."""

    number = models.CharField(max_length=40, unique=True)
    title = models.JSONField(default=dict)
    rulebook = models.ForeignKey(RulebookVersion, on_delete=models.PROTECT, related_name="calls")
    calendars = models.ForeignKey(CalendarVersion, on_delete=models.PROTECT, related_name="calls")
    opened_at = models.DateTimeField()
    needs_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.number


class Instance(models.Model):
    """The one row that says what this instance is. A demo's clock runs `clock_offset` seconds ahead."""

    demo = models.BooleanField(default=False)
    office = models.ForeignKey("people.Party", null=True, on_delete=models.PROTECT, related_name="+")
    clock_offset = models.BigIntegerField(default=0)


class Acknowledgement(models.Model):
    """An answered request: the same key with the same content gets the same answer again."""

    key = models.CharField(max_length=80, primary_key=True)
    operation = models.CharField(max_length=60)
    person = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+")
    content = models.CharField(max_length=64, help_text="SHA-256 of operation and parameters.")
    answer = models.JSONField()
    at = models.DateTimeField()


class NumberSeries(models.Model):
    """The last number given out in a series such as GX-2026."""

    prefix = models.CharField(max_length=30, primary_key=True)
    last = models.PositiveIntegerField(default=0)

"""What a project plans beside its result, and the values of it, each for a period and confirmed or not."""

from typing import ClassVar

from django.db import models

PERSON, PARTY = "people.User", "people.Party"


class Deliverable(models.Model):
    """A laboratory, a transfer centre or a training that a project plans. What is withdrawn stays, with why."""

    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="deliverables"
    )  # fmt: skip
    kind = models.SlugField(max_length=60, help_text="Key of the rulebook's deliverables.kinds.")
    name = models.JSONField(default=dict)
    host = models.ForeignKey(PARTY, on_delete=models.PROTECT, related_name="hosted")
    country = models.CharField(max_length=2)
    place = models.CharField(max_length=200)
    planned = models.JSONField(default=dict, help_text="Measure -> decimal text.")
    since = models.DateField(help_text="The day on which it begins.")
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # fmt: skip
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]


class Attainment(models.Model):
    """What was attained of one measure from one day to another, both counted in; it counts once it is confirmed."""

    class State(models.TextChoices):
        """Whether it counts."""

        WAITING = "waiting"
        CONFIRMED = "confirmed"
        REFUSED = "refused"

    deliverable = models.ForeignKey(Deliverable, on_delete=models.PROTECT, related_name="attainments")
    measure = models.SlugField(max_length=60, help_text="Key of the rulebook's deliverables.measures.")
    value = models.DecimalField(max_digits=18, decimal_places=2)
    first_day = models.DateField()
    last_day = models.DateField()
    party = models.ForeignKey(PARTY, on_delete=models.PROTECT, related_name="+", help_text="Who recorded it.")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    file = models.JSONField(default=dict, help_text="{name, size, sha256} of what shows it, or nothing.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["first_day", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="attainment_days"
            )
        ]

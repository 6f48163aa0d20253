"""What needs, challenges, bids and projects share: a stage, and the clock that runs in it."""

from django.db import models


class Staged(models.Model):
    """A thing with a lifecycle. `due_at` is exclusive: in time is `received < due_at`."""

    stage = models.SlugField(max_length=60, db_index=True)
    stage_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    due_clock = models.SlugField(max_length=60, blank=True)
    due_provisional = models.BooleanField(default=False)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

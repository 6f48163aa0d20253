"""A panel meets on the bids of a challenge. Scores changed there keep what they were, with the reason."""

from typing import ClassVar

from django.db import models


class Panel(models.Model):
    """One meeting: convened, held, closed with its minutes. `kind` pitch gives each bid its minutes on stage."""

    class Kind(models.TextChoices):
        """What happens in it."""

        MEETING = "meeting"
        PITCH = "pitch"

    challenge = models.ForeignKey("challenges.Challenge", on_delete=models.PROTECT, related_name="panels")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    held_at = models.DateTimeField()
    place = models.CharField(max_length=300, help_text="A room, or the address of a meeting on line.")
    agenda = models.JSONField(default=dict)
    convened_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    convened_at = models.DateTimeField()
    minutes = models.JSONField(default=dict)
    closed_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["challenge"], condition=models.Q(closed_at=None), name="one_open_panel_a_challenge"
            )
        ]


class Slot(models.Model):
    """The place of a bid on the agenda; in a pitch, when it begins."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="slots")
    bid = models.ForeignKey("bids.Bid", on_delete=models.PROTECT, related_name="slots")
    order = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["panel", "bid"], name="one_slot_a_bid"),
            models.UniqueConstraint(fields=["panel", "order"], name="one_bid_a_slot"),
        ]


class ScoreChange(models.Model):
    """A signed score that its expert changed in a panel: what it was, what it is, why."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="changes")
    assignment = models.ForeignKey("reviews.Assignment", on_delete=models.PROTECT, related_name="changes")
    criterion = models.SlugField(max_length=60)
    before = models.DecimalField(max_digits=12, decimal_places=4)
    after = models.DecimalField(max_digits=12, decimal_places=4)
    why = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]


class MinorityView(models.Model):
    """What an expert wants on record against the view of the others, on one bid or on all."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="minority_views")
    expert = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    bid = models.ForeignKey("bids.Bid", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]

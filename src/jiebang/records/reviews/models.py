"""Who judges what, and what they said."""

from typing import ClassVar

from django.db import models


class Conflict(models.Model):
    """A reason why an expert must not judge an organisation's bid; keyed on persons and parties."""

    expert = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="conflicts")
    party = models.ForeignKey(
        "people.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    bid = models.ForeignKey(
        "bids.Bid", null=True, blank=True, on_delete=models.PROTECT, related_name="conflicts"
    )
    kind = models.SlugField(max_length=40)
    text = models.CharField(max_length=1000, blank=True)
    declared_at = models.DateTimeField()


class Assignment(models.Model):
    """An expert is asked to judge a bid."""

    class Status(models.TextChoices):
        """How far the expert has come."""

        ASKED = "asked"
        DECLARED = "declared"
        DRAFT = "draft"
        SIGNED = "signed"
        RECUSED = "recused"

    OPEN = (Status.ASKED, Status.DECLARED, Status.DRAFT)  # the expert has something to do: what a load counts
    READING = (Status.DECLARED, Status.DRAFT, Status.SIGNED)  # the expert may read the bid
    LIVE = (*OPEN, Status.SIGNED)  # counts among the bid's reviews

    bid = models.ForeignKey("bids.Bid", on_delete=models.PROTECT, related_name="assignments")
    expert = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="assignments")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.ASKED)
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    comment = models.JSONField(default=dict, help_text="A statement to the bidder.")
    note = models.TextField(blank=True, help_text="A remark for the office only.")
    confidence = models.CharField(
        max_length=60, blank=True, help_text="The expertise stated, a key of scoring.expertise."
    )
    recused_why = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bid", "expert"], name="one_assignment_an_expert")
        ]


class OwnerView(models.Model):
    """What a demand owner says of a bid on its challenge, where the rulebook lets it (setting `owner_opinion`)."""

    bid = models.ForeignKey("bids.Bid", on_delete=models.PROTECT, related_name="owner_views")
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="+")
    favourable = models.BooleanField()
    text = models.JSONField(default=dict)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["bid", "party"], name="one_view_an_owner")]


class Score(models.Model):
    """One expert's score of one bid on one criterion."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="scores")
    criterion = models.SlugField(max_length=60)
    value = models.DecimalField(max_digits=12, decimal_places=4)
    comment = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assignment", "criterion"], name="one_score_a_criterion")
        ]

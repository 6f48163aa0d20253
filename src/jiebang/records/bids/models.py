"""A bid: a small header that the office may count, and a content that only its own people read before opening."""

from typing import ClassVar

from django.db import models

from jiebang.records.staged import Staged


class Consortium(models.Model):
    """The party that bids: a lead and invited partners."""

    party = models.OneToOneField(
        "people.Party", primary_key=True, on_delete=models.PROTECT, related_name="consortium"
    )
    lead = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="led_consortia")


class Invitation(models.Model):
    """A partner's place in a consortium: invited, then accepted, declined or lapsed."""

    class Status(models.TextChoices):
        """Where the invitation stands; lapsed is a comparison with `expires_at`, stored when someone looks."""

        INVITED = "invited"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        LAPSED = "lapsed"
        CANCELLED = "cancelled"
        JOINED = "joined"  # came in by a change of the agreement
        LEFT = "left"  # was in the bid, and left by such a change

    IN_THE_BID: ClassVar = (Status.ACCEPTED, Status.LEFT)
    AT_WORK: ClassVar = (Status.ACCEPTED, Status.JOINED)

    consortium = models.ForeignKey(Consortium, on_delete=models.PROTECT, related_name="invitations")
    partner = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="invitations")
    part = models.CharField(max_length=500, blank=True, help_text="What the partner is asked to do.")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.INVITED)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consortium", "partner"], name="one_place_a_partner")
        ]


class Bid(Staged):
    """The header: who answers which challenge, when it was sent, and the hash of what was sent."""

    number = models.CharField(max_length=40, unique=True)
    challenge = models.ForeignKey("challenges.Challenge", on_delete=models.PROTECT, related_name="bids")
    consortium = models.OneToOneField(Consortium, on_delete=models.PROTECT, related_name="bid")
    lead_person = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="led_bids"
    )
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True, db_index=True)
    content_sha256 = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.number


class BidContent(models.Model):
    """The document, checked by the rulebook's `bid` form. Every sent version is kept; `sent_at` null is the draft."""

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="contents")
    content = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    saved_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

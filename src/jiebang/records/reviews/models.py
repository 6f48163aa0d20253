"""Who judges what, and what they said."""

from typing import ClassVar

from django.db import models


class Conflict(models.Model):
    """A link that was declared: of an expert to a party, a bid or another person; from and until when, if that is known."""

    expert = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="conflicts")
    party = models.ForeignKey(
        "people.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    other = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    bid = models.ForeignKey(
        "bids.Bid", null=True, blank=True, on_delete=models.PROTECT, related_name="conflicts"
    )
    kind = models.SlugField(max_length=40)
    text = models.CharField(max_length=1000, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True, help_text="The first day on which it no longer was.")
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="The office, where the expert did not declare it.",
    )  # fmt: skip
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_why = models.CharField(max_length=1000, blank=True)


class Block(models.Model):
    """Why an expert must not judge or read a bid, as the rulebook closes the links; written anew whenever they change."""

    expert = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="blocks")
    bid = models.ForeignKey("bids.Bid", on_delete=models.PROTECT, related_name="blocks")
    kind = models.SlugField(max_length=40, help_text="The expert's own link.")
    party = models.ForeignKey("people.Party", null=True, on_delete=models.PROTECT, related_name="+")
    stake = models.CharField(max_length=12, help_text="What the party is to the bid: member, rival, owner.")
    via = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["bid", "expert"])]


class Assignment(models.Model):
    """An expert is asked to judge a bid."""

    class Status(models.TextChoices):
        """How far the expert has come."""

        ASKED = "asked"
        DECLARED = "declared"
        DRAFT = "draft"
        SIGNED = "signed"
        RECUSED = "recused"
        RELEASED = "released"
        STRUCK = "struck"

    OPEN = (Status.ASKED, Status.DECLARED, Status.DRAFT)  # the expert has something to do: what a load counts
    READING = (Status.DECLARED, Status.DRAFT, Status.SIGNED)  # the expert may read the bid
    LIVE = (*OPEN, Status.SIGNED)  # counts among the bid's reviews
    # stepped aside, the office gave the bid to somebody else, or a correction of the result took the review out
    OVER = (Status.RECUSED, Status.RELEASED, Status.STRUCK)

    bid = models.ForeignKey("bids.Bid", on_delete=models.PROTECT, related_name="assignments")
    expert = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="assignments")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.ASKED)
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
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


class PairWish(models.Model):
    """The office pins an expert to a bid or keeps the two apart, with its reason, whatever is proposed next."""

    class Wish(models.TextChoices):
        """What is asked of the next proposal."""

        PIN = "pin"
        FORBID = "forbid"

    bid = models.ForeignKey("bids.Bid", on_delete=models.PROTECT, related_name="wishes")
    expert = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    wish = models.CharField(max_length=8, choices=Wish.choices)
    why = models.CharField(max_length=1000)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["bid", "expert"], name="one_wish_a_pair")]


class Slate(models.Model):
    """Experts appointed to all bids of one challenge, or of a whole call, at once: the problem that was solved, and its answer.

    `problem` is the text whose SHA-256 is `digest`, as `jiebang assign` reads it; bids by number, experts by pseudonym.
    """

    call = models.ForeignKey("programme.Call", on_delete=models.PROTECT, related_name="slates")
    challenges = models.ManyToManyField("challenges.Challenge", related_name="slates")
    whole = models.BooleanField(
        default=False, help_text="Of all challenges of the call that were under review then."
    )
    at = models.DateTimeField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    problem = models.TextField()
    digest = models.CharField(max_length=64)
    pairs = models.JSONField(help_text="The solved pairs: bid, pseudonym, fit.")
    given = models.JSONField(help_text="Pairs set before a draw by lot.")
    total = models.FloatField()
    optimal = models.BooleanField()
    seed = models.CharField(max_length=64, blank=True, help_text="Of a draw by lot, in hex.")


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

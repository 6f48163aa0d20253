"""What was decided, by whom, under which rule, and who objected."""

from datetime import datetime
from typing import ClassVar

from django.db import models


class Verdict(models.Model):
    """A stored answer of the eligibility rules on a need or a bid, as of a time."""

    need = models.ForeignKey(
        "challenges.Need", null=True, blank=True, on_delete=models.PROTECT, related_name="verdicts"
    )
    bid = models.ForeignKey(
        "bids.Bid", null=True, blank=True, on_delete=models.PROTECT, related_name="verdicts"
    )
    subject = models.CharField(max_length=80, help_text="The organisation or thing judged.")
    rule = models.SlugField(max_length=60)
    outcome = models.CharField(max_length=8)
    code = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    evidence = models.JSONField(default=list)
    as_of = models.DateTimeField()
    current = models.BooleanField(default=True)


class Proposal(models.Model):
    """Half of a four-eyes act: proposed by one officer, waiting for another to agree or refuse."""

    class Status(models.TextChoices):
        """What became of it."""

        OPEN = "open"
        AGREED = "agreed"
        REFUSED = "refused"

    operation = models.CharField(max_length=60)
    subject = models.CharField(
        max_length=60, db_index=True, help_text="need:N-1, challenge:GX-2026-001, project:P-1"
    )
    params = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    proposed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)


class Inputs(models.Model):
    """Everything that a decision read, as it stood then (`decisions.bundle_kept`): so that the decision replays for ever.

    It names persons by pseudonyms alone.
    """

    sha256 = models.CharField(max_length=64, primary_key=True)
    bundle = models.JSONField()


class Decision(models.Model):
    """The outcome of a bid (or, without a bid, of the challenge) with its reason and the figures it rests on."""

    challenge = models.ForeignKey("challenges.Challenge", on_delete=models.PROTECT, related_name="decisions")
    bid = models.ForeignKey(
        "bids.Bid", null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    outcome = models.SlugField(max_length=20)
    rank = models.PositiveIntegerField(null=True, blank=True)
    tie = models.PositiveIntegerField(default=1)
    score = models.FloatField(null=True, blank=True)
    code = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    rule = models.CharField(max_length=80, blank=True)
    rulebook = models.CharField(max_length=64)
    inputs = models.CharField(max_length=64, blank=True, help_text="SHA-256 of everything the decision read.")
    proposed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    final_at = models.DateTimeField(null=True, blank=True)
    current = models.BooleanField(default=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["challenge", "current"])]


class Draw(models.Model):
    """A lottery's draw on a challenge: the list as it was committed, then the public numbers, then who had left."""

    challenge = models.ForeignKey("challenges.Challenge", on_delete=models.PROTECT, related_name="draws")
    pool = models.JSONField(help_text="The committed list; its hash is `list_hash`.")
    list_hash = models.CharField(max_length=64)
    committed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    committed_at = models.DateTimeField()
    seed = models.CharField(max_length=500, blank=True, help_text="The public numbers as they were typed.")
    gone = models.JSONField(default=list, help_text="Bids that had left when the numbers were entered.")
    seeded_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    seeded_at = models.DateTimeField(null=True, blank=True)
    current = models.BooleanField(default=True)


class Objection(models.Model):
    """A named, written objection inside the publicity period, or an appeal against its answer; the name stays confidential."""

    class Status(models.TextChoices):
        """How it ended."""

        OPEN = "open"
        UPHELD = "upheld"
        PARTLY = "partly"
        NOT_UPHELD = "not_upheld"

    number = models.CharField(max_length=40, unique=True)
    challenge = models.ForeignKey("challenges.Challenge", on_delete=models.PROTECT, related_name="objections")
    by = models.ForeignKey("people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(
        "people.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    answer = models.JSONField(default=dict)
    answered_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    appeal_until = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Until then its objector may appeal against the answer; null: no more.",
    )
    appeal_of = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="appeal"
    )


class Revocation(models.Model):
    """An award in question: why, what its lead answered, and how it ended. A project may be questioned more than once."""

    class Status(models.TextChoices):
        """How it ended."""

        OPEN = "open"
        REVOKED = "revoked"
        KEPT = "kept"

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="revocations")
    ground = models.SlugField(max_length=60, help_text="Key of the rulebook's revocation.grounds.")
    why = models.TextField()
    evidence = models.TextField()
    asked_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer_until = models.DateTimeField(null=True, blank=True)
    answer = models.JSONField(default=dict)
    answered_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    breach = models.BooleanField(default=False, help_text="Stands in the integrity record of the lead.")
    decision = models.TextField(blank=True, help_text="The reason of who decided.")
    decided_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    filled_at = models.DateTimeField(
        null=True, blank=True, help_text="Since then the place is taken again, or given up; null: vacant."
    )

    def heard(self, now: datetime) -> bool:
        """Whether the lead has answered, or its time to answer is over."""
        return self.answered_at is not None or self.answer_until is None or now >= self.answer_until


class Amendment(models.Model):
    """A change of a result after the fact. The decisions that it replaced stay, no longer current."""

    class Kind(models.TextChoices):
        """What was done."""

        CORRECTED = "corrected"
        REVOKED = "revoked"
        PROMOTED = "promoted"
        REFUSED = "refused"

    challenge = models.ForeignKey("challenges.Challenge", on_delete=models.PROTECT, related_name="amendments")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    ground = models.JSONField(default=dict, help_text="The ground in the rulebook's languages.")
    why = models.TextField(blank=True, help_text="The written reason, where everybody may read it.")
    objection = models.ForeignKey(
        Objection, null=True, blank=True, on_delete=models.PROTECT, related_name="amendments"
    )
    changes = models.JSONField(help_text="Of each bid concerned: bid, was, was_rank, now, now_rank.")
    public = models.BooleanField(default=True, help_text="Whether the result was public when it changed.")
    by = models.ForeignKey("people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

"""Needs and the challenges listed from them."""

from typing import ClassVar

from django.db import models

from jiebang.records.staged import Staged


class Need(Staged):
    """What a demand-side organisation lacks. The content follows the rulebook's `need` form."""

    number = models.CharField(max_length=40, unique=True)
    call = models.ForeignKey("programme.Call", on_delete=models.PROTECT, related_name="needs")
    owner = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="needs")
    co_owners = models.ManyToManyField("people.Party", related_name="shared_needs", blank=True)
    filed_by = models.ForeignKey(
        "people.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="filed_needs"
    )
    content = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=300, blank=True, help_text="The prevailing title, for lists.")
    country = models.CharField(max_length=2, blank=True, db_index=True)
    sector = models.SlugField(max_length=60, blank=True, db_index=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    remark = models.TextField(blank=True, help_text="What the office last said to the owner.")

    def __str__(self) -> str:
        return self.number


class NeedRevision(models.Model):
    """The content of a need as it was submitted."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="revisions")
    revision = models.PositiveIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["need", "revision"], name="need_revision_once")
        ]


class Argument(models.Model):
    """An expert's written opinion on a need: real, fit for a challenge, and why."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="arguments")
    expert = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="arguments")
    asked_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True, blank=True)
    favourable = models.BooleanField(null=True)
    text = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["need", "expert"], name="one_argument_an_expert")
        ]


class DepartmentOpinion(models.Model):
    """Another department's named opinion on a need, challenge or project, beside the main line."""

    opinion = models.SlugField(max_length=60)
    need = models.ForeignKey(Need, null=True, blank=True, on_delete=models.PROTECT, related_name="opinions")
    challenge = models.ForeignKey(
        "Challenge", null=True, blank=True, on_delete=models.PROTECT, related_name="opinions"
    )
    project = models.ForeignKey(
        "projects.Project", null=True, blank=True, on_delete=models.PROTECT, related_name="opinions"
    )
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey("people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    favourable = models.BooleanField(null=True)
    text = models.JSONField(default=dict)


class Challenge(Staged):
    """A need posted for all to take up, with a budget and a closing time."""

    number = models.CharField(max_length=40, unique=True)
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="challenges")
    call = models.ForeignKey("programme.Call", on_delete=models.PROTECT, related_name="challenges")
    relisted_from = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="relisted_as"
    )
    title = models.JSONField(default=dict, help_text="Language tag to title.")
    summary = models.JSONField(default=dict, help_text="Language tag to text.")
    content = models.JSONField(default=dict, help_text="The need's public content as listed.")
    country = models.CharField(max_length=2, db_index=True)
    sector = models.SlugField(max_length=60, db_index=True)
    budget = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    max_leads = models.PositiveSmallIntegerField(default=1, help_text="Above 1: racing.")
    listed_at = models.DateTimeField(db_index=True)
    closes_at = models.DateTimeField(db_index=True)
    questions_until = models.DateTimeField(null=True, blank=True)
    publicity_until = models.DateTimeField(null=True, blank=True)
    suspended_from = models.SlugField(max_length=60, blank=True)
    search = models.TextField(blank=True, help_text="Normalised text of title and summary in all languages.")
    remark = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["stage", "closes_at"])]

    def __str__(self) -> str:
        return self.number


class Question(models.Model):
    """A bidder's question, asked privately, answered in public without the asker's name."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="questions")
    asked_by = models.ForeignKey("people.Party", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    answer = models.JSONField(default=dict)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

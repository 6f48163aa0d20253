"""After the award: agreement and pledge, milestones, money, acceptance, validation, follow-up."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from jiebang.records.staged import Staged


class Project(Staged):
    """An awarded bid being carried out for its owner."""

    number = models.CharField(max_length=40, unique=True)
    bid = models.OneToOneField("bids.Bid", on_delete=models.PROTECT, related_name="project")
    challenge = models.ForeignKey("challenges.Challenge", on_delete=models.PROTECT, related_name="projects")
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    started_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    remark = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.number


class GateCheck(models.Model):
    """A recorded check (export, data, ethics); open until someone closes it with a finding that does not stop."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="gates")
    gate = models.SlugField(max_length=60)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    found = models.SlugField(
        max_length=60, blank=True, help_text="One of the rulebook's findings of this check."
    )
    finding = models.CharField(max_length=1000, blank=True)
    reference = models.CharField(max_length=100, blank=True)
    list_version = models.CharField(max_length=200, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    stops = models.BooleanField(default=False)

    def open_on(self, day: date) -> bool:
        """Whether it is still to be answered on a day: nobody has, the finding stops, or it is no longer valid."""
        return (
            self.closed_at is None or self.stops or (self.valid_until is not None and self.valid_until < day)
        )


def open_gates(day: date, *, at: str = "") -> Q:
    """The same asked of rows; `at` is the way to the checks in a query."""
    over = Q(**{f"{at}valid_until__lt": day})
    return Q(**{f"{at}closed_at": None}) | Q(**{f"{at}stops": True}) | over


class Milestone(models.Model):
    """A promised step with its report and acceptance."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="milestones")
    order = models.PositiveSmallIntegerField()
    title = models.JSONField(default=dict)
    due_on = models.DateField(null=True, blank=True)
    indicators = models.JSONField(default=list, help_text="Ids of those that this step is to show.")
    report = models.JSONField(default=dict)
    reported_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    remark = models.TextField(blank=True)
    shown = models.JSONField(default=dict, help_text="Indicator -> value, met or not, when it was accepted.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "order"], name="milestone_order_once")
        ]


class Measurement(models.Model):
    """A measured value of an indicator, met or not."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="measurements")
    indicator = models.SlugField(max_length=60)
    occasion = models.SlugField(
        max_length=20, help_text="milestone, acceptance, pilot, validation or follow_up"
    )
    value = models.DecimalField(max_digits=18, decimal_places=6)
    met = models.BooleanField()
    at = models.DateTimeField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    reported = models.BooleanField(
        default=False, help_text="The lead says so; no owner and no official has measured it."
    )
    role = models.SlugField(
        max_length=20, blank=True, help_text="In which the measurer stood: lead, owner, office, tester."
    )


class Instalment(models.Model):
    """A share of the award: due with a project's command, then paid."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="instalments")
    order = models.PositiveSmallIntegerField()
    label = models.JSONField(default=dict)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    due_command = models.SlugField(max_length=60, blank=True)
    due_milestone = models.PositiveSmallIntegerField(null=True, blank=True)
    due_since = models.DateTimeField(null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=100, blank=True)


class Validation(models.Model):
    """The owner's signed word on the result in use: content follows the `validation` form.

    `grounds` are what it rests on: hashes of the protocol, the result packages and the user reports. `sha256` is that of
    `{content, grounds}`.
    """

    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="validation")
    content = models.JSONField(default=dict)
    grounds = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Diligence(models.Model):
    """What the team did with due care, what stood in the way and what was learned; the owner says whether it was so.

    `content` follows the form `due_diligence`; `sha256` is its hash.
    """

    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="diligence")
    content = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    agrees = models.BooleanField(null=True)
    answer = models.JSONField(default=dict)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )


class FollowUp(models.Model):
    """The owner says after so many months whether the result is in use."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="follow_ups")
    month = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text="When the letter with the link was written."
    )
    in_use = models.BooleanField(null=True)
    status = models.SlugField(max_length=20, blank=True, help_text="in_use, partly, paused or not_in_use.")
    content = models.JSONField(default=dict)
    by = models.ForeignKey("people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["project", "month"], name="follow_up_once")]


class ChainPart(models.Model):
    """What an organisation does in a project, where, since when. What is withdrawn stays, with why."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="chain")
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="chain")
    link = models.SlugField(max_length=60, help_text="Key of the rulebook's vocabulary.chain.")
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=8, blank=True, help_text="ISO 3166-2, where the country has such.")
    place = models.CharField(max_length=200)
    does = models.JSONField(default=dict)
    share = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True, help_text="Per cent.")
    share_of = models.SlugField(max_length=10, blank=True, help_text="effort or money")
    since = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "party", "link"], condition=Q(withdrawn_at=None), name="one_part_of_a_link"
            )
        ]

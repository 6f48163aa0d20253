"""What both sides said before they signed, every version of what was signed, and who signed it by which authority."""

from typing import ClassVar

from django.db import models
from django.db.models import Q, QuerySet


class Alignment(models.Model):
    """One statement of both sides: `content` follows the form `alignment`, `parts` (by organisation) `contribution`."""

    project = models.OneToOneField("projects.Project", on_delete=models.PROTECT, related_name="alignment")
    content = models.JSONField(default=dict)
    parts = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, help_text="Of content and parts as they stand.")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")


class Acceptance(models.Model):
    """A party accepts the statement as it stood under a hash; a later change leaves it behind."""

    alignment = models.ForeignKey(Alignment, on_delete=models.PROTECT, related_name="acceptances")
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["alignment", "party", "sha256"], name="a_text_is_accepted_once")
        ]


class Paper(models.Model):
    """A version of the agreement. The document never changes; a new version replaces it."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="papers")
    version = models.PositiveSmallIntegerField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey("people.User", null=True, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "version"], name="a_paper_has_one_version")
        ]


class Pledge(models.Model):
    """The lead researcher promises in person what the rulebook's pledge says, under a version of the agreement."""

    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="pledge")
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Delegation(models.Model):
    """A party lets a person sign this project's agreement for it, from a moment until another."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="delegations")
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="delegations")
    why = models.CharField(max_length=500)
    since = models.DateTimeField()
    until = models.DateTimeField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")


class Signature(models.Model):
    """A party signs a paper: in the product, or on paper that was scanned and looked at by the office."""

    class Method(models.TextChoices):
        """How it was signed."""

        HERE = "here"
        PAPER = "paper"

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="signatures")
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="signatures")
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    delegation = models.ForeignKey(
        Delegation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    method = models.CharField(max_length=5, choices=Method.choices, default=Method.HERE)
    scan = models.JSONField(default=dict, help_text="Of a paper: name, sha256, size, pages.")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["paper", "party"], name="a_party_signs_once"),
            models.UniqueConstraint(fields=["paper", "by"], name="a_person_signs_for_one_party"),
        ]


class Change(models.Model):
    """A change of an agreement in force. What it says never changes; who does not want it so asks for another."""

    class Status(models.TextChoices):
        """Where it stands."""

        OPEN = "open"
        IN_FORCE = "in_force"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="changes")
    order = models.PositiveSmallIntegerField()
    content = models.JSONField(help_text="dates {milestone: day}, leaving, joining, part, terms.")
    document = models.JSONField(help_text="The paper that the parties agree to.")
    sha256 = models.CharField(max_length=64)
    asked = models.JSONField(help_text="Slugs of the parties whose consent it needs.")
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    looked_at = models.DateTimeField(null=True, blank=True, help_text="When a first officer agreed.")
    looked_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    remark = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "order"], name="a_change_has_one_number"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(status="open"), name="one_change_at_a_time"
            ),
        ]


class Consent(models.Model):
    """A party agrees to a change, word for word."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="consents")
    party = models.ForeignKey("people.Party", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change", "party"], name="a_party_agrees_once"),
            models.UniqueConstraint(fields=["change", "by"], name="a_person_agrees_for_one_party"),
        ]


def agreeing(at: str = "") -> Q:
    """Signatures under the agreement as it stands that count; `at` is the way to them in a query."""
    here = Q(**{f"{at}method": Signature.Method.HERE}) | Q(**{f"{at}confirmed_at__isnull": False})
    return here & Q(**{f"{at}paper__replaced_at": None})


def agreed_on() -> QuerySet[Signature]:
    """These signatures with party, person and authority, in the order in which they were given."""
    rows = Signature.objects.filter(agreeing()).select_related("party__organisation", "by", "delegation__by")
    return rows.order_by("at", "pk")

"""Funds, the rows of their ledger, payments waiting for a second officer, claims, rates. Nothing here is ever changed."""

from typing import ClassVar

from django.db import models


class Fund(models.Model):
    """One source's money for a project, in one currency; its amounts are in the ledger."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="funds")
    source = models.SlugField(max_length=60, help_text="Key of the rulebook's money.sources.")
    party = models.ForeignKey(
        "people.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    currency = models.CharField(max_length=3)
    stated_at = models.DateTimeField()
    by = models.ForeignKey("people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "source", "party", "currency"], name="a_fund_once"),
            models.UniqueConstraint(
                fields=["project", "source", "currency"], condition=models.Q(party=None), name="the_offices_fund_once"
            ),
        ]  # fmt: skip


class Claim(models.Model):
    """A claim for an after-subsidy with the steps by which it was reckoned."""

    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="claims")
    instalment = models.OneToOneField("projects.Instalment", on_delete=models.PROTECT, related_name="claim")
    contract = models.CharField(max_length=100)
    first_day = models.DateField()
    last_day = models.DateField()
    settled = models.DecimalField(max_digits=28, decimal_places=4)
    currency = models.CharField(max_length=3)
    steps = models.JSONField(default=list)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "contract"], name="a_contract_is_claimed_once")
        ]


class Row(models.Model):
    """A movement of money: drawn on one account of a fund, put into another (see `decisions.ledger`)."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="movements")
    act = models.CharField(max_length=12)
    drawn = models.CharField(max_length=12)
    put = models.CharField(max_length=12)
    amount = models.DecimalField(max_digits=28, decimal_places=4)
    day = models.DateField(help_text="On which the money moved, at the programme's place.")
    instalment = models.ForeignKey(
        "projects.Instalment", null=True, blank=True, on_delete=models.PROTECT, related_name="movements"
    )
    reference = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="a_row_moves_something"),
            models.UniqueConstraint(
                fields=["instalment", "act"], condition=models.Q(act__in=("fall_due", "pay")),
                name="an_instalment_is_due_and_paid_once",
            ),
        ]  # fmt: skip


class Order(models.Model):
    """A payment that one officer proposed and another confirms or refuses."""

    class Status(models.TextChoices):
        """What became of it."""

        OPEN = "open"
        PAID = "paid"
        REFUSED = "refused"

    instalment = models.ForeignKey("projects.Instalment", on_delete=models.PROTECT, related_name="orders")
    paid_on = models.DateField()
    reference = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    proposed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["instalment"], condition=models.Q(status="open"), name="one_open_payment"
            )
        ]


class Debt(models.Model):
    """What a project's lead has to return after its end, and until when."""

    fund = models.OneToOneField(Fund, on_delete=models.PROTECT, related_name="debt")
    due_on = models.DateField()
    claimed_at = models.DateTimeField()


class Rate(models.Model):
    """What one unit of `base` was worth in `quote` on a day; a corrected rate stays beside the one that counts."""

    day = models.DateField()
    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    source = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=500, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "base", "quote"], condition=models.Q(replaced_at=None), name="one_rate_counts"
            )
        ]

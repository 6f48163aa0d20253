"""Persons and parties. A person never owns anything: a party does, and persons act for it."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


def new_pseudonym() -> str:
    """A random name for the journal that says nothing about the person."""
    return uuid.uuid4().hex


class Users(BaseUserManager["User"]):
    """Finds and makes users by e-mail."""

    def create(self, **fields: Any) -> "User":
        """A saved user; without a password nobody can sign in with one."""
        password = fields.pop("password", None)
        user = self.model(**{**fields, "email": self.normalize_email(fields["email"]).lower()})
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Sign-in ignores the case of the address."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person. `pseudonym` stands in the journal; the name can be erased."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    name_latin = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=12, default="en")
    timezone = models.CharField(max_length=50, default="Asia/Shanghai")
    pseudonym = models.CharField(max_length=32, unique=True, default=new_pseudonym, editable=False)
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[Users] = Users()

    def __str__(self) -> str:
        return self.name


class Party(models.Model):
    """Whoever can own, bid or be appointed: an organisation or a consortium."""

    class Kind(models.TextChoices):
        """What sort of party it is."""

        ORGANISATION = "organisation"
        CONSORTIUM = "consortium"
        PERSON = "person"
        TEAM = "team"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    slug = models.SlugField(max_length=60, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.slug


class Organisation(models.Model):
    """A legal body: its names by language, type, place and registration."""

    party = models.OneToOneField(
        Party, primary_key=True, on_delete=models.PROTECT, related_name="organisation"
    )
    names = models.JSONField(default=dict, help_text="Language tag to name.")
    name = models.CharField(max_length=300, db_index=True)
    type = models.SlugField(max_length=60, blank=True)
    country = models.CharField(max_length=2, blank=True, db_index=True)
    region = models.CharField(max_length=8, blank=True)
    registered_on = models.DateField(null=True, blank=True)
    registry_number = models.CharField(max_length=60, blank=True)
    lei = models.CharField(max_length=20, blank=True)
    legal_status = models.CharField(max_length=30, blank=True)
    timezone = models.CharField(max_length=50, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    fictional = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name

    def called(self) -> dict[str, str]:
        """Its name in every language it gave; a letter picks its reader's."""
        return self.names or {"en": self.name}


class Evidence(models.Model):
    """A proof that an organisation gave once: `verified` is a person's finding, never the machine's."""

    class Status(models.TextChoices):
        """Where the proof stands."""

        GIVEN = "given"
        VERIFIED = "verified"
        REFUSED = "refused"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="evidence")
    kind = models.SlugField(max_length=60)
    text = models.JSONField(default=dict, help_text="A statement: lang, text, translations.")
    file = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.GIVEN)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    remark = models.CharField(max_length=500, blank=True)


class Engagement(models.Model):
    """A person acts for a party in a role for a time [since, until). Office roles belong to the office's party."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="engagements")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="engagements")
    role = models.SlugField(max_length=30)
    scope = models.CharField(
        max_length=60, blank=True, help_text="A country for a desk, a key for a department."
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "role"])]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "party", "role", "since"], name="one_engagement_at_a_time"
            )
        ]


class ExpertProfile(models.Model):
    """What an expert can judge, in which languages, and how much."""

    person = models.OneToOneField(User, on_delete=models.PROTECT, related_name="expert")
    expertise = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    sectors = models.JSONField(default=list, help_text="Keys of the rulebook's sectors.")
    available_from = models.DateField(null=True, blank=True)
    available_until = models.DateField(null=True, blank=True, help_text="The last day.")
    max_load = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Null: as many as the rulebook says."
    )


class ApiToken(models.Model):
    """Lets a program act as a person. Only the hash is kept; the secret is shown once."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(
        max_length=60, help_text="What the person calls it: which program, on which machine."
    )
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

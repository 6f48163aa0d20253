"""Journal entries are never changed or removed; the private values beside them can be erased."""

from typing import Any, ClassVar, NoReturn

from django.db import models


class AppendOnlyError(TypeError):
    """Somebody tried to change or remove what only grows."""


class Entries(models.QuerySet["JournalEntry"]):
    """Entries can be read and added."""

    def update(self, **_: Any) -> NoReturn:
        """Refused."""
        raise AppendOnlyError("journal entries are not updated")

    def delete(self) -> NoReturn:
        """Refused."""
        raise AppendOnlyError("journal entries are not deleted")


class JournalEntry(models.Model):
    """One entry: `line` is what is hashed and exported, the other columns repeat parts of it for queries."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    event = models.CharField(max_length=80)
    actor = models.CharField(max_length=80, help_text="Pseudonym of a person, or the name of a job.")
    subject = models.CharField(max_length=120)
    rulebook = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the rulebook in force.")
    line = models.TextField(help_text="Canonical JSON of the whole entry.")
    leaf = models.CharField(max_length=64, unique=True, help_text="Hash of the line as an RFC 6962 leaf.")

    objects = Entries.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "-seq"], name="journal_by_subject"),
            models.Index(fields=["event", "-seq"], name="journal_by_event"),
            models.Index(fields=["actor", "-seq"], name="journal_by_actor"),
            models.Index(fields=["at"], name="journal_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.event} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Inserts only: a second entry of the same number is an error of the database."""
        if not self._state.adding:
            raise AppendOnlyError("journal entries are not updated")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Refused."""
        raise AppendOnlyError("journal entries are not deleted")


class PrivateValue(models.Model):
    """What a commitment of an entry stands for, and the salt that opens it. Erasing empties both."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="private_values")
    name = models.CharField(max_length=80)
    person = models.CharField(max_length=80, db_index=True, help_text="Pseudonym of whom the value is about.")
    salt = models.CharField(max_length=32, blank=True, help_text="16 random bytes in hex.")
    value = models.JSONField(null=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "name"], name="one_value_a_name")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.name}"


class Head(models.Model):
    """The end of the chain, one row. Its lock is taken last in a transaction and puts writers in line."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    leaf = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="one_head")]

    def __str__(self) -> str:
        return f"{self.seq} {self.leaf}"

"""Messages, worded when written. A person's inbox shows them at once; mail follows and may fail."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Message(models.Model):
    """One message to one reader. Legal periods run from `created_at`, when the inbox shows it."""

    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="messages"
    )
    to_address = models.CharField(max_length=254, blank=True, help_text="Blank: shown in the inbox only.")
    language = models.CharField(max_length=20)
    code = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    subject = models.CharField(max_length=250)
    body = models.TextField()
    key = models.CharField(max_length=200, unique=True, help_text="The same key is the same message.")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True, help_text="A worker is sending it until then.")
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(sent_at=None), name="outbox_unsent"),
            models.Index(fields=["to_user", "-created_at"], name="outbox_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.key}"

"""Files by content: the bytes lie in storage under their hash; a row says what they are."""

from django.db import models


class StoredFile(models.Model):
    """One uploaded file. The bytes never change; a second upload of the same bytes is the same blob."""

    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    party = models.ForeignKey("people.Party", null=True, on_delete=models.PROTECT, related_name="files")
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

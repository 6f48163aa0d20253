"""What erasing leaves beside the rows: names inside keys, and old pages of the database in its write-ahead log."""

import hashlib

from django.db import connection
from django.db.models import QuerySet

from jiebang.records.outbox.models import Message
from jiebang.records.programme.models import Acknowledgement


def hide_keys(*, address: str, keep_operation: str) -> None:
    """Put a hash in the place of every key that names an address; a retry under that key is a new request.

    The key of the running `keep_operation` stays: its answer is still to be saved under it.
    """
    claims = Acknowledgement.objects.exclude(operation=keep_operation)
    _hide(claims.filter(key__icontains=address))
    _hide(Message.objects.filter(key__icontains=address))


def empty_log() -> None:
    """Write SQLite's write-ahead log back and cut it to nothing; call it after the commit, where it can succeed."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _hide(rows: QuerySet[Acknowledgement] | QuerySet[Message]) -> None:
    for key in list(rows.values_list("key", flat=True)):
        hidden = f"erased/{hashlib.sha256(key.encode()).hexdigest()}"
        rows.filter(key=key).update(key=hidden)

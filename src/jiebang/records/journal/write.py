"""Adding to the journal, within the caller's transaction, and erasing what it committed to."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from jiebang.records.journal.models import Head, JournalEntry, PrivateValue
from jiebang.trust.canonical import Json, plain, rfc3339
from jiebang.trust.chain import GENESIS, Entry, entry_bytes, entry_from
from jiebang.trust.commitments import SALT_BYTES, commit
from jiebang.trust.merkle import leaf_hash


def append(
    *,
    at: datetime,
    event: str,
    actor: str,
    subject: str,
    rulebook: str | None,
    body: Mapping[str, object],
    private: Mapping[str, object] | None = None,
    person: str | None = None,
) -> JournalEntry:
    """Write one entry at the end of the chain; call it last in the transaction that does the deed.

    `body` is public for ever. Each of `private` is kept beside the journal, about `person` (a pseudonym, by
    default the actor), and only its commitment goes in. Raises NotCanonicalError for values without a JSON
    form, TransactionManagementError outside a transaction.
    """
    _require_transaction()
    opened = {
        name: (secrets.token_bytes(SALT_BYTES), plain(value)) for name, value in (private or {}).items()
    }
    fields = {
        "at": rfc3339(at),
        "event": event,
        "actor": actor,
        "subject": subject,
        "rulebook": rulebook,
        "body": body,
        "private": {name: commit(value, salt=salt) for name, (salt, value) in opened.items()},
    }
    entry = _chain(fields, at=at)
    _keep(entry, opened, person=person or actor)
    return entry


def erase(*, person: str, at: datetime) -> int:
    """Erase salts and values about a person; answers how many. The entries stay and the chain still verifies."""
    return PrivateValue.objects.filter(person=person, erased_at=None).update(
        salt="", value=None, erased_at=at
    )


def _chain(fields: Mapping[str, object], *, at: datetime) -> JournalEntry:
    """The only moment that waits for other writers: the head is locked, read, and moved."""
    head, _ = Head.objects.select_for_update().get_or_create(pk=1, defaults={"leaf": GENESIS})
    entry = entry_from(plain({**fields, "seq": head.seq + 1, "previous": head.leaf}))
    line = entry_bytes(entry)
    row = _row(entry, line, at=at)
    row.save()
    head.seq, head.leaf = row.seq, row.leaf
    head.save(update_fields=["seq", "leaf"])
    return row


def _row(entry: Entry, line: bytes, *, at: datetime) -> JournalEntry:
    return JournalEntry(
        seq=entry.seq,
        at=at,
        event=entry.event,
        actor=entry.actor,
        subject=entry.subject,
        rulebook=entry.rulebook or "",
        line=line.decode(),
        leaf=leaf_hash(line),
    )


def _keep(entry: JournalEntry, opened: Mapping[str, tuple[bytes, Json]], *, person: str) -> None:
    PrivateValue.objects.bulk_create(
        PrivateValue(entry=entry, name=name, person=person, salt=salt.hex(), value=value)
        for name, (salt, value) in opened.items()
    )


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "a journal entry is written with the deed, in one transaction"
        )

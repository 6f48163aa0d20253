"""Reading the journal: lists for pages, lines for an export, receipts for a person to keep."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet

from jiebang.records.journal.models import Head, JournalEntry, PrivateValue
from jiebang.trust.canonical import Json, rfc3339
from jiebang.trust.chain import (
    GENESIS,
    ChainFault,
    Entry,
    Step,
    as_mapping,
    head_faults,
    read_entry,
    walk_chain,
)
from jiebang.trust.receipts import make_receipt

CHUNK = 2000  # rows held at once while exporting
COLUMNS = ("seq", "event", "actor", "subject", "rulebook", "leaf")


def entries(
    *,
    subject: str | None = None,
    event: str | None = None,
    since: datetime | None = None,
    actor: str | None = None,
) -> QuerySet[JournalEntry]:
    """Entries, newest first. An `event` that ends in a colon stands for its whole area (`bid:`)."""
    found = JournalEntry.objects.order_by("-seq")
    if subject is not None:
        found = found.filter(subject=subject)
    if actor is not None:
        found = found.filter(actor=actor)
    if since is not None:
        found = found.filter(at__gte=since)
    if event is not None:
        found = found.filter(event__startswith=event) if event.endswith(":") else found.filter(event=event)
    return found


def entry_of(row: JournalEntry, /) -> Entry:
    """The entry as it was hashed (body, commitments, link)."""
    return read_entry(row.line.encode())


def head() -> tuple[int, str]:
    """Number and leaf hash of the last entry; (0, 64 zeros) before the first."""
    found = Head.objects.values_list("seq", "leaf").first()
    return found or (0, GENESIS)


def export_lines(*, upto: int | None = None) -> Iterator[bytes]:
    """The lines of `journal.jsonl`, oldest first, each with its newline, a few at a time.

    `upto` (the number of a `head`) leaves out what is added meanwhile.
    """
    for row in _rows(upto):
        yield row.line.encode() + b"\n"


def faults() -> list[ChainFault]:
    """What is wrong with the journal in this database: the chain, its head, and columns unlike their line."""
    last, leaf = head()
    current: list[JournalEntry] = []
    found: list[ChainFault] = []
    step = Step(0, GENESIS, None, ())
    for step in walk_chain(_noted(_rows(last), current)):
        found += [*step.faults, *_column_faults(current.pop(), step)]
    return found + head_faults(leaf, leaf=step.leaf, line=step.line)


def _rows(upto: int | None) -> Iterator[JournalEntry]:
    rows = JournalEntry.objects.order_by("seq")
    return (rows if upto is None else rows.filter(seq__lte=upto)).iterator(chunk_size=CHUNK)


def _noted(rows: Iterable[JournalEntry], current: list[JournalEntry]) -> Iterator[bytes]:
    for row in rows:
        current.append(row)
        yield row.line.encode()


def _column_faults(row: JournalEntry, step: Step) -> list[ChainFault]:
    if step.entry is None:
        return []
    written = {**as_mapping(step.entry), "rulebook": step.entry.rulebook or "", "leaf": step.leaf}
    stands = {name: getattr(row, name) for name in COLUMNS} | {"at": rfc3339(row.at)}
    wrong = [name for name, value in stands.items() if value != written[name]]
    return [ChainFault(step.line, "trust.wrong_column", {"name": name}) for name in wrong]


def receipt_for(seq: int, *, with_private: bool = False) -> dict[str, Json]:
    """The receipt of an entry, for `json.dumps`; raises JournalEntry.DoesNotExist.

    `with_private` adds what opens its private values: only for the person they are about.
    """
    row = JournalEntry.objects.get(pk=seq)
    last, leaf = head()
    kept = PrivateValue.objects.filter(entry=row, erased_at=None) if with_private else ()
    openings = {item.name: (bytes.fromhex(item.salt), item.value) for item in kept}
    return make_receipt(entry_of(row), head_seq=last, head_leaf=leaf, openings=openings)


def receipt_text(seq: int, *, with_private: bool = False) -> str:
    """The receipt as the text of a file."""
    return json.dumps(receipt_for(seq, with_private=with_private), ensure_ascii=False, indent=1) + "\n"

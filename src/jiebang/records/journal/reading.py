"""Which journal entries a reader may find: those on things they may see. Who acted, and what was said, is for actor and auditors.

An auditor finds all but what stands on bids still sealed to everybody else; the whole file, which names nobody, is theirs too.
"""

from django.db.models import CharField, Model, Q, QuerySet, Value
from django.db.models.functions import Concat

from jiebang.records.access import Reader, visible
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge, Need
from jiebang.records.journal.models import JournalEntry
from jiebang.records.projects.models import Project

_THINGS: tuple[tuple[str, type[Model], str], ...] = (
    ("need", Need, "need_content"), ("challenge", Challenge, "challenge"), ("bid", Bid, "bid"),
    ("project", Project, "project"),
)  # fmt: skip
_PUBLIC = ("call:", "rulebook:", "organisation:")


def readable_entries(*, reader: Reader, subject: str = "", event: str = "") -> QuerySet[JournalEntry]:
    """Entries, newest first. An `event` that ends in a colon stands for its whole area."""
    rows = JournalEntry.objects.filter(_allowed(reader)).order_by("-seq")
    rows = rows.filter(subject=subject) if subject else rows
    if event:
        rows = rows.filter(event__startswith=event) if event.endswith(":") else rows.filter(event=event)
    return rows


def may_open(entry: JournalEntry, *, reader: Reader) -> bool:
    """Whether the reader may read the whole entry, its actor too, and get its receipt."""
    return opens_all(reader) or (reader.person is not None and entry.actor == reader.person.pseudonym)


def opens_all(reader: Reader) -> bool:
    """Whether the reader may open every entry that they find."""
    return "auditor" in reader.roles


def entries_by(actor: str, *, reader: Reader) -> QuerySet[JournalEntry]:
    """Entries of one actor that the reader may open: to be found by who acted would tell it as well as a name."""
    mine = reader.person.pseudonym if reader.person else ""
    rows = readable_entries(reader=reader).filter(actor=actor)
    return rows if opens_all(reader) or actor == mine else rows.none()


def _allowed(reader: Reader) -> Q:
    if "auditor" in reader.roles:
        sealed = Bid.objects.exclude(
            pk__in=visible(Bid.objects.all(), what="bid", of="bid", reader=reader).values("pk")
        )
        return ~Q(subject__in=sealed.order_by().values_list(_name("bid"), flat=True))
    allowed = Q()
    for start in _PUBLIC:
        allowed |= Q(subject__startswith=start)
    if reader.person is not None:
        allowed |= Q(actor=reader.person.pseudonym) | Q(subject=f"person:{reader.person.pseudonym}")
    for kind, model, what in _THINGS:
        rows = visible(model._default_manager.all(), what=what, of=kind, reader=reader)
        allowed |= Q(subject__in=rows.order_by().values_list(_name(kind), flat=True))
    return allowed


def _name(kind: str) -> Concat:
    """How the journal names a thing: `bid:B-2026-001`."""
    return Concat(Value(f"{kind}:"), "number", output_field=CharField())

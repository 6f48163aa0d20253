"""Which journal entries a reader may find: those on things they may see. What an entry says is for its actor and auditors."""

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
    """Whether the reader may read the whole entry and get its receipt."""
    return "auditor" in reader.roles or (reader.person is not None and entry.actor == reader.person.pseudonym)


def _allowed(reader: Reader) -> Q:
    if "auditor" in reader.roles:
        return Q()
    allowed = Q()
    for start in _PUBLIC:
        allowed |= Q(subject__startswith=start)
    if reader.person is not None:
        allowed |= Q(actor=reader.person.pseudonym) | Q(subject=f"person:{reader.person.pseudonym}")
    for kind, model, what in _THINGS:
        rows = visible(model._default_manager.all(), what=what, of=kind, reader=reader)
        name = Concat(Value(f"{kind}:"), "number", output_field=CharField())
        allowed |= Q(subject__in=rows.order_by().values_list(name, flat=True))
    return allowed

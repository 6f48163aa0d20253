"""Which journal entries a reader may find: those on things they may see. Who acted, and what was said, is for actor and auditors.

An auditor finds all but what stands on bids sealed to them, and what would tell before the opening who is at work on one:
a pseudonym and an organisation stand together in many entries. The file withholds the same entries (see `trust.chain`).
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import BooleanField, CharField, ExpressionWrapper, Min, Model, Q, QuerySet, Value
from django.db.models.functions import Concat

from jiebang.decisions import lifecycle
from jiebang.records.access import Reader, visible
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge, Need
from jiebang.records.journal.models import JournalEntry
from jiebang.records.journal.queries import CHUNK
from jiebang.records.people.models import Party
from jiebang.records.programme.models import RulebookVersion
from jiebang.records.programme.queries import rulebook
from jiebang.records.projects.models import Project
from jiebang.trust.chain import withheld_bytes

_THINGS: tuple[tuple[str, type[Model], str], ...] = (
    ("need", Need, "need_content"), ("challenge", Challenge, "challenge"), ("bid", Bid, "bid"),
    ("project", Project, "project"),
)  # fmt: skip
_ON_THE_WAY = ("file:stored", "evidence:given", "question:asked")  # what people do while they write a bid
_PUBLIC = (
    Q(subject__startswith="call:") | Q(subject__startswith="rulebook:") | Q(event__startswith="organisation:")
)  # of an organisation only that it is registered: what it stores and proves tells that it is about to bid


def readable_entries(*, reader: Reader, subject: str = "", event: str = "") -> QuerySet[JournalEntry]:
    """Entries, newest first. An `event` that ends in a colon stands for its whole area."""
    rows = JournalEntry.objects.filter(_allowed(reader)).order_by("-seq")
    rows = rows.filter(subject=subject) if subject else rows
    if event:
        rows = rows.filter(event__startswith=event) if event.endswith(":") else rows.filter(event=event)
    return rows


def published_lines(*, reader: Reader, upto: int) -> Iterator[bytes]:
    """The lines of `journal.jsonl` for a reader, oldest first; what they may not find is withheld, in its place."""
    told = ExpressionWrapper(_allowed(reader), output_field=BooleanField())
    rows = JournalEntry.objects.filter(seq__lte=upto).order_by("seq").annotate(told=told)
    for seq, line, leaf, given in rows.values_list("seq", "line", "leaf", "told").iterator(chunk_size=CHUNK):
        yield (line.encode() if given else withheld_bytes(seq=seq, leaf=leaf)) + b"\n"


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
    if opens_all(reader):
        return ~_sealed(reader)
    allowed = _PUBLIC | Q(subject__in=_organisations(Party.objects.filter(pk__in=reader.parties)))
    if reader.roles & {"officer", "second_officer", "administrator"}:  # who appoint people and judge evidence
        allowed |= Q(subject__startswith="organisation:") & ~Q(event="file:stored")
    if reader.person is not None:
        allowed |= Q(actor=reader.person.pseudonym) | Q(subject=f"person:{reader.person.pseudonym}")
    for kind, model, what in _THINGS:
        rows = visible(model._default_manager.all(), what=what, of=kind, reader=reader)
        allowed |= Q(subject__in=rows.order_by().values_list(_name(kind), flat=True))
    return allowed


def _organisations(parties: QuerySet[Party]) -> QuerySet[Party, str]:
    """How the journal names organisations: `organisation:gx-banyan`."""
    name = Concat(Value("organisation:"), "slug", output_field=CharField())
    return parties.order_by().values_list(name, flat=True)


def _sealed(reader: Reader) -> Q:
    """What stands on bids that the reader may not know of, or was done on the way to one since its challenge was listed."""
    known = visible(Bid.objects.all(), what="bid", of="bid", reader=reader).values("pk")
    bids = Bid.objects.exclude(pk__in=known)
    since = _sealed_since()
    on_the_way = Q(event__in=_ON_THE_WAY, at__gte=since) if since else Q(pk__in=[])
    return Q(subject__in=bids.order_by().values_list(_name("bid"), flat=True)) | on_the_way


def _sealed_since() -> datetime | None:
    """When the first of the challenges was listed whose bids are not opened yet; None when there is none."""
    waiting = Q(pk__in=[])
    for version in RulebookVersion.objects.values_list("pk", flat=True):
        book = rulebook(version)
        over = [lifecycle.stages_with(book, kind="challenge", flag=flag) for flag in ("bids_opened", "final")]
        waiting |= Q(call__rulebook=version) & ~Q(stage__in=[*over[0], *over[1]])
    since: datetime | None = Challenge.objects.filter(waiting).aggregate(since=Min("listed_at"))["since"]
    return since


def _name(kind: str) -> Concat:
    """How the journal names a thing: `bid:B-2026-001`."""
    return Concat(Value(f"{kind}:"), "number", output_field=CharField())

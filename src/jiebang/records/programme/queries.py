"""Rulebooks in force, calls, and the instance's own clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import QuerySet, Subquery
from django.utils import timezone

from jiebang.records.journal.models import Head
from jiebang.records.programme.models import Call, Instance, NumberSeries, RulebookVersion
from jiebang.rules.load import load_dumped
from jiebang.rules.schema import Rulebook


@lru_cache(maxsize=64)
def rulebook(digest: str) -> Rulebook:
    """The frozen rulebook under a hash. Cached: a hash never changes its meaning."""
    document = RulebookVersion.objects.values_list("document", flat=True).get(pk=digest)
    loaded = load_dumped(document, name=digest)
    if isinstance(loaded, Rulebook):
        return loaded
    raise ValueError(f"the stored rulebook {digest} no longer loads: {loaded[0]}")


def current_call() -> Call | None:
    """The call last opened."""
    return Call.objects.order_by("-opened_at").first()


def current_rulebook() -> Rulebook | None:
    """The rulebook of the current call, else the one last installed."""
    if call := current_call():
        return rulebook(call.rulebook_id)
    installed = RulebookVersion.objects.filter(current=True).order_by("-installed_at")
    latest = installed.values_list("pk", flat=True).first()
    return rulebook(latest) if latest else None


def programme_zone() -> str:
    """The zone of the programme as it is now, for what belongs to no call."""
    book = current_rulebook()
    return book.timezone if book else "UTC"


def instance() -> Instance:
    """The one row about this instance."""
    return Instance.objects.get_or_create(pk=1)[0]


def now() -> datetime:
    """The instance's time: the machine's clock, ahead by the offset that only a demo sets."""
    offset = Instance.objects.filter(pk=1).values_list("clock_offset", flat=True).first() or 0
    return timezone.now() + timedelta(seconds=offset)


def next_number(prefix: str) -> str:
    """The next number of a series (`GX-2026-` gives GX-2026-001); call it inside the writing transaction."""
    series, _ = NumberSeries.objects.select_for_update().get_or_create(prefix=prefix)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{prefix}{series.last:03d}"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What every page needs to know of the instance, read at once: its time, and the version of what pages show.

    The version changes with every entry of the journal, and when a demo's clock is moved.
    """

    now: datetime
    demo: bool
    version: str


def snapshot() -> Snapshot:
    """The instance at this moment, in one query."""
    last = Subquery(Head.objects.values("seq")[:1])
    rows = Instance.objects.filter(pk=1).values_list("clock_offset", "demo", last)
    offset, demo, seq = rows.first() or (0, False, 0)
    return Snapshot(timezone.now() + timedelta(seconds=offset), demo, f"{seq}/{offset}")


def rulebooks_in_use() -> list[Rulebook]:
    """The rulebooks of all calls, the newest call's first; the installed one where no call was opened yet."""
    digests = dict.fromkeys(Call.objects.order_by("-opened_at", "-pk").values_list("rulebook_id", flat=True))
    if digests:
        return [rulebook(digest) for digest in digests]
    return [book] if (book := current_rulebook()) else []


def calls() -> QuerySet[Call]:
    """Every call, the newest first."""
    return Call.objects.order_by("-opened_at", "-pk")


def versions() -> QuerySet[RulebookVersion]:
    """Every rulebook version that was installed, the newest first."""
    return RulebookVersion.objects.order_by("-installed_at", "-pk")

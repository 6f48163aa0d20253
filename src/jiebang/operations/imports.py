"""Whole sheets at once: organisations and needs, all rows or none, one entry in the journal for the batch.

The entry carries the count and a Merkle root (RFC 6962); a leaf is the canonical JSON of one row as it was saved.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jiebang.operations import imported_needs, imported_organisations
from jiebang.operations.effects_needs import index
from jiebang.operations.kernel import Act, Done, Outcome, Stop, operation
from jiebang.operations.names import Event, Permission
from jiebang.operations.things import find
from jiebang.records.challenges.models import Need
from jiebang.records.people.models import Organisation, Party
from jiebang.records.programme.models import Call, NumberSeries
from jiebang.records.programme.queries import current_call, rulebook
from jiebang.rules.reasons import Reason
from jiebang.trust import canonical
from jiebang.trust.merkle import merkle_root

_SERIES = re.compile(r"(.{0,30}?)(\d{1,9})")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What an import would do: rows to enter, rows skipped, and every fault (`row` and `field` in its params)."""

    count: int
    skipped: int
    reasons: tuple[Reason, ...]


def rehearse(
    table: str, rows: Sequence[Mapping[str, Any]], *, now: datetime, lang: str = "", skip_known: bool = False
) -> Rehearsal:
    """What `import_organisations` or `import_needs` would do with the same rows; nothing is saved."""
    if table == "organisations":
        read = imported_organisations.read(rows, now=now, lang=lang, skip_known=skip_known)
        return Rehearsal(len(read.entries), len(read.skipped), read.faults)
    needs = imported_needs.read(rows, call=current_call(), lang=lang)
    return Rehearsal(len(needs.entries), 0, needs.faults)


@operation(permission=Permission.SHEET_IMPORT, event=Event.ORGANISATIONS_IMPORTED)
def import_organisations(
    act: Act, *, rows: list[dict[str, Any]], lang: str = "", skip_known: bool = False
) -> Outcome:
    """Enter organisations from the rows of a sheet, all or none; `skip_known` leaves out those registered already.

    A row has the columns of the sheet (`id`, `name`, `name [th]`, `type`, `country`, ..., `facts.sectors`) as text,
    and `line`, its place in the file. `lang` is the language of names that name none, English if left out.
    """
    read = imported_organisations.read(rows, now=act.now, lang=lang, skip_known=skip_known)
    if read.faults:
        raise Stop(*read.faults)
    slugs = [item["slug"] for item in read.entries]
    Party.objects.bulk_create(
        [Party(kind=Party.Kind.ORGANISATION, slug=slug) for slug in slugs], batch_size=_AT_ONCE
    )
    parties = dict(Party.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    Organisation.objects.bulk_create(
        [_organisation(item, parties[item["slug"]]) for item in read.entries], batch_size=_AT_ONCE
    )
    root = merkle_root(canonical.canonical_bytes(_leaf(item)) for item in read.entries)
    body = {"count": len(slugs), "skipped": len(read.skipped), "root": root}
    act.journal(Event.ORGANISATIONS_IMPORTED, "register:organisations", body=body)
    return Done(body)


@operation(permission=Permission.SHEET_IMPORT, event=Event.NEEDS_IMPORTED)
def import_needs(act: Act, *, rows: list[dict[str, Any]], lang: str = "", call: str = "") -> Outcome:
    """Enter needs from the rows of a sheet as drafts of their owners, all or none.

    A row has `id` (a number, blank for a new one), `owner` (short name, registry number or exact name) and the
    questions of the rulebook's need form as text, and `line`, its place in the file. `call` is the current one if
    left out; `lang` the language of texts that name none.
    """
    opened = find(Call, number=call) if call else current_call()
    read = imported_needs.read(rows, call=opened, lang=lang)
    if read.faults:
        raise Stop(*read.faults)
    assert opened is not None
    needs = [_need(act, opened, item) for item in _numbered(read.entries, year=act.now.year)]
    Need.objects.bulk_create(needs, batch_size=_AT_ONCE)
    body = {"count": len(needs), "root": merkle_root(map(_need_leaf, needs))}
    act.journal(
        Event.NEEDS_IMPORTED, f"call:{opened.number}", rulebook=opened.rulebook_id, body=body,
    )  # fmt: skip
    return Done({**body, "numbers": [need.number for need in needs]})


def _organisation(entry: Mapping[str, Any], party: int) -> Organisation:
    return Organisation(party_id=party, **{name: value for name, value in entry.items() if name != "slug"})


def _leaf(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {**entry, "registered_on": entry["registered_on"] and entry["registered_on"].isoformat()}


def _need_leaf(need: Need) -> bytes:
    digest = canonical.digest(need.content)
    return canonical.canonical_bytes({"number": need.number, "owner": need.owner.slug, "content": digest})


def _need(act: Act, call: Call, entry: Mapping[str, Any]) -> Need:
    owner: Organisation = entry["owner"]
    need = Need(
        number=entry["number"], call=call, owner=owner.party, country=owner.country, content=entry["content"],
        stage=rulebook(call.rulebook_id).lifecycles["need"].start, stage_since=act.now, created_at=act.now,
        updated_at=act.now, updated_by=act.person,
    )  # fmt: skip
    index(need)
    return need


def _numbered(entries: Iterable[Mapping[str, Any]], *, year: int) -> list[Mapping[str, Any]]:
    """The entries with a number each: their own, by which the series is moved on, else the next of the year."""
    rows = list(entries)
    _move_on(row["number"] for row in rows)
    series, _ = NumberSeries.objects.select_for_update().get_or_create(prefix=f"N-{year}-")
    first, wanted = series.last + 1, [row for row in rows if not row["number"]]
    series.last += len(wanted)
    series.save(update_fields=["last"])
    fresh = iter(f"{series.prefix}{number:03d}" for number in range(first, series.last + 1))
    return [row if row["number"] else {**row, "number": next(fresh)} for row in rows]


def _move_on(numbers: Iterable[str]) -> None:
    """No series gives out again a number that came with a sheet."""
    highest: Counter[str] = Counter()
    for number in numbers:
        if found := _SERIES.fullmatch(number):
            highest[found[1]] = max(highest[found[1]], int(found[2]))
    for prefix, last in highest.items():
        series, _ = NumberSeries.objects.select_for_update().get_or_create(prefix=prefix)
        series.last = max(series.last, last)
        series.save(update_fields=["last"])

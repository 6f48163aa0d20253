"""Needs out of a spreadsheet: what each row means by the rulebook's form, or every fault of every row."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from jiebang.decisions.cells import read_answer
from jiebang.operations.sheet_rows import Faults, Line, lines, once
from jiebang.records.challenges.models import Need
from jiebang.records.people.models import Organisation
from jiebang.records.programme.models import Call
from jiebang.records.programme.queries import rulebook
from jiebang.rules.forms import check_content
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import Rulebook

COLUMNS = ("id", "owner")
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


@dataclass(frozen=True, slots=True)
class Read:
    """What a sheet says: number ("" for a new one), owner and content of each need."""

    entries: tuple[Mapping[str, Any], ...]
    faults: tuple[Reason, ...]


def read(rows: Sequence[Mapping[str, Any]], *, call: Call | None, lang: str) -> Read:
    """Every row as a need for `call`; `lang` is the language of texts that name none ("" leaves them plain)."""
    if call is None:
        return Read((), (reason("sheet.no_programme", field="file"),))
    book, faults = rulebook(call.rulebook_id), Faults()
    fields = book.forms["need"].fields if "need" in book.forms else {}
    given = lines(rows, known=lambda name: name in COLUMNS or name in fields, faults=faults)
    owners = _owners({line.cells["owner"] for line in given if "owner" in line.cells})
    entries = [_entry(line, book, owners, lang, faults) for line in given]
    once(((line.number, line.cells.get("id", "")) for line in given), column="id", faults=faults)
    _taken(given, faults)
    return Read(tuple(entries), tuple(faults.found))


def _entry(
    line: Line, book: Rulebook, owners: Mapping[str, list[Organisation]], lang: str, faults: Faults
) -> dict[str, Any]:
    number = line.cells.get("id", "")
    if number and not _NUMBER.fullmatch(number):
        faults.at(line.number, "id", reason("sheet.number_wrong", value=number))
    return {
        "number": number, "owner": _owner(line, owners, faults), "content": _content(line, book, lang, faults),
    }  # fmt: skip


def _content(line: Line, book: Rulebook, lang: str, faults: Faults) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for name, field in book.forms["need"].fields.items() if "need" in book.forms else ():
        if name not in line.cells:
            continue
        answer = read_answer(line.cells[name], field, rulebook=book, lang=lang)
        if isinstance(answer, Reason):
            faults.at(line.number, name, answer)
        else:
            content[name] = answer
    if line.lacks("title"):
        faults.at(line.number, "title", reason("sheet.blank"))
    for item in check_content("need", content, rulebook=book, complete=False):
        faults.at(line.number, item.field, item.reason)
    return content


def _owner(line: Line, owners: Mapping[str, list[Organisation]], faults: Faults) -> Organisation | None:
    given = line.cells.get("owner")
    if not given:
        if line.lacks("owner"):
            faults.at(line.number, "owner", reason("sheet.blank"))
        return None
    found = owners.get(given, [])
    if not found:
        faults.at(line.number, "owner", reason("sheet.owner_unknown", value=given))
    if len(found) > 1:
        slugs = ", ".join(sorted(item.party.slug for item in found[:10]))
        faults.at(line.number, "owner", reason("sheet.owner_ambiguous", value=given, slugs=slugs))
    return found[0] if len(found) == 1 else None


def _owners(given: set[str]) -> dict[str, list[Organisation]]:
    """The organisations that each word may mean: a short name first, else a registry's number, else a name."""
    direct = Q(party__slug__in=given) | Q(registry_number__in=given) | Q(lei__in=given) | Q(name__in=given)
    rows = list(Organisation.objects.filter(direct).select_related("party"))
    by_slug = {row.party.slug: [row] for row in rows if row.party.slug in given}
    found = dict(by_slug)
    for row in rows:
        for word in {row.registry_number, row.lei, row.name} & given - by_slug.keys():
            found.setdefault(word, []).append(row)
    if missing := given - found.keys():
        for row in Organisation.objects.select_related("party").iterator(chunk_size=2000):
            for word in missing & {str(name) for name in row.names.values()}:
                found.setdefault(word, []).append(row)
    return found


def _taken(given: Sequence[Line], faults: Faults) -> None:
    numbers = [line.cells["id"] for line in given if "id" in line.cells]
    taken = set(Need.objects.filter(number__in=numbers).values_list("number", flat=True))
    for line in given:
        if (number := line.cells.get("id", "")) in taken:
            faults.at(line.number, "id", reason("sheet.need_known", value=number))

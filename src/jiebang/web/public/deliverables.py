"""Laboratories, transfer centres and training in words: on the public page of a project, in its room, in the office."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from jiebang.operations.deliverables import tallies_of
from jiebang.operations.statements import texts_of
from jiebang.records.deliverables.queries import standing_in
from jiebang.rules.schema import Measure, Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.site import language_tag, words


def of_project(project: Any, book: Rulebook) -> list[c.Part]:
    """What a project leaves beside its result, and what of it is confirmed; nothing where nothing is planned."""
    rows = list(standing_in(project)) if book.deliverables else []
    for row in rows:
        row.project = project
    heads = (_("Name"), _("Kind"), _("Where"), _("Host"), _("Since"), _("Confirmed"))
    made = [[*(c.Cell(text) for text in told(row, book)), c.Cell(confirmed(row, book))] for row in rows]
    return [c.DataTable(columns=[c.Column(label=text) for text in heads], rows=made)] if made else []


def told(row: Any, book: Rulebook) -> Sequence[str]:
    """Name, kind, where, host and since in words."""
    return (
        name_of(row), kind_name(book, row.kind), where(row), host(row), formats.date(row.since, lang=language_tag()),
    )  # fmt: skip


def confirmed(row: Any, book: Rulebook) -> str:
    """`Trainees: 35 people; Hours taught: 48 hours`."""
    found = [
        f"{measure_name(book, item.measure)}: {figure(book, item.measure, item.confirmed)}"
        for item in tallies_of(row)
        if item.confirmed
    ]
    return "; ".join(found) or _("nothing yet")


def name_of(row: Any) -> str:
    """The name as it was given, in the reader's language where it is there."""
    return words(texts_of(row.name))


def kind_name(book: Rulebook, key: str) -> str:
    """A kind in the rulebook's word."""
    kind = book.deliverables.kinds.get(key) if book.deliverables else None
    return words(kind.label) if kind else key


def measure(book: Rulebook, key: str) -> Measure | None:
    """A measure of the rulebook."""
    return book.deliverables.measures.get(key) if book.deliverables else None


def measure_name(book: Rulebook, key: str) -> str:
    """A measure in the rulebook's word."""
    found = measure(book, key)
    return words(found.label) if found else key


def unit(book: Rulebook, key: str) -> str:
    """What a measure is counted in."""
    found = measure(book, key)
    return words(found.unit) if found else ""


def asked(book: Rulebook, key: str) -> str:
    """`Trainees (people)`; without the unit where the name says it already, as hours taught."""
    name, counted = measure_name(book, key), unit(book, key)
    return name if not counted or counted.casefold() in name.casefold() else f"{name} ({counted})"


def figure(book: Rulebook, key: str, value: Decimal) -> str:
    """`35 people`."""
    return f"{formats.number(value.normalize(), lang=language_tag())} {unit(book, key)}".strip()


def where(row: Any) -> str:
    """`Ha Noi, Viet Nam`; the place once where it is called as its country."""
    land = formats.country(row.country, lang=language_tag())
    return land if row.place == land else f"{row.place}, {land}"


def host(row: Any) -> str:
    """The name of the organisation at which it is."""
    organisation = row.host.organisation
    return words(organisation.names) or str(organisation.name)

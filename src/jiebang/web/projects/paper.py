"""A drawn document as a page: the reader's language, and beside it the one that governs where that is another."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from jiebang.web import components as c
from jiebang.web.projects.room import Section
from jiebang.web.site import language_tag, words


def sections(document: Mapping[str, Any]) -> list[Section]:
    """Parties, articles, annexes and the pledge, as they are signed."""
    parties = c.Facts(items=[(words(side["role"]), words(side["names"])) for side in document["parties"]])
    articles = [
        (f"{place}. {words(item['title'])}", _said(document, item["text"]))
        for place, item in enumerate(document["articles"], start=1)
    ]
    made = [Section(heading=words(document["title"]), parts=[parties])]
    if articles:
        made.append(Section(heading=_("Articles"), parts=[c.Facts(items=articles)]))
    made += [Section(heading=words(item["title"]), parts=[_table(item)]) for item in document["annexes"]]
    if document["pledge"]["text"]:
        made.append(
            Section(
                heading=_("Pledge of the lead researcher"),
                texts=[words(document["pledge"]["text"]), document["pledge"]["person"]],
            )
        )
    return made


def _said(document: Mapping[str, Any], text: Mapping[str, str]) -> str:
    prevailing, here = document["prevailing"], language_tag()
    shown = words(text)
    return shown if prevailing == here or prevailing not in text else f"{shown}\n\n{text[prevailing]}"


def _table(annex: Mapping[str, Any]) -> c.DataTable:
    columns = [c.Column(label=words(title)) for title in annex["columns"]]
    rows = [[c.Cell(cell if isinstance(cell, str) else words(cell)) for cell in row] for row in annex["rows"]]
    return c.DataTable(columns=columns, rows=rows)

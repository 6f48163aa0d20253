"""A drawn document as a page: every text in the reader's language, the others and the one that governs beside it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from jiebang.web import components as c
from jiebang.web.projects.room import Section, table
from jiebang.web.public import saying
from jiebang.web.site import words


def sections(document: Mapping[str, Any]) -> list[Section]:
    """Parties, articles, annexes and the pledge, as they are signed."""
    parties = c.Facts(items=[(words(side["role"]), words(side["names"])) for side in document["parties"]])
    made = [Section(heading=_("Parties"), parts=[parties])]
    made += [
        Section(heading=f"{place}. {words(item['title'])}", parts=[_said(document, item["text"])])
        for place, item in enumerate(document["articles"], start=1)
    ]
    made += [Section(heading=words(item["title"]), parts=[_annex(item)]) for item in document["annexes"]]
    if pledge := promise(document):
        who = document["pledge"]["person"]
        made.append(
            Section(heading=_("Pledge of the lead researcher"), parts=[pledge], texts=[who] if who else [])
        )
    return made


def promise(document: Mapping[str, Any]) -> c.Part | None:
    """The words of the pledge; nothing where the rulebook has none."""
    texts = document["pledge"]["text"]
    return _said(document, texts) if texts else None


def _said(document: Mapping[str, Any], texts: Mapping[str, str]) -> c.Part | None:
    """A text with its versions; where the rulebook names none that governs, none is said to."""
    first = document["prevailing"] if document["prevailing"] in texts else next(iter(texts))
    others = {tag: {"text": text} for tag, text in texts.items() if tag != first}
    return saying.say(
        {"lang": first, "text": texts[first], "prevails": document["prevailing"], "translations": others}
    )


def _annex(annex: Mapping[str, Any]) -> c.DataTable | None:
    rows = [[c.Cell(cell if isinstance(cell, str) else words(cell)) for cell in row] for row in annex["rows"]]
    return table([words(title) for title in annex["columns"]], rows)

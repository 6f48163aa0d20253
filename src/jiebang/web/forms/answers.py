"""Check your answers: every question of a form with what was answered, and the way back to change it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from jiebang.rules.form_values import decimal_of, missed
from jiebang.rules.forms import empty
from jiebang.rules.schema import Form, FormField, Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.public import saying
from jiebang.web.site import language_tag, words

Indicators = Sequence[Mapping[str, Any]]


def by_step(
    form: Form, content: Mapping[str, Any], *, book: Rulebook, edit: str = "", indicators: Indicators = ()
) -> Iterator[tuple[str, c.Answers]]:
    """The heading of each step with its questions and answers; `edit` + step leads to where they are changed."""
    for key, step in form.steps.items():
        rows = [
            c.Answer(
                question=words(field.label), answer=shown(field, content.get(name), book=book, indicators=indicators) or "",
                change_url=f"{edit}{key}/#id_{name}" if edit else "",
            )
            for name, field in step.fields.items()
            if edit or not empty(content.get(name))
        ]  # fmt: skip
        if rows:
            yield words(step.label), c.Answers(rows=rows)


def shown(field: FormField, value: Any, *, book: Rulebook, indicators: Indicators = ()) -> Any:
    """One answer as its own people read it, whatever its kind."""
    if empty(value):
        return ""
    if field.kind == "milestones":
        return milestones(value)
    if field.kind == "promises":
        return promises(value, indicators)
    if field.kind == "file":
        return file(value)
    if field.kind == "date":
        return _day(str(value))
    return saying.answer(field, value, book=book) or str(value)


def milestones(rows: Any) -> c.DataTable:
    """Milestones with month, share and what is handed over."""
    columns = [
        c.Column(label=_("Milestone")), c.Column(label=_("Month"), number=True), c.Column(label=_("Share"), number=True),
        c.Column(label=_("Handed over")), c.Column(label=_("Indicators that it shows")),
    ]  # fmt: skip
    listed = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    made = [
        [c.Cell(saying.plainly(row.get("title"))), c.Cell(str(row.get("month") or row.get("due_on") or "")),
         c.Cell(_share(row.get("share"))), c.Cell(saying.plainly(row.get("deliverable"))),
         c.Cell(", ".join(map(str, row.get("indicators") or [])))]
        for row in listed
    ]  # fmt: skip
    return c.DataTable(columns=columns, rows=made)


def promises(value: Any, indicators: Indicators) -> c.DataTable:
    """Promised or measured values beside what the challenge asks for."""
    given = value if isinstance(value, Mapping) else {}
    known = {str(item.get("id")): item for item in indicators}
    columns = [
        c.Column(label=_("Indicator")),
        c.Column(label=_("Wanted"), number=True),
        c.Column(label=_("Value"), number=True),
    ]
    rows = [
        [c.Cell(saying.plainly(known.get(key, {}).get("name")) or key),
         c.Cell(saying.threshold(known[key]) if key in known else ""), c.Cell(_value(number, known.get(key, {})))]
        for key, number in given.items()
    ]  # fmt: skip
    return c.DataTable(columns=columns, rows=rows)


def _value(value: Any, indicator: Mapping[str, Any]) -> str:
    """A value; one that misses what is wanted says so to everyone who reads it."""
    told = saying.figure(value)
    return _("%(value)s – misses what is wanted") % {"value": told} if missed(value, indicator) else told


def file(value: Any) -> str:
    """Name and size of an attached file."""
    about = value if isinstance(value, Mapping) else {}
    size = about.get("size")
    told = formats.file_size(size, lang=language_tag()) if isinstance(size, int) else ""
    return " · ".join(part for part in (str(about.get("name") or ""), told) if part)


def _share(value: object) -> str:
    share = decimal_of(value)
    return (
        ""
        if share is None
        else formats.percent(share, lang=language_tag(), digits=0 if share * 100 == int(share * 100) else 1)
    )


def _day(text: str) -> str:
    try:
        return formats.date(date.fromisoformat(text), lang=language_tag())
    except ValueError:
        return text

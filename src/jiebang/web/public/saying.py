"""Answers of people, as they are shown: statements with their languages, choices in words, indicators as a table."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiebang.operations.statements import texts_of
from jiebang.rules.form_values import DIMENSIONLESS, SIGNS, decimal_of
from jiebang.rules.forms import empty, options_of
from jiebang.rules.schema import Form, FormField, Rulebook
from jiebang.web import components as c
from jiebang.web import formats
from jiebang.web.site import language_tag, words

Shown = str | c.Part | Sequence[c.Part]
_TEXTS = ("line", "text")


def say(value: object) -> c.Statement | None:
    """A statement in the reader's language where there is one, every other version one click away."""
    texts = versions(value)
    if not texts:
        return None
    wanted, about = language_tag(), value if isinstance(value, Mapping) else {}
    first = next(
        (tag for tag in (wanted, str(about.get("lang", "")), "en") if tag in texts), next(iter(texts))
    )
    made = {tag: _version(tag, text, about, alone=len(texts) == 1) for tag, text in texts.items()}
    return c.Statement(shown=made.pop(first), others=list(made.values()))


def versions(value: object) -> dict[str, str]:
    """All texts of an answer by language; a plain string is in the reader's."""
    return texts_of(value, default=language_tag())


def plainly(value: object) -> str:
    """The text of an answer in the reader's language, without its frame."""
    return words(versions(value))


def sections(
    form: Form, content: Mapping[str, Any], *, book: Rulebook
) -> Iterator[tuple[str, list[tuple[str, Shown]]]]:
    """The public answers of a form by step: the step's heading with its questions and what was answered."""
    for step in form.steps.values():
        answered = [
            (words(field.label), answer(field, content[name], book=book))
            for name, field in step.fields.items()
            if field.public and name in content and not empty(content[name])
        ]
        kept = [(label, shown) for label, shown in answered if shown]
        if kept:
            yield words(step.label), kept


def answer(field: FormField, value: Any, *, book: Rulebook) -> Shown | None:
    """One answer by the kind of its field; None for what has no public form."""
    if field.kind in _TEXTS:
        return say(value)
    if field.kind in ("choice", "choices"):
        return choices(field, value, book=book)
    if field.kind == "indicators":
        return indicators(value)
    if field.kind == "money":
        return money(value, book=book)
    if field.kind == "yes_no":
        return _("Yes") if value else _("No")
    return figure(value) if field.kind == "number" else None


def choices(field: FormField, value: Any, *, book: Rulebook) -> str:
    """The chosen values in the rulebook's words."""
    known = options_of(field, rulebook=book)
    chosen = value if isinstance(value, list) else [value]
    comma = "、" if language_tag().startswith("zh") else ", "
    return comma.join(words(known[item]) if item in known else str(item) for item in chosen)


def indicators(rows: Any) -> c.DataTable:
    """The indicators of success: what is measured, what counts as reached, how, where, by whom."""
    columns = [
        c.Column(label=_("Indicator")), c.Column(label=_("Today"), number=True), c.Column(label=_("Reached when"), number=True),
        c.Column(label=_("Tested how")),
        c.Column(label=_("Data are at")), c.Column(label=_("Tested by")),
    ]  # fmt: skip
    made = [
        [
            c.Cell(plainly(row.get("name"))),
            c.Cell(figure(row.get("baseline")) or "–"),
            c.Cell(threshold(row)),
            c.Cell(plainly(row.get("test_method") or row.get("method"))),
            c.Cell(plainly(row.get("data_place"))),
            c.Cell(plainly(row.get("tester"))),
        ]
        for row in rows or []
    ]
    return c.DataTable(columns=columns, rows=made)


def threshold(row: Mapping[str, Any]) -> str:
    """`≤ 3 %`."""
    sign = SIGNS.get(str(row.get("operator")), str(row.get("operator") or ""))
    return " ".join(part for part in (sign, figure(row.get("threshold")), unit(row)) if part)


def unit(row: Mapping[str, Any]) -> str:
    """The unit of an indicator; a pure number, whose unit is 1, says so."""
    said = plainly(row.get("unit"))
    return _("(dimensionless)") if said == DIMENSIONLESS else said


def figure(value: object) -> str:
    """A number in the reader's form; whatever else it is, as it stands."""
    number = decimal_of(value)
    return str(value or "") if number is None else formats.number(number, lang=language_tag())


def money(value: Any, *, book: Rulebook) -> str:
    """An amount with its currency."""
    about = value if isinstance(value, Mapping) else {"amount": value}
    amount = decimal_of(about.get("amount"))
    currency = str(about.get("currency") or book.currency)
    return formats.money(amount, currency, lang=language_tag()) if amount is not None else ""


def after_months(count: int) -> str:
    """`After 3 months`, as a follow-up is called."""
    return ngettext("After %(n)s month", "After %(n)s months", count) % {"n": count}


def use_stamp(row: Any) -> c.Stamp:
    """What a follow-up said: in use, partly, paused or stopped; to come where nobody has answered."""
    if row.at is None:
        return c.Stamp(_("To come"), "waiting")
    words_of: dict[str, tuple[str, c.Tone]] = {
        "partly": (_("Partly in use"), "done"), "paused": (_("Paused"), "waiting"), "not_in_use": (_("Not in use"), "stopped"),
    }  # fmt: skip
    return c.Stamp(
        *words_of.get(row.status, (_("In use"), "done") if row.in_use else (_("Not in use"), "stopped"))
    )


def use_said(content: Mapping[str, Any]) -> str:
    """Why it was paused or stopped, else what has changed."""
    return plainly(content.get("why")) or plainly(content.get("changes"))


def amount_of(value: Decimal | None, currency: str) -> str:
    """A saved amount; empty where there is none."""
    return "" if value is None else formats.money(value, currency, lang=language_tag())


def _version(tag: str, text: str, about: Mapping[str, Any], *, alone: bool) -> c.Version:
    lang = language_tag()
    original = not alone and tag == about.get("lang")
    prevails = not alone and tag == about.get("prevails")
    made = (about.get("translations") or {}).get(tag)
    return c.Version(
        lang=tag,
        lang_name=formats.language(tag, lang=lang),
        text=text,
        original=original,
        prevails=prevails,
        note=_maker(made),
    )


def _maker(made: object) -> str:
    by = made.get("by") if isinstance(made, Mapping) else None
    if by == "machine":
        return _("translated by a machine, not checked")
    return _("translated by a person") if by == "human" else ""

"""A report on paper as a plain document: facts, then sections of sentences, statements and tables, every text by language.

As with an agreement the document is JSON, drawn from facts and a rulebook; its hash stands at the foot of every page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jiebang.decisions.agreement import Cell, Table, Texts, annex, language
from jiebang.rules.form_values import DIMENSIONLESS
from jiebang.rules.reasons import Param, reason, render
from jiebang.rules.schema import Rulebook
from jiebang.rules.texts import pick

FORMAT = "jiebang-report/1"
NONE = "–"


@dataclass(frozen=True, kw_only=True)
class Version:
    """A statement in one language: who translated it (`human`, `machine`); "" where it is the original."""

    lang: str
    text: str
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What somebody said in answer to a question, the original first."""

    label: Texts
    versions: Sequence[Version]


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of a report; a table without a row is left out."""

    heading: Texts
    texts: Sequence[Texts] = ()
    statements: Sequence[Statement] = ()
    tables: Sequence[Table] = field(default=())


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a report is drawn from; `on` is its day, `about` what it is a report of."""

    kind: str
    number: str
    on: str
    title: Texts
    about: Texts
    facts: Sequence[tuple[Texts, Cell]]
    sections: Sequence[Section]


def drawn(report: Report, languages: Sequence[str]) -> dict[str, Any]:
    """The document."""
    return {
        "format": FORMAT, "kind": report.kind, "number": report.number, "on": report.on, "languages": list(languages),
        "title": dict(report.title), "about": beside(report.about, languages),
        "facts": [[dict(label), _plain(value)] for label, value in report.facts],
        "sections": [_section(item, languages) for item in report.sections],
    }  # fmt: skip


def languages_of(book: Rulebook) -> list[str]:
    """In which languages papers of a programme stand side by side: its agreement's, else its own."""
    return list(book.agreement.languages if book.agreement else book.languages)


def told(code: str, languages: Sequence[str], /, **params: Param) -> dict[str, str]:
    """A sentence of the catalogue in every language."""
    return {lang: render(reason(code, **params), lang=lang) for lang in languages}


def beside(texts: Texts, languages: Sequence[str]) -> dict[str, str]:
    """A text in these languages; where one lacks, what there is."""
    return {lang: pick(texts, lang=lang) for lang in languages}


def name(names: Texts, languages: Sequence[str], *, place: Texts | None = None) -> dict[str, str]:
    """An organisation in these languages, with its own name in any other script, and its country."""
    shown = beside(names, languages)
    others = [text for lang, text in names.items() if lang not in languages and text not in shown.values()]
    own = f" ({' / '.join(others)})" if others else ""
    return {
        lang: f"{text}{own}" + (f", {pick(place, lang=lang)}" if place else "")
        for lang, text in shown.items()
    }


def figure(value: Decimal | None) -> str:
    """A number as it is written everywhere; a dash for none."""
    return NONE if value is None else f"{value.normalize():f}"


def with_unit(number: str, unit: Texts, languages: Sequence[str]) -> Cell:
    """A number with its unit; a pure number has none."""
    if number in ("", NONE) or not unit or DIMENSIONLESS in unit.values():
        return number or NONE
    return {lang: f"{number} {pick(unit, lang=lang)}" for lang in languages}


def answer(yes: bool | None, languages: Sequence[str]) -> Cell:
    """Reached or missed; a dash where it cannot be told."""
    return NONE if yes is None else told("report.reached" if yes else "report.missed", languages)


def _section(section: Section, languages: Sequence[str]) -> dict[str, Any]:
    return {
        "heading": dict(section.heading),
        "texts": [dict(text) for text in section.texts if any(text.values())],
        "statements": [_statement(item, languages) for item in section.statements if item.versions],
        "tables": [annex(table, languages) for table in section.tables if table.rows],
    }


def _statement(item: Statement, languages: Sequence[str]) -> dict[str, Any]:
    alone = len(item.versions) == 1
    return {
        "label": beside(item.label, languages),
        "versions": [
            {"lang": one.lang, "text": one.text, "note": _note(one, languages, alone=alone)} for one in item.versions
        ],
    }  # fmt: skip


def _note(one: Version, languages: Sequence[str], *, alone: bool) -> dict[str, str]:
    made = {"": "report.original", "machine": "report.by_machine"}.get(one.by, "report.translated")
    if alone:
        made = "report.in_language"
    return {lang: render(reason(made, tongue=language(one.lang, lang=lang)), lang=lang) for lang in languages}


def _plain(cell: Cell) -> str | dict[str, str]:
    return dict(cell) if isinstance(cell, Mapping) else cell

"""What an agreement says and who signs it when: drawn from a project's facts and a rulebook, word for word repeatable.

A document is plain JSON whose texts are `{language: text}`; its hash is what people sign. Nothing here judges law.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jiebang.rules.reasons import Reason, catalogue, reason, render
from jiebang.rules.schema import Clause, Rulebook
from jiebang.rules.texts import pick

FORMAT = "jiebang-agreement/1"
CODE = 8  # hex digits of the hash at the foot of every page
Texts = Mapping[str, str]
Cell = str | Texts


@dataclass(frozen=True, kw_only=True)
class Side:
    """A party: its slug, its role (lead, partner or owner), its name by language, its country."""

    slug: str
    role: str
    names: Texts
    country: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """An annex: the reason code of its title, codes of its columns, rows of cells."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What an agreement is drawn from."""

    number: str
    version: int
    challenge: Texts
    sides: Sequence[Side]
    modes: Collection[str] = ()
    amount: str = ""
    months: str = ""
    lead_person: str = ""
    annexes: Sequence[Table] = field(default=())


def draw(terms: Terms, rulebook: Rulebook) -> dict[str, Any]:
    """The agreement: parties, articles of the rulebook for the modes agreed, annexes, the pledge."""
    rule = rulebook.agreement
    languages = list(rule.languages) if rule else list(rulebook.languages)
    clauses = rule.clauses.values() if rule else ()
    return {
        "format": FORMAT,
        "number": terms.number,
        "version": terms.version,
        "languages": languages,
        "prevailing": rule.prevailing if rule else "",
        "title": said("agreement.title", languages),
        "challenge": dict(terms.challenge),
        "parties": [
            {"slug": side.slug, "role": said(f"agreement.role_{side.role}", languages),
             "names": dict(side.names), "country": side.country}
            for side in terms.sides
        ],
        "articles": [
            _article(clause, terms, languages, rulebook)
            for clause in clauses
            if not clause.modes or set(clause.modes) & set(terms.modes)
        ],
        "annexes": [annex(table, languages) for table in terms.annexes],
        "pledge": {"person": terms.lead_person, "text": dict(rule.pledge if rule else {})},
    }  # fmt: skip


def waits_for(role: str, *, order: Sequence[str], unsigned: Iterable[str]) -> str:
    """The role that must sign before `role` may; empty when nobody must. `unsigned`: roles with a signature missing."""
    missing = set(unsigned)
    before = order[: order.index(role)] if role in order else []
    return next((earlier for earlier in before if earlier in missing), "")


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What was read of a scan: its pages, and where it has a text layer the page numbers and codes found at their feet."""

    pages: int
    printed: int
    numbers: Sequence[int] = ()
    codes: Collection[str] = ()


def scan_faults(scan: Scan, *, code: str, typed: str) -> list[Reason]:
    """What is wrong with a scan of a paper whose hash begins with `code`, of which `typed` was read off by a person."""
    found = []
    if missing := sorted(set(range(1, scan.printed + 1)) - set(scan.numbers)) if scan.numbers else []:
        pages = ", ".join(map(str, missing))
        found.append(reason("agreement.pages_missing", pages=pages, field="scan"))
    elif scan.pages != scan.printed:
        found.append(reason("agreement.page_count", found=scan.pages, wanted=scan.printed, field="scan"))
    if plain_code(typed) != code[:CODE]:
        found.append(
            reason("agreement.code_differs", typed=typed or "–", code=shown_code(code), field="code")
        )
    if others := sorted({item for item in scan.codes if item != code[:CODE]}):
        found.append(reason("agreement.other_text", codes=", ".join(map(shown_code, others)), field="scan"))
    return found


def shown_code(sha256: str) -> str:
    """`1a2b 3c4d`: what stands at the foot of every page."""
    return f"{sha256[:4]} {sha256[4:CODE]}"


def plain_code(typed: str) -> str:
    """The code as it was typed, without spaces and in small letters."""
    return "".join(typed.split()).lower()


def _article(clause: Clause, terms: Terms, languages: Sequence[str], rulebook: Rulebook) -> dict[str, Any]:
    return {
        "title": {lang: pick(clause.title, lang=lang) for lang in languages},
        "text": {lang: _filled(pick(clause.text, lang=lang), terms, lang, rulebook) for lang in languages},
    }


def _filled(text: str, terms: Terms, lang: str, rulebook: Rulebook) -> str:
    """The placeholders of a clause: a text may hold other braces, which stay."""
    prevailing = rulebook.agreement.prevailing if rulebook.agreement else ""
    values = {
        "lead": _names(terms, "lead", lang), "owner": _names(terms, "owner", lang),
        "partners": _names(terms, "partner", lang) or "–", "amount": terms.amount or "–",
        "months": terms.months or "–", "challenge": pick(terms.challenge, lang=lang), "number": terms.number,
        "prevailing": language(prevailing, lang=lang),
    }  # fmt: skip
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def language(tag: str, *, lang: str) -> str:
    """What a language is called in a language."""
    words = catalogue().get(f"word.language.{tag}")
    return pick(words, lang=lang) if words else tag


def _names(terms: Terms, role: str, lang: str) -> str:
    found = [pick(side.names, lang=lang) for side in terms.sides if side.role == role]
    return ("、" if lang.startswith("zh") else "; ").join(found)


def annex(table: Table, languages: Sequence[str]) -> dict[str, Any]:
    """A table in these languages."""
    return {
        "title": said(table.title, languages),
        "columns": [said(code, languages) for code in table.columns],
        "rows": [[cell if isinstance(cell, str) else dict(cell) for cell in row] for row in table.rows],
    }


def said(code: str, languages: Sequence[str]) -> dict[str, str]:
    """The sentence of a code in every one of these languages."""
    return {lang: render(reason(code), lang=lang) for lang in languages}

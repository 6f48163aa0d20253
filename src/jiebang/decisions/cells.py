"""One cell of an office's spreadsheet: what a person typed as an answer of a form, and an answer as a cell.

A text may say its language: `[lo] ...`; further versions follow, each behind its tag: `[zh-Hans] ...`,
`[en, machine] ...` for a machine's translation, `[en, prevails] ...` for the version that governs. A list of
indicators has one a line: `id | name | operator | threshold | unit | test method | place of the data | tester`,
and after another `|` the value of today, where it is known.
What neither form can carry without loss stands as JSON, so that every answer comes back as it went out.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from jiebang.decisions.money import parse_amount
from jiebang.rules.form_values import decimal_of
from jiebang.rules.forms import empty, options_of
from jiebang.rules.reasons import Reason, reason
from jiebang.rules.schema import FormField, LocalText, Rulebook
from jiebang.rules.texts import pick

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]00:00(?::00)?)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_DIGITS = {sign: str(at) for at, sign in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_FORMULA = re.compile(r"'*(?:=|[+\-@]\s*[A-Za-z_.]+\s*[(|!]|[\t\r])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_RISKY = re.compile(r"'*[=+\-@\t\r]")
_TAG = re.compile(r"(?:^|(?<=\s))\[([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)((?:[,，]\s*[\w ]+)*)\][ \t]*")
_SEVERAL = re.compile(r"[;；、\n]")
_MACHINE, _PREVAILS = {"machine", "机器翻译"}, {"prevails", "为准"}
_COLUMNS = ("id", "name", "operator", "threshold", "unit", "test_method", "data_place", "tester")
_NUMBERS = ("threshold", "baseline")
_WORDS = frozenset({"name", "unit", "test_method", "data_place", "tester"})
_YES, _NO = {"yes", "true", "1", "是"}, {"no", "false", "0", "否"}

Found = object | Reason


def read_answer(text: str, field: FormField, *, rulebook: Rulebook, lang: str = "") -> Found:
    """The answer that a cell means, or why it cannot be read; what the form asks of it is the form's to say.

    `lang` is the language of texts that name none; without it they stay plain.
    """
    if field.kind in _READERS:
        return _READERS[field.kind](text.strip(), field, rulebook, lang)
    return _json(text.strip(), (dict, list))


def write_answer(value: object, field: FormField, *, rulebook: Rulebook, lang: str) -> object:
    """A cell that `read_answer` reads as the same answer: a text, a number, or nothing. Labels in `lang`."""
    if empty(value):
        return None
    written = _WRITERS.get(field.kind, _as_json)(value, field, rulebook, lang)
    back = read_answer(str(written), field, rulebook=rulebook)
    return written if _same(back, value) else _as_json(value, field, rulebook, lang)


def day_of(text: str) -> date | Reason:
    """A calendar day: 2026-04-08, 2026/4/8, 20260408, 2026年4月8日 or 二〇二六年四月八日."""
    plain = _western(unicodedata.normalize("NFKC", text).strip())
    found = _DAY.fullmatch(plain) or _COMPACT.fullmatch(plain)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    return reason("sheet.not_a_day", text=text.strip())


def option_of(text: str, options: Mapping[str, LocalText]) -> str | Reason:
    """The value a cell names: itself, or its label in any language."""
    wanted = _plain(text)
    for value, label in options.items():
        if wanted == _plain(value) or wanted in map(_plain, label.values()):
            return value
    known = ", ".join(
        f"{value} ({' / '.join(label.values())})" if set(label.values()) != {value} else value
        for value, label in options.items()
    )
    return reason("form.not_an_option", value=text.strip(), options=known)


def yes_or_no(text: str) -> bool | Reason:
    """yes, no, true, false, 是, 否."""
    plain = _plain(text)
    return plain in _YES if plain in _YES | _NO else reason("form.not_yes_no")


def is_formula(text: str) -> bool:
    """Whether a program might run this text as a formula."""
    return not text.startswith("'") and _FORMULA.match(text) is not None


def printable(text: str) -> str:
    """A text without the control characters that no XLSX file may hold."""
    return _CONTROL.sub("", text)


def harmless(text: str, *, typed: bool) -> str:
    """The text with an apostrophe before it where it begins like a formula (OWASP, CSV injection).

    In a file that types its cells (`typed`) only what could really run; `plain_text` takes it off again.
    """
    return f"'{text}" if (_FORMULA if typed else _RISKY).match(text) else text


def plain_text(cell: str) -> str:
    """A cell without the apostrophe that `harmless` put before it."""
    return cell[1:] if cell.startswith("'") and _RISKY.match(cell) else cell


def lei_is_valid(code: str) -> bool:
    """Whether a Legal Entity Identifier has its check digits right (ISO 17442: ISO 7064, mod 97-10)."""
    if len(code) != 20 or not code.isascii() or not code.isalnum() or code != code.upper():
        return False
    return code[-2:].isdigit() and int("".join(str(int(sign, 36)) for sign in code)) % 97 == 1


def _western(text: str) -> str:
    """Chinese numerals of a day as digits: 二〇二六年十二月三十一日."""
    if not set(text) & (set(_DIGITS) | {"十"}):
        return text
    text = re.sub(r"([一二三])?十([一二三四五六七八九])?", lambda m: _tens(m[1], m[2]), text)
    return "".join(_DIGITS.get(sign, sign) for sign in text)


def _tens(before: str | None, after: str | None) -> str:
    return _DIGITS[before or "一"] + _DIGITS[after or "〇"]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _number(text: str) -> object:
    """A number, grouped thousands and 万 understood; else the text, at which the form will complain."""
    found = parse_amount(text, negative=True)
    return text if isinstance(found, Reason) else _shortest(found)


def _shortest(number: Decimal) -> object:
    if number == int(number) and abs(number) < Decimal(10) ** 15:
        return int(number)
    return float(number) if Decimal(repr(float(number))) == number else f"{number:f}"


def _read_number(text: str, _field: FormField, _book: Rulebook, _lang: str) -> Found:
    return _number(text)


def _read_money(text: str, _field: FormField, book: Rulebook, _lang: str) -> Found:
    coded = re.fullmatch(r"(.*\S)\s*([A-Z]{3})", text, re.DOTALL)
    amount, currency = (coded[1], coded[2]) if coded else (text, book.currency)
    found = parse_amount(amount)
    return found if isinstance(found, Reason) else {"amount": f"{found:f}", "currency": currency}


def _read_date(text: str, _field: FormField, _book: Rulebook, _lang: str) -> Found:
    found = day_of(text)
    return found if isinstance(found, Reason) else found.isoformat()


def _read_choice(text: str, field: FormField, book: Rulebook, _lang: str) -> Found:
    return option_of(text, options_of(field, rulebook=book))


def _read_choices(text: str, field: FormField, book: Rulebook, _lang: str) -> Found:
    options = options_of(field, rulebook=book)
    found = [option_of(part, options) for part in _SEVERAL.split(text) if part.strip()]
    wrong = next((item for item in found if isinstance(item, Reason)), None)
    return wrong or list(dict.fromkeys(found))


def _read_yes_no(text: str, _field: FormField, _book: Rulebook, _lang: str) -> Found:
    return yes_or_no(text)


def _read_text(text: str, _field: FormField, _book: Rulebook, lang: str) -> Found:
    if text.startswith(('{"', '"')):
        found = _json(text, (dict, str))
        if not isinstance(found, Reason):
            return found
    parts = _tagged(text)
    if parts is None:
        return {"lang": lang, "text": text} if lang else text
    return _statement(parts)


def _tagged(text: str) -> list[tuple[str, set[str], str]] | None:
    """(tag, marks, text) of each version in a cell that begins with a tag."""
    marks = list(_TAG.finditer(text))
    if not marks or marks[0].start() != 0:
        return None
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return [
        (
            mark[1],
            {_plain(word) for word in re.split("[,，]", mark[2]) if word.strip()},
            text[mark.end() : end].strip(),
        )
        for mark, end in zip(marks, ends, strict=True)
    ]


def _statement(parts: list[tuple[str, set[str], str]]) -> Found:
    for tag, marks, _ in parts:
        if strange := marks - _MACHINE - _PREVAILS:
            return reason("sheet.mark_unknown", mark=", ".join(sorted(strange)), tag=tag)
    (lang, _, text), *others = parts
    made: dict[str, Any] = {"lang": lang, "text": text}
    if others:
        made["translations"] = {
            tag: {"text": words, "by": "machine" if marks & _MACHINE else "human"}
            for tag, marks, words in others
        }
    governs = next((tag for tag, marks, _ in parts if marks & _PREVAILS), lang)
    return made if governs == lang else {**made, "prevails": governs}


def _read_indicators(text: str, _field: FormField, _book: Rulebook, lang: str) -> Found:
    if text.startswith("["):
        found = _json(text, (list,))
        if not isinstance(found, Reason):
            return found
    items: list[object] = []
    for place, line in enumerate((line for line in text.splitlines() if line.strip()), 1):
        cells = [cell.strip() for cell in re.split(r"[|｜]", line)]
        if len(cells) - len(_COLUMNS) not in (0, 1):
            return reason("sheet.indicator_line", line=place, count=len(cells), wanted=len(_COLUMNS))
        named = zip((*_COLUMNS, "baseline"), cells, strict=False)
        items.append(_indicator(dict(named), place, lang))
    return items


def _indicator(cells: Mapping[str, str], place: int, lang: str) -> dict[str, object]:
    signs = {"≤": "<=", "≥": ">=", "＜": "<", "＞": ">", "＝": "="}
    made: dict[str, object] = {"id": cells["id"] or f"I{place}"}
    for name, text in list(cells.items())[1:]:
        if not text:
            continue
        made[name] = (
            _item_text(text, lang if name != "unit" else "") if name in _WORDS else signs.get(text, text)
        )
    for name in _NUMBERS:
        if name in made:
            made[name] = _number(str(made[name]))
    return made


def _item_text(text: str, lang: str) -> object:
    parts = _tagged(text)
    if parts is None:
        return {"lang": lang, "text": text} if lang else text
    return (
        {tag: words for tag, _, words in parts}
        if len(parts) > 1
        else {"lang": parts[0][0], "text": parts[0][2]}
    )


def _json(text: str, kinds: tuple[type, ...]) -> Found:
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return reason("sheet.not_json")
    return found if isinstance(found, kinds) else reason("sheet.not_json")


def _as_json(value: object, *_: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _write_number(value: object, *_: object) -> object:
    found = decimal_of(value)
    return value if found is None else found


def _write_money(value: object, _field: FormField, book: Rulebook, _lang: str) -> object:
    if not isinstance(value, Mapping):
        return _write_number(value)
    amount = decimal_of(value.get("amount"))
    if amount is None or value.get("currency", book.currency) == book.currency:
        return amount
    return f"{amount:f} {value['currency']}"


def _write_choice(value: object, field: FormField, book: Rulebook, lang: str) -> object:
    return pick(options_of(field, rulebook=book).get(str(value), {"en": str(value)}), lang=lang)


def _write_choices(value: object, field: FormField, book: Rulebook, lang: str) -> object:
    values: Iterable[object] = value if isinstance(value, list) else []
    return "; ".join(str(_write_choice(item, field, book, lang)) for item in values)


def _write_yes_no(value: object, _field: FormField, _book: Rulebook, lang: str) -> object:
    return ("是" if value else "否") if lang == "zh-Hans" else ("yes" if value else "no")


def _write_text(value: object, *_: object) -> object:
    if not isinstance(value, Mapping) or "text" not in value:
        return value
    lang, governs = str(value.get("lang")), value.get("prevails")
    lines = [f"[{lang}] {value['text']}"]
    for tag, made in (value.get("translations") or {}).items():
        marks = ", machine" if made.get("by") == "machine" else ""
        lines.append(f"[{tag}{marks}{', prevails' if tag == governs else ''}] {made.get('text')}")
    return "\n".join(lines)


def _write_indicators(value: object, *_: object) -> object:
    items = [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
    return "\n".join(
        " | ".join(_item_cell(item.get(name)) for name in (*_COLUMNS, *_baseline(item))) for item in items
    )


def _baseline(item: Mapping[str, object]) -> tuple[str, ...]:
    return ("baseline",) if item.get("baseline") not in (None, "") else ()


def _item_cell(value: object) -> str:
    if isinstance(value, Mapping):
        versions = {value.get("lang"): value["text"]} if "text" in value else value
        return " ".join(f"[{tag}] {text}" for tag, text in versions.items())
    if isinstance(value, float):
        return str(_shortest(Decimal(repr(value))))  # 3, not 3.0
    return "" if value is None else str(value)


def _same(left: object, right: object) -> bool:
    """Whether two answers say the same: numbers by value, statements without what goes without saying."""
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        one, other = _stated(left), _stated(right)
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    first, second = decimal_of(left), decimal_of(right)
    return first == second if first is not None and second is not None else left == right


def _stated(value: Mapping[Any, Any]) -> Mapping[Any, Any]:
    if "text" not in value or "lang" not in value:
        return value
    silent = {"prevails": value["lang"], "translations": {}}
    return {key: item for key, item in value.items() if key not in silent or item != silent[key]}


_Read = Callable[[str, FormField, Rulebook, str], Found]
_READERS: Mapping[str, _Read] = {
    "line": _read_text, "text": _read_text, "number": _read_number, "money": _read_money, "date": _read_date,
    "choice": _read_choice, "choices": _read_choices, "yes_no": _read_yes_no, "indicators": _read_indicators,
}  # fmt: skip
_WRITERS: Mapping[str, Callable[[object, FormField, Rulebook, str], object]] = {
    "line": _write_text, "text": _write_text, "number": _write_number, "money": _write_money,
    "date": lambda value, *_: value, "choice": _write_choice, "choices": _write_choices,
    "yes_no": _write_yes_no, "indicators": _write_indicators,
}  # fmt: skip

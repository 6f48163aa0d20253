"""From what a browser sends to the content of a form.

Inputs are named by the place of their answer (`title`, `indicators.0.threshold`), as faults name places. What
cannot be understood stays as it was typed, so that it can be shown again beside what is wrong with it.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol

from jiebang.decisions.money import parse_amount
from jiebang.rules.form_values import INDICATOR_TEXTS, decimal_of
from jiebang.rules.forms import empty
from jiebang.rules.reasons import Reason
from jiebang.rules.schema import FormField, Rulebook

Content = dict[str, Any]
ROW_TEXTS = {"indicators": INDICATOR_TEXTS, "milestones": ("title", "deliverable")}
ROW_NUMBERS = {"indicators": ("threshold", "baseline"), "milestones": ("month", "share")}
ROW_PLAIN = {"indicators": ("id", "operator"), "milestones": ("id", "due_on")}
ROW_LISTS = {"indicators": (), "milestones": ("indicators",)}
MOST_ROWS = 40


class Sent(Protocol):
    """A submitted form (a `QueryDict`)."""

    def get(self, key: str, /) -> str | None:
        """One value."""

    def getlist(self, name: str, /) -> list[str]:
        """All values of a name."""

    def __contains__(self, name: object, /) -> bool: ...

    def __iter__(self) -> Any: ...


def read(
    fields: Mapping[str, FormField], sent: Sent, *, old: Mapping[str, Any], book: Rulebook,
    files: Mapping[str, Mapping[str, Any]] | None = None,
) -> Content:  # fmt: skip
    """`old` content with the answers of these fields as sent; an emptied answer is gone.

    `files` are the uploads already stored: field name -> {name, size, sha256}.
    """
    content = dict(old)
    for name, field in fields.items():
        value = _answer(name, field, sent, old.get(name), book, files or {})
        if empty(value) or value == {"amount": "", "currency": book.currency}:
            content.pop(name, None)
        else:
            content[name] = value
    return content


def number(text: str) -> Any:
    """A typed number as a number, read as `parse_amount` reads a cell of a sheet; else the text as it stands."""
    found = parse_amount(text, negative=True)
    if isinstance(found, Reason):
        return text.strip()
    if found == int(found) and abs(found) < Decimal(10) ** 15:
        return int(found)
    return float(found) if Decimal(repr(float(found))) == found else f"{found:f}"


def digits(text: str) -> str:
    """The same as text in plain digits, exactly; other texts as they stand."""
    found = parse_amount(text, negative=True)
    return text.strip() if isinstance(found, Reason) else f"{found:f}"


def statement(name: str, sent: Sent, old: object) -> Any:
    """A statement with its language, translations and the version that prevails."""
    text = (sent.get(name) or "").replace("\r\n", "\n").strip()
    if name not in sent:
        return old
    if f"{name}.lang" not in sent:
        return _typed_over(old, text, lang="")
    made: Content = {"lang": sent.get(f"{name}.lang") or "en", "text": text}
    if translations := _translations(name, sent, old, made["lang"]):
        made["translations"] = translations
    prevails = sent.get(f"{name}.prevails") or ""
    if prevails in {made["lang"], *translations}:
        made["prevails"] = prevails
    return made if text or translations else None


def _answer(
    name: str, field: FormField, sent: Sent, old: Any, book: Rulebook, files: Mapping[str, Mapping[str, Any]]
) -> Any:
    if field.kind in ROW_TEXTS:
        return _rows(name, field.kind, sent, old)
    if field.kind == "file":
        return files.get(name) or (None if sent.get(f"{name}.drop") else old)
    if field.kind == "promises":
        return _promises(name, sent, old)
    return _SIMPLE[field.kind](name, sent, old, book)


def _words(name: str, sent: Sent, old: Any, book: Rulebook) -> Any:
    return statement(name, sent, old)


def _number(name: str, sent: Sent, old: Any, book: Rulebook) -> Any:
    return number(sent.get(name) or "") if name in sent else old


def _money(name: str, sent: Sent, old: Any, book: Rulebook) -> Any:
    if name not in sent:
        return old
    currency = old.get("currency", book.currency) if isinstance(old, Mapping) else book.currency
    return {"amount": digits(sent.get(name) or ""), "currency": currency}


def _plain(name: str, sent: Sent, old: Any, book: Rulebook) -> Any:
    return (sent.get(name) or "").strip() if name in sent else old


def _choices(name: str, sent: Sent, old: Any, book: Rulebook) -> Any:
    return list(dict.fromkeys(sent.getlist(name)))


def _yes_no(name: str, sent: Sent, old: Any, book: Rulebook) -> Any:
    return {"yes": True, "no": False}.get(sent.get(name) or "", None if name in sent else old)


def _promises(name: str, sent: Sent, old: Any) -> Any:
    places = [place for place in sent if str(place).startswith(f"{name}.")]
    kept = dict(old) if isinstance(old, Mapping) else {}
    for place in places:
        value = number(sent.get(place) or "")
        kept[place.removeprefix(f"{name}.")] = value
    return {key: value for key, value in kept.items() if value != ""}


def _rows(name: str, kind: str, sent: Sent, old: Any) -> Any:
    if f"{name}.rows" not in sent:
        return old
    lang = sent.get(f"{name}.lang") or "en"
    before = (
        {str(row.get("id")): row for row in old or [] if isinstance(row, Mapping)}
        if isinstance(old, list)
        else {}
    )
    given = sent.get(f"{name}.rows") or "0"
    count = min(int(given), MOST_ROWS) if given.isascii() and given.isdigit() else 0
    dropped = sent.get("remove")
    rows = [
        _row(f"{name}.{place}", kind, sent, before, lang)
        for place in range(count) if dropped != f"{name}.{place}"
    ]  # fmt: skip
    return _numbered([row for row in rows if row], kind)


def _row(place: str, kind: str, sent: Sent, before: Mapping[str, Any], lang: str) -> Content:
    row: Content = {}
    known = before.get(sent.get(f"{place}.id") or "", {})
    for key in ROW_TEXTS[kind]:
        text = (sent.get(f"{place}.{key}") or "").replace("\r\n", "\n").strip()
        if text:
            row[key] = _typed_over(known.get(key), text, lang=lang)
    for key in ROW_NUMBERS[kind]:
        if (value := number(sent.get(f"{place}.{key}") or "")) != "":
            row[key] = _share(value, sent.get(f"{place}.{key}") or "") if key == "share" else value
    said = bool(row)
    for key in ROW_LISTS[kind]:
        if chosen := list(dict.fromkeys(sent.getlist(f"{place}.{key}"))):
            row[key] = chosen
    for key in ROW_PLAIN[kind]:
        if value := (sent.get(f"{place}.{key}") or "").strip():
            row[key] = value
    return row if said else {}


def _share(value: Any, typed: str) -> Any:
    """Shares are typed as percent and kept as parts of 1, exactly."""
    percent = decimal_of(value)
    return value if percent is None else float(percent / 100)


def _numbered(rows: list[Content], kind: str) -> list[Content]:
    """Every row keeps its id; a new one gets the next free."""
    prefix = "I" if kind == "indicators" else "M"
    taken = {str(row.get("id")) for row in rows}
    free = (f"{prefix}{place}" for place in range(1, 1000) if f"{prefix}{place}" not in taken)
    return [row if row.get("id") else {"id": next(free), **row} for row in rows]


def _typed_over(old: object, text: str, *, lang: str) -> Any:
    """A text typed over an older one: what was translated before stays."""
    if isinstance(old, Mapping) and "text" in old:
        return {**old, "text": text, **({"lang": lang} if lang and not old.get("translations") else {})}
    if isinstance(old, Mapping) and old:
        shown = lang if lang in old else next(iter(old))
        return {**old, shown: text}
    if old == text or not lang:
        return text
    return {"lang": lang, "text": text}


def _translations(name: str, sent: Sent, old: object, lang: str) -> Content:
    known = old.get("translations") or {} if isinstance(old, Mapping) else {}
    places = [str(place) for place in sent if str(place).startswith(f"{name}.tr.")]
    typed = {
        place.removeprefix(f"{name}.tr."): (sent.get(place) or "").replace("\r\n", "\n").strip()
        for place in places
    }
    new = sent.get(f"{name}.newlang") or ""
    if text := (sent.get(f"{name}.new") or "").replace("\r\n", "\n").strip():
        typed[new or "en"] = text
    return {tag: _translation(known.get(tag), text) for tag, text in typed.items() if text and tag != lang}


def _translation(known: object, text: str) -> Content:
    if isinstance(known, Mapping) and known.get("text") == text:
        return dict(known)
    return {"text": text, "by": "human"}


_SIMPLE: Mapping[str, Callable[[str, Sent, Any, Rulebook], Any]] = {
    "line": _words, "text": _words, "number": _number, "money": _money, "date": _plain, "choice": _plain,
    "choices": _choices, "yes_no": _yes_no,
}  # fmt: skip

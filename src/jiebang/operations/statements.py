"""Statements: a text with its language, translations and the version that prevails."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import StringConstraints

Content = Mapping[str, Any]
# A text that somebody will read: never blank, and no longer than anybody reads.
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]

# The same where it may be left out.
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
# A reason or remark that may be left out where nothing asks for one.
Why = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


def texts_of(value: object, *, default: str = "en") -> dict[str, str]:
    """All versions of an answer by language, be it a statement, a `{language: text}` or a plain string in `default`."""
    if isinstance(value, str):
        return {default: value} if value else {}
    if not isinstance(value, Mapping):
        return {}
    if not {"text", "lang"} & set(value):
        return {str(lang): str(text) for lang, text in value.items() if text}
    found = {str(value.get("lang") or default): str(value.get("text") or "")}
    for lang, item in (value.get("translations") or {}).items():
        found[str(lang)] = str(item.get("text", "") if isinstance(item, Mapping) else item)
    return {lang: text for lang, text in found.items() if text}


def prevailing(value: object) -> str:
    """The text that governs: the version named by `prevails`, else the original."""
    if not isinstance(value, Mapping):
        return str(value or "")
    texts = texts_of(value)
    return texts.get(str(value.get("prevails") or value.get("lang") or ""), next(iter(texts.values()), ""))


def statement(text: str, *, lang: str) -> dict[str, str]:
    """A plain text as a statement in a language."""
    return {"lang": lang, "text": text}

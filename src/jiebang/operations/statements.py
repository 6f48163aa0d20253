"""Statements: a text with its language, translations and the version that prevails; documents made of them."""

from collections.abc import Mapping
from typing import Any

from jiebang.operations.kernel import Stop
from jiebang.rules.forms import misshapen
from jiebang.rules.reasons import Reason
from jiebang.rules.schema import FormName, Rulebook

Content = Mapping[str, Any]


def texts_of(value: object, *, default: str = "en") -> dict[str, str]:
    """All versions of a form answer by language: a plain string counts as `default`."""
    if isinstance(value, str):
        return {default: value} if value else {}
    if not isinstance(value, Mapping):
        return {}
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


def require_shape(form: FormName, content: Content, *, rulebook: Rulebook) -> None:
    """Stop unless every answer has its shape: a draft may be wrong or lack answers, but pages must be able to show it."""
    found = misshapen(form, content, rulebook=rulebook)
    if found:
        raise Stop(*(Reason(item.reason.code, {**item.reason.params, "field": item.field}) for item in found))

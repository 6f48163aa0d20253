"""What changed between two rulebooks, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jiebang.rules.explain_words import heading, phrase, sentence
from jiebang.rules.lint_words import BY_KEY, TEXTS
from jiebang.rules.schema import Rulebook
from jiebang.rules.texts import pick

Path = tuple[str, ...]
Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One change: its dotted path in the file, its kind, and a sentence about it."""

    path: str
    kind: Kind
    text: str


def diff(a: Rulebook, b: Rulebook, lang: str = "en") -> list[Change]:
    """Every change from `a` to `b`, in the order of the rulebook; a new or removed part is one change."""
    old, new = (book.model_dump(mode="json", by_alias=True) for book in (a, b))
    return [_change(*found, old, new, lang) for found in _walk((), old, new)]


def _walk(path: Path, old: Any, new: Any) -> Iterator[tuple[Path, Any, Any]]:
    """Pairs that differ: as deep as both sides have a mapping that is no text."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict) and not _is_text(path):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _walk((*path, key), old.get(key), new.get(key))
    else:
        yield path, old, new


def _is_text(path: Path) -> bool:
    return bool(path) and (path[-1] in TEXTS or (len(path) > 1 and path[-2] in BY_KEY))


def _change(path: Path, was: Any, now: Any, old: Any, new: Any, lang: str) -> Change:
    kind: Kind = "added" if was in (None, {}, []) else "removed" if now in (None, {}, []) else "changed"
    name = {"added": "was_added", "removed": "was_removed", "changed": "was_now"}[kind]
    what = _what(path, new if kind == "added" else old, lang)
    if _is_text(path) and kind == "changed":
        was, now = _languages_that_differ(was, now, lang)
    said = sentence(name, lang=lang, what=what, was=_say(was, lang), now=_say(now, lang))
    return Change(".".join(path), kind, said)


def _languages_that_differ(was: Mapping[str, str], now: Mapping[str, str], lang: str) -> tuple[Any, Any]:
    if was.get(lang) != now.get(lang):
        return was, now
    tags = [tag for tag in {**was, **now} if was.get(tag) != now.get(tag)]
    return tuple({"en": "; ".join(f"{tag}: {text.get(tag, '')}" for tag in tags)} for text in (was, now))  # type: ignore[return-value]


def _what(path: Path, data: Any, lang: str) -> str:
    """The path in words: the section, the labels of the parts on the way, the field."""
    words = [heading(path[0], lang=lang) if len(path) > 1 else phrase(path[0], lang=lang)]
    for place, key in enumerate(path):
        data = data.get(key) if isinstance(data, dict) else None
        if place == 0:
            continue
        words.append(_label(data, lang) or phrase(key, lang=lang))
    return " › ".join(words)


def _label(part: Any, lang: str) -> str:
    if not isinstance(part, dict):
        return ""
    texts = part.get("label") or part.get("text") or part.get("title")
    return pick(texts, lang=lang) if isinstance(texts, dict) and texts else ""


def _say(value: Any, lang: str) -> str:
    if value is None or value in ({}, []):
        return phrase("nothing", lang=lang)
    if isinstance(value, bool):
        return phrase("yes" if value else "no", lang=lang)
    if isinstance(value, list):
        return ", ".join(_say(item, lang) for item in value)
    if isinstance(value, dict):
        return _label(value, lang) or _mapping(value, lang)
    return str(value)


def _mapping(value: Mapping[str, Any], lang: str) -> str:
    if all(isinstance(text, str) for text in value.values()) and (lang in value or "en" in value):
        return pick(value, lang=lang)
    return "; ".join(f"{phrase(str(key), lang=lang)}: {_say(inner, lang)}" for key, inner in value.items())

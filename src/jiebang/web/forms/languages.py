"""Languages that a text may be written in: the programme's first, then many others by name."""

from collections.abc import Iterable, Mapping
from typing import Any

from jiebang.rules.schema import Rulebook
from jiebang.web import formats
from jiebang.web.components import Option
from jiebang.web.site import language_tag

OTHERS = (
    "ar", "bn", "ceb", "de", "en", "es", "fil", "fr", "hi", "id", "it", "ja", "jv", "km", "ko", "lo", "mn", "ms", "my",
    "ne", "pt", "ru", "si", "sw", "ta", "tet", "th", "tr", "uk", "ur", "vi", "za", "zh-Hans", "zh-Hant",
)  # fmt: skip


def options(book: Rulebook, *, chosen: str, also: Iterable[str] = ()) -> list[Option]:
    """All languages as options, one of them chosen."""
    lang = language_tag()
    first = list(dict.fromkeys([*book.languages, lang, *also, chosen]))
    rest = sorted(
        (tag for tag in OTHERS if tag not in first), key=lambda tag: formats.language(tag, lang=lang)
    )
    return [_option(tag, chosen, lang) for tag in [*first, *rest] if tag]


def usual(content: Mapping[str, Any]) -> str:
    """The language in which this content is being written; the reader's own before anything is written."""
    for value in content.values():
        if isinstance(value, Mapping) and value.get("lang") and value.get("text"):
            return str(value["lang"])
    return language_tag()


def name(tag: str) -> str:
    """A language's name in the reader's language."""
    return formats.language(tag, lang=language_tag())


def _option(tag: str, chosen: str, lang: str) -> Option:
    return Option(value=tag, label=formats.language(tag, lang=lang), chosen=tag == chosen)

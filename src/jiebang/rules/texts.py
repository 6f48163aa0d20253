"""Texts in several languages: a mapping from BCP 47 tag to text, the tags, the signs that no text may hold, and quoting."""

import re
from collections.abc import Mapping, Sequence

Texts = Mapping[str, str]

# What no text holds: control characters but tab and line breaks, halves of a pair, and what is no character.
BROKEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

# What a name on one line does not hold either: every control character, and what breaks it or turns its direction (UAX 9).
HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def pick(texts: Texts, *, lang: str, fallback: Sequence[str] = ("en", "zh-Hans")) -> str:
    """The text in `lang`, else in the first fallback language present, else any; "" when empty."""
    for tag in (lang, *fallback):
        if tag in texts:
            return texts[tag]
    return next(iter(texts.values()), "")


def language_tag(code: str) -> str:
    """The tag under which texts are kept (`zh-Hans`), from a code in any case, such as Django's `zh-hans`."""
    first, *rest = code.split("-")
    return "-".join([first.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)])


def quoted(text: str) -> str:
    """Somebody's own words in a letter of ours: each line behind "> ", so that none passes for what we say."""
    return "\n".join(f"> {line}" for line in text.splitlines())

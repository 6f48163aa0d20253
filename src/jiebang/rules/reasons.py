"""Reasons: what a decision says, as a code with parameters, and the one catalogue that renders it.

A file `catalogue/<area>.yaml` maps each code of its area (`award.tie`, area `award`) to
`{language: sentence}` with `{name}` placeholders. Every language carries the same placeholders. A parameter may be a
text of the rulebook in its languages, or a code that has its own word in the catalogue (`word.<parameter>.<value>`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import yaml

from jiebang.rules.texts import Texts, pick

Param = str | int | float | bool | Texts | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is so: a namespaced code and the values its sentence needs."""

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)

    def __str__(self) -> str:
        return render(self, lang="en")


def reason(code: str, /, **params: Param) -> Reason:
    """Short form: `reason("consortium.too_many", count=6, limit=5)`."""
    return Reason(code, params)


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """All sentences: code -> language -> text with placeholders."""
    merged: dict[str, Mapping[str, str]] = {}
    for entry in sorted(resources.files(__package__).joinpath("catalogue").iterdir(), key=str):
        if entry.name.endswith(".yaml"):
            merged |= yaml.safe_load(entry.read_text(encoding="utf-8")) or {}
    return merged


def render(item: Reason, *, lang: str) -> str:
    """The sentence for a reason in a language (shown as its bare code if the catalogue lacks it)."""
    texts = catalogue().get(item.code)
    if texts is None:
        return item.code
    return pick(texts, lang=lang).format_map(
        {name: _said(name, value, lang) for name, value in item.params.items()}
    )


def _said(name: str, value: Param, lang: str) -> Param:
    word = catalogue().get(f"word.{name}.{value}") if isinstance(value, str) else value
    return pick(word, lang=lang) if isinstance(word, Mapping) else value

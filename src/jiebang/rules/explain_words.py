"""The words that stand around a rulebook's own texts, from the file `explain.yaml`."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

from jiebang.rules.schema import Term
from jiebang.rules.texts import pick


@cache
def _words() -> dict[str, Any]:
    file = resources.files(__package__).joinpath("explain.yaml")
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))


def sentence(name: str, /, *, lang: str, **params: object) -> str:
    """A sentence with its placeholders filled."""
    return pick(_words()["sentences"][name], lang=lang).format_map(params)


def heading(name: str, *, lang: str) -> str:
    """The heading of a section of the rulebook."""
    return pick(_words()["headings"].get(name, {"en": name}), lang=lang)


def phrase(name: str, *, lang: str) -> str:
    """A word of the schema in a language; the word itself where there is none."""
    return pick(_words()["phrases"].get(name, {"en": name.replace("_", " ")}), lang=lang)


def term(terms: Mapping[Any, Term], name: str, *, lang: str) -> str:
    """The label of a word of the vocabulary; the word itself where the rulebook gives none."""
    found = terms.get(name)
    return pick(found.label, lang=lang) if found else phrase(name, lang=lang)

"""A document as PDF. typst is imported when a paper is set; the same document of the same date gives the same bytes."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from jiebang.rules.reasons import Reason, reason

# The family a script needs, and the Debian package that has it.
FONTS = {
    "zh": ("Noto Sans CJK SC", "fonts-noto-cjk"),
    "th": ("Noto Sans Thai", "fonts-noto-core"),
    "lo": ("Noto Sans Lao", "fonts-noto-core"),
    "km": ("Noto Sans Khmer", "fonts-noto-core"),
    "my": ("Noto Sans Myanmar", "fonts-noto-core"),
}


def pdf(template: str, document: Mapping[str, Any], *, made: datetime) -> bytes:
    """The document set by `<template>.typ` of this room, dated `made`."""
    import typst

    source = resources.files(__package__).joinpath(f"{template}.typ").read_bytes()
    inputs = {"document": json.dumps(document, ensure_ascii=False)}
    paper = typst.compile(source, sys_inputs=inputs, timestamp=int(made.timestamp()))
    assert isinstance(paper, bytes)
    return paper


def missing_fonts(languages: Sequence[str]) -> Reason | None:
    """What to install before a paper in these languages comes out right; None when all is there."""
    wanted = {FONTS[tag] for lang in languages if (tag := lang.split("-")[0]) in FONTS}
    packages = sorted({package for family, package in wanted if family not in _families()})
    return reason("agreement.printed_where", packages=" ".join(packages)) if packages else None


@cache
def _families() -> frozenset[str]:
    """The font families that typst finds here."""
    import typst

    return frozenset(typst.Fonts().families())

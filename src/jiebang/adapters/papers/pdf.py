"""A document as PDF. typst is imported when a paper is set; the same document of the same date gives the same bytes."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from jiebang.adapters.papers.copyable import copyable
from jiebang.rules.reasons import Reason, reason

# By the language that is written in it: the family a script needs, and the Debian package that has it.
FONTS = {
    "zh": ("Noto Sans CJK SC", "fonts-noto-cjk"),
    "th": ("Noto Sans Thai", "fonts-noto-core"),
    "lo": ("Noto Sans Lao", "fonts-noto-core"),
    "km": ("Noto Sans Khmer", "fonts-noto-core"),
    "my": ("Noto Sans Myanmar", "fonts-noto-core"),
}

# The signs of each script, with the blocks that its other languages need (Unicode 16).
SCRIPTS = {
    "zh": re.compile(r"[\u2e80-\u2fdf\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff5e\U00020000-\U0003347f]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "lo": re.compile(r"[\u0e80-\u0eff]"),
    "km": re.compile(r"[\u1780-\u17ff\u19e0-\u19ff]"),
    "my": re.compile(r"[\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f]"),
}  # fmt: skip

MARKED = frozenset({"th", "lo", "km", "my"})  # scripts with marks above and below their letters


def pdf(template: str, document: Mapping[str, Any], *, made: datetime) -> bytes:
    """The document set by `<template>.typ` of this room, dated `made`."""
    import typst

    room = resources.files(__package__)
    source = b"\n".join(room.joinpath(f"{name}.typ").read_bytes() for name in ("frame", template))
    families = {tag: family for tag, (family, _) in FONTS.items()}
    inputs = {"document": json.dumps(document, ensure_ascii=False), "families": json.dumps(families)}
    paper = typst.compile(source, sys_inputs=inputs, timestamp=int(made.timestamp()))
    assert isinstance(paper, bytes)
    return copyable(paper) if MARKED & scripts(document) else paper


def missing_fonts(languages: Sequence[str], document: object = None) -> Reason | None:
    """What to install before a paper in these languages, and in whatever script stands in it, comes out right; None: nothing."""
    tags = {lang.split("-")[0] for lang in languages} | scripts(document)
    wanted = {FONTS[tag] for tag in tags if tag in FONTS}
    packages = sorted({package for family, package in wanted if family not in _families()})
    return reason("agreement.printed_where", packages=" ".join(packages)) if packages else None


def scripts(document: object) -> set[str]:
    """The scripts in which a plain document has a sign, by the keys of `FONTS`."""
    text = json.dumps(document, ensure_ascii=False)
    return {tag for tag, signs in SCRIPTS.items() if signs.search(text)}


@cache
def _families() -> frozenset[str]:
    """The font families that typst finds here."""
    import typst

    return frozenset(typst.Fonts().families())

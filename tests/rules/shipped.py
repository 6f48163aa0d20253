"""The shipped rulebooks as texts, and one with some lines changed."""

from pathlib import Path

import jiebang
from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook

FOLDER = Path(jiebang.__file__).parent / "rulebooks"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))}
GUANGXI = TEXTS["guangxi-asean-2026"]


def book(name: str = "guangxi-asean-2026") -> Rulebook:
    """A shipped rulebook, loaded."""
    found = load(TEXTS[name], name=name, parents=TEXTS)
    assert isinstance(found, Rulebook), found
    return found


def changed(old: str, new: str, *, text: str = GUANGXI) -> str:
    """`text` with one passage replaced; loud when the passage is not there exactly once."""
    assert text.count(old) == 1, (old, text.count(old))
    return text.replace(old, new)

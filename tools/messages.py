"""Bring the interface's translation files up to date, without any program of the system.

`make messages` collects the phrases of templates and code, adds the new ones (empty, to be translated) to
every `src/jiebang/locale/*/LC_MESSAGES/django.po`, drops what nobody says any more, and compiles the `.mo`.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

PACKAGE = Path(__file__).parents[1] / "src" / "jiebang"
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
TRANSLATE = re.compile(r"""{%\s*trans(?:late)?\s+(?:"([^"]*)"|'([^']*)')""")
BLOCK = re.compile(
    r"{%\s*blocktrans(?:late)?\b([^%]*)%}(.*?)(?:{%\s*plural\s*%}(.*?))?{%\s*endblocktrans(?:late)?\s*%}",
    re.DOTALL,
)
HOLE = re.compile(r"{{\s*(\w+)\s*}}")


@dataclass(frozen=True, order=True)
class Phrase:
    """What the interface says: the English words, their plural and their context where they have one."""

    text: str
    plural: str = ""
    context: str = ""


def phrases() -> set[Phrase]:
    """Every phrase in the package's templates and code."""
    return {*_in_templates(), *_in_code()}


def _in_templates() -> Iterator[Phrase]:
    for path in [*PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.txt")]:
        text = path.read_text(encoding="utf-8")
        for double, single in TRANSLATE.findall(text):
            yield Phrase(double or single)
        for options, one, many in BLOCK.findall(text):
            yield Phrase(*(_said(part, trimmed="trimmed" in options) for part in (one, many)))


def _said(body: str, *, trimmed: bool) -> str:
    whole = " ".join(line.strip() for line in body.strip().splitlines()) if trimmed else body
    return HOLE.sub(r"%(\1)s", whole.replace("%", "%%"))


def _in_code() -> Iterator[Phrase]:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                said = [item.value for item in node.args if isinstance(item, ast.Constant)]
                yield from _in_call(ast.unparse(node.func).split(".")[-1], [str(item) for item in said])


def _in_call(function: str, said: list[str]) -> Iterator[Phrase]:
    if function in SINGULAR and said:
        yield Phrase(said[0])
    elif function in PLURAL and len(said) > 1:
        yield Phrase(said[0], plural=said[1])
    elif function in CONTEXT and len(said) > 1:
        yield Phrase(said[1], context=said[0])


def update(path: Path) -> int:
    """Rewrite one `.po` and its `.mo`; answers how many phrases still wait for a translation."""
    old = {(entry.msgid, entry.msgctxt or ""): entry for entry in polib.pofile(str(path))}
    fresh = polib.POFile(wrapwidth=100)
    fresh.metadata = polib.pofile(str(path)).metadata
    for phrase in sorted(phrases()):
        known = old.get((phrase.text, phrase.context))
        fresh.append(known or _entry(phrase))
    fresh.save(str(path))
    fresh.save_as_mofile(str(path.with_suffix(".mo")))
    return len(fresh.untranslated_entries())


def _entry(phrase: Phrase) -> polib.POEntry:
    plural = {"msgid_plural": phrase.plural, "msgstr_plural": {0: ""}} if phrase.plural else {}
    return polib.POEntry(msgid=phrase.text, msgctxt=phrase.context or None, **plural)


def main() -> int:
    """Update every language; 1 where something waits for a translation."""
    waiting = {path: update(path) for path in sorted(PACKAGE.glob("locale/*/LC_MESSAGES/django.po"))}
    for path, count in waiting.items():
        print(f"{path.relative_to(PACKAGE)}: {count} phrases wait for a translation")
    return 1 if any(waiting.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

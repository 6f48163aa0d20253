"""Every sentence is there in English and Simplified Chinese, with the same placeholders."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import polib
import pytest
import yaml
from source import PACKAGE, modules, name, tree

LANGUAGES = ("en", "zh-Hans")
AREAS = sorted((PACKAGE / "rules" / "catalogue").glob("*.yaml"))
PO_FILES = sorted(PACKAGE.glob("**/locale/zh*/LC_MESSAGES/*.po"))
PERCENT = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
IN_TEMPLATE = re.compile(r"""{%\s*trans(?:late)?\s+(?:"([^"]*)"|'([^']*)')""")
BLOCK = re.compile(
    r"{%\s*blocktrans(?:late)?\b([^%]*)%}(.*?)(?:{%\s*plural\s*%}.*?)?{%\s*endblocktrans(?:late)?\s*%}",
    re.DOTALL,
)
GETTEXT = {"_", "gettext", "gettext_lazy", "pgettext", "ngettext", "ngettext_lazy"}


def placeholders(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def sentences() -> dict[str, dict[str, str]]:
    return {code: texts for path in AREAS for code, texts in (_read(path) or {}).items()}


def _read(path: Path) -> dict[str, dict[str, str]] | None:
    read: dict[str, dict[str, str]] | None = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read


def test_there_is_a_catalogue() -> None:
    assert AREAS


def test_a_code_has_one_sentence_and_an_area_one_home() -> None:
    places = [(code, path.name) for path in AREAS for code in _read(path) or {}]
    codes = Counter(code for code, _ in places)
    assert [code for code, count in codes.items() if count > 1] == []
    assert [place for place in places if not _at_home(*place)] == []


def _at_home(code: str, file: str) -> bool:
    """`mail.sent` is at home in `mail.yaml`, and in `mail_moves.yaml` when that became too long."""
    area = code.split(".")[0]
    return file == f"{area}.yaml" or file.startswith(f"{area}_")


def test_every_sentence_has_both_languages_and_equal_placeholders() -> None:
    faults = {}
    for code, texts in sentences().items():
        missing = [lang for lang in LANGUAGES if not str(texts.get(lang) or "").strip()]
        forms = {lang: placeholders(text) for lang, text in texts.items()}
        if missing or len({frozenset(form) for form in forms.values()}) > 1:
            faults[code] = (missing, forms)
    assert faults == {}


def test_every_reason_given_in_the_code_has_its_sentence_and_its_parameters() -> None:
    known = sentences()
    faults = []
    for place, code, given in _reasons():
        if code not in known:
            faults.append(f"{place} {code} has no sentence")
        elif given is not None and not placeholders(known[code]["en"]) <= given:
            faults.append(f"{place} {code} lacks {placeholders(known[code]['en']) - given}")
    assert faults == []


def _reasons() -> Iterator[tuple[str, str, set[str] | None]]:
    for path in modules():
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) in {"reason", "reasons.reason"}):
                continue
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                names = {word.arg for word in node.keywords}
                given = None if None in names else {name for name in names if name}
                yield f"{name(path)}:{node.lineno}", first.value, given


@pytest.mark.parametrize("path", PO_FILES, ids=lambda path: path.parts[-3])
def test_a_translation_file_is_complete_and_its_placeholders_agree(path: Path) -> None:
    entries = [entry for entry in polib.pofile(str(path)) if not entry.obsolete]
    assert [entry.msgid for entry in entries if not entry.translated()] == []
    assert [entry.msgid for entry in entries if not _agree(entry)] == []


def _agree(entry: polib.POEntry) -> bool:
    answers = list(entry.msgstr_plural.values()) or [entry.msgstr]
    wanted = set(PERCENT.findall(entry.msgid_plural or entry.msgid))
    return all(set(PERCENT.findall(answer)) == wanted for answer in answers)


def test_every_phrase_of_the_interface_is_in_the_translation_file() -> None:
    said = {*_phrases_in_templates(), *_phrases_in_code()}
    known = {entry.msgid for path in PO_FILES for entry in polib.pofile(str(path))}
    assert sorted(said - known) == []


def _phrases_in_templates() -> Iterator[str]:
    for path in PACKAGE.rglob("*.html"):
        for double, single in IN_TEMPLATE.findall(path.read_text(encoding="utf-8")):
            yield double or single
        for options, body in BLOCK.findall(path.read_text(encoding="utf-8")):
            lines = "".join(line.strip() + " " for line in body.strip().splitlines()).strip()
            yield re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", lines if "trimmed" in options else body)


def _phrases_in_code() -> Iterator[str]:
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in GETTEXT and node.args:
                phrase = node.args[1 if "pgettext" in ast.unparse(node.func) else 0]
                if isinstance(phrase, ast.Constant) and isinstance(phrase.value, str):
                    yield phrase.value

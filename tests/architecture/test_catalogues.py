"""Every sentence is there in English and Simplified Chinese, with the same placeholders."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter

import polib
import pytest
import yaml

import messages
from source import PACKAGE, modules, name, tree

LANGUAGES = ("en", "zh-Hans")
AREAS = sorted((PACKAGE / "rules" / "catalogue").glob("*.yaml"))
PO_FILES = sorted(PACKAGE.glob("**/locale/zh*/LC_MESSAGES/*.po"))
PERCENT = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


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


def test_the_interface_is_translated_at_all() -> None:
    assert PO_FILES


@pytest.mark.parametrize("path", PO_FILES, ids=lambda path: path.parts[-3])
def test_every_phrase_of_the_interface_is_in_the_translation_file(path: Path) -> None:
    known = {(entry.msgid, entry.msgctxt or "") for entry in polib.pofile(str(path)) if not entry.obsolete}
    said = {(phrase.text, phrase.context) for phrase in messages.phrases()}
    assert sorted(said - known) == [], "run: make messages"


@pytest.mark.parametrize("path", PO_FILES, ids=lambda path: path.parts[-3])
def test_the_compiled_translation_is_the_one_that_is_written(path: Path) -> None:
    written = _answers(polib.pofile(str(path)).translated_entries())
    compiled = _answers(polib.mofile(str(path.with_suffix(".mo"))))
    assert compiled == written, "run: make messages"


def _answers(entries: Iterable[polib.POEntry | polib.MOEntry]) -> dict[tuple[str, str], object]:
    return {(item.msgid, item.msgctxt or ""): item.msgstr or item.msgstr_plural for item in entries}

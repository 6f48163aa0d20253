"""Names that the code reads of a rulebook: one table, in the document, in the lint and in the code."""

import re
from pathlib import Path

import pytest

import jiebang
from jiebang.rules.by_name import CLOCKS, SETTINGS
from jiebang.rules.lint import lint
from rules.shipped import GUANGXI, TEXTS, changed

PACKAGE = Path(jiebang.__file__).parent
DOCUMENT = (PACKAGE.parent.parent / "docs" / "rulebook.md").read_text(encoding="utf-8")
CLOCK_READ = re.compile(
    r"""(?:\b(?:due|due_at|clock_of)\([^"'\n]+, |due_clock=|clocks\.get\()["'](\w+)["']|["'](\w+)["'](?: not)? in \w+\.clocks"""
)
SETTING_READ = re.compile(
    r"""settings(?:\.get\(|\[)["'](\w+)["']|\bchoice\([\w.]*book(?:_of\(\w+\))?, ["'](\w+)["']"""
)


@pytest.mark.parametrize("name", SETTINGS)
def test_the_document_says_of_each_setting_what_it_decides_and_may_say(name: str) -> None:
    row = next((line for line in DOCUMENT.splitlines() if line.startswith(f"| `{name}` |")), "")
    values, meaning = SETTINGS[name]  # type: ignore[index]
    _, _, said, listed, _ = row.split("|")
    assert said.strip() == meaning
    assert [word.strip(" `") for word in listed.split(",")] == list(values)


@pytest.mark.parametrize("name", CLOCKS)
def test_the_document_says_of_each_clock_what_it_decides(name: str) -> None:
    assert f"| `{name}` | {CLOCKS[name]} |" in DOCUMENT.splitlines()  # type: ignore[index]


def test_the_code_reads_no_name_that_is_not_in_the_table() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py")))
    assert {name for found in CLOCK_READ.findall(text) for name in found if name} == set(CLOCKS)
    assert {name for found in SETTING_READ.findall(text) for name in found if name} == set(SETTINGS)


@pytest.mark.parametrize("name", CLOCKS)
def test_a_misspelt_clock_is_a_fault_that_says_which_there_are(name: str) -> None:
    text = re.sub(rf"^  {name}:$", f"  {name[1:]}:", GUANGXI, count=1, flags=re.MULTILINE)
    fault = next(
        fault for fault in lint(text, name="x.yaml", parents=TEXTS) if fault.field == f"clocks.{name[1:]}"
    )
    assert f"did you mean {name}" in fault.message
    assert ", ".join(CLOCKS) in fault.message
    assert fault.line


@pytest.mark.parametrize("name", ["age_counted_at"])
def test_a_misspelt_setting_is_a_fault_that_says_which_there_are(name: str) -> None:
    faults = lint(changed(f"  {name}:\n", f"  {name}s:\n"), name="x.yaml", parents=TEXTS)
    assert [fault.field for fault in faults] == [f"settings.{name}s"]
    assert f"did you mean {name}" in faults[0].message
    assert ", ".join(SETTINGS) in faults[0].message


@pytest.mark.parametrize(
    ("setting", "field"),
    [
        ("{value: closng, ", "settings.age_counted_at.value"),
        ("{value: not_submission, ", "settings.age_counted_at.value"),
        ("{value: true, ", "settings.age_counted_at.value"),
        ("{value: [closing], ", "settings.age_counted_at.value"),
        ("{value: closing, choices: [closing, opening], ", "settings.age_counted_at.choices.1"),
    ],
)
def test_a_value_that_the_code_does_not_know_is_a_fault(setting: str, field: str) -> None:
    text = "format: jiebang-rulebook/1\nid: small\ntitle: {en: Small}\n"
    text += f"settings: {{age_counted_at: {setting} label: {{en: Day}}, status: local}}}}\n"
    faults = lint(text, name="x.yaml")
    assert [fault.field for fault in faults] == [field]
    assert "submission, closing, listing, decision" in faults[0].message


def test_names_of_the_rulebooks_own_that_it_reads_itself_are_sound() -> None:
    own = "settings:\n  threshold: {label: {en: Line, zh-Hans: 分数线}, value: 70, status: local}\n"
    text = changed("settings:\n", own)
    assert [fault.field for fault in lint(text, name="x.yaml")] == ["settings.threshold"]
    read = changed("approve: bid.score >= 70 &&", "approve: bid.score >= setting.threshold &&", text=text)
    assert lint(read, name="x.yaml") == []


def test_what_a_framework_states_and_a_region_does_not_start_is_not_the_regions_fault() -> None:
    clocks = "clocks:\n  hearing: {label: {en: Hearing}, amount: 3, unit: days, status: local}\n"
    above = f"format: jiebang-rulebook/1\nid: above\ntitle: {{en: A}}\n{clocks}"
    assert lint(above, name="above.yaml") == []
    misspelt = lint(above.replace("hearing", "publicty"), name="above.yaml")
    assert [fault.field for fault in misspelt] == ["clocks.publicty"]
    stages = "lifecycles: {bid: {start: a, stages: {a: {label: {en: A}, flags: [final]}}, moves: {}}}\n"
    child = f"format: jiebang-rulebook/1\nid: child\nextends: above\n{stages}"
    assert lint(child, name="child.yaml", parents={"above": above}) == []
    assert (
        len(lint(child + clocks.replace("hearing", "hearng"), name="c.yaml", parents={"above": above})) == 1
    )

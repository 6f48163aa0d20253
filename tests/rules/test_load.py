"""Rulebook texts that no office would write, and that must still be answered fault by fault."""

import pytest

from jiebang.rules.faults import Fault
from jiebang.rules.load import dump, load, load_dumped
from jiebang.rules.schema import Rulebook


def faults(text: str) -> list[Fault]:
    found = load(text, name="r.yaml")
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("nested", ["- " * 200_000, "? " * 200_000, "a: " + "[" * 100_000, "{a: " * 20_000])
def test_a_text_nested_without_end_is_a_fault_and_does_not_end_the_process(nested: str) -> None:
    assert [str(fault) for fault in faults(nested)] == [
        "r.yaml:1: YAML: is nested too deep; a rulebook is at most a dozen levels deep"
    ]


@pytest.mark.parametrize(
    "value",
    ['!!bool "abc"', '!!timestamp "abc"', "!!omap [a]", "!!str [a]", "[a, {b: c}]", "2026-13-45", "1e400"],
)
@pytest.mark.parametrize("key", ["id", "extends", "title", "consortium"])
def test_a_value_of_the_wrong_kind_is_a_fault_of_its_field(key: str, value: str) -> None:
    rest = {"id": "id: harbour", "title": "title: {en: Harbour}"}
    text = "\n".join(
        [
            f"{key}: {value}",
            "format: jiebang-rulebook/1",
            *(line for name, line in rest.items() if name != key),
        ]
    )
    found = load(text, name="r.yaml")
    if isinstance(found, list):
        assert any(fault.field.split(".")[0] == key and fault.line == 1 for fault in found)
    else:
        assert (key, found.id) == ("id", "abc")  # a tag on a word leaves the word


def test_a_key_that_is_no_word_is_named_with_its_line() -> None:
    assert str(faults("format: jiebang-rulebook/1\n? [a, b]\n: c\n")[0]) == (
        "r.yaml:2: file: has a list or a mapping for a key; write a word"
    )


def test_a_dumped_child_is_read_back_whole_without_its_parent() -> None:
    parent = "format: jiebang-rulebook/1\nid: above\ntitle: {en: Above}\nsettings: {}\n"
    child = load("extends: above\nid: below\ntitle: {en: Below}\n", parents={"above": parent})
    assert isinstance(child, Rulebook)
    assert child.extends == "above"
    assert load_dumped(dump(child)) == child

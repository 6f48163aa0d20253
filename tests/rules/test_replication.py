"""The section `replication`: a copy whose forms or stages do not fit is a fault, a child may not loosen it, all is explained."""

import pytest

from jiebang.rules.explain import explain
from jiebang.rules.lint import lint
from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook

BOOK = """\
format: jiebang-rulebook/1
id: copies-page
title: {en: A page}
replication:
  stages: [validated]
  proposed_by: [lead]
  dimensions: {power: {label: {en: Power}}, price: {label: {en: Price}}}
  least_values: 2
  same_country: false
  status: local
forms:
  replication:
    label: {en: Copy}
    steps: {all: {label: {en: All}, fields: {plan: {kind: text, label: {en: Plan}}}}}
  replica_confirmation:
    label: {en: In use}
    steps: {all: {label: {en: All}, fields: {statement: {kind: text, label: {en: Words}}}}}
"""


def said(text: str, **parents: str) -> str:
    return "\n".join(map(str, lint(text, parents=parents)))


def test_a_sound_section_has_no_fault_and_is_explained() -> None:
    assert lint(BOOK) == []
    book = load(BOOK)
    assert isinstance(book, Rulebook)
    told = explain(book)
    assert "## Replication" in told
    assert "is told by: Power, Price" in told
    assert "at least 2" in told
    assert "复制推广" in explain(book, lang="zh-Hans")


@pytest.mark.parametrize(
    ("planted", "instead", "told"),
    [
        ("proposed_by: [lead]", "proposed_by: [expert]", "`expert` stands to no project"),
        ("fields: {plan: {kind: text,", "fields: {plan: {kind: number,", "must ask `plan` as a required text"),
        ("{statement: {kind: text,", "{words: {kind: text,", "must ask `statement` as a required text"),
        ("{statement: {kind: text,", "{statement: {kind: text, required: false,", "must ask `statement`"),
        ("  replica_confirmation:\n", "  validation:\n", "is missing; `replication` needs"),
        ("least_values: 2", "least_values: 0", "greater than or equal to 1"),
        ("dimensions: {power", "dimensions: {Power", "dimensions"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_named(planted: str, instead: str, told: str) -> None:
    assert planted in BOOK
    assert told in said(BOOK.replace(planted, instead))


def test_a_stage_that_no_project_has_is_named() -> None:
    from jiebang.rules.lint_replication import problems

    book = load(BOOK)
    assert isinstance(book, Rulebook)
    import factories as make

    guangxi = make.guangxi()
    assert problems(guangxi) == []
    rule = guangxi.replication
    assert rule is not None
    wrong = guangxi.model_copy(update={"replication": rule.model_copy(update={"stages": ["finished"]})})
    assert ["`finished` is no stage" in item.message for item in problems(wrong)] == [True]


def test_forms_without_their_section_are_named() -> None:
    head, forms = BOOK.split("replication:\n", 1)[0], BOOK[BOOK.index("forms:\n") :]
    assert said(head + forms).count("has no `replication`") == 2


@pytest.mark.parametrize(
    ("planted", "instead"),
    [
        ("least_values: 2", "least_values: 1"),
        ("same_country: false", "same_country: true"),
        ("proposed_by: [lead]", "proposed_by: [lead, partner]"),
        ("power: {label: {en: Power}}, ", ""),
    ],
)
def test_a_child_may_not_loosen_it(planted: str, instead: str) -> None:
    child = BOOK.replace("id: copies-page\n", "id: child\nextends: copies-page\n")
    assert said(child, **{"copies-page": BOOK}) == ""
    loose = child.replace(planted, instead)
    if not instead:
        loose = child.replace("price: {label: {en: Price}}", "price: {label: {en: Price}}, power: null")
        loose = loose.replace("power: {label: {en: Power}}, ", "", 1)
    assert "loosens `copies-page`" in said(loose, **{"copies-page": BOOK})

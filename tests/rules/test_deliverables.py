"""The section `deliverables`: measures that exist and are told, limits that can be held, and no less than a parent asks."""

import pytest

from jiebang.rules.explain import explain
from jiebang.rules.lint import lint
from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook

PARENT = """
format: jiebang-rulebook/1
id: told
title: {en: Told}
deliverables:
  kinds:
    training: {label: {en: Training}, measures: [trainees, certificates]}
    centre: {label: {en: Centre}, measures: [staff]}
  measures:
    trainees: {label: {en: Trainees}, unit: {en: people}, whole: true}
    certificates: {label: {en: Certificates}, unit: {en: papers}, evidence: true, within: trainees}
    staff: {label: {en: Staff}, unit: {en: people}, tally: last}
  status: local
"""
CHILD = """
format: jiebang-rulebook/1
id: child
extends: told
title: {en: Child}
deliverables:
  measures:
    trainees: {whole: true}
"""


def said(text: str, *, parents: dict[str, str] | None = None) -> str:
    return "\n".join(map(str, lint(text, parents=parents)))


def test_a_sound_section_has_no_fault_and_is_explained() -> None:
    assert said(PARENT) == ""
    book = load(PARENT)
    assert isinstance(book, Rulebook)
    told = explain(book)
    assert "- Training: Trainees, Certificates." in told
    assert (
        "Certificates (papers); periods are added up; only with a file that shows it; never more than Trainees"
        in told
    )
    assert "Staff (people); the last period stands." in told
    assert "## 联合实验室、转移中心与培训" in explain(book, "zh-Hans")


@pytest.mark.parametrize(
    ("planted", "instead", "told"),
    [
        ("measures: [staff]", "measures: [visits, staff]", "`visits` is no measure; there are trainees"),
        ("measures: [staff]", "measures: [staff, staff]", "`staff` stands here twice"),
        ("measures: [staff]", "measures: [trainees]", "no kind is told by it"),
        ("[trainees, certificates]", "[certificates]", "which this kind does not tell; add `trainees`"),
        ("within: trainees", "within: guests", "`guests` is no measure"),
        ("within: trainees", "within: certificates", "is itself held within another"),
        ("within: trainees", "within: trainees, tally: last", "let both be `tally: sum`"),
        ("unit: {en: papers}", "unit: {}", "in at least one language"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told_with_what_would_be_right(planted: str, instead: str, told: str) -> None:
    assert planted in PARENT
    assert told in said(PARENT.replace(planted, instead))


def test_a_unit_is_needed_in_every_language() -> None:
    text = PARENT.replace("title: {en: Told}", "title: {en: Told, zh-Hans: 述}\nlanguages: [en, zh-Hans]")
    assert "deliverables.measures.staff.unit: lacks its text in zh-Hans" in said(text)


@pytest.mark.parametrize(
    ("instead", "told"),
    [
        ("trainees: {whole: true}", ""), ("trainees: {whole: false}", "loosens `told`, which says True"),
        ("certificates: {evidence: false}", "loosens `told`"), ("certificates: {within: null}", "which says trainees"),
        ("staff: {tally: sum}", "counts otherwise than `told`"), ("staff: {evidence: true}", ""),
    ],
)  # fmt: skip
def test_a_child_asks_for_no_less(instead: str, told: str) -> None:
    found = said(CHILD.replace("trainees: {whole: true}", instead), parents={"told": PARENT})
    assert told in found if told else found == ""


def test_a_child_drops_nothing() -> None:
    gone = CHILD.replace(
        "  measures:\n    trainees: {whole: true}", "  kinds:\n    centre: null\n  measures:\n    staff: null"
    )
    assert "no longer tells staff" in said(gone, parents={"told": PARENT})
    none = CHILD[: CHILD.index("deliverables:")] + "deliverables: null\n"
    assert "removes what `told` sets down" in said(none, parents={"told": PARENT})

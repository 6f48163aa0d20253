"""The words of reports: languages side by side, an organisation's own name, disputes decided, what is not there."""

from typing import Any

import factories as make
from jiebang.decisions import accepted
from jiebang.decisions.accepted import Accepted, Disputed, Judged
from jiebang.decisions.agreement import Side
from jiebang.decisions.report import name, with_unit

TAGS = ["zh-Hans", "en"]
NAME = {"en": "Character error rate", "zh-Hans": "字符错误率"}


def drawn(**given: Any) -> dict[str, Any]:
    judged = Judged(
        name=NAME, unit={"en": "%"}, wanted="≤ 3", promised="2.5", value="3.4", met=False, kept=None, role="tester",
        by="A. Person", on="2026-06-01", method={},
    )  # fmt: skip
    fields: dict[str, Any] = {
        "number": "P-1", "challenge": NAME, "on": "2026-06-03", "by": "B. Person", "grade": {}, "judged": [judged],
        "sides": [Side(slug="o", role="owner", names={"en": "Sample Office", "lo": "ຫ້ອງການ"})], "steps": [],
        "disputes": [], **given,
    }  # fmt: skip
    return accepted.report(Accepted(**fields), make.guangxi())


def part(document: dict[str, Any], heading: str) -> Any:
    return next(item for item in document["sections"] if item["heading"]["en"] == heading)


def test_it_is_in_the_languages_of_the_agreement_and_an_owner_keeps_its_own_name() -> None:
    document = drawn()
    assert document["languages"] == TAGS
    assert document["title"] == {"zh-Hans": "验收报告", "en": "Acceptance report"}
    assert document["facts"][0][1]["zh-Hans"] == "Sample Office (ຫ້ອງການ)"
    assert "Grade" not in [label["en"] for label, _ in document["facts"]], (
        "a rulebook without grades gives none"
    )


def test_a_miss_says_so_in_every_language_and_what_cannot_be_told_stays_open() -> None:
    row = part(drawn(), "What was wanted, promised and measured")["tables"][0]["rows"][0]
    assert row[3:] == [
        {"zh-Hans": "3.4 %", "en": "3.4 %"}, {"zh-Hans": "独立测试方: A. Person", "en": "the independent tester: A. Person"},
        "2026-06-01", {"zh-Hans": "未达到", "en": "missed"}, "–",
    ]  # fmt: skip


def test_a_dispute_tells_both_values_and_which_of_them_stands() -> None:
    row = Disputed(
        order=1, indicator=NAME, unit={"en": "%"}, value="3.4", why="Wet paper.", anew="2.4", stands="rerun",
        decision="The new drawing by lot.", by="C. Person", on="2026-06-02",
    )  # fmt: skip
    found = part(drawn(disputes=[row]), "Disputes decided")
    assert found["texts"] == []
    shown = [cell if isinstance(cell, str) else cell["en"] for cell in found["tables"][0]["rows"][0]]
    assert shown == [
        "1", "Character error rate", "3.4 %", "Wet paper.", "2.4 %", "the new value", "The new drawing by lot.", "2026-06-02",
        "C. Person",
    ]  # fmt: skip
    assert part(drawn(), "Disputes decided")["texts"][0]["en"] == "No value was disputed until then."


def test_a_pure_number_has_no_unit_and_a_name_is_not_said_twice() -> None:
    assert with_unit("0.9", {"en": "1"}, TAGS) == "0.9"
    assert name({"en": "Sample", "vi": "Sample"}, TAGS) == {"zh-Hans": "Sample", "en": "Sample"}

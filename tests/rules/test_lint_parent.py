"""A child of the national framework: tightening passes, every loosening is named with its line."""

from typing import Any

import pytest

import factories as make
from jiebang.rules.lint import lint
from jiebang.rules.lint_parent import problems
from jiebang.rules.schema import Rulebook
from jiebang.rules.stricter import compare
from rules.shipped import GUANGXI, TEXTS, changed

NATIONAL = "national-framework-example"
HEAD = f"""format: jiebang-rulebook/1
id: region
extends: {NATIONAL}
title: {{en: A region, zh-Hans: 某地区}}
"""
LEAD = 'eligibility: {{lead_type: {{require: "lead.type in [{}]"}}}}'
ROUND = "lifecycles: {bid: {start: a, stages: {a: {label: {en: A, zh-Hans: 甲}, flags: [final]}}, moves: {}}}"

LOOSER = [
    ("consortium.max_partners", "consortium: {max_partners: 7}", "5 or less"),
    ("consortium.max_partners", "consortium: {max_partners: null}", "must"),
    ("consortium.one_bid_per_lead", "consortium: {one_bid_per_lead: false}", "write yes"),
    ("consortium", "consortium: null", "keep it"),
    ("eligibility.lead_type", "eligibility: {lead_type: null}", "removes"),
    ("eligibility.lead_type.require", LEAD.format("'enterprise', 'university', 'research_institute', 'government_agency'"), "loosens"),  # noqa: E501
    ("eligibility.lead_type.require", "eligibility: {lead_type: {require: lead.over_years >= 3}}", "cannot be shown"),
    ("clocks.publicity.amount", "clocks: {publicity: {amount: 3}}", "5 or more"),
    ("clocks.publicity.unit", "clocks: {publicity: {unit: days, calendars: null}}", "keep the unit"),
    ("clocks.publicity", "clocks: {publicity: null}", "removes"),
    ("gates.technology_export.modes", "gates: {technology_export: {modes: [technology_transfer]}}", "fewer modes"),
    ("gates.technology_export", "gates: {technology_export: null}", "removes"),
    ("conflicts.years", "conflicts: {years: 1}", "write 2"),
    ("conflicts.rivals", "conflicts: {rivals: false}", "write yes"),
    ("conflicts.links", "conflicts: {links: [family]}", "keep same_organisation"),
    ("conflicts", "conflicts: null", "keep it"),
    ("assignment.most_of_institution", "assignment: {most_of_institution: null}", "2 or less"),
    ("assignment.no_rings", "assignment: {no_rings: false}", "write yes"),
    ("scoring.reviews_needed", "scoring: {reviews_needed: 2}", "3 or more"),
    ("award.approve", 'award: {approve: "bid.score >= 50"}', "loosens"),
    ("award.approve", "award: {approve: null}", "loosens"),
    ("award.max_awards", "award: {max_awards: 4}", "3 or less"),
    ("principles.end_user", "principles: {end_user: null}", "removes"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "lines", "words"), LOOSER, ids=[f"{n}-{c[0]}" for n, c in enumerate(LOOSER)]
)
def test_a_loosening_is_named_with_its_line(field: str, lines: str, words: str) -> None:
    faults = lint(HEAD + lines + "\n", name="region.yaml", parents=TEXTS)
    assert field in [fault.field for fault in faults], faults
    fault = next(fault for fault in faults if fault.field == field)
    assert fault.line == 5
    if words != "must":
        assert words in fault.message


@pytest.mark.parametrize(
    "lines",
    [
        "consortium: {max_partners: 3}",
        LEAD.format("'enterprise', 'university'"),
        "eligibility: {lead_type: {require: \"lead.type in ['enterprise', 'university', 'research_institute'] && lead.over_years >= 1\"}}",  # noqa: E501
        "clocks: {publicity: {amount: 10, calendars: [CN, owner]}}",
        "gates: {technology_export: {modes: null}}",
        "scoring: {reviews_needed: 5}",
        "conflicts: {years: null, steps: 3}",
        "assignment: {most_of_institution: 1, most_of_country: 2, experts: 4}",
        'award: {approve: "bid.score >= 75", max_awards: 1}',
        ROUND,
    ],
)
def test_tightening_and_adding_pass(lines: str) -> None:
    assert lint(HEAD + lines + "\n", name="region.yaml", parents=TEXTS) == []


def test_guangxi_could_stand_under_the_framework() -> None:
    """It keeps every limit but names its own criteria beside the framework's."""
    text = changed("id: guangxi-asean-2026\n", f"id: guangxi-asean-2026\nextends: {NATIONAL}\n")
    assert lint(text, name="x.yaml", parents=TEXTS) == []


def test_what_a_parent_reports_may_not_be_changed_by_a_grandchild() -> None:
    parents = TEXTS | {"middle": GUANGXI.replace("id: guangxi-asean-2026", "id: middle")}
    text = "format: jiebang-rulebook/1\nid: city\nextends: middle\nplaces: {guangxi: {regions: [CN-GX, CN-YN]}}\n"
    assert [fault.field for fault in lint(text, name="city.yaml", parents=parents)] == [
        "places.guangxi.regions"
    ]


def test_guards_readers_and_four_eyes_are_kept() -> None:
    text = """format: jiebang-rulebook/1
id: city
extends: guangxi-asean-2026
lifecycles:
  need:
    moves:
      list_challenge: {four_eyes: false}
      verify: {require: "need.failed == 0"}
      return_need: {by: [officer, owner]}
  challenge:
    moves:
      decide: {require: challenge.past_publicity}
disclosure:
  everyone: {what: bid_content, to: public, when: public}
"""
    found = {fault.field: fault.line for fault in lint(text, name="city.yaml", parents=TEXTS)}
    assert found == {
        "lifecycles.need.moves.list_challenge.four_eyes": 7,
        "lifecycles.need.moves.verify.require": 8,
        "lifecycles.need.moves.return_need.by": 9,
        "lifecycles.challenge.moves.decide.require": 12,
        "disclosure.everyone": 14,
    }


@pytest.mark.parametrize(
    ("old", "new", "how"),
    [
        ("a.b >= 1", "a.b>=1.0", "same"),
        ("a.b >= 1", "(a.b >= 1)", "same"),
        ("a.b >= 1", "a.b >= 2", "stricter"),
        ("a.b >= 2", "a.b >= 1", "looser"),
        ("a.b <= 2", "a.b <= 1", "stricter"),
        ("a.b >= 1", "a.b >= 1 && a.c", "stricter"),
        ("a.b >= 1", "a.b >= 2 && (a.c || a.d)", "stricter"),
        ("a.b >= 2", "a.b >= 1 && (a.c || a.d)", "other"),
        ("a.b >= 1 && a.c", "a.c", "looser"),
        ("a.b >= 1", "a.b >= 1 || a.c", "other"),
        ("a.b >= 1", "a.c >= 1", "other"),
        ("a.b >= 1", "a.b > 1", "other"),
        ("!(a.b >= 1)", "!(a.b >= 2)", "other"),
        ("(a.b >= 1) == false", "(a.b >= 2) == false", "other"),
        ("a.b >= 1", "a.b >= 2 - a.c", "other"),
        ("a.b in ['x', 'y']", "a.b in ['y']", "stricter"),
        ("a.b in ['x', 'y']", "a.b in ['y', 'x', 'z']", "looser"),
        ("a.b in ['x', 'y']", "a.b in ['y', 'z']", "other"),
        ("all_in(a.b, ['x', 'y'])", "all_in(a.b, ['x'])", "stricter"),
        ("has_any(a.b, ['x', 'y'])", "has_any(a.b, ['x'])", "other"),
        ("a.b >= 1", None, "looser"),
    ],
)
def test_what_can_be_shown_of_two_expressions(old: str, new: str | None, how: str) -> None:
    assert compare(old, new) == how


def test_a_child_lets_no_more_change_and_asks_no_fewer() -> None:
    parent = make.guangxi()
    assert parent.agreement is not None
    assert parent.agreement.changes is not None
    tight = parent.agreement.changes.model_copy(update={"kinds": ["dates"]})
    loose = parent.agreement.changes.model_copy(update={"consent": ["lead"], "four_eyes": False})

    def found(old: Any, new: Any) -> list[str]:
        def book(rule: Any) -> Rulebook:
            return parent.model_copy(
                update={"agreement": parent.agreement.model_copy(update={"changes": rule})}
            )  # type: ignore[union-attr]

        return [".".join(map(str, item.path)) for item in problems(book(new), book(old))]

    assert found(parent.agreement.changes, tight) == []
    assert found(tight, parent.agreement.changes) == ["agreement.changes.kinds"]
    assert found(None, tight) == ["agreement.changes.kinds"]
    assert found(parent.agreement.changes, loose) == [
        "agreement.changes.consent",
        "agreement.changes.four_eyes",
    ]

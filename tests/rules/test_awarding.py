"""Short list, quotas, portfolio and lottery in a rulebook: planted faults are found where they are, and all is explained."""

from typing import Any

import pytest

from jiebang.rules.explain import explain
from jiebang.rules.lint import lint
from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook

FRAME = """\
format: jiebang-rulebook/1
id: award-page
title: {{en: A page, zh-Hans: 页面}}
languages: [en, zh-Hans]
criteria:
  plan: {{label: {{en: Plan, zh-Hans: 方案}}, {plan} status: local}}
  result: {{label: {{en: Result, zh-Hans: 成果}}, {plan} status: local}}
scoring: {{reviews_needed: {reviews}, status: local}}
racing: {{allowed: {racing}, status: local}}
award:
  status: local
  {award}
"""
SOURCES = "lottery: {sources: {state: {label: {en: A lottery, zh-Hans: 彩票}}}}"
COUNTRY = "quotas: {country: {label: {en: Countries, zh-Hans: 国家}, %s}}"


def text(*award: str, reviews: int = 2, racing: str = "no", plan: str = "") -> str:
    return FRAME.format(award="\n  ".join(award), reviews=reviews, racing=racing, plan=plan)


PLANTED: list[tuple[str, str, str]] = [
    ("award.shortlist.criteria.0", text("shortlist: {most: 3, criteria: [plam]}"), "no criterion"),
    ("award.shortlist.criteria", text("shortlist: {most: 3}"), "names no criteria"),
    ("award.shortlist.criteria", text("shortlist: {most: 3, criteria: [plan, result]}"), "none is left"),
    ("award.shortlist.order_by", text("shortlist: {most: 3, order_by: bid.facts.a +}"), "cannot be read"),
    (
        "award.shortlist.approve",
        text("shortlist: {most: 3, criteria: [plan], approve: bid.firstscore > 1.0}"),
        "first_score",
    ),
    (
        "award.max_awards",
        text("max_awards: 4", "shortlist: {most: 3, criteria: [plan]}"),
        "more than the short list",
    ),
    ("award.quotas.country.by", text(COUNTRY % "by: lead.county, most: 1"), "lead.country"),
    ("award.quotas.country.by", text(COUNTRY % "by: consortium.countries, most: 1"), "is a list"),
    ("award.quotas.country.where", text(COUNTRY % "where: bid.amount, most: 1"), "yes or no"),
    ("award.quotas.country.least", text(COUNTRY % "by: lead.country, least: 1"), "portfolio"),
    ("award.quotas.country", text(COUNTRY % "by: lead.country, where: bid.amount > 1.0, most: 1"), "either"),
    ("award.quotas.country", text(COUNTRY % "by: lead.country"), "how many"),
    ("award.quotas.country", text(COUNTRY % "by: lead.country, most: 1, least: 2"), "must not be above"),
    (
        "award.quotas.country.label",
        text("quotas: {country: {label: {en: Countries}, by: lead.country, most: 1}}"),
        "zh-Hans",
    ),
    ("award", text("rule: lottery"), "both or neither"),
    (
        "award.lottery.sources.state.label",
        text("rule: lottery", "lottery: {sources: {state: {label: {en: A}}}}"),
        "zh-Hans",
    ),
    ("award.lottery.sources", text("rule: lottery", "lottery: {sources: {}}"), "at least 1"),
    ("award.order_by", text("rule: lottery", "order_by: bid.amount", SOURCES), "intervals"),
    ("award.then_by", text("rule: lottery", "then_by: [bid.amount]", SOURCES), "chance"),
    ("award.max_awards", text("rule: lottery", "max_awards: null", SOURCES), "nothing limits"),
    ("scoring.reviews_needed", text("rule: lottery", SOURCES, reviews=1), "at least 2"),
    (
        "award.quotas.country",
        text("rule: lottery", SOURCES, COUNTRY % "by: lead.country, most: 1"),
        "no quotas",
    ),
    ("award.order_by", text("rule: portfolio", plan="lower_is_better: true,"), "higher"),
    ("racing.allowed", text("rule: portfolio", racing="yes"), "award.rule"),
]


@pytest.mark.parametrize(
    ("field", "planted", "words"), PLANTED, ids=[f"{n}-{p[0]}" for n, p in enumerate(PLANTED)]
)
def test_a_planted_fault_is_found_alone_and_where_it_is(field: str, planted: str, words: str) -> None:
    (fault,) = lint(planted, name="x.yaml")
    assert fault.field == field
    assert words in fault.message
    assert fault.line


TWO = (
    "lifecycles: {{challenge: {{start: reviewing, moves: {moves}, stages: "
    "{{reviewing: {{label: &l {{en: A, zh-Hans: 甲}}}}, done: {{label: {{en: B, zh-Hans: 乙}}}}}}}}}}\n"
)
ALONE = "{%s: {label: {en: Do, zh-Hans: 做}, from: [reviewing], to: done, by: [officer], four_eyes: %s, status: local}}"


@pytest.mark.parametrize("command", ["propose_award", "publish_result"])
def test_an_instance_proposes_and_publishes_an_award_over_the_call_in_one_act(command: str) -> None:
    over = text(COUNTRY % "by: lead.country, most: 1, over: call", "shortlist: {most: 3, criteria: [plan]}")
    apart = text(COUNTRY % "by: lead.country, most: 1")
    where = f"lifecycles.challenge.moves.{command}.four_eyes"

    def refused(award: str, four_eyes: str) -> bool:
        written = award + TWO.format(moves=ALONE % (command, four_eyes))
        found = lint(written, name="x.yaml", service=True)
        assert not [fault for fault in found if fault.field.startswith("award")]
        return where in {fault.field for fault in found}

    assert refused(over, "true")
    assert not refused(over, "false")
    assert not refused(apart, "true")


STRICT = text("shortlist: {most: 3, criteria: [plan]}", COUNTRY % "by: lead.country, most: 2")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ("award: {shortlist: null}", "award.shortlist"), ("award: {shortlist: {most: 4}}", "award.shortlist"),
        ("award: {quotas: {country: null}}", "award.quotas.country"),
        ("award: {quotas: {country: {most: 3}}}", "award.quotas.country"),
        ("award: {quotas: {country: {by: lead.region}}}", "award.quotas.country"),
        ("award: {quotas: {country: {most: 1}}, shortlist: {most: 2}}", ""),
    ],
)  # fmt: skip
def test_a_child_may_tighten_and_not_loosen(change: str, field: str) -> None:
    child = f"format: jiebang-rulebook/1\nid: child\nextends: award-page\ntitle: {{en: C, zh-Hans: 子}}\n{change}\n"
    faults = lint(child, name="child.yaml", parents={"award-page": STRICT})
    assert [fault.field for fault in faults] == ([field] if field else [])


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (text("rule: portfolio", COUNTRY % "by: lead.country, least: 1, most: 2, over: call"), {
            "en": ["the greatest that budget", "Countries: at most 2 in the whole call (`lead.country`).", "at least 1"],
            "zh-Hans": ["总分相同的组合", "国家：整个批次最多 2 项"],
        }),
        (text("rule: lottery", SOURCES), {
            "en": ["draw among those", "may be off by 1 standard errors of the mean", "come from: A lottery."],
            "zh-Hans": ["抽签决定", "1 倍平均分标准误", "抽签数字来源：彩票。"],
        }),
        (text("shortlist: {most: 3, criteria: [plan], approve: bid.first_score > 1.0, on_tie: all}"), {
            "en": ["at most 3 are short-listed by `bid.first_score`", "scored on Plan, by at least 1", "all go on"],
            "zh-Hans": ["最多 3 份入围", "初评按方案评分", "全部入围"],
        }),
    ],
)  # fmt: skip
def test_every_word_of_an_award_is_explained(written: str, said: dict[str, list[str]]) -> None:
    assert lint(written, name="x.yaml") == []
    book: Any = load(written)
    assert isinstance(book, Rulebook)
    for lang, words in said.items():
        told = explain(book, lang)
        assert [word for word in words if word not in told] == []

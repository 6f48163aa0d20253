"""Lint: one planted fault, one finding, at its line."""

import pytest

from jiebang.rules.faults import Fault
from jiebang.rules.lint import lint
from rules.shipped import GUANGXI, TEXTS, changed


def line_of(passage: str, text: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if passage in line)


def one(text: str) -> Fault:
    faults = lint(text, name="x.yaml", parents=TEXTS)
    assert len(faults) == 1, [str(fault) for fault in faults]
    return faults[0]


PLANTED = [
    # field, old, new, words that the message must have
    ("lifecycles.need.stages.lost", "      withdrawn: {label: {en: Withdrawn, zh-Hans: 已撤回}, flags: [final, failure]}\n    moves:\n      submit:",  # noqa: E501
     ("      withdrawn: {label: {en: Withdrawn, zh-Hans: 已撤回}, flags: [final, failure]}\n"
     "      lost: {label: {en: Lost, zh-Hans: 丢失}, flags: [final]}\n    moves:\n      submit:"), "cannot be reached"),
    ("lifecycles.bid.stages.ineligible", "zh-Hans: 不合格}, flags: [final, failure]}", "zh-Hans: 不合格}, flags: []}", "dead end"),  # noqa: E501
    ("lifecycles.need.moves.verify.starts", "starts: argumentation", "starts: argumentaton", "argumentation"),
    ("lifecycles.need.moves.verify.require", "need.failed == 0.0 &&", "need.faild == 0.0 &&", "need.failed"),
    ("lifecycles.need.moves.verify.require", "need.failed == 0.0 &&", "need.budget > 5 &&", "cannot be read here"),
    ("eligibility.owner_age.require", "require: owner.over_years >= 1", "require: owner.over_years", "not a yes or no"),
    ("eligibility.owner_age.require", "require: owner.over_years >= 1", "require: owner.over_years > 'one'", "cannot be computed"),  # noqa: E501
    ("eligibility.owner_age.require", "require: owner.over_years >= 1", "require: owner.over_years >= ", "cannot be read"),
    ("eligibility.owner_age.require", "require: owner.over_years >= 1",
     "require: " + "(" * 13 + "owner.over_years" + ")" * 13 + " >= 1", "nested 13 deep"),
    ("eligibility.owner_type.require", "owner.type in ['university',", "owner.type in ['univercity',", "univercity"),
    ("eligibility.owner_data.evidence", "evidence: local_data", "evidence: local_date", "local_data"),
    ("opinions.commerce.stages.0", "stages: [agreement]", "stages: [agreemnt]", "agreement"),
    ("opinions.commerce.blocks.0", "blocks: [sign_agreement]", "blocks: [sign_agrement]", "sign_agreement"),
    ("money.instalments.1.on", "share: 0.3, on: accept}", "share: 0.3, on: acept}", "accept"),
    ("scoring.hidden.0", "hidden: [lead_person_titles]", "hidden: [lead_titles]", "lead_person_titles"),
    ("criteria.value.weight", "zh-Hans: 以多少投入给多少人带来什么改变？}\n    weight: 15", "zh-Hans: 以多少投入给多少人带来什么改变？}\n    weight: 0", "counts for nothing"),  # noqa: E501
    ("criteria.value.anchors.190", '"90": {en: Use far above', '"190": {en: Use far above', "no score between"),
    ("assignment.experts", "assignment:\n  most_of_country: 2", "assignment:\n  experts: 2", "ask as many"),
    ("assignment.least_of_sector", "least_of_sector: 1", "least_of_sector: 4", "only 3 experts"),
    ("assignment.least_load", "least_of_sector: 1", "least_of_sector: 1\n  least_load: 7", "lower it"),
    ("assignment.cap", "  no_rings: true", "  no_rings: true\n  cap: 0.5", "draw by lot"),
    ("assignment.fit", "  no_rings: true", "  no_rings: true\n  fit: {sector: 0.5, words: 0.5, language: 0.5}", "add up to 1"),
    ("conflicts.links.0", "links: [same_organisation,", "links: [same_organization,", "same_organisation"),
    ("award.approve", "bid.score >= 70", "bid.score >= 700", "outside the scale"),
    ("award.approve", "  aggregate: mean", "  aggregate: borda", "bid.mean"),
    ("scoring.expertise", "  aggregate: mean", "  aggregate: expertise_weighted", "weighs anything"),
    ("scoring.worst_share", "  aggregate: mean", "  aggregate: shrunken\n  worst_share: 0.1", "means nothing"),
    ("scoring.least_expert_share", "  aggregate: mean", "  aggregate: crossed\n  least_expert_share: 1.5", "less than or equal"),
    ("award.order_by", "order_by: bid.score", "order_by: bid.title", "no number"),
    ("racing.allowed", "rule: top", "rule: budget_fill", "award.rule"),
    ("award.max_awards", "max_awards: 1", "max_awards: null", "every bid"),
    ("clocks.bidding.unit", "amount: 30\n    unit: days", "amount: 30\n    unit: fortnights", "working_days"),
    ("clocks.review.calendars", "    label: {en: Review, zh-Hans: 评审}\n    amount: 10\n    unit: working_days",
     "    label: {en: Review, zh-Hans: 评审}\n    amount: 10\n    unit: days", "working days only"),
    ("timezone", "timezone: Asia/Shanghai", "timezone: Asia/Nanning", "no time zone"),
    ("settings.age_counted_at.value", "value: submission", "value: sometime", "closing"),
    ("title", "  zh-Hans: 广西—东盟跨境人工智能“揭榜挂帅”2026\nsummary", "summary", "zh-Hans"),
    ("eligibility.owner_place.source", "require: \"'asean' in owner.places\"\n    remedy: {en: Ask an organisation registered in an ASEAN country to state the need., zh-Hans: 请由在东盟国家注册的机构提出需求。}\n    status: reported\n    source: guidelines",  # noqa: E501
     "require: \"'asean' in owner.places\"\n    status: reported\n    source: guideline", "guidelines"),
    ("forms.need.steps.problem.fields.sector.options", "options: sectors", "options: sector", "sectors"),
    ("lifecycles.need.moves.list_challenge.four_eyes", "from: [argued], to: listed, by: [officer]", "from: [argued], to: listed, by: [owner]", "another"),  # noqa: E501
    ("disclosure.review_office.what", "review_office: {what: review,", "review_office: {what: reviews,", "'review'"),
    ("disclosure.review_office.to", "{what: review, to: office,", "{what: review, to: ofice,", "'office'"),
    ("money", "share: 0.4, on: sign_agreement", "share: 0.5, on: sign_agreement", "add up to 1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "old", "new", "words"), PLANTED, ids=[f"{n}-{p[0]}" for n, p in enumerate(PLANTED)]
)
def test_a_planted_fault_is_found_alone_and_where_it_is(field: str, old: str, new: str, words: str) -> None:
    text = changed(old, new)
    fault = one(text)
    assert fault.field == field
    assert words in fault.message
    assert fault.line
    assert fault.line <= text.count("\n")


def test_the_line_is_the_line_of_the_field() -> None:
    text = changed("starts: argumentation", "starts: nothing")
    assert one(text).line == line_of("starts: nothing", text)


def test_all_faults_come_at_once_in_the_order_of_lines() -> None:
    text = changed(
        "bid.score >= 70", "bid.scor >= 70", text=changed("starts: argumentation", "starts: nothing")
    )
    faults = lint(text, name="x.yaml")
    assert [fault.field for fault in faults] == ["lifecycles.need.moves.verify.starts", "award.approve"]


def test_a_stage_without_a_way_to_an_end_is_found() -> None:
    text = """
format: jiebang-rulebook/1
id: loop
title: {en: A loop}
lifecycles:
  need:
    start: a
    stages:
      a: {label: {en: A}}
      b: {label: {en: B}}
    moves:
      go: {label: {en: Go}, from: [a], to: b, by: [officer], status: local}
      back: {label: {en: Back}, from: [b], to: a, by: [officer], status: local}
"""
    faults = lint(text, name="loop.yaml")
    assert [fault.field for fault in faults] == ["lifecycles.need.stages.a", "lifecycles.need.stages.b"]
    assert all("no end can be reached" in fault.message for fault in faults)


def test_a_move_that_another_always_forestalls_is_found() -> None:
    old = "from: [suspended], to: open, by: [officer], require: \"challenge.suspended_from == 'open'\", "
    faults = lint(changed(old, "from: [suspended], to: open, by: [officer], "), name="x.yaml")
    assert {fault.field for fault in faults} == {
        "lifecycles.challenge.moves.resume_closed", "lifecycles.challenge.moves.resume_reviewing",
    }  # fmt: skip


def test_a_live_instance_needs_more_than_a_headless_round() -> None:
    framework = TEXTS["national-framework-example"]
    assert lint(framework, name="x.yaml") == []
    missing = {fault.field for fault in lint(framework, name="x.yaml", service=True)}
    assert {"lifecycles.bid", "forms.need", "money", "office", "disclosure", "clocks.bidding"} <= missing


@pytest.mark.parametrize("text", ["", "- a", "a: [", "\x00", "format: jiebang-rulebook/2", "a: &a [*a]"])
def test_hopeless_text_is_answered_not_thrown(text: str) -> None:
    assert lint(text, name="x.yaml")


def test_every_prefix_of_a_rulebook_is_answered() -> None:
    for end in range(0, len(GUANGXI), 1500):
        lint(GUANGXI[:end], name="x.yaml", parents=TEXTS)


def test_what_the_schema_refuses_hides_nothing_else() -> None:
    text = (
        GUANGXI.replace("currency: CNY", "currency: yuan")
        .replace("  reviews_needed: 3", "  reviews_neded: 3")
        .replace("challenge.open_panels == 0.0", "challenge.open_pannels == 0.0")
    )
    found = {fault.field: fault.message for fault in lint(text, name="x.yaml")}
    assert {"currency", "scoring.reviews_neded"} <= set(found)
    assert any("open_pannels" in message for message in found.values())
    assert len(found) == 3, "and nothing that only follows from them"

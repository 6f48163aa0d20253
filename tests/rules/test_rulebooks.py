"""The shipped rulebooks: sound, honest about what is reported, and different enough to prove the point."""

import pytest

from jiebang.rules.lint import lint
from jiebang.rules.lint_words import rules
from jiebang.rules.load import digest, dump, load
from rules.shipped import TEXTS, book


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_shipped_rulebook_is_sound(name: str) -> None:
    service = name != "national-framework-example"
    assert lint(TEXTS[name], name=name, parents=TEXTS, service=service) == []


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_frozen_rulebook_reads_back_the_same(name: str) -> None:
    original = book(name)
    again = load(dump(original))
    assert again == original
    assert digest(again) == digest(original)  # type: ignore[arg-type]


def test_guangxi_reports_what_the_source_says_and_nothing_else() -> None:
    reported = {".".join(map(str, path)) for path, rule in rules(book()) if rule.status == "reported"}
    assert reported == {
        "principles.formula", "principles.stages", "principles.modes", "places.guangxi",
        "eligibility.owner_place", "eligibility.owner_age", "eligibility.owner_type",
        "eligibility.owner_scenario", "eligibility.owner_environment", "eligibility.owner_data",
        "eligibility.owner_infrastructure", "eligibility.lead_type", "eligibility.lead_legal_status",
        "eligibility.lead_place", "eligibility.lead_age", "eligibility.lead_capability",
        "eligibility.lead_facilities", "eligibility.lead_network", "eligibility.bid_modes", "consortium",
        "lifecycles.need.moves.list_challenge", "lifecycles.challenge.moves.start_review",
        "lifecycles.challenge.moves.decide", "lifecycles.bid.moves.award_bid",
        "lifecycles.project.moves.validate",
    }  # fmt: skip


def test_guangxi_marks_what_its_source_leaves_open() -> None:
    rule = book().consortium
    assert rule is not None
    assert rule.max_partners == 5
    assert "max_partners" not in rule.assumes
    assert {"owner_counts", "partner_place", "one_bid_per_lead", "owner_may_be_partner"} <= set(rule.assumes)
    assert book().settings["age_counted_at"].status == "assumed"


def test_guangxi_asks_four_things_of_the_owner_and_three_of_the_lead() -> None:
    asked = [
        field.rule
        for field in book().forms["need"].fields.values()
        if field.rule and field.rule != "bid_modes"
    ]
    assert asked == ["owner_scenario", "owner_environment", "owner_data", "owner_infrastructure"]
    told = [
        field.rule
        for field in book().forms["bid"].fields.values()
        if field.rule and field.rule != "bid_modes"
    ]
    assert told == ["lead_capability", "lead_facilities", "lead_network"]


def test_the_second_region_differs_wherever_it_can() -> None:
    here, there = book(), book("ring-sea-2027")
    assert there.fictional
    assert there.currency != here.currency
    assert there.languages != here.languages
    assert there.consortium
    assert there.consortium.max_partners == 3
    assert not any("over_years" in rule.require for rule in there.eligibility.values())
    stages = set(there.lifecycles["challenge"].stages)
    assert "publicity" not in stages
    assert "hearing" in stages
    assert {clock.unit for clock in there.clocks.values()} == {"hours", "days", "months"}
    assert any(criterion.lower_is_better for criterion in there.criteria.values())
    assert there.scoring
    assert there.scoring.aggregate == "median"
    assert there.award
    assert there.award.rule == "budget_fill"

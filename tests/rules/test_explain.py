"""A rulebook said in words and compared in words."""

import re

import pytest

from jiebang.rules.diff import diff
from jiebang.rules.explain import chapters, explain
from jiebang.rules.facts import dictionary, is_known
from jiebang.rules.load import load
from jiebang.rules.schema import Rulebook
from jiebang.rules.texts import pick
from rules.shipped import GUANGXI, TEXTS, book, changed


@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
def test_every_rule_is_told_with_its_status(lang: str) -> None:
    told, rules = explain(book(), lang), book()
    for rule in rules.eligibility.values():
        assert pick(rule.text, lang=lang) in told
        assert f"`{rule.require}`" in told
    for table in rules.lifecycles.values():
        assert all(pick(move.label, lang=lang) in told for move in table.moves.values())
    for part in (
        *rules.clocks.values(),
        *rules.criteria.values(),
        *rules.gates.values(),
        *rules.settings.values(),
    ):
        assert pick(part.label, lang=lang) in told
        assert part.why
        assert pick(part.why, lang=lang) in told
    assert ("[假定: " if lang == "zh-Hans" else "[assumed: ") in told


def test_what_a_reported_rule_leaves_open_is_told_apart() -> None:
    consortium = book().consortium
    assert consortium
    told = explain(book())
    assert all(why["en"] in told for why in consortium.assumes.values())
    assert "5 partners at most" in told


def test_what_an_aggregate_rests_on_is_told() -> None:
    levels = "expertise: {high: {label: {en: Knows it, zh-Hans: 熟悉}, weight: 2}}"
    weighted = load(
        changed("  aggregate: mean", f"  aggregate: expertise_weighted\n  {levels}\n  unstated_weight: 0.5")
    )
    assert isinstance(weighted, Rulebook), weighted
    told = explain(weighted)
    assert "An expert who states “Knows it” weighs 2." in told
    assert "An expert who states nothing weighs 0.5." in told
    assert "自报“熟悉”的专家权重为 2。" in explain(weighted, "zh-Hans")
    crossed = load(changed("  aggregate: mean", "  aggregate: crossed\n  least_expert_share: 0.125"))
    assert isinstance(crossed, Rulebook), crossed
    assert "fewer than 3 reviews in the round" in explain(crossed)
    assert "12.5 %" in explain(crossed)


@pytest.mark.parametrize(("lang", "words"), [
    ("en", ("Links in a row that count: 2.", "At most 2 experts of a bid are from one country.", "the sector 50 %")),
    ("zh-Hans", ("关联最多递推 2 步", "来自同一国家的不超过 2 位", "领域 50%")),
])  # fmt: skip
def test_who_judges_is_told(lang: str, words: tuple[str, ...]) -> None:
    told = explain(book(), lang)
    assert [word for word in words if word not in told] == []


def test_paper_leaves_out_what_only_the_machine_reads() -> None:
    whole, paper = dict(chapters(book())), dict(chapters(book(), paper=True))
    assert all(text in explain(book()) for text in whole.values())
    assert whole.keys() - paper.keys() == {"settings", "lifecycles", "disclosure"}
    rule = book().eligibility["owner_age"]
    assert rule.require in whole["eligibility"]
    assert rule.require not in paper["eligibility"]
    assert pick(rule.text, lang="en") in paper["eligibility"]


@pytest.mark.parametrize("name", sorted(TEXTS))
@pytest.mark.parametrize("lang", ["en", "zh-Hans", "id", "th"])
def test_any_rulebook_can_be_told_in_any_language(name: str, lang: str) -> None:
    assert len(explain(book(name), lang).splitlines()) > 20


def test_no_change_is_no_change() -> None:
    assert diff(book(), book()) == []


def test_changes_are_said_in_words() -> None:
    text = changed("max_partners: 5", "max_partners: 7", text=changed("bid.score >= 70", "bid.score >= 60"))
    later = load(text)
    assert isinstance(later, Rulebook)
    approve = re.search(r"^  approve: (.*)$", GUANGXI, re.MULTILINE)[1]
    found = {change.path: (change.kind, change.text) for change in diff(book(), later)}
    assert found == {
        "consortium.max_partners": ("changed", "Consortium › max partners: 5 → 7"),
        "award.approve": (
            "changed",
            f"Scores and award › condition: {approve} → {approve.replace('70', '60')}",
        ),
    }


def test_a_new_rule_is_one_change_and_a_removed_one_too() -> None:
    start = GUANGXI.index("  lead_age:\n")
    end = GUANGXI.index("  lead_capability:\n")
    later = load(GUANGXI[:start] + GUANGXI[end:])
    assert isinstance(later, Rulebook)
    (removed,) = diff(book(), later)
    assert (removed.kind, removed.path) == ("removed", "eligibility.lead_age")
    assert "registered in Guangxi for over one year" in removed.text
    (added,) = diff(later, book(), "zh-Hans")
    assert added.kind == "added"
    assert "新增" in added.text


def test_a_translation_that_changes_is_seen_in_the_other_language() -> None:
    later = load(changed("zh-Hans: 牵头单位具备研发能力。", "zh-Hans: 牵头单位须具备研发能力。"))
    assert isinstance(later, Rulebook)
    (change,) = diff(book(), later, "en")
    assert "须具备" in change.text


def test_facts_are_known_where_they_are_told() -> None:
    rules = book()
    assert {fact.type for fact in dictionary().values()} == {"number", "text", "yes_no", "date", "list"}
    assert all(fact.meaning["en"] and fact.meaning["zh-Hans"] for fact in dictionary().values())
    yes = [("lead.over_years", "eligibility.lead"), ("bid.score", "award"), ("bid.facts.votes", "award"),
           ("tally.yes", "award"), ("setting.age_counted_at", "eligibility.owner"), ("bid.scores.value", "award"),
           ("places.asean.countries", "eligibility.owner"), ("project.unmet", "lifecycles.project")]  # fmt: skip
    no = [("lead.over_years", "eligibility.owner"), ("bid.score", "eligibility.bid"), ("project.unmet", "award"),
          ("setting.nothing", "award"), ("bid.scores.nothing", "award"), ("places.mars", "award"),
          ("bid.facts.votes", "lifecycles.bid"), ("challenge.budget", "lifecycles.challenge")]  # fmt: skip
    assert [name for name, where in yes if not is_known(name, rulebook=rules, where=where)] == []
    assert [name for name, where in no if is_known(name, rulebook=rules, where=where)] == []

"""Forms: every fault at once, drafts may lack answers, and the schema and the check agree."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiebang.rules.forms import check_content, empty, form_schema, missed_promises, misshapen, options_of
from jiebang.rules.reasons import catalogue, render
from rules.shipped import book

BOOK = book()
INDICATOR = {
    "id": "I1", "name": {"en": "Error rate", "lo": "ອັດຕາ"}, "unit": "%", "operator": "<=", "threshold": 3.0,
    "test_method": "500 pages drawn by lot", "data_place": "on site", "tester": "owner",
}  # fmt: skip
NEED: dict[str, Any] = {
    "title": {"lang": "lo", "text": "ອ່ານ", "translations": {"en": {"text": "Reading", "by": "human"}}, "prevails": "lo"},
    "sector": "language", "problem": "Nobody can search our papers.", "indicators": [INDICATOR],
    "operational_scenario": "Six rooms.", "experimental_environment": "One room.", "local_data": "41,000 pages.",
    "infrastructure": "One server.", "modes": ["collaborative_rd"], "duration_months": 11, "budget": "1000000",
}  # fmt: skip
BID: dict[str, Any] = {
    "title": "A reader", "approach": "A model.", "promises": {"I1": 2.5}, "lead_person": "Gan Lu",
    "rd_capability": "Nine people.", "research_facilities": "A cluster.", "international_network": "Two partners.",
    "modes": ["personnel_training"], "amount": {"amount": "800000.00", "currency": "CNY"},
    "milestones": [{"title": "First", "month": 3, "share": "0.4"}, {"title": "Last", "due_on": "2027-05-31", "share": 0.6}],
}  # fmt: skip


def codes(form: Any, content: dict[str, Any], *, complete: bool = True, **more: Any) -> dict[str, str]:
    found = check_content(form, content, rulebook=BOOK, complete=complete, **more)
    return {item.field: item.reason.code for item in found}


def test_a_whole_need_and_a_whole_bid_are_fine() -> None:
    assert codes("need", NEED) == {}
    assert codes("bid", BID, indicators=["I1"]) == {}


def test_a_draft_may_lack_answers_but_not_hold_wrong_ones() -> None:
    assert codes("need", {}, complete=False) == {}
    assert codes("need", {"indicators": [{}]}, complete=False) == {}
    assert codes("need", {"duration_months": "soon"}, complete=False) == {
        "duration_months": "form.not_number"
    }


def test_an_empty_form_names_every_answer_that_is_needed() -> None:
    needed = {name for name, field in BOOK.forms["need"].fields.items() if field.required}
    assert codes("need", {}) == dict.fromkeys(needed, "form.required")
    assert {"operational_scenario", "experimental_environment", "local_data", "infrastructure"} <= needed


@pytest.mark.parametrize(
    "answer", [5, {"a": 1}, ["a"], [["a"]], {"a": ["b"]}, "a", True, {"text": 5}, [{"id": ["a"]}]]
)
def test_what_a_draft_may_hold_is_never_a_shape_that_breaks_a_check(answer: Any) -> None:
    """And each kind of answer refuses the shapes of the others, deep inside too."""
    for form in ("need", "bid"):
        every = dict.fromkeys(BOOK.forms[form].fields, answer)  # type: ignore[index]
        wrong = {item.field for item in misshapen(form, every, rulebook=BOOK)}  # type: ignore[arg-type]
        assert wrong
        codes(form, {name: value for name, value in every.items() if name not in wrong}, complete=False)
    assert misshapen("need", NEED, rulebook=BOOK) == misshapen("bid", BID, rulebook=BOOK) == []


def test_statements_are_looked_into() -> None:
    for wrong in (
        {"lang": "en", "text": "x", "translations": 5}, {"lang": "en", "text": "x", "translations": {"lo": "y"}},
        {"lang": "en", "text": "x", "prevails": ["lo"]}, {"lang": 5, "text": "x"}, {"en": 5},
    ):  # fmt: skip
        assert [item.field for item in misshapen("need", {"title": wrong}, rulebook=BOOK)] == ["title"]
    assert codes("need", {"title": {"lang": "en", "text": "x", "prevails": ["lo"]}}, complete=False)


def test_a_list_of_any_length_is_refused_in_one_sentence() -> None:
    """Drafts are checked while nobody else can write, so no answer may make that long."""
    many = [str(number) for number in range(60_000)]
    started = time.process_time()
    for form, name, answer in (
        ("bid", "modes", many), ("bid", "promises", dict.fromkeys(many, "x")), ("bid", "milestones", many),
        ("need", "indicators", many),
    ):  # fmt: skip
        assert codes(form, {name: answer}, complete=False, indicators=["I1"]) == {name: "form.too_many"}
    assert time.process_time() - started < 1
    assert codes("bid", {"modes": ["training"] * 2}, complete=False) == {"modes": "form.twice"}


def test_all_faults_come_at_once_in_the_order_of_the_form() -> None:
    wrong = NEED | {"sector": "cheese", "budget": "-1", "zz": 1, "problem": ""}
    found = check_content("need", wrong, rulebook=BOOK, complete=True)
    assert [item.field for item in found] == ["sector", "problem", "budget", "zz"]


@pytest.mark.parametrize(
    ("field", "answer", "place", "code"),
    [
        ("title", "x" * 121, "title", "form.too_long"),
        ("title", "a\nb", "title", "form.several_lines"),
        ("title", 7, "title", "form.not_text"),
        ("title", {"lang": "Lao!", "text": "x"}, "title.lang", "form.not_a_language"),
        ("title", {"lang": "lo", "text": "x", "prevails": "vi"}, "title.prevails", "form.prevails_missing"),
        ("title", {"lang": "lo", "text": "x", "translations": {"en": {"text": "y", "by": "robot"}}},
         "title.translations.en.by", "form.translator"),
        ("problem", "\ud800", "problem", "form.broken_text"),
        ("problem", "a\x00b", "problem", "form.broken_text"),
        ("modes", "technology_transfer", "modes", "form.not_list"),
        ("modes", ["magic"], "modes", "form.not_an_option"),
        ("modes", ["collaborative_rd", "collaborative_rd"], "modes", "form.twice"),
        ("budget", "1.001", "budget", "form.decimals"),
        ("budget", "NaN", "budget", "form.not_money"),
        ("budget", float("inf"), "budget", "form.not_money"),
        ("budget", True, "budget", "form.not_money"),
        ("budget", {"amount": "5", "currency": "USD"}, "budget.currency", "form.currency"),
        ("duration_months", 0, "duration_months", "form.too_small"),
        ("duration_months", 37, "duration_months", "form.too_large"),
        ("indicators", "many", "indicators", "form.not_list"),
        ("indicators", [3], "indicators.0", "form.not_entry"),
        ("indicators", [INDICATOR, INDICATOR], "indicators", "form.twice"),
        ("indicators", [INDICATOR | {"operator": "~"}], "indicators.0.operator", "form.not_an_option"),
        ("indicators", [INDICATOR | {"threshold": "low"}], "indicators.0.threshold", "form.not_number"),
        ("indicators", [INDICATOR | {"tester": ""}], "indicators.0.tester", "form.required"),
        ("indicators", [INDICATOR | {"colour": "red"}], "indicators.0.colour", "form.unknown_field"),
        ("indicators", [INDICATOR | {"id": str(n)} for n in range(41)], "indicators", "form.too_many"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_named_at_its_place(field: str, answer: Any, place: str, code: str) -> None:
    assert codes("need", NEED | {field: answer}) == {place: code}


@pytest.mark.parametrize(
    ("milestones", "place", "code"),
    [
        ([{"title": "a", "month": 1, "share": 0.5}], "milestones", "form.shares"),
        ([{"title": "a", "share": 1}], "milestones.0.month", "form.no_due"),
        ([{"title": "a", "month": 1.5, "share": 1}], "milestones.0.month", "form.not_month"),
        ([{"title": "a", "due_on": "2026-02-30", "share": 1}], "milestones.0.due_on", "form.not_date"),
        ([{"title": "a", "month": 1, "share": 40}], "milestones.0.share", "form.not_share"),
        ([{"month": 1, "share": 1}], "milestones.0.title", "form.required"),
    ],
)
def test_milestones_have_a_time_and_their_shares_add_up(milestones: Any, place: str, code: str) -> None:
    assert codes("bid", BID | {"milestones": milestones})[place] == code


def test_shares_add_up_exactly_not_as_binary_fractions() -> None:
    ten = [{"title": str(n), "month": n, "share": 0.1} for n in range(10)]
    assert codes("bid", BID | {"milestones": ten}) == {}


def test_promises_are_held_against_the_indicators() -> None:
    assert codes("bid", BID, indicators=["I1", "I2"]) == {"promises.I2": "form.promise_missing"}
    assert codes("bid", BID, indicators=["I2"]) == {
        "promises.I1": "form.unknown_indicator", "promises.I2": "form.promise_missing",
    }  # fmt: skip


def test_options_have_labels_whatever_way_they_are_given() -> None:
    fields = BOOK.forms["need"].fields
    assert options_of(fields["modes"], rulebook=BOOK)["technology_transfer"]["zh-Hans"] == "技术转移"
    assert options_of(fields["data_leaves"], rulebook=BOOK)["unsure"]["en"] == "Not yet known"
    assert options_of(fields["title"], rulebook=BOOK) == {}


@pytest.mark.parametrize("nothing", [None, "", "  ", [], {}, {"lang": "lo", "text": " "}])
def test_what_says_nothing_counts_as_no_answer(nothing: object) -> None:
    assert empty(nothing)


@pytest.mark.parametrize("something", [0, False, "a", [0], {"en": "a"}])
def test_nought_and_no_are_answers(something: object) -> None:
    assert not empty(something)


def test_the_schema_names_the_same_questions() -> None:
    for name, form in BOOK.forms.items():
        schema = form_schema(name, BOOK, lang="zh-Hans")
        assert schema["$schema"].endswith("2020-12/schema")
        assert list(schema["properties"]) == list(form.fields)
        assert schema["required"] == [key for key, field in form.fields.items() if field.required]
        assert schema["additionalProperties"] is False
    assert form_schema("need", BOOK)["properties"]["sector"]["enum"] == list(BOOK.vocabulary.sectors)
    assert form_schema("need", BOOK, lang="zh-Hans")["properties"]["title"]["title"] == "标题"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from([*BOOK.forms["need"].fields, *BOOK.forms["bid"].fields]), JSON, max_size=4
    )
)
def test_any_content_is_answered_and_every_reason_can_be_said(content: dict[str, Any]) -> None:
    for form in ("need", "bid", "milestone", "validation", "follow_up"):
        for item in check_content(form, content, rulebook=BOOK, complete=True):  # type: ignore[arg-type]
            assert item.reason.code in catalogue()
            assert "{" not in render(item.reason, lang="zh-Hans") or "{" in str(dict(item.reason.params))


@pytest.mark.parametrize(("month", "fine"), [(12, True), (13, False), (85, False)])
def test_no_milestone_lies_after_the_months_that_the_bid_asks_for(month: int, fine: bool) -> None:
    steps = [
        {"title": "First", "month": 3, "share": "0.4"},
        {"title": "Last", "month": month, "share": "0.6"},
    ]
    bid = BID | {"duration_months": 12, "milestones": steps}
    wanted = {} if fine else {"milestones.1.month": "form.beyond_duration"}
    assert codes("bid", bid) == codes("bid", bid, complete=False) == wanted
    assert codes("bid", bid | {"duration_months": "soon"}) == {"duration_months": "form.not_number"}


@pytest.mark.parametrize(
    ("operator", "value", "missed"),
    [
        ("<=", "3", False),
        ("<=", 3.1, True),
        ("<", "3", True),
        (">=", 3, False),
        (">", "3", True),
        ("=", "3.0", False),
    ],
)
def test_a_promise_that_misses_its_threshold_is_told_and_may_be_sent(
    operator: str, value: object, missed: bool
) -> None:
    wanted = [INDICATOR | {"operator": operator, "threshold": "3"}]
    bid = BID | {"promises": {"I1": value}}
    found = missed_promises("bid", bid, rulebook=BOOK, indicators=wanted)
    assert [(item.field, item.reason.code) for item in found] == [
        ("promises.I1", "form.promise_misses")
    ] * missed
    assert codes("bid", bid, indicators=["I1"]) == {}


def test_a_promise_that_cannot_be_compared_is_left_to_the_check() -> None:
    for value, indicator in (("soon", INDICATOR), (9, {"id": "I1"}), (9, INDICATOR | {"id": "I2"})):
        assert (
            missed_promises("bid", {"promises": {"I1": value}}, rulebook=BOOK, indicators=[indicator]) == []
        )

"""Corrections and revocations in a rulebook: a move without its ground, one person where two must act, nobody heard."""

import json
from typing import Any

import pytest

from jiebang.rules.explain import explain
from jiebang.rules.lint import lint
from jiebang.rules.load import dump
from rules.shipped import TEXTS, book

CHALLENGE, PROJECT, BID = (f"lifecycles.{kind}.moves" for kind in ("challenge", "project", "bid"))
GROUND = "revocation.grounds.not_signed.require"
# what is put where (None: taken out), where the fault is, and what it says
PLANTED = [
    ("correction", None, f"{CHALLENGE}.correct_result", "needs the section `correction`"),
    ("revocation", None, f"{PROJECT}.question_award", "needs the section `revocation`"),
    (GROUND, "project.past_agreemnt", GROUND, "did you mean project.past_agreement"),
    ("award.reserve", 0, f"{CHALLENGE}.promote_reserve", "`award.reserve` leaves empty"),
    (f"{PROJECT}.question_award.starts", None, f"{PROJECT}.question_award.starts", "no time to answer"),
    (f"{PROJECT}.revoke_award.require", None, f"{PROJECT}.revoke_award.require", "`require: project.heard`"),
    (f"{PROJECT}.revoke_award.by", ["officer"], f"{PROJECT}.revoke_award.by", "`by: [second_officer]`"),
    (f"{PROJECT}.keep_award.by", ["officer"], f"{PROJECT}.keep_award.by", "`by: [second_officer]`"),
    (f"{CHALLENGE}.correct_result.four_eyes", False, f"{CHALLENGE}.correct_result.four_eyes", "`four_eyes: true`"),
    (f"{CHALLENGE}.promote_reserve.four_eyes", False, f"{CHALLENGE}.promote_reserve.four_eyes", "`four_eyes: true`"),
    (f"{PROJECT}.revoke_award.reason_required", False, f"{PROJECT}.revoke_award.reason_required", "with its reason"),
    (f"{CHALLENGE}.refuse_reserve", None, f"{CHALLENGE}.promote_reserve", "`refuse_reserve`"),
    (f"{BID}.reopen_bid", None, f"{CHALLENGE}.correct_result", "`reopen_bid`"),
    (f"{PROJECT}.restore_award", None, f"{CHALLENGE}.correct_result", "`restore_award`"),
    (f"{BID}.revoke_bid", None, f"{PROJECT}.revoke_award", "`revoke_bid`"),
    (f"{PROJECT}.keep_award", None, f"{PROJECT}.question_award", "`keep_award`"),
    (f"{PROJECT}.question_award", None, "revocation", "no move of a project has the command `question_award`"),
]  # fmt: skip


def changed(path: str, value: Any) -> str:
    """Guangxi's rulebook with one thing changed."""
    document = json.loads(dump(book()))  # JSON is YAML
    *way, last = path.split(".")
    at = document
    for name in way:
        at = at[name]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return json.dumps(document)


@pytest.mark.parametrize(("path", "value", "field", "words"), PLANTED)
def test_a_planted_fault_is_found_where_it_is(path: str, value: Any, field: str, words: str) -> None:
    found = [(fault.field, fault.message) for fault in lint(changed(path, value), name="x.yaml")]
    assert [message for where, message in found if where == field and words in message], found


def test_what_nobody_changed_is_sound() -> None:
    assert lint(changed("version", "1"), name="x.yaml", service=True) == []


def test_a_region_may_leave_all_of_it_out() -> None:
    other = book("ring-sea-2027")
    assert (other.correction, other.revocation) == (None, None)
    assert lint(TEXTS["ring-sea-2027"], name="x.yaml", service=True) == []
    assert "undo a result" not in explain(other)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "False information in the bid (enters the integrity record)"),
        ("zh-Hans", "揭榜书内容虚假 (记入诚信档案)"),
    ],
)
def test_the_grounds_are_explained(lang: str, said: str) -> None:
    assert said in explain(book(), lang)

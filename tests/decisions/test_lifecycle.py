"""What stands in the way of a move is told in the reader's language, with the rulebook's own words."""

import pytest

from jiebang.decisions import lifecycle
from jiebang.decisions.lifecycle import Step
from jiebang.rules.load import digest, dump, load_dumped
from jiebang.rules.reasons import reason, render
from jiebang.rules.schema import Rulebook
from rules.shipped import book


def refusal(rulebook: Rulebook, command: str, roles: set[str], lang: str) -> str:
    found = lifecycle.step(rulebook, kind="need", stage="submitted", command=command, roles=roles, facts={})
    assert not isinstance(found, Step)
    return render(found[0], lang=lang)


@pytest.mark.parametrize(
    ("name", "lang", "stage", "role"),
    [
        ("guangxi-asean-2026", "en", "Submitted", "Officer"),
        ("guangxi-asean-2026", "zh-Hans", "已提交", "工作人员"),
        ("ring-sea-2027", "id", "Terkirim", "Petugas"),
    ],
)
def test_a_refusal_names_stage_and_roles_in_the_words_of_the_rulebook(
    name: str, lang: str, stage: str, role: str
) -> None:
    assert f"“{stage}”" in refusal(book(name), "submit", {"owner"}, lang)
    assert role in refusal(book(name), "verify", {"owner"}, lang)
    assert "officer" not in refusal(book(name), "verify", {"owner"}, lang)


@pytest.mark.parametrize("code", ["review.conflict", "eligibility.conflict"])
def test_a_kind_of_conflict_is_told_in_words(code: str) -> None:
    why = reason(code, expert="E", kind="same_organisation")
    assert why.params["kind"] == "same_organisation"
    assert "任职" in render(why, lang="zh-Hans")
    assert "same" not in render(why, lang="en")
    assert "godparent" in render(reason(code, expert="E", kind="godparent"), lang="zh-Hans")


def test_the_answer_to_an_invitation_is_told_in_words() -> None:
    params = {"partner": "P", "number": "C1", "answer": "declined"}
    assert "谢绝" in render(reason("mail.invitation_answered.body", **params), lang="zh-Hans")
    assert "declined" in render(reason("mail.invitation_answered.body", **params), lang="en")


def test_a_move_knows_its_command_and_the_command_its_label() -> None:
    rules = book()
    moves = rules.lifecycles["challenge"].moves
    assert moves["resume_closed"].command == moves["resume_reviewing"].command == "resume"
    assert moves["extend"].command == "extend"
    found = lifecycle.label(rules, kind="challenge", command="resume")
    assert found in [move.label for move in moves.values() if move.command == "resume"]
    assert lifecycle.label(rules, kind="challenge", command="dance") == {}
    kept = load_dumped(dump(rules))
    assert isinstance(kept, Rulebook)
    assert digest(kept) == digest(rules)
    assert kept.lifecycles["challenge"].moves["extend"].command == "extend"

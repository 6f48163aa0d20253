"""Correcting a result: by two, with a ground, before anybody signs; what was stays, and everything waits anew."""

import json
from typing import Any

import pytest

import factories as make
from acting import aligned, done, refused, signs
from jiebang.decisions.bundle_kept import from_plain
from jiebang.decisions.round import run
from jiebang.records.altered import altered_bids
from jiebang.records.awards.models import Amendment, Decision, Inputs, Proposal
from jiebang.records.journal import queries as journal
from jiebang.records.journal.models import JournalEntry
from jiebang.records.outbox.models import Message
from jiebang.records.people.models import Evidence
from jiebang.records.projects.models import Project
from jiebang.records.reviews.models import Assignment
from settled import NUMBER, SWAP, WRONG_SUM, Settled, open_proposal, review, settled

pytestmark = pytest.mark.django_db
FIRST = {"B-1": ("awarded", 1), "B-2": ("reserve", 2), "B-3": ("not_awarded", 3)}
SWAPPED = {"B-1": ("reserve", 2), "B-2": ("awarded", 1), "B-3": ("not_awarded", 3)}


def test_a_named_placing_is_corrected_by_two_in_publicity_and_decided_anew() -> None:
    case = settled().published()
    ended = case.posted.publicity_until
    assert case.outcomes == FIRST
    case.at = case.over().at
    case.two("correct_result", SWAP)
    assert case.posted.stage == "publicity"
    assert case.posted.publicity_until > ended, "the time to object runs anew"  # type: ignore[operator]
    assert case.outcomes == SWAPPED
    past = Decision.objects.filter(current=False, bid__isnull=False).order_by("bid__number")
    assert [(row.outcome, row.rank) for row in past] == list(FIRST.values()), "the earlier result stays"
    assert case.refused("challenge", "decide", case.third) == ["lifecycle.guard_fails"]
    case.over().move("challenge", "decide", case.third)
    assert case.stages == {"B-1": "reserve", "B-2": "awarded", "B-3": "not_awarded"}
    assert Project.objects.get().bid.number == "B-2"


def test_everyone_concerned_is_told_with_the_reason_and_the_journal_keeps_what_changed() -> None:
    case = settled().published()
    Message.objects.all().delete()
    case.two("correct_result", SWAP)
    told = {row.to_user: row for row in Message.objects.filter(code="mail.outcome_changed")}
    assert set(told) == {case.leads["B-1"], case.leads["B-2"]}
    body = told[case.leads["B-2"]].body
    assert "On the reserve list (2)" in body
    assert "Awarded (1)" in body
    assert "> It was counted wrongly." in body
    moved = {row.to_user for row in Message.objects.filter(code="mail.moved", subject__startswith=NUMBER)}
    assert {*case.leads.values(), case.board.owner_person} <= moved, (
        "all bidders and the owner hear of the stage"
    )
    entry = JournalEntry.objects.filter(line__contains="correct_result", event="stage:moved").get()
    said = json.loads(entry.line)["body"]
    assert [item["bid"] for item in said["changes"]] == ["B-2", "B-1"]
    assert (said["ground"], said["evidence"]) == (WRONG_SUM["ground"], WRONG_SUM["evidence"])
    kept = Amendment.objects.get()
    assert kept.kind == "corrected"
    assert kept.changes[0] == {"bid": "B-2", "was": "reserve", "was_rank": 2, "now": "awarded", "now_rank": 1}
    assert (kept.by, kept.why, kept.ground["en"]) == (
        case.board.second, "It was counted wrongly.", "A sum or a place was wrong",
    )  # fmt: skip
    assert journal.faults() == []


def test_a_review_that_must_not_count_is_struck_and_the_rule_decides_anew() -> None:
    case = settled().published()
    struck = review("B-1", case.experts[0])
    case.two("correct_result", {**WRONG_SUM, "ground": "wrong_review", "strike": [struck]})
    assert Assignment.objects.get(pk=struck).status == "struck"
    assert case.outcomes["B-2"] == ("awarded", 1)
    assert case.outcomes["B-1"][0] == "not_awarded"
    row = Decision.objects.get(bid__number="B-1", current=True)
    assert row.code == "award.too_few_reviews"
    assert altered_bids(case.posted) == [], "the journal knows of it"
    mine = {"assignment": struck}
    assert refused("sign_review", case.experts[0], **mine) == ["review.struck"]
    assert refused("recuse", case.experts[0], why="No.", **mine) == ["review.struck"]


def test_what_the_rule_decided_gives_itself_again_before_and_after_a_correction() -> None:
    case = settled().published()
    case.two("correct_result", {**WRONG_SUM, "strike": [review("B-1", case.experts[0])]})
    case.over().two("correct_result", {**SWAP, "placings": {"B-3": {"outcome": "over_budget"}}})
    rows = Decision.objects.exclude(inputs="").select_related("bid")
    assert rows.count() == 8, "three, three, and the two of the last that nobody named"
    for row in rows:
        found = run(make.guangxi(), from_plain(Inputs.objects.get(pk=row.inputs).bundle)).decisions
        assert {item.bid: item.outcome.value for item in found}[row.bid.number] == row.outcome  # type: ignore[union-attr]
    named = Decision.objects.get(current=True, inputs="")
    assert (named.bid.number, named.rule, named.code) == ("B-3", "correction", "award.corrected")  # type: ignore[union-attr]


def test_a_fact_that_was_wrong_is_mended_and_the_rule_decides_anew() -> None:
    case = settled().published()
    Evidence.objects.filter(organisation__party=case.leads["B-1"].engagements.get().party).update(
        status="refused"
    )
    case.two("correct_result", {**WRONG_SUM, "ground": "wrong_fact"})
    assert case.outcomes["B-1"] == ("ineligible", None)
    case.over().move("challenge", "decide", case.third)
    assert case.stages == {"B-1": "not_awarded", "B-2": "awarded", "B-3": "reserve"}


def test_a_decided_award_is_set_aside_and_goes_on_only_where_the_corrected_result_awards_it_too() -> None:
    case = settled().decided()
    first = case.project()
    case.two("correct_result", SWAP)
    assert set(case.stages.values()) == {"eligible"}
    assert case.project().stage == "set_aside"
    assert refused("sign", case.leads["B-1"], at=case.at, project=first.number, sha256="0" * 64) == [
        "project.not_running"
    ]
    case.over().move("challenge", "decide", case.third)
    assert case.project("B-2").stage == "agreement"
    assert case.project("B-1").stage == "set_aside"
    case.two(
        "correct_result", {**SWAP, "placings": {"B-1": {"outcome": "awarded"}, "B-2": {"outcome": "reserve"}}}
    )
    case.over().move("challenge", "decide", case.third)
    again = case.project("B-1")
    assert (again.pk, again.stage, again.ended_at) == (first.pk, "agreement", None)
    assert again.due_clock == "agreement"
    assert case.project("B-2").stage == "set_aside"
    assert journal.faults() == []


def test_no_award_is_corrected_too() -> None:
    case = settled()
    for number in ("B-1", "B-2", "B-3"):
        evidence = Evidence.objects.filter(organisation__party__engagements__person=case.leads[number])
        evidence.update(status="refused")
    case.published().over().move("challenge", "declare_no_award", case.third, why="Nobody proved it.")
    assert case.posted.stage == "no_award"
    Evidence.objects.update(status="verified")
    case.two("correct_result", {**WRONG_SUM, "ground": "wrong_fact"})
    assert case.outcomes == FIRST
    assert not Decision.objects.filter(current=True, bid=None).exists()
    case.over().move("challenge", "decide", case.third)
    assert case.stages["B-1"] == "awarded"


def test_a_proposed_result_is_corrected_before_it_is_public_and_nobody_outside_hears_the_outcomes() -> None:
    case = settled()
    case.move("challenge", "propose_award", case.board.officer)
    case.two("correct_result", SWAP)
    assert case.posted.stage == "proposed"
    assert case.posted.publicity_until is None
    assert not Decision.objects.filter(current=True, published_at__isnull=False).exists()
    assert not Message.objects.filter(code="mail.outcome_changed").exists()
    told = Message.objects.filter(to_user__in=case.leads.values())
    assert told.exists()
    assert not any("counted wrongly" in row.body for row in told)
    assert not Amendment.objects.get().public
    case.move("challenge", "publish_result", case.third)
    assert case.outcomes == SWAPPED


def test_an_upheld_objection_is_named_where_it_is_the_ground() -> None:
    case = settled().published()
    raised = done("raise_objection", case.leads["B-2"], at=case.at, challenge=NUMBER, text="A sum is wrong.")
    given = {**SWAP, "ground": "upheld"}
    ask = {"why": "The objection holds.", "params": given}
    assert case.refused("challenge", "correct_result", case.board.officer, **ask) == [
        "correction.no_objection"
    ]
    given["objection"] = raised["number"]
    assert case.refused("challenge", "correct_result", case.board.officer, **ask) == [
        "correction.no_objection"
    ]
    answer = {"number": raised["number"], "outcome": "partly", "text": "It is."}
    done("answer_objection", case.third, at=case.at, **answer)
    case.two("correct_result", given, why="The objection holds.")
    assert Amendment.objects.get().objection.number == raised["number"]  # type: ignore[union-attr]


def test_one_person_corrects_nothing_and_a_refusal_leaves_the_result() -> None:
    case = settled().published()
    given: dict[str, Any] = {"why": "Wrong.", "params": SWAP}
    assert case.refused("challenge", "correct_result", case.leads["B-2"], **given) == ["lifecycle.not_yours"]
    assert case.refused("challenge", "correct_result", case.board.officer, params=SWAP) == [
        "lifecycle.reason_required"
    ]
    case.move("challenge", "correct_result", case.board.officer, **given)
    assert case.outcomes == FIRST, "proposed is not done"
    answer: dict[str, Any] = {"at": case.at, "proposal": open_proposal()}
    assert refused("answer_proposal", case.board.officer, agree=True, **answer) == ["four_eyes.same_person"]
    other = make.person(role="officer", party=case.board.office.party)
    assert case.refused("challenge", "correct_result", other, **given) == ["four_eyes.open"], (
        "not twice at once"
    )
    done("answer_proposal", case.board.second, agree=False, why="The sheet is right.", **answer)
    assert case.outcomes == FIRST
    assert not Amendment.objects.exists()


def test_whoever_judged_a_bid_neither_proposes_nor_confirms_a_correction() -> None:
    case = settled().published()
    scorer = case.experts[0]
    make.engaged(scorer, role="officer", party=case.board.office.party)
    given: dict[str, Any] = {"why": "Wrong.", "params": SWAP}
    assert case.refused("challenge", "correct_result", scorer, **given) == ["correction.scorer"]
    case.move("challenge", "correct_result", case.board.officer, **given)
    make.engaged(scorer, role="second_officer", party=case.board.office.party)
    answer: dict[str, Any] = {"proposal": open_proposal(), "agree": True}
    assert refused("answer_proposal", scorer, at=case.at, **answer) == ["correction.scorer"]
    bidder = case.leads["B-2"]
    make.engaged(bidder, role="second_officer", party=case.board.office.party)
    assert refused("answer_proposal", bidder, at=case.at, **answer) == ["four_eyes.interested"]


def test_nothing_is_corrected_once_somebody_signed_also_between_the_two() -> None:
    case = settled().decided()
    case.move("challenge", "correct_result", case.board.officer, why="Wrong.", params=SWAP)
    aligned(case.project().number, case.leads["B-1"], case.board.owner_person, at=case.at)
    signs(case.project().number, case.leads["B-1"], at=case.at)
    answer: dict[str, Any] = {"proposal": open_proposal(), "agree": True}
    assert refused("answer_proposal", case.board.second, at=case.at, **answer) == ["correction.signed"]
    done("answer_proposal", case.board.second, at=case.at, **{**answer, "agree": False}, why="Signed by now.")
    given: dict[str, Any] = {"why": "Wrong.", "params": SWAP}
    assert case.refused("challenge", "correct_result", case.board.officer, **given) == ["correction.signed"]


def test_nothing_is_corrected_while_an_award_is_in_question() -> None:
    case = settled().decided().questioned()
    given: dict[str, Any] = {"why": "Wrong.", "params": SWAP}
    assert case.refused("challenge", "correct_result", case.board.officer, **given) == [
        "correction.questioned"
    ]


@pytest.mark.parametrize(
    ("params", "codes"),
    [
        ({}, ["request.missing", "request.missing"]),
        ({**WRONG_SUM, "ground": "mood"}, ["correction.no_ground"]),
        ({**WRONG_SUM, "evidence": " "}, ["request.missing"]),
        ({**WRONG_SUM, "colour": "red"}, ["request.unknown"]),
        ({**WRONG_SUM, "strike": [999_999]}, ["correction.no_review"]),
        ({**WRONG_SUM, "how": "name"}, ["correction.name_bids"]),
        ({**SWAP, "how": "recompute"}, ["correction.one_way"]),
        ({**SWAP, "strike": [1]}, ["correction.name_bids"]),
        ({**SWAP, "placings": {"B-9": {"outcome": "reserve"}}}, ["correction.no_such_bid"]),
        ({**SWAP, "placings": {"B-2": {"outcome": "lucky"}}}, ["correction.no_outcome"]),
        ({**SWAP, "placings": {"B-2": {"outcome": "awarded"}}}, ["correction.too_many"]),
        ({**SWAP, "placings": {"B-2": {"outcome": "reserve", "rank": 0}}}, ["request.too_small"]),
        ({**SWAP, "placings": {"B-2": {"outcome": "reserve"}}}, ["correction.nothing"]),
    ],
)
def test_a_correction_that_means_nothing_is_not_even_proposed(
    params: dict[str, Any], codes: list[str]
) -> None:
    case = settled().published()
    given = {"why": "Wrong.", "params": params}
    assert case.refused("challenge", "correct_result", case.board.officer, **given) == codes
    assert not Proposal.objects.exists()


def test_a_correction_that_changes_nothing_is_refused_when_it_is_agreed_to() -> None:
    case = settled().published()
    case.move("challenge", "correct_result", case.board.officer, why="Wrong.", params=WRONG_SUM)
    answer: dict[str, Any] = {"proposal": open_proposal(), "agree": True}
    assert refused("answer_proposal", case.board.second, at=case.at, **answer) == ["correction.nothing"]
    assert case.outcomes == FIRST


def test_a_withdrawn_bid_gets_no_other_outcome() -> None:
    case: Settled = settled().published()
    case.move("bid", "withdraw_bid", case.leads["B-2"], "B-2")
    given: dict[str, Any] = {"why": "Wrong.", "params": SWAP}
    assert case.refused("challenge", "correct_result", case.board.officer, **given) == [
        "correction.bid_closed"
    ]

"""The whole course through operations alone: each step happens once, is journalled, and opens the next."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import factories as make
from acting import MILLISECOND, Round, done, refused
from jiebang.adapters.bundle_export import write_bundle
from jiebang.adapters.bundles import read_bundle
from jiebang.decisions.bundle import Bundle
from jiebang.decisions.bundle_text import digest
from jiebang.records.awards.models import Decision, Objection
from jiebang.records.bundles import of_proposal
from jiebang.records.challenges.models import Challenge
from jiebang.records.journal import queries as journal
from jiebang.records.journal.models import JournalEntry
from jiebang.records.outbox.models import Message
from jiebang.records.projects.models import Instalment, Project

pytestmark = pytest.mark.django_db


def test_a_need_becomes_a_validated_application_that_another_owner_takes_over() -> None:
    course = Round().validated()
    board, project = course.board, Project.objects.get(number=course.project)
    assert project.stage == "validated"
    assert {str(part.amount) for part in project.instalments.all()} == {"360000.00", "270000.00"}
    for part in Instalment.objects.filter(project=project):
        paid_on = course.at.date().isoformat()
        paid = {"project": course.project, "order": part.order, "paid_on": paid_on, "reference": "R"}
        course.do("pay_instalment", board.officer, **paid)
        course.do("confirm_payment", board.second, project=course.project, order=part.order, agree=True)
        assert refused("pay_instalment", board.officer, at=course.at, **paid) == ["project.paid"]
    said = {"in_use": "partly", "changes": make.statement("Half the clerks read with it.")}
    course.do(
        "give_follow_up", board.owner_person, project=course.project, month=3, in_use=True, content=said
    )
    assert journal.faults() == []


def test_every_change_of_a_stage_is_journalled_with_the_rulebook_in_force() -> None:
    course = Round().validated()
    for kind in ("need", "challenge", "bid", "project"):
        entries = JournalEntry.objects.filter(subject=f"{kind}:{getattr(course, kind)}").order_by("seq")
        assert {entry.rulebook for entry in entries} == {course.board.call.rulebook_id}
        moves = [json.loads(entry.line)["body"] for entry in entries if entry.event == "stage:moved"]
        stages = [move["to"] for move in moves]
        assert [move["from"] for move in moves][1:] == stages[:-1]
        model = {"need": "needs", "challenge": "challenges"}.get(kind)
        if model:
            assert stages[-1] == getattr(course.board.call, model).get(number=getattr(course, kind)).stage


def test_a_past_decision_follows_again_from_the_records_and_the_frozen_rulebook() -> None:
    from jiebang.operations.judging import judged

    course = Round().decided()
    posted = Challenge.objects.get(number=course.challenge)
    stored = Decision.objects.get(challenge=posted, current=True)
    again = judged(posted, now=stored.proposed_at)
    (item,) = again.decisions
    assert (item.bid, item.outcome.value, item.reason.code) == (course.bid, stored.outcome, stored.code)
    assert again.rulebook == stored.rulebook == posted.call.rulebook_id
    said = JournalEntry.objects.filter(
        subject=f"challenge:{course.challenge}", line__contains="propose_award"
    ).get()
    body = json.loads(said.line)["body"]
    assert body["outcomes"] == [{"bid": course.bid, "outcome": "awarded", "rank": 1}]
    assert body["inputs"] == stored.inputs


def test_a_result_below_the_threshold_is_no_award_and_can_be_listed_again() -> None:
    from decimal import Decimal

    course = Round().published(Decimal(60))
    posted = Challenge.objects.get(number=course.challenge)
    assert posted.publicity_until is not None
    course.at = posted.publicity_until
    third = make.person(role="second_officer", party=course.board.office.party)
    course.move("challenge", "declare_no_award", third, why="No bid reached the threshold.")
    new = course.four_eyes("challenge", "relist")["challenge"]
    assert Challenge.objects.get(number=new).relisted_from == posted


def test_what_is_decided_waits_for_nobody_and_its_project_counts_the_days_to_sign() -> None:
    posted = Challenge.objects.get(number=Round().decided().challenge)
    assert (posted.due_at, posted.due_clock) == (None, "")
    assert posted.projects.get().due_clock == "agreement"


def test_an_objection_is_answered_before_anything_is_decided() -> None:
    course = Round().published()
    board = course.board
    raised = course.do(
        "raise_objection", board.owner_person, challenge=course.challenge, text="A score is wrong."
    )
    until = Challenge.objects.get(number=course.challenge).publicity_until
    assert until is not None
    third = make.person(role="second_officer", party=board.office.party)
    decide = {"kind": "challenge", "number": course.challenge, "command": "decide"}
    assert refused("move", third, at=until, **decide) == ["lifecycle.guard_fails"]
    scorer = course.experts[0]
    make.engaged(scorer, role="second_officer", party=board.office.party)
    answer = {"number": raised["number"], "outcome": "not_upheld", "text": "It was checked."}
    assert refused("answer_objection", scorer, at=until, **answer) == ["objection.scorer"]
    bidder = make.person(role="second_officer", party=board.office.party)
    make.engaged(bidder, role="partner", party=board.lead.party)
    assert refused("answer_objection", bidder, at=until, **answer) == ["four_eyes.interested"]
    assert refused("answer_objection", board.officer, at=until, **answer) == ["access.not_found"]
    make.engaged(board.officer, role="second_officer", party=board.office.party)
    assert refused("answer_objection", board.officer, at=until, **answer) == ["four_eyes.same_person"]
    done("answer_objection", third, at=until, **answer)
    assert refused("answer_objection", third, at=until, **answer) == ["objection.answered"]
    assert refused("move", third, at=until, **decide) == ["lifecycle.guard_fails"], "an appeal is possible"
    over = Objection.objects.get().appeal_until
    assert over is not None
    assert done("move", third, at=over, **decide)["projects"]
    late = {"challenge": course.challenge, "text": "Too late."}
    assert refused("raise_objection", board.owner_person, at=until, **late) == ["objection.closed"]


def test_an_appeal_is_decided_by_somebody_else_before_the_award() -> None:
    course = Round().published()
    board = course.board
    objector, stranger = board.owner_person, board.lead_person
    given = {"challenge": course.challenge, "text": "A score is wrong."}
    first = str(course.do("raise_objection", objector, **given)["number"])
    appeal = {"objection": first, "text": "The answer overlooks the second sheet."}
    assert refused("raise_appeal", objector, at=course.at, **appeal) == ["appeal.nothing"], "not answered yet"
    until = Challenge.objects.get(number=course.challenge).publicity_until
    assert until is not None
    second, third = (make.person(role="second_officer", party=board.office.party) for _ in range(2))
    answer = {"outcome": "not_upheld", "text": "It was checked."}
    done("answer_objection", second, at=until, number=first, **answer)
    over = Objection.objects.get(number=first).appeal_until
    assert over is not None
    assert refused("raise_appeal", stranger, at=until, **appeal) == ["access.not_found"]
    assert refused("raise_appeal", objector, at=over, **appeal) == ["appeal.closed"]
    raised = str(done("raise_appeal", objector, at=over - MILLISECOND, **appeal)["number"])
    assert refused("raise_appeal", objector, at=over - MILLISECOND, **appeal) == ["appeal.raised"]
    decide = {"kind": "challenge", "number": course.challenge, "command": "decide"}
    assert refused("move", third, at=over, **decide) == ["lifecycle.guard_fails"]
    assert refused("answer_objection", second, at=over, number=raised, **answer) == ["objection.answered_it"]
    done("answer_objection", third, at=over, number=raised, **answer)
    again = {**appeal, "objection": raised}
    assert refused("raise_appeal", objector, at=over, **again) == ["appeal.nothing"], "one appeal and no more"
    assert done("move", third, at=over, **decide)["projects"]


def test_a_winner_that_withdrew_gets_no_project() -> None:
    course = Round().published()
    course.move("bid", "withdraw_bid", course.board.lead_person)
    until = Challenge.objects.get(number=course.challenge).publicity_until
    third = make.person(role="second_officer", party=course.board.office.party)
    given = {"kind": "challenge", "number": course.challenge, "command": "decide"}
    assert refused("move", third, at=until, **given) == ["bid.gone"]
    assert not Project.objects.exists()


@pytest.mark.parametrize("name", ["folder", "round.zip", "round.xlsx"])
def test_an_outsider_recomputes_what_a_decision_read_from_the_exported_files(
    name: str, tmp_path: Path
) -> None:
    course = Round().published()
    stored = Decision.objects.get(challenge__number=course.challenge, current=True)
    later = {"kind": "rd_capability", "text": "A second proof, after the proposal."}
    course.do("give_evidence", course.board.lead_person, organisation=course.board.lead.party.slug, **later)
    bundle = of_proposal(course.board.call, number=course.challenge)
    assert bundle is not None
    assert write_bundle(bundle, tmp_path / name) == []
    outside = read_bundle(tmp_path / name)
    assert isinstance(outside, Bundle)
    assert outside.digest == stored.inputs
    elsewhere = replace(bundle, timezone="UTC", digest="")
    assert digest(elsewhere) != stored.inputs, "a day begins elsewhere in another zone"


def test_a_letter_on_a_move_leads_to_the_thing_and_gives_a_reason_only_where_there_is_one() -> None:
    course = Round().stated()
    board = course.board
    course.move("need", "submit", board.owner_person)
    course.move("need", "return_need", board.officer, why="Say what is measured.")
    course.move("need", "submit", board.owner_person)
    course.move("need", "verify", board.officer)
    office = Message.objects.filter(to_user=board.officer, params__link=f"/office/needs/{course.need}/")
    assert office.exists()
    returned, verified = Message.objects.filter(to_user=board.owner_person).order_by("pk")
    assert returned.subject == f"{course.need} waits for you: Submit the need"
    assert verified.subject == f"{course.need}: Verified"
    assert "\n> Say what is measured.\n" in returned.body, "quoted as somebody's own words"
    assert "—" not in verified.body
    assert "The reason" in returned.body
    assert "The reason" not in verified.body
    assert verified.body.rstrip().endswith(f"/needs/{course.need}/")

"""A lottery's draw in an instance: committed, then drawn, once; and the same from the exported files."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import drawn
import factories as make
from acting import done, refused
from jiebang.adapters.bundle_export import write_bundle
from jiebang.adapters.bundles import read_bundle
from jiebang.decisions import round as rounds
from jiebang.decisions.bundle import Bundle
from jiebang.engines.draw import Pool, normal_form, sequence
from jiebang.operations.draws import draw_of
from jiebang.records.awards.models import Decision, Draw
from jiebang.records.bids.models import Bid
from jiebang.records.bundles import of_proposal
from jiebang.records.challenges.models import Challenge
from jiebang.records.journal.models import JournalEntry
from jiebang.records.people.models import Evidence

pytestmark = pytest.mark.django_db
CHALLENGE: dict[str, Any] = {"challenge": "GX-1"}
MOVE: dict[str, Any] = {"kind": "challenge", "number": "GX-1"}


@pytest.fixture
def board() -> make.Board:
    """The result is proposed."""
    board = drawn.board()
    drawn.reviewed(board)
    done("move", board.officer, command="propose_award", **MOVE)
    return board


def codes() -> dict[str, str]:
    rows = Decision.objects.filter(current=True, bid__isnull=False).select_related("bid")
    return {row.bid.number: row.code for row in rows if row.bid}


def test_the_list_is_committed_then_the_numbers_decide(board: make.Board) -> None:
    waiting = dict.fromkeys(["B-2", "B-3", "B-4"], "award.in_draw")
    assert codes() == {"B-1": "award.above_line", **waiting, "B-5": "award.below_line"}
    assert refused("hold_draw", board.officer, numbers=drawn.NUMBERS, **CHALLENGE) == ["draw.not_committed"]
    committed = done("commit_draw", board.officer, **CHALLENGE)["list"]
    assert refused("commit_draw", board.officer, **CHALLENGE) == ["draw.committed_before"]
    assert refused("move", board.second, command="publish_result", **MOVE) == ["draw.open"]
    assert codes() == {"B-1": "award.above_line", **waiting, "B-5": "award.below_line"}
    for wrong in ("9319", "1/2/3", "one / 2", ""):
        assert refused("hold_draw", board.officer, numbers=wrong, **CHALLENGE) == ["draw.numbers"]
    order = done("hold_draw", board.officer, numbers=drawn.NUMBERS, **CHALLENGE)["order"]
    key = normal_form(drawn.NUMBERS)
    assert order == [step.drawn for step in sequence(["B-2", "B-3", "B-4"], key=key)]
    assert codes() == {
        "B-1": "award.above_line", order[0]: "award.drawn", order[1]: "award.drawn_reserve", order[2]: "award.not_drawn",
        "B-5": "award.below_line",
    }  # fmt: skip
    assert refused("hold_draw", board.officer, numbers=drawn.NUMBERS, **CHALLENGE) == ["draw.nothing"]
    said = [
        json.loads(row.line)["body"]
        for row in JournalEntry.objects.filter(event__startswith="draw:").order_by("seq")
    ]
    assert said[0]["list"] == said[1]["list"] == committed == Draw.objects.get().list_hash
    held = Pool.of_data(Draw.objects.get().pool)
    assert held.digest == committed
    assert replace(held, salt="").digest != committed, "nobody guesses the list from its hash"
    assert (said[0]["bids"], said[1]["order"], said[1]["key"]) == (["B-2", "B-3", "B-4"], order, key)


def test_whoever_enters_the_numbers_does_not_publish_and_strangers_do_nothing(board: make.Board) -> None:
    for person in (board.lead_person, board.owner_person):
        assert refused("commit_draw", person, **CHALLENGE) == ["access.role"]
    done("commit_draw", board.officer, **CHALLENGE)
    done("hold_draw", board.second, numbers=drawn.NUMBERS, **CHALLENGE)
    assert refused("move", board.second, command="publish_result", **MOVE) == ["four_eyes.same_person"]
    third = make.person(role="second_officer", party=board.office.party)
    done("move", third, command="publish_result", **MOVE)
    assert refused("commit_draw", board.officer, **CHALLENGE) == ["draw.nothing"]


def test_an_official_with_a_stake_holds_no_draw(board: make.Board) -> None:
    bid = Bid.objects.get(number="B-5")
    make.engaged(board.officer, role="partner", party=bid.consortium.lead)
    assert refused("commit_draw", board.officer, **CHALLENGE) == ["four_eyes.interested"]


def test_who_withdraws_after_the_list_is_passed_over_and_the_order_stays(board: make.Board) -> None:
    done("commit_draw", board.officer, **CHALLENGE)
    order = [step.drawn for step in sequence(["B-2", "B-3", "B-4"], key=normal_form(drawn.NUMBERS))]
    Bid.objects.filter(number=order[0]).update(stage="withdrawn")
    assert done("hold_draw", board.officer, numbers=drawn.NUMBERS, **CHALLENGE)["order"] == order
    found = codes()
    assert (found[order[0]], found[order[1]]) == ("eligibility.withdrawn", "award.drawn")
    assert Draw.objects.get().gone == [order[0]]


def test_what_changes_before_the_list_is_committed_is_proposed_again(board: make.Board) -> None:
    Bid.objects.filter(number="B-2").update(stage="withdrawn")
    assert refused("commit_draw", board.officer, **CHALLENGE) == ["draw.changed"]


def test_what_is_learned_after_the_proposal_changes_no_draw(board: make.Board) -> None:
    Evidence.objects.filter(organisation=Bid.objects.get(number="B-3").consortium.lead.organisation).delete()
    done("commit_draw", board.officer, **CHALLENGE)
    done("hold_draw", board.officer, numbers=drawn.NUMBERS, **CHALLENGE)
    assert codes()["B-3"].startswith(("award.drawn", "award.not_drawn"))


def test_the_same_list_is_never_drawn_twice(board: make.Board) -> None:
    done("commit_draw", board.officer, **CHALLENGE)
    order = done("hold_draw", board.officer, numbers=drawn.NUMBERS, **CHALLENGE)["order"]
    done("move", board.second, command="send_back", why="A look again.", **MOVE)
    done("move", board.officer, command="propose_award", **MOVE)
    assert codes()[order[0]] == "award.drawn"
    assert refused("hold_draw", board.officer, numbers="1 / 2", **CHALLENGE) == ["draw.nothing"]
    Bid.objects.filter(number="B-5").update(stage="withdrawn")
    done("move", board.second, command="send_back", why="A look again.", **MOVE)
    done("move", board.officer, command="propose_award", **MOVE)
    assert codes()[order[0]] == "award.drawn", "who is in the draw did not change"


@pytest.mark.parametrize("gone", [False, True])
def test_the_exported_files_decide_the_same_without_the_server(
    board: make.Board, tmp_path: Path, gone: bool
) -> None:
    done("commit_draw", board.officer, **CHALLENGE)
    if gone:
        Bid.objects.filter(number="B-3").update(stage="withdrawn")
    done("hold_draw", board.officer, numbers=drawn.NUMBERS, **CHALLENGE)
    row = Decision.objects.filter(current=True).first()
    assert row
    bundle = of_proposal(board.call, number="GX-1")
    assert bundle
    assert write_bundle(bundle, tmp_path / "round") == []
    outside = read_bundle(tmp_path / "round")
    assert isinstance(outside, Bundle)
    assert outside.digest == row.inputs
    assert rounds.faults(drawn.book(), outside) == []
    result = rounds.run(drawn.book(), outside)
    assert {item.bid: item.reason.code for item in result.decisions if item.bid} == codes()
    assert result.draws[0].pool.digest == Draw.objects.get().list_hash
    assert result.draws[0] == draw_of(Draw.objects.get())


def test_a_review_after_an_objection_ends_the_draw(board: make.Board) -> None:
    done("commit_draw", board.officer, **CHALLENGE)
    done("hold_draw", board.officer, numbers=drawn.NUMBERS, **CHALLENGE)
    done("move", board.second, command="publish_result", **MOVE)
    third = make.person(role="second_officer", party=board.office.party)
    done("move", third, at=make.NOW + timedelta(days=1), command="review_again", why="An objection.", **MOVE)
    assert not Draw.objects.filter(current=True).exists()
    assert Pool.of_data(Draw.objects.get().pool).names == ("B-2", "B-3", "B-4")
    assert Challenge.objects.get(number="GX-1").stage == "reviewing"

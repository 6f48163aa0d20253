"""Results of a call whose challenges are awarded together: one decision, the one that `round run` makes of the exported call."""

import json
from pathlib import Path
from typing import Any

import pytest

import factories as make
from acting import done, refused, run
from called import OVER_CALL, Called, called
from jiebang.adapters.bundle_export import write_bundle
from jiebang.adapters.bundles import read_bundle
from jiebang.decisions import round as headless
from jiebang.decisions.bundle import Bundle
from jiebang.operations.judging import judged
from jiebang.records import bundles
from jiebang.records.awards.models import Decision, Inputs, Objection
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge
from jiebang.records.journal.models import JournalEntry
from jiebang.records.programme.queries import rulebook
from jiebang.records.reviews.models import Assignment

pytestmark = pytest.mark.django_db

# challenge -> bids as (score, country of the lead, amount)
TWO = {
    "GX-1": [(90, "CN", 300), (80, "VN", 200), (70, "TH", 100)],
    "GX-2": [(95, "CN", 300), (60, "VN", 900)],
}


def propose(course: Called, **given: Any) -> Any:
    return done("propose_call_award", course.board.officer, at=course.at, call=course.number, **given)


def publish(course: Called) -> Any:
    return done("publish_call_award", course.board.second, at=course.at, call=course.number)


def codes(course: Called, name: str = "propose_call_award", **given: Any) -> list[str]:
    by = course.board.second if name.startswith("publish") else course.board.officer
    return refused(name, by, at=course.at, call=course.number, **given)


def current(*numbers: str) -> dict[tuple[str, str], tuple[str, str]]:
    rows = Decision.objects.filter(current=True, challenge__number__in=numbers or list(TWO))
    return {
        (row.challenge.number, row.bid.number if row.bid else ""): (row.outcome, row.code)
        for row in rows.select_related("challenge", "bid")
    }


def of(result: headless.RoundResult) -> dict[tuple[str, str], tuple[str, str]]:
    return {(row.challenge, row.bid): (row.outcome.value, row.reason.code) for row in result.decisions}


def exported(course: Called, folder: Path) -> Bundle:
    """The call as `jiebang round export` writes it, read back from its files."""
    bundle, sealed = bundles.of_call(rulebook(course.board.call.rulebook_id), course.board.call)
    assert sealed == []
    assert write_bundle(bundle, folder) == []
    read = read_bundle(folder)
    assert isinstance(read, Bundle), read
    return read


def counted(where: str, **limits: int) -> dict[str, Any]:
    return {"some": {"label": {"en": "Some", "zh-Hans": "部分"}, "where": where, "over": "call", **limits}}


AWARDS: dict[str, dict[str, Any]] = {
    "top, at most one of a country": {"rule": "top", "max_awards": 1, "quotas": OVER_CALL},
    "down the budget": {"rule": "budget_fill", "max_awards": None, "quotas": OVER_CALL},
    "a portfolio of one budget": {"rule": "portfolio", "max_awards": 2, "budget_over": "call", "quotas": OVER_CALL},
    "a portfolio with a promise": {
        "rule": "portfolio", "max_awards": 1,
        "quotas": counted("lead.country == 'TH'", least=1),
    },
    "nothing small": {
        "rule": "top", "max_awards": 1,
        "quotas": counted("bid.amount < 250.0", most=0),
    },
    "a short list by criteria": {
        "rule": "top", "max_awards": 1, "quotas": OVER_CALL,
        "shortlist": {"most": 2, "criteria": ["value"], "reviews_needed": 3},
    },
}  # fmt: skip


@pytest.mark.parametrize("name", AWARDS)
def test_the_web_and_round_run_decide_the_same(name: str, tmp_path: Path) -> None:
    course = called(TWO, award=AWARDS[name])
    propose(course)
    stored = current()
    assert stored
    book = rulebook(course.board.call.rulebook_id)
    read = exported(course, tmp_path / "round")
    assert headless.faults(book, read) == []
    result = headless.run(book, read)
    assert of(result) == stored
    places = {place.bid: (place.rank, place.tie) for place in result.ranking}
    kept = Decision.objects.filter(current=True, bid__isnull=False, rank__isnull=False)
    assert places == {row.bid.number: (row.rank, row.tie) for row in kept.select_related("bid") if row.bid}
    own = bundles.of_proposal(course.board.call, number="GX-2")
    assert own is not None
    assert of(headless.run(book, own)) == stored


def test_a_quota_over_the_call_leaves_one_seat_to_both_challenges() -> None:
    course = called(TWO, award=AWARDS["top, at most one of a country"])
    answer = propose(course)
    assert answer["challenges"] == ["GX-1", "GX-2"]
    won = {key for key, (outcome, _) in current().items() if outcome == "awarded"}
    first, second = course.bids["GX-1"], course.bids["GX-2"]
    assert won == {("GX-1", first[0]), ("GX-2", second[1])}
    fallen = Decision.objects.get(current=True, bid__number=second[0])
    assert (fallen.outcome, fallen.code, fallen.rule) == (
        "not_awarded",
        "award.quota_full",
        "award.quotas.country",
    )
    assert fallen.params == {"quota": "country", "value": "CN", "most": 1}
    assert Inputs.objects.count() == 1
    assert set(Challenge.objects.values_list("stage", flat=True)) == {"proposed"}


def test_apart_each_challenge_would_have_awarded_its_best() -> None:
    course = called(TWO, award={"rule": "top", "max_awards": 1})
    assert codes(course) == ["call_award.single"]
    for number in TWO:
        done(
            "move",
            course.board.officer,
            at=course.at,
            kind="challenge",
            number=number,
            command="propose_award",
        )
    best = {(number, bids[0]) for number, bids in course.bids.items()}
    assert {key for key, (outcome, _) in current().items() if outcome == "awarded"} == best


def test_no_challenge_is_proposed_or_published_alone() -> None:
    course = called(TWO, award=AWARDS["top, at most one of a country"])
    given = {"kind": "challenge", "number": "GX-1"}
    alone = refused("move", course.board.officer, at=course.at, command="propose_award", **given)
    assert alone == ["call_award.together"]
    propose(course)
    alone = refused("move", course.board.second, at=course.at, command="publish_result", **given)
    assert alone == ["call_award.together"]


def test_everything_in_the_way_of_any_challenge_is_told_at_once() -> None:
    course = called(TWO, award=AWARDS["top, at most one of a country"])
    for number in ("GX-1", "GX-2"):
        row = Assignment.objects.filter(bid__challenge__number=number).first()
        assert row is not None
        done("reopen_review", course.board.officer, at=course.at, assignment=row.pk, why="A slip.")
    assert codes(course) == [
        "call_award.in_the_way",
        "lifecycle.guard_fails",
        "call_award.in_the_way",
        "lifecycle.guard_fails",
    ]
    assert not Decision.objects.exists()
    Challenge.objects.filter(number="GX-2").update(stage="closed")
    assert codes(course) == ["call_award.waits"]
    Challenge.objects.filter(number="GX-2").update(stage="cancelled")
    assert codes(course) == ["call_award.in_the_way", "lifecycle.guard_fails"]


def test_what_was_seen_and_changed_since_is_shown_anew() -> None:
    course = called(TWO, award=AWARDS["top, at most one of a country"])
    assert codes(course, digest="0" * 64) == ["call_award.changed"]


def test_only_the_office_without_a_stake_and_never_the_same_person_twice() -> None:
    course = called(TWO, award=AWARDS["top, at most one of a country"])
    both = make.person(role="officer", party=course.board.office.party)
    make.engaged(both, role="second_officer", party=course.board.office.party)
    done("propose_call_award", both, at=course.at, call=course.number)
    again = refused("publish_call_award", both, at=course.at, call=course.number)
    assert set(again) == {"call_award.in_the_way", "four_eyes.same_person"}
    lead = Bid.objects.get(number=course.bids["GX-2"][0]).consortium.lead
    make.engaged(course.board.second, role="partner", party=lead)
    assert codes(course, "publish_call_award") == ["call_award.interested"]
    stranger = make.person(role="expert")
    assert "lifecycle.not_yours" in refused("publish_call_award", stranger, at=course.at, call=course.number)


def test_the_same_request_again_proposes_nothing_twice() -> None:
    course = called(TWO, award=AWARDS["top, at most one of a country"])
    first, second = (
        run("propose_call_award", course.board.officer, at=course.at, key="once", call=course.number)
        for _ in range(2)
    )
    assert first == second
    assert Decision.objects.count() == len(current())


def test_the_journal_says_how_the_quotas_were_used() -> None:
    course = called(TWO, award=AWARDS["top, at most one of a country"])
    propose(course)
    line = JournalEntry.objects.get(event="call:award_proposed").line
    body = json.loads(line)["body"]
    assert body["inputs"] == Inputs.objects.get().sha256
    seats = {item["value"]: item["bids"] for item in body["quotas"]}
    assert seats == {"CN": [course.bids["GX-1"][0]], "VN": [course.bids["GX-2"][1]], "TH": []}
    moved = JournalEntry.objects.filter(event="stage:moved", line__contains="propose_award")
    assert {row.subject for row in moved} == {"challenge:GX-1", "challenge:GX-2"}


def test_a_result_sent_back_waits_with_the_others_and_is_proposed_with_them() -> None:
    course = called(TWO, award=AWARDS["top, at most one of a country"])
    propose(course)
    send = {"kind": "challenge", "command": "send_back", "why": "A slip."}
    done("move", course.board.second, at=course.at, number="GX-1", **send)
    assert codes(course, "publish_call_award") == ["call_award.unproposed"]
    course.score(course.bids["GX-1"][0], 10)
    assert codes(course) == ["call_award.moves"]
    done("move", course.board.second, at=course.at, number="GX-2", **send)
    propose(course)
    assert current()["GX-2", course.bids["GX-2"][0]] == ("awarded", "award.awarded")
    publish(course)
    assert set(Challenge.objects.values_list("stage", flat=True)) == {"publicity"}
    assert codes(course, "publish_call_award") == ["call_award.none_proposed"]


def test_after_an_objection_the_published_results_of_others_are_left_alone_or_reviewed_too() -> None:
    course = called(TWO, award=AWARDS["top, at most one of a country"])
    propose(course)
    publish(course)
    before = current("GX-2")
    again = {"kind": "challenge", "command": "review_again", "why": "The objection is upheld."}
    done("move", course.board.second, at=course.at, number="GX-1", **again)
    course.score(course.bids["GX-1"][1], 85)
    propose(course)
    assert current("GX-2") == before
    assert Challenge.objects.get(number="GX-2").stage == "publicity"
    publish(course)
    done("move", course.board.second, at=course.at, number="GX-1", **again)
    course.score(course.bids["GX-1"][1], 99)
    assert codes(course) == ["call_award.moves"], "the Vietnamese seat would be taken from GX-2"
    done("move", course.board.second, at=course.at, number="GX-2", **again)
    propose(course)
    won = {key for key, (outcome, _) in current().items() if outcome == "awarded"}
    assert won == {("GX-1", course.bids["GX-1"][1]), ("GX-2", course.bids["GX-2"][0])}


def test_a_final_result_stands_and_takes_its_seats(tmp_path: Path) -> None:
    """GX-2 is final when an objection against GX-1 is upheld: its award stands, GX-1 gets what that leaves."""
    course = called(TWO, award=AWARDS["top, at most one of a country"])
    propose(course)
    publish(course)
    until = Challenge.objects.get(number="GX-2").publicity_until
    assert until is not None
    raised = Objection.objects.create(
        number="O-1", challenge=Challenge.objects.get(number="GX-1"), received_at=course.at, status="open"
    )
    course.at = until
    third = make.person(role="second_officer", party=course.board.office.party)
    done("move", third, at=course.at, kind="challenge", number="GX-2", command="decide")
    raised.status = "upheld"
    raised.save()
    again = {"kind": "challenge", "number": "GX-1", "command": "review_again", "why": "Upheld."}
    done("move", third, at=course.at, **again)
    course.score(course.bids["GX-1"][1], 99)
    propose(course)
    first = course.bids["GX-1"]
    assert current("GX-1")["GX-1", first[1]] == ("not_awarded", "award.quota_full")
    assert current("GX-1")["GX-1", first[0]] == ("awarded", "award.awarded")
    assert current("GX-2")["GX-2", course.bids["GX-2"][1]][0] == "awarded"
    result = headless.run(rulebook(course.board.call.rulebook_id), exported(course, tmp_path / "round"))
    mine = {key: said for key, said in of(result).items() if key[0] == "GX-1"}
    assert mine == current("GX-1")
    stands = {key: said for key, said in of(result).items() if key[0] == "GX-2"}
    assert {said[1] for said in stands.values()} == {"award.stands"}
    assert stands["GX-2", course.bids["GX-2"][1]][0] == "awarded"


def test_what_a_challenge_shows_is_its_part_of_the_whole() -> None:
    course = called(TWO, award=AWARDS["top, at most one of a country"])
    second = Challenge.objects.get(number="GX-2")
    result = judged(second, now=course.at)
    assert {row.challenge for row in result.decisions} == {"GX-2"}
    assert {row.bid for row in result.scores} == set(course.bids["GX-2"])
    outcomes = {row.bid: row.outcome.value for row in result.decisions}
    assert outcomes == {course.bids["GX-2"][0]: "not_awarded", course.bids["GX-2"][1]: "awarded"}


def test_a_short_list_by_criteria_is_decided_from_one_review() -> None:
    """The third by the first stage's criterion is not short-listed, however good the rest of its review is."""
    course = called(TWO, award=AWARDS["a short list by criteria"])
    last = course.bids["GX-1"][2]
    course.score(last, 100, but={"value": 10})
    propose(course)
    assert current()["GX-1", last] == ("not_awarded", "award.not_shortlisted")

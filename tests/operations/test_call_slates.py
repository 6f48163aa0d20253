"""Experts for a whole call at once: loads over all challenges, each bid's own sector, one act, as little change as can be."""

import hashlib
import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

import factories as make
from acting import done, refused, run
from jiebang.adapters.assignment_problem import problem_of
from jiebang.decisions.slate import Slate as Found
from jiebang.engines.assignment.verify import verify
from jiebang.operations.proposing import Proposal, propose, scope_of_call
from jiebang.operations.registry import Done
from jiebang.records.access import Reader
from jiebang.records.bids.models import Bid, BidContent
from jiebang.records.challenges.models import Challenge
from jiebang.records.journal.models import JournalEntry
from jiebang.records.outbox.models import Message
from jiebang.records.people.models import ExpertProfile, User
from jiebang.records.reviews.models import Assignment, PairWish, Slate

pytestmark = pytest.mark.django_db
COUNTRIES = ("CN", "VN", "TH", "ID", "MY", "LA")


def expert(place: int, **profile: Any) -> User:
    home = make.organisation(country=COUNTRIES[place % len(COUNTRIES)])
    person = make.person(role="expert", party=home.party)
    said = {"sectors": [("language", "fishery")[place % 2]], "languages": ["en"], **profile}
    ExpertProfile.objects.create(person=person, **said)
    return person


def posted(board: make.Board, number: str, sector: str, *, bids: int = 2, **given: Any) -> Challenge:
    """A challenge of the call under review with bids that passed the check."""
    made = make.challenge(
        call=board.call, number=number, sector=sector, stage="reviewing", due_at=make.NOW + timedelta(days=20), **given
    )  # fmt: skip
    for _ in range(bids):
        bid = make.bid(made, stage="eligible", submitted_at=make.NOW)
        title = {"title": make.statement("A reader")}
        BidContent.objects.create(bid=bid, content=title, saved_at=make.NOW, sent_at=make.NOW)
    return made


@pytest.fixture
def board() -> make.Board:
    """Three challenges of two sectors under review with two bids each, and twelve experts, half of each sector."""
    board = make.board()
    for number, sector in (("GX-1", "language"), ("GX-2", "fishery"), ("GX-3", "language")):
        posted(board, number, sector)
    for place in range(12):
        expert(place)
    return board


def appoint(board: make.Board, **given: Any) -> Any:
    return done("appoint_call_experts", board.officer, call=board.call.number, **given)


def codes(board: make.Board, name: str = "propose_call_experts", **given: Any) -> list[str]:
    return refused(name, board.officer, call=board.call.number, **given)


def proposed(board: make.Board) -> tuple[Proposal, Found]:
    scope = scope_of_call(board.call, reader=Reader(person=board.officer, at=make.NOW))
    made = propose(scope, at=make.NOW)
    assert isinstance(made.found, Found)
    return made, made.found


def pairs() -> set[tuple[str, str]]:
    live = Assignment.objects.filter(status__in=Assignment.LIVE)
    return {(row.bid.number, row.expert.email) for row in live.select_related("bid", "expert")}


def test_one_act_appoints_for_every_challenge_of_the_call(board: make.Board) -> None:
    seen = done("propose_call_experts", board.officer, call=board.call.number)
    assert not Assignment.objects.exists(), "a proposal asks nobody"
    assert seen["challenges"] == ["GX-1", "GX-2", "GX-3"]
    answer = appoint(board, digest=seen["digest"])
    assert answer["pairs"] == seen["pairs"]
    assert (answer["asked"], answer["released"], answer["optimal"]) == (18, 0, True)
    assert set(Counter(bid for bid, _ in pairs()).values()) == {3}
    for row in Assignment.objects.select_related("bid__challenge"):
        assert row.due_at == row.bid.challenge.due_at
    assert codes(board, "appoint_call_experts") == ["slate.nothing"]


def test_the_same_request_again_appoints_nobody_twice(board: make.Board) -> None:
    given = {"call": board.call.number}
    first, second = (run("appoint_call_experts", board.officer, key="once", **given) for _ in range(2))
    assert isinstance(first, Done)
    assert isinstance(second, Done)
    assert first.answer == second.answer
    assert (Assignment.objects.count(), Slate.objects.count()) == (18, 1)


def test_loads_count_over_the_whole_call(board: make.Board) -> None:
    """Two experts who fit best can take three bids each, wherever in the call; elsewhere in it one is taken already."""
    known = {"sectors": ["language", "fishery"], "expertise": ["handwritten papers"]}
    best = [expert(place, **known, max_load=3) for place in (0, 1)]
    closed = posted(board, "GX-9", "language", bids=1, country="LA")
    Challenge.objects.filter(pk=closed.pk).update(stage="proposed")
    waiting = {"assigned_at": make.NOW, "assigned_by": board.officer}
    Assignment.objects.create(bid=closed.bids.get(), expert=best[0], **waiting)
    appoint(board)
    loads = Counter(one for _, one in pairs())
    assert [loads[one.email] for one in best] == [3, 3]
    here = Assignment.objects.filter(bid__challenge__stage="reviewing", expert=best[0])
    assert here.count() == 2


def test_every_bid_gets_somebody_of_its_own_sector(board: make.Board) -> None:
    """An expert may know both sectors: who knows one of the other sector alone does not count."""
    ExpertProfile.objects.update(sectors=["language"])
    assert codes(board) == ["assignment.quota_least", "assignment.drop_quota"]
    (fisher,) = ExpertProfile.objects.order_by("pk")[:1]
    fisher.sectors, fisher.max_load = ["language", "fishery"], 2
    fisher.save()
    appoint(board)
    there = Assignment.objects.filter(bid__challenge__sector="fishery", expert=fisher.person)
    assert there.count() == 2


def test_what_collides_is_named_with_the_sector_and_a_repair_that_works(board: make.Board) -> None:
    ExpertProfile.objects.update(sectors=["language"])
    outcome: Any = run("propose_call_experts", board.officer, call=board.call.number)
    collide, repair = outcome.reasons
    assert (collide.params["mark"], collide.params["value"], collide.params["least"]) == (
        "sector",
        "fishery",
        1,
    )
    assert (repair.code, repair.params["value"]) == ("assignment.drop_quota", "fishery")
    ExpertProfile.objects.update(max_load=1)
    few: Any = run("propose_call_experts", board.officer, call=board.call.number)
    assert few.reasons[0].code == "assignment.too_few_experts"
    assert 0 < few.reasons[0].params["lacking"] <= 18 - 12
    for person in range(6):
        expert(person, max_load=1, sectors=["language"])
    assert codes(board) == ["assignment.quota_least", "assignment.drop_quota"], (
        "the repair leaves only the other one"
    )


def test_a_replacement_leaves_every_other_challenge_alone(board: make.Board) -> None:
    appoint(board)
    before = pairs()
    gone = Assignment.objects.filter(bid__challenge__number="GX-2").order_by("pk").first()
    assert gone is not None
    done("recuse", gone.expert, assignment=gone.pk, why="A former student leads it.")
    answer = appoint(board)
    assert (answer["asked"], answer["released"]) == (1, 0)
    assert before - pairs() == {(gone.bid.number, gone.expert.email)}
    (new,) = pairs() - before
    assert new[0] == gone.bid.number


def test_the_journal_and_the_stored_problem_prove_it(board: make.Board) -> None:
    appoint(board)
    kept = Slate.objects.get()
    whole = JournalEntry.objects.get(event="slate:appointed", subject=f"call:{board.call.number}")
    body = json.loads(whole.line)["body"]
    assert body["digest"] == kept.digest == hashlib.sha256(kept.problem.encode()).hexdigest()
    assert (body["challenges"], body["pairs"], body["asked"]) == (["GX-1", "GX-2", "GX-3"], 18, 18)
    told = []
    for number in body["challenges"]:
        entry = JournalEntry.objects.get(event="slate:appointed", subject=f"challenge:{number}")
        own = json.loads(entry.line)["body"]
        assert (own["call"], own["digest"]) == (board.call.number, kept.digest)
        told += own["pairs"]
    assert sorted(told) == sorted(row[:2] for row in kept.pairs)
    read = problem_of(kept.problem, name="kept")
    assert isinstance(read, tuple), read
    problem = read[0]
    quotas = {quota.value: quota.bids for quota in problem.quotas if quota.value}
    assert {value: len(bids or ()) for value, bids in quotas.items()} == {"language": 4, "fishery": 2}
    numbers = [(problem.bids.index(bid), problem.experts.index(one)) for bid, one, _ in kept.pairs]
    assert verify(problem, numbers).holds


def test_each_expert_is_written_to_once_about_all_challenges(board: make.Board) -> None:
    appoint(board)
    letters = Message.objects.filter(code="mail.review_asked")
    assert letters.count() == len({one for _, one in pairs()})
    for letter in letters:
        mine = Assignment.objects.filter(expert=letter.to_user)
        named = ", ".join(sorted(set(mine.values_list("bid__challenge__number", flat=True))))
        assert letter.params["number"] == named


def test_pins_of_any_challenge_hold_and_only_there(board: make.Board) -> None:
    bids = Bid.objects.order_by("pk")
    person = ExpertProfile.objects.filter(sectors=["fishery"]).order_by("pk")[0].person
    pins = [{"bid": bids[0].number, "expert": person.email, "why": "Knows the script."}]
    appoint(board, pins=pins)
    assert (bids[0].number, person.email) in pairs()
    assert PairWish.objects.get().bid == bids[0]
    strange = make.bid(make.challenge(stage="reviewing"), stage="eligible")
    elsewhere = [{"bid": strange.number, "expert": person.email, "why": "Of another call."}]
    assert codes(board, "appoint_call_experts", pins=elsewhere) == ["access.not_found"]


def test_who_is_away_before_one_review_ends_may_judge_the_shorter_ones(board: make.Board) -> None:
    Challenge.objects.filter(number="GX-3").update(due_at=make.NOW + timedelta(days=90))
    ExpertProfile.objects.update(available_until=(make.NOW + timedelta(days=60)).date())
    made, _ = proposed_or_not(board)
    away = {
        made.bids[bid].challenge.number
        for (bid, _), why in made.wanted.barred.items()
        if why == "unavailable"
    }
    assert away == {"GX-3"}


def proposed_or_not(board: make.Board) -> tuple[Proposal, Any]:
    scope = scope_of_call(board.call, reader=Reader(person=board.officer, at=make.NOW))
    made = propose(scope, at=make.NOW)
    return made, made.found


def test_nobody_judges_whoever_judges_them_on_another_challenge(board: make.Board) -> None:
    """Two leads who are experts, each with a bid on another challenge: at most one of them judges the other."""
    one, two = (expert(place, sectors=["language", "fishery"]) for place in (0, 1))
    first, second = (
        Bid.objects.filter(challenge__number="GX-1")[0],
        Bid.objects.filter(challenge__number="GX-2")[0],
    )
    make.engaged(one, role="lead", party=first.consortium.lead)
    make.engaged(two, role="lead", party=second.consortium.lead)
    for pin in ((first, two), (second, one)):
        done("wish_pair", board.officer, bid=pin[0].number, expert=pin[1].email, wish="pin", why="A try.")
    assert codes(board) == ["assignment.pin_collides"] * len(codes(board))
    PairWish.objects.filter(bid=second).delete()
    appoint(board)
    assert (first.number, two.email) in pairs()
    assert (second.number, one.email) not in pairs()


def test_what_changed_since_it_was_seen_is_seen_first(board: make.Board) -> None:
    seen = done("propose_call_experts", board.officer, call=board.call.number)
    ExpertProfile.objects.filter(person__email=seen["pairs"][0]["expert"]).update(max_load=0)
    assert codes(board, "appoint_call_experts", digest=seen["digest"]) == ["slate.changed"]


def test_only_the_office_without_a_stake_in_any_challenge_appoints(board: make.Board) -> None:
    given = {"call": board.call.number}
    assert refused(
        "appoint_call_experts", User.objects.get(expert=ExpertProfile.objects.first()), **given
    ) == ["access.role"]
    make.engaged(board.officer, role="owner", party=Challenge.objects.get(number="GX-2").need.owner)
    outcome: Any = run("propose_call_experts", board.officer, **given)
    assert [(item.code, item.params["numbers"]) for item in outcome.reasons] == [("slate.interested", "GX-2")]


def test_a_call_without_reviews_or_bids_says_so(board: make.Board) -> None:
    Bid.objects.update(stage="ineligible")
    assert codes(board) == ["slate.no_bids"]
    Challenge.objects.update(stage="closed")
    assert codes(board) == ["slate.no_review"]
    assert refused("propose_call_experts", board.officer, call="NO-SUCH") == ["access.not_found"]


def test_a_draw_for_a_call_is_committed_to_before(board: make.Board) -> None:
    call = make.call(rulebook=make.installed(make.ring_sea()))
    for place in range(2):
        made = make.challenge(call=call, stage="reviewing", number=f"RS-{place}")
        make.bid(made, stage="eligible", submitted_at=make.NOW)
    seen = done("propose_call_experts", board.officer, call=call.number)
    told = json.loads(JournalEntry.objects.get(event="slate:proposed").line)["body"]
    done("appoint_call_experts", board.officer, call=call.number, digest=seen["digest"])
    entry = json.loads(JournalEntry.objects.get(event="slate:appointed", subject=f"call:{call.number}").line)[
        "body"
    ]
    assert hashlib.sha256(bytes.fromhex(entry["seed"])).hexdigest() == told["seed_commitment"]
    assert entry["next"]["seed_commitment"] != told["seed_commitment"]

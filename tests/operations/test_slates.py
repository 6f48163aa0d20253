"""Experts of all bids at once: proposed, pinned, appointed, replaced with as little change as can be, and verified."""

import hashlib
import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

import factories as make
from acting import Round, refused
from jiebang.adapters.assignment_problem import problem_of
from jiebang.decisions.slate import Slate as Found
from jiebang.engines.assignment.verify import verify
from jiebang.operations.proposing import propose, scope_of
from jiebang.records.bids.models import Bid, BidContent
from jiebang.records.challenges.models import Challenge
from jiebang.records.journal.models import JournalEntry
from jiebang.records.outbox.models import Message
from jiebang.records.people.models import ExpertProfile, User
from jiebang.records.reviews.models import Assignment, Slate

pytestmark = pytest.mark.django_db
COUNTRIES = ("CN", "VN", "TH", "ID", "MY")


def expert(place: int, **profile: Any) -> User:
    """An expert of the language sector from one of five countries who reads English."""
    home = make.organisation(country=COUNTRIES[place % len(COUNTRIES)])
    person = make.person(role="expert", party=home.party)
    said = {"sectors": ["language"], "languages": ["en"], "expertise": ["handwritten papers"], **profile}
    ExpertProfile.objects.create(person=person, **said)
    return person


def another_bid(course: Round) -> Bid:
    posted = Challenge.objects.get(number=course.challenge)
    bid = make.bid(posted, stage="eligible", submitted_at=course.at)
    BidContent.objects.create(
        bid=bid, content={"title": make.statement("A reader")}, saved_at=course.at, sent_at=course.at
    )
    return bid


@pytest.fixture
def course() -> Round:
    """Three bids that passed the check, nobody asked yet, and eight experts who know the sector."""
    course = Round().opened()
    course.do("check_bids", course.board.officer, challenge=course.challenge)
    course.move("challenge", "start_review", course.board.officer)
    for _ in range(2):
        another_bid(course)
    course.experts = [expert(place) for place in range(8)]
    return course


def appoint(course: Round, **given: Any) -> Any:
    return course.do("appoint_experts", course.board.officer, challenge=course.challenge, **given)


def pairs() -> set[tuple[str, str]]:
    """Bids and addresses of the live assignments."""
    live = Assignment.objects.filter(status__in=Assignment.LIVE)
    return {(row.bid.number, row.expert.email) for row in live.select_related("bid", "expert")}


def codes(course: Round, name: str = "propose_experts", **given: Any) -> list[str]:
    return refused(name, course.board.officer, at=course.at, challenge=course.challenge, **given)


def test_one_act_asks_the_experts_of_every_bid(course: Round) -> None:
    seen = course.do("propose_experts", course.board.officer, challenge=course.challenge)
    assert not Assignment.objects.exists(), "a proposal asks nobody"
    done = appoint(course, digest=seen["digest"])
    assert done["pairs"] == seen["pairs"]
    assert pairs() == {(item["bid"], item["expert"]) for item in seen["pairs"]}
    assert set(Counter(bid for bid, _ in pairs()).values()) == {3}
    assert done["optimal"]
    countries = Counter(
        (row.bid_id, row.expert.engagements.get().party.organisation.country)
        for row in Assignment.objects.all()
    )
    assert max(countries.values()) <= 2
    assert codes(course, "appoint_experts") == ["slate.nothing"]


def test_the_journal_and_the_stored_problem_prove_the_appointment(course: Round) -> None:
    appoint(course)
    kept = Slate.objects.get()
    entry = json.loads(JournalEntry.objects.get(event="slate:appointed").line)["body"]
    assert entry["digest"] == kept.digest == hashlib.sha256(kept.problem.encode()).hexdigest()
    assert entry["options"]["most_of_country"] == 2
    assert sorted(entry["pairs"]) == sorted(row[:2] for row in kept.pairs)
    read = problem_of(kept.problem, name="kept")
    assert isinstance(read, tuple), read
    problem = read[0]
    numbers = [(problem.bids.index(bid), problem.experts.index(one)) for bid, one, _ in kept.pairs]
    found = verify(problem, numbers)
    assert found.holds
    assert found.total == pytest.approx(kept.total)
    assert not verify(problem, numbers[1:]).holds


def test_what_changed_since_it_was_seen_is_seen_first(course: Round) -> None:
    seen = course.do("propose_experts", course.board.officer, challenge=course.challenge)
    address = seen["pairs"][0]["expert"]
    lead = course.board.lead.party.slug
    given = {"expert": address, "organisation": lead, "kind": "family", "text": "Told by phone."}
    course.do("record_conflict", course.board.officer, **given)
    assert codes(course, "appoint_experts", digest=seen["digest"]) == ["slate.changed"]
    appoint(course)
    assert address not in {one for _, one in pairs()}, "a stake in a rival bid bars from all"


def test_a_replacement_changes_as_little_as_can_be(course: Round) -> None:
    appoint(course)
    before = pairs()
    gone = Assignment.objects.order_by("pk").first()
    assert gone is not None
    course.do("recuse", gone.expert, assignment=gone.pk, why="A former student leads it.")
    done = appoint(course)
    assert (done["asked"], done["released"]) == (1, 0)
    assert before - pairs() == {(gone.bid.number, gone.expert.email)}
    assert (gone.bid.number, gone.expert.email) not in pairs()


def test_who_is_in_conflict_by_now_is_let_go_and_told(course: Round) -> None:
    appoint(course)
    row = Assignment.objects.order_by("pk").first()
    assert row is not None
    make_partner = {
        "person": row.expert.email,
        "organisation": course.board.lead.party.slug,
        "role": "partner",
    }
    assert course.do("appoint", course.board.officer, **make_partner)["waits"]
    admin = make.person(role="administrator", party=course.board.office.party)
    course.do("appoint", admin, **make_partner)
    mine = Assignment.objects.filter(expert=row.expert)
    done = appoint(course)
    assert done["released"] == mine.count()
    assert {item.status for item in mine} == {"released"}
    told = Message.objects.filter(to_user=row.expert, code="mail.review_released")
    assert row.bid.number in {message.params["bid"] for message in told}
    assert refused("declare", row.expert, at=course.at, assignment=row.pk, conflict=False) == [
        "review.released"
    ]


def test_pins_and_prohibitions_hold_with_their_reasons(course: Round) -> None:
    bid, officer = course.bid, course.board.officer
    one, two = course.experts[:2]
    for person, wish in ((one, "pin"), (two, "forbid")):
        course.do(
            "wish_pair", officer, bid=bid, expert=person.email, wish=wish, why="The owner asked for it."
        )
    appoint(course)
    assert (bid, one.email) in pairs()
    assert (bid, two.email) not in pairs()
    assert refused("wish_pair", officer, at=course.at, bid=bid, expert=one.email, wish="pin", why="") != []


def test_nobody_is_pinned_against_a_conflict(course: Round) -> None:
    tied = course.experts[0]
    course.do("declare_conflict", tied, organisation=course.board.lead.party.slug, kind="co_author")
    given = {"bid": course.bid, "expert": tied.email, "wish": "pin", "why": "The best."}
    assert refused("wish_pair", course.board.officer, at=course.at, **given) == ["conflict.direct"]


def test_constraints_that_collide_are_named_with_their_repairs(course: Round) -> None:
    ExpertProfile.objects.update(sectors=["fishery"])
    assert codes(course) == ["assignment.quota_least", "assignment.drop_quota"]
    assert codes(course, "appoint_experts") == codes(course)
    for person in User.objects.filter(engagements__role="expert"):
        ExpertProfile.objects.update_or_create(person=person, defaults={"max_load": 0})
    found = codes(course)
    assert found[0] == "assignment.too_few_experts"
    assert "assignment.raise_max_load" in found


def test_who_is_away_or_full_is_not_asked(course: Round) -> None:
    away, later, full = course.experts[:3]
    day = course.at.date()
    ExpertProfile.objects.filter(person=away).update(available_until=day + timedelta(days=1))
    ExpertProfile.objects.filter(person=later).update(available_from=day + timedelta(days=2))
    ExpertProfile.objects.filter(person=full).update(max_load=0)
    appoint(course)
    assert {one for _, one in pairs()}.isdisjoint({away.email, later.email, full.email})
    given = {"bid": course.bid, "expert": away.email}
    assert refused("assign_expert", course.board.officer, at=course.at, **given) == ["review.unavailable"]


def test_who_cannot_read_a_bid_is_not_asked(course: Round) -> None:
    reader = course.experts[0]
    ExpertProfile.objects.filter(person=reader).update(languages=["th"])
    appoint(course)
    assert reader.email not in {one for _, one in pairs()}


def test_nobody_judges_whoever_judges_them_elsewhere(course: Round) -> None:
    """An expert with a part in a bid on another challenge is not judged there by whom the expert judges here."""
    author, judge = course.experts[:2]
    call = Challenge.objects.get(number=course.challenge).call
    elsewhere = make.challenge(call=call, stage="reviewing")
    its_lead = make.guangxi_organisation()
    make.engaged(author, role="lead", party=its_lead.party)
    theirs = make.bid(elsewhere, lead=its_lead, stage="eligible")
    mine = make.bid(Challenge.objects.get(number=course.challenge), stage="eligible", submitted_at=course.at)
    make.engaged(judge, role="lead", party=mine.consortium.lead)
    assigned = {"assigned_at": course.at, "assigned_by": course.board.officer}
    Assignment.objects.create(bid=theirs, expert=judge, **assigned)
    course.do("appoint_experts", course.board.officer, challenge=course.challenge)
    refresh = {"bid": theirs.number, "expert": course.experts[2].email}
    course.do("assign_expert", course.board.officer, **refresh)  # writes the blocks there
    made = propose(scope_of(Challenge.objects.get(number=course.challenge)), at=course.at)
    place = {one.pk: number for number, one in enumerate(made.people)}
    bids = {bid.pk: number for number, bid in enumerate(made.bids)}
    assert made.wanted.barred[bids[mine.pk], place[author.pk]] == "ring"


def test_a_lot_is_drawn_from_a_seed_that_was_committed_to(monkeypatch: pytest.MonkeyPatch) -> None:
    course = Round(board=make.board())
    book = make.ring_sea()
    posted = make.challenge(call=make.call(rulebook=make.installed(book)), stage="reviewing")
    course.challenge = posted.number
    bids = [make.bid(posted, stage="eligible", submitted_at=course.at) for _ in range(2)]
    assert bids
    for place in range(6):
        expert(place)
    seen = course.do("propose_experts", course.board.officer, challenge=posted.number)
    proposed = json.loads(JournalEntry.objects.get(event="slate:proposed").line)["body"]
    appoint(course, digest=seen["digest"])
    entry = json.loads(JournalEntry.objects.get(event="slate:appointed").line)["body"]
    assert hashlib.sha256(bytes.fromhex(entry["seed"])).hexdigest() == proposed["seed_commitment"]
    assert entry["next"]["seed_commitment"] != proposed["seed_commitment"]
    read = problem_of(Slate.objects.get().problem, name="kept")
    assert isinstance(read, tuple), read
    assert read[1] == proposed["seed_commitment"]


def test_a_signed_review_stays_whatever_is_proposed(course: Round) -> None:
    appoint(course)
    row = Assignment.objects.order_by("pk").first()
    assert row is not None
    Assignment.objects.filter(pk=row.pk).update(status="signed", signed_at=course.at)
    ExpertProfile.objects.filter(person=row.expert).update(sectors=[], expertise=[], max_load=0)
    other = Assignment.objects.exclude(expert=row.expert).order_by("pk").first()
    assert other is not None
    course.do("recuse", other.expert, assignment=other.pk, why="Family.")
    appoint(course)
    row.refresh_from_db()
    assert row.status == "signed"
    made = propose(scope_of(Challenge.objects.get(number=course.challenge)), at=course.at)
    assert isinstance(made.found, Found)


def test_only_the_office_without_a_stake_appoints(course: Round) -> None:
    given = {"challenge": course.challenge}
    assert refused("appoint_experts", course.experts[0], at=course.at, **given) == ["access.role"]
    owner = Challenge.objects.get(number=course.challenge).need.owner
    make.engaged(course.board.officer, role="owner", party=owner)
    assert codes(course) == ["four_eyes.interested"]

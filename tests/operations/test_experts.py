"""Experts say what they can judge and whom they are linked to; blocks follow every change and end reading too."""

from datetime import timedelta

import pytest

import factories as make
from acting import Round, refused
from jiebang.operations.interests import interests
from jiebang.records.access import Reader, visible
from jiebang.records.bids.models import Bid
from jiebang.records.people.models import Engagement, ExpertProfile, User
from jiebang.records.reviews.models import Assignment, Block, Conflict

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Round:
    """A bid with three experts who declared no interest."""
    return Round().reviewing()


def reads(course: Round, person: User) -> bool:
    """Whether a person may read the content of the round's bid as an expert."""
    reader = Reader(person=person, at=course.at)
    return visible(
        Bid.objects.filter(number=course.bid), what="bid_content", of="bid", reader=reader
    ).exists()


def stored(person: User) -> list[tuple[str, str, str]]:
    rows = Block.objects.filter(expert=person).order_by("pk")
    return [(row.kind, row.stake, row.bid.number) for row in rows]


def test_a_profile_is_the_experts_own_and_the_offices(course: Round) -> None:
    one, two = course.experts[:2]
    said = {
        "expertise": ["sensors", " ", "sensors"],
        "sectors": ["health"],
        "languages": ["en"],
        "max_load": 2,
    }
    course.do("change_expert", one, **said)
    course.do("change_expert", course.board.officer, expert=two.email, languages=["vi"])
    kept = ExpertProfile.objects.get(person=one)
    assert (kept.expertise, kept.sectors, kept.max_load) == (["sensors"], ["health"], 2)
    assert ExpertProfile.objects.get(person=two).languages == ["vi"]
    assert refused("change_expert", one, at=course.at, expert=two.email) == ["access.not_found"]
    assert refused("change_expert", course.board.lead_person, at=course.at) == ["access.role"]
    layman = make.person()
    assert refused("change_expert", course.board.officer, at=course.at, expert=layman.email) == [
        "review.not_an_expert"
    ]
    wrong = {
        "sectors": ["alchemy"],
        "max_load": -1,
        "available_from": "2026-02-01",
        "available_until": "2026-01-01",
    }
    assert refused("change_expert", one, at=course.at, **wrong) == [
        "expert.unknown_sector", "expert.load", "conflict.ends_first",
    ]  # fmt: skip


def test_a_link_that_is_recorded_ends_reading_at_once_and_lifting_it_opens_again(course: Round) -> None:
    expert, lead = course.experts[0], course.board.lead.party.slug
    assert reads(course, expert)
    given = {"expert": expert.email, "organisation": lead, "kind": "co_author", "text": "A joint paper."}
    made = course.do("record_conflict", course.board.officer, **given)
    assert stored(expert) == [("co_author", "member", course.bid)]
    assert not reads(course, expert)
    assert reads(course, course.experts[1])
    course.do("lift_conflict", course.board.second, conflict=made["conflict"], why="Another of that name.")
    assert stored(expert) == []
    assert reads(course, expert)
    assert refused(
        "lift_conflict", course.board.second, at=course.at, conflict=made["conflict"], why="x"
    ) == ["access.not_found"]


def test_only_the_office_records_and_lifts(course: Round) -> None:
    expert = course.experts[0]
    given = {"expert": expert.email, "organisation": "office", "kind": "family", "text": "Told."}
    assert refused("record_conflict", expert, at=course.at, **given) == ["access.role"]
    made = course.do("declare_conflict", expert, organisation="office", kind="family")
    assert refused("lift_conflict", expert, at=course.at, conflict=made["conflict"], why="x") == [
        "access.role"
    ]


def test_a_link_names_one_end_and_ends_after_it_began(course: Round) -> None:
    expert = course.experts[0]
    other = make.person()

    def codes(**given: object) -> list[str]:
        return refused("declare_conflict", expert, at=course.at, kind="family", **given)

    assert codes() == codes(organisation="office", person=other.email) == ["conflict.one_end"]
    assert codes(person=other.email, since="2026-01-02", until="2026-01-02") == ["conflict.ends_first"]
    assert codes(person=expert.email) == ["conflict.oneself"]


def test_a_relatives_employer_counts_and_says_through_whom(course: Round) -> None:
    expert, cousin = course.experts[0], make.person(name="Cousin Sample")
    course.do("declare_conflict", expert, person=cousin.email, kind="family")
    assert reads(course, expert), "the cousin has no stake yet"
    admin = make.person(role="administrator", party=course.board.office.party)
    given = {"person": cousin.email, "organisation": course.board.lead.party.slug, "role": "partner"}
    for officer in (course.board.officer, admin):
        course.do("appoint", officer, **given)
    assert stored(expert) == [("family", "member", course.bid)]
    assert not reads(course, expert)
    (said,) = interests(Bid.objects.get(number=course.bid), expert, at=course.at)
    assert said.code == "conflict.through"
    assert "is family of Cousin Sample" in str(said)


def test_a_past_post_wears_off_with_the_years_of_the_rulebook(course: Round) -> None:
    expert, bid = course.experts[0], Bid.objects.get(number=course.bid)
    post = make.engaged(expert, role="partner", party=course.board.lead.party)
    for years, barred in ((2, True), (4, False)):
        ended = course.at - timedelta(days=365 * years)
        Engagement.objects.filter(pk=post.pk).update(since=ended - timedelta(days=9), until=ended)
        assert bool(interests(bid, expert, at=course.at)) is barred


def test_ending_a_post_leaves_the_block_for_its_years(course: Round) -> None:
    expert = course.experts[0]
    post = make.engaged(expert, role="partner", party=course.board.lead.party)
    course.do("end_engagement", expert, engagement=post.pk)
    assert stored(expert) == [("same_organisation", "member", course.bid)]
    assert refused(
        "save_review", expert, at=course.at, assignment=expert.assignments.get().pk, scores={}
    ) == ["conflict.direct"]


def test_opening_bids_writes_the_blocks_of_the_whole_pool() -> None:
    course = Round().sent()
    tied = make.person(role="expert")
    Conflict.objects.create(expert=tied, party=course.board.lead.party, kind="adviser", declared_at=course.at)
    assert stored(tied) == []
    course.at = Bid.objects.get(number=course.bid).challenge.closes_at
    course.move("challenge", "close", course.board.officer)
    assert stored(tied) == [("adviser", "member", course.bid)]


def test_a_released_expert_can_be_asked_again(course: Round) -> None:
    row = Assignment.objects.order_by("pk").first()
    assert row is not None
    Assignment.objects.filter(pk=row.pk).update(status="released")
    assert not reads(course, row.expert)
    course.do("assign_expert", course.board.officer, bid=course.bid, expert=row.expert.email)
    row.refresh_from_db()
    assert row.status == "asked"

"""Judging: declared before read, on the scale, complete before signed, and nobody with an interest."""

from collections.abc import Callable
from decimal import Decimal

import pytest

import factories as make
from acting import Round, done, refused
from jiebang.operations.judging import judged
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge
from jiebang.records.people.models import ExpertProfile, Organisation
from jiebang.records.reviews.models import Assignment, Conflict

pytestmark = pytest.mark.django_db
CRITERIA = tuple(make.guangxi().criteria)


def scores(value: object = 80) -> dict[str, object]:
    return dict.fromkeys(CRITERIA, value)


@pytest.fixture
def course() -> Round:
    """A bid with three experts who declared no interest."""
    return Round().reviewing()


def test_a_review_is_declared_scored_and_signed_once(course: Round) -> None:
    expert = course.experts[0]
    number = expert.assignments.get().pk
    part = {"assignment": number, "scores": {CRITERIA[0]: "80"}}
    assert course.do("save_review", expert, **part)["missing"] == list(CRITERIA[1:])
    assert set(refused("sign_review", expert, assignment=number)) == {"review.incomplete"}
    course.do("save_review", expert, assignment=number, scores=scores(), comments={CRITERIA[0]: "Fits."})
    course.do("sign_review", expert, assignment=number)
    assert refused("save_review", expert, **part) == ["review.signed"]
    assert refused("declare", expert, assignment=number, conflict=True) == ["review.signed"]
    assert refused("recuse", expert, assignment=number, why="Late.") == ["review.signed"]
    course.do("reopen_review", course.board.second, assignment=number, why="A slip.")
    course.do("save_review", expert, assignment=number, scores=scores(70))
    assert refused("reopen_review", course.board.second, assignment=number, why="Again.") == [
        "access.not_found"
    ]


@pytest.mark.parametrize(("value", "code"), [
    (-1, "review.off_scale"), (100.01, "review.off_scale"), ("NaN", "request.not_a_number"), ("many", "request.not_a_number"),
])  # fmt: skip
def test_a_score_is_on_its_scale(course: Round, value: object, code: str) -> None:
    expert = course.experts[0]
    given = {"assignment": expert.assignments.get().pk, "scores": {CRITERIA[0]: value}}
    assert set(refused("save_review", expert, **given)) == {code}


def test_an_unknown_criterion_is_refused(course: Round) -> None:
    expert = course.experts[0]
    given = {"assignment": expert.assignments.get().pk, "scores": {"beauty": 1}}
    assert refused("save_review", expert, **given) == ["review.unknown_criterion"]


def test_one_experts_review_is_not_anothers(course: Round) -> None:
    first, second = course.experts[:2]
    number = first.assignments.get().pk
    for name, given in (("save_review", {"scores": scores()}), ("sign_review", {}), ("recuse", {"why": "x"})):
        assert refused(name, second, assignment=number, **given) == ["access.not_found"]


def test_an_interest_ends_the_assignment_and_the_office_finds_somebody_else(course: Round) -> None:
    expert = course.experts[0]
    number = expert.assignments.get().pk
    course.do("recuse", expert, assignment=number, why="A former student leads it.")
    assert refused("save_review", expert, assignment=number, scores=scores()) == ["review.recused"]
    again = {"bid": course.bid, "expert": expert.email}
    assert set(refused("assign_expert", course.board.officer, at=course.at, **again)) == {
        "review.assigned",
        "review.conflict",
    }
    other = make.person(role="expert")
    asked = course.do("assign_expert", course.board.officer, bid=course.bid, expert=other.email)
    assert refused("save_review", other, assignment=asked["assignment"], scores=scores()) == [
        "review.undeclared"
    ]
    course.do("declare", other, assignment=asked["assignment"], conflict=True, kind="kinship")
    assert Assignment.objects.get(pk=asked["assignment"]).status == "recused"
    assert Conflict.objects.filter(expert=other, kind="kinship").exists()


def test_nobody_judges_a_bid_with_a_known_interest_or_a_full_load(course: Round) -> None:
    officer, lead = course.board.officer, course.board.lead
    member, declared, full, stranger = (make.person(role="expert") for _ in range(4))
    make.engaged(member, role="partner", party=lead.party)
    course.do("declare_conflict", declared, organisation=lead.party.slug, kind="employer")
    ExpertProfile.objects.create(person=full, max_load=0)
    for person, code in ((member, "conflict.direct"), (declared, "conflict.direct"), (full, "review.full")):
        assert refused("assign_expert", officer, at=course.at, bid=course.bid, expert=person.email) == [code]
    layman = make.person()
    assert refused("assign_expert", officer, at=course.at, bid=course.bid, expert=layman.email) == [
        "review.not_an_expert"
    ]
    ExpertProfile.objects.create(person=stranger)  # names no number of its own: the rulebook's holds
    course.do("assign_expert", officer, bid=course.bid, expert=stranger.email)


def rival(course: Round) -> Organisation:
    """An organisation with another bid on the same challenge."""
    lead = make.guangxi_organisation()
    make.bid(Challenge.objects.get(number=course.challenge), lead=lead, stage="eligible")
    return lead


def co_owner(course: Round) -> Organisation:
    """An organisation that owns the need too."""
    other = make.organisation()
    Challenge.objects.get(number=course.challenge).need.co_owners.add(other.party)
    return other


def the_lead(course: Round) -> Organisation:
    return course.board.lead


@pytest.mark.parametrize("party", [the_lead, rival, co_owner])
def test_an_interest_that_comes_after_the_assignment_ends_the_judging(
    course: Round, party: Callable[[Round], Organisation]
) -> None:
    first, second = course.experts[:2]
    number = first.assignments.get().pk
    course.do("save_review", first, assignment=number, scores=scores())
    asked = course.do(
        "assign_expert", course.board.officer, bid=course.bid, expert=make.person(role="expert").email
    )
    late = Assignment.objects.get(pk=asked["assignment"])
    signed = second.assignments.get().pk
    course.do("save_review", second, assignment=signed, scores=scores())
    course.do("sign_review", second, assignment=signed)
    tied = party(course)
    for expert in (first, second, late.expert):
        make.engaged(expert, role="partner", party=tied.party)
    stops = ["conflict.direct"]
    assert refused("declare", late.expert, at=course.at, assignment=late.pk, conflict=False) == stops
    assert refused("save_review", first, at=course.at, assignment=number, scores=scores()) == stops
    assert refused("sign_review", first, at=course.at, assignment=number) == stops
    fresh = make.person(role="expert")
    make.engaged(fresh, role="lead", party=tied.party)
    assert (
        refused("assign_expert", course.board.officer, at=course.at, bid=course.bid, expert=fresh.email)
        == stops
    )
    course.do("declare", late.expert, assignment=late.pk, conflict=True)
    result = judged(Challenge.objects.get(number=course.challenge), now=course.at)
    left_out = {item.about for item in result.verdicts if item.rule == "review.no_conflict"}
    assert left_out == {second.pseudonym}, "what was signed counts no more, and a verdict says so"


def test_a_signed_review_makes_room_for_the_next(course: Round) -> None:
    one = make.person(role="expert")
    ExpertProfile.objects.create(person=one, max_load=1)
    asked = course.do("assign_expert", course.board.officer, bid=course.bid, expert=one.email)["assignment"]
    posted = Bid.objects.get(number=course.bid).challenge
    next_bid = make.bid(posted, stage="eligible", submitted_at=course.at)
    given = {"bid": next_bid.number, "expert": one.email}
    assert refused("assign_expert", course.board.officer, at=course.at, **given) == ["review.full"]
    course.do("declare", one, assignment=asked, conflict=False)
    course.do("save_review", one, assignment=asked, scores=scores())
    course.do("sign_review", one, assignment=asked)
    course.do("assign_expert", course.board.officer, **given)


def test_nothing_is_proposed_while_a_review_is_unsigned(course: Round) -> None:
    given = {"kind": "challenge", "number": course.challenge, "command": "propose_award"}
    assert refused("move", course.board.officer, at=course.at, **given) == ["lifecycle.guard_fails"]


def test_an_owner_is_heard_only_where_the_rulebook_says_so(course: Round) -> None:
    given = {"bid": course.bid, "favourable": True, "text": "It fits."}
    assert refused("give_view", course.board.owner_person, at=course.at, **given) == ["access.not_found"]


def test_scores_after_the_review_stage_are_refused() -> None:
    course = Round().published(Decimal(80))
    expert = course.experts[0]
    Assignment.objects.filter(expert=expert).update(status="draft")
    given = {"assignment": expert.assignments.get().pk, "scores": scores()}
    assert refused("save_review", expert, at=course.at, **given) == ["review.not_open"]
    assert done("change_account", expert, language="en", timezone="Asia/Vientiane") is not None

"""An agreement in force changes: the parties agree to the words, two of the office decide, then it is so."""

from datetime import date, timedelta
from typing import Any

import pytest

import factories as make
from acting import Round, refused
from jiebang.operations.signatories import parties_of
from jiebang.operations.things import members
from jiebang.records.access import Reader
from jiebang.records.agreements.models import Change
from jiebang.records.bids.models import Invitation
from jiebang.records.outbox.models import Message
from jiebang.records.people.models import Party
from jiebang.records.projects import own
from jiebang.records.projects.models import Project
from jiebang.web.bidders.team import _stamp

pytestmark = pytest.mark.django_db
WORD = {"password": make.PASSWORD}


@pytest.fixture
def course() -> Round:
    return Round().running()


def project() -> Project:
    return Project.objects.select_related("bid__consortium", "challenge__need__owner").get()


def partner(course: Round, slug: str, status: str = "accepted") -> Any:
    """A partner of the bid with a person who acts for it."""
    found = make.guangxi_organisation(slug=slug)
    Invitation.objects.create(
        consortium=project().bid.consortium, partner=found.party, status=status, invited_at=course.at,
        expires_at=course.at,
    )  # fmt: skip
    return make.person(f"{slug}@people.example", role="partner", party=found.party)


def agreed(course: Round, made: dict[str, Any], *people: Any) -> dict[str, Any]:
    on = {"project": course.project, "change": made["change"]}
    for person in people:
        course.do("agree_to_change", person, **on, sha256=made["sha256"], **WORD)
    return on


def test_a_day_moves_once_both_sides_and_two_officers_agree(course: Round) -> None:
    board, day = course.board, course.at.date() + timedelta(days=200)
    asked = {"project": course.project, "why": "The rains came early.", "dates": {2: day.isoformat()}}
    assert refused("propose_change", make.person(role="lead"), at=course.at, **asked) == ["access.not_found"]
    made = course.do("propose_change", board.lead_person, **asked)
    assert made["asked"] == [board.lead.party.slug, board.owner.party.slug]
    assert Message.objects.filter(to_user=board.owner_person, code="mail.change_proposed").count() == 1
    assert refused("propose_change", board.owner_person, at=course.at, **asked) == ["change.open_already"]
    on = {"project": course.project, "change": 1}
    assert refused("decide_change", board.officer, at=course.at, **on, agree=True) == ["change.not_agreed"]
    agree = {**on, "sha256": made["sha256"]}
    assert refused("agree_to_change", board.lead_person, at=course.at, **agree) == ["person.password_wrong"]
    assert refused("agree_to_change", board.lead_person, at=course.at, **on, sha256="0" * 64, **WORD) == [
        "agreement.text_changed"
    ]
    assert refused("agree_to_change", make.person(), at=course.at, **agree, **WORD) == ["access.not_found"]
    agreed(course, made, board.lead_person, board.owner_person)
    assert refused("agree_to_change", board.owner_person, at=course.at, **agree, **WORD) == [
        "change.agreed_already"
    ]
    course.do("decide_change", board.officer, **on, agree=True)
    assert project().milestones.get(order=2).due_on != day, "a second officer decides"
    assert refused("decide_change", board.officer, at=course.at, **on, agree=True) == [
        "four_eyes.same_person"
    ]
    assert course.do("decide_change", board.second, **on, agree=True)["status"] == "in_force"
    assert project().milestones.get(order=2).due_on == day
    assert refused("decide_change", board.second, at=course.at, **on, agree=True) == ["change.ended"]
    assert (
        course.do("propose_change", board.lead_person, **{**asked, "dates": {}, "terms": "Indoors."})[
            "change"
        ]
        == 2
    )


def test_a_partner_goes_another_comes_and_the_past_stays_as_it_was(course: Round) -> None:
    board = course.board
    old = partner(course, "old-partner")
    new = make.guangxi_organisation(slug="new-partner")
    comes = make.person("new@people.example", role="partner", party=new.party)
    before = members(project().bid)
    assert own.find_project(course.project, reader=Reader(comes, at=course.at)) is None
    made = course.do(
        "propose_change", board.officer, project=course.project, why="It closed its institute.", leaving="old-partner",
        joining="new-partner", part="Trains the staff.",
    )  # fmt: skip
    assert "old-partner" not in made["asked"]
    assert Message.objects.filter(to_user=old, code="mail.change_proposed").count() == 1, "but told"
    assert "new-partner" in made["asked"]
    on = agreed(course, made, board.lead_person, board.owner_person)
    assert refused("decide_change", board.officer, at=course.at, **on, agree=True) == ["change.not_agreed"]
    agreed(course, made, comes)
    for officer in (board.officer, board.second):
        course.do("decide_change", officer, **on, agree=True)
    roles = {party.slug: role for party, role in parties_of(project()).items()}
    assert roles["new-partner"] == "partner"
    assert "old-partner" not in roles
    assert own.find_project(course.project, reader=Reader(comes, at=course.at)) is not None
    assert own.find_project(course.project, reader=Reader(old, at=course.at)) is None
    stamps = {row.partner.slug: _stamp(row, course.at).word for row in Invitation.objects.all()}
    assert stamps["new-partner"] != stamps["old-partner"], "the team's page says who came and who went"
    assert [row.number for row in own.projects(reader=Reader(comes, at=course.at))] == [course.project]
    assert members(project().bid) == before, "who bid, and so who was judged and by whom, does not change"


def test_a_team_keeps_the_limits_and_all_faults_come_at_once(course: Round) -> None:
    board = course.board
    for serial in range(5):
        partner(course, f"partner-{serial}")
    make.guangxi_organisation(slug="sixth")
    asked = {"project": course.project, "why": "More hands."}
    assert refused("propose_change", board.lead_person, at=course.at, **asked, joining="sixth") == [
        "change.nobody_there"
    ]
    make.person(role="partner", party=Party.objects.get(slug="sixth"))
    sixth = refused("propose_change", board.lead_person, at=course.at, **asked, joining="sixth")
    assert sixth == ["consortium.too_many_partners"]
    wrong = refused(
        "propose_change", board.lead_person, at=course.at, **asked, leaving="nobody", joining="partner-1",
        dates={9: date(2020, 1, 1).isoformat()},
    )  # fmt: skip
    assert wrong == ["change.milestone_unknown", "change.no_partner", "change.takes_part"]
    assert refused("propose_change", board.lead_person, at=course.at, **asked) == ["change.nothing"]
    made = course.do("propose_change", board.lead_person, **asked, leaving="partner-1", joining="sixth")
    on = {"project": course.project, "change": made["change"]}
    assert refused("withdraw_change", board.owner_person, at=course.at, **on) == ["access.not_found"]
    course.do("withdraw_change", board.lead_person, **on, why="They stay.")
    assert Change.objects.get().status == "withdrawn"


def test_the_office_may_refuse_and_says_why(course: Round) -> None:
    board = course.board
    made = course.do(
        "propose_change", board.owner_person, project=course.project, why="x", terms="Six months more."
    )
    on = {"project": course.project, "change": made["change"]}
    assert refused("decide_change", board.officer, at=course.at, **on, agree=False) == [
        "lifecycle.reason_required"
    ]
    course.do("decide_change", board.officer, **on, agree=False, why="Ask for a new milestone instead.")
    assert Change.objects.get().remark == "Ask for a new milestone instead."
    assert Message.objects.filter(to_user=board.lead_person, code="mail.change_refused").count() == 1


def test_nobody_decides_on_an_organisation_of_their_own_and_nothing_changes_after_the_end(
    course: Round,
) -> None:
    board = course.board
    new = make.guangxi_organisation(slug="new-partner")
    make.person(role="partner", party=new.party)
    made = course.do(
        "propose_change", board.lead_person, project=course.project, why="x", joining="new-partner"
    )
    make.engaged(board.officer, role="partner", party=new.party)
    on = {"project": course.project, "change": made["change"]}
    stake = refused("decide_change", board.officer, at=course.at, **on, agree=False, why="No.")
    assert stake == ["four_eyes.interested"]
    Project.objects.update(ended_at=course.at)
    assert refused("decide_change", board.second, at=course.at, **on, agree=False, why="No.") == [
        "project.not_running"
    ]
    asked = {"project": course.project, "why": "x", "terms": "Other words."}
    Change.objects.update(status="withdrawn")
    assert refused("propose_change", board.lead_person, at=course.at, **asked) == ["project.not_running"]


def test_with_the_project_its_open_change_ends(course: Round) -> None:
    course.do(
        "propose_change", course.board.lead_person, project=course.project, why="x", terms="Other words."
    )
    course.ends_without_fault("The site was flooded.")
    assert Change.objects.get().status == "withdrawn"


def test_before_it_is_in_force_nothing_is_changed_this_way() -> None:
    course = Round().decided()
    asked = {"project": course.project, "why": "x", "terms": "Other words."}
    assert refused("propose_change", course.board.lead_person, at=course.at, **asked) == [
        "change.not_in_force"
    ]


def test_a_day_that_nobody_means_is_refused_whatever_the_act(course: Round) -> None:
    asked = {"project": course.project, "why": "x", "dates": {2: "9999-12-31"}}
    assert refused("propose_change", course.board.lead_person, at=course.at, **asked) == ["request.day_far"]


def test_a_stranger_does_not_learn_whether_there_is_a_change(course: Round) -> None:
    board = course.board
    course.do("propose_change", board.lead_person, project=course.project, why="x", terms="Indoors.")
    stranger = make.person(role="owner", party=make.organisation().party)
    codes = [
        refused("withdraw_change", stranger, at=course.at, project=course.project, change=order)
        for order in (1, 77)
    ]
    assert codes == [["access.not_found"], ["access.not_found"]]

"""Who does which part of a project: recorded by its lead or the office, each fault told, withdrawn with a reason."""

from datetime import timedelta
from typing import Any

import pytest

import factories as make
from acting import Round, refused, run
from jiebang.operations.kernel import Refused
from jiebang.operations.things import day_of
from jiebang.records.access import Reader
from jiebang.records.journal.queries import entries, entry_of
from jiebang.records.people.models import Organisation, User
from jiebang.records.projects.chain import parts, parts_of, withdrawn_from
from jiebang.records.projects.models import ChainPart, Project

pytestmark = pytest.mark.django_db


def project_of(course: Round) -> Project:
    return Project.objects.get(number=course.project)


def part(course: Round, organisation: Organisation, **given: Any) -> dict[str, Any]:
    plain = {"link": "integration", "place": "Nanning", "does": "Puts it together."}
    return {"project": course.project, "organisation": organisation.party.slug, **plain, **given}


def test_the_lead_records_and_withdraws_a_part_and_all_of_it_stays() -> None:
    course = Round().running()
    board = course.board
    made = course.do(
        "record_chain_part", board.lead_person, **part(course, board.lead, share="30", share_of="effort")
    )
    row = parts_of(project_of(course)).get()
    assert (row.pk, row.country, row.region, row.place) == (made["part"], "CN", "CN-GX", "Nanning"), (
        "its own place"
    )
    assert (str(row.share), row.share_of, row.does["text"]) == ("30.00", "effort", "Puts it together.")
    assert (row.recorded_by, row.since) == (board.lead_person, day_of(course.at, project_of(course)))
    told = entry_of(entries(event="chain:recorded").get()).body
    assert (told["organisation"], told["link"], told["share"]) == (board.lead.party.slug, "integration", "30")
    withdrawal = {"project": course.project, "part": row.pk}
    assert refused("withdraw_chain_part", board.lead_person, at=course.at, **withdrawal, why=" ") != []
    course.do("withdraw_chain_part", board.lead_person, **withdrawal, why="Another does it now.")
    assert list(parts_of(project_of(course))) == []
    assert withdrawn_from(project_of(course)).get().why == "Another does it now."
    again = refused("withdraw_chain_part", board.officer, at=course.at, **withdrawal, why="Twice.")
    assert again == ["chain.withdrawn"]
    assert entry_of(entries(event="chain:withdrawn").get()).body["why"] == "Another does it now."
    course.do("record_chain_part", board.lead_person, **part(course, board.lead))
    assert ChainPart.objects.count() == 2


def test_every_fault_is_told_at_once() -> None:
    course = Round().running()
    outside = make.organisation("Sample Outsider", country="TH")
    given = part(
        course,
        outside,
        link="sales",
        region="CN-BJ",
        share="101",
        share_of="money",
        since=course.at.date() + timedelta(days=3),
    )
    assert refused("record_chain_part", course.board.lead_person, at=course.at, **given) == [
        "chain.unknown_link", "chain.not_a_party", "chain.other_region", "chain.in_future", "chain.share_range",
    ]  # fmt: skip
    assert ChainPart.objects.count() == 0


def test_an_organisation_has_a_link_once_and_shares_stay_within_the_whole() -> None:
    course = Round().running()
    board, lead = course.board, course.board.lead_person
    course.do("record_chain_part", lead, **part(course, board.lead, share="70", share_of="effort"))
    assert refused("record_chain_part", lead, at=course.at, **part(course, board.lead)) == ["chain.already"]
    owner = part(course, board.owner, link="application", place="Ha Noi", share="40", share_of="effort")
    outcome = run("record_chain_part", lead, at=course.at, **owner)
    assert isinstance(outcome, Refused)
    assert [(item.code, item.params["left"]) for item in outcome.reasons] == [("chain.share_beyond", "30")]
    course.do("record_chain_part", lead, **{**owner, "share_of": "money"})
    course.do("record_chain_part", lead, **part(course, board.lead, link="research"))


def test_only_the_office_names_one_that_is_no_party() -> None:
    course = Round().running()
    outside = make.organisation("Sample Outsider", country="SG", region="")
    given = part(course, outside, link="research", place="Singapore")
    assert refused("record_chain_part", course.board.lead_person, at=course.at, **given) == [
        "chain.not_a_party"
    ]
    course.do("record_chain_part", course.board.officer, **given)
    assert parts_of(project_of(course)).get().country == "SG"


def someone_else() -> list[tuple[User, str]]:
    return [
        (make.person(role="lead", party=make.guangxi_organisation().party), "chain.not_yours"),
        (make.person(role="owner"), "access.role"), (make.person(role="expert"), "access.role"),
    ]  # fmt: skip


def test_nobody_else_records_and_nobody_after_the_end() -> None:
    course = Round().running()
    board = course.board
    for person, code in someone_else():
        assert refused("record_chain_part", person, at=course.at, **part(course, board.lead)) == [code]
    assert refused("record_chain_part", board.owner_person, at=course.at, **part(course, board.lead)) == [
        "access.role"
    ]
    unknown = {**part(course, board.lead), "organisation": "nobody"}
    assert refused("record_chain_part", board.lead_person, at=course.at, **unknown) == ["access.not_found"]
    assert (
        refused(
            "record_chain_part", board.lead_person, at=course.at, **{**part(course, board.lead), "place": " "}
        )
        != []
    )
    interested = make.person(role="officer", party=board.office.party)
    make.engaged(interested, role="owner", party=board.owner.party)
    assert refused("record_chain_part", interested, at=course.at, **part(course, board.lead)) == [
        "four_eyes.interested"
    ]
    Project.objects.filter(number=course.project).update(stage="terminated")
    assert refused("record_chain_part", board.lead_person, at=course.at, **part(course, board.lead)) == [
        "project.not_running"
    ]


def test_a_part_of_another_project_is_not_withdrawn() -> None:
    course = Round().running()
    board = course.board
    made = course.do("record_chain_part", board.lead_person, **part(course, board.lead))
    other = make.project(make.bid(make.challenge(call=board.call, stage="decided"), lead=board.lead))
    given = {"project": other.number, "part": made["part"], "why": "Mine."}
    assert refused("withdraw_chain_part", board.lead_person, at=course.at, **given) == ["access.not_found"]


def test_parts_are_read_by_whoever_may_see_the_project() -> None:
    course = Round().running()
    course.do("record_chain_part", course.board.lead_person, **part(course, course.board.lead))
    assert [row.place for row in parts(reader=Reader(person=None, at=course.at))] == ["Nanning"]

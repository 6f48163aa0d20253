"""Laboratories and training: planned by the lead, attained in periods, confirmed by other hands, withdrawn with why."""

from datetime import date, timedelta
from typing import Any

import pytest

import factories as make
from acting import Round, refused
from jiebang.operations.deliverables import tallies_of
from jiebang.records.access import Reader
from jiebang.records.deliverables.models import Attainment, Deliverable
from jiebang.records.deliverables.queries import deliverables, standing_in, waiting_for, withdrawn_from
from jiebang.records.journal.queries import entries, entry_of
from jiebang.records.outbox.models import Message
from jiebang.records.people.models import User
from jiebang.records.projects.models import Project

pytestmark = pytest.mark.django_db
SHA = "b" * 64


def plan(course: Round, **given: Any) -> dict[str, Any]:
    plain = {
        "kind": "training", "name": "Reading old papers", "host": course.board.owner.party.slug, "place": "Ha Noi",
        "planned": {"trainees": "40", "hours": "32", "certificates": "30"},
    }  # fmt: skip
    return {"project": course.project, **plain, **given}


def planned(course: Round, **given: Any) -> int:
    row = course.do("plan_deliverable", course.board.lead_person, **plan(course, **given))["deliverable"]
    course.at += timedelta(days=40)
    return int(row)


def period(course: Round, row: int, **given: Any) -> dict[str, Any]:
    first = Deliverable.objects.get(pk=row).since
    plain = {"values": {"trainees": "20"}, "first": first, "last": first + timedelta(days=9)}
    return {"project": course.project, "deliverable": row, **plain, **given}


def recorded(course: Round, row: int, **given: Any) -> list[int]:
    by = given.pop("by", course.board.lead_person)
    return list(course.do("record_attainment", by, **period(course, row, **given))["attainments"])


def answer(course: Round, row: int, keys: list[int], **given: Any) -> dict[str, Any]:
    return {"project": course.project, "deliverable": row, "attainments": keys, "agree": True, **given}


def stored(course: Round) -> str:
    lead = course.board.lead
    course.do(
        "store_file",
        course.board.lead_person,
        organisation=lead.party.slug,
        upload=make.upload("list.pdf", sha256=SHA),
    )
    return SHA


def partner_of(course: Round) -> User:
    partner = make.organisation("Sample Partner")
    make._invited(Project.objects.get(number=course.project).bid.consortium, partner, status="accepted")
    return make.person(role="partner", party=partner.party)


def figures(row: int) -> dict[str, tuple[str, str]]:
    found = standing_in(Deliverable.objects.get(pk=row).project).get(pk=row)
    return {item.measure: (str(item.confirmed), str(item.waiting)) for item in tallies_of(found)}


def test_a_training_is_planned_attained_and_confirmed_and_only_then_counts() -> None:
    course = Round().running()
    row = planned(course)
    kept = Deliverable.objects.get(pk=row)
    assert (kept.country, kept.planned["hours"], kept.name["text"]) == ("VN", "32", "Reading old papers")
    keys = recorded(
        course, row, values={"trainees": "20", "hours": "16.5", "certificates": "18"}, sha256=stored(course)
    )
    assert figures(row) == {
        "trainees": ("0", "20.00"),
        "hours": ("0", "16.50"),
        "certificates": ("0", "18.00"),
    }
    assert waiting_for(Reader(course.board.owner_person, course.at)).get().pk == row
    assert (
        Message.objects.filter(to_user=course.board.owner_person, code="mail.attainment_recorded").count()
        == 1
    )
    course.do("confirm_attainment", course.board.owner_person, **answer(course, row, keys))
    assert figures(row) == {
        "trainees": ("20.00", "0"),
        "hours": ("16.50", "0"),
        "certificates": ("18.00", "0"),
    }
    first = Attainment.objects.get(pk=keys[0])
    assert (first.party, first.file["sha256"], first.answered_by) == (
        course.board.lead.party, SHA, course.board.owner_person,
    )  # fmt: skip
    assert [entry_of(entries(event=name).get()).body["deliverable"] for name in (
        "deliverable:planned", "attainment:recorded", "attainment:answered",
    )] == [row] * 3  # fmt: skip
    assert not waiting_for(Reader(course.board.owner_person, course.at)).exists()
    assert [item.pk for item in deliverables(reader=Reader(person=None, at=course.at))] == [row]


def test_every_fault_is_told_at_once_and_nothing_is_saved() -> None:
    course = Round().running()
    outside = make.organisation("Sample Outsider", country="TH")
    wrong = plan(
        course, host=outside.party.slug, country="ZZ", planned={"trainees": "1.5", "certificates": "2"}
    )
    assert refused("plan_deliverable", course.board.lead_person, at=course.at, **wrong) == [
        "deliverable.not_a_party", "deliverable.not_whole", "deliverable.plan_beyond", "organisation.country_unknown",
    ]  # fmt: skip
    assert Deliverable.objects.count() == 0
    row = planned(course)
    given = period(
        course, row, values={"trainees": "1.5", "certificates": "2"}, last=date(2030, 1, 1), sha256=SHA
    )
    assert refused("record_attainment", course.board.lead_person, at=course.at, **given) == [
        "deliverable.in_future", "deliverable.not_whole", "deliverable.beyond", "file.not_uploaded",
    ]  # fmt: skip
    assert Attainment.objects.count() == 0


def test_a_day_is_told_once_until_the_value_is_refused() -> None:
    course = Round().running()
    row, lead, owner = planned(course), course.board.lead_person, course.board.owner_person
    keys = recorded(course, row)
    assert refused("record_attainment", lead, at=course.at, **period(course, row)) == ["deliverable.overlaps"]
    no = answer(course, row, keys, agree=False)
    assert refused("confirm_attainment", owner, at=course.at, **no) == ["deliverable.why"]
    course.do("confirm_attainment", owner, **{**no, "why": "Twelve signed the list."})
    assert Message.objects.filter(to_user=lead, code="mail.attainment_refused").count() == 1
    assert figures(row)["trainees"] == ("0", "0")
    again = recorded(course, row, values={"trainees": "12"})
    assert refused("confirm_attainment", owner, at=course.at, **answer(course, row, keys)) == [
        "deliverable.answered"
    ]
    course.do("confirm_attainment", owner, **answer(course, row, again))
    assert figures(row)["trainees"] == ("12.00", "0")


def test_nobody_confirms_what_they_or_their_organisation_recorded() -> None:
    course = Round().running()
    board, row = course.board, planned(course)
    partner = partner_of(course)
    keys = recorded(course, row, by=partner)
    make.engaged(partner, role="owner", party=board.owner.party)
    assert refused("confirm_attainment", partner, at=course.at, **answer(course, row, keys)) == [
        "deliverable.own_value"
    ]
    colleague = make.person(role="lead", party=Attainment.objects.get().party)
    make.engaged(colleague, role="owner", party=board.owner.party)
    assert not waiting_for(Reader(partner, course.at)).exists()
    assert not waiting_for(Reader(colleague, course.at)).exists()
    assert refused("confirm_attainment", colleague, at=course.at, **answer(course, row, keys)) == [
        "deliverable.own_side"
    ]
    assert refused("confirm_attainment", board.lead_person, at=course.at, **answer(course, row, keys)) == [
        "access.role"
    ]
    other = make.person(role="owner")
    assert refused("confirm_attainment", other, at=course.at, **answer(course, row, keys)) == [
        "deliverable.not_to_confirm"
    ]
    course.do("confirm_attainment", board.second, **answer(course, row, keys))
    assert figures(row)["trainees"] == ("20.00", "0")


def test_certificates_wait_for_trainees_and_hold_them_in_place() -> None:
    course = Round().running()
    board, row = course.board, planned(course)
    people, papers = recorded(
        course, row, values={"trainees": "20", "certificates": "18"}, sha256=stored(course)
    )
    owner = board.owner_person
    assert refused("confirm_attainment", owner, at=course.at, **answer(course, row, [papers])) == [
        "deliverable.beyond"
    ]
    course.do("confirm_attainment", owner, **answer(course, row, [people, papers]))
    no = {"agree": False, "why": "The list is of another course."}
    assert refused("confirm_attainment", owner, at=course.at, **answer(course, row, [papers], **no)) == [
        "deliverable.office_only"
    ]
    assert refused(
        "confirm_attainment", board.officer, at=course.at, **answer(course, row, [people], **no)
    ) == ["deliverable.beyond"]
    course.do("confirm_attainment", board.officer, **answer(course, row, [people, papers], **no))
    assert figures(row) == {"trainees": ("0", "0"), "hours": ("0", "0"), "certificates": ("0", "0")}


def test_it_is_withdrawn_with_why_and_after_a_confirmation_by_the_office_alone() -> None:
    course = Round().running()
    board, row = course.board, planned(course)
    lead = board.lead_person
    assert refused("plan_deliverable", lead, at=course.at, **plan(course, name="READING old papers")) == [
        "deliverable.already"
    ]
    course.do("confirm_attainment", board.owner_person, **answer(course, row, recorded(course, row)))
    gone = {"project": course.project, "deliverable": row, "why": "It was another project's."}
    assert refused("withdraw_deliverable", lead, at=course.at, **gone) == ["deliverable.has_confirmed"]
    course.do("withdraw_deliverable", board.officer, **gone)
    project = Project.objects.get(number=course.project)
    assert not standing_in(project).exists()
    assert withdrawn_from(project).get().why == "It was another project's."
    assert entry_of(entries(event="deliverable:withdrawn").get()).body["why"] == "It was another project's."
    assert refused("withdraw_deliverable", board.officer, at=course.at, **gone) == ["deliverable.withdrawn"]
    late = period(course, row, first=course.today, last=course.today)
    assert refused("record_attainment", lead, at=course.at, **late) == ["deliverable.withdrawn"]
    course.do("plan_deliverable", lead, **plan(course))
    made = course.do("plan_deliverable", lead, **plan(course, name="Another"))
    course.do("withdraw_deliverable", lead, **{**gone, "deliverable": made["deliverable"]})


def test_nobody_else_plans_or_records_and_nobody_after_the_end() -> None:
    course = Round().running()
    board, row = course.board, planned(course)
    stranger = make.person(role="lead", party=make.guangxi_organisation().party)
    assert refused("plan_deliverable", stranger, at=course.at, **plan(course)) == ["deliverable.not_yours"]
    assert refused("plan_deliverable", board.owner_person, at=course.at, **plan(course)) == ["access.role"]
    assert refused("record_attainment", stranger, at=course.at, **period(course, row)) == [
        "deliverable.not_at_work"
    ]
    assert refused("record_attainment", board.officer, at=course.at, **period(course, row)) == ["access.role"]
    interested = make.person(role="officer", party=board.office.party)
    make.engaged(interested, role="lead", party=board.lead.party)
    assert refused("plan_deliverable", interested, at=course.at, **plan(course, name="B")) == [
        "four_eyes.interested"
    ]
    outside = make.organisation("Sample Outsider", country="TH")
    course.do("plan_deliverable", board.officer, **plan(course, name="Elsewhere", host=outside.party.slug))
    other = make.project(make.bid(make.challenge(call=board.call, stage="decided"), lead=board.lead))
    strange = period(course, row, project=other.number)
    assert refused("record_attainment", board.lead_person, at=course.at, **strange) == ["access.not_found"]
    Project.objects.filter(number=course.project).update(stage="terminated")
    assert refused("record_attainment", board.lead_person, at=course.at, **period(course, row)) == [
        "project.not_running"
    ]

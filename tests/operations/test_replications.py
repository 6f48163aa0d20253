"""A validated result is carried to a new owner: proposed, agreed, measured, confirmed; every fault is told at once."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

import factories as make
from acting import Round, answers, refused, run
from jiebang.operations.registry import Refused
from jiebang.operations.replica_facts import standing
from jiebang.records.outbox.models import Message
from jiebang.records.projects.models import Project
from jiebang.records.replications.models import Replica

pytestmark = pytest.mark.django_db
DIMENSIONS = ("language", "regulation", "data", "power", "connectivity", "price")


def adapted(**changes: Any) -> list[dict[str, Any]]:
    """An answer to each dimension; `changes` are put into the first."""
    rows = [{"dimension": name, "origin": "As stated.", "here": "Alike."} for name in DIMENSIONS]
    return [{**rows[0], "here": "Khmer.", "change": "Taught anew.", **changes}, *rows[1:]]


class Copying:
    """A validated project, and an organisation in a second country with two people who act for it."""

    def __init__(self) -> None:
        self.course = Round().validated()
        self.board = self.course.board
        self.there = make.organisation("Sample College", country="KH")
        self.person = make.person(role="owner", party=self.there.party)
        self.number = ""

    def asked(self, **given: Any) -> dict[str, Any]:
        """A proposal by its parameters."""
        return {
            "project": self.course.project, "owner": self.there.party.slug, "country": "KH", "site": "Reading room",
            "content": answers("replication"), "adaptations": adapted(), **given,
        }  # fmt: skip

    def proposed(self, **given: Any) -> "Copying":
        made = self.course.do("propose_replication", self.board.lead_person, **self.asked(**given))
        self.number, self.sha256 = made["replica"], made["sha256"]
        return self

    def agreed(self) -> "Copying":
        self.proposed()
        self.course.do("agree_replication", self.person, replica=self.number, sha256=self.sha256)
        self.course.at += timedelta(days=10)
        return self

    def value(self, **given: Any) -> dict[str, Any]:
        """A value by its parameters."""
        return {
            "replica": self.number, "indicator": "I1", "value": "2.6", "unit": "%", "how": "As at the origin.",
            "measured_on": self.course.today, **given,
        }  # fmt: skip

    def measured(self) -> "Copying":
        self.agreed()
        self.course.do("record_replica_value", self.person, **self.value())
        return self

    def said(self, **given: Any) -> dict[str, Any]:
        """The new owner's word by its parameters."""
        content = {
            "in_use": "in_use", "used_for": make.statement("អាន", lang="km"), "users": 7,
            "statement": make.statement("វាមានប្រយោជន៍", lang="km"), **given,
        }  # fmt: skip
        return {"replica": self.number, "content": content}

    def refused(self, name: str, by: Any, /, **given: Any) -> list[str]:
        return refused(name, by, at=self.course.at, **given)

    @property
    def row(self) -> Replica:
        return Replica.objects.get(number=self.number)


def reasons(outcome: Any) -> list[tuple[str, Any]]:
    assert isinstance(outcome, Refused), outcome
    return [(item.code, item.params.get("field")) for item in outcome.reasons]


def test_from_a_validated_project_to_a_copy_in_use_in_a_second_country() -> None:
    copy = Copying().measured()
    assert (copy.row.state, copy.row.measured_by) == ("measured", copy.person)
    copy.course.do("confirm_replication", copy.person, **copy.said())
    row = copy.row
    assert (row.state, row.country, row.confirmed_by) == ("confirmed", "KH", copy.person)
    assert row.confirmation["statement"]["lang"] == "km"
    found = standing(row)
    assert (found.compared[0].difference, found.days_to_use) == (Decimal("0.2"), 10)
    codes = set(Message.objects.filter(code__startswith="mail.replication").values_list("code", "to_user"))
    assert ("mail.replication_proposed", copy.person.pk) in codes
    assert ("mail.replication_confirmed", copy.board.owner_person.pk) in codes
    assert ("mail.replication_agreed", copy.board.lead_person.pk) in codes


def test_nothing_is_carried_on_before_it_is_validated_and_every_fault_is_told_at_once() -> None:
    course = Round().running()
    lead, owner = course.board.lead_person, course.board.owner.party.slug
    rows = [
        {"dimension": "weather", "origin": "Dry.", "here": "Wet."},
        {"dimension": "power", "origin": "Mains.", "here": "Sun.", "cost": "200.5", "currency": "VND"},
        {"dimension": "price", "origin": "10.", "here": "5.", "cost": "7"},
    ]
    outcome = run(
        "propose_replication", lead, at=course.at, project=course.project, owner=owner, country="VN", site="Hall",
        content={}, adaptations=rows, parent="R-1999-001",
    )  # fmt: skip
    assert reasons(outcome) == [
        ("replication.not_validated", None), ("replication.same_owner", "owner"), ("replication.other_parent", "parent"),
        ("replication.unknown_dimension", "adaptations.0.dimension"), ("money.decimals", "adaptations.1.cost"),
        ("replication.no_currency", "adaptations.2.currency"), ("form.required", "plan"),
    ]  # fmt: skip
    assert not Replica.objects.exists()


def test_who_made_it_or_carries_it_is_not_its_new_owner() -> None:
    copy = Copying()
    lead = copy.board.lead.party.slug
    officer = copy.board.officer
    found = copy.refused("propose_replication", officer, **copy.asked(owner=lead))
    assert found == ["replication.owner_made_it", "replication.owner_carries"]
    same = copy.asked(carrier=copy.there.party.slug)
    assert copy.refused("propose_replication", officer, **same) == ["replication.owner_carries"]
    nowhere = copy.asked(country="XX")
    assert copy.refused("propose_replication", officer, **nowhere) == ["organisation.country_unknown"]
    unknown = copy.asked(carrier="nobody")
    assert copy.refused("propose_replication", officer, **unknown) == ["access.not_found"]


def test_only_who_the_rulebook_names_proposes_and_others_learn_nothing() -> None:
    copy = Copying()
    assert copy.refused("propose_replication", copy.person, **copy.asked()) == ["access.not_found"]
    tied = make.person(role="officer", party=copy.board.office.party)
    make.engaged(tied, role="partner", party=copy.board.lead.party)
    assert copy.refused("propose_replication", tied, **copy.asked()) == ["four_eyes.interested"]


def test_the_new_owner_agrees_to_what_it_read_and_not_the_one_who_proposed() -> None:
    copy = Copying().proposed()
    both = make.person(role="lead", party=copy.board.lead.party)
    make.engaged(both, role="owner", party=copy.there.party)
    given = {"replica": copy.number, "sha256": copy.sha256}
    assert copy.refused("agree_replication", copy.board.owner_person, **given) == ["replication.owner_only"]
    assert copy.refused("agree_replication", make.person(role="owner"), **given) == ["access.not_found"]
    other = {**given, "sha256": "0" * 64}
    assert copy.refused("agree_replication", copy.person, **other) == ["replication.other_text"]
    Replica.objects.filter(number=copy.number).update(proposed_by=both)
    assert copy.refused("agree_replication", both, **other) == [
        "replication.own_proposal", "replication.other_text",
    ]  # fmt: skip
    copy.course.do("agree_replication", copy.person, **given)
    assert copy.refused("agree_replication", copy.person, **given) == ["replication.not_open"]


def test_what_is_changed_before_the_answer_is_read_again() -> None:
    copy = Copying().proposed()
    row = {"dimension": "power", "origin": "Mains.", "here": "Sun, four hours.", "change": "A battery."}
    copy.course.do("state_adaptation", copy.board.lead_person, replica=copy.number, order=4, **row)
    assert copy.row.adaptations.count() == len(DIMENSIONS)
    stale = {"replica": copy.number, "sha256": copy.sha256}
    assert copy.refused("agree_replication", copy.person, **stale) == ["replication.other_text"]
    copy.course.do("agree_replication", copy.person, replica=copy.number, sha256=copy.row.sha256)


def test_values_are_of_the_origins_indicators_after_the_agreement_and_with_their_measurer() -> None:
    copy = Copying().agreed()
    day = copy.course.today
    wrong = copy.value(indicator="I9", measured_on=day + timedelta(days=1))
    assert copy.refused("record_replica_value", copy.person, **wrong) == [
        "replication.in_future", "replication.unknown_indicator",
    ]  # fmt: skip
    early = copy.value(measured_on=day - timedelta(days=30))
    assert copy.refused("record_replica_value", copy.board.officer, **early) == [
        "replication.before_agreed", "replication.who_measured",
    ]  # fmt: skip
    missing = copy.value(evidence="a" * 64)
    assert copy.refused("record_replica_value", copy.person, **missing) == ["file.not_uploaded"]
    assert copy.refused("record_replica_value", copy.board.owner_person, **copy.value()) == [
        "replication.may_not_measure"
    ]
    stranger = make.person(role="owner")
    assert copy.refused("record_replica_value", stranger, **copy.value()) == ["access.not_found"]


def test_nothing_counts_before_the_owner_agrees() -> None:
    copy = Copying().proposed()
    assert copy.refused("record_replica_value", copy.person, **copy.value()) == ["replication.not_agreed"]
    assert copy.refused("confirm_replication", copy.person, **copy.said()) == [
        "replication.not_agreed", "replication.few_values", "replication.not_compared",
    ]  # fmt: skip


def test_what_the_carrier_measures_is_shown_and_decides_nothing() -> None:
    copy = Copying().agreed()
    made = copy.course.do("record_replica_value", copy.board.lead_person, **copy.value(value="1"))
    assert (made["side"], made["state"]) == ("carrier", "agreed")
    assert copy.refused("confirm_replication", copy.person, **copy.said()) == [
        "replication.few_values", "replication.not_compared",
    ]  # fmt: skip
    measured = copy.value(value="2.5", measurer="Sample Institute of Measurement")
    made = copy.course.do("record_replica_value", copy.board.officer, **measured)
    assert (made["side"], made["state"]) == ("independent", "measured")


def test_another_method_is_kept_and_not_compared() -> None:
    copy = Copying().agreed()
    copy.course.do("record_replica_value", copy.person, **copy.value(same_method=False))
    assert copy.row.state == "agreed"
    assert copy.refused("confirm_replication", copy.person, **copy.said()) == ["replication.not_compared"]


def test_use_is_confirmed_by_the_owner_in_whole_answers_once() -> None:
    copy = Copying().measured()
    lead = copy.board.lead_person
    assert copy.refused("confirm_replication", lead, **copy.said()) == ["access.role"]
    other = copy.board.owner_person
    assert copy.refused("confirm_replication", other, **copy.said()) == ["replication.owner_only"]
    assert (
        copy.refused("confirm_replication", copy.person, replica=copy.number, content={})
        == ["form.required"] * 4
    )
    Replica.objects.filter(number=copy.number).update(proposed_by=copy.person)
    assert copy.refused("confirm_replication", copy.person, **copy.said()) == ["replication.own_proposal"]
    Replica.objects.filter(number=copy.number).update(proposed_by=lead)
    copy.course.do("confirm_replication", copy.person, **copy.said())
    for act, given in (("confirm_replication", copy.said()), ("record_replica_value", copy.value())):
        assert copy.refused(act, copy.person, **given) == ["replication.over"]


def test_a_copy_is_given_up_with_why_by_those_who_stand_to_it() -> None:
    copy = Copying().agreed()
    given = {"replica": copy.number, "why": "The server room was flooded."}
    assert copy.refused("give_up_replication", make.person(role="owner"), **given) == ["access.not_found"]
    copy.course.do("give_up_replication", copy.person, **given)
    row = copy.row
    assert (row.state, row.given_up_by, row.why["text"]) == ("given_up", copy.person, given["why"])
    assert copy.refused("give_up_replication", copy.person, **given) == ["replication.over"]
    gains: dict[str, Any] = {
        "replica": copy.number,
        "how": "Time.",
        "group": "Readers",
        "as_of": copy.course.today,
    }
    assert copy.refused("state_benefit", copy.person, **gains) == ["replication.over"]


def test_who_gains_is_an_organisation_or_a_group_and_an_amount_says_what_it_rests_on() -> None:
    copy = Copying().agreed()
    on = copy.course.today
    base: dict[str, Any] = {"replica": copy.number, "how": "Hours saved.", "as_of": on}
    both = {**base, "group": "Clerks", "organisation": copy.there.party.slug}
    assert copy.refused("state_benefit", copy.person, **both) == ["replication.who_gains"]
    wrong = {**base, "amount": "10.5", "currency": "VND", "as_of": on + timedelta(days=2)}
    assert copy.refused("state_benefit", copy.person, **wrong) == [
        "replication.who_gains", "money.decimals", "replication.no_basis", "replication.in_future",
    ]  # fmt: skip
    alone = {**base, "group": "Clerks", "amount": "10", "basis": "paid"}
    assert copy.refused("state_benefit", copy.person, **alone) == ["replication.no_currency"]
    copy.course.do("state_benefit", copy.person, **{**alone, "currency": "KHR"})
    copy.course.do("state_benefit", copy.board.lead_person, **base, organisation=copy.there.party.slug)
    first, second = copy.row.benefits.all()
    assert (first.group["text"], first.amount, first.party) == ("Clerks", Decimal(10), None)
    assert (second.party, second.amount) == (copy.there.party, None)


def test_adaptations_are_put_right_and_held_to_the_rulebook() -> None:
    copy = Copying().agreed()
    row: Mapping[str, Any] = {
        "replica": copy.number,
        "dimension": "power",
        "origin": "Mains.",
        "here": "Sun.",
    }
    wrong = {**row, "dimension": "weather", "cost": "5", "days": -1}
    assert copy.refused("state_adaptation", copy.person, **wrong) == [
        "replication.unknown_dimension", "replication.no_currency", "replication.days",
    ]  # fmt: skip
    assert copy.refused("state_adaptation", copy.person, **row, order=99) == ["access.not_found"]
    copy.course.do("state_adaptation", copy.person, **row, cost="120000", currency="KHR", days=3)
    assert standing(copy.row).took.days == 3
    assert standing(copy.row).took.cost == {"KHR": Decimal("120000")}


def test_a_copy_may_be_taken_from_a_copy_that_is_in_use() -> None:
    copy = Copying().measured()
    third = make.organisation("Sample Farm", country="LA")
    asked = copy.asked(owner=third.party.slug, country="LA", parent=copy.number)
    assert copy.refused("propose_replication", copy.board.lead_person, **asked) == [
        "replication.other_parent"
    ]
    copy.course.do("confirm_replication", copy.person, **copy.said())
    made = copy.course.do("propose_replication", copy.board.lead_person, **asked)
    assert made["replica"] != copy.number
    assert Replica.objects.get(number=made["replica"]).parent == copy.row


def test_the_origins_page_is_not_dated_by_a_copy() -> None:
    copy = Copying()
    before = Project.objects.get(number=copy.course.project).updated_at
    copy.proposed()
    assert Project.objects.get(number=copy.course.project).updated_at == before

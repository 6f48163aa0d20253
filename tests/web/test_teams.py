"""Teams suggested to a lead: what organisations can do, the smallest team that can do what is needed, why there is none."""

import pytest
from django.test import Client

import factories as make
from acting import Round, refused
from jiebang.operations.teaming import suggest
from jiebang.records.bids.models import Bid
from jiebang.records.people.models import Organisation, User

pytestmark = pytest.mark.django_db


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def able(name: str, *capabilities: str, country: str = "CN") -> Organisation:
    return make.organisation(name, country=country, facts={"capabilities": list(capabilities)})


@pytest.fixture
def bid() -> Bid:
    return Bid.objects.get(number=Round().started().bid)


def test_an_organisation_says_what_it_can_do_in_the_programmes_words(bid: Bid) -> None:
    lead = bid.consortium.lead
    person = User.objects.get(engagements__party=lead, engagements__role="lead")
    client, page = signed_in(person), f"/organisations/{lead.slug}/"
    assert "Nothing said yet." in client.get(page).content.decode()
    client.post(f"{page}capabilities/", {"capabilities": ["speech", "training"]})
    assert Organisation.objects.get(party=lead).facts["capabilities"] == ["speech", "training"]
    assert "Speech, Training of people" in client.get(page).content.decode()
    wrong = {"organisation": lead.slug, "capabilities": ["juggling"]}
    assert refused("state_capabilities", person, **wrong) == ["organisation.unknown_capability"]
    other = {"organisation": able("Other").party.slug, "capabilities": []}
    assert refused("state_capabilities", person, **other) == ["access.not_yours"]


def test_the_smallest_team_comes_first_and_one_at_the_owners_place_where_asked(bid: Bid) -> None:
    both, first, second = able("Both", "speech", "sensors"), able("One", "speech"), able("Two", "sensors")
    near = able("Near", "training", country=bid.challenge.country)
    found = suggest(bid, wanted=["speech", "sensors"])
    assert found.answer.team is not None
    assert found.answer.optimal
    assert found.answer.team.ids == {bid.consortium.lead.slug, both.party.slug}
    assert {first.party.slug, second.party.slug} <= found.answer.others[0].ids
    there = suggest(bid, wanted=["speech"], country=bid.challenge.country)
    assert there.answer.team is not None
    assert near.party.slug in there.answer.team.ids


def test_whoever_was_asked_stays_and_what_nobody_can_do_is_said(bid: Bid) -> None:
    person = User.objects.get(engagements__party=bid.consortium.lead, engagements__role="lead")
    able("Both", "speech", "sensors")
    asked = able("Asked", "training")
    client = signed_in(person)
    page = f"/bids/{bid.number}/team/"
    assert "Suggest teams" in client.get(page).content.decode()
    client.post(page, {"organisation": asked.party.slug, "part": "Trains people"})
    html = client.get(f"{page}suggest/?ask=1&need=speech").content.decode()
    assert "No smaller team can do it: proven." in html
    assert "Asked" in html
    assert f"{page}?find=Both" in html.replace("&amp;", "&")
    none = client.get(f"{page}suggest/?ask=1&need=speech&need=remote_sensing").content.decode()
    assert "Nobody has said that it can do this: Remote sensing." in none

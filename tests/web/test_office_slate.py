"""One button appoints the experts of every bid; each pair says why; a conflict says itself to the office and to the expert."""

import re
from typing import Any

import pytest
from django.test import Client

import factories as f
from acting import Round, done
from jiebang.records.people.models import ExpertProfile, User
from jiebang.records.reviews.models import Assignment, Conflict, PairWish, Slate

pytestmark = pytest.mark.django_db


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def expert(country: str, **profile: Any) -> User:
    person = f.person(role="expert", party=f.organisation(country=country).party)
    ExpertProfile.objects.create(person=person, **{"sectors": ["language"], "languages": ["en"], **profile})
    return person


@pytest.fixture
def course() -> Round:
    """A bid that passed the check, at the moment of the office's clock, and four experts beside those who argued."""
    course = Round().opened()
    course.do("check_bids", course.board.officer, challenge=course.challenge)
    course.move("challenge", "start_review", course.board.officer)
    course.experts = [expert(country) for country in ("CN", "VN", "TH", "ID")]
    return course


def proposal(course: Round) -> str:
    return f"/office/challenges/{course.challenge}/experts/proposal/"


def digest(page: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def test_the_officer_sees_why_and_appoints_with_one_button(course: Round) -> None:
    client = signed_in(course.board.officer)
    assert proposal(course) in client.get(f"/office/challenges/{course.challenge}/experts/").content.decode()
    page = client.get(proposal(course)).content.decode()
    assert "proven" in page
    assert "fits no better" in page
    assert "The worst-served bid" in page
    assert "Half of the 3 pairs fit at" in page
    assert "Experts with as many bids as they may get: 0 of 7; with none: 4" in page
    assert page.count("<svg") == 3
    assert not Assignment.objects.exists()
    answer = client.post(proposal(course), {"digest": digest(page)})
    assert answer.status_code == 303
    assert Assignment.objects.count() == 3
    page = client.get(answer["Location"]).content.decode()
    assert page.count("Asked") == 3
    again = client.get(proposal(course)).content.decode()
    assert "Everybody here was asked already" in again
    assert "Appoint them" not in again


def test_an_old_proposal_is_shown_anew_instead_of_appointed(course: Round) -> None:
    client = signed_in(course.board.officer)
    old = digest(client.get(proposal(course)).content.decode())
    ExpertProfile.objects.filter(person=course.experts[0]).update(max_load=1)
    page = client.post(proposal(course), {"digest": old}).content.decode()
    assert "have changed since" in page
    assert digest(page) != old
    assert not Assignment.objects.exists()


def test_collisions_and_their_repairs_stand_on_the_page(course: Round) -> None:
    ExpertProfile.objects.update(sectors=["fishery"])
    page = signed_in(course.board.officer).get(proposal(course)).content.decode()
    assert "No assignment keeps all of this together" in page
    assert "The quota of sector" in page
    assert "What would repair it" in page
    assert "Appoint them" not in page


def test_a_pair_is_pinned_with_a_reason_and_solved_again(course: Round) -> None:
    client, last = signed_in(course.board.officer), course.experts[-1]
    page = f"/office/bids/{course.bid}/experts/{last.pk}/wish/"
    assert "There is a problem" in client.post(page, {"wish": "pin", "why": ""}).content.decode()
    answer = client.post(page, {"wish": "pin", "why": "Knows the script."})
    assert answer["Location"] == proposal(course)
    assert PairWish.objects.get().why == "Knows the script."
    shown = client.get(proposal(course)).content.decode()
    assert "Knows the script." in shown
    client.post(proposal(course), {"digest": digest(shown)})
    assert last.assignments.exists()


def test_the_stored_answer_is_verified_and_can_be_taken_away(course: Round) -> None:
    client = signed_in(course.board.officer)
    client.post(proposal(course), {"digest": ""})
    page = f"/office/challenges/{course.challenge}/experts/appointed/"
    assert "keeps every condition" in client.get(page).content.decode()
    assert client.get(f"{page}problem.json").content.decode() == Slate.objects.get().problem
    assert client.get(f"{page}assignment.csv").content.decode().startswith("bid,expert,affinity\n")
    assert client.get(f"{page}other.txt").status_code == 404
    kept = Slate.objects.get()
    kept.pairs = kept.pairs[1:]
    kept.save()
    assert "instead of 3" in client.get(page).content.decode()


def test_a_conflict_that_comes_later_shuts_the_bid_and_says_why(course: Round) -> None:
    client = signed_in(course.board.officer)
    client.post(proposal(course), {"digest": ""})
    row = Assignment.objects.select_related("expert").first()
    assert row is not None
    done("declare", row.expert, at=course.at, assignment=row.pk, conflict=False)
    own = signed_in(row.expert)
    assert "As agreed with the owner." in own.get(f"/reviews/{row.pk}/").content.decode()
    course.do("record_conflict", course.board.officer, expert=row.expert.email, kind="family", text="A letter.",
              organisation=course.board.lead.party.slug)  # fmt: skip
    mine = own.get(f"/reviews/{row.pk}/").content.decode()
    assert "As agreed with the owner." not in mine
    assert "has family at Sample Lead, which is in this bid" in mine
    office = client.get(f"/office/challenges/{course.challenge}/experts/").content.decode()
    assert "has family at Sample Lead" in office


def test_an_expert_keeps_their_own_profile_and_links(course: Round) -> None:
    person = course.experts[0]
    own = signed_in(person)
    given = {"sectors": ["health"], "expertise": "sensors\nimage recognition，rice", "languages": "en, vi", "max_load": "3",
             "available_until": "2026-12-31"}  # fmt: skip
    assert own.post("/reviews/profile/", given).status_code == 303
    kept = ExpertProfile.objects.get(person=person)
    assert kept.expertise == ["sensors", "image recognition", "rice"]
    assert (kept.sectors, kept.languages, kept.max_load) == (["health"], ["en", "vi"], 3)
    assert "There is a problem" in own.post("/reviews/profile/", {"available_from": "soon"}).content.decode()
    link = {"organisation": course.board.lead.party.slug, "kind": "adviser", "since": "2026-01-01"}
    assert own.post("/reviews/interest/", link).status_code == 303
    assert "Sample Lead" in own.get("/reviews/interest/").content.decode()
    assert "There is a problem" in own.post("/reviews/interest/", {"kind": "adviser"}).content.decode()


def test_the_office_reads_the_record_and_lifts_a_link_with_a_reason(course: Round) -> None:
    client, person = signed_in(course.board.officer), course.experts[0]
    url = f"/office/experts/{person.pk}/"
    link = {"organisation": course.board.lead.party.slug, "kind": "co_author", "text": "A joint paper."}
    assert client.post(f"{url}link/", link).status_code == 303
    row = Conflict.objects.get()
    assert (row.expert, row.declared_by) == (person, course.board.officer)
    page = client.get(url).content.decode()
    assert "Sample Lead" in page
    assert f"/office/conflicts/{row.pk}/lift/" in page
    assert (
        client.post(f"/office/conflicts/{row.pk}/lift/", {"why": "Another of that name."}).status_code == 303
    )
    assert "Another of that name." in client.get(url).content.decode()
    assert client.get(f"/office/conflicts/{row.pk}/lift/").status_code == 404
    assert client.post(f"{url}change/", {"languages": "th"}).status_code == 303
    assert ExpertProfile.objects.get(person=person).languages == ["th"]

"""The officer proposes experts for a whole call: every challenge on one page, one button, files that prove it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import factories as f
from jiebang.records.bids.models import Bid, BidContent
from jiebang.records.challenges.models import Challenge
from jiebang.records.people.models import ExpertProfile
from jiebang.records.reviews.models import Assignment, PairWish, Slate

pytestmark = pytest.mark.django_db


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def posted(board: f.Board, sector: str, *, bids: int = 1) -> Challenge:
    made = f.challenge(call=board.call, sector=sector, stage="reviewing", due_at=f.NOW + timedelta(days=20))
    for _ in range(bids):
        bid = f.bid(made, stage="eligible")
        title = {"title": f.statement("A reader")}
        BidContent.objects.create(bid=bid, content=title, saved_at=f.NOW, sent_at=f.NOW)
    return made


def experts(count: int) -> None:
    for place in range(count):
        home = f.organisation(country=("CN", "VN", "TH", "ID", "MY")[place % 5])
        person = f.person(role="expert", party=home.party)
        ExpertProfile.objects.create(
            person=person, sectors=["language", "fishery"], languages=["en"], max_load=100
        )


@pytest.fixture
def board() -> f.Board:
    board = f.board()
    posted(board, "language")
    posted(board, "fishery")
    experts(6)
    return board


def page_of(board: f.Board) -> str:
    return f"/office/calls/{board.call.number}/experts/proposal/"


def digest(page: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def test_the_officer_comes_from_the_call_and_appoints_with_one_button(board: f.Board) -> None:
    client = signed_in(board.officer)
    assert page_of(board) in client.get(f"/office/calls/{board.call.number}/").content.decode()
    first = Challenge.objects.order_by("number")[0]
    assert page_of(board) in client.get(f"/office/challenges/{first.number}/experts/").content.decode()
    page = client.get(page_of(board)).content.decode()
    assert "6 reviews of 2 bids on 2 challenges" in page
    assert "Half of the 6 pairs fit at" in page
    assert "Experts with as many bids as they may get: 0 of 6; with none: 3" in page
    assert page.count("<svg") == 3
    assert "proven" in page
    assert "fits no better" in page
    for row in Challenge.objects.all():
        assert row.number in page
    assert not Assignment.objects.exists()
    answer = client.post(page_of(board), {"digest": digest(page)})
    assert answer.status_code == 303
    assert Assignment.objects.count() == 6
    assert "keeps every condition" in client.get(answer["Location"]).content.decode()
    again = client.get(page_of(board)).content.decode()
    assert "Everybody here was asked already" in again
    assert "Appoint them all" not in again


def test_both_files_and_each_challenge_lead_to_what_was_appointed(board: f.Board) -> None:
    client = signed_in(board.officer)
    client.post(page_of(board), {"digest": ""})
    url = f"/office/calls/{board.call.number}/experts/appointed/"
    assert client.get(f"{url}problem.json").content.decode() == Slate.objects.get().problem
    assert client.get(f"{url}assignment.csv").content.decode().count("\n") == 7
    assert client.get(f"{url}other.txt").status_code == 404
    assert url in client.get(f"/office/calls/{board.call.number}/").content.decode()
    for row in Challenge.objects.all():
        own = client.get(f"/office/challenges/{row.number}/experts/appointed/").content.decode()
        assert "keeps every condition" in own
        assert row.number in own
    assert signed_in(board.owner_person).get(url).status_code == 404


def test_collisions_name_the_sector_in_words(board: f.Board) -> None:
    ExpertProfile.objects.update(sectors=["language"])
    page = signed_in(board.officer).get(page_of(board)).content.decode()
    assert "No assignment keeps all of this together" in page
    assert "The quota of sector (Fishery)" in page
    assert "What would repair it" in page
    assert "Appoint them all" not in page
    chinese = signed_in(board.officer).get(page_of(board), {"lang": "zh-hans"}).content.decode()
    assert "渔业" in chinese


def test_an_old_proposal_is_shown_anew_instead_of_appointed(board: f.Board) -> None:
    client = signed_in(board.officer)
    old = digest(client.get(page_of(board)).content.decode())
    ExpertProfile.objects.filter(pk=ExpertProfile.objects.order_by("pk")[0].pk).update(max_load=0)
    page = client.post(page_of(board), {"digest": old}).content.decode()
    assert "have changed since" in page
    assert digest(page) != old
    assert not Assignment.objects.exists()


def test_a_pair_set_from_here_leads_back_here(board: f.Board) -> None:
    client, bid = signed_in(board.officer), Bid.objects.order_by("pk")[0]
    person = ExpertProfile.objects.order_by("-pk")[0].person
    address = f"/office/bids/{bid.number}/experts/{person.pk}/wish/?call"
    assert client.get(address).status_code == 200
    answer = client.post(address, {"wish": "pin", "why": "Knows the script."})
    assert answer["Location"] == page_of(board)
    assert PairWish.objects.get().expert == person
    assert "Knows the script." in client.get(page_of(board)).content.decode()


def test_a_call_with_nothing_under_review_says_so(board: f.Board) -> None:
    Challenge.objects.update(stage="closed")
    client = signed_in(board.officer)
    assert "once the review" in client.get(page_of(board)).content.decode()
    assert page_of(board) not in client.get(f"/office/calls/{board.call.number}/").content.decode()
    assert client.get("/office/calls/NO-SUCH/experts/proposal/").status_code == 404


def test_many_challenges_bids_and_experts_take_as_many_queries_as_few(board: f.Board) -> None:
    client = signed_in(board.officer)

    def queries() -> int:
        client.get(page_of(board))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(page_of(board)).status_code == 200
        return len(seen)

    few = queries()
    for sector in ("language", "fishery", "health"):
        posted(board, sector, bids=9)
    experts(30)
    ExpertProfile.objects.update(sectors=["language", "fishery", "health"])
    assert queries() == few

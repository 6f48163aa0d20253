"""Where the rulebook gives owners a voice on bids, they read them under review and say what they think."""

from typing import Any

import pytest
from django.test import Client

import factories as f
from jiebang.records.bids.models import BidContent
from jiebang.records.reviews.models import OwnerView

pytestmark = pytest.mark.django_db


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def world(stage: str, **rules: Any) -> tuple[f.Board, Any]:
    board = f.board()
    call = f.call(**rules)
    posted = f.challenge(call=call, owner=board.owner.party, stage=stage)
    bid = f.bid(posted, lead=board.lead, stage="eligible")
    content = {
        "title": {"lang": "en", "text": "Nets that heal"},
        "approach": {"lang": "en", "text": "A knot that tightens."},
    }
    BidContent.objects.create(bid=bid, content=content, saved_at=f.NOW, sent_at=f.NOW)
    return board, bid


def test_an_owner_reads_a_bid_and_says_what_it_thinks() -> None:
    board, bid = world("reviewing", rulebook=f.installed(f.ring_sea()))
    need, owner = bid.challenge.need, client_of(board.owner_person)
    page = f"/needs/{need.number}/bids/{bid.number}/"
    assert page in owner.get("/desk/").content.decode()
    assert page in owner.get(f"/needs/{need.number}/").content.decode()
    read = owner.get(page).content.decode()
    assert "A knot that tightens." in read
    assert "It is advice" in read
    assert OwnerView.objects.count() == 0
    assert owner.post(page, {"favourable": "0", "text": "Too slow for us.", "lang": "en"}).status_code == 303
    assert OwnerView.objects.get().favourable is False
    assert page not in owner.get("/desk/").content.decode()
    assert "Too slow for us." in client_of(board.officer).get(f"/office/bids/{bid.number}/").content.decode()
    changed = owner.post(page, {"favourable": "1", "text": "They showed us.", "lang": "en"})
    assert changed.status_code == 303
    assert OwnerView.objects.get().favourable is True
    bid.challenge.stage = "hearing"
    bid.challenge.save()
    preview = client_of(board.officer).get(f"/office/challenges/{bid.challenge.number}/do/propose_award/")
    assert "They showed us." in preview.content.decode()


def test_nothing_is_kept_without_a_side() -> None:
    board, bid = world("reviewing", rulebook=f.installed(f.ring_sea()))
    page = f"/needs/{bid.challenge.need.number}/bids/{bid.number}/"
    answer = client_of(board.owner_person).post(page, {"text": "Well.", "lang": "en"})
    assert answer.status_code == 200
    assert "Well." in answer.content.decode()
    assert "id_favourable" in answer.content.decode()
    assert not OwnerView.objects.exists()


@pytest.mark.parametrize("stage", ["open", "closed"])
def test_before_the_review_no_bid_is_shown(stage: str) -> None:
    board, bid = world(stage, rulebook=f.installed(f.ring_sea()))
    need, owner = bid.challenge.need, client_of(board.owner_person)
    assert owner.get(f"/needs/{need.number}/bids/{bid.number}/").status_code == 404
    assert bid.number not in owner.get(f"/needs/{need.number}/").content.decode()


def test_nobody_else_and_no_other_programme() -> None:
    board, bid = world("reviewing", rulebook=f.installed(f.ring_sea()))
    page = f"/needs/{bid.challenge.need.number}/bids/{bid.number}/"
    stranger = f.person(role="owner", party=f.organisation().party)
    for person in (board.officer, board.lead_person, stranger):
        assert client_of(person).get(page).status_code == 404
    quiet = f.challenge(owner=board.owner.party, stage="reviewing")
    other = f.bid(quiet, lead=board.lead, stage="eligible")
    assert (
        client_of(board.owner_person).get(f"/needs/{quiet.need.number}/bids/{other.number}/").status_code
        == 404
    )

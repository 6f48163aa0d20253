"""The office's lists: closed to others, filters in the address, constant queries, exports, empty states."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import factories as f

pytestmark = pytest.mark.django_db
LISTS = ("needs", "challenges", "bids", "projects", "objections", "people", "organisations", "experts")


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def fill(board: f.Board, count: int) -> None:
    for _ in range(count):
        f.need(call=board.call, stage="submitted")
        posted = f.challenge(call=board.call, stage="decided")
        winner = f.bid(posted, stage="awarded")
        f.decision(winner)
        f.project(winner)
        f.person(role="expert")


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_there_for_the_office_alone(name: str) -> None:
    board = f.board()
    assert signed_in(board.officer).get(f"/office/{name}/").status_code == 200
    assert signed_in(board.lead_person).get(f"/office/{name}/").status_code == 404
    assert Client().get(f"/office/{name}/").status_code == 302


@pytest.mark.parametrize("name", LISTS)
def test_queries_do_not_grow_with_the_rows(name: str) -> None:
    board = f.board()
    client = signed_in(board.officer)
    fill(board, 1)
    client.get(f"/office/{name}/")
    counts = []
    for more in (0, 29):
        fill(board, more)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(f"/office/{name}/").status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]
    assert counts[1] <= 15


def test_moments_stand_on_the_clock_of_their_programme() -> None:
    board = f.board()
    there = f.challenge(call=f.call(rulebook=f.installed(f.ring_sea())), stage="decided")
    for posted in (f.challenge(call=board.call, stage="decided"), there):
        f.bid(posted, stage="awarded", submitted_at=f.NOW)
    page = signed_in(board.officer).get("/office/bids/").content.decode()
    assert "10:00" in page, "02:00 UTC in Nanning"
    assert "09:00" in page, "and an hour earlier at the ring sea"


def test_filters_sort_and_count() -> None:
    board = f.board()
    f.need(call=board.call, number="N-VN", title="Rice")
    f.need(call=board.call, number="N-LA", title="Coffee", country="LA")
    client = signed_in(board.officer)
    page = client.get("/office/needs/", {"country": "LA"}).content.decode()
    assert "N-LA" in page
    assert "N-VN" not in page
    assert "1 row" in page
    page = client.get("/office/needs/", {"text": "rice"}).content.decode()
    assert "N-VN" in page
    assert "N-LA" not in page
    page = client.get("/office/needs/", {"sort": "-number"}).content.decode()
    assert page.index("N-VN") < page.index("N-LA")
    assert "Nothing fits these filters" in client.get("/office/needs/", {"text": "zzz"}).content.decode()


def test_the_export_holds_what_is_shown() -> None:
    board = f.board()
    f.need(call=board.call, number="N-VN", content=f.content(title=f.statement("=1+1")))
    f.need(call=board.call, number="N-LA", country="LA")
    text = (
        signed_in(board.officer)
        .get("/office/needs/", {"format": "csv", "country": "VN"})
        .content.decode("utf-8-sig")
    )
    assert text.splitlines()[0].startswith("Number,Title,Owner")
    assert "'=1+1" in text
    assert "N-LA" not in text


def test_one_strange_text_does_not_stop_the_export() -> None:
    board = f.board()
    f.need(call=board.call, number="N-VN", content=f.content(title=f.statement("Ri\x0bce\x1b")))
    for form in ("xlsx", "csv"):
        answer = signed_in(board.officer).get("/office/needs/", {"format": form})
        assert answer.status_code == 200
    assert "Rice" in answer.content.decode("utf-8-sig")


def test_bids_are_not_listed_before_they_are_opened() -> None:
    board = f.board()
    f.bid(f.challenge(call=board.call, stage="open"), number="B-SHUT")
    f.bid(f.challenge(call=board.call, stage="closed"), number="B-OPEN")
    page = signed_in(board.officer).get("/office/bids/").content.decode()
    assert "B-OPEN" in page
    assert "B-SHUT" not in page


def test_the_lists_stand_on_every_page_of_the_office() -> None:
    board = f.board()
    need = f.need(call=board.call, stage="submitted")
    client = Client()
    client.force_login(board.officer)
    page = client.get(f"/office/needs/{need.number}/").content.decode()
    assert '<a href="/office/needs/" aria-current="page">Needs</a>' in page
    assert '<a href="/office/objections/">Objections</a>' in page
    assert "/office/objections/" not in client.get("/challenges/").content.decode()


def test_a_rulebook_is_offered_to_install_to_those_who_may() -> None:
    board = f.board()
    administrator = f.person(role="administrator", party=board.office.party)
    for person, may in ((board.officer, False), (administrator, True)):
        client = Client()
        client.force_login(person)
        assert ("Install a rulebook" in client.get("/office/calls/").content.decode()) is may
        assert (client.get("/office/rulebooks/new/").status_code == 200) is may

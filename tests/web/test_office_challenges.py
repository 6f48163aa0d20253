"""A challenge in the office: checked, judged, proposed, published, decided; and every tab on the way."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

import factories as f
from jiebang.records.awards.models import Decision, Objection
from jiebang.records.bids.models import Bid
from jiebang.records.challenges.models import Challenge
from jiebang.records.projects.models import Project
from jiebang.records.reviews.models import Assignment
from office_samples import closed, reviewed

pytestmark = pytest.mark.django_db


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("tab", ["", "bids/", "experts/", "scores/", "questions/"])
def test_every_tab_opens_for_the_office_and_for_nobody_else(tab: str) -> None:
    board = f.board()
    reviewed(board)
    address = f"/office/challenges/GX-1/{tab}"
    assert signed_in(board.officer).get(address).status_code == 200
    assert signed_in(board.officer).get(address.replace("GX-1", "GX-9")).status_code == 404
    assert signed_in(board.lead_person).get(address).status_code == 404


def test_the_check_shows_every_rule_and_lets_the_verdicts_stand() -> None:
    board = f.board()
    closed(board)
    client = signed_in(board.officer)
    assert "1 bids wait for the formal check" in client.get("/office/challenges/GX-1/bids/").content.decode()
    answer = client.post("/office/challenges/GX-1/bids/", {"once": "k" * 20}, follow=True)
    page = answer.content.decode()
    assert "Every bid is checked." in page
    assert "The lead is registered in Guangxi." in page
    assert Bid.objects.get().stage == "eligible"
    page = client.get("/office/bids/B-1/").content.decode()
    assert "Reading by small steps" in page
    assert "Academician" in page


def test_a_bid_stays_shut_until_the_office_opens_it() -> None:
    board = f.board()
    posted = closed(board)
    Challenge.objects.filter(pk=posted.pk).update(stage="open")
    client = signed_in(board.officer)
    assert client.get("/office/bids/B-1/").status_code == 404
    assert "B-1" not in client.get("/office/challenges/GX-1/bids/").content.decode()


def test_an_expert_with_an_interest_is_shown_with_the_reason_and_not_offered() -> None:
    board = f.board()
    posted = closed(board)
    Challenge.objects.filter(pk=posted.pk).update(stage="reviewing")
    Bid.objects.update(stage="eligible")
    free = f.person("free@people.example", role="expert", name="Free Expert")
    bound = f.person("bound@people.example", role="expert", name="Bound Expert")
    f.engaged(bound, role="lead", party=board.lead.party)
    client = signed_in(board.officer)
    page = client.get("/office/bids/B-1/experts/").content.decode()
    assert 'value="free@people.example"' in page
    assert 'value="bound@people.example"' not in page
    assert "Bound Expert" in page
    client.post("/office/bids/B-1/experts/", {"expert": free.email})
    assert Assignment.objects.get().expert == free
    assert "2 experts are missing" in client.get("/office/challenges/GX-1/experts/").content.decode()


def test_scores_show_mean_interval_and_the_line() -> None:
    board = f.board()
    reviewed(board)
    page = signed_in(board.officer).get("/office/challenges/GX-1/scores/").content.decode()
    assert "1 of 1 bids reach the line" in page, page[page.find("<main") :][:3000]
    assert "<svg" in page
    assert "81" in page
    assert "Plain mean" in page


def test_the_result_is_proposed_published_and_decided_by_different_people() -> None:
    board = f.board()
    posted = reviewed(board)
    first, second = signed_in(board.officer), signed_in(board.second)
    page = first.get("/office/challenges/GX-1/do/propose_award/").content.decode()
    assert "Ranking and outcomes that the rule gives now" in page
    assert "B-1" in page
    first.post("/office/challenges/GX-1/do/propose_award/", {})
    assert first.get("/office/challenges/GX-1/do/publish_result/").status_code == 404
    assert "Ranking and outcomes" in second.get("/office/challenges/GX-1/do/publish_result/").content.decode()
    second.post("/office/challenges/GX-1/do/publish_result/", {})
    posted.refresh_from_db()
    assert posted.stage == "publicity"
    assert "not yet" in second.get("/office/challenges/GX-1/").content.decode()
    Challenge.objects.update(
        publicity_until=f.NOW - timedelta(hours=1),
        due_at=f.NOW - timedelta(hours=1),
        updated_by=board.officer,
    )
    answer = second.post("/office/challenges/GX-1/do/decide/", {}, follow=True)
    assert "Done: Decide the award." in answer.content.decode()
    assert Project.objects.count() == 1


def test_an_extension_is_proposed_with_a_reason_and_a_later_time() -> None:
    board = f.board()
    f.challenge(call=board.call, number="GX-2")
    client = signed_in(board.officer)
    page = client.post(
        "/office/challenges/GX-2/do/extend/", {"why": "Flood", "closes_at": "2026-06-02T00:00"}
    ).content.decode()
    assert "There is a problem" in page
    assert "Flood" in page
    answer = client.post(
        "/office/challenges/GX-2/do/extend/", {"why": "Flood", "closes_at": "2026-08-02T00:00"}
    )
    assert answer["Location"].startswith("/office/proposals/")


def test_an_objection_is_read_and_answered_by_those_who_handle_it() -> None:
    board = f.board()
    posted = reviewed(board)
    Objection.objects.create(
        number="O-1", challenge=posted, by=board.lead_person, text=f.statement("The scale was misread."), received_at=f.NOW,
        due_at=f.NOW + timedelta(days=10),
    )  # fmt: skip
    assert signed_in(board.officer).get("/office/objections/O-1/").status_code == 404
    client = signed_in(board.second)
    page = client.get("/office/objections/O-1/").content.decode()
    assert "The scale was misread." in page
    client.post("/office/objections/O-1/", {"outcome": "not_upheld", "text": "It was read right."})
    assert Objection.objects.get().status == "not_upheld"
    assert "It was read right." in client.get("/office/objections/O-1/").content.decode()


def test_a_question_is_answered_without_the_askers_name() -> None:
    board = f.board()
    posted = f.challenge(call=board.call, number="GX-3")
    asked = f.question(posted, "May data leave?", asked_by=board.lead.party)
    client = signed_in(board.officer)
    page = client.get(f"/office/questions/{asked.pk}/").content.decode()
    assert "May data leave?" in page
    assert "Sample Lead" not in page
    client.post(f"/office/questions/{asked.pk}/", {"text": "No.", "tr-zh-Hans": "不可。"})
    page = client.get("/office/challenges/GX-3/questions/", {"lang": "zh-hans"}).content.decode()
    assert "不可。" in page


def test_decisions_stand_on_the_case() -> None:
    board = f.board()
    posted = reviewed(board)
    f.decision(Bid.objects.get(), code="award.awarded", params={})
    assert Decision.objects.filter(challenge=posted).exists()
    assert "Ranking and outcomes" in signed_in(board.officer).get("/office/challenges/GX-1/").content.decode()

"""The desk shows to each role what waits for it, and nothing to a visitor."""

from datetime import timedelta

import pytest
from django.test import Client

import factories as f
from jiebang.records.awards.models import Proposal
from jiebang.records.projects.models import Milestone

pytestmark = pytest.mark.django_db


def desk(person: object, **given: str) -> str:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    answer = client.get("/desk/", given)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_visitor_signs_in_first() -> None:
    f.board()
    answer = Client().get("/desk/")
    assert answer.status_code == 302
    assert answer["Location"] == "/sign-in/?next=/desk/"


def test_an_officer_sees_the_need_whose_clock_runs() -> None:
    board = f.board()
    f.need(
        call=board.call,
        number="N-1",
        stage="submitted",
        due_at=f.NOW + timedelta(days=3),
        due_clock="verification",
    )
    f.need(call=board.call, number="N-2", stage="draft")
    page = desk(board.officer)
    assert 'href="/office/needs/N-1/"' in page
    assert "Mark as verified" in page
    assert "N-2" not in page


def test_an_open_challenge_waits_for_nobody_in_the_office_until_it_closes() -> None:
    board = f.board()
    f.challenge(call=board.call, number="GX-1", due_at=f.NOW + timedelta(days=3))
    f.challenge(
        call=board.call, number="GX-2", due_at=f.NOW - timedelta(days=1), closes_at=f.NOW - timedelta(days=1)
    )
    page = desk(board.officer)
    assert "/office/challenges/GX-1/" not in page
    assert "/office/challenges/GX-2/" in page
    assert "late" in page


def test_a_proposal_waits_for_the_other_officer_only() -> None:
    board = f.board()
    f.need(call=board.call, number="N-3", stage="argued")
    proposal = Proposal.objects.create(
        operation="list_challenge", subject="need:N-3", proposed_by=board.officer, proposed_at=f.NOW
    )
    assert "Compare and answer: List as a challenge" in desk(board.second)
    own = desk(board.officer)
    assert "Compare and answer" not in own
    assert f"/office/proposals/{proposal.pk}/" in own
    assert "Waits for others" in own


def test_a_proposal_is_neither_agreed_nor_refused_before_somebody_chooses() -> None:
    board = f.board()
    f.need(call=board.call, number="N-3", stage="argued")
    proposal = Proposal.objects.create(
        operation="list_challenge", subject="need:N-3", proposed_by=board.officer, proposed_at=f.NOW
    )
    client = Client()
    client.force_login(board.second)
    for typed in ({}, {"why": "Only a remark."}):
        page = client.post(f"/office/proposals/{proposal.pk}/", typed).content.decode()
        assert '<a href="#id_agree">Your answer: Choose one of the answers' in page
        assert "Say why" not in page
    assert Proposal.objects.get().status == "open"


def test_what_is_late_with_others_is_in_view_with_who_and_how_late() -> None:
    board = f.board()
    posted = f.challenge(call=board.call, owner=board.owner.party, stage="decided")
    lagging = f.project(f.bid(posted, lead=board.lead, stage="awarded"), stage="running")
    for order in (1, 2):
        Milestone.objects.create(
            project=lagging,
            order=order,
            title=f.statement("Read"),
            due_on=(f.NOW - timedelta(days=30)).date(),
        )
    other = f.challenge(call=board.call, owner=board.owner.party, stage="decided")
    f.project(
        f.bid(other, lead=board.lead, stage="awarded"), stage="validation", due_clock="validation",
        due_at=f.NOW - timedelta(days=10),
    )  # fmt: skip
    page = desk(board.officer).partition("Waits for others")[2]
    assert page.count("Report milestone") == 1
    assert f"/office/projects/{lagging.number}/" in page
    assert "with Sample Lead" in page
    assert "with Demand owner" in page
    assert page.count("working days late") == 2


def test_a_country_desk_reads_what_is_missing_before_it_can_hand_over() -> None:
    board = f.board()
    office = f.organisation("Desk", country="VN")
    keeper = f.person(role="country_desk", party=office.party, scope="VN")
    row = f.need(call=board.call, owner=board.owner.party, filed_by=office.party, stage="draft", content={})
    page = desk(keeper)
    assert "Fill in the need" in page
    assert "answers are missing; then: Hand to the owner" in page
    row.content = f.content()
    row.save()
    assert "Fill in the need" not in desk(keeper)


def test_the_desk_speaks_chinese() -> None:
    board = f.board()
    f.need(call=board.call, number="N-1", stage="submitted")
    assert "核实通过" in desk(board.officer, lang="zh-hans")


def test_queries_do_not_grow_with_the_cases(django_assert_max_num_queries: object) -> None:
    board = f.board()
    for _ in range(12):
        f.need(call=board.call, stage="submitted")
    client = Client()
    client.force_login(board.officer)
    client.get("/desk/")
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        client.get("/desk/")

"""A need in the office: judged, verified, argued, proposed by one officer, compared and listed by another."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

import factories as f
from jiebang.operations.judging import judge_need
from jiebang.records.awards.models import Proposal
from jiebang.records.challenges.models import Argument, Challenge, Need
from jiebang.records.people.models import Evidence

pytestmark = pytest.mark.django_db


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def submitted(board: f.Board, *, proven: bool = True) -> Need:
    kinds = ("operational_scenario", "experimental_environment", "local_data", "infrastructure")
    for kind in kinds if proven else ():
        Evidence.objects.create(
            organisation=board.owner, kind=kind, text=f.statement("Shown."), status="verified", given_at=f.NOW
        )
    need = f.need(
        call=board.call, owner=board.owner.party, number="N-1", stage="submitted", due_clock="verification",
        due_at=f.NOW + timedelta(days=9),
    )  # fmt: skip
    judge_need(need, now=f.NOW)
    return need


def test_the_page_tells_content_verdicts_and_what_is_in_the_way() -> None:
    board = f.board()
    submitted(board, proven=False)
    page = signed_in(board.officer).get("/office/needs/N-1/").content.decode()
    assert "Forty thousand pages wait to be read." in page
    assert "四万页文件待识别。" in page
    assert "The demand owner shows an operational scenario." in page
    assert page.count(">Fail<") == 4, "nothing was proven"
    assert "Mark as verified – not yet" in page.replace("\n", "")
    assert "How many rules" in page
    assert "Sample Owner" in page


def test_an_outsider_gets_the_same_404_as_for_nothing() -> None:
    board = f.board()
    submitted(board)
    client = signed_in(board.lead_person)
    there, nowhere = client.get("/office/needs/N-1/"), client.get("/office/needs/N-9/")
    assert there.status_code == nowhere.status_code == 404
    assert signed_in(board.officer).get("/office/needs/N-9/").status_code == 404


def test_verify_moves_the_need_and_says_so() -> None:
    board = f.board()
    need = submitted(board)
    client = signed_in(board.officer)
    page = client.get("/office/needs/N-1/do/verify/").content.decode()
    assert "Submitted → Verified" in page
    assert "working day" in page
    answer = client.post("/office/needs/N-1/do/verify/", {"once": "a" * 20}, follow=True)
    assert answer.redirect_chain[-1] == ("/office/needs/N-1/", 303)
    assert "Done: Mark as verified." in answer.content.decode()
    need.refresh_from_db()
    assert need.stage == "verified"


def test_a_refusal_is_told_beside_the_form_and_nothing_typed_is_lost() -> None:
    board = f.board()
    submitted(board)
    client = signed_in(board.officer)
    page = client.post("/office/needs/N-1/do/reject_need/", {"why": ""}).content.decode()
    assert "There is a problem" in page
    assert 'href="#id_why"' in page
    assert "Say why" in page


def test_evidence_is_refused_only_with_a_remark() -> None:
    board = f.board()
    submitted(board)
    given = Evidence.objects.filter(kind="local_data").get()
    client = signed_in(board.officer)
    page = client.post(f"/office/evidence/{given.pk}/", {"valid": "0", "remark": ""}).content.decode()
    assert "There is a problem" in page
    answer = client.post(
        f"/office/evidence/{given.pk}/?back=/office/needs/N-1/", {"valid": "0", "remark": "No list came."}
    )
    assert answer["Location"] == "/office/needs/N-1/"
    given.refresh_from_db()
    assert (given.status, given.remark) == ("refused", "No list came.")


def test_an_expert_is_asked_by_name() -> None:
    board = f.board()
    submitted(board)
    expert = f.person("x@people.example", role="expert", name="Expert Sample")
    client = signed_in(board.officer)
    assert "Expert Sample" in client.get("/office/needs/N-1/ask/").content.decode()
    client.post("/office/needs/N-1/ask/", {"expert": expert.email})
    assert Argument.objects.get().expert == expert
    assert "Expert Sample" in client.get("/office/needs/N-1/").content.decode()


def test_what_a_rule_needs_is_said_beside_what_there_is() -> None:
    board = f.board()
    need = submitted(board)
    Need.objects.filter(pk=need.pk).update(stage="verified")
    page = signed_in(board.officer).get("/office/needs/N-1/do/conclude_argument/").content.decode()
    assert "0 · needed: at least 2" in page
    assert "disabled>" in page


def test_one_officer_proposes_the_listing_and_another_lists() -> None:
    board = f.board()
    need = submitted(board)
    Need.objects.filter(pk=need.pk).update(stage="argued")
    client = signed_in(board.officer)
    page = client.get("/office/needs/N-1/do/list_challenge/").content.decode()
    assert "The notice as the public will see it" in page
    assert "secret-contact" not in page
    answer = client.post(
        "/office/needs/N-1/do/list_challenge/", {"budget": "120 万", "max_leads": "1", "closes_at": ""}
    )
    proposal = Proposal.objects.get()
    assert answer["Location"] == f"/office/proposals/{proposal.pk}/"
    own = client.get(answer["Location"]).content.decode()
    assert "Send the answer" not in own
    second = signed_in(board.second)
    page = second.get(answer["Location"]).content.decode()
    for part in ("Reported: ", "1200000", "Argued → Listed", "Send the answer", board.officer.name):
        assert part in page
    refused = second.post(answer["Location"], {"agree": "0", "why": ""}).content.decode()
    assert "There is a problem" in refused
    second.post(answer["Location"], {"agree": "1"})
    assert Challenge.objects.get().budget == 1_200_000
    assert "Agreed" in client.get(answer["Location"]).content.decode()


def test_the_page_speaks_chinese() -> None:
    board = f.board()
    submitted(board)
    page = signed_in(board.officer).get("/office/needs/N-1/", {"lang": "zh-hans"}).content.decode()
    assert "手写公文识别" in page
    assert "核实通过" in page

"""A project in the office: checks closed, milestones accepted, values measured, instalments paid."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

import factories as f
from jiebang.records.bids.models import BidContent
from jiebang.records.programme.models import Instance
from jiebang.records.projects.models import Diligence, GateCheck, Instalment, Milestone, Project

pytestmark = pytest.mark.django_db


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def running(board: f.Board, **given: Any) -> Project:
    over = f.NOW - timedelta(days=1)
    posted = f.challenge(call=board.call, owner=board.owner.party, stage="decided", publicity_until=over)
    project = f.project(f.bid(posted, lead=board.lead, stage="awarded"), number="P-1", **given)
    GateCheck.objects.create(project=project, gate="data_route")
    Milestone.objects.create(
        project=project,
        order=1,
        title={"en": "First pages read"},
        reported_at=f.NOW,
        report={"done": f.statement("500 pages.")},
    )
    Instalment.objects.create(
        project=project, order=1, label={"en": "On signing"}, amount=360000, due_command="sign_agreement",
        due_since=f.NOW - timedelta(days=1),
    )  # fmt: skip
    Instalment.objects.create(
        project=project, order=2, label={"en": "On acceptance"}, amount=270000, due_command="accept"
    )
    return project


def test_the_page_tells_all_and_is_closed_to_others() -> None:
    board = f.board()
    running(board, stage="agreement")
    page = signed_in(board.officer).get("/office/projects/P-1/").content.decode()
    for part in (
        "Route of data across the border agreed",
        "First pages read",
        "On signing",
        "Sample Lead",
        "not yet",
    ):
        assert part in page
    other = f.person(role="lead", party=f.guangxi_organisation().party)
    assert signed_in(other).get("/office/projects/P-1/").status_code == 404


def test_a_check_is_closed_with_its_finding() -> None:
    board = f.board()
    running(board, stage="agreement")
    client = signed_in(board.officer)
    check = "/projects/P-1/agreement/checks/data_route/"
    assert "Choose what was found" in client.post(check, {"finding": "Data stay."}).content.decode()
    client.post(check, {"found": "contract", "finding": "Data stay on site.", "reference": "F-7"})
    assert GateCheck.objects.get().finding == "Data stay on site."
    assert f"F-7 ({board.officer.name}, " in client.get("/office/projects/P-1/").content.decode()
    assert client.get("/projects/P-1/agreement/checks/nothing/").status_code == 404


def test_a_report_is_read_and_accepted() -> None:
    board = f.board()
    running(board)
    client = signed_in(board.officer)
    assert "500 pages." in client.get("/office/projects/P-1/milestones/1/").content.decode()
    client.post("/office/projects/P-1/milestones/1/", {"remark": "Seen."})
    assert Milestone.objects.get().accepted_at is not None
    assert f">{board.officer.name}, " in client.get("/office/projects/P-1/").content.decode(), (
        "who accepted it"
    )


def test_a_measured_value_is_met_or_missed_by_the_threshold() -> None:
    board = f.board()
    running(board)
    client = signed_in(board.officer)
    page = client.post("/office/projects/P-1/measure/", {"indicator": "I1", "value": "much"}).content.decode()
    assert "There is a problem" in page
    client.post(
        "/office/projects/P-1/measure/", {"indicator": "I1", "value": "2.4", "occasion": "acceptance"}
    )
    shown = client.get("/office/projects/P-1/").content.decode()
    assert "Reached" in shown
    assert "On the occasion of" in shown
    assert "Acceptance" in shown


def test_a_value_that_the_lead_reports_counts_once_the_office_agrees() -> None:
    board = f.board()
    project = running(board, stage="acceptance")
    BidContent.objects.create(
        bid=project.bid, content={"promises": {"I1": "2"}}, saved_at=f.NOW, sent_at=f.NOW
    )
    lead = f.person(role="lead", party=board.lead.party)
    value = {"indicator": "I1", "value": "2.4", "occasion": "milestone"}
    signed_in(lead).post("/projects/P-1/work/measure/", value)
    client = signed_in(board.officer)
    page = client.get("/office/projects/P-1/").content.decode()
    assert "1 indicator has no value from somebody other than the lead" in page
    assert "Reported by the lead, not yet confirmed" in page
    button = 'action="/office/projects/P-1/measure/"'
    assert button in page
    assert (
        'action="/projects/P-1/work/measure/"'
        not in signed_in(lead).get("/projects/P-1/work/").content.decode()
    )
    client.post("/office/projects/P-1/measure/", value)
    page = client.get("/office/projects/P-1/").content.decode()
    assert button not in page
    assert "not yet confirmed" not in page.split("Measured values")[0]
    row = page.split("Indicators</h2>")[1].split("</table>")[0]
    assert ("Reached" in row, "Missed" in row) == (True, True), "as wanted, at most 3; not as promised, 2"
    assert "As promised" in Client().get("/projects/P-1/").content.decode()


def test_only_what_is_due_is_paid() -> None:
    board = f.board()
    running(board)
    client = signed_in(board.officer)
    Instance.objects.update(clock_offset=Instance.objects.get().clock_offset + 15 * 3600)
    pay, later = "/projects/P-1/money/pay/1/", "/projects/P-1/money/pay/2/"
    assert 'value="2026-06-02"' in client.get(pay).content.decode(), "01:00 in Nanning"
    assert "This instalment is not due yet." in client.get(later).content.decode()
    client.post(pay, {"paid_on": "2026-06-01", "reference": "T-1"})
    assert "You proposed it; another officer confirms." in client.get(pay).content.decode()
    signed_in(board.second).post(pay, {"agree": "1"})
    assert Instalment.objects.get(order=1).reference == "T-1"


def test_dropping_from_the_race_needs_a_race_and_a_reason() -> None:
    board = f.board()
    running(board)
    page = signed_in(board.second).get("/office/projects/P-1/do/drop/").content.decode()
    assert "This cannot be done yet" in page
    end, why = "/office/projects/P-1/do/terminate/", {"why": "The field was flooded."}
    assert "This cannot be done yet" in signed_in(board.officer).get(end).content.decode(), (
        "nothing is stated"
    )
    Diligence.objects.create(project=Project.objects.get(), sha256="0" * 64, at=f.NOW, by=board.lead_person)
    answer = signed_in(board.officer).post(end, why)
    assert answer["Location"].startswith("/office/proposals/")

"""The pages of a change: asked for in the browser, read and agreed to by each side and by who joins, decided by two."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

import factories as make
from acting import Round
from jiebang.adapters.papers.pdf import missing_fonts
from jiebang.records.agreements.models import Change
from jiebang.records.projects.models import Project

pytestmark = pytest.mark.django_db
WORD = {"password": make.PASSWORD}


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_change_goes_from_the_agreements_page_into_force() -> None:
    course = Round().running()
    board, where = course.board, f"/projects/{course.project}/changes/"
    new = make.guangxi_organisation(slug="new-partner")
    lead, owner, comes = (
        signed_in(one)
        for one in (board.lead_person, board.owner_person, make.person(role="partner", party=new.party))
    )
    assert f"{where}new/" in lead.get(f"/projects/{course.project}/agreement/").content.decode()
    day = course.at.date() + timedelta(days=150)
    nothing = lead.post(f"{where}new/", {"why": "Rain."}).content.decode()
    assert "Nothing would change" in nothing
    form = {
        "why": "The rains came early.",
        "due_2": day.isoformat(),
        "joining": "new-partner",
        "part": "Trains staff.",
    }
    assert lead.post(f"{where}new/", form).status_code == 303
    assert comes.get(f"/projects/{course.project}/agreement/").status_code == 404, "it takes no part yet"
    page = comes.get(f"{where}1/").content.decode()
    assert day.isoformat() in page
    assert f"{where}1/agree/" in page
    for client in (lead, owner, comes):
        assert "Agree to a change" in client.get("/desk/").content.decode()
        answer = client.post(f"{where}1/agree/", WORD)
        assert client.get(answer["Location"]).status_code == 200, "whoever agreed goes on reading it"
    if not missing_fonts(["zh-Hans"]):
        assert lead.get(f"{where}1/pdf/").content[:5] == b"%PDF-"
    without = signed_in(board.officer).post(f"{where}1/decide/", {"why": "Nothing is ticked."})
    assert without.status_code == 200
    assert Change.objects.get().status == "open", "a forgotten tick is no refusal"
    officer, second = signed_in(board.officer), signed_in(board.second)
    assert "Decide on a change" in officer.get("/desk/").content.decode()
    assert officer.post(f"{where}1/decide/", {"agree": "true"}).status_code == 303
    assert "another officer decides" in officer.get(f"{where}1/").content.decode()
    assert second.post(f"{where}1/decide/", {"agree": "true"}).status_code == 303
    assert Change.objects.get().status == "in_force"
    assert Project.objects.get().milestones.get(order=2).due_on == day
    assert comes.get(f"/projects/{course.project}/agreement/").status_code == 200
    assert second.get(f"{where}1/decide/").status_code == 404
    assert signed_in(make.person(role="lead")).get(f"{where}1/").status_code == 404


def test_who_asked_takes_it_back() -> None:
    course = Round().running()
    board, where = course.board, f"/projects/{course.project}/changes/"
    lead, owner = signed_in(board.lead_person), signed_in(board.owner_person)
    assert lead.post(f"{where}new/", {"why": "x", "terms": "Indoors."}).status_code == 303
    assert owner.get(f"{where}1/withdraw/").status_code == 404
    assert lead.post(f"{where}1/withdraw/", {"why": "Not needed."}).status_code == 303
    assert "Taken back: Not needed." in owner.get(f"{where}1/").content.decode()

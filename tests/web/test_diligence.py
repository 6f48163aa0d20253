"""The pages of an honest failure: written by the lead, answered by the owner, its lessons public once it has ended."""

from typing import Any

import pytest
from django.test import Client

from acting import Round
from jiebang.records.projects.models import Diligence

pytestmark = pytest.mark.django_db


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_from_the_agreements_page_to_a_public_lesson() -> None:
    course = Round().running()
    board, where = course.board, f"/projects/{course.project}/diligence/"
    lead, owner = signed_in(board.lead_person), signed_in(board.owner_person)
    assert where in lead.get(f"/projects/{course.project}/agreement/").content.decode()
    assert where not in owner.get(f"/projects/{course.project}/agreement/").content.decode(), (
        "nothing to read"
    )
    form = {"send": "1", **dict.fromkeys(("tried", "obstacle", "learned", "spent"), "Three ways were tried.")}
    answer = lead.post(f"{where}state/", form)
    assert answer.status_code == 303, answer.content.decode()[-2000:]
    assert "Three ways were tried." in owner.get(where).content.decode()
    assert "Say whether it was so" in owner.get("/desk/").content.decode()
    read = Diligence.objects.get().sha256
    assert owner.get(f"{where}answer/{'0' * 64}/")["Location"] == f"{where}answer/{read}/"
    owner.post(f"{where}answer/{'0' * 64}/", {"agree": "true", "text": "It was so indeed."})
    assert Diligence.objects.get().agrees is None, "a text that was not read is not answered"
    owner.post(f"{where}answer/{read}/", {"agree": "true"})
    assert Diligence.objects.get().agrees is None, "own words are asked for"
    assert (
        owner.post(f"{where}answer/{read}/", {"agree": "true", "text": "It was so indeed."}).status_code
        == 303
    )
    assert Diligence.objects.get().agrees is True
    assert "It was so indeed." in lead.get(where).content.decode()
    assert lead.get(f"{where}state/").status_code == 404, "it stands as it was answered"
    public = f"/projects/{course.project}/"
    assert "Three ways were tried." not in Client().get(public).content.decode()
    end = {"kind": "project", "number": course.project, "command": "terminate", "why": "The cameras went."}
    proposal = course.do("move", board.officer, **end)["proposal"]
    course.do("answer_proposal", board.second, proposal=proposal, agree=True)
    page = Client().get(public).content.decode()
    assert page.count("Three ways were tried.") == 3, "what the money went into is not public"

"""What a demand owner and a country desk do in a browser, from the first word of a need to its follow-up."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

import factories as f

pytestmark = pytest.mark.django_db


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_an_owner_states_a_need_step_by_step_and_sends_it() -> None:
    board = f.board()
    client = signed_in(board.owner_person)
    assert b"You have not stated a need yet" in client.get("/needs/").content
    page = client.post("/needs/new/", {"owner": board.owner.party.slug})
    assert page.status_code == 303, page.content.decode()
    where = page["Location"]
    assert b"Not started" in client.get(where).content
    first = {
        "title": "Early warning of wilt", "title.lang": "vi", "title.newlang": "en", "title.new": "Wilt warning",
        "sector": "agriculture", "problem": "Pepper dies", "problem.lang": "vi",
        "indicators.rows": "1", "indicators.lang": "en", "indicators.0.name": "Found in time", "indicators.0.operator": ">=",
        "indicators.0.threshold": "85.5", "indicators.0.unit": "%", "indicators.0.test_method": "200 plants",
        "indicators.0.data_place": "on site", "indicators.0.tester": "owner",
    }  # fmt: skip
    assert client.post(f"{where}edit/problem/", first).status_code == 303
    texts = ("operational_scenario", "experimental_environment", "local_data", "infrastructure")
    second = {name: "There is one." for name in texts} | {f"{name}.lang": "en" for name in texts}
    client.post(f"{where}edit/site/", second)
    early = client.get(f"{where}check/").content.decode()
    assert "Before this can be sent" in early and "edit/cooperation/?check=1#id_modes" in early
    client.post(f"{where}edit/cooperation/", {"modes": ["collaborative_rd"], "budget": "800,000", "duration_months": "12"})
    assert b"Before this can be sent" not in client.get(f"{where}check/").content
    sent = client.post(f"{where}check/")
    assert sent.status_code == 303, sent.content.decode()
    after = client.get(where).content.decode()
    assert "Submitted" in after and "Wilt warning" in after

"""What a demand owner and a country desk do in a browser, from the first word of a need to its follow-up."""

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
    second = dict.fromkeys(texts, "There is one.") | {f"{name}.lang": "en" for name in texts}
    client.post(f"{where}edit/site/", second)
    primary = f'class="btn go" href="{where}check/"'
    assert primary not in client.get(where).content.decode()
    early = client.get(f"{where}check/").content.decode()
    assert "Before this can be sent" in early
    assert "edit/cooperation/?check=1#id_modes" in early
    client.post(
        f"{where}edit/cooperation/",
        {"modes": ["collaborative_rd"], "budget": "800,000", "duration_months": "12"},
    )
    assert primary in client.get(where).content.decode(), "all is filled in"
    assert b"Before this can be sent" not in client.get(f"{where}check/").content
    sent = client.post(f"{where}check/")
    assert sent.status_code == 303, sent.content.decode()
    after = client.get(where).content.decode()
    assert "Submitted" in after
    assert "Wilt warning" in after


def finished(board: Any) -> Any:
    """A running project of the board's owner and lead."""
    posted = f.challenge(call=board.call, owner=board.owner.party, stage="decided")
    bid = f.bid(posted, lead=board.lead, stage="awarded")
    return f.piloted(f.project(bid, stage="validation"), board.owner_person)


def carried(page: str) -> str:
    """The answers that a last look carries along."""
    return page.split('name="carried" value="')[1].split('"')[0]


def test_an_owner_validates_and_follows_up() -> None:
    board = f.board()
    project = finished(board)
    client = signed_in(board.owner_person)
    work = f"/projects/{project.number}/work/"
    page = client.get(work).content.decode()
    assert f"{work}validate/" in page
    typed = {
        "used_for": "Reading",
        "used_for.lang": "en",
        "users": "abc",
        "works": "yes",
        "measured.I1": "2.1",
    }
    refused = client.post(f"{work}validate/", typed).content.decode()
    assert "There is a problem" in refused
    assert 'href="#id_users"' in refused
    assert 'value="abc"' in refused
    whole = typed | {"users": "12", "statement": "It works.", "statement.lang": "en", "measured.I1": "9"}
    checked = client.post(f"{work}validate/", whole).content.decode()
    assert "1 value misses what is wanted." in checked
    assert "You answer with yes all the same" in checked
    assert "Validated in use" not in client.get(work).content.decode().split("<h1")[1].split("</h1>")[0]
    changed = client.post(f"{work}validate/", {"carried": carried(checked), "change": "1"}).content.decode()
    assert "It works." in changed, "nothing typed is lost"
    forged = client.post(f"{work}validate/", {"carried": carried(checked)[:-1] + "_"})
    assert "There is a problem" in forged.content.decode()
    checked = client.post(f"{work}validate/", whole | {"measured.I1": "2.1"}).content.decode()
    assert "misses what is wanted" not in checked
    sent = client.post(f"{work}validate/", {"carried": carried(checked)})
    assert sent.status_code == 303, sent.content.decode()
    page = client.get(work).content.decode()
    assert "Validated in use" in page
    assert "It works." in page
    assert "Reached" in page
    assert "follow-up/3/" in page
    given = client.post(
        f"{work}follow-up/3/", {"in_use": "in_use", "changes": "Faster", "changes.lang": "en"}
    )
    assert given.status_code == 303, given.content.decode()


def test_a_lead_reports_and_an_owner_accepts() -> None:
    from jiebang.records.projects.models import Milestone

    board = f.board()
    project = finished(board)
    type(project).objects.filter(pk=project.pk).update(stage="running")
    Milestone.objects.create(project=project, order=1, title={"en": "Trial"})
    lead, owner = signed_in(board.lead_person), signed_in(board.owner_person)
    step = f"/projects/{project.number}/work/milestones/1/"
    assert b"Report milestone 1" in lead.get("/desk/").content
    assert owner.get(step).status_code == 404
    assert lead.post(step, {"done": "All of it", "done.lang": "en"}).status_code == 303
    assert b"All of it" in owner.get(step).content
    assert owner.post(step, {"remark": "Good"}).status_code == 303
    assert lead.get(step).status_code == 404
    measured = lead.post(
        f"/projects/{project.number}/work/measure/",
        {"indicator": "I1", "value": "4", "occasion": "milestone"},
        follow=True,
    )
    assert b"the indicator is missed" in measured.content
    assert lead.post(f"/projects/{project.number}/work/do/ask_acceptance/").status_code == 303


def test_a_country_desk_writes_for_an_owner_who_confirms() -> None:
    board = f.board()
    desk = signed_in(f.person(role="country_desk", scope="VN"))
    where = desk.post("/needs/new/", {"owner": board.owner.party.slug})["Location"]
    number = where.split("/")[2]
    from jiebang.records.challenges.models import Need

    Need.objects.filter(number=number).update(content=f.content(), title="Papers")
    assert desk.post(f"{where}check/").status_code == 303
    assert b"With the owner to confirm" in desk.get(where).content
    assert number.encode() in desk.get("/needs/country/").content
    owner = signed_in(board.owner_person)
    assert number.encode() in owner.get("/desk/").content
    assert owner.post(f"{where}check/").status_code == 303
    assert b"Submitted" in owner.get(where).content


def test_strangers_get_the_same_answer_for_a_need_that_is_and_one_that_is_not() -> None:
    board = f.board()
    need = f.need(call=board.call, owner=board.owner.party, stage="draft")
    stranger = signed_in(f.person(role="owner"))
    for place in ("", "check/", "edit/problem/", "share/", "questions/", "do/withdraw_need/"):
        assert stranger.get(f"/needs/{need.number}/{place}").status_code == 404
        assert stranger.get(f"/needs/N-none/{place}").status_code == 404
        assert Client().get(f"/needs/{need.number}/{place}").status_code == 302


def test_an_owner_answers_a_question_with_a_translation_and_withdraws_another_need() -> None:
    board = f.board()
    posted = f.challenge(call=board.call, owner=board.owner.party)
    asked = f.question(posted)
    client = signed_in(board.owner_person)
    where = f"/needs/{posted.need.number}/questions/"
    assert b"May data leave the site?" in client.get(where).content
    typed = {
        "question": asked.pk,
        f"text{asked.pk}": "No.",
        f"lang{asked.pk}": "en",
        f"newlang{asked.pk}": "zh-Hans",
        f"new{asked.pk}": "不可",
    }
    assert client.post(where, typed).status_code == 303
    assert "不可" in client.get(f"/challenges/{posted.number}/").content.decode()
    draft = f.need(call=board.call, owner=board.owner.party, stage="draft")
    page = client.get(f"/needs/{draft.number}/do/withdraw_need/").content.decode()
    assert "This ends it." in page
    assert client.post(f"/needs/{draft.number}/do/withdraw_need/", {"why": "Solved"}).status_code == 303


def test_a_list_costs_the_same_for_one_row_and_for_thirty(django_assert_max_num_queries: Any) -> None:
    board = f.board()
    client = signed_in(board.owner_person)
    for _ in range(30):
        f.need(call=board.call, owner=board.owner.party, stage="draft")
    client.get("/needs/")
    with django_assert_max_num_queries(22):
        client.get("/needs/")
    assert client.get("/needs/?format=csv").status_code == 200

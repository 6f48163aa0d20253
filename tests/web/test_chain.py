"""The chain on pages: the project's tab and forms, its public page, and the flow over all projects."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import factories as f
from jiebang.records.people.models import Organisation
from jiebang.records.projects.models import ChainPart, Project

pytestmark = pytest.mark.django_db
PAGE = "/programme/chain/"


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def project(board: f.Board, number: str) -> Project:
    posted = f.challenge(call=board.call, owner=board.owner.party, stage="decided")
    return f.project(f.bid(posted, lead=board.lead, stage="awarded"), number=number)


def part(row: Project, of: Organisation, link: str, place: str, **given: Any) -> ChainPart:
    plain: dict[str, Any] = {
        "country": of.country, "region": of.region, "does": f.statement("Its part."), "since": f.NOW.date(),
        "recorded_at": f.NOW, "recorded_by": f.person(),
    }  # fmt: skip
    return ChainPart.objects.create(project=row, party=of.party, link=link, place=place, **{**plain, **given})


def chained(board: f.Board, number: str = "P-1") -> Project:
    row = project(board, number)
    beijing = f.organisation("Sample Vision Institute", country="CN", region="CN-BJ")
    part(row, beijing, "research", "Beijing", share=40, share_of="effort")
    part(row, board.lead, "integration", "Nanning")
    part(row, board.owner, "application", "Ha Noi")
    return row


def test_the_flow_over_all_projects_opens_to_them() -> None:
    board = f.board()
    chained(board)
    other = project(board, "P-2")
    part(other, board.lead, "integration", "Nanning")
    client = Client()
    page = client.get(PAGE).content.decode()
    for said in ("Research", "Integration", "Application", "Beijing", "Guangxi", "Viet Nam", "2 projects"):
        assert said in page
    flow = re.search(r'href="(/programme/chain/\?from=research[^"#]+)#projects"', page)
    assert flow
    told = client.get(flow[1].replace("&amp;", "&")).content.decode()
    table = told[told.index('id="projects"') :]
    assert "Research, Beijing → Integration, Guangxi" in table
    assert 'href="/projects/P-1/"' in table
    assert "P-2" not in table[: table.index("</table>")]
    tile = client.get(PAGE, {"place": "CN-GX"}).content.decode()
    assert 'href="/projects/P-2/"' in tile
    box = client.get(PAGE, {"from": "application.VN"}).content.decode()
    assert 'href="/projects/P-1/"' in box
    assert 'href="/projects/P-2/"' not in box


def test_what_nobody_goes_and_what_makes_no_sense_is_told_quietly() -> None:
    board = f.board()
    chained(board)
    client = Client()
    nowhere = client.get(PAGE, {"from": "research.CN-BJ", "to": "application.VN"}).content.decode()
    assert "No project goes this way." in nowhere
    for asked in ({"from": "x"}, {"place": "<b>"}, {"to": "research.ZZ"}):
        answer = client.get(PAGE, asked)
        assert answer.status_code == 200
        assert 'id="projects"' not in answer.content.decode()


def test_nothing_recorded_says_who_records_it() -> None:
    f.board()
    assert "Nothing is recorded yet" in Client().get(PAGE).content.decode()


def test_the_page_is_the_same_in_chinese_with_the_rulebooks_words() -> None:
    board = f.board()
    chained(board)
    page = Client().get(PAGE, {"lang": "zh-hans"}).content.decode()
    for said in ("研发", "集成", "应用", "北京", "广西", "越南"):
        assert said in page


def test_queries_do_not_follow_the_projects() -> None:
    board = f.board()
    chained(board)
    client = Client()
    client.get(PAGE)
    counts = []
    for number in ("P-2", "P-3"):
        with CaptureQueriesContext(connection) as seen:
            client.get(PAGE, {"x": number})
        counts.append(len(seen))
        for more in range(8):
            chained(board, f"{number}{more}")
    assert counts[0] == counts[1] <= 10


def test_a_public_project_page_tells_its_chain() -> None:
    board = f.board()
    chained(board)
    project(board, "P-2")
    page = Client().get("/projects/P-1/").content.decode()
    for said in ("Sample Vision Institute", "40 % of the effort", "Ha Noi, Viet Nam", "Its part."):
        assert said in page
    assert 'id="chain"' not in Client().get("/projects/P-2/").content.decode()


def test_the_lead_records_and_withdraws_on_pages() -> None:
    board = f.board()
    project(board, "P-1")
    client = signed_in(board.lead_person)
    assert "Nothing is recorded yet." in client.get("/projects/P-1/chain/").content.decode()
    form = client.get("/projects/P-1/chain/record/").content.decode()
    assert "Sample Owner" in form
    assert "Another organisation" not in form, "the office's alone"
    sent = {
        "organisation": board.lead.party.slug,
        "link": "integration",
        "does": "Puts it together.",
        "place": "Nanning",
    }
    wrong = client.post("/projects/P-1/chain/record/", {**sent, "share": "30"}).content.decode()
    assert "share of the effort or of the money" in wrong
    client.post("/projects/P-1/chain/record/", {**sent, "share": "30", "share_of": "effort"})
    row = ChainPart.objects.get()
    page = client.get("/projects/P-1/chain/").content.decode()
    for said in ("Puts it together.", "Nanning, Guangxi", "30 % of the effort", f"chain/{row.pk}/withdraw/"):
        assert said in page
    client.post(f"/projects/P-1/chain/{row.pk}/withdraw/", {"why": "Another does it."})
    page = client.get("/projects/P-1/chain/").content.decode()
    assert "Another does it." in page[page.index('id="withdrawn"') :]
    assert client.get(f"/projects/P-1/chain/{row.pk}/withdraw/").status_code == 404


def test_the_office_names_another_and_the_owner_only_reads() -> None:
    board = f.board()
    project(board, "P-1")
    outside = f.organisation("Sample Outsider", country="SG")
    office = signed_in(board.officer)
    office.post("/projects/P-1/chain/record/", {
        "organisation": board.lead.party.slug, "other": outside.party.slug, "link": "research", "does": "Finds it out.",
        "place": "Singapore",
    })  # fmt: skip
    assert ChainPart.objects.get().party == outside.party
    owner = signed_in(board.owner_person)
    page = owner.get("/projects/P-1/chain/").content.decode()
    assert "Sample Outsider" in page
    assert "withdraw/" not in page
    assert owner.get("/projects/P-1/chain/record/").status_code == 404


def test_a_region_that_the_rulebook_does_not_name_is_called_as_it_was_written() -> None:
    board = f.board()
    row = project(board, "P-1")
    part(row, f.organisation("Sample Tropics", country="CN", region="CN-YN"), "research", "Kunming")
    part(row, board.lead, "integration", "Nanning")
    page = Client().get(PAGE).content.decode()
    assert "Research, Kunming" in page


def test_a_validated_project_still_gains_parts_and_a_terminated_one_does_not() -> None:
    board = f.board()
    row = project(board, "P-1")
    client = signed_in(board.lead_person)
    for stage, status in (("validated", 200), ("terminated", 404)):
        Project.objects.filter(pk=row.pk).update(stage=stage, ended_at=f.NOW)
        assert client.get("/projects/P-1/chain/record/").status_code == status
        assert ("chain/record/" in client.get("/projects/P-1/chain/").content.decode()) is (status == 200)


def test_a_place_that_is_called_as_its_region_stands_there_once() -> None:
    board = f.board()
    chained(board)
    page = Client().get("/projects/P-1/", {"lang": "zh-hans"}).content.decode()
    assert "Nanning, 广西" in page
    assert "Beijing" not in page

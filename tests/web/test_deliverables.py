"""Laboratories and training on pages: planned, recorded, confirmed, withdrawn; what everybody reads; the office's list."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

import factories as f
from jiebang.records.deliverables.models import Attainment, Deliverable
from jiebang.records.projects.models import Project
from jiebang.web.public.deliverables import asked

pytestmark = pytest.mark.django_db
DAY = f.NOW.date()


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def project(board: f.Board, number: str = "P-1") -> Project:
    posted = f.challenge(call=board.call, owner=board.owner.party, stage="decided")
    return f.project(f.bid(posted, lead=board.lead, stage="awarded"), number=number)


def planned(board: f.Board, row: Project, **given: Any) -> Deliverable:
    plain: dict[str, Any] = {
        "kind": "training", "name": f.statement("Reading old papers", zh="古籍识读"), "host": board.owner.party, "country": "VN",
        "place": "Ha Noi", "planned": {"trainees": "40", "hours": "32"}, "since": DAY.replace(day=1), "planned_at": f.NOW,
        "planned_by": board.lead_person,
    }  # fmt: skip
    return Deliverable.objects.create(project=row, **{**plain, **given})


def attained(board: f.Board, row: Deliverable, count: object, **given: Any) -> Attainment:
    plain: dict[str, Any] = {
        "measure": "trainees", "first_day": DAY, "last_day": DAY, "party": board.lead.party, "recorded_at": f.NOW,
        "recorded_by": board.lead_person,
    }  # fmt: skip
    if given.get("state") == "confirmed":
        plain |= {"answered_at": f.NOW, "answered_by": board.owner_person}
    return Attainment.objects.create(deliverable=row, value=count, **{**plain, **given})


def read(client: Client, path: str, **given: str) -> str:
    answer = client.get(path, given)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_training_goes_from_plan_to_confirmed_figures_on_pages() -> None:
    board = f.board()
    project(board)
    lead, owner = signed_in(board.lead_person), signed_in(board.owner_person)
    page = read(lead, "/projects/P-1/deliverables/")
    assert "Nothing is planned yet." in page
    assert "plan/joint_laboratory/" in page
    form = read(lead, "/projects/P-1/deliverables/plan/training/")
    assert "Planned: Certificates" in form
    assert "Another organisation" not in form, "the office's alone"
    sent = {
        "name": "Reading old papers",
        "host": board.owner.party.slug,
        "place": "Ha Noi",
        "since": "2026-05-01",
    }
    wrong = lead.post(
        "/projects/P-1/deliverables/plan/training/", {**sent, "planned.certificates": "30"}
    ).content.decode()
    assert "Certificates cannot be more than Trainees: 30 are planned of 0." in wrong
    told = {**sent, "planned.trainees": "40", "planned.certificates": "30"}
    lead.post("/projects/P-1/deliverables/plan/training/", told)
    at = f"/projects/P-1/deliverables/{Deliverable.objects.get().pk}/"
    values = {
        "first": "2026-05-04",
        "last": "2026-05-08",
        "values.trainees": "20",
        "values.hours": "12.5",
        "values.certificates": "18",
    }
    bare = lead.post(f"{at}record/", values).content.decode()
    assert "Certificates is recorded only with a file that shows it." in bare
    shows = SimpleUploadedFile("list.pdf", b"%PDF-1.4 names", content_type="application/pdf")
    lead.post(f"{at}record/", {**values, "file": shows})
    assert Attainment.objects.count() == 3
    page = read(owner, "/projects/P-1/deliverables/")
    assert re.search(r"measure=trainees&amp;state=waiting#values[^>]*>20 people", page)
    assert f"{at}confirm/" in read(owner, "/desk/")
    Project.objects.update(stage="validated", ended_at=f.NOW)
    assert f"{at}confirm/" in read(owner, "/desk/"), "training goes on after the validation"
    form = read(owner, f"{at}confirm/")
    assert "12.5 hours" in form
    keys = [str(item.pk) for item in Attainment.objects.all()]
    unsaid = owner.post(f"{at}confirm/", {"attainments": keys, "agree": "false"}).content.decode()
    assert "Say why." in unsaid
    owner.post(f"{at}confirm/", {"attainments": keys, "agree": "true"})
    page = read(owner, "/projects/P-1/deliverables/")
    assert re.search(r"measure=certificates&amp;state=confirmed#values[^>]*>18 certificates", page)
    public = read(Client(), "/projects/P-1/")
    assert "Trainees: 20 people; Hours taught: 12.5 hours; Certificates: 18 certificates" in public


def test_each_figure_opens_to_its_rows_with_their_days() -> None:
    board = f.board()
    row = planned(board, project(board))
    attained(board, row, 20, state="confirmed")
    attained(board, row, 7, first_day=DAY.replace(day=2), last_day=DAY.replace(day=9))
    attained(
        board,
        row,
        3,
        measure="hours",
        state="refused",
        why="Not held.",
        answered_at=f.NOW,
        answered_by=board.officer,
    )
    client = signed_in(board.lead_person)
    at = f"/projects/P-1/deliverables/{row.pk}/"
    every = read(client, at)
    for said in ("20 people", "7 people", "3 hours", "Not held.", board.owner_person.name):
        assert said in every[every.index('id="values"') :]
    some = read(client, at, measure="trainees", state="waiting")
    table = some[some.index('id="values"') :]
    assert "7 people" in table
    assert "2 June 2026 – 9 June 2026" in table
    assert "20 people" not in table
    assert "No value here." in read(client, at, measure="hours", state="confirmed")


def test_what_shows_a_value_is_for_those_of_the_project_and_only_as_it_was() -> None:
    board = f.board()
    row = planned(board, project(board))
    lead, at = signed_in(board.lead_person), f"/projects/P-1/deliverables/{row.pk}/"
    shows = SimpleUploadedFile("list.pdf", b"%PDF-1.4 of twelve", content_type="application/pdf")
    values = {"first": DAY.isoformat(), "last": DAY.isoformat(), "values.trainees": "12", "file": shows}
    lead.post(f"{at}record/", values)
    url = f"{at}files/{Attainment.objects.get().file['sha256']}/"
    answer = signed_in(board.owner_person).get(url)
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 of twelve"
    assert signed_in(f.person()).get(url).status_code == 404
    assert lead.get(f"{at}files/{'a' * 64}/").status_code == 404


def test_the_office_sets_a_confirmed_value_aside_and_withdraws() -> None:
    board = f.board()
    row = planned(board, project(board))
    value = attained(board, row, 20, state="confirmed")
    at, office, lead = (
        f"/projects/P-1/deliverables/{row.pk}/",
        signed_in(board.officer),
        signed_in(board.lead_person),
    )
    assert f"confirm/?value={value.pk}" in read(office, at)
    assert "confirm/?value=" not in read(signed_in(board.owner_person), at)
    assert lead.get(f"{at}withdraw/").status_code == 404, "a value of it is confirmed"
    read(office, f"{at}confirm/", value=str(value.pk))
    office.post(f"{at}confirm/?value={value.pk}", {"why": "Counted twice on paper."})
    assert "Counted twice on paper." in read(lead, at)
    assert office.get(f"{at}confirm/?value={value.pk}").status_code == 404
    lead.post(f"{at}withdraw/", {"why": "Given up."})
    page = read(lead, "/projects/P-1/deliverables/")
    assert "Given up." in page[page.index('id="withdrawn"') :]
    assert "It was withdrawn: Given up." in read(lead, at)
    assert lead.get(f"{at}record/").status_code == 404
    assert 'id="deliverables"' not in read(Client(), "/projects/P-1/")


def test_nobody_is_asked_to_confirm_their_own() -> None:
    board = f.board()
    row = planned(board, project(board))
    attained(board, row, 20, recorded_by=board.owner_person)
    at = f"/projects/P-1/deliverables/{row.pk}/confirm/"
    assert signed_in(board.owner_person).get(at).status_code == 404
    assert signed_in(board.officer).get(at).status_code == 200


def test_the_list_of_the_office_adds_up_confirmed_values_by_kind_and_country() -> None:
    board = f.board()
    for number, country, count in (("P-1", "VN", 20), ("P-2", "VN", 15), ("P-3", "LA", 9)):
        row = planned(board, project(board, number), country=country)
        attained(board, row, count, state="confirmed")
        attained(board, row, 100, first_day=DAY.replace(day=2), last_day=DAY.replace(day=3))
    planned(board, Project.objects.get(number="P-1"), kind="joint_laboratory", planned={"staff": "4"})
    client, at = signed_in(board.officer), "/office/deliverables/"
    page = read(client, at)
    assert 'aria-label="Training: Trainees (people): 44"' in page
    assert re.search(r"Viet Nam</th>.*?Trainees \(people\)</td>.*?>35<", page, re.S)
    assert re.search(r"measure=trainees&amp;state=waiting#values[^>]*>100<", page)
    lao = read(client, at, country="LA")
    assert 'aria-label="Training: Trainees (people): 9"' in lao
    assert "P-1" not in lao[lao.index('id="list"') :]
    labs = read(client, at, kind="joint_laboratory")
    assert "Projects served" in labs
    assert "Hours taught" not in labs[labs.index('id="list"') :]
    assert "P-3" not in read(client, at, text="p-2").partition('id="list"')[2]
    rows = client.get(at, {"format": "json", "measure": "trainees"}).json()
    assert [(row["project"], row["planned"], row["confirmed"], row["waiting"]) for row in rows] == [
        ("P-1", "40", "20.00", "100.00"), ("P-2", "40", "15.00", "100.00"), ("P-3", "40", "9.00", "100.00"),
    ]  # fmt: skip
    for kind in ("csv", "xlsx"):
        assert client.get(at, {"format": kind}).status_code == 200
    assert signed_in(board.lead_person).get(at).status_code == 404


def test_queries_do_not_follow_the_deliverables() -> None:
    board = f.board()
    row = project(board)
    attained(board, planned(board, row), 20, state="confirmed")
    pages = {
        "/office/deliverables/": signed_in(board.officer), "/projects/P-1/deliverables/": signed_in(board.lead_person),
        "/projects/P-1/": Client(), "/api/v1/projects/P-1": Client(),
    }  # fmt: skip

    def counts(when: str) -> list[int]:
        found = []
        for path, client in pages.items():
            with CaptureQueriesContext(connection) as seen:
                assert client.get(path, {"x": when}).status_code == 200
            found.append(len(seen))
        return found

    counts("first")
    before = counts("before")
    for number in range(12):
        more = planned(board, row, name=f.statement(f"Course {number}"))
        attained(board, more, 3, state="confirmed")
    assert counts("after") == before


def test_the_api_tells_confirmed_values_alone() -> None:
    board = f.board()
    row = planned(board, project(board))
    attained(board, row, 20, state="confirmed")
    attained(board, row, 7, first_day=DAY.replace(day=2), last_day=DAY.replace(day=3))
    found = Client().get("/api/v1/projects/P-1").json()["deliverables"]
    assert [(item["name"]["en"], item["kind"], item["host"]) for item in found] == [
        ("Reading old papers", "training", board.owner.party.slug)
    ]
    assert found[0]["measures"] == [
        {"measure": "trainees", "planned": "40", "confirmed": "20"}, {"measure": "hours", "planned": "32", "confirmed": "0"},
        {"measure": "certificates", "planned": None, "confirmed": "0"},
    ]  # fmt: skip


def test_a_rulebook_without_deliverables_has_an_empty_tab() -> None:
    book = f.guangxi().model_copy(update={"deliverables": None})
    board = f.board()
    call = f.call(rulebook=f.installed(book))
    posted = f.challenge(call=call, owner=board.owner.party, stage="decided")
    f.project(f.bid(posted, lead=board.lead, stage="awarded"), number="P-9")
    client = signed_in(board.lead_person)
    assert "names no deliverables" in read(client, "/projects/P-9/deliverables/")
    assert client.get("/projects/P-9/deliverables/plan/training/").status_code == 404


def test_the_room_speaks_chinese_with_the_rulebooks_words() -> None:
    board = f.board()
    row = planned(board, project(board))
    attained(board, row, 20, state="confirmed")
    client = signed_in(board.lead_person)
    page = read(client, "/projects/P-1/deliverables/", lang="zh-hans")
    for said in ("联合实验室与培训", "古籍识读", "培训人数", "20 人", "待确认"):
        assert said in page


def test_a_unit_is_said_where_the_name_does_not_say_it() -> None:
    with override("en"):
        said = [asked(f.guangxi(), key) for key in ("trainees", "hours", "certificates", "visits")]
    assert said == ["Trainees (people)", "Hours taught", "Certificates", "visits"]

"""Public pages: what they show, what they never show, what they cost."""

import csv
import io
import json
from datetime import timedelta
from importlib import resources

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from openpyxl import load_workbook

from acting import Round, done
from factories import (
    NOW,
    Board,
    bid,
    board,
    challenge,
    content,
    decision,
    guangxi_organisation,
    organisation,
    person,
    project,
    question,
    statement,
)
from jiebang.adapters.mail import as_mail
from jiebang.records.journal import write as journal
from jiebang.records.journal.write import append
from jiebang.records.outbox.models import Message
from jiebang.records.programme.queries import rulebook
from jiebang.records.projects.models import FollowUp, Measurement, Milestone, Validation
from jiebang.trust.canonical import Json
from jiebang.web import exports
from jiebang.web.public.programme import statuses

pytestmark = pytest.mark.django_db
PAGES = ("/", "/challenges/", "/results/", "/projects/", "/programme/", "/programme/guidelines/")


@pytest.fixture
def small() -> Board:
    return board()


def text_of(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.content.decode()


def queries_of(client: Client, url: str) -> int:
    client.get(url)  # rulebooks and calendars are read once a process
    cache.clear()
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def many(board: Board, count: int, **given: object) -> None:
    for place in range(count):
        posted = challenge(call=board.call, owner=board.owner.party, **given)
        if given.get("stage") == "decided":
            sent = bid(posted, lead=board.lead)
            decision(sent)
            project(sent)
            bid(posted)
        assert place < count


@pytest.mark.parametrize("page", ["/", "/challenges/", "/sign-in/", "/api/v1/challenges"])
def test_a_name_that_is_not_ours_is_a_bad_request(client: Client, page: str) -> None:
    answer = client.get(page, HTTP_HOST="elsewhere.example")
    assert answer.status_code == 400
    assert "This request could not be read" in answer.content.decode()


@pytest.mark.parametrize(
    "url", ["/challenges/", "/challenges/?q=papers&sort=budget", "/results/", "/projects/", "/"]
)
@pytest.mark.parametrize("signed_in", [False, True])
def test_lists_cost_the_same_with_one_row_and_with_thirty(
    client: Client, small: Board, url: str, signed_in: bool
) -> None:
    many(small, 1, stage="decided")
    many(small, 1)
    if signed_in:
        client.force_login(small.officer)
    one = queries_of(client, url)
    many(small, 29, stage="decided")
    many(small, 29)
    assert queries_of(client, url) == one
    assert one <= (20 if signed_in else 13 if url == "/" else 10)


def test_a_page_from_memory_asks_for_the_instance_only(client: Client, small: Board) -> None:
    many(small, 3)
    client.get("/challenges/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/challenges/")
    assert len(seen) == 1


def test_a_page_in_memory_changes_with_the_board(client: Client, small: Board) -> None:
    assert "GX-2026-900" not in text_of(client, "/challenges/")
    challenge(call=small.call, number="GX-2026-900")
    assert "GX-2026-900" not in text_of(client, "/challenges/")
    with transaction.atomic():
        append(at=NOW, event="stage:moved", actor="somebody", subject="x", rulebook=None, body={})
    assert "GX-2026-900" in text_of(client, "/challenges/")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_fifty_rows_are_thirty_kilobytes_at_most(client: Client, small: Board, language: str) -> None:
    title = {
        "en": "Finding leaf blast and tungro in irrigated rice from ordinary telephone pictures",
        "zh-Hans": "用普通手机照片识别灌溉稻田的叶瘟与东格鲁病",
    }
    many(small, 60, title=title, country="LA", sector="agriculture")
    html = text_of(client, f"/challenges/?lang={language}")
    assert html.count("<article") == 50
    assert len(html.encode()) <= 30_000
    assert text_of(client, "/challenges/?page=2").count("<article") == 10


def test_the_second_page_keeps_the_filters_in_its_address(client: Client, small: Board) -> None:
    many(small, 60, country="LA")
    html = text_of(client, "/challenges/?country=LA&sort=newest")
    assert 'href="/challenges/?country=LA&amp;sort=newest&amp;page=2"' in html
    assert 'href="/challenges/?country=LA&amp;sort=newest&amp;format=csv"' in html
    assert '<option value="LA" selected>' in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=rice", True),
        ("q=RICE+leav", True),
        ("text=稻叶", True),
        ("q=ｒｉｃｅ", True),
        ("q=GX-2026-777", True),
        ("q=bridge", False),
        ("country=LA&sector=agriculture&stage=open&mode=collaborative_rd", True),
        ("mode=technology_investment", False),
        ("country=VN", False),
        ("stage=decided", False),
        ("sort=nonsense&page=nonsense&country=LA", True),
    ],
)
def test_search_and_filters(client: Client, small: Board, query: str, found: bool) -> None:
    challenge(
        call=small.call, number="GX-2026-777", country="LA", sector="agriculture",
        title={"en": "Reading rice leaves", "zh-Hans": "稻叶识别"}, search="reading rice leaves 稻叶识别",
    )  # fmt: skip
    html = text_of(client, f"/challenges/?{query}")
    assert ("/challenges/GX-2026-777/" in html) is found
    assert ("No challenge fits" in html) is not found


def test_exports_hold_what_is_shown_and_no_formula(client: Client, small: Board) -> None:
    many(small, 2)
    challenge(call=small.call, country="LA", title={"en": "=HYPERLINK(0)"}, number="GX-2026-555")
    made = client.get("/challenges/?country=LA&format=csv")
    assert made.headers["Content-Disposition"] == 'attachment; filename="challenges.csv"'
    rows = list(csv.DictReader(io.StringIO(made.content.decode("utf-8-sig"))))
    assert [(row["Number"], row["Title"]) for row in rows] == [("GX-2026-555", "'=HYPERLINK(0)")]
    sheet = load_workbook(io.BytesIO(client.get("/challenges/?format=xlsx").content)).active
    assert sheet is not None
    assert sheet.max_row == 4
    assert "'=HYPERLINK(0)" in [cell.value for cell in sheet["B"]]
    assert len(json.loads(client.get("/challenges/?format=json").content)) == 3


@pytest.mark.parametrize("room", ["challenges", "results", "projects"])
def test_an_export_that_cannot_hold_all_rows_says_so(
    client: Client, small: Board, monkeypatch: pytest.MonkeyPatch, room: str
) -> None:
    many(small, 3, stage="decided")
    whole = client.get(f"/{room}/?format=json")
    assert (len(json.loads(whole.content)), f'"{room}.json"' in whole.headers["Content-Disposition"]) == (
        3,
        True,
    )
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    part = client.get(f"/{room}/?format=json")
    assert len(json.loads(part.content)) == 2
    assert part.headers["Content-Disposition"] == f'attachment; filename="{room}-first-2.json"'


def test_the_course_of_a_case_is_told_from_its_first_move(client: Client, small: Board) -> None:
    posted = challenge(call=small.call, owner=small.owner.party, stage="open")
    for place in range(45):
        body: dict[str, Json] = {"from": "open", "to": "reviewing", "why": f"turn {place}."}
        subject = f"challenge:{posted.number}"
        journal.append(at=NOW, event="stage:moved", rulebook=None, actor="system", subject=subject, body=body)
    html = text_of(client, f"/challenges/{posted.number}/")
    assert "turn 0." in html
    assert "turn 44." in html


def test_a_notice_shows_its_parts_and_hides_what_is_private(client: Client, small: Board) -> None:
    posted = challenge(call=small.call, owner=small.owner.party, content=content())
    question(posted, "May data leave the site?", answer="No, work on site.", asked_by=small.lead.party)
    question(posted, "A waiting question that is not public")
    html = text_of(client, f"/challenges/{posted.number}/")
    for part in ("Open for bids", "Operational scenario", "Supporting infrastructure", "≤ 3 %", "Sample Owner",
                 "May data leave the site?", "No, work on site.", "1 question waits",
                 "working days left", "(Shanghai)"):  # fmt: skip
        assert part in html
    for secret in ("secret-contact@owner.example", "A waiting question", "Sample Lead"):
        assert secret not in html


def test_a_notice_speaks_the_readers_language_and_keeps_the_original(client: Client, small: Board) -> None:
    posted = challenge(
        call=small.call, content=content(problem=statement("ບັນຫາ", lang="lo", en="The problem in English"))
    )
    english = text_of(client, f"/challenges/{posted.number}/")
    assert "The problem in English" in english
    assert '<div lang="lo"><p>ບັນຫາ</p></div>' in english
    chinese = text_of(client, f"/challenges/{posted.number}/?lang=zh-hans")
    assert '<html lang="zh-hans">' in chinese
    assert "揭榜中" in chinese
    assert "手写公文识别" in chinese
    assert '<html lang="zh-hans">' in text_of(client, "/challenges/"), "the choice is remembered"


def test_a_result_names_the_winner_and_hides_the_others(client: Client, small: Board) -> None:
    posted = challenge(call=small.call, stage="publicity", publicity_until=NOW + timedelta(days=4))
    winner, loser = bid(posted, lead=small.lead), bid(posted, lead=organisation("Losing Works", country="CN"))
    decision(winner, score=91.75)
    decision(loser, outcome="not_awarded", rank=2, code="award.no_place", score=55.25)
    html = text_of(client, f"/challenges/{posted.number}/result/")
    assert "Sample Lead" in html
    assert "Better bids took every place." in html
    assert loser.number in html
    assert f"/challenges/{posted.number}/object/" in html
    for hidden in ("Losing Works", "91.75", "55.25"):
        assert hidden not in html
    assert "Sample Lead" in text_of(client, "/results/")
    client.force_login(small.officer)
    seen = text_of(client, f"/challenges/{posted.number}/result/")
    assert "Losing Works" in seen
    assert "91.75" in seen


def test_existence_never_leaks(client: Client, small: Board) -> None:
    posted = challenge(call=small.call, stage="reviewing", number="GX-2026-321")
    decision(bid(posted, lead=small.lead), published_at=None)
    missing = client.get("/challenges/GX-2026-999/result/")
    hidden = client.get("/challenges/GX-2026-321/result/")
    assert (missing.status_code, hidden.status_code) == (404, 404)
    assert hidden.content.decode().replace("321", "999") == missing.content.decode()
    assert "GX-2026-321" not in text_of(client, "/results/")


def test_a_public_reason_names_its_rule_in_words(client: Client, small: Board) -> None:
    posted = challenge(call=small.call, stage="decided")
    code, params = "eligibility.ineligible", {"rules": "consortium.one_bid_per_lead"}
    decision(bid(posted, stage="awarded"), rank=1, tie=2)
    decision(bid(posted, stage="ineligible"), outcome="ineligible", rank=None, code=code, params=params)
    text = text_of(client, f"/challenges/{posted.number}/result/")
    assert "One bid a lead" in text
    assert "one_bid_per_lead" not in text
    assert "1, shared by 2" in text


def test_results_and_projects_are_found_by_the_company_and_say_when_nothing_matches(
    client: Client, small: Board
) -> None:
    lead = guangxi_organisation("Egret Works", names={"en": "Egret Works", "zh-Hans": "白鹭工坊"})
    for works in (lead, small.lead):
        posted = challenge(call=small.call, stage="decided", country="LA" if works is lead else "VN")
        won = bid(posted, lead=works, stage="awarded")
        decision(won)
        project(won, stage="running")
    for url in ("/results/", "/projects/"):
        for words in ("q=Egret", "text=白鹭", "country=LA"):
            html = text_of(client, f"{url}?{words}")
            assert "Egret Works" in html
            assert "Sample Lead" not in html
        for words in ("q=Heron", "country=TH"):
            assert "matches these filters" in text_of(client, f"{url}?{words}")


def test_a_seal_leads_into_the_journal_for_those_who_may_read_it(client: Client, small: Board) -> None:
    posted = challenge(call=small.call, stage="publicity")
    decision(bid(posted, lead=small.lead))
    address = f"/log/?subject=challenge:{posted.number}"
    append(
        at=NOW,
        event="stage:moved",
        actor="x",
        subject=f"challenge:{posted.number}",
        rulebook=None,
        body={},
        private={},
    )
    page = f"/challenges/{posted.number}/result/"
    assert "Sealed in the journal as" in text_of(client, page)
    assert address not in text_of(client, page)
    client.force_login(small.lead_person)
    assert address not in text_of(client, page)
    client.force_login(small.officer)
    assert address in text_of(client, page)
    assert client.get(address).status_code == 200


def test_a_proposed_result_stays_closed_even_to_the_lead(client: Client, small: Board) -> None:
    posted = challenge(call=small.call, stage="proposed")
    decision(bid(posted, lead=small.lead))
    client.force_login(small.lead_person)
    text_of(client, f"/challenges/{posted.number}/result/", status=404)


def test_a_project_shows_promise_and_measure(client: Client, small: Board) -> None:
    posted = challenge(call=small.call, owner=small.owner.party, stage="decided")
    running = project(bid(posted, lead=small.lead, lead_person=small.lead_person), stage="validated")
    Milestone.objects.create(project=running, order=1, title={"en": "First version"}, accepted_at=NOW)
    Measurement.objects.create(
        project=running,
        indicator="I1",
        occasion="validation",
        value="2.4",
        met=True,
        at=NOW,
        by=small.owner_person,
    )
    said = {"used_for": statement("Land papers"), "works": True, "report": {"name": "secret.pdf"}}
    Validation.objects.create(project=running, content=said, sha256="0" * 64, by=small.owner_person, at=NOW)
    FollowUp.objects.create(project=running, month=3, due_on=(NOW + timedelta(days=90)).date())
    html = text_of(client, f"/projects/{running.number}/")
    for part in (
        "2.4 %",
        "Reached",
        "First version",
        "Land papers",
        "After 3 months",
        "Sample Lead",
        "CNY 900,000",
    ):
        assert part.replace(" ", "\N{NO-BREAK SPACE}") in html or part in html
    assert "secret.pdf" not in html
    assert running.number in text_of(client, "/projects/?stage=validated")
    text_of(client, "/projects/P-0000/", status=404)


def test_the_programme_page_names_every_source(client: Client, small: Board) -> None:
    html = text_of(client, "/programme/")
    for part in (
        "Guangxi Department of Science and Technology",
        "reported",
        "assumed",
        'id="sources"',
        "<svg",
    ):
        assert part in html
    counts = statuses(rulebook(small.call.rulebook_id))
    shipped = (
        resources.files("jiebang.rulebooks").joinpath("guangxi-asean-2026.yaml").read_text(encoding="utf-8")
    )
    assert counts["assumed"] == shipped.count("status: assumed"), (
        "every part that carries a status is counted"
    )
    paper = text_of(client, "/programme/guidelines/?lang=zh-hans")
    assert "需求方注册满一年以上" in paper
    assert "owner.over_years" not in paper


@pytest.mark.parametrize("url", PAGES)
def test_pages_stand_before_anything_was_set_up(client: Client, url: str) -> None:
    assert client.get(url).status_code in (200, 404)


@pytest.mark.parametrize("url", [*PAGES, "/nothing/", "/sign-in/", "/healthz"])
def test_every_answer_is_guarded(client: Client, small: Board, url: str) -> None:
    many(small, 1)
    answer = client.get(url)
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    html = answer.content.decode()
    assert " style=" not in html
    assert "<style" not in html
    assert " onclick=" not in html
    assert "<script>" not in html


def test_pages_for_everybody_hold_nobodys_secret(client: Client, small: Board) -> None:
    answer = client.get("/challenges/")
    assert "csrftoken" not in answer.cookies
    assert "X-CSRFToken" not in answer.content.decode()


def test_a_question_is_asked_once_and_comes_back_when_refused(client: Client, small: Board) -> None:
    posted = challenge(call=small.call, owner=small.owner.party)
    ask = f"/challenges/{posted.number}/ask/"
    assert client.get(ask).headers["Location"] == f"/sign-in/?next={ask}"
    client.force_login(small.lead_person)
    assert '<option value="lo"' in client.get(ask).content.decode(), (
        "people ask in more languages than pages speak"
    )
    form = {"text": "Which formats are the scans in?", "lang": "en", "once": "a-key-used-for-this-form"}
    first, second = client.post(ask, form), client.post(ask, form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert posted.questions.count() == 1
    assert "Receipt: entry" in text_of(client, f"/challenges/{posted.number}/")
    posted.questions_until = NOW - timedelta(days=1)
    posted.save()
    again = client.post(ask, {"text": "Too late, but not lost", "lang": "en"})
    assert again.status_code == 200
    html = again.content.decode()
    assert "There is a problem" in html
    assert "Too late, but not lost" in html


def test_an_objection_needs_an_open_period(client: Client, small: Board) -> None:
    posted = challenge(call=small.call, stage="publicity", publicity_until=NOW + timedelta(days=4))
    client.force_login(person(role="lead"))
    sent = client.post(f"/challenges/{posted.number}/object/", {"text": "The score is wrong.", "lang": "en"})
    assert sent.status_code == 303
    assert posted.objections.count() == 1


def test_an_objector_reads_the_objection_and_its_answer(client: Client, small: Board) -> None:
    posted = challenge(call=small.call, stage="publicity", publicity_until=NOW + timedelta(days=4))
    objector = person(role="lead")
    client.force_login(objector)
    sent = client.post(f"/challenges/{posted.number}/object/", {"text": "The score is wrong.", "lang": "en"})
    raised = posted.objections.get()
    page = f"/objections/{raised.number}/"
    assert sent.headers["Location"] == page
    assert "The score is wrong." in text_of(client, page)
    assert f'href="{page}"' in text_of(client, "/desk/")
    done("answer_objection", small.second, number=raised.number, outcome="partly", text="One score was.")
    html = text_of(client, page)
    assert "One score was." in html
    assert small.second.name not in html
    letter = Message.objects.get(to_user=objector, code="mail.objection_answered")
    assert f'href="{page}"' in text_of(client, f"/inbox/{letter.pk}/")
    with override_settings(SITE="https://programme.example"):
        assert f"https://programme.example{page}" in as_mail(letter).body
    client.force_login(person(role="lead"))
    assert client.get(page).status_code == 404
    client.force_login(objector)
    assert "Appeal against the answer" in text_of(client, page)
    client.force_login(small.lead_person)
    assert client.get(f"{page}appeal/").status_code == 404, "for the objector alone"
    client.force_login(objector)
    assert "There is a problem" in client.post(f"{page}appeal/", {"text": " "}).content.decode()
    appeal = client.post(f"{page}appeal/", {"text": "The second sheet was overlooked."})["Location"]
    assert "Appeal O-" in text_of(client, appeal)
    assert "See the appeal" in text_of(client, page)
    client.force_login(small.second)
    shown = text_of(client, appeal.replace("/objections/", "/office/objections/"))
    assert "One score was." in shown, "the answer that it is against"


def test_only_what_was_entered_is_done(client: Client) -> None:
    course = Round().running()
    course.ends_without_fault("The site was flooded.")
    html = text_of(client, f"/projects/{course.project}/")
    line = html.partition('<ol class="lc"')[2].partition("</ol>")[0]
    stations = ["Agreement and pledge", "Under way", "Terminated without fault"]
    assert [text for text in stations if text in line] == stations
    assert "Validated in use" not in line


def test_health(client: Client, small: Board) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200, ready.content
    assert set(ready.json()["checks"]) == {"database", "migrations", "clock", "disk"}


def test_menu_and_filters_fold_and_filters_in_use_stay_open() -> None:
    board()
    page = Client().get("/challenges/").content.decode()
    assert page.count('<details class="fold">') == 2, "the menu and the filters"
    narrowed = Client().get("/challenges/?country=LA").content.decode()
    assert '<details class="fold" open><summary>Filters' in narrowed

"""The pages of a project's money: figures that open their rows, files, steps of a subsidy, rates by hand and by sheet."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import factories as make
from acting import Round
from jiebang.records.ledger.models import Claim, Fund, Rate, Row
from jiebang.records.projects.models import Project

pytestmark = pytest.mark.django_db


def as_(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def at(course: Round) -> Round:
    """The instance's clock stands where the round is."""
    from jiebang.records.programme.models import Instance

    here = Instance.objects.get()
    Instance.objects.update(clock_offset=here.clock_offset + int((course.at - make.NOW).total_seconds()))
    return course


@pytest.fixture
def course() -> Round:
    return at(Round().running())


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_every_figure_opens_its_rows_with_their_day(course: Round) -> None:
    client, url = as_(course.board.lead_person), f"/projects/{course.project}/money/"
    shown = page(client, url)
    fund = Fund.objects.get()
    assert f'href="{url}book/?fund={fund.pk}&amp;account=signed">CNY' in shown
    rows = page(client, f"{url}book/?fund={fund.pk}&account=due")
    assert "fell due (instalment 1)" in rows
    assert "announced" not in rows.split("<table")[1]
    assert "all accounts together: CNY\N{NO-BREAK SPACE}0." in shown
    assert client.get(f"{url}book/?fund=x").status_code == 404
    assert client.get(f"{url}book/?account=purse").status_code == 404


def test_the_book_leaves_as_a_file_row_by_row(course: Round) -> None:
    answer = as_(course.board.officer).get(f"/projects/{course.project}/money/book.csv")
    read = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [line["Amount"] for line in read] == [str(row.amount) for row in Row.objects.order_by("pk")]
    assert {line["Currency"] for line in read} == {"CNY"}
    sheet = as_(course.board.officer).get(f"/projects/{course.project}/money/book.xlsx")
    assert sheet.content[:2] == b"PK"
    assert as_(course.board.officer).get(f"/projects/{course.project}/money/book.pdf").status_code == 404


def test_a_source_is_added_spent_and_told_in_one_currency_only_by_a_rate(course: Round) -> None:
    lead, url = as_(course.board.lead_person), f"/projects/{course.project}/money/"
    day = course.at.date().isoformat()
    given = {
        "source": "own",
        "amount": "36,500,000.5",
        "currency": "VND",
        "basis": "signed",
        "stated_on": day,
    }
    refused = lead.post(f"{url}sources/new/", given).content.decode()
    assert "Write 36500000 or 36500001." in refused
    assert lead.post(f"{url}sources/new/", {**given, "amount": "36,500,000"}).status_code == 303
    shown = page(lead, url)
    assert "There is no rate between VND and CNY" in shown
    officer = as_(course.board.officer)
    rate = {"day": day, "base": "CNY", "quote": "VND", "rate": "3650", "source": "Table of the day"}
    assert officer.post("/office/rates/", rate).status_code == 303
    shown = page(lead, url)
    assert "CNY\N{NO-BREAK SPACE}910,000" in shown, "900,000 and 36,500,000 / 3,650"
    assert "Table of the day" in shown
    fund = Fund.objects.get(source="own")
    spent = {"fund": str(fund.pk), "amount": "500000", "spent_on": day, "reference": "Probes"}
    assert lead.post(f"{url}spend/", spent).status_code == 303
    assert Row.objects.get(act="spend").amount == 500_000


def test_a_subsidy_is_shown_step_by_step_before_it_is_granted(course: Round) -> None:
    officer, url = as_(course.board.officer), f"/projects/{course.project}/money/claim/"
    given = {"contract": "C-7", "first_day": "2026-01-01", "last_day": "2027-12-31", "settled": "20万"}
    shown = officer.post(url, given).content.decode()
    for part in ("305 of 729", "8.3676", "2.5102", "25102 CNY", "Grant it"):
        assert part in shown
    assert not Claim.objects.exists(), "nothing is granted yet"
    assert "Enter an amount" in officer.post(url, {**given, "settled": ""}).content.decode()
    assert officer.post(url, {**given, "grant": "1"}).status_code == 303
    steps = page(as_(course.board.lead_person), f"/projects/{course.project}/money/claims/4/")
    assert "8.3676 × 30 % = 2.5102" in steps


def test_money_that_is_to_come_back_is_told_and_recorded(course: Round) -> None:
    board, first = course.board, {"project": course.project, "order": 1}
    day = course.at.date().isoformat()
    course.do("pay_instalment", board.officer, **first, paid_on=day)
    course.do("confirm_payment", board.second, **first, agree=True)
    course.four_eyes("project", "terminate_for_fault", why="The pledge was broken.")
    officer, url = as_(board.officer), f"/projects/{course.project}/money/"
    assert "CNY\N{NO-BREAK SPACE}360,000 are still to be returned" in page(officer, url)
    assert officer.post(f"{url}repay/", {"amount": "360000", "received_on": day}).status_code == 303
    assert "All of it was returned." in page(officer, url)


def test_a_tester_has_no_part_in_the_money(course: Round) -> None:
    make.organisation("Sample Laboratory", slug="lab")
    from jiebang.records.people.models import Party

    tester = make.person(role="expert", party=Party.objects.get(slug="lab"))
    course.do("name_tester", course.board.officer, project=course.project, organisation="lab", why="By lot.")
    assert page(as_(tester), f"/projects/{course.project}/indicators/")
    assert as_(tester).get(f"/projects/{course.project}/money/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_book(course: Round) -> None:
    client, url = as_(course.board.officer), f"/projects/{course.project}/money/"
    page(client, url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        page(client, url)
        page(client, f"{url}book/")
    fund = Fund.objects.get()
    for amount in range(1, 31):
        Row.objects.create(
            fund=fund, act="award", drawn="source", put="awarded", amount=Decimal(amount), day=course.at.date(), at=course.at,
            by=make.person(),
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        page(client, url)
        page(client, f"{url}book/")
    assert len(many) == len(few)


SHEET = "日期,币种,折算币种,汇率,来源\n2026-05-28,CNY,VND,3650,Table\n2026-05-29,CNY,THB,4.9,Table\n"


def sheet(text: str) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("rates.csv", text.encode())}


def test_a_sheet_of_rates_enters_whole_and_every_fault_is_told() -> None:
    officer = as_(make.board().officer)
    wrong = officer.post("/office/rates/", sheet(SHEET.replace("4.9", "4,9"))).content.decode()
    assert "has more than 5 cells" in wrong
    wrong = officer.post("/office/rates/", sheet(SHEET.replace("4.9", '"4,9"'))).content.decode()
    assert "The separators in “4,9” can be read in two ways." in wrong
    assert Rate.objects.count() == 0
    assert (
        "no column has this heading" in officer.post("/office/rates/", sheet("day,base\n")).content.decode()
    )
    assert officer.post("/office/rates/", sheet(SHEET)).status_code == 303
    shown = page(officer, "/office/rates/")
    assert "CNY/THB" in shown
    again = {"day": "2026-05-28", "base": "CNY", "quote": "VND", "rate": "3660", "source": "Table"}
    assert "To correct it, say why" in officer.post("/office/rates/", again).content.decode()
    assert officer.post("/office/rates/", {**again, "why": "Misprint."}).status_code == 303
    assert "replaced" in page(officer, "/office/rates/")
    assert officer.get("/office/rates/?format=csv").content.decode().count("VND") == 2


def test_the_list_of_rates_has_a_constant_number_of_queries() -> None:
    board = make.board()
    client = as_(board.officer)
    counts = []
    for first, last in ((1, 2), (2, 31)):
        for day in range(first, last):
            Rate.objects.create(
                day=make.NOW.date().replace(day=1 + day % 28, month=1 + day // 28), base="CNY", quote="VND", rate=day, source="T",
                at=make.NOW, by=make.person(),
            )  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            page(client, "/office/rates/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert Project.objects.count() == 0

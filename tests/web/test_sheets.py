"""The office's spreadsheets on the pages: looked at first, imported whole, faults in the reader's language."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import factories as f
from jiebang.records.challenges.models import Need
from jiebang.records.journal.models import JournalEntry
from jiebang.records.people.models import Organisation, Party

pytestmark = pytest.mark.django_db
GOOD = "编号,单位名称,类型,国家\nlumen,流明,高校,老挝\n"
BAD = "编号,单位名称,类型,国家\nlumen,=1+1,马戏团,老挝\nbasalt,Basalt,高校,Atlantis\n"


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def upload(
    client: Client, text: str | bytes, *, name: str = "sheet.csv", table: str = "organisations", **more: str
) -> Any:
    data = text if isinstance(text, bytes) else text.encode()
    return client.post("/office/sheets/", {"table": table, "file": SimpleUploadedFile(name, data), **more})


def token(page: Any) -> str:
    found = re.search(r'name="sheet" value="([^"]+)"', page.content.decode())
    assert found, page.content.decode()
    return found[1]


def test_only_officers_see_the_pages() -> None:
    board = f.board()
    for address in (
        "/office/sheets/",
        "/office/sheets/en/needs.csv",
        "/office/sheets/en/needs-template.xlsx",
    ):
        assert signed_in(board.officer).get(address).status_code == 200
        assert signed_in(board.second).get(address).status_code == 404
        assert signed_in(board.owner_person).get(address).status_code == 404
        assert Client().get(address).status_code == 302
    assert signed_in(board.second).post("/office/sheets/import/").status_code == 404


def test_looking_saves_nothing_and_confirming_imports() -> None:
    board = f.board()
    client = signed_in(board.officer)
    page = upload(client, GOOD)
    assert page.status_code == 200
    assert "Import 1 row" in page.content.decode()
    assert "流明" in page.content.decode()
    assert not Party.objects.filter(slug="lumen").exists()
    given = {"sheet": token(page), "once": "0123456789abcdef-sheet"}
    for _ in range(2):
        assert client.post("/office/sheets/import/", given).status_code == 303
    assert Organisation.objects.get(party__slug="lumen").country == "LA"
    assert JournalEntry.objects.filter(event="organisation:imported").count() == 1


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "Atlantis” is no country"), ("zh-hans", "“Atlantis”不是国家")]
)
def test_every_fault_is_shown_and_nothing_is_kept(lang: str, said: str, tmp_path: Path) -> None:
    client = signed_in(f.board().officer)
    client.cookies["django_language"] = lang
    page = client.post(
        f"/office/sheets/?lang={lang}",
        {"table": "organisations", "file": SimpleUploadedFile("s.csv", BAD.encode())},
    )
    text = page.content.decode()
    assert page.status_code == 422
    assert said in text
    assert "马戏团" in text
    assert 'name="sheet"' not in text
    assert not Party.objects.filter(slug="basalt").exists()
    assert not JournalEntry.objects.exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("sheet.pdf", b"%PDF-", "Only .csv and .xlsx"), ("sheet.xlsx", b"%PDF-1.7", "a PDF"),
        ("sheet.csv", b"\xff\xfea", "UTF-16"),
        ("sheet.csv", "编号\n".encode("gb18030"), "GB18030"), ("sheet.csv", b" ", "is empty"),
        ("sheet.xlsx", b"PK\x03\x04", "not a spreadsheet"),
    ],
)  # fmt: skip
def test_files_of_the_wrong_kind(name: str, data: bytes, said: str) -> None:
    page = upload(signed_in(f.board().officer), data, name=name)
    assert page.status_code == 422
    assert said in page.content.decode()


def test_a_file_too_large_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(f.board().officer)
    monkeypatch.setattr("jiebang.web.office.sheets.MOST_BYTES", 10)
    assert "larger than" in upload(client, GOOD).content.decode()
    assert "Choose a file" in client.post("/office/sheets/", {"table": "needs"}).content.decode()
    assert client.post("/office/sheets/", {"table": "secrets"}).status_code == 422


def test_a_sheet_cannot_be_named_by_anybody_else() -> None:
    board = f.board()
    given = token(upload(signed_in(board.officer), GOOD))
    other = f.person(role="officer", party=board.office.party)
    assert signed_in(other).post("/office/sheets/import/", {"sheet": given}).status_code == 404
    assert signed_in(board.officer).post("/office/sheets/import/", {"sheet": given + "x"}).status_code == 404
    assert not Party.objects.filter(slug="lumen").exists()


def test_what_changed_since_the_look_is_told() -> None:
    board = f.board()
    client = signed_in(board.officer)
    given = token(upload(client, GOOD))
    f.organisation(slug="lumen")
    page = client.post("/office/sheets/import/", {"sheet": given})
    assert page.status_code == 422
    assert "registered already" in page.content.decode()


def test_needs_come_in_and_go_out_by_the_pages() -> None:
    board = f.board()
    client = signed_in(board.officer)
    text = f"需求单位,需求名称,领域,吉祥物\n{board.owner.party.slug},鱼病识别,渔业,猫\n"
    page = upload(client, text, table="needs", lang="zh-Hans")
    assert "吉祥物" in page.content.decode()
    assert client.post("/office/sheets/import/", {"sheet": token(page)}).status_code == 303
    assert Need.objects.get().content["title"] == {"lang": "zh-Hans", "text": "鱼病识别"}
    out = client.get("/office/sheets/zh-Hans/needs.csv").content.decode("utf-8-sig")
    assert "[zh-Hans] 鱼病识别" in out
    assert "猫" not in out
    assert client.get("/office/sheets/fr/needs.csv").status_code == 404
    assert client.get("/office/sheets/en/secrets.csv").status_code == 404
    assert client.get("/office/sheets/en/results.xlsx").content.startswith(b"PK")

"""A draw in the browser: shown before it is proposed, committed, drawn, published with the file that repeats it."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import drawn
import factories as make
from jiebang.cli.app import run
from jiebang.records.awards.models import Draw

pytestmark = pytest.mark.django_db
OFFICE = "/office/challenges/GX-1/"


def signed_in(person: Any, language: str = "en") -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = language
    return client


@pytest.fixture
def board() -> make.Board:
    board = drawn.board()
    drawn.reviewed(board)
    return board


def test_an_office_draws_and_anybody_repeats_it(board: make.Board, tmp_path: Path, capsys: Any) -> None:
    officer, second = signed_in(board.officer), signed_in(board.second)
    assert officer.get(f"{OFFICE}draw/").status_code == 404
    preview = officer.get(f"{OFFICE}do/propose_award/").content.decode()
    assert preview.count("one of 3 bids in the draw") == 3
    officer.post(f"{OFFICE}do/propose_award/", {})
    assert "Commit the list of the draw" in officer.get("/desk/").content.decode()
    assert f"{OFFICE}draw/" in officer.get(OFFICE).content.decode()
    page = officer.get(f"{OFFICE}draw/").content.decode()
    for word in ("B-2 · Sample Lead B-2", "B-4", "The state lottery of 4 July 2026", "Commit the list"):
        assert word in page
    assert "B-5" not in page
    auditor = signed_in(make.person(role="auditor", party=board.office.party))
    assert '<form class="flow"' in page
    assert '<form class="flow"' not in auditor.get(f"{OFFICE}draw/").content.decode()
    officer.post(f"{OFFICE}draw/", {})
    held = Draw.objects.get()
    assert "Enter the numbers of the draw" in officer.get("/desk/").content.decode()
    public = Client()
    assert held.list_hash in public.get("/challenges/GX-1/").content.decode()
    assert public.get("/challenges/GX-1/draw.json").status_code == 404
    wrong = officer.post(f"{OFFICE}draw/", {"numbers": "9319"}).content.decode()
    assert "names 2 sources" in wrong
    officer.post(f"{OFFICE}draw/", {"numbers": drawn.NUMBERS})
    after = officer.get(f"{OFFICE}draw/").content.decode()
    assert "9319./3052.71/" in after
    assert "Draw with these numbers" not in after
    compared = second.get(f"{OFFICE}do/publish_result/").content.decode()
    assert "Drawn as number 1 of 3." in compared
    assert "9319 / 3052.71" in compared
    second.post(f"{OFFICE}do/publish_result/", {})
    result = public.get("/challenges/GX-1/result/").content.decode()
    for word in (
        held.list_hash,
        "9319./3052.71/",
        "Drawn as number 1 of 3.",
        "/challenges/GX-1/draw.json",
        "jiebang draw FILE",
    ):
        assert word in result
    file = tmp_path / "draw.json"
    file.write_bytes(public.get("/challenges/GX-1/draw.json").content)
    assert run(["draw", str(file), "--list", held.list_hash]) == 0
    assert all(step["digest"] in result for step in json.loads(file.read_text("utf-8"))["steps"])
    assert officer.get(f"{OFFICE}draw.json").content == file.read_bytes()
    assert (
        "Drawn as number 1 of 3."
        in officer.get("/log/explain/B-2/").content.decode()
        + officer.get("/log/explain/B-3/").content.decode()
        + officer.get("/log/explain/B-4/").content.decode()
    )
    capsys.readouterr()


def test_the_pages_speak_chinese(board: make.Board) -> None:
    officer = signed_in(board.officer, "zh-hans")
    officer.post(f"{OFFICE}do/propose_award/", {})
    page = officer.get(f"{OFFICE}draw/").content.decode()
    for word in ("确认名单", "2026年7月4日彩票", "参加抽签的揭榜书"):
        assert word in page

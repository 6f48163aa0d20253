"""The case on paper: what the public may read, the owner's words in its own script, every figure with who measured it when."""

import hashlib
import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

import copied
import factories as make
import paper_text
from jiebang.adapters.papers.pdf import missing_fonts
from jiebang.records.projects.models import FollowUp, Project, Validation
from jiebang.records.replications.models import Benefit

pytestmark = pytest.mark.django_db
LAO, KHMER = "ພວກເຮົາໃຊ້ມັນທຸກມື້ ແລະ ພໍໃຈ", "យើងប្រើវារាល់ថ្ងៃ"


@pytest.fixture
def board() -> make.Board:
    return make.board()


@pytest.fixture
def project(board: make.Board) -> Project:
    """Validated in Lao, with a copy in use in Cambodia, its gain, a follow-up, and a copy nobody agreed to."""
    made = copied.validated(board)
    content = {
        "users": 12,
        "works": True,
        "statement": make.statement(LAO, lang="lo", en="We use it daily.", zh="我们每天都用。"),
    }
    Validation.objects.filter(project=made).update(content=content, sha256="c" * 64)
    college = make.organisation("Yonder College", country="KH")
    copy = copied.replica(
        made, college, state="confirmed", confirmation={"statement": make.statement(KHMER, lang="km")}
    )
    copied.value(copy, "1", by=board.lead_person, side="carrier")
    Benefit.objects.create(
        replica=copy, order=1, group=make.statement("Clerks of two offices"), how=make.statement("An hour a day."),
        amount=5, currency="CNY", basis="signed", as_of=date(2026, 5, 1), by=board.lead_person, at=make.NOW,
    )  # fmt: skip
    copied.replica(made, make.organisation("Unasked Farm", country="LA"))
    FollowUp.objects.create(
        project=made, month=3, due_on=date(2026, 6, 1), in_use=True, status="partly", at=make.NOW,
        content={"changes": make.statement("One room waits for power.")},
    )  # fmt: skip
    return made


def document(project: Project) -> Any:
    answer = Client().get(f"/cases/{project.number}/case.json")
    assert answer.status_code == 200
    return json.loads(answer.content)


def section(found: Any, heading: str) -> Any:
    return next(item for item in found["sections"] if item["heading"]["en"].startswith(heading))


def row(table: Any, place: int = 0) -> list[str]:
    return [cell if isinstance(cell, str) else cell["en"] for cell in table["rows"][place]]


def test_it_leads_from_need_to_use_with_the_source_of_every_figure(project: Project) -> None:
    found = document(project)
    assert (
        section(found, "The need")["statements"][0]["versions"][0]["text"]
        == "Forty thousand pages wait to be read."
    )
    result = row(section(found, "What was wanted")["tables"][0])
    assert result == [
        "Character error rate", "≤ 3 %", "–", "2.4 %", "the office", str(project.validation.at.date()), "reached", "–",
    ]  # fmt: skip
    copy = section(found, "Yonder College, Cambodia")
    assert "R-2027-001 · in use" in copy["texts"][0]["en"]
    assert "50." in copy["texts"][1]["en"], "days from validation to use"
    compared = row(copy["tables"][0])
    assert compared[1:7] == ["2.4 %", "2.6 %", "+0.2 points", "+8.33 %", "worse", "the new owner"]
    assert row(section(found, "Who gains")["tables"][0]) == [
        "Clerks of two offices", "An hour a day.", "5 CNY", "signed", "2026-05-01", "Cambodia",
    ]  # fmt: skip
    use = row(section(found, "Is it still")["tables"][0])
    assert use[:4] == ["after months: 3", "2026-06-01", "partly in use", "One room waits for power."]


def test_the_owner_speaks_first_in_its_own_language_then_in_translation(project: Project) -> None:
    said = section(document(project), "What its owner says")
    versions = [
        (item["lang"], item["text"], item["note"]["en"]) for item in said["statements"][0]["versions"]
    ]
    assert versions == [
        ("lo", LAO, "Lao (original)"), ("en", "We use it daily.", "English (translated by a person)"),
        ("zh-Hans", "我们每天都用。", "Chinese (translated by a person)"),
    ]  # fmt: skip
    assert [row(said["tables"][0], place) for place in (0, 1)] == [
        ["People who use it", "12"], ["Does it do what was promised?", "yes"],
    ]  # fmt: skip
    facts = {label["en"]: value for label, value in document(project)["facts"]}
    assert facts["SHA-256 of what its owner signed"] == "c" * 64


def test_nothing_confidential_and_nobody_by_name_is_in_it(board: make.Board, project: Project) -> None:
    text = json.dumps(document(project), ensure_ascii=False)
    people = (board.lead_person, board.owner_person, board.officer)
    for told in (
        "A secret price.",
        "Unasked Farm",
        "R-2027-002",
        "secret-contact",
        *(one.name for one in people),
    ):
        assert told not in text, told


def test_the_paper_has_the_owners_script_and_the_hash_of_its_document(project: Project) -> None:
    if lacking := missing_fonts(["zh-Hans", "lo", "km"]):
        pytest.skip(f"as root: apt-get install -y {lacking.params['packages']}")
    at = f"/cases/{project.number}/"
    plain, made = Client().get(f"{at}case.json"), Client().get(f"{at}case.pdf")
    assert made["Content-Type"] == "application/pdf"
    pages = paper_text.words(made.content)
    assert len(pages) == 2
    assert all(hashlib.sha256(plain.content).hexdigest() in text for text in pages)
    assert LAO in "".join(pages)
    assert KHMER in "".join(pages)
    assert {"NotoSansLao-Regular", "NotoSansKhmer-Regular"} <= paper_text.fonts(made.content)
    assert f"{at}case.pdf" in Client().get(at).content.decode()


def test_there_is_no_paper_of_what_is_not_validated_nor_in_another_form(
    board: make.Board, project: Project
) -> None:
    posted = make.challenge(call=board.call, owner=board.owner.party, stage="decided")
    running = make.project(make.bid(posted, lead=board.lead, stage="awarded"), stage="running")
    assert Client().get(f"/cases/{running.number}/case.pdf").status_code == 404
    assert Client().get(f"/cases/{project.number}/case.docx").status_code == 404


def test_without_the_fonts_it_says_which_to_install(project: Project, monkeypatch: Any) -> None:
    monkeypatch.setattr("jiebang.adapters.papers.pdf._families", lambda: frozenset({"Noto Sans CJK SC"}))
    answer = Client().get(f"/cases/{project.number}/case.pdf")
    assert answer.status_code == 503
    assert "fonts-noto-core" in answer.content.decode()

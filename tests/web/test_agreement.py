"""The pages of an agreement: statement, paper, PDF, signature, scan and delegation, each for whom they are open to."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader, PdfWriter

import factories as make
from acting import Round, done
from jiebang.adapters import tries
from jiebang.adapters.papers.pdf import missing_fonts
from jiebang.records.agreements.models import Signature
from jiebang.records.projects.models import GateCheck, Project

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Round:
    return Round().decided()


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def where(course: Round, rest: str = "") -> str:
    return f"/projects/{course.project}/agreement/{rest}"


def shown(person: Any, address: str) -> str:
    answer = signed_in(person).get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def pdf_of(course: Round, paper: str) -> bytes:
    if lacking := missing_fonts(["zh-Hans"]):
        pytest.skip(f"as root: apt-get install -y {lacking.params['packages']}")
    answer = signed_in(course.board.lead_person).get(where(course, f"paper/{paper}/pdf/"))
    assert answer["Content-Type"] == "application/pdf"
    return bytes(answer.content)


def test_the_page_offers_each_side_what_is_theirs(course: Round) -> None:
    board, page = course.board, where(course)
    assert "Nobody has written on it yet." in shown(board.owner_person, page)
    paper = course.aligned()
    lead, owner, office = (shown(one, page) for one in (board.lead_person, board.owner_person, board.officer))
    assert f"paper/{paper}/sign/" in lead
    assert "First signs: Lead" in owner
    assert "/redraw/" in office
    assert f"paper/{paper}/sign/" not in office


def test_the_page_says_which_check_comes_before_any_negotiation(course: Round) -> None:
    GateCheck.objects.create(project=Project.objects.get(), gate="technology_export")
    page = shown(course.board.lead_person, where(course))
    assert "Technology export class checked" in page
    assert "Before the parties negotiate" in page
    assert "/statement/" not in page
    assert signed_in(course.board.lead_person).get(where(course, "statement/")).status_code == 404


def test_a_text_changed_since_leads_to_the_present_one(course: Round) -> None:
    course.aligned()
    answer = signed_in(course.board.owner_person).get(where(course, f"accept/{'0' * 64}/"))
    assert answer.status_code == 302
    assert "0000" not in answer["Location"]


def test_a_wrong_password_is_told_beside_its_field_and_signs_nothing(course: Round) -> None:
    paper = course.aligned()
    client, address = signed_in(course.board.lead_person), where(course, f"paper/{paper}/sign/")
    assert "There is a problem" in client.post(address, {"password": "not that"}).content.decode()
    assert not Signature.objects.exists()
    assert client.post(address, {"password": make.PASSWORD}).status_code == 303
    assert Signature.objects.get().by == course.board.lead_person


def test_a_password_is_not_guessed_at_the_place_to_sign(course: Round) -> None:
    paper = course.aligned()
    client, address = signed_in(course.board.lead_person), where(course, f"paper/{paper}/sign/")
    said = [
        client.post(address, {"password": f"guess {n}"}).content.decode() for n in range(tries.MOST_TRIES + 1)
    ]
    assert "minutes" not in said[0]
    assert "minutes" in said[-1]


def test_a_scan_comes_back_whole_or_hears_what_it_lacks(course: Round) -> None:
    paper, board = course.aligned(), course.board
    pdf, client, address = (
        pdf_of(course, paper),
        signed_in(board.lead_person),
        where(course, f"paper/{paper}/scan/"),
    )
    code = f"{paper[:4]} {paper[4:8]}"

    def sent(name: str, data: bytes | None) -> str:
        given: dict[str, Any] = {"code": code}
        if data is not None:
            given["scan"] = SimpleUploadedFile(name, data)
        return client.post(address, given).content.decode()

    assert "Attach the scan" in sent("", None)
    assert "can be opened" in sent("a.pdf", b"%PDF-1.7\nnothing follows")
    assert "There is a problem" in sent("a.txt", b"no scan")
    writer, out = PdfWriter(), io.BytesIO()
    for leaf in PdfReader(io.BytesIO(pdf)).pages[1:]:
        writer.add_page(leaf)
    writer.write(out)
    assert "These pages are missing in the scan: 1" in sent("a.pdf", out.getvalue())
    assert not Signature.objects.exists()
    sent("signed.pdf", pdf)
    row = Signature.objects.get()
    judged = where(course, f"scans/{row.pk}/")
    assert "signed.pdf" in shown(board.officer, judged)
    assert signed_in(board.owner_person).get(judged).status_code == 404
    office = signed_in(board.officer)
    assert "There is a problem" in office.post(judged, {}).content.decode()
    office.post(judged, {"agree": "yes"})
    row.refresh_from_db()
    assert row.confirmed_by == board.officer
    file = signed_in(board.owner_person).get(f"{judged}file/")
    assert b"".join(file.streaming_content) == pdf  # type: ignore[attr-defined]


def test_who_signs_by_delegation_opens_the_paper_and_nothing_else(course: Round) -> None:
    paper, board = course.aligned(), course.board
    deputy = make.person("deputy@people.example")
    address = where(course, f"paper/{paper}/")
    assert signed_in(deputy).get(address).status_code == 404
    done("delegate_signing", board.lead_person, project=course.project, person=deputy.email, why="Letter")
    page = shown(deputy, address)
    assert where(course, "delegate/") not in page
    assert signed_in(deputy).get(where(course)).status_code == 404
    answer = signed_in(deputy).post(f"{address}sign/", {"password": make.PASSWORD})
    assert answer.status_code == 303
    assert signed_in(deputy).get(answer["Location"]).status_code == 200
    assert Signature.objects.get().delegation is not None

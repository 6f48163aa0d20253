"""The acceptance report: for whoever reads the project whole, once it is accepted; before that the answer why there is none."""

import hashlib
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

import factories as make
from acting import Round
from jiebang.adapters.papers.pdf import missing_fonts
from jiebang.records.projects.models import Measurement
from web.test_project_indicators import SHOWN, measured
from web.test_project_money import as_, at

pytestmark = pytest.mark.django_db
FILE = b"page,errors\n1,3\n"


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def course() -> Round:
    return at(Round().running())


def where(course: Round, kind: str = "json") -> str:
    return f"/projects/{course.project}/acceptance.{kind}"


def brought(course: Round) -> Round:
    """Reported, measured by the lead, then by the office with a file, and accepted."""
    board = course.board
    for order in (1, 2):
        report = {"done": make.statement("Read.")}
        course.do("report_milestone", board.lead_person, project=course.project, order=order, report=report)
        course.do("accept_milestone", board.owner_person, project=course.project, order=order)
    course.move("project", "ask_acceptance", board.lead_person)
    assert measured(course, as_(board.lead_person), "2.1").status_code == 303
    file = SimpleUploadedFile("log.csv", FILE, content_type="text/csv")
    assert measured(course, as_(board.officer), "2.4", file=file, **SHOWN).status_code == 303
    course.at += timedelta(hours=1)
    course.move("project", "accept", board.officer)
    return course


def document(course: Round) -> Any:
    answer = as_(course.board.lead_person).get(where(course))
    assert answer["Content-Type"] == "application/json"
    return json.loads(answer.content)


def row(course: Round, heading: str, place: int = 0) -> list[str]:
    """The first row of a table of a section, in English."""
    part = next(item for item in document(course)["sections"] if item["heading"]["en"] == heading)
    return [
        cell if isinstance(cell, str) else cell["en"] for cell in part["tables"][0]["rows"][place]
    ]  # fmt: skip


def test_before_acceptance_the_page_says_why_there_is_none(course: Round) -> None:
    for person in (course.board.lead_person, course.board.officer):
        answer = as_(person).get(where(course, "pdf"), follow=True)
        assert answer.redirect_chain == [(f"/projects/{course.project}/indicators/", 302)]
        assert "the result of this project is not accepted" in answer.content.decode()


def test_it_says_what_counted_with_its_measurer_day_and_hash(course: Round) -> None:
    brought(course)
    result = row(course, "What was wanted, promised and measured")
    assert result[:5] == [
        "Character error rate",
        "≤ 3 %",
        "2.5 %",
        "2.4 %",
        f"the office: {course.board.officer.name}",
    ]
    assert result[6:] == ["reached", "reached"]
    assert row(course, "Evidence")[-1] == hashlib.sha256(FILE).hexdigest()
    assert row(course, "Milestones", 1)[-1] == course.board.owner_person.name
    facts = {label["en"]: value for label, value in document(course)["facts"]}
    assert facts["Accepted by"] == course.board.officer.name
    assert facts["Accepted on"] == course.today.isoformat()
    assert set(facts["Lead"]) == {"zh-Hans", "en"}, "the languages of the agreement"


def test_what_is_measured_after_acceptance_is_not_in_it(course: Round) -> None:
    brought(course)
    before = document(course)
    course.at = course.at.replace(year=course.at.year + 1)
    course.do("measure", course.board.officer, project=course.project, indicator="I1", value="9.9")
    assert document(course) == before


def test_a_value_changed_behind_the_programmes_back_is_marked_and_the_graded_one_shown(course: Round) -> None:
    brought(course)
    Measurement.objects.filter(value="2.4").update(value="0.1")
    result = row(course, "What was wanted, promised and measured")
    assert result[3] == "2.4 * %"
    assert "no longer says what was graded" in json.dumps(document(course))


def test_a_result_that_went_back_to_work_has_no_report_any_more(course: Round) -> None:
    brought(course)
    course.move("project", "back_to_work", course.board.owner_person, why="It broke.")
    assert as_(course.board.lead_person).get(where(course)).status_code == 302


def test_the_paper_is_for_its_readers_and_carries_day_and_hash_on_every_page(course: Round) -> None:
    if lacking := missing_fonts(["zh-Hans"]):
        pytest.skip(f"as root: apt-get install -y {lacking.params['packages']}")
    brought(course)
    person = as_(course.board.owner_person)
    json_, paper = person.get(where(course)).content, person.get(where(course, "pdf"))
    assert paper["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(paper.content)).pages
    assert len(pages) == 1
    for page in pages:
        text = page.extract_text()
        assert hashlib.sha256(json_).hexdigest() in text
        assert course.today.isoformat() in text
    assert as_(make.person()).get(where(course, "pdf")).status_code == 404
    assert Client().get(where(course, "pdf")).status_code == 302
    assert person.get(where(course, "docx")).status_code == 404
    assert "acceptance.pdf" in person.get(f"/projects/{course.project}/indicators/").content.decode()
    assert (
        "acceptance.pdf"
        in as_(course.board.officer).get(f"/office/projects/{course.project}/").content.decode()
    )

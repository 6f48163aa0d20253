"""The pages of indicators: plots with a text alternative, evidence that was replaced, a dispute from both sides."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import factories as make
from acting import Round
from jiebang.records.indicators.models import Evidence
from jiebang.records.people.models import User
from jiebang.records.projects.models import Measurement, Project
from web.test_project_money import as_, at, page

pytestmark = pytest.mark.django_db
SHOWN = {
    "made_by": "The laboratory",
    "made_at": "Room 3",
    "made_on": "2026-06-01",
    "method": "500 pages by lot",
}


@pytest.fixture
def course() -> Round:
    return at(Round().running())


def url(course: Round) -> str:
    return f"/projects/{course.project}/indicators/"


def measured(course: Round, client: Client, value: str, **given: Any) -> Any:
    return client.post(
        f"{url(course)}measure/", {"indicator": "I1", "value": value, "occasion": "acceptance", **given}
    )


def test_every_page_shows_the_value_that_counts_not_the_last_one(course: Round) -> None:
    board = course.board
    assert measured(course, as_(board.officer), "2.41").status_code == 303
    assert measured(course, as_(board.owner_person), "3.97").status_code == 303
    for client, where in (
        (Client(), f"/projects/{course.project}/"), (as_(board.officer), f"/office/projects/{course.project}/"),
        (as_(board.lead_person), f"/projects/{course.project}/work/"),
    ):  # fmt: skip
        table = page(client, where).split("As wanted")[1].split("</table>")[0]
        assert "2.41 %" in table, where
        assert "3.97 %" not in table, "the office's value goes before the owner's in this rulebook"


def test_values_are_drawn_against_what_was_wanted_and_promised_with_the_numbers_beneath(
    course: Round,
) -> None:
    lead, owner = as_(course.board.lead_person), as_(course.board.owner_person)
    assert measured(course, lead, "2.0").status_code == 303
    assert measured(course, owner, "3.4").status_code == 303
    shown = page(lead, url(course))
    assert "Character error rate: 3.4 %, wanted is ≤ 3 %" in shown
    plot = shown.split("<svg")[1].split("</svg>")[0]
    assert 'role="img"' in plot
    assert "wanted 3" in plot
    assert "promised 2.5" in plot
    assert "stroke-dasharray" in plot, "told without colour"
    table = shown.split("</svg>")[1].split("</details>")[0]
    assert "the lead" in table
    assert "the owner" in table


def test_a_value_that_is_no_number_says_what_would_be_right(course: Round) -> None:
    officer = as_(course.board.officer)
    for wrong in ("NaN", "much", "1e308"):
        answer = measured(course, officer, wrong)
        assert answer.status_code == 200
        assert "There is a problem" in answer.content.decode(), wrong
    assert Measurement.objects.count() == 0


def test_evidence_that_was_replaced_after_signing_is_shown(
    course: Round, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    owner = as_(course.board.owner_person)
    file = SimpleUploadedFile("re-run.txt", b"Ten errors in 500 pages.")
    assert measured(course, owner, "2.0", file=file, **SHOWN).status_code == 303
    kept, value = Evidence.objects.get(), Measurement.objects.get()
    where = f"{url(course)}values/{value.pk}/"
    shown = page(owner, where)
    for part in ("The laboratory", "Room 3", "500 pages by lot", kept.sha256, "As it was signed"):
        assert part in shown
    handed = f"{where}files/{kept.sha256}/"
    got = as_(course.board.lead_person).get(handed)
    assert b"".join(got.streaming_content) == b"Ten errors in 500 pages."  # type: ignore[attr-defined]
    stored = next(path for path in tmp_path.rglob("*") if path.name.endswith(kept.sha256[-10:]))
    stored.chmod(0o600)
    stored.write_bytes(b"No errors in 500 pages at all")
    assert "The evidence was replaced or lost after it was signed: re-run.txt." in page(owner, where)
    assert owner.get(handed).status_code == 404
    Evidence.objects.update(method="By eye")
    assert "1 value or its evidence is no longer what was signed" in page(owner, url(course))


def test_a_file_without_its_provenance_is_refused_at_the_field(course: Round) -> None:
    owner = as_(course.board.owner_person)
    file = SimpleUploadedFile("re-run.txt", b"Ten errors.")
    answer = measured(course, owner, "2.0", file=file, **{**SHOWN, "made_at": ""}).content.decode()
    assert 'href="#id_made_at"' in answer


def test_a_dispute_goes_from_the_lead_to_the_tester_to_an_officer(course: Round) -> None:
    board = course.board
    lab = make.organisation("Sample Laboratory", slug="lab")
    tester = make.person(role="expert", party=lab.party)
    lead, officer, second = as_(board.lead_person), as_(board.officer), as_(board.second)
    measured(course, as_(board.owner_person), "3.4")
    value = Measurement.objects.get()
    assert "Dispute this value" in page(lead, f"{url(course)}values/{value.pk}/")
    assert "Dispute this value" not in page(as_(board.owner_person), f"{url(course)}values/{value.pk}/")
    assert lead.post(f"{url(course)}values/{value.pk}/dispute/", {"why": "Not by lot."}).status_code == 303
    assert "1 measured value is in dispute: payment waits." in page(
        officer, f"/projects/{course.project}/money/"
    )
    assert "See to a disputed value" in page(officer, "/desk/")
    named = {"organisation": "lab", "why": "It has the machine."}
    assert officer.post(f"{url(course)}tester/", named).status_code == 303
    dispute = f"{url(course)}disputes/1/"
    assert "Measure anew" in page(as_(tester), dispute)
    again = f"{url(course)}measure/?dispute=1"
    sent = {"indicator": "I1", "value": "2.1", "occasion": "acceptance", "note": "500 pages by lot."}
    assert as_(tester).post(again, sent).status_code == 303
    decision = {"stands": "rerun", "text": "By lot, as the notice says."}
    assert second.post(dispute, decision).status_code == 303
    shown = page(lead, url(course))
    assert "Superseded by dispute 1" in shown
    assert "Every indicator is reached." in shown
    assert "By lot, as the notice says." in page(lead, dispute)


def test_an_organisation_with_a_tie_is_refused_with_the_tie(course: Round) -> None:
    officer = as_(course.board.officer)
    given = {"organisation": course.board.lead.party.slug, "why": "Near."}
    assert "belongs to the project" in officer.post(f"{url(course)}tester/", given).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_values(course: Round) -> None:
    client = as_(course.board.officer)
    people = [make.person() for _ in range(30)]

    def measure(by: User) -> None:
        project = Project.objects.get(number=course.project)
        Measurement.objects.create(
            project=project, indicator="I1", occasion="acceptance", value=2, met=True, at=course.at, by=by,
            role="office",
        )  # fmt: skip

    measure(people[0])
    page(client, url(course))
    with CaptureQueriesContext(connection) as few:
        page(client, url(course))
    for person in people[1:]:
        measure(person)
    with CaptureQueriesContext(connection) as many:
        page(client, url(course))
    assert len(many) == len(few)

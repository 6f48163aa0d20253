"""The pilot in a browser: each side does its part, and what is missing is said before the owner may sign."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import factories as make
from jiebang.operations.follow_ups import link_token
from jiebang.records.pilots.models import ResultPackage, Run, UserReport
from jiebang.records.projects.models import FollowUp, Project
from jiebang.trust import package_zip, packages, signing
from jiebang.trust.packages import Manifest, Value

pytestmark = pytest.mark.django_db
KEY = signing.new_key(bytes(range(32)))
TEXTS = ("site", "users", "hardware", "power_network", "data_stays", "method", "failure_means")
ANSWERS = {
    **dict.fromkeys(TEXTS, "As agreed."), **{f"{name}.lang": "en" for name in TEXTS}, "targets.I1": "3",
    "measured_by": "owner", "runs": "1", "days": "14", "failure_from": "serious", "failures_allowed": "1", "handover_days": "14",
}  # fmt: skip


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(client: Client, where: str) -> str:
    got = client.get(where)
    assert got.status_code == 200, got.status_code
    return str(got.content.decode())


@pytest.fixture
def board() -> make.Board:
    return make.board()


@pytest.fixture
def project(board: make.Board) -> Project:
    posted = make.challenge(call=board.call, owner=board.owner.party, stage="decided")
    signed = make.NOW - timedelta(days=30)
    return make.project(
        make.bid(posted, lead=board.lead, stage="awarded"), stage="validation", signed_at=signed
    )


def where(project: Project) -> str:
    return f"/projects/{project.number}/pilot/"


def zipped(project: Project, protocol: str, **given: Any) -> bytes:
    told: dict[str, Any] = {
        "project": project.number, "protocol": protocol, "number": 1, "previous": None, "place": "Room 3", "side": "owner",
        "measurer": "Sample Clerk", "began": (make.NOW - timedelta(days=16)).isoformat(),
        "ended": (make.NOW - timedelta(days=1)).isoformat(), "values": (Value("I1", "2.4", "%"),), **given,
    }  # fmt: skip
    return package_zip.pack(packages.make(Manifest(**told), {"log.csv": b"page,errors\n"}, private_key=KEY))


def test_the_owner_proposes_and_the_lead_agrees(board: make.Board, project: Project) -> None:
    owner, lead, here = signed_in(board.owner_person), signed_in(board.lead_person), where(project)
    assert "Owner and lead agree to a protocol first" in page(owner, here)
    assert 'value="3.0"' in page(owner, f"{here}protocol/"), "the notice's threshold is suggested"
    refused = owner.post(f"{here}protocol/", {**ANSWERS, "days": "3"})
    assert "at least 14" in refused.content.decode()
    sent = owner.post(f"{here}protocol/", ANSWERS)
    assert sent.status_code == 303, sent.content.decode()
    assert "Agree to this version" not in page(owner, f"{here}protocol/1/")
    assert "Read it and agree" in page(lead, here)
    assert "Agree to this version" in page(lead, f"{here}protocol/1/")
    assert lead.post(f"{here}protocol/1/").status_code == 303
    told = page(owner, here)
    assert "Before the owner can sign: Runs still to be recorded: 1." in told
    site = owner.get(f"{here}protocol/1/protocol.json").json()
    assert site["indicators"] == [{"id": "I1", "unit": "%"}]
    assert site["sha256"] == project.protocols.get().sha256


def test_a_run_an_incident_and_its_end(board: make.Board, project: Project) -> None:
    make.protocol(project, board.owner_person)
    owner, lead, here = signed_in(board.owner_person), signed_in(board.lead_person), where(project)
    run = {
        "began": "2026-05-20T08:00",
        "ended": "2026-05-21T17:00",
        "place": "Room 3",
        "measurer": "Sample Clerk",
    }
    assert lead.get(f"{here}run/").status_code == 404, "the protocol says the owner measures"
    early = owner.post(
        f"{here}run/", {**run, "value_I1": "2.4", "began": "2026-05-01T08:00"}
    ).content.decode()
    assert "before the protocol was agreed" in early
    assert owner.post(f"{here}run/", {**run, "value_I1": "2.4"}).status_code == 303
    assert Run.objects.get().values[0]["unit"] == "%"
    broke = {"what": "It stopped.", "happened": "2026-05-20T10:00", "severity": "serious"}
    assert lead.post(f"{here}incident/", broke).status_code == 303
    assert "a failure" in page(owner, here)
    assert lead.post(f"{here}incident/1/", {"done": "The cable was fixed."}).status_code == 303
    assert "Close it" not in page(lead, f"{here}incident/1/")
    assert owner.post(f"{here}incident/1/", {"act": "close"}).status_code == 303
    assert owner.get(f"{here}incident/1/").status_code == 404


def test_a_package_comes_on_a_stick_and_one_altered_byte_is_named(
    board: make.Board, project: Project
) -> None:
    protocol = make.protocol(project, board.owner_person)
    owner, here = signed_in(board.owner_person), where(project)
    assert owner.get(f"{here}package/").status_code == 404, "no key is registered"
    public = signing.public_key(KEY)
    assert owner.post(f"{here}key/", {"label": "Laptop", "site_key": public}).status_code == 303
    good = zipped(project, protocol.sha256)
    bad = good.replace(b"page,errors", b"page,errorz")
    told = owner.post(f"{here}package/", {"package": SimpleUploadedFile("1.zip", bad)}).content.decode()
    assert "files/log.csv: bytes 0 to 11" in told
    assert "Choose the package" in owner.post(f"{here}package/", {}).content.decode()
    sent = owner.post(f"{here}package/", {"package": SimpleUploadedFile("1.zip", good), "keep": "1"})
    assert sent.status_code == 303, sent.content.decode()
    assert b"".join(owner.get(f"{here}package/1/").streaming_content) == good  # type: ignore[attr-defined]
    again = owner.post(f"{here}package/", {"package": SimpleUploadedFile("1.zip", good)}).content.decode()
    assert "taken in already" in again
    assert ResultPackage.objects.get().archive
    assert owner.post(f"{here}key/{public}/").status_code == 303
    assert owner.get(f"{here}key/{public}/").status_code == 404


def test_a_package_whose_files_stay_gives_its_manifest(board: make.Board, project: Project) -> None:
    protocol = make.protocol(project, board.owner_person)
    officer, here = signed_in(board.officer), where(project)
    signed_in(board.owner_person).post(
        f"{here}key/", {"label": "Laptop", "site_key": signing.public_key(KEY)}
    )
    sent = officer.post(
        f"{here}package/", {"package": SimpleUploadedFile("1.zip", zipped(project, protocol.sha256))}
    )
    assert sent.status_code == 303, sent.content.decode()
    assert "kept at the site" in page(officer, here)
    found, faults = package_zip.unpack(officer.get(f"{here}package/1/").content)
    assert not faults
    assert packages.signature_faults(found["manifest.json"], found["manifest.sig"].decode()) == []


def test_handover_reports_and_cost(board: make.Board, project: Project) -> None:
    make.protocol(project, board.owner_person)
    owner, here = signed_in(board.owner_person), where(project)
    assert owner.get(f"{here}handover/end/").status_code == 404
    assert (
        owner.post(f"{here}handover/", {"began_on": "2026-05-15", "staff": "Two clerks"}).status_code == 303
    )
    end = {"ended_on": "2026-05-20", "lead_helped": "no", "passed": "yes", "result": "It ran."}
    assert "It lasted 5 days" in owner.post(f"{here}handover/end/", end).content.decode()
    assert owner.post(f"{here}handover/end/", {**end, "ended_on": "2026-05-30"}).status_code == 303
    report = {"author": "Sample Reader", "position": "clerk", "written_on": "2026-05-30"}
    assert "text or as a file" in owner.post(f"{here}report/", report).content.decode()
    file = SimpleUploadedFile("report.pdf", b"%PDF-1.7 words")
    assert owner.post(f"{here}report/", {**report, "file": file}).status_code == 303
    sha256 = UserReport.objects.get().file["sha256"]
    assert b"".join(owner.get(f"{here}files/{sha256}/").streaming_content) == b"%PDF-1.7 words"  # type: ignore[attr-defined]
    cost = {"what": "Two tablets", "amount": "1,200", "currency": "cny", "spent_on": "2026-05-02"}
    assert owner.post(f"{here}cost/", cost).status_code == 303
    told = page(owner, here)
    assert "Passed" in told
    assert told.count("CNY") >= 2, "the row and the sum"


def test_others_see_nothing_and_nothing_is_offered_after_the_end(board: make.Board, project: Project) -> None:
    make.piloted(project, board.owner_person)
    here, stranger = where(project), signed_in(make.person(role="lead"))
    assert stranger.get(here).status_code == 404
    assert Client().get(here).status_code == 302
    ended = make.NOW - timedelta(hours=1)
    Project.objects.filter(pk=project.pk).update(stage="validated", ended_at=ended)
    owner = signed_in(board.owner_person)
    for path in ("protocol/", "run/", "incident/", "key/", "handover/", "report/", "cost/"):
        assert owner.get(f"{here}{path}").status_code == 404, path


def test_the_page_asks_the_database_no_more_for_thirty_runs(
    board: make.Board, project: Project, django_assert_max_num_queries: Any
) -> None:
    agreed, owner = make.protocol(project, board.owner_person), signed_in(board.owner_person)

    def add(count: int) -> None:
        for _ in range(count):
            Run.objects.create(
                project=project, order=project.runs.count() + 1, protocol=agreed, began_at=make.NOW, ended_at=make.NOW,
                place="Room", side="owner", measurer="Clerk", values=[], by=board.owner_person, at=make.NOW,
            )  # fmt: skip

    add(1)
    page(owner, where(project))
    with django_assert_max_num_queries(60) as one:
        page(owner, where(project))
    add(30)
    with django_assert_max_num_queries(len(one)):
        page(owner, where(project))


def link(board: make.Board, project: Project, *, days: int = 1) -> tuple[str, FollowUp]:
    row = FollowUp.objects.create(project=project, month=3, due_on=make.NOW.date())
    token = link_token(row, board.owner_person, until=make.NOW + timedelta(days=days))
    return f"/follow-up/{token}/", row


def test_the_letters_link_answers_on_one_page_without_signing_in(board: make.Board, project: Project) -> None:
    address, row = link(board, project)
    client = Client()
    told = page(client, address)
    assert "How it stands after 3 months" in told
    assert "Paused" in told
    refused = client.post(address, {"in_use": "paused"}).content.decode()
    assert "Say why it was paused or stopped" in refused
    assert client.post(address, {"in_use": "paused", "why": "No power.", "why.lang": "en"}).status_code == 303
    row.refresh_from_db()
    assert (row.status, row.by) == ("paused", board.owner_person)
    assert "This has been answered" in page(client, address)
    assert client.post(address, {"in_use": "in_use"}).status_code == 200
    row.refresh_from_db()
    assert row.status == "paused", "a link answers once"


def test_the_page_speaks_the_language_in_which_the_need_was_stated(
    board: make.Board, project: Project
) -> None:
    need = project.challenge.need
    need.content = {**need.content, "title": make.statement("Đọc chữ viết tay", lang="vi")}
    need.save()
    address, _ = link(board, project)
    told = page(Client(), address)
    assert "Tình hình sau 3 tháng" in told
    assert "Tạm ngừng" in told
    assert "3 个月后的使用情况" in page(Client(), f"{address}?lang=zh-hans")


def test_a_link_that_is_over_or_cut_off_has_a_clear_page(board: make.Board, project: Project) -> None:
    address, _ = link(board, project, days=0)
    told = page(Client(), address)
    assert "This link was good until" in told
    assert "/sign-in/" in told
    assert "This link cannot be used" in page(Client(), f"{address[:-4]}/")


def test_a_proposed_protocol_waits_on_the_desk_of_the_side_that_is_asked(
    board: make.Board, project: Project
) -> None:
    owner, lead = signed_in(board.owner_person), signed_in(board.lead_person)
    owner.post(f"{where(project)}protocol/", ANSWERS)
    assert "Answer a proposed protocol" in page(lead, "/desk/")
    assert "Answer a proposed protocol" not in page(owner, "/desk/")
    owner.post(f"{where(project)}protocol/", {**ANSWERS, "runs": "2"})
    assert page(lead, "/desk/").count("Answer a proposed protocol") == 1, "only the last version is open"
    lead.post(f"{where(project)}protocol/2/")
    assert "Answer a proposed protocol" not in page(lead, "/desk/")

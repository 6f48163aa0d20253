"""The statement of both sides, the agreement drawn from it, and every way to sign it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

import factories as make
from acting import Round, answers, refused
from jiebang.decisions.agreement import Scan
from jiebang.operations.facts import project_facts
from jiebang.operations.scans import examined
from jiebang.records.agreements.models import Alignment, Paper, Signature
from jiebang.records.bids.models import Bid
from jiebang.records.files.models import StoredFile
from jiebang.records.outbox.models import Message
from jiebang.records.projects.models import GateCheck, Project, open_gates
from jiebang.trust import canonical

pytestmark = pytest.mark.django_db
WORD = {"password": make.PASSWORD}


@pytest.fixture
def course() -> Round:
    return Round().decided()


def test_both_sides_accept_the_same_text_before_anything_is_drawn(course: Round) -> None:
    board, on = course.board, {"project": course.project}
    assert refused("sign", board.lead_person, at=course.at, **on, sha256="0" * 64, **WORD) == [
        "agreement.not_drawn"
    ]
    course.do("write_statement", board.lead_person, **on, content=answers("alignment"))
    first = course.do("state_contribution", board.lead_person, **on, content=answers("contribution"))
    silent = refused("accept_statement", board.lead_person, at=course.at, **on, sha256=first["sha256"])
    assert silent == ["agreement.part_missing"]
    second = course.do("state_contribution", board.owner_person, **on, content=answers("contribution"))
    course.do("accept_statement", board.lead_person, **on, sha256=second["sha256"])
    changed = course.do(
        "write_statement", board.owner_person, **on, content={**answers("alignment"), "models": ""}
    )
    assert Message.objects.filter(code="mail.statement_changed").exists()
    stale = refused("accept_statement", board.owner_person, at=course.at, **on, sha256=second["sha256"])
    assert stale == ["agreement.statement_changed"]
    course.do("accept_statement", board.owner_person, **on, sha256=changed["sha256"])
    assert not Paper.objects.exists()
    drawn = course.do("accept_statement", board.lead_person, **on, sha256=changed["sha256"])
    paper = Paper.objects.get()
    assert paper.sha256 == drawn["agreement"] == canonical.digest(paper.document)
    assert Alignment.objects.get().sha256 == changed["sha256"]


def test_an_incomplete_statement_is_refused_with_every_fault(course: Round) -> None:
    codes = refused(
        "write_statement", course.board.lead_person, at=course.at, project=course.project, content={}
    )
    assert len(codes) == 7
    stranger = make.person(role="owner")
    assert refused("write_statement", stranger, at=course.at, project=course.project, content={}) == [
        "access.not_found"
    ]


def test_nobody_negotiates_before_the_class_of_the_technology_is_checked(course: Round) -> None:
    board, on = course.board, {"project": course.project}
    GateCheck.objects.create(project=Project.objects.get(), gate="technology_export")
    said = {**on, "content": answers("alignment")}
    assert refused("write_statement", board.lead_person, at=course.at, **said) == ["agreement.check_first"]
    own = {**on, "content": answers("contribution")}
    assert refused("state_contribution", board.owner_person, at=course.at, **own) == ["agreement.check_first"]
    course.closes("technology_export")
    course.aligned()


def test_the_agreement_says_what_was_bid_and_stated(course: Round) -> None:
    course.aligned()
    document = Paper.objects.get().document
    assert document["languages"] == ["zh-Hans", "en"]
    assert document["prevailing"] == "zh-Hans"
    titles = [annex["title"]["en"] for annex in document["annexes"]]
    assert titles[:3] == ["Annex: indicators", "Annex: milestones", "Annex: instalments"]
    first = document["annexes"][0]["rows"][0]
    assert all(cell not in ({}, "–", "") for cell in first), "what is measured, how, where and by whom"
    assert "Joint results" in [item["title"]["en"] for item in document["articles"]]
    assert "Licence" not in [item["title"]["en"] for item in document["articles"]]
    assert "Sample Lead" in document["articles"][0]["text"]["en"]


def test_the_lead_signs_first_and_each_says_who_they_are(course: Round) -> None:
    paper, board, on = course.aligned(), course.board, {"project": course.project}
    assert refused("sign", board.owner_person, at=course.at, **on, sha256=paper, **WORD) == [
        "agreement.out_of_order"
    ]
    assert refused("sign", board.lead_person, at=course.at, **on, sha256=paper) == ["person.password_wrong"]
    wrong = refused("sign", board.lead_person, at=course.at, **on, sha256=paper, password="not that")
    assert wrong == ["person.password_wrong"]
    assert refused("sign", board.lead_person, at=course.at, **on, sha256="1" * 64, **WORD) == [
        "agreement.text_changed"
    ]
    course.do("sign", board.lead_person, **on, sha256=paper, **WORD)
    assert refused("sign", board.lead_person, at=course.at, **on, sha256=paper, **WORD) == ["project.signed"]
    assert refused(
        "write_statement", board.lead_person, at=course.at, **on, content=answers("alignment")
    ) == ["agreement.signing_began"]
    course.do("sign", board.owner_person, **on, sha256=paper, **WORD)
    facts = project_facts(Project.objects.get(), now=course.at)
    assert facts["lead_signed"]
    assert facts["owner_signed"]


def test_the_pledge_is_given_by_the_lead_researcher_alone_and_before_work_begins(course: Round) -> None:
    board, on = course.board, {"project": course.project}
    Bid.objects.update(lead_person=None)
    assert project_facts(Project.objects.get(), now=course.at)["pledged"], "the bid names nobody"
    researcher = make.person("researcher@people.example", role="lead", party=board.lead.party)
    Bid.objects.filter(number=course.bid).update(lead_person=researcher)
    stranger = make.person(
        "stranger@people.example", role="lead", party=make.organisation("Other Sample").party
    )
    paper = course.aligned()
    given = {**on, "sha256": paper, **WORD}
    assert refused("give_pledge", stranger, at=course.at, **given) == ["access.not_found"]
    assert refused("give_pledge", board.lead_person, at=course.at, **given) == [
        "agreement.pledge_is_personal"
    ]
    assert refused("give_pledge", researcher, at=course.at, **on, sha256=paper) == ["person.password_wrong"]
    assert not project_facts(Project.objects.get(), now=course.at)["pledged"]
    for person in (board.lead_person, board.owner_person):
        course.do("sign", person, **given)
    assert "lifecycle.guard_fails" in refused(
        "move", board.officer, at=course.at, kind="project", number=course.project, command="sign_agreement"
    )
    course.do("give_pledge", researcher, **given)
    assert refused("give_pledge", researcher, at=course.at, **given) == ["agreement.pledged"]
    assert project_facts(Project.objects.get(), now=course.at)["pledged"]
    course.do("redraw_agreement", board.officer, **on, why="A date was wrong.")
    assert not project_facts(Project.objects.get(), now=course.at)["pledged"], "the words under it are others"


def test_one_person_does_not_sign_for_both_sides(course: Round) -> None:
    paper, board = course.aligned(), course.board
    make.engaged(board.lead_person, role="owner", party=board.owner.party)
    course.do("sign", board.lead_person, project=course.project, sha256=paper, **WORD)
    twice = refused("sign", board.lead_person, at=course.at, project=course.project, sha256=paper, **WORD)
    assert twice == ["agreement.one_person_two_parties"]


def test_somebody_else_signs_as_long_as_they_are_let(course: Round) -> None:
    paper, board, on = course.aligned(), course.board, {"project": course.project}
    deputy = make.person("deputy@people.example")
    assert refused("sign", deputy, at=course.at, **on, sha256=paper, **WORD) == ["access.not_found"]
    course.do("delegate_signing", board.lead_person, **on, person=deputy.email, why="Letter of 1 May", days=3)
    late = course.at + timedelta(days=4)
    assert refused("sign", deputy, at=late, **on, sha256=paper, **WORD) == ["access.not_found"]
    course.do("sign", deputy, **on, sha256=paper, **WORD)
    signed = Signature.objects.get()
    assert (signed.party, signed.by, signed.delegation is not None) == (board.lead.party, deputy, True)


def test_a_new_version_leaves_the_signatures_of_the_old_one_behind(course: Round) -> None:
    paper, board, on = course.aligned(), course.board, {"project": course.project}
    course.do("sign", board.lead_person, **on, sha256=paper, **WORD)
    assert refused("redraw_agreement", board.lead_person, at=course.at, **on, why="x") == ["access.role"]
    drawn = course.do("redraw_agreement", board.officer, **on, why="A check was answered.")
    assert drawn["version"] == 2
    assert not project_facts(Project.objects.get(), now=course.at)["lead_signed"]
    assert refused("sign", board.owner_person, at=course.at, **on, sha256=paper, **WORD) == [
        "agreement.text_changed"
    ]


def scanned(
    pages: int, *, printed: int = 3, numbers: tuple[int, ...] = (), codes: tuple[str, ...] = ()
) -> str:
    file: dict[str, Any] = {
        "name": "signed.pdf",
        "sha256": "a" * 64,
        "size": 9,
        "media_type": "application/pdf",
    }
    return examined(file=file, scan=Scan(pages=pages, printed=printed, numbers=numbers, codes=codes))


@pytest.mark.parametrize(
    ("scan", "code", "found"),
    [
        (scanned(2), "", ["agreement.page_count"]),
        (scanned(2, numbers=(1, 3)), "", ["agreement.pages_missing"]),
        (scanned(3), "00000000", ["agreement.code_differs"]),
        (scanned(3, numbers=(1, 2, 3), codes=("ffffffff",)), "", ["agreement.other_text"]),
        ("forged", "", ["agreement.no_scan"]),
    ],
)
def test_a_scan_that_is_not_whole_is_refused(course: Round, scan: str, code: str, found: list[str]) -> None:
    paper = course.aligned()
    given = {"project": course.project, "sha256": paper, "code": code or paper[:8], "scan": scan}
    assert refused("hand_in_scan", course.board.lead_person, at=course.at, **given) == found


def test_a_scan_counts_once_the_office_has_looked_at_it(course: Round) -> None:
    paper, board, on = course.aligned(), course.board, {"project": course.project}
    given = {**on, "sha256": paper, "code": f" {paper[:4].upper()} {paper[4:8]}", "scan": scanned(3)}
    course.do("hand_in_scan", board.lead_person, **given)
    assert not project_facts(Project.objects.get(), now=course.at)["lead_signed"]
    row = Signature.objects.get()
    looked = {**on, "signature": row.pk}
    assert refused("judge_scan", board.officer, at=course.at, **looked, agree=False) == [
        "lifecycle.reason_required"
    ]
    course.do("judge_scan", board.officer, **looked, agree=False, why="The seal is cut off.")
    assert Message.objects.filter(code="mail.scan_given_back").exists()
    course.do("hand_in_scan", board.lead_person, **given)
    course.do("judge_scan", board.officer, **on, signature=Signature.objects.get().pk, agree=True)
    assert project_facts(Project.objects.get(), now=course.at)["lead_signed"]


def still_open(project: Project, at: datetime) -> bool:
    """Asked of the row and of the rows: both must say the same."""
    row = project.gates.get(gate="technology_export")
    found = project.gates.filter(open_gates(at.date()), pk=row.pk).exists()
    assert found == row.open_on(at.date())
    return found


def test_a_check_is_answered_by_its_department_with_what_the_rule_asks(course: Round) -> None:
    project = Project.objects.get()
    GateCheck.objects.create(project=project, gate="technology_export")
    commerce = make.person(role="department", party=course.board.office.party, scope="commerce")
    given = {"project": course.project, "gate": "technology_export", "finding": "Looked up."}
    assert refused("close_gate", course.board.officer, at=course.at, **given, found="free") == [
        "gate.not_yours"
    ]
    codes = refused("close_gate", commerce, at=course.at, **given, found="restricted")
    assert codes == ["gate.reference_needed", "gate.list_needed"]
    assert refused("close_gate", commerce, at=course.at, **given, list_version="2025") == [
        "gate.finding_unknown"
    ]
    stops = course.do("close_gate", commerce, **given, found="prohibited", list_version="2025")
    assert stops["stops"]
    assert still_open(project, course.at)
    until = (course.at + timedelta(days=5)).date()
    course.do(
        "close_gate",
        commerce,
        **given,
        found="free",
        reference="R-1",
        list_version="2025",
        valid_until=until.isoformat(),
    )
    assert not still_open(project, course.at)
    later = course.at + timedelta(days=9)
    assert still_open(project, later)


def test_a_statement_changed_after_drawing_stops_signing_until_both_accept_again(course: Round) -> None:
    paper, board, on = course.aligned(), course.board, {"project": course.project}
    said = course.do(
        "write_statement", board.lead_person, **on, content={**answers("alignment"), "cloud": ""}
    )
    assert refused("sign", board.lead_person, at=course.at, **on, sha256=paper, **WORD) == [
        "agreement.statement_open"
    ]
    for person in (board.lead_person, board.owner_person):
        drawn = course.do("accept_statement", person, **on, sha256=said["sha256"])
    assert drawn["agreement"] != paper
    course.do("sign", board.lead_person, **on, sha256=drawn["agreement"], **WORD)


def test_a_new_version_opens_the_statement_again(course: Round) -> None:
    paper, board, on = course.aligned(), course.board, {"project": course.project}
    course.do("sign", board.lead_person, **on, sha256=paper, **WORD)
    course.do("redraw_agreement", board.officer, **on, why="A date changed.")
    course.do("write_statement", board.lead_person, **on, content=answers("alignment"))


def test_nobody_of_the_office_signs_for_a_party(course: Round) -> None:
    course.aligned()
    given = {"project": course.project, "person": course.board.second.email, "why": "Letter of 1 May"}
    assert refused("delegate_signing", course.board.lead_person, at=course.at, **given) == ["person.official"]


def test_a_handed_in_scan_is_kept_as_a_file_of_its_party(course: Round) -> None:
    paper, board = course.aligned(), course.board
    given = {"project": course.project, "sha256": paper, "code": paper[:8], "scan": scanned(3)}
    course.do("hand_in_scan", board.lead_person, **given)
    assert StoredFile.objects.get(sha256="a" * 64).party == board.lead.party

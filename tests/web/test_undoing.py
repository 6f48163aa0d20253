"""Undoing a result on the pages: corrected by two, an award in question and its answer, a reserve that steps in."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

import factories as make
from jiebang.records.awards.models import Amendment, Proposal, Revocation
from jiebang.records.programme.models import Instance
from settled import FALSE, NUMBER, SWAP, Settled, more_reserves, review, settled

pytestmark = pytest.mark.django_db
DO = f"/office/challenges/{NUMBER}/do"
RESULT = f"/challenges/{NUMBER}/result/"
NAMED = {
    "ground": "wrong_sum", "evidence": "Line 4 of the second sheet.", "how": "name", "why": "It was added up wrongly.",
    "placings.B-1.outcome": "reserve", "placings.B-1.rank": "2", "placings.B-2.outcome": "awarded",
    "placings.B-2.rank": "1",
}  # fmt: skip


def window(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def read(client: Client, address: str, **given: Any) -> str:
    answer = client.post(address, given, follow=True) if given else client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def now(case: Settled) -> None:
    """The instance's clock stands where the case does."""
    Instance.objects.update(clock_offset=int((case.at - datetime.now(UTC)).total_seconds()) + 60)


def test_a_correction_by_name_is_proposed_compared_and_read_by_everybody() -> None:
    case = settled().published()
    now(case)
    first, second = window(case.board.officer), window(case.board.second)
    assert f"{DO}/correct_result/" in read(first, f"/office/challenges/{NUMBER}/")
    page = read(first, f"{DO}/correct_result/")
    assert "An objection or an appeal was upheld" in page
    assert "The result as it stands" in page
    page = read(first, f"{DO}/correct_result/", **NAMED)
    assert "Proposed: Correct the result" in page
    assert case.outcomes["B-1"] == ("awarded", 1), "nothing changed yet"
    page = read(second, f"/office/proposals/{Proposal.objects.get().pk}/")
    for text in (
        "B-2: Awarded (1)",
        "Line 4 of the second sheet.",
        "The result that this would give",
        "A sum or a place",
    ):
        assert text in page
    read(second, f"/office/proposals/{Proposal.objects.get().pk}/", agree="1")
    assert case.outcomes["B-2"] == ("awarded", 1)
    page = read(Client(), RESULT)
    assert "What changed in this result" in page
    assert "A sum or a place was wrong: It was added up wrongly." in page
    assert "On the reserve list (2)" in page
    assert "Line 4" not in page, "the papers stay with the office"
    page = read(window(case.leads["B-1"]), "/bids/B-1/")
    assert "It was added up wrongly." in page
    assert "Set by two officers who corrected the result" in page
    assert "Corrected" in read(first, f"/office/challenges/{NUMBER}/")
    assert "the rule does not give it" in read(first, "/log/explain/B-2/")


def test_a_correction_by_the_rule_shows_what_the_struck_review_changes() -> None:
    case = settled().published()
    now(case)
    first, second = window(case.board.officer), window(case.board.second)
    struck = review("B-1", case.experts[0])
    given = {
        "ground": "wrong_review",
        "evidence": "They are cousins.",
        "how": "recompute",
        "strike": [str(struck)],
    }
    read(first, f"{DO}/correct_result/", why="An expert was kin.", **given)
    pk = Proposal.objects.get().pk
    page = read(second, f"/office/proposals/{pk}/")
    assert f"B-1 · {case.experts[0].name}" in page
    assert "fewer experts reviewed it than the rule needs" in page
    read(second, f"/office/proposals/{pk}/", agree="1")
    assert case.outcomes["B-2"] == ("awarded", 1)
    assert "Struck by a correction" in read(first, f"/office/challenges/{NUMBER}/experts/")
    assert "took your review out" in read(window(case.experts[0]), f"/reviews/{struck}/")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ground": "mood"}, "is no ground for a correction"),
        ({"evidence": " "}, "Give an answer."),
        ({"why": ""}, "Say why"),
        ({"placings.B-1.outcome": ""}, "Give an answer."),
        ({"placings.B-1.outcome": "awarded"}, "2 bids would be awarded; at most 1 may be."),
        ({"placings.B-1.rank": "first"}, "number"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    changed: dict[str, str], said: str
) -> None:
    case = settled().published()
    now(case)
    page = read(window(case.board.officer), f"{DO}/correct_result/", **{**NAMED, **changed})
    assert "There is a problem" in page
    assert said in page
    assert ("Line 4 of the second sheet." in page) == ("evidence" not in changed)
    assert not Proposal.objects.exists()


def test_an_award_in_question_is_answered_by_its_lead_and_decided_by_another() -> None:
    case = settled().decided()
    now(case)
    project, lead = case.project(), window(case.leads["B-1"])
    page = read(
        window(case.board.officer),
        f"/office/projects/{project.number}/do/question_award/",
        why="No such patent.",
        **FALSE,
    )
    assert "Done: Question the award." in page
    assert "The registry knows no such patent." in page
    assert "Answer before your award is decided on" in read(lead, "/desk/")
    work = f"/projects/{project.number}/work/"
    page = read(lead, work)
    assert "False information in the bid" in page
    assert f"{work}answer/" in page
    assert f"{work}sign/" not in page
    other = window(case.leads["B-2"])
    assert other.get(f"{work}answer/").status_code == 404
    assert "The registry knows" not in read(window(case.board.owner_person), work)
    assert "There is a problem" in read(lead, f"{work}answer/", text=" ")
    assert "Your answer is with the second officers" in read(
        lead, f"{work}answer/", text="It is filed as 77."
    )
    assert lead.get(f"{work}answer/").status_code == 404
    second = window(case.third)
    assert "Decide whether an award stands" in read(second, "/desk/")
    page = read(second, f"/office/projects/{project.number}/do/revoke_award/")
    assert "It is filed as 77." in page
    read(second, f"/office/projects/{project.number}/do/revoke_award/", why="77 is another one.")
    assert Revocation.objects.get().status == "revoked"
    page = read(Client(), RESULT)
    assert "False information in the bid" in page
    assert "77 is another one." not in page
    assert "77 is another one." in read(lead, work)
    page = read(Client(), f"/projects/{project.number}/")
    assert "Award in question" in page
    for text in ("77 is another one.", "No such patent."):
        assert text not in page, "what was said of a party is not the public's"


def test_a_breach_stands_in_the_integrity_record_that_the_office_and_its_own_people_read() -> None:
    case = settled().decided().revoked()
    now(case)
    party = case.leads["B-1"].engagements.get().party
    address = f"/organisations/{party.slug}/"
    for person in (case.board.officer, case.leads["B-1"]):
        page = read(window(person), address)
        assert "Integrity record" in page
        assert "False information in the bid" in page
    assert "Integrity record" not in read(window(case.leads["B-2"]), address)


def test_a_vacant_place_waits_on_the_desk_and_a_chosen_reserve_steps_in_in_public() -> None:
    case = settled(more_reserves(2)).decided().revoked()
    now(case)
    first = window(case.board.officer)
    assert "Fill the place of a revoked award" in read(first, "/desk/")
    page = read(first, f"{DO}/promote_reserve/")
    assert 'value="B-2" checked' in page
    assert 'value="B-3"' in page
    assert "There is a problem" in read(first, f"{DO}/promote_reserve/", bid="B-3", why="")
    read(first, f"{DO}/promote_reserve/", bid="B-3", why="B-2 has nobody left.")
    assert "Fill the place" not in read(first, "/desk/"), "it is proposed"
    read(window(case.board.second), f"/office/proposals/{Proposal.objects.get().pk}/", agree="1")
    page = read(Client(), RESULT)
    assert "Reserve proposed" in page
    assert "B-2 has nobody left." in page
    assert "Anyone may object in writing" in page


def test_programs_read_the_changes_and_only_those_concerned_the_case() -> None:
    case = settled().decided().revoked()
    now(case)
    found = Client().get("/api/v1/amendments", {"challenge": NUMBER}).json()
    assert found["count"] == Amendment.objects.count() == 1
    assert found["items"][0]["changes"] == [
        {"bid": "B-1", "was": "awarded", "was_rank": 1, "now": "revoked", "now_rank": 1}
    ]
    assert "registry" not in str(found)
    address = f"/api/v1/projects/{case.project().number}/revocations"
    (row,) = window(case.leads["B-1"]).get(address).json()
    assert (row["status"], row["ground"], row["breach"]) == ("revoked", FALSE["ground"], True)
    assert window(case.board.officer).get(address).status_code == 200
    assert window(case.leads["B-2"]).get(address).status_code == 404
    assert window(case.board.owner_person).get(address).status_code == 404
    assert Client().get(address).status_code in (401, 403)


def test_a_correction_that_was_not_public_shows_in_the_office_alone() -> None:
    case = settled()
    case.move("challenge", "propose_award", case.board.officer)
    case.two("correct_result", SWAP)
    case.move("challenge", "publish_result", case.third)
    now(case)
    assert "What changed in this result" not in read(Client(), RESULT)
    assert "It was counted wrongly." not in read(Client(), f"/challenges/{NUMBER}/")
    assert "What changed in this result" in read(window(case.board.officer), f"/office/challenges/{NUMBER}/")


def test_a_chinese_reader_reads_it_in_chinese() -> None:
    case = settled().published()
    case.two("correct_result", SWAP)
    now(case)
    page = Client(headers={"accept-language": "zh-Hans"}).get(RESULT).content.decode()
    for text in ("结果变更情况", "计分或名次有误", "已更正"):
        assert text in page


def test_nobody_of_another_region_meets_these_pages() -> None:
    board = make.board()
    posted = make.challenge(
        call=make.call(rulebook=make.installed(make.ring_sea())), stage="decided", owner=board.owner.party
    )
    assert (
        window(board.officer).get(f"/office/challenges/{posted.number}/do/correct_result/").status_code == 404
    )

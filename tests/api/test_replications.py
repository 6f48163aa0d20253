"""Cases for everybody, copies for their parties: the same figures as the pages, nothing confidential."""

from collections.abc import Callable
from typing import Any

import pytest

import copied
import factories as make

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]


def test_cases_are_public_with_their_copies_and_exact_figures(board: make.Board, get: Call) -> None:
    project = copied.validated(board)
    there = make.organisation("Yonder College", country="KH")
    copy = copied.replica(project, there, state="confirmed")
    copied.replica(project, make.organisation(country="LA"))
    (row,) = get("/cases?country=KH").json()["items"]
    assert (row["number"], row["places"], row["countries"], row["on_the_way"]) == (project.number, 2, 2, 0)
    assert get("/cases?country=LA").json()["count"] == 0
    told = get(f"/cases/{project.number}").json()
    assert told["origin"] == {"I1": "2.4"}
    assert [item["number"] for item in told["copies"]] == [copy.number], (
        "what waits for its owner is nobody else's"
    )
    (one,) = told["copies"]
    assert "terms" not in one["content"]
    assert (one["owner"], one["compared"][0]["difference"], one["compared"][0]["relative"]) == (
        there.party.slug,
        "0.2",
        "0.0833",
    )
    assert one["values"][0]["counts"] is True
    assert get("/cases/P-none").status_code == 404


def test_a_copy_is_whole_for_its_parties_and_absent_for_others(board: make.Board, get: Call) -> None:
    project = copied.validated(board)
    there = make.organisation("Yonder College", country="KH")
    copy = copied.replica(project, there, state="agreed")
    path = f"/replications/{copy.number}"
    assert get(path).status_code == 401
    assert get(path, by=make.person(role="owner")).status_code == 404
    person = make.person(role="owner", party=there.party)
    told = get(path, by=person).json()
    assert told["content"]["terms"]["text"] == "A secret price."
    assert len(told["missing"]) == 2
    assert get(f"/projects/{project.number}/pilot", by=person).status_code == 404
    assert get(path, by=board.lead_person).json()["number"] == copy.number


def test_a_copy_is_carried_to_use_by_operations_of_the_api(board: make.Board, get: Call, post: Call) -> None:
    project = copied.validated(board)
    there = make.organisation("Yonder College", country="KH")
    person = make.person(role="owner", party=there.party)
    rows = [{"dimension": name, "origin": "There.", "here": "Here."} for name in copied.DIMENSIONS]
    body = {
        "project": project.number, "owner": there.party.slug, "country": "KH", "site": "Hall",
        "content": {"plan": make.statement("Bring it.")}, "adaptations": rows,
    }  # fmt: skip
    made = post("propose_replication", body, by=board.lead_person).json()["answer"]
    number, sha256 = made["replica"], made["sha256"]
    assert post("agree_replication", {"replica": number, "sha256": sha256}, by=person).status_code == 200
    value = {
        "replica": number, "indicator": "I1", "value": "2.5", "unit": "%", "how": "Counted.",
        "measured_on": make.NOW.date().isoformat(),
    }  # fmt: skip
    assert post("record_replica_value", value, by=person).json()["answer"]["state"] == "measured"
    said = {"in_use": "in_use", "used_for": make.statement("អាន", lang="km"), "users": 4}
    whole = {"replica": number, "content": {**said, "statement": make.statement("ល្អ", lang="km")}}
    assert post("confirm_replication", {"replica": number, "content": said}, by=person).status_code == 422
    assert post("confirm_replication", whole, by=person).json()["answer"]["state"] == "confirmed"
    assert get(f"/cases/{project.number}").json()["places"] == 2

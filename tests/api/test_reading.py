"""The lists: under the policy, a constant number of queries, the same answer for unseen and absent."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import factories as make
from jiebang.operations.registry import Done, perform
from jiebang.records.people.models import ApiToken

Call = Callable[..., Any]
LISTS = (
    "/challenges",
    "/needs",
    "/bids",
    "/results",
    "/projects",
    "/cases",
    "/calls",
    "/rulebooks",
    "/journal",
    "/inbox",
)
MOST_QUERIES = 12


def world(count: int, board: make.Board) -> None:
    for place in range(count):
        posted = make.challenge(owner=board.owner.party, call=board.call, stage="publicity")
        bid = make.bid(posted, lead=board.lead, stage="eligible")
        make.decision(bid)
        make.project(bid)
        asked = {"challenge": make.challenge(call=board.call).number, "text": "?"}
        assert isinstance(
            perform("ask_question", by=board.lead_person, now=make.NOW, key=f"{count}-{place}", params=asked),
            Done,
        )


@pytest.mark.parametrize("path", LISTS)
def test_a_list_takes_as_many_queries_with_one_row_as_with_thirty(
    board: make.Board, get: Call, path: str
) -> None:
    counts = []
    for rows in (1, 29):
        world(rows, board)
        get(path, by=board.officer)
        with CaptureQueriesContext(connection) as used:
            answer = get(path, by=board.officer)
        assert answer.status_code == 200, answer.content
        making_the_token = [q for q in used.captured_queries if "INSERT" in q["sql"]]
        assert making_the_token  # the token of this call is made inside
        counts.append(reading_queries(used.captured_queries))
    assert counts[0] == counts[1]
    assert counts[1] <= MOST_QUERIES


def reading_queries(queries: list[dict[str, str]]) -> int:
    """Those after the token was made."""
    written = ("RELEASE", "COMMIT", "INSERT", "UPDATE")
    last = max(i for i, q in enumerate(queries) if any(word in q["sql"] for word in written))
    return len(queries) - last - 1


def numbers(answer: Any) -> set[str]:
    return {item["number"] for item in answer.json()["items"]}


def test_me_and_the_inbox_are_ones_own(board: make.Board, get: Call) -> None:
    assert get("/me").status_code == get("/inbox").status_code == 401
    said = get("/me", by=board.lead_person).json()
    assert said["email"] == "lead@people.example"
    assert [item["role"] for item in said["engagements"]] == ["lead"]
    assert "secret" not in str(said["tokens"][0].keys())
    assert ApiToken.objects.get(pk=said["tokens"][0]["id"]).digest not in str(said)


def test_a_sealed_bid_is_neither_listed_nor_counted(board: make.Board, get: Call) -> None:
    posted = make.challenge(owner=board.owner.party, call=board.call)
    mine = make.bid(posted, lead=board.lead)
    for person in (None, board.officer, board.second, board.owner_person):
        said = get("/bids", by=person).json()
        assert (said["count"], said["items"]) == (0, [])
        assert get(f"/bids/{mine.number}", by=person).status_code == 404
        assert get(f"/journal?subject=bid:{mine.number}", by=person).json()["count"] == 0
    assert numbers(get("/bids", by=board.lead_person)) == {mine.number}
    assert get(f"/bids/{mine.number}", by=board.lead_person).status_code == 200
    posted.stage = "closed"
    posted.save()
    assert numbers(get("/bids", by=board.officer)) == {mine.number}
    assert get("/bids", by=board.owner_person).json()["count"] == 0


def test_a_draft_that_was_never_sent_stays_its_peoples_own(board: make.Board, get: Call) -> None:
    posted = make.challenge(call=board.call, stage="closed")
    draft = make.bid(posted, lead=board.lead, stage="draft", submitted_at=None)
    assert get("/bids", by=board.officer).json()["count"] == 0
    assert get(f"/bids/{draft.number}", by=board.officer).status_code == 404
    assert numbers(get("/bids", by=board.lead_person)) == {draft.number}


def test_unseen_and_absent_have_the_same_body(board: make.Board, get: Call) -> None:
    hidden = make.need(call=board.call, stage="submitted")
    bid = make.bid(make.challenge(call=board.call))
    pairs = [(f"/needs/{hidden.number}", "/needs/N-9999"), (f"/bids/{bid.number}", "/bids/B-9999")]
    for seen, absent in pairs:
        for person in (None, board.lead_person):
            answers = [get(path, by=person) for path in (seen, absent)]
            assert [answer.status_code for answer in answers] == [404, 404]
            assert answers[0].content == answers[1].content


def test_lists_filter_and_page(board: make.Board, get: Call) -> None:
    made = [make.challenge(call=board.call, country="VN" if i % 2 else "LA") for i in range(5)]
    first = get("/challenges?size=2&sort=number").json()
    assert (first["count"], len(first["items"])) == (5, 2)
    rest = [
        item["number"]
        for page in (2, 3)
        for item in get(f"/challenges?size=2&page={page}&sort=number").json()["items"]
    ]
    assert [item["number"] for item in first["items"]] + rest == sorted(item.number for item in made)
    assert get("/challenges?country=LA").json()["count"] == 3
    assert get("/challenges?size=5000").status_code == 422
    assert get("/challenges?page=0").status_code == 422


def test_one_challenge_says_its_rulebook_and_its_questions(board: make.Board, get: Call) -> None:
    posted = make.challenge(call=board.call)
    make.question(posted, answer="No.")
    make.question(posted)
    said = get(f"/challenges/{posted.number}").json()
    assert said["rulebook"] == board.call.rulebook_id
    assert said["budget"] == "1000000.00"
    assert said["content"] == posted.content
    questions = get(f"/challenges/{posted.number}/questions").json()
    assert (questions["count"], list(questions["items"][0])) == (
        1,
        ["id", "text", "answer", "asked_at", "answered_at"],
    )
    assert get(f"/rulebooks/{said['rulebook']}").json()["document"]["id"] == "guangxi-asean-2026"
    form = get(f"/rulebooks/{said['rulebook']}/forms/bid?lang=zh-Hans").json()
    assert {"title", "approach", "promises"} <= form["properties"].keys()
    assert get(f"/rulebooks/{said['rulebook']}/forms/nothing").status_code == 404


def test_results_are_there_when_the_stage_opens_them(board: make.Board, get: Call) -> None:
    posted = make.challenge(call=board.call, stage="proposed")
    make.decision(make.bid(posted, stage="eligible"), published_at=None)
    assert get("/results").json()["count"] == 0
    posted.stage = "publicity"
    posted.save()
    assert get("/results").json()["count"] == 0  # not published
    posted.decisions.update(published_at=make.NOW)
    assert get(f"/results?challenge={posted.number}").json()["items"][0]["outcome"] == "awarded"


def test_what_an_entry_says_is_for_its_actor_and_the_auditor(board: make.Board, get: Call) -> None:
    posted = make.challenge(call=board.call)
    asked = perform(
        "ask_question",
        by=board.lead_person,
        now=make.NOW,
        key="q",
        params={"challenge": posted.number, "text": "?"},
    )
    assert isinstance(asked, Done)
    auditor = make.person(role="auditor", party=board.office.party)
    path = f"/journal/{asked.entry}"
    assert get(path).json()["body"] is None
    assert get(path, by=board.officer).json()["body"] is None
    assert get(path, by=auditor).status_code == 404  # who asks may be about to bid
    posted.stage = "closed"
    posted.save()
    assert get(path, by=auditor).json()["body"] == {"question": asked.answer["question"]}
    assert get(f"{path}/receipt").status_code == 401
    assert get(f"{path}/receipt", by=board.officer).status_code == 404
    assert get(f"{path}/receipt", by=board.lead_person).json()["openings"]
    assert not get(f"{path}/receipt", by=auditor).json().get("openings")
    assert get("/journal/head").json()["seq"] >= asked.entry


def test_what_an_organisation_stores_and_proves_is_told_to_its_own_people(
    board: make.Board, get: Call
) -> None:
    """A file or a proof on the eve of the closing tells a rival who is about to bid."""
    mine = board.lead.party.slug
    given = {"organisation": mine, "kind": "rd_capability", "text": "Shown."}
    for name, params in (
        ("give_evidence", given),
        ("correct_organisation", {"organisation": mine, "region": "CN-GX"}),
    ):
        assert isinstance(perform(name, by=board.lead_person, now=make.NOW, key=name, params=params), Done)
    file = {"organisation": mine, "upload": make.upload("a.pdf")}
    assert isinstance(perform("store_file", by=board.lead_person, now=make.NOW, key="f", params=file), Done)
    stranger = make.person(party=board.owner.party, role="owner")
    for reader, seen in (
        (None, ["organisation:changed"]), (stranger, ["organisation:changed"]),
        (board.officer, ["organisation:changed", "evidence:given"]),
        (board.lead_person, ["file:stored", "organisation:changed", "evidence:given"]),
    ):  # fmt: skip
        items = get(f"/journal?subject=organisation:{mine}", by=reader).json()["items"]
        assert [item["event"] for item in items] == seen


def test_a_pilot_is_read_by_its_own_people_and_says_what_is_missing(board: make.Board, get: Call) -> None:
    posted = make.challenge(call=board.call, owner=board.owner.party, stage="decided")
    project = make.project(make.bid(posted, lead=board.lead, stage="awarded"), stage="validation")
    path = f"/projects/{project.number}/pilot"
    assert get(path).status_code == 401
    assert get(path, by=make.person(role="lead")).status_code == 404
    assert get(path, by=board.owner_person).json()["missing"] == []
    make.protocol(project, board.owner_person)
    told = get(path, by=board.lead_person).json()
    assert told["missing"][0] == "Runs still to be recorded: 1."
    assert [row["version"] for row in told["protocols"]] == [1]

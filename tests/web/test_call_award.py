"""The results of a whole call on one page: who falls to which quota and why, what is in the way, proposed and published there."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import factories as f
from acting import done
from called import OVER_CALL, Called, called, more
from jiebang.operations.call_facts import facts_in
from jiebang.operations.facts import challenge_facts, need_facts
from jiebang.records.awards.models import Decision, Objection, Revocation, Verdict
from jiebang.records.challenges.models import Argument, Challenge
from jiebang.records.panels.models import Panel
from jiebang.records.programme.queries import rulebook
from jiebang.records.reviews.models import Assignment

pytestmark = pytest.mark.django_db
TOP = {"rule": "top", "max_awards": 1, "quotas": OVER_CALL}
TWO = {"GX-1": [(90, "CN", 300), (80, "VN", 200)], "GX-2": [(95, "CN", 300), (60, "VN", 900)]}


@pytest.fixture
def course() -> Called:
    return called(TWO, award=TOP)


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(course: Called) -> str:
    return f"/office/calls/{course.number}/award/"


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def digest(page: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def test_the_officer_sees_which_bid_falls_to_a_quota_and_who_holds_it(course: Called) -> None:
    client = signed_in(course.board.officer)
    assert address(course) in client.get(f"/office/calls/{course.number}/").content.decode()
    page = text(client.get(address(course)).content.decode())
    first, second = course.bids["GX-1"], course.bids["GX-2"]
    fell = (
        "The quota From one country takes at most 1 of China, and bids that were taken before it hold them."
    )
    assert f"{fell} Held by: {first[0]}." in page
    assert f"From one country China 1 1 {first[0]} 1" in page
    assert f"From one country Viet Nam 1 1 {second[1]} –" in page
    assert "CNY 1,200" in page
    chinese = text(client.get(address(course), {"lang": "zh-hans"}).content.decode())
    assert "同一国家" in chinese
    assert "由先入选者占用" in chinese


def test_one_officer_proposes_and_another_publishes_all_in_one_act_each(course: Called) -> None:
    officer, second = signed_in(course.board.officer), signed_in(course.board.second)
    page = officer.get(address(course)).content.decode()
    assert "Propose the result" in page
    assert (
        "Propose the result"
        not in signed_in(course.board.second).get(address(course)).content.decode().split("<details")[0]
    )
    answer = officer.post(address(course), {"digest": digest(page)})
    assert (answer.status_code, answer["Location"]) == (303, address(course))
    assert set(Challenge.objects.values_list("stage", flat=True)) == {"proposed"}
    page = second.get(address(course)).content.decode()
    assert "as they were proposed" in page
    assert "Confirm and publish" in page
    assert second.post(address(course), {}).status_code == 303
    assert set(Challenge.objects.values_list("stage", flat=True)) == {"publicity"}
    assert not Decision.objects.filter(current=True, published_at=None).exists()
    after = second.get(address(course)).content.decode()
    assert 'name="why"' not in after


def test_a_button_of_a_single_challenge_leads_to_the_page_of_the_call(course: Called) -> None:
    client = signed_in(course.board.officer)
    page = client.get("/office/challenges/GX-1/").content.decode()
    assert f'href="{address(course)}"' in page
    assert "for all challenges of the call at once" in page
    assert client.get("/office/challenges/GX-1/do/propose_award/")["Location"] == address(course)
    assert client.post("/office/challenges/GX-1/do/propose_award/")["Location"] == address(course)
    assert not Decision.objects.exists()


def test_what_is_in_the_way_of_which_challenge_stands_on_the_page(course: Called) -> None:
    row = Assignment.objects.filter(bid__challenge__number="GX-2").first()
    assert row is not None
    done("reopen_review", course.board.officer, at=course.at, assignment=row.pk, why="A slip.")
    client = signed_in(course.board.officer)
    stand = text(client.get(address(course)).content.decode().split("<table")[1])
    assert re.search(r"GX-1 [^|]*?Under review –", stand)
    assert re.search(r"GX-2 [^|]*?Under review .*?: 1", stand)
    refused = text(client.post(address(course), {}).content.decode())
    assert "In the way on GX-2:" in refused
    assert not Decision.objects.exists()
    Challenge.objects.filter(number="GX-2").update(stage="closed")
    page = client.get(address(course)).content.decode()
    assert "Not so far yet: GX-2" in page
    assert "disabled" in page


def test_outcomes_that_changed_since_are_shown_again(course: Called) -> None:
    client = signed_in(course.board.officer)
    old = digest(client.get(address(course)).content.decode())
    course.score(course.bids["GX-1"][1], 99)
    page = client.post(address(course), {"digest": old}).content.decode()
    assert "have changed since this was shown" in page
    assert digest(page) != old


def test_the_page_of_a_challenge_and_its_bid_say_why_too(course: Called) -> None:
    done("propose_call_award", course.board.officer, at=course.at, call=course.number)
    client, fallen = signed_in(course.board.officer), course.bids["GX-2"][0]
    said = "The quota From one country takes at most 1 of China"
    assert said in text(client.get("/office/challenges/GX-2/").content.decode())
    explained = text(client.get(f"/log/explain/{fallen}/").content.decode())
    assert said in explained
    assert "the rule gives the same outcome" in explained
    scores = text(client.get("/office/challenges/GX-2/scores/").content.decode())
    assert said in scores
    assert course.bids["GX-1"][0] not in scores


def test_a_lead_reads_the_quota_in_words_once_it_is_public(course: Called) -> None:
    done("propose_call_award", course.board.officer, at=course.at, call=course.number)
    done("publish_call_award", course.board.second, at=course.at, call=course.number)
    public = text(Client().get("/challenges/GX-2/result/").content.decode())
    assert "The quota From one country takes at most 1 of China" in public


def test_a_call_that_awards_each_challenge_alone_has_no_such_page() -> None:
    apart = called(TWO, award={"rule": "top", "max_awards": 1})
    client = signed_in(apart.board.officer)
    assert client.get(address(apart)).status_code == 404
    assert address(apart) not in client.get(f"/office/calls/{apart.number}/").content.decode()
    assert client.get("/office/challenges/GX-1/do/propose_award/").status_code == 200


def test_a_first_stage_has_its_score_beside_the_finals() -> None:
    staged = {"most": 1, "criteria": ["value"], "reviews_needed": 3}
    course = called(TWO, award={**TOP, "shortlist": staged})
    course.score(course.bids["GX-1"][1], 20, but={"value": 99})
    page = text(signed_in(course.board.officer).get("/office/challenges/GX-1/scores/").content.decode())
    assert re.search(r"Score of the first stage \S* ?(90 99|99 90)", page)
    assert "Place 2 of the first stage, of which 1 go on" in page or "short" in page


def test_who_may_look_and_who_may_not(course: Called) -> None:
    auditor = f.person(role="auditor", party=course.board.office.party)
    page = signed_in(auditor).get(address(course))
    assert page.status_code == 200
    assert 'name="why"' not in page.content.decode()
    assert signed_in(course.board.owner_person).get(address(course)).status_code == 404
    assert Client().get(address(course)).status_code == 302


def test_a_result_that_was_corrected_since_is_named_beside_the_proposal(course: Called) -> None:
    done("propose_call_award", course.board.officer, at=course.at, call=course.number)
    client = signed_in(course.board.second)
    assert "was changed since" not in client.get(address(course)).content.decode()
    first, given = course.bids["GX-1"], {"ground": "wrong_sum", "evidence": "Line 4."}
    swap = {first[0]: {"outcome": "not_awarded"}, first[1]: {"outcome": "awarded"}}
    made = done(
        "move", course.board.officer, at=course.at, kind="challenge", number="GX-1", command="correct_result",
        why="It was counted wrongly.", params={**given, "how": "name", "placings": swap},
    )  # fmt: skip
    done("answer_proposal", course.board.second, at=course.at, proposal=made["proposal"], agree=True)
    page = client.get(address(course)).content.decode()
    assert "The result of GX-1 was changed since" in page
    assert "disabled" not in page, "it can still be published"
    done("publish_call_award", course.board.second, at=course.at, call=course.number)


REMEDIES = ("signed", "vacant", "reserves")


def test_facts_of_many_challenges_are_those_of_each(course: Called) -> None:
    first, second = Challenge.objects.order_by("number")
    Panel.objects.create(
        challenge=first, kind="meeting", held_at=f.NOW, convened_by=course.board.officer, convened_at=f.NOW
    )
    Objection.objects.create(
        number="O-1", challenge=second, received_at=f.NOW, appeal_until=f.NOW.replace(year=2027)
    )
    f.bid(second, stage="submitted")
    kept = f.bid(first, stage="eligible")
    Decision.objects.create(
        challenge=first, bid=kept, outcome="reserve", code="x", rulebook="y", proposed_at=f.NOW
    )
    fell = f.project(f.bid(second, stage="revoked"), stage="revoked")
    f.project(f.bid(first, stage="awarded"), signed_at=f.NOW)
    Revocation.objects.create(
        project=fell,
        ground="x",
        why="x",
        evidence="x",
        asked_by=course.board.officer,
        asked_at=f.NOW,
        status="revoked",
    )
    Decision.objects.create(challenge=first, outcome="awarded", code="x", rulebook="y", proposed_at=f.NOW)
    Verdict.objects.create(need=first.need, subject="s", rule="r", outcome="fail", code="c", as_of=f.NOW)
    expert = f.person(role="expert")
    Argument.objects.create(need=second.need, expert=expert, asked_at=f.NOW, given_at=f.NOW, favourable=True)
    Argument.objects.create(need=second.need, expert=f.person(role="expert"), asked_at=f.NOW)
    Assignment.objects.filter(pk=Assignment.objects.order_by("pk")[0].pk).update(status="asked")
    found = facts_in([first, second], rulebook(course.board.call.rulebook_id), now=f.NOW)
    for item in (first, second):
        assert found[item.pk] == {
            "challenge": challenge_facts(item, now=f.NOW),
            "need": need_facts(item.need),
        }
    assert found[first.pk] != found[second.pk]
    fresh = {
        name: (found[first.pk]["challenge"][name], found[second.pk]["challenge"][name]) for name in REMEDIES
    }
    assert fresh == {"signed": (1, 0), "vacant": (0, 1), "reserves": (1, 0)}


def test_many_challenges_and_bids_take_as_many_queries_as_one() -> None:
    course = called({"GX-1": [(90, "CN", 300)]}, award=TOP)
    client = signed_in(course.board.officer)

    def queries() -> int:
        client.get(address(course))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address(course)).status_code == 200
        return len(seen)

    few = queries()
    rows = [(50 + place, ("CN", "VN", "TH")[place % 3], 10) for place in range(8)]
    more(course, {f"GX-{place}": rows for place in range(2, 6)})
    assert queries() == few
    done("propose_call_award", course.board.officer, at=course.at, call=course.number)
    proposed = queries()
    assert proposed <= few

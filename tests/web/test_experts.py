"""An expert declares before reading, scores on the scale, signs once, and never sees what is hidden."""

import re
from typing import Any

import pytest
from django.test import Client

import factories as f
from jiebang.records.bids.models import BidContent
from jiebang.records.challenges.models import Argument
from jiebang.records.reviews.models import Assignment
from jiebang.rules.texts import pick

pytestmark = pytest.mark.django_db


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def asked(board: f.Board, expert: Any, *, status: str = "asked", number: str = "B-1") -> Assignment:
    posted = f.challenge(call=board.call, owner=board.owner.party, stage="reviewing")
    bid = f.bid(posted, lead=board.lead, stage="eligible", number=number)
    content = {
        "title": f.statement("Reading by small steps"), "modes": ["collaborative_rd"], "approach": f.statement("Small steps."),
        "lead_person_titles": f.statement("Academician"), "promises": {"I1": "2.5"},
    }  # fmt: skip
    BidContent.objects.create(bid=bid, content=content, saved_at=f.NOW, sent_at=f.NOW)
    return Assignment.objects.create(
        bid=bid, expert=expert, status=status, assigned_at=f.NOW, assigned_by=board.officer
    )


def all_scores(value: str = "80") -> dict[str, str]:
    return {f"score-{key}": value for key in f.guangxi().criteria}


def test_the_bid_stays_shut_until_the_declaration() -> None:
    board, expert = f.board(), f.person(role="expert")
    row = asked(board, expert)
    client = signed_in(expert)
    page = client.get(f"/reviews/{row.pk}/").content.decode()
    assert "Sample Lead" in page
    assert "Small steps." not in page
    assert "There is a problem" in client.post(f"/reviews/{row.pk}/", {}).content.decode()
    answer = client.post(f"/reviews/{row.pk}/", {"conflict": "0"})
    assert answer["Location"] == f"/reviews/{row.pk}/"
    page = client.get(f"/reviews/{row.pk}/").content.decode()
    assert "Small steps." in page
    assert "Academician" not in page
    assert "Hidden from experts" in page


def test_an_interest_ends_the_assignment() -> None:
    board, expert = f.board(), f.person(role="expert")
    row = asked(board, expert)
    answer = signed_in(expert).post(
        f"/reviews/{row.pk}/", {"conflict": "1", "text": "My sister works there."}
    )
    assert answer["Location"] == "/reviews/"
    row.refresh_from_db()
    assert row.status == "recused"
    assert "Small steps." not in signed_in(expert).get(f"/reviews/{row.pk}/").content.decode()


def test_somebody_elses_assignment_is_not_there() -> None:
    board, expert = f.board(), f.person(role="expert")
    row = asked(board, expert)
    other = signed_in(f.person(role="expert"))
    for address in (f"/reviews/{row.pk}/", f"/reviews/{row.pk}/recuse/", "/reviews/999999/"):
        assert other.get(address).status_code == 404
    assert other.post(f"/reviews/{row.pk}/draft/", all_scores()).status_code == 404


def test_a_draft_saves_itself_and_says_so() -> None:
    board, expert = f.board(), f.person(role="expert")
    row = asked(board, expert, status="declared")
    client = signed_in(expert)
    for value in ("71", "72"):
        answer = client.post(
            f"/reviews/{row.pk}/draft/", {"score-fit": value, "once": "same-key-in-the-form-0"}
        )
        assert "Saved at" in answer.content.decode()
    key = next(iter(f.guangxi().criteria))
    client.post(f"/reviews/{row.pk}/draft/", {f"score-{key}": "７２.5"})
    assert str(row.scores.get(criterion=key).value) == "72.5000"
    assert 'value="72.5"' in client.get(f"/reviews/{row.pk}/").content.decode()
    assert "Not saved" in client.post(f"/reviews/{row.pk}/draft/", {f"score-{key}": "101"}).content.decode()


def test_off_the_scale_is_said_at_the_field_and_nothing_is_lost() -> None:
    board, expert = f.board(), f.person(role="expert")
    row = asked(board, expert, status="declared")
    key = next(iter(f.guangxi().criteria))
    typed = {**all_scores(), f"score-{key}": "101", "comment": "Well thought.", "do": "sign"}
    page = signed_in(expert).post(f"/reviews/{row.pk}/", typed).content.decode()
    assert f'href="#id_score-{key}"' in page
    assert "Well thought." in page
    assert 'value="101"' in page


@pytest.mark.parametrize(("lang", "number"), [("en", "Write a number"), ("zh-hans", "请填写数字")])
def test_every_score_that_cannot_stand_is_told_at_once_in_the_readers_words(lang: str, number: str) -> None:
    board = f.board()
    row = asked(board, f.person(role="expert"), status="declared")
    first, second, third, *_ = f.guangxi().criteria
    typed = {f"score-{first}": "good", f"score-{second}": "150", f"score-{third}": "-1"}
    page = signed_in(row.expert).post(f"/reviews/{row.pk}/?lang={lang}", typed).content.decode()
    label = pick(f.guangxi().criteria[first].label, lang="en" if lang == "en" else "zh-Hans")
    assert f'<a href="#id_score-{first}">{label}: {number}' in page
    assert page.count('<li><a href="#id_score-') == 3
    assert "Input should be" not in page


def test_what_is_missing_is_met_first_also_from_the_scores_below() -> None:
    board = f.board()
    row = asked(board, f.person(role="expert"), status="declared")
    page = signed_in(row.expert).post(f"/reviews/{row.pk}/", {"do": "sign"}).content.decode()
    assert 'class="errs" id="errors" role="alert" tabindex="-1"' in page
    assert re.search(r'<form class="flow" method="post" action="#errors" hx-post="[^"]*draft', page)
    assert '<h2 id="scores" tabindex="-1">' in page
    criteria = f.guangxi().criteria
    assert all(
        f'href="#id_score-{key}">{pick(rule.label, lang="en")}: Give a score' in page
        for key, rule in criteria.items()
    )


def test_signing_goes_on_to_the_next_bid_and_closes_this_one() -> None:
    board, expert = f.board(), f.person(role="expert")
    row, following = asked(board, expert, status="declared"), asked(board, expert, number="B-2")
    client = signed_in(expert)
    missing = client.post(f"/reviews/{row.pk}/", {"score-fit": "", "do": "sign"}).content.decode()
    assert "There is a problem" in missing
    answer = client.post(f"/reviews/{row.pk}/", {**all_scores(), "do": "sign", "once": "b" * 20})
    assert answer["Location"] == f"/reviews/{following.pk}/"
    row.refresh_from_db()
    assert row.status == "signed"
    page = client.get(f"/reviews/{row.pk}/").content.decode()
    assert "no longer changes" in page
    assert 'name="score-' not in page


def test_stepping_aside_in_the_middle() -> None:
    board, expert = f.board(), f.person(role="expert")
    row = asked(board, expert, status="draft")
    signed_in(expert).post(f"/reviews/{row.pk}/recuse/", {"why": "I know the lead."})
    row.refresh_from_db()
    assert (row.status, row.recused_why) == ("recused", "I know the lead.")


def test_a_need_is_argued_in_writing() -> None:
    board, expert = f.board(), f.person(role="expert")
    need = f.need(call=board.call, number="N-1", stage="verified")
    assert signed_in(expert).get("/reviews/needs/N-1/").status_code == 404
    Argument.objects.create(need=need, expert=expert, asked_at=f.NOW)
    client = signed_in(expert)
    page = client.get("/reviews/needs/N-1/").content.decode()
    assert "Forty thousand pages wait to be read." in page
    assert "secret-contact" not in page
    client.post("/reviews/needs/N-1/", {"favourable": "1", "text": "It is real."})
    assert Argument.objects.get().favourable is True
    assert "It is real." in client.get("/reviews/needs/N-1/").content.decode()


def test_the_list_and_the_desk_name_what_waits_in_the_readers_language() -> None:
    board, expert = f.board(), f.person(role="expert")
    row = asked(board, expert)
    client = signed_in(expert)
    assert f'href="/reviews/{row.pk}/"' in client.get("/reviews/").content.decode()
    assert f'href="/reviews/{row.pk}/"' in client.get("/desk/").content.decode()
    assert "B-1" in client.get("/reviews/", {"lang": "zh-hans"}).content.decode()
    assert signed_in(board.officer).get("/reviews/").status_code == 404

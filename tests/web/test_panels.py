"""A panel in the browser: called by an officer, sat on by an expert, shown in the room, closed with its minutes."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from acting import Round
from jiebang.records.panels.models import Panel, ScoreChange
from jiebang.records.people.models import User
from jiebang.records.programme.models import Instance
from jiebang.records.reviews.models import Assignment

pytestmark = pytest.mark.django_db


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def set_clock(at: datetime) -> None:
    """The instance's own clock shows this moment from now on."""
    Instance.objects.update_or_create(
        pk=1, defaults={"clock_offset": int((at - timezone.now()).total_seconds())}
    )


@pytest.fixture
def course() -> Round:
    found = Round().reviewed(Decimal(80))
    set_clock(found.at)
    return found


def test_a_pitch_from_the_call_to_the_minutes(course: Round) -> None:
    office, expert = signed_in(course.board.officer), signed_in(course.experts[0])
    tab = f"/office/challenges/{course.challenge}/panel/"
    assert "No panel was called" in page(office, tab)
    local = (course.at + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M")  # Asia/Shanghai is eight hours ahead
    given = {"kind": "pitch", "held_at": local, "place": "Hall 2", "agenda": "Hear every lead."}
    wrong = office.post(f"{tab}new/", {**given, "held_at": "soon"}).content.decode()
    assert "There is a problem" in wrong
    assert "Hall 2" in wrong
    assert office.post(f"{tab}new/", given)["Location"] == tab
    panel = Panel.objects.get()
    assert "Hear every lead." in page(office, tab)
    assert "Sit on a panel" in page(expert, "/desk/")

    set_clock(panel.held_at + timedelta(minutes=9))
    board = page(office, f"/office/panels/{panel.pk}/board/")
    assert f"Now: {course.bid}. On stage until" in board
    assert "80 · 80 · 80" in board
    part = office.get(f"/office/panels/{panel.pk}/board/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "80 · 80 · 80" in part

    mine = Assignment.objects.get(expert=course.experts[0])
    seat = f"/reviews/panels/{panel.pk}/"
    assert "Change a score" in page(expert, seat)
    assert course.experts[1].name not in page(expert, seat), "totals without names"
    told = {"criterion": "approach", "value": "60", "why": "It failed on stage."}
    assert expert.post(f"{seat}change/{mine.pk}/", told)["Location"] == seat
    assert ScoreChange.objects.get().after == 60
    assert "80 → 60" in page(office, tab)
    expert.post(f"{seat}minority/", {"bid": course.bid, "text": "I would not fund it."})
    assert "I would not fund it." in page(office, tab)

    assert office.post(f"/office/panels/{panel.pk}/close/", {"minutes": ""}).status_code == 200
    office.post(f"/office/panels/{panel.pk}/close/", {"minutes": "All were there."})
    assert "All were there." in page(office, tab)
    assert office.get(f"/office/panels/{panel.pk}/close/").status_code == 404
    assert expert.get(f"{seat}minority/").status_code == 404


def test_who_sits_on_no_panel_sees_none(course: Round) -> None:
    office = signed_in(course.board.officer)
    url = f"/office/challenges/{course.challenge}/panel/new/"
    local = (course.at + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M")
    office.post(url, {"kind": "meeting", "held_at": local, "place": "Hall 2"})
    seat = f"/reviews/panels/{Panel.objects.get().pk}/"
    for stranger in (course.board.lead_person, course.board.owner_person, course.board.officer):
        assert signed_in(stranger).get(seat).status_code == 404

"""How projects stand: figures, the next deadline, the owner's last word, and the facts that warnings follow from."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

import factories as f
from jiebang.operations.portfolio import Standing, measured, standings, warned
from jiebang.records.access import Reader
from jiebang.records.indicators.models import Dispute
from jiebang.records.indicators.queries import values, values_of
from jiebang.records.journal import write as journal
from jiebang.records.ledger.models import Fund, Row
from jiebang.records.people.models import User
from jiebang.records.projects.models import FollowUp, GateCheck, Instalment, Measurement, Milestone, Project
from jiebang.records.projects.portfolio import projects

pytestmark = pytest.mark.django_db
TODAY = f.NOW.date()
DAY = timedelta(days=1)


def ago(days: int) -> date:
    return TODAY - days * DAY


def a_project(board: f.Board, **given: object) -> Project:
    posted = f.challenge(call=board.call, owner=board.owner.party, stage="decided")
    return f.project(f.bid(posted, lead=board.lead, stage="awarded"), **given)


def stands(*, at: datetime = f.NOW) -> Standing:
    return standings(Project.objects.all(), now=at)[0]


@transaction.atomic
def acted(person: User, row: Project, *, at: datetime) -> None:
    subject = f"project:{row.number}"
    journal.append(
        at=at, event="stage:moved", actor=person.pseudonym, subject=subject, rulebook=None, body={}
    )


def test_figures_are_those_of_the_records() -> None:
    board = f.board()
    row = a_project(board)
    Milestone.objects.create(project=row, order=1, due_on=ago(50), reported_at=f.NOW, accepted_at=f.NOW)
    Milestone.objects.create(project=row, order=2, due_on=ago(40), reported_at=f.NOW)
    Milestone.objects.create(project=row, order=3, due_on=ago(12))
    Milestone.objects.create(project=row, order=4, due_on=ago(3))
    Milestone.objects.create(project=row, order=5)
    GateCheck.objects.create(project=row, gate="ethics", closed_at=f.NOW, valid_until=ago(-8))
    GateCheck.objects.create(project=row, gate="data_route", valid_until=ago(-2))
    FollowUp.objects.create(project=row, month=3, due_on=ago(-9))
    fund = Fund.objects.create(project=row, source="public", currency="CNY", stated_at=f.NOW)
    own = Fund.objects.create(
        project=row, source="own", party=board.lead.party, currency="CNY", stated_at=f.NOW
    )
    for of, amount in ((fund, 100), (fund, 50), (own, 7)):
        Row.objects.create(
            fund=of, act="pay", drawn="due", put="paid", amount=amount, day=ago(amount), at=f.NOW
        )
    found = stands()
    assert (found.milestones, found.accepted, found.days_late) == (5, 1, 12)
    assert [what for what, _ in found.overdue] == ["3", "4"], (
        "what is reported is the office's turn, what has no day is none"
    )
    assert found.next
    assert (found.next.kind, found.next.about, found.next.day) == ("check", "ethics", ago(-8)), (
        "an open check has no end"
    )
    paid = found.sum_of("paid")
    assert paid
    assert (paid.amount, paid.day, paid.fund) == (Decimal(150), ago(50), fund.pk), (
        "the office's own money alone"
    )
    assert found.sum_of("awarded") is None


def test_the_owner_is_heard_when_its_people_act_and_nobody_else() -> None:
    board = f.board()
    row = a_project(board, started_at=f.NOW - 60 * DAY)
    acted(board.lead_person, row, at=f.NOW - 2 * DAY)
    assert stands().heard is None
    assert [item.days for item in warned(row, now=f.NOW) if item.kind == "silent_owner"] == [60]
    acted(board.owner_person, row, at=f.NOW - 50 * DAY)
    assert stands().heard == ago(50)
    acted(board.owner_person, row, at=f.NOW - 5 * DAY)
    assert stands().heard == ago(5)
    assert warned(row, now=f.NOW) == ()


def test_a_day_is_that_of_the_programmes_place_and_midnight_belongs_to_the_day_before() -> None:
    board = f.board()
    midnight = datetime.fromisoformat("2026-06-04T00:00:00+08:00")
    row = a_project(board, due_at=midnight, due_clock="agreement")
    clock = next(item for item in warned(row, now=f.NOW) if item.kind == "clock")
    assert (clock.day, clock.days) == (date(2026, 6, 3), 2)
    late = next(item for item in warned(row, now=midnight) if item.kind == "clock")
    assert (late.severity, late.days) == ("serious", -1)


def test_an_instalment_whose_money_has_lapsed_is_not_owed() -> None:
    board = f.board()
    row = a_project(board)
    Instalment.objects.create(project=row, order=1, amount=5, due_since=f.NOW - 50 * DAY)
    Instalment.objects.create(project=row, order=2, amount=5, due_since=f.NOW - 50 * DAY, paid_on=TODAY)
    assert [(item.kind, item.about) for item in warned(row, now=f.NOW)] == [("unpaid", "1")]
    fund = Fund.objects.create(project=row, source="public", currency="CNY", stated_at=f.NOW)
    Row.objects.create(fund=fund, act="lapse", drawn="due", put="lapsed", amount=5, day=TODAY, at=f.NOW)
    assert warned(row, now=f.NOW) == ()


def test_indicators_count_what_counts_of_each_project() -> None:
    board = f.board()
    first, second = a_project(board), a_project(board)
    given = {"indicator": "I1", "occasion": "pilot", "by": board.officer}
    wrong = Measurement.objects.create(project=first, value=9, met=False, at=f.NOW, role="owner", **given)
    assert [item.found for item in measured(standings(Project.objects.order_by("pk"), now=f.NOW))]
    anew = Measurement.objects.create(project=first, value=1, met=True, at=f.NOW, role="owner", **given)
    dispute = Dispute.objects.create(
        project=first, order=1, measurement=wrong, side="lead", why="-", raised_at=f.NOW, raised_by=board.lead_person,
        rerun=anew, status="decided", outcome="rerun",
    )  # fmt: skip
    counts = {row.line.pk: row.found for row in measured(standings(Project.objects.all(), now=f.NOW))}
    met, none = counts[first.pk], counts[second.pk]
    assert met
    assert none
    assert (met.met, met.missed, met.unmeasured) == (1, 0, 0)
    assert (none.met, none.missed, none.unmeasured) == (0, 0, 1)
    Dispute.objects.filter(pk=dispute.pk).update(outcome="old")
    assert [item.set_aside for item in values(first)] == [False, True]
    assert values_of([first, second])[first.pk] == values(first)
    assert values(second) == []


def test_a_reader_lists_what_they_may_read_and_finds_it_by_words() -> None:
    board = f.board()
    row = a_project(board, number="P-1")
    office, stranger = Reader(person=board.officer, at=f.NOW), Reader(person=f.person(role="lead"), at=f.NOW)
    assert list(projects(reader=stranger)) == []
    for text, hits in (
        ("p-1", 1),
        ("handwritten papers", 1),
        ("sample lead", 1),
        ("sample owner", 1),
        ("rice", 0),
    ):
        assert projects(reader=office, text=text).count() == hits, text
    assert not projects(reader=office, mine=True).exists()
    acted(board.officer, row, at=f.NOW)
    assert projects(reader=office, mine=True).get() == row

"""The office's portfolio: figures that open their rows, warnings with what to do, filters, and a constant number of queries."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import factories as f
from jiebang.demo.bulk import OFFICER, load_board
from jiebang.demo.bulk_projects import _owners, add_projects
from jiebang.records.indicators.models import Dispute
from jiebang.records.journal import write as journal
from jiebang.records.ledger.models import Fund, Row
from jiebang.records.people.models import User
from jiebang.records.pilots.models import Run
from jiebang.records.programme.models import Instance
from jiebang.records.projects.models import (
    FollowUp,
    GateCheck,
    Instalment,
    Measurement,
    Milestone,
    Project,
)

pytestmark = pytest.mark.django_db
PAGE = "/office/projects/"
TODAY = f.NOW.date()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def project(board: f.Board, number: str, **given: Any) -> Project:
    place = {"country": given.pop("country", "VN"), "owner": given.pop("owner", board.owner.party)}
    posted = f.challenge(call=given.pop("call", board.call), stage="decided", **place)
    lead = given.pop("lead", board.lead)
    return f.project(f.bid(posted, lead=lead, stage="awarded"), number=number, **given)


def troubled(board: f.Board) -> Project:
    """A project with each kind of trouble that a running one can have."""
    row = project(
        board,
        "P-1",
        started_at=f.NOW - timedelta(days=100),
        due_at=f.NOW + timedelta(days=2),
        due_clock="agreement",
    )
    Milestone.objects.create(
        project=row,
        order=1,
        title={"en": "One"},
        due_on=ago(80),
        reported_at=f.NOW,
        accepted_at=f.NOW,
        accepted_by=board.officer,
    )
    Milestone.objects.create(project=row, order=2, title={"en": "Two"}, due_on=ago(12))
    Milestone.objects.create(project=row, order=3, title={"en": "Three"}, due_on=ago(-40))
    GateCheck.objects.create(project=row, gate="ethics", closed_at=f.NOW, valid_until=ago(-20))
    Instalment.objects.create(project=row, order=1, amount=360000, due_since=f.NOW - timedelta(days=50))
    value = Measurement.objects.create(
        project=row,
        indicator="I1",
        occasion="pilot",
        value=2,
        met=True,
        at=f.NOW,
        by=board.owner_person,
        role="owner",
    )
    Dispute.objects.create(
        project=row, order=1, measurement=value, side="lead", why="-", raised_at=f.NOW - timedelta(days=8),
        raised_by=board.lead_person,
    )  # fmt: skip
    f.protocol(row, board.owner_person)
    row.protocols.update(agreed_at=f.NOW - timedelta(days=25))
    return row


def paid(row: Project, by: User) -> Fund:
    fund = Fund.objects.create(project=row, source="public", currency="CNY", stated_at=f.NOW, by=by)
    for act, drawn, put, amount in (("award", "source", "awarded", 900000), ("pay", "due", "paid", 360000)):
        Row.objects.create(
            fund=fund, act=act, drawn=drawn, put=put, amount=amount, day=ago(3), at=f.NOW, by=by
        )
    return fund


@transaction.atomic
def acted(person: User, row: Project, *, days: int) -> None:
    at = f.NOW - timedelta(days=days)
    journal.append(
        at=at,
        event="project:moved",
        actor=person.pseudonym,
        subject=f"project:{row.number}",
        rulebook=None,
        body={},
    )


def row_of(page: str, number: str) -> str:
    return re.search(
        rf'<tr><th scope="row"><a href="/office/projects/{number}/".*?</tr>', page, re.DOTALL
    ).group()  # type: ignore[union-attr]


def test_queries_do_not_follow_the_projects() -> None:
    load_board(challenges=60, bids=200)
    _owners(timezone.now())
    client = signed_in(User.objects.get(email=OFFICER))
    client.get(PAGE)
    counts = []
    for first, last in ((0, 30), (30, 200)):
        add_projects(first=first, last=last, acts=1)
        for asked in ("", "?warning=expiring_check&sort=-paid", "?format=json"):
            cache.clear()
            with CaptureQueriesContext(connection) as seen:
                answer = client.get(f"{PAGE}{asked}")
            assert answer.status_code == 200
            counts.append(len(seen))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 15
    assert len(json.loads(answer.content)) == 200


def test_each_figure_opens_its_rows_and_says_their_day() -> None:
    board = f.board()
    row = troubled(board)
    fund = paid(row, board.officer)
    acted(board.owner_person, row, days=5)
    acted(board.lead_person, row, days=1)
    client = signed_in(board.officer)
    told = row_of(client.get(PAGE).content.decode(), "P-1")
    assert f'<a href="/office/projects/P-1/#milestones">1 of 3 accepted; 1 late, up to 12 days</a>' in told  # noqa: F541
    assert '<a href="/projects/P-1/indicators/">1 met, 0 missed, 0 open</a>' in told
    assert (
        f'<a href="/projects/P-1/money/book/?fund={fund.pk}&amp;account=paid">CNY\N{NO-BREAK SPACE}360,000, 29 May 2026</a>'
        in told
    )
    assert f"?fund={fund.pk}&amp;account=awarded" in told
    assert "3 June 2026 · Signing of the agreement" in told, (
        "the clock ends before the check and the next milestone"
    )
    heard = '<a href="/log/?subject=project:P-1&amp;since=2026-05-27&amp;until=2026-05-28">27 May 2026</a>'
    assert heard in told, "the owner's last word, not the lead's"
    for address in re.findall(r'href="([^"#]+)', told):
        assert client.get(address.replace("&amp;", "&")).status_code == 200, address
    assert (
        "project:moved"
        in client.get("/log/?subject=project:P-1&since=2026-05-27&until=2026-05-28").content.decode()
    )


def test_every_kind_is_warned_of_with_what_to_do_and_where() -> None:
    board = f.board()
    row = troubled(board)
    client = signed_in(board.officer)
    page = client.get("/office/projects/P-1/").content.decode()
    table = page[page.index('id="warnings"') : page.index('id="milestones"')]
    for said in (
        "Milestone 2 is not reported; days late: 12.", "Days without a word from the owner: 100.",
        "Signing of the agreement: days left: 2.", "Ethics and personal data reviewed: no longer valid soon; days left: 20.",
        "Instalment 1 fell due and is not paid; days since: 50.",
        "The measured value of dispute 1 is not decided; days since: 8.",
        "The pilot is agreed on and nothing was run; days since: 25.", "An officer proposes the payment",
    ):  # fmt: skip
        assert said in table
    assert table.count("Serious") == 3
    addresses = set(re.findall(r'href="([^"#]+)', table))
    assert {"/office/projects/P-1/milestones/2/", "/projects/P-1/money/pay/1/"} <= addresses
    for address in addresses:
        assert client.get(address).status_code == 200, address
    row.protocols.update(agreed_at=f.NOW - timedelta(days=2))
    assert "nothing was run" not in client.get("/office/projects/P-1/").content.decode()


def test_the_people_of_a_project_see_its_warnings_with_pages_of_their_own() -> None:
    board = f.board()
    troubled(board)
    client = signed_in(board.lead_person)
    page = client.get("/projects/P-1/work/").content.decode()
    table = page[page.index('id="warnings"') : page.index('id="milestones"')]
    assert "Milestone 2 is not reported" in table
    addresses = set(re.findall(r'href="([^"#]+)', table))
    assert "/projects/P-1/work/milestones/2/" in addresses
    assert not [address for address in addresses if address.startswith("/office/")]
    for address in addresses:
        assert client.get(address).status_code == 200, address


def test_a_pilot_that_ran_and_a_word_of_the_owner_end_the_warning() -> None:
    board = f.board()
    row = troubled(board)
    protocol = row.protocols.get()
    Run.objects.create(
        project=row, order=1, protocol=protocol, began_at=f.NOW, ended_at=f.NOW, place="-", side="owner", measurer="-",
        by=board.owner_person, at=f.NOW,
    )  # fmt: skip
    acted(board.owner_person, row, days=44)
    page = signed_in(board.officer).get("/office/projects/P-1/").content.decode()
    assert "nothing was run" not in page
    assert "without a word from the owner" not in page


def test_a_co_owner_speaks_for_the_owner() -> None:
    board = f.board()
    row = troubled(board)
    other = f.person(role="owner", party=f.organisation("Sample Second Owner").party)
    acted(other, row, days=5)
    client = signed_in(board.officer)
    assert "none yet" in row_of(client.get(PAGE).content.decode(), "P-1")
    row.challenge.need.co_owners.add(other.engagements.get().party)
    cache.clear()
    assert "27 May 2026" in row_of(client.get(PAGE).content.decode(), "P-1")


def test_what_ended_without_a_result_or_stands_still_is_left_alone() -> None:
    board = f.board()
    row = troubled(board)
    client = signed_in(board.officer)
    for stage, kinds in (
        ("terminated", set()), ("suspended", {"unpaid", "disputed", "expiring_check"}),
        ("validated", {"unpaid", "disputed", "expiring_check", "unanswered"}),
    ):  # fmt: skip
        Project.objects.filter(pk=row.pk).update(stage=stage)
        FollowUp.objects.update_or_create(project=row, month=3, defaults={"due_on": ago(8)})
        if stage == "suspended":
            FollowUp.objects.update(at=f.NOW)
        cache.clear()
        shown = {
            kind
            for kind in (
                "slipping",
                "silent_owner",
                "clock",
                "expiring_check",
                "unpaid",
                "unanswered",
                "disputed",
                "no_runs",
            )
            if "P-1" in client.get(PAGE, {"warning": kind, "format": "csv"}).content.decode()
        }
        assert shown == kinds
        FollowUp.objects.update(at=None)


def test_filters_tiles_and_the_way_back() -> None:
    board = f.board()
    troubled(board)
    project(board, "P-2", country="LA", lead=f.guangxi_organisation("Sample Quiet Lead"))
    project(board, "P-3", stage="validated", call=f.call(number="CALL-B"))
    client = signed_in(board.officer)
    page = client.get(PAGE).content.decode()
    assert page.index("P-1</a>") < page.index("P-3</a>"), "the gravest first"
    tiles = dict(re.findall(r'<dt>([^<]+)</dt><dd><a href="([^"]+)"', page))
    assert tiles["Projects"] == PAGE
    for label, url in tiles.items():
        if "warning=" in url or "severity=" in url:
            shown = client.get(url).content.decode()
            assert ("P-1" in shown, "P-2" in shown) == (True, False), label
    for asked, number in (
        ({"country": "LA"}, "P-2"), ({"call": "CALL-B"}, "P-3"), ({"stage": "validated"}, "P-3"), ({"warning": "unpaid"}, "P-1"),
        ({"severity": "serious"}, "P-1"), ({"text": "quiet"}, "P-2"), ({"warning": "none", "country": "LA"}, "P-2"),
    ):  # fmt: skip
        text = client.get(PAGE, {**asked, "format": "csv"}).content.decode()
        assert re.findall(r"P-\d", text) == [number], asked
    assert (
        "Nothing fits these filters" in client.get(PAGE, {"country": "LA", "warning": "any"}).content.decode()
    )
    acted(board.officer, Project.objects.get(number="P-3"), days=1)
    assert re.findall(r"P-\d", client.get(PAGE, {"mine": "yes", "format": "csv"}).content.decode()) == ["P-3"]


def test_sorting_by_what_is_reckoned() -> None:
    board = f.board()
    for number, days in (("P-1", 10), ("P-2", 30), ("P-3", 0)):
        row = project(board, number)
        if days:
            Milestone.objects.create(project=row, order=1, title={"en": "One"}, due_on=ago(days))
    client = signed_in(board.officer)

    def order(sort: str) -> list[str]:
        return re.findall(r"P-\d", client.get(PAGE, {"sort": sort, "format": "csv"}).content.decode())

    assert order("milestones") == ["P-3", "P-1", "P-2"]
    assert order("-milestones") == ["P-2", "P-1", "P-3"]
    paid(Project.objects.get(number="P-3"), board.officer)
    assert order("paid")[0] == order("-paid")[0] == "P-3", "what has no value stands last either way"
    assert 'aria-sort="descending"' in client.get(PAGE, {"sort": "-milestones"}).content.decode()


def test_files_hold_the_figures_as_values() -> None:
    board = f.board()
    row = troubled(board)
    paid(row, board.officer)
    client = signed_in(board.officer)
    rows = json.loads(client.get(PAGE, {"format": "json"}).content)
    assert (rows[0]["number"], rows[0]["paid"], rows[0]["awarded"], rows[0]["deadline"]) == (
        "P-1", "360000", "900000", "2026-06-03",
    )  # fmt: skip
    assert "Milestone 2 is not reported" in rows[0]["warnings"]
    assert client.get(PAGE, {"format": "xlsx"}).content[:2] == b"PK"


def test_an_empty_portfolio_says_when_a_project_begins() -> None:
    board = f.board()
    page = signed_in(board.officer).get(PAGE).content.decode()
    assert "A project begins when an award is decided." in page
    assert "<dt>Projects</dt>" not in page


def test_another_regions_project_is_warned_of_by_its_own_days() -> None:
    board = f.board()
    there = project(board, "P-1", call=f.call(rulebook=f.installed(f.ring_sea())))
    here = project(board, "P-2")
    for row in (there, here):
        Milestone.objects.create(project=row, order=1, title={"en": "One"}, due_on=ago(3))
    text = signed_in(board.officer).get(PAGE, {"warning": "slipping", "format": "csv"}).content.decode()
    assert re.findall(r"P-\d", text) == ["P-2"], "five days there, one here"


def test_the_desk_tells_how_many_and_opens_them() -> None:
    board = f.board()
    client = signed_in(board.officer)
    assert "Early warnings" not in client.get("/desk/").content.decode()
    troubled(board)
    Instance.objects.update(clock_offset=Instance.objects.get().clock_offset + 1)  # the board has changed
    page = client.get("/desk/").content.decode()
    assert "projects with a warning: 1, with a serious one: 1" in page
    assert 'href="/office/projects/?warning=any"' in page


def test_whoever_only_reads_is_led_nowhere_but_to_pages_that_are_open() -> None:
    board = f.board()
    troubled(board)
    FollowUp.objects.create(project=Project.objects.get(), month=3, due_on=ago(8))
    auditor = f.person(role="auditor", party=board.office.party)
    for person, at in ((auditor, "/office/projects/P-1/"), (board.owner_person, "/projects/P-1/work/")):
        client = signed_in(person)
        page = client.get(at).content.decode()
        table = page[page.index('id="warnings"') : page.index('id="milestones"')]
        addresses = set(re.findall(r'href="([^"#]+)', table))
        assert addresses
        assert [address for address in addresses if client.get(address).status_code != 200] == []
        assert any("follow-up/3/" in address for address in addresses) is (person is board.owner_person)

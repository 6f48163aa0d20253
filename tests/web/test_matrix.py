"""Every page x role x stage has its expected answer in matrix.yaml; a route without a row fails.

A letter a role: `o` the page, `s` sign in first, `-` there is no such page, `>` elsewhere, `x` not by GET.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils.safestring import SafeString

import copied
import factories as make
from acting import done
from jiebang.records.awards.models import Objection
from jiebang.records.bids.models import BidContent, Invitation
from jiebang.records.challenges.models import DepartmentOpinion
from jiebang.records.deliverables.models import Attainment, Deliverable
from jiebang.records.indicators.models import Dispute
from jiebang.records.ledger.models import Claim, Debt, Fund
from jiebang.records.outbox.models import Message
from jiebang.records.panels.models import Panel
from jiebang.records.people.models import User
from jiebang.records.projects.models import ChainPart, GateCheck, Instalment, Measurement, Milestone
from jiebang.records.reviews.models import Assignment

pytestmark = pytest.mark.django_db

ROLES = (
    "visitor", "stranger", "owner", "lead", "partner", "expert", "officer", "second_officer", "department", "auditor",
    "administrator",
)  # fmt: skip
# The stages of a challenge that differ in who may read: bids sealed, bids opened, result public.
STAGES = ("open", "reviewing", "publicity")
ANSWERS = {200: "o", 404: "-", 301: ">", 303: ">", 405: "x", 403: "f"}
STEPS = {"needs": "problem", "bids": "solution"}
COMMANDS = {
    "needs": "withdraw_need",
    "bids": "withdraw_bid",
    "projects": "ask_acceptance",
    "office": "suspend",
}


@pytest.fixture
def unrendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is answered is decided before a page is drawn; drawing three thousand of them would take minutes."""
    monkeypatch.setattr("django.template.backends.django.Template.render", lambda *_, **__: SafeString(""))
    monkeypatch.setattr("django.utils.log.log_response", lambda *_, **__: None)
    monkeypatch.setattr("django.core.handlers.exception.log_response", lambda *_, **__: None)


@cache
def table() -> Mapping[str, Any]:
    """Route -> letters, or stage -> letters where the stage matters."""
    found: Mapping[str, Any] = yaml.safe_load(
        (Path(__file__).parent / "matrix.yaml").read_text(encoding="utf-8")
    )
    return found


def routes(resolver: URLResolver | None = None, start: str = "") -> Iterator[str]:
    """Every address pattern of the pages; the API has its own tests."""
    for item in (resolver or get_resolver()).url_patterns:
        name = start + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from routes(item, name)
        elif not name.startswith("api/"):
            yield name


def world(stage: str) -> tuple[dict[str, User | None], dict[str, str]]:
    """People by role, and what to put into an address, by the beginning of the route."""
    board = make.board()
    partner = make.organisation("Sample Partner")
    posted = make.challenge(call=board.call, owner=board.owner.party, stage=stage)
    bid = make.bid(
        posted, lead=board.lead, partners=(partner,), stage="eligible" if stage != "open" else "submitted"
    )
    BidContent.objects.create(bid=bid, content={}, saved_at=make.NOW, sent_at=make.NOW)
    project = make.project(bid)
    people: dict[str, User | None] = {
        "visitor": None, "stranger": make.person(), "owner": board.owner_person, "lead": board.lead_person,
        "partner": make.person(role="partner", party=partner.party), "expert": make.person(role="expert"),
        "officer": board.officer, "second_officer": board.second,
    }  # fmt: skip
    for role, scope in (("department", "commerce"), ("auditor", ""), ("administrator", "")):
        people[role] = make.person(role=role, party=board.office.party, scope=scope)
    return people, _named(board, posted, bid, project, people)


def _named(
    board: make.Board, posted: Any, bid: Any, project: Any, people: Mapping[str, User | None]
) -> dict[str, str]:
    at = make.NOW
    asked = Assignment.objects.create(
        bid=bid, expert=people["expert"], assigned_at=at, assigned_by=board.officer, status="declared"
    )
    raised = Objection.objects.create(
        number="O-2026-001", challenge=posted, by=people["stranger"], received_at=at
    )
    panel = Panel.objects.create(
        challenge=posted,
        kind="meeting",
        held_at=at,
        place="Room 3",
        convened_by=board.officer,
        convened_at=at,
    )
    opinion = DepartmentOpinion.objects.create(opinion="commerce", project=project, asked_at=at)
    Milestone.objects.create(project=project, order=1)
    GateCheck.objects.create(project=project, gate="ethics")
    part = Instalment.objects.create(project=project, order=1, amount=1, due_command="x", due_since=at)
    value = _of_money_and_values(board, project, part)
    copy = copied.replica(project, make.organisation("Sample Taker", country="KH"), state="agreed")
    chained = ChainPart.objects.create(
        project=project, party=board.lead.party, link="integration", country="CN", place="-", since=at.date(),
        recorded_at=at, recorded_by=board.officer,
    )  # fmt: skip
    made = Deliverable.objects.create(
        project=project, kind="training", host=board.lead.party, country="CN", place="-", since=at.date(), planned_at=at,
        planned_by=board.officer,
    )  # fmt: skip
    Attainment.objects.create(
        deliverable=made, measure="trainees", value=2, first_day=at.date(), last_day=at.date(), party=board.lead.party,
        recorded_at=at, recorded_by=board.lead_person,
    )  # fmt: skip
    shown = done(
        "give_evidence",
        board.lead_person,
        organisation=board.lead.party.slug,
        kind="rd_capability",
        text="Shown.",
    )
    again = make.challenge(call=board.call, stage="no_award")
    proposal = done("move", board.officer, kind="challenge", number=again.number, command="relist")[
        "proposal"
    ]
    question = done(
        "ask_question", board.lead_person, challenge=make.challenge(call=board.call).number, text="?"
    )["question"]
    assert people["expert"] is not None
    link = done("declare_conflict", people["expert"], organisation="office", kind="other")["conflict"]
    letter = Message.objects.filter(to_user=board.officer).latest("pk")
    return {
        "needs": posted.need.number, "bids": bid.number, "challenges": posted.number, "projects": project.number,
        "office/needs": posted.need.number, "office/bids": bid.number, "office/challenges": posted.number,
        "office/projects": project.number, "office/calls": board.call.number, "office/objections": raised.number,
        "objections": raised.number,
        "office/people": str(board.lead_person.engagements.get().pk), "office/opinions": str(opinion.pk),
        "office/questions": str(question), "office/evidence": str(shown["evidence"]), "office/proposals": str(proposal),
        "office/organisations": board.lead.party.slug, "organisations": board.lead.party.slug,
        "organisations/evidence": str(shown["evidence"]), "invitations": str(Invitation.objects.get().pk),
        "inbox": str(letter.pk), "reviews": str(asked.pk), "reviews/needs": posted.need.number, "log": "2",
        "log/explain": posted.number, "office/experts": str(people["expert"].pk), "office/conflicts": str(link),
        "replications": copy.number, "office/panels": str(panel.pk), "reviews/panels": str(panel.pk), "value": str(value),
        "part": str(chained.pk), "deliverable": str(made.pk),
    }  # fmt: skip


def _of_money_and_values(board: make.Board, project: Any, part: Instalment) -> int:
    """What the pages of money and indicators need: the lead's own fund, a claim, a debt, a value in dispute; the value's key."""
    at, lead = make.NOW, board.lead.party
    value = Measurement.objects.create(
        project=project,
        indicator="I1",
        occasion="acceptance",
        value=2,
        met=True,
        at=at,
        by=board.officer,
        role="office",
    )
    Dispute.objects.create(
        project=project,
        order=1,
        measurement=value,
        side="lead",
        why="?",
        raised_at=at,
        raised_by=board.lead_person,
    )
    Fund.objects.create(project=project, source="own", party=lead, currency="CNY", stated_at=at)
    public = Fund.objects.create(project=project, source="public", currency="CNY", stated_at=at)
    Debt.objects.create(fund=public, due_on=at.date(), claimed_at=at)
    Claim.objects.create(
        project=project, instalment=part, contract="C", first_day=at.date(), last_day=at.date(), settled=1, currency="CNY",
        by=board.officer, at=at,
    )  # fmt: skip
    return value.pk


def address(route: str, named: Mapping[str, str]) -> str:
    """The route with real values in it."""
    first, second = (*route.split("/"), "")[:2]
    fixed = {
        "step": STEPS.get(first, "problem"), "command": COMMANDS.get(first, "x"), "sha256": "a" * 64, "month": "3",
        "order": "1", "gate": "ethics", "room": "challenges", "token": "x", "lang": "en", "table": "needs", "kind": "csv",
        "assignment": named.get("reviews", ""), "value": named["value"], "part": named["part"], "version": "1", "key": "a" * 64,
    }  # fmt: skip
    fixed |= {"deliverable": named["deliverable"], "of": "training"}
    fixed["expert"] = named["office/experts"]
    thing = named.get(f"{first}/{second}") or named.get(first, "")
    if route.startswith("office/<"):
        thing = named["challenges"]
    return "/" + re.sub(r"<\w+:(\w+)>", lambda found: fixed.get(found[1]) or thing, route)


def answer(client: Client, path: str) -> str:
    """The letter of what a client is answered."""
    got = client.get(path)
    if got.status_code == 302:
        return "s" if got["Location"].startswith("/sign-in/") else ">"
    return ANSWERS.get(got.status_code, str(got.status_code))


def client_of(person: User | None) -> Client:
    """A browser in which this person is signed in."""
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    return client


def grid(stage: str, chosen: list[str]) -> dict[str, str]:
    """Route -> the letters of all roles at a stage."""
    people, named = world(stage)
    clients = [client_of(people[role]) for role in ROLES]
    return {route: "".join(answer(client, address(route, named)) for client in clients) for route in chosen}


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert sorted(set(routes()) ^ set(table())) == []


@pytest.mark.usefixtures("unrendered")
@pytest.mark.parametrize("stage", STAGES)
def test_every_role_gets_what_the_table_says(stage: str) -> None:
    chosen = [route for route in routes() if stage == "open" or "<" in route]
    rows = {
        route: row if isinstance(row, str) else row[stage]
        for route, row in table().items()
        if route in chosen
    }
    assert {
        route: letters for route, letters in grid(stage, chosen).items() if rows.get(route) != letters
    } == {}


@pytest.mark.parametrize("role", ["visitor", "stranger", "partner", "expert", "officer"])
def test_closed_and_absent_have_the_same_length(role: str) -> None:
    people, named = world("open")
    client = client_of(people[role])
    rival = make.bid(
        make.challenge(number="GX-1999-777"), number="B-2026-001", lead=make.guangxi_organisation()
    )
    hidden = make.need(number="N-2026-001", stage="draft")
    pairs = [("/bids/{}/", rival.number, "B-2026-002"), ("/bids/{}/team/", rival.number, "B-2026-002")]
    pairs += [("/office/bids/{}/", rival.number, "B-2026-002")]
    pairs += [("/needs/{}/", hidden.number, "N-2026-002")] if role != "officer" else []
    for path, closed, absent in pairs:
        answers = [client.get(path.format(number)) for number in (closed, absent)]
        assert len({item.status_code for item in answers}) == 1, path
        assert answers[0].status_code in (302, 404)
        assert len(answers[0].content) == len(answers[1].content), path
    assert named

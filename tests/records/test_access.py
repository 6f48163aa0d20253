"""The disclosure policy's two interpreters give one answer, over generated worlds; sealed means sealed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, get_args

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

import factories as make
from jiebang.decisions import access, lifecycle
from jiebang.records.access import Reader, readable, relations, visible
from jiebang.records.awards.models import Objection
from jiebang.records.bids.models import Bid, Invitation
from jiebang.records.challenges.models import Argument, Challenge, DepartmentOpinion
from jiebang.records.people.models import Engagement, User
from jiebang.records.projects.models import Project
from jiebang.records.reviews.models import Assignment
from jiebang.rules.schema import Disclosure, Relation, Rulebook, Thing

pytestmark = pytest.mark.django_db

THINGS = (
    ("need_content", "need"), ("challenge", "challenge"), ("result", "challenge"), ("bid", "bid"), ("bid_content", "bid"),
    ("scores", "bid"), ("review", "assignment"), ("objection", "objection"), ("project", "project"),
    ("project_content", "project"),
)  # fmt: skip
STAGED_BY = {"need": "need", "project": "project"}  # all else follows the challenge
WAYS = (
    "officer", "second_officer", "auditor", "asked_need", "asked_project", "not_asked", "administrator",
    "desk_here", "desk_there", "owner", "co_owner",
    "lead", "partner", "invited", "declined", "asked", "declared", "signed", "recused", "argues", "objects", "former_officer",
    "former_owner", "rival",
)  # fmt: skip
MEMBER = {"lead", "partner"}
STAGES = {
    kind: tuple(make.guangxi().lifecycles[kind].stages)
    for kind in ("need", "challenge", "project")  # type: ignore[index]
}


@dataclass
class World:
    """One of each thing, hanging together, and a rival bid beside."""

    rows: dict[str, Any]
    office: Any
    owner: Any
    co_owner: Any
    lead: Any
    partner: Any
    invited: Any
    declined: Any


def build() -> World:
    """Everything saved; stages are set later."""
    board = make.board()
    owner, co_owner, lead = make.organisation(), make.organisation(), make.guangxi_organisation()
    partner, invited, declined = (make.organisation() for _ in range(3))
    posted = make.challenge(call=board.call, owner=owner.party)
    posted.need.co_owners.add(co_owner.party)
    bid = make.bid(posted, lead=lead, partners=(partner,))
    for organisation, status in ((invited, "invited"), (declined, "declined")):
        times = {"invited_at": make.NOW, "expires_at": make.NOW}
        Invitation.objects.create(
            consortium=bid.consortium, partner=organisation.party, status=status, **times
        )
    expert = make.person(role="expert")
    assignment = Assignment.objects.create(
        bid=bid, expert=expert, assigned_at=make.NOW, assigned_by=board.officer, status="signed"
    )
    objection = Objection.objects.create(number="O-1", challenge=posted, by=expert, received_at=make.NOW)
    rows = {
        "need": posted.need, "challenge": posted, "bid": bid, "assignment": assignment, "objection": objection,
        "project": make.project(bid),
    }  # fmt: skip
    DepartmentOpinion.objects.create(opinion="on_need", need=posted.need, asked_at=make.NOW)
    DepartmentOpinion.objects.create(opinion="on_project", project=rows["project"], asked_at=make.NOW)
    return World(rows, board.office, owner, co_owner, lead, partner, invited, declined)


def reader_in(world: World, ways: set[str]) -> Reader:
    """A new person who stands to the world in these ways."""
    person = make.person()
    parties = {"owner": world.owner, "co_owner": world.co_owner, "lead": world.lead, "partner": world.partner,
               "invited": world.invited, "declined": world.declined}  # fmt: skip
    for way in ways & set(parties):
        role = way if way in ("owner", "lead") else {"co_owner": "owner"}.get(way, "partner")
        make.engaged(person, role=role, party=parties[way].party)
    for way in ways & {"officer", "second_officer", "auditor", "administrator"}:
        make.engaged(person, role=way, party=world.office.party)
    scopes = {
        "desk_here": ("country_desk", "VN"),
        "desk_there": ("country_desk", "LA"),
        "asked_need": ("department", "on_need"),
        "asked_project": ("department", "on_project"),
        "not_asked": ("department", "elsewhere"),
    }
    for way in ways & set(scopes):
        role, scope = scopes[way]
        party = make.organisation().party
        make.engaged(person, role=role, party=party, scope=scope)
    _formerly(person, world, ways)
    _as_expert(person, world, ways)
    if "rival" in ways:
        rival = make.guangxi_organisation()
        make.bid(world.rows["challenge"], lead=rival)
        make.engaged(person, role="lead", party=rival.party)
    return Reader(person=person, at=make.NOW)


def _formerly(person: User, world: World, ways: set[str]) -> None:
    past = {"former_officer": ("officer", world.office), "former_owner": ("owner", world.owner)}
    for way in ways & set(past):
        role, organisation = past[way]
        since, until = make.NOW - timedelta(days=900), make.NOW  # until is exclusive
        Engagement.objects.create(
            person=person, role=role, party=organisation.party, since=since, until=until
        )


def _as_expert(person: User, world: World, ways: set[str]) -> None:
    asked = sorted(ways & {"asked", "declared", "signed", "recused"})
    for status in asked[:1]:
        Assignment.objects.create(
            bid=world.rows["bid"], expert=person, assigned_at=make.NOW, assigned_by=person, status=status
        )
    if "argues" in ways:
        Argument.objects.create(need=world.rows["need"], expert=person, asked_at=make.NOW)
    if "objects" in ways:
        Objection.objects.filter(pk=world.rows["objection"].pk).update(by=person)


def stand(ways: set[str], *, of: str, sent: bool) -> set[str]:
    """The relations that follow from the ways, said independently of the code under test."""
    member = bool(ways & MEMBER)
    asked = sorted(ways & {"asked", "declared", "signed", "recused"})[:1]
    found = {
        "office": bool(ways & {"officer", "second_officer"}), "second_officer": "second_officer" in ways,
        "auditor": "auditor" in ways, "country_desk": "desk_here" in ways,
        "need_owner": bool(ways & {"owner", "co_owner"}), "public": True, "arguing_expert": "argues" in ways,
        "bid_member": member and of in ("bid", "assignment", "project"),
        "project_member": member and of in ("bid", "assignment", "project"),
        "assigned_expert": asked in (["declared"], ["signed"]) and of in ("bid", "assignment", "project"),
        "objector": "objects" in ways and of == "objection",
    }  # fmt: skip
    found["department"] = ("asked_need" in ways and of == "need") or (
        "asked_project" in ways and of in ("need", "project")
    )
    held = {name for name, holds in found.items() if holds}
    return held & {"bid_member"} if of == "bid" and not sent else held


def check(world: World, book: Rulebook, ways: set[str], stages: dict[str, str], *, sent: bool) -> None:
    """Both interpreters agree with each other and with the relations as told, for every thing."""
    for kind in ("need", "challenge", "project"):
        row = world.rows[kind]
        type(row).objects.filter(pk=row.pk).update(stage=stages[kind])
    Bid.objects.filter(pk=world.rows["bid"].pk).update(submitted_at=make.NOW if sent else None)
    reader = reader_in(world, ways)
    for what, of in THINGS:
        row, kind = world.rows[of], STAGED_BY.get(of, "challenge")
        flags = lifecycle.flags(book, kind=kind, stage=stages[kind])  # type: ignore[arg-type]
        told = stand(ways, of=of, sent=sent)
        may = access.may_read(book, what=what, relations=told, flags=flags)
        found = visible(type(row).objects.all(), what=what, of=of, reader=reader)
        assert found.filter(pk=row.pk).count() == int(may), (
            what,
            of,
            stages[kind],
            sorted(ways),
            sorted(told),
        )
        held = relations(row, of=of, reader=reader)
        assert access.may_read(book, what=what, relations=held, flags=flags) == may
        assert type(row).objects.filter(readable(what, of=of, reader=reader), pk=row.pk).exists() == may


@pytest.fixture
def world(db: None) -> World:
    """A fresh world."""
    return build()


def _undone(body: Any) -> None:
    """Each example leaves the world as it was."""
    with transaction.atomic():
        body()
        transaction.set_rollback(True)


ways_of = some.sets(some.sampled_from(WAYS), max_size=4)
stages_of = some.fixed_dictionaries({kind: some.sampled_from(names) for kind, names in STAGES.items()})
_QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=40, suppress_health_check=_QUIET)
@given(ways=ways_of, stages=stages_of, sent=some.booleans())
def test_the_shipped_policy(world: World, ways: set[str], stages: dict[str, str], sent: bool) -> None:
    _undone(lambda: check(world, make.guangxi(), ways, stages, sent=sent))


@pytest.mark.parametrize("way", WAYS)
def test_every_single_way_in_every_stage_of_a_challenge(world: World, way: str) -> None:
    for place, stage in enumerate(STAGES["challenge"]):
        stages = {
            "challenge": stage,
            "need": STAGES["need"][place % len(STAGES["need"])],
            "project": STAGES["project"][place],
        }
        _undone(lambda stages=stages: check(world, make.guangxi(), {way}, stages, sent=True))


row_of = some.builds(
    Disclosure,
    what=some.sampled_from(get_args(Thing)),
    to=some.sampled_from(get_args(Relation)),
    when=some.sampled_from(["always", "public", "bids_opened", "results_public", "final", "live"]),
)


@settings(max_examples=20, suppress_health_check=_QUIET)
@given(rows=some.lists(row_of, max_size=12), ways=ways_of, stages=stages_of)
def test_any_policy(world: World, rows: list[Disclosure], ways: set[str], stages: dict[str, str]) -> None:
    book = make.guangxi().model_copy(update={"disclosure": {f"row_{i}": row for i, row in enumerate(rows)}})

    def body() -> None:
        version = make.installed(book)
        call = world.rows["challenge"].call
        type(call).objects.filter(pk=call.pk).update(rulebook=version)
        check(world, book, ways, stages, sent=True)

    _undone(body)


def test_before_opening_nobody_but_its_people_knows_of_a_bid(world: World) -> None:
    opened = lifecycle.stages_with(make.guangxi(), kind="challenge", flag="bids_opened")
    sealed = [stage for stage in STAGES["challenge"] if stage not in opened]
    assert "open" in sealed
    for stage in sealed:
        Challenge.objects.filter(pk=world.rows["challenge"].pk).update(stage=stage)
        for way in WAYS:
            reader = reader_in(world, {way})
            for what in ("bid", "bid_content", "scores"):
                known = visible(Bid.objects.all(), what=what, of="bid", reader=reader)
                mine = world.rows["bid"].pk in known.values_list("pk", flat=True)
                assert mine == (way in MEMBER and what != "scores"), (stage, way, what)
                others = known.exclude(pk=world.rows["bid"].pk).count()
                assert others == (1 if way == "rival" and what != "scores" else 0)


def test_a_row_is_listed_once_however_many_ways_lead_to_it(world: World) -> None:
    reader = reader_in(world, {"owner", "co_owner", "officer", "second_officer", "lead", "partner"})
    for what, of in THINGS:
        rows = visible(type(world.rows[of]).objects.all(), what=what, of=of, reader=reader)
        assert rows.count() == rows.distinct().count()


def test_nobody_reads_only_what_is_public(world: World) -> None:
    nobody = Reader(person=None, at=make.NOW)
    assert visible(Challenge.objects.all(), what="challenge", of="challenge", reader=nobody).count() == 1
    assert visible(Project.objects.all(), what="project", of="project", reader=nobody).count() == 1
    for model, what, of in (
        (Bid, "bid", "bid"),
        (Project, "project_content", "project"),
        (Objection, "objection", "objection"),
    ):
        assert not visible(model._default_manager.all(), what=what, of=of, reader=nobody).exists()

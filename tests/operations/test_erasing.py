"""Erasing a person: what names them goes from every row, what was done stays and still verifies."""

import json
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

import factories as make
from acting import Round, done, refused
from jiebang.records.journal import queries as journal
from jiebang.records.journal.models import PrivateValue
from jiebang.records.people.models import ApiToken, User

pytestmark = pytest.mark.django_db
NAME, EMAIL = "Quirine Zzyzx-Testperson", "quirine@people.example"


@pytest.fixture
def administrator() -> User:
    """Who may erase."""
    return make.person(role="administrator")


def everything_kept() -> str:
    """Every value of every row of ours."""
    found = []
    for model in apps.get_models():
        if model.__module__.startswith("jiebang."):
            for row in model._default_manager.all():
                own = [field for field in row._meta.fields if not isinstance(field, models.ForeignKey)]
                found += [str(getattr(row, field.attname)) for field in own]
    return "\n".join(found)


def test_nothing_that_names_a_person_is_left(administrator: User) -> None:
    board = make.board()
    done("enrol_person", administrator, email=EMAIL, name=NAME, name_latin="Quirine Z.")
    person = User.objects.get(email=EMAIL)
    for by in (administrator, board.officer):
        done("appoint", by, person=EMAIL, organisation=board.lead.party.slug, role="lead")
    posted = make.challenge(call=board.call, owner=board.owner.party)
    done("ask_question", person, challenge=posted.number, text="May data leave?")
    done("create_token", person, name=f"laptop of {NAME}")
    done("answer_question", board.officer, question=posted.questions.get().pk, text="No.")
    assert NAME in everything_kept()
    receipt = journal.receipt_for(journal.head()[0])

    answer = done("erase_person", administrator, person=EMAIL.upper(), why="The person asked for it.")

    assert answer["kept"] == {}
    assert NAME not in everything_kept()
    assert EMAIL not in everything_kept()
    assert "Quirine" not in everything_kept()
    assert journal.faults() == []
    assert receipt["entry"] == journal.receipt_for(receipt["entry"]["seq"])["entry"]  # type: ignore[index,call-overload]
    person.refresh_from_db()
    assert not person.is_active
    assert not person.has_usable_password()
    assert not ApiToken.objects.filter(person=person, revoked_at=None).exists()
    assert not PrivateValue.objects.filter(person=person.pseudonym).exclude(value=None, salt="").exists()


def test_what_an_expert_told_of_conflicts_and_keys_that_hold_the_address_go(administrator: User) -> None:
    course = Round().reviewing()
    expert = course.experts[0]
    asked, slug = expert.assignments.get(), course.board.owner.party.slug
    given = {"organisation": slug, "kind": "quirine-kin", "text": f"Cousin of {NAME}"}
    done("declare_conflict", expert, at=course.at, key=f"conflict/{expert.email.upper()}", **given)
    done(
        "recuse",
        expert,
        at=course.at,
        assignment=asked.pk,
        why=f"{NAME} is my cousin.",
        key=f"r/{expert.email}",
    )
    done(
        "enrol_person",
        administrator,
        at=course.at,
        key=f"e/{expert.email}",
        email="z@people.example",
        name="Z",
    )
    assert "Quirine" in everything_kept()
    assert expert.email in everything_kept().lower()
    done("erase_person", administrator, person=expert.email, why="Asked.", at=course.at)
    assert "quirine" not in everything_kept().lower()
    assert expert.email not in everything_kept().lower()
    assert asked.bid.assignments.get(pk=asked.pk).status == "recused"


@pytest.mark.django_db(transaction=True)
def test_the_write_ahead_log_is_emptied(administrator: User) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no such file")
    person = make.person(EMAIL, name=NAME)
    log = Path(str(connection.settings_dict["NAME"]) + "-wal")
    assert NAME.encode() in log.read_bytes()
    done("erase_person", administrator, person=person.email, why="Asked.")
    assert not log.exists() or NAME.encode() not in log.read_bytes()


def test_an_erased_person_acts_for_nobody(administrator: User) -> None:
    board = make.board()
    done("erase_person", administrator, person=board.lead_person.email, why="Asked.")
    posted = make.challenge(call=board.call)
    given = {"challenge": posted.number, "lead": board.lead.party.slug}
    assert refused("start_bid", User.objects.get(pk=board.lead_person.pk), **given) == ["access.role"]


def test_the_name_in_a_published_award_stays_with_its_reason(administrator: User) -> None:
    course = Round().published()
    person = course.board.lead_person
    answer = done("erase_person", administrator, person=person.email, why="Asked.", at=course.at)
    assert answer["kept"] == {"name": "award"}
    kept = User.objects.get(pk=person.pk)
    assert kept.name == person.name
    assert kept.email.endswith("@erased.invalid")
    said = json.loads(journal.entries(event="person:erased").get().line)["body"]
    assert said["kept"] == {"name": "award"}
    assert journal.faults() == []


def test_erasing_is_for_administrators_with_a_reason_and_never_oneself(administrator: User) -> None:
    board = make.board()
    given = {"person": board.lead_person.email, "why": "Asked."}
    assert refused("erase_person", board.officer, **given) == ["access.role"]
    assert refused("erase_person", administrator, **{**given, "why": ""}) == ["request.missing"]
    assert refused("erase_person", administrator, person=administrator.email, why="x") == [
        "person.erase_self"
    ]
    assert refused("erase_person", administrator, person="nobody@x.example", why="x") == ["access.not_found"]
    done("erase_person", administrator, **given)
    assert refused("erase_person", administrator, **given) == ["access.not_found"]


def test_a_letter_to_an_erased_person_is_not_sent(administrator: User) -> None:
    from jiebang.records.outbox.models import Message

    board = make.board()
    posted = make.challenge(call=board.call, owner=board.owner.party)
    done("ask_question", board.lead_person, challenge=posted.number, text="?")
    assert Message.objects.filter(to_user=board.owner_person).exists()
    done("erase_person", administrator, person=board.owner_person.email, why="Asked.")
    assert not Message.objects.filter(to_user=board.owner_person).exclude(to_address="", body="").exists()

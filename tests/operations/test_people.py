"""A person's own account as operations: what is refused, what is kept, what a repeated request does."""

import time
from typing import Any

import pytest
from django.conf import settings

from acting import Round
from factories import NOW, PASSWORD, board, person
from jiebang.operations import passwords
from jiebang.operations.kernel import OPERATIONS
from jiebang.operations.passwords import LINK_DAYS, link_token
from jiebang.operations.people import token_for
from jiebang.operations.registry import Done, Refused, perform
from jiebang.records.challenges.models import Question
from jiebang.records.journal.models import JournalEntry
from jiebang.records.outbox.models import Message
from jiebang.records.outbox.queries import inbox
from jiebang.records.people.models import User
from jiebang.records.people.queries import person_by_token
from jiebang.records.programme.models import Acknowledgement

pytestmark = pytest.mark.django_db
ASKED = {
    "email": "fresh@people.example",
    "name": "Fresh Person",
    "password": "seven quiet rivers",
    "language": "zh-hans",
}


def register(key: str = "register-1", **change: str) -> Done | Refused:
    return perform("register_person", by=None, now=NOW, key=key, params={**ASKED, **change})


def codes(refused: Done | Refused) -> list[str]:
    assert isinstance(refused, Refused)
    return [item.code for item in refused.reasons]


def test_registering_twice_with_one_key_makes_one_person_and_one_letter() -> None:
    assert isinstance(register(), Done)
    assert isinstance(register(), Done)
    assert User.objects.filter(email=ASKED["email"]).count() == 1
    letter = Message.objects.get()
    assert letter.language == "zh-Hans"
    assert "请在 7 天内打开" in letter.body


def test_registering_again_before_confirming_lets_the_reader_of_the_mail_choose_the_password() -> None:
    register()
    register("register-2", password="another good long one")
    assert Message.objects.count() == 2
    made = User.objects.get(email=ASKED["email"])
    assert f"{settings.SITE}/set-password/{link_token(made)}/" in Message.objects.latest("pk").body
    assert made.check_password(ASKED["password"]), (
        "who registers an address first cannot be overwritten by a second"
    )


def test_a_password_is_hashed_before_the_transaction_whether_the_address_is_known_or_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    began: list[int] = []

    def hashed(word: str) -> str:
        began.append(Acknowledgement.objects.count())
        return f"hash of {len(word)}"

    monkeypatch.setattr(passwords, "make_password", hashed)
    for place, key in enumerate(("fresh", "known")):
        register(key)
        assert began[place:] == [place], "once, and before this request claimed its key"
    assert User.objects.get().password == f"hash of {len(ASKED['password'])}"


def test_an_acknowledged_request_never_holds_the_password_in_any_form() -> None:
    register("register-1", password="seven quiet rivers")
    register("register-1", password="quite another password")
    assert Acknowledgement.objects.count() == 1, "the content's hash does not depend on the password"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"email": "fresh@"}, "person.email_malformed"),
        ({"name": " "}, "person.name_missing"),
        ({"language": "xx"}, "person.language_unknown"),
        ({"password": "short one"}, "person.password_short"),
        ({"password": "password123"}, "person.password_common"),
        ({"password": "fresh@people.exampl"}, "person.password_similar"),
    ],
)
def test_each_fault_has_its_reason(change: dict[str, str], code: str) -> None:
    assert code in codes(register(**change))
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "x" * 201}, "request.too_long"),
        ({"name": "Fresh \u202enosreP"}, "request.hidden_sign"),
        ({"name_latin": "Fresh\nPerson"}, "request.hidden_sign"),
        ({"email": f"{'x' * 60}@{'people.' * 30}example"}, "person.email_malformed"),
        ({"max_load": -5}, "request.too_small"),
        ({"max_load": 201}, "request.too_large"),
        ({"expertise": ["x"] * 61}, "request.too_many_items"),
        ({"expertise": ["x" * 101]}, "request.too_long"),
        ({"languages": [""]}, "request.missing"),
    ],
)
def test_what_the_office_says_of_a_person_has_limits(change: dict[str, Any], code: str) -> None:
    given = {"email": "fresh@people.example", "name": "Fresh Person", "expertise": ["reading"], **change}
    admin = person(role="administrator")
    refused = perform("enrol_person", by=admin, now=NOW, key="enrol-1", params=given)
    assert codes(refused) == [code]


def test_confirm_email_opens_the_account_once_and_says_so_again() -> None:
    register()
    made = User.objects.get()
    for key in ("confirm-1", "confirm-2"):
        done = perform("confirm_email", by=None, now=NOW, key=key, params={"token": token_for(made)})
        assert isinstance(done, Done)
    made.refresh_from_db()
    assert made.email_confirmed_at == NOW
    assert JournalEntry.objects.filter(event="person:changed").count() == 1


def test_a_link_dies_with_the_address_it_was_made_for() -> None:
    register()
    made = User.objects.get()
    token = token_for(made)
    User.objects.update(email="moved@people.example")
    refused = perform("confirm_email", by=None, now=NOW, key="confirm-1", params={"token": token})
    assert codes(refused) == ["person.token_unusable"]


def test_password_language_and_time_zone_are_changed_by_their_own_person() -> None:
    reader = person(party=board().owner.party, role="owner")
    wrong = {"present": "not it, sorry", "password": "short"}
    refused = perform("change_password", by=reader, now=NOW, key="change-1", params=wrong)
    assert codes(refused) == ["person.password_wrong", "person.password_short"]
    right = {"present": PASSWORD, "password": "seven quiet rivers"}
    assert isinstance(perform("change_password", by=reader, now=NOW, key="change-2", params=right), Done)
    assert codes(perform("change_password", by=None, now=NOW, key="change-3", params=right)) == [
        "access.sign_in"
    ]
    nowhere = {"language": "tlh", "timezone": "Asia/Atlantis"}
    refused = perform("change_account", by=reader, now=NOW, key="change-4", params=nowhere)
    assert codes(refused) == ["person.language_unknown", "person.zone_unknown"]
    there = {"language": "zh-hans", "timezone": "Asia/Yangon"}
    assert isinstance(perform("change_account", by=reader, now=NOW, key="change-5", params=there), Done)
    reader.refresh_from_db()
    assert (reader.language, reader.timezone) == ("zh-Hans", "Asia/Yangon")
    assert reader.check_password("seven quiet rivers")


def test_with_a_new_password_no_token_works_any_more_and_no_letter_with_a_key_is_in_the_inbox() -> None:
    reader = person("reader@people.example")
    for change in ("change_password", "set_password"):
        given = {"name": "laptop"}
        made = perform("create_token", by=reader, now=NOW, key=f"token-{change}", params=given)
        assert isinstance(made, Done)
        assert person_by_token(made.once["secret"], at=NOW) == reader
        perform("ask_password", by=None, now=NOW, key=f"ask-{change}", params={"email": reader.email})
        assert not inbox(reader).exists(), "its link opens the account: it goes by mail alone"
        told = {"password": f"seven quiet rivers {change}"}
        told |= {"token": link_token(reader)} if change == "set_password" else {"present": PASSWORD}
        by = None if change == "set_password" else reader
        assert isinstance(perform(change, by=by, now=NOW, key=change, params=told), Done)
        reader.refresh_from_db()
        assert person_by_token(made.once["secret"], at=NOW) is None


def test_a_link_to_set_a_password_is_spent_by_use_by_time_and_by_another_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    somebody = person("somebody@people.example")
    old, given = link_token(somebody), {"password": "seven quiet rivers"}
    assert codes(
        perform("set_password", by=None, now=NOW, key="k1", params={"token": old[:-1], **given})
    ) == ["person.link_unusable"]
    at = time.time()
    with monkeypatch.context() as later:
        later.setattr("django.core.signing.time.time", lambda: at + (LINK_DAYS + 1) * 86_400)
        late = perform("set_password", by=None, now=NOW, key="k2", params={"token": old, **given})
    assert codes(late) == ["person.link_unusable"]
    User.objects.filter(pk=somebody.pk).update(email="moved@people.example")
    moved = perform("set_password", by=None, now=NOW, key="k3", params={"token": old, **given})
    assert codes(moved) == ["person.link_unusable"]
    somebody.refresh_from_db()
    fresh = {"token": link_token(somebody), **given}
    assert isinstance(perform("set_password", by=None, now=NOW, key="k4", params=fresh), Done)
    assert codes(perform("set_password", by=None, now=NOW, key="k5", params=fresh)) == [
        "person.link_unusable"
    ]
    somebody.refresh_from_db()
    assert somebody.check_password("seven quiet rivers")


def test_a_text_is_in_its_authors_language_unless_another_is_named() -> None:
    course = Round().listed()
    person = course.board.lead_person
    person.language = "zh-Hans"
    person.save()
    asked = course.do("ask_question", person, challenge=course.challenge, text="要求什么格式？")
    assert Question.objects.get(pk=asked["question"]).text["lang"] == "zh-Hans"
    asked = course.do("ask_question", person, challenge=course.challenge, text="ຮູບແບບໃດ?", lang="lo")
    assert Question.objects.get(pk=asked["question"]).text["lang"] == "lo"


def test_no_operation_takes_a_text_for_english_when_nobody_says_so() -> None:
    fields = {name: entry.params.model_fields.get("lang") for name, entry in OPERATIONS.items()}
    assert {field.default for field in fields.values() if field is not None} == {""}
